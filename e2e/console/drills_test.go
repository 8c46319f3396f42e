package console

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// inbox is a webhook endpoint that keeps what it is sent.
type inbox struct {
	*httptest.Server
	mu     sync.Mutex // guards bodies
	bodies []string
}

func newInbox(t *testing.T) *inbox {
	box := &inbox{}
	box.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // one that breaks off holds no id
		box.mu.Lock()
		defer box.mu.Unlock()
		box.bodies = append(box.bodies, string(body))
	}))
	t.Cleanup(box.Close)
	return box
}

// count returns how often a text came.
func (b *inbox) count(text string) (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, body := range b.bodies {
		if strings.Contains(body, text) {
			n++
		}
	}
	return n
}

// madeDrill is a drill as REST shows it.
type madeDrill struct {
	ID, RoomID, State string
	Fault, Problem    *fault.Error
}

// A drill of each band makes its fault in the account; the list of faults shows it within two seconds, it is opened by
// its id with cause and remedy, and the webhook that told of it is found and sent again.
func TestFaultOfEachBand(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t, func(c *conf.Config) { c.Webhook.AllowPrivateTargets = true })
	box := newInbox(t)
	account := h.Account(t, map[string]any{"settings": map[string]any{"drills": true}})
	room := account.Meeting(t, map[string]any{"webhook": map[string]any{"endPoint": box.URL, "events": []string{"*"}}})
	ann, err := sdk.InitMeeting(sdk.Options{URL: h.URL, Token: account.Token(t), MeetingID: room, ParticipantID: "ann"})
	require.NoError(t, err)
	require.NoError(t, ann.Join(t.Context()))
	defer func() { _ = ann.Leave(context.WithoutCancel(t.Context())) }()
	p := operator(t, testbrowser.Open(t), h, "/console/faults")
	p.Until("events come in", `document.querySelector('[data-testid="follows"]')?.dataset.state === "live"`)

	for _, band := range []struct {
		key     string
		meeting string
		webhook bool // the fault itself is told to the webhook
	}{
		{"3011.SOURCE_ABSENT", room, false}, {"4005.REPLACED", room, true}, {"4103.BY_API", room, true},
		{"5001.ENCODER_DIED", room, true}, {"5103.DNS", "", false},
	} {
		open(p, "/console/faults", "faults-view")
		code, reason, _ := strings.Cut(band.key, ".")
		p.Eval(fmt.Sprintf(`clearInterval(window.watch), window.seenAt = 0, window.watch = setInterval(() => {
			if (!window.seenAt && [...document.querySelectorAll("[data-row]")].some((r) =>
				r.textContent.includes(%s) && r.textContent.includes(%s))) window.seenAt = Date.now();
		}, 20), 0`, js(code), js(reason)), nil)
		d := make(chan madeDrill, 1)
		go func() {
			body := map[string]any{"fault": band.key, "waitSeconds": 30}
			if band.meeting != "" {
				body["meetingId"] = band.meeting
			}
			status, answer := h.REST(t, account.Token(t), http.MethodPost, "/v2/drills", body)
			var made madeDrill
			if status == http.StatusOK {
				_ = json.Unmarshal(answer, &made) // the test sees what is missing
			}
			d <- made
		}()
		p.Until(band.key+" is in the list", "window.seenAt")
		var seenAt int64
		p.Eval("window.seenAt", &seenAt)
		made := <-d
		require.Nil(t, made.Problem, band.key)
		require.NotNil(t, made.Fault, band.key)
		require.Equal(t, band.key, strconv.Itoa(made.Fault.Code)+"."+made.Fault.Reason)
		if !made.Fault.Lasts() { // a condition is told after its delay
			t.Logf("%s seen after %d ms", band.key, seenAt-made.Fault.At.UnixMilli())
			require.Less(t, seenAt-made.Fault.At.UnixMilli(), int64(2000), band.key)
		}

		fill(p, "faults-search", made.Fault.ID)
		p.Press("\r")
		p.Until("its id leads to it", fmt.Sprintf(
			`location.pathname.endsWith("/console/faults/%s") && %s`, made.Fault.ID, at("fault-remedy")))
		require.Contains(t, p.Text(testbrowser.TestID("fault-remedy")), made.Fault.Remedy)
		require.Contains(t, p.Text(testbrowser.TestID("fault-detail")), made.Fault.Detail)

		open(p, "/console/webhooks?roomId="+made.RoomID, "webhooks-view")
		event := map[bool]string{true: "error", false: "session-started"}[band.webhook]
		find := fmt.Sprintf(`[...document.querySelectorAll(".deliveries > li")].find((d) => d.textContent.includes(%s))`,
			js(event))
		p.Until("the webhook of "+band.key+" is listed", find)
		if band.webhook {
			require.Eventually(t, func() bool { return box.count(made.Fault.ConsoleURL) > 0 }, timeout, 20*time.Millisecond)
		}
		before := box.count(made.Fault.ID)
		p.Eval(`(() => { const d = `+find+`; d.querySelector("details").open = true;
			d.querySelector('[data-testid="redeliver"]').click(); })()`, nil)
		p.Until("it was ordered again", at("toasts")+`?.textContent.length > 1`)
		if band.webhook {
			require.Eventually(t, func() bool { return box.count(made.Fault.ID) > before }, timeout, 20*time.Millisecond,
				"%s comes again", band.key)
		}
	}
	drillsView(t, p, room)
}

// drillsView makes a drill with the keyboard in the view of drills, and ends it.
func drillsView(t *testing.T, p *testbrowser.Page, room string) {
	t.Helper()
	open(p, "/console/drills", "drills-view")
	p.Eval(at("drill-where")+`.value = "here", `+at("drill-where")+
		`.dispatchEvent(new Event("change", { bubbles: true })), 0`, nil)
	fill(p, "drill-meeting", room)
	fill(p, "drill-find", "4009")
	p.Until("the drill is found", at("drill-4009.LIMIT")+` && !document.querySelector('[data-testid="drill-4010.LIMIT"]')`)
	p.Eval(at("drill-4009.LIMIT")+".focus(), 0", nil)
	p.Press("\r")
	p.Until("it asks first", at("confirm-yes"))
	require.Contains(t, p.Text(testbrowser.TestID("confirm-dialog")), room)
	p.Click(testbrowser.TestID("confirm-yes"))
	p.Until("the fault came",
		`document.querySelector('[data-drill="4009.LIMIT"][data-state="holding"] [data-testid="drill-fault"]')`)
	p.Click(testbrowser.TestID("drill-end"))
	p.Until("it has ended", `document.querySelector('[data-drill="4009.LIMIT"][data-state="ended"]')`)
	p.Click(testbrowser.TestID("drill-fault"))
	p.Until("its fault is opened", at("fault-remedy"))
	require.Contains(t, p.Text(testbrowser.TestID("fault-remedy")), "--participants")
}
