package doors

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/testbrowser"
)

// The watch page plays over WHEP, says with a code why it does not, and plays HLS instead where the link names one.
func TestWatchPageOverWHEP(t *testing.T) {
	t.Parallel()
	h := open(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	browser := testbrowser.Open(t, testbrowser.Allow)
	watch := func(id, token string) *testbrowser.Page {
		return browser.Page(t, fmt.Sprintf("%s/watch/%s#room=%s&token=%s", h.URL, id, room, token),
			testbrowser.RecordConnections)
	}
	phase := func(p *testbrowser.Page, want string) {
		t.Helper()
		p.Until("it is "+want, fmt.Sprintf(
			`document.querySelector('[data-testid="watch-screen"]')?.dataset.phase === %q`, want))
	}
	page := watch("whep", token)
	phase(page, "waiting") // nobody sends
	join(t, h.URL, room, token, "ann", sending("ann"))
	phase(page, "playing")
	page.AwaitVideo(1, 320)
	page.Until("the token has left the address", `!location.href.includes("token")`)
	page.Reload()
	phase(page, "playing")
	page.RequireReach(t, "watch-whep")
	page.Look(390, 844, true, true)
	page.Screenshot("watch-whep-phone-dark")

	expired := account.Grant(t, gate.Grant{
		Permissions: []string{"allow_join"}, IssuedAt: time.Now().Add(-2 * time.Hour), ExpiresIn: time.Hour,
	})
	refused := watch("whep", expired)
	phase(refused, "failed")
	refused.Click(testbrowser.TestID("fault-support") + " > summary")
	require.Contains(t, refused.Text(testbrowser.TestID("watch-problem")), "4002 INVALID_TOKEN EXPIRED")
	refused.Screenshot("watch-whep-refused")
	later := watch("no-such-stream", expired) // HLS is looked for
	later.Until("it looks for the stream", `["waiting", "missing"].includes(
    document.querySelector('[data-testid="watch-screen"]')?.dataset.phase)`)

	status, answer := h.REST(t, token, http.MethodPost, "/v2/sessions/end", map[string]any{"roomId": room})
	require.Equal(t, 200, status, string(answer))
	phase(page, "failed")
	page.Click(testbrowser.TestID("fault-support") + " > summary")
	require.Contains(t, page.Text(testbrowser.TestID("watch-problem")), "MEDIA_SESSION")
	require.Contains(t, page.Text(testbrowser.TestID("watch-problem")), "REST")
}
