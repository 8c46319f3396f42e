package meeting

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// cell is the value of a row of the numbers of a stream.
func cell(stream, row string) string {
	return fmt.Sprintf(`([...document.querySelectorAll('[data-testid="numbers-%s"] tr')].find((tr) =>
		tr.querySelector("th").innerText === %q)?.querySelector("td")?.innerText ?? "")`, stream, row)
}

// countStats counts how often the dialog reads the statistics of a sender or receiver: the marks and the SDK itself
// read them too.
const countStats = `for (const kind of [RTCRtpReceiver, RTCRtpSender]) {
	const { prototype } = kind, read = prototype.getStats;
	prototype.getStats = function (...args) {
		if (new Error().stack.includes("/assets/connection/")) window.reads = (window.reads ?? 0) + 1;
		return read.apply(this, args);
	};
}`

// reads returns how often the dialog reads statistics of a sender or receiver in 5 s.
func reads(p *testbrowser.Page) (n int) {
	p.Eval(`new Promise((done) => {
		const before = window.reads;
		setTimeout(() => done(window.reads - before), 5000);
	})`, &n)
	return n
}

// The mark of a tile tells how well somebody's media flows, and opens the numbers behind it, which are those of the
// stream and go on while they are shown.
func TestNumbersOfAConnection(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	senders(t, h, token, room, 1, sdk.CardOptions{Width: 640, Height: 360, FPS: 15, Layers: 2})
	browser := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
	p := browser.Page(t, h.URL+"/meet/"+room+
		"?joinScreen.visible=false&micEnabled=true&webcamEnabled=true#name=Ann&token="+token,
		testbrowser.RecordConnections, countStats)
	p.Until("the meeting is there", at("meeting-view"))
	p.AwaitVideos(1)
	mark := testbrowser.TestID("connection-sender0")
	p.UntilIn(timeout, "the mark is good",
		fmt.Sprintf(`document.querySelector(%q).ariaLabel === "Connection of sender 0: good"`, mark))
	var loaded int
	p.Eval(`performance.getEntriesByType("resource").filter((e) => e.name.includes("/connection/")).length`, &loaded)
	require.Zero(t, loaded, "what shows the numbers is loaded when they are opened")

	p.Eval(fmt.Sprintf("document.querySelector(%q).click()", mark), nil)
	p.Until("there are numbers", at("numbers-video"))
	for row, pattern := range map[string]string{
		"Width and height":              `^640 × 360$`,
		"Frames per second":             `^1[3-7]$`,
		"Bit rate":                      `^[1-9][\d.,]* [kM]b\/s$`,
		"Packets lost in the last 10 s": `^0%$`,
		"Jitter":                        `^[\d.]+ ms$`,
		"Round trip to the server":      `^[\d.]+ ms$`,
		"Freezes":                       `^\d`,
		"Codec":                         `^VP8$`,
		"Layer":                         `^Large$`,
		"Shown at":                      `^[\d,]+ × [\d,]+$`,
		"Limited by":                    `.`,
	} {
		p.Until(row, fmt.Sprintf("/%s/.test(%s)", pattern, cell("video", row)))
	}
	// The numbers are those that the browser has of this receiver.
	var browserSays struct{ Width, Height float64 }
	p.Eval(`(async () => {
		for (const pc of window.__connections) for (const r of (await pc.getStats()).values())
			if (r.type === "inbound-rtp" && r.kind === "video") return { width: r.frameWidth, height: r.frameHeight };
	})()`, &browserSays)
	require.Equal(t, 640.0, browserSays.Width)
	p.Eval(`void (window.rate = `+cell("video", "Bit rate")+`)`, nil)
	p.Until("they go on", cell("video", "Bit rate")+" !== window.rate")

	// A busy machine reads less often.
	open := reads(p)
	require.Greater(t, open, 2, "reads of one stream in 5 s")
	require.LessOrEqual(t, open, 6, "reads of one stream in 5 s")

	p.Click(testbrowser.TestID("connection-copy"))
	p.Until("it is copied", `document.querySelector('[data-testid="connection-copy"]').innerText.includes("Copied")`)
	t.Log(p.Text(testbrowser.TestID("numbers-video")))
	p.RequireReach(t, "connection-numbers")
	p.Look(390, 844, true, true)
	p.Screenshot("connection-numbers-dark-phone")
	p.Look(1280, 720, false, false)
	p.Screenshot("connection-numbers")
	p.Click(testbrowser.TestID("dialog-close"))
	require.Zero(t, reads(p), "reads while the numbers are closed")

	// Of oneself: what is sent, layer by layer, and both connections.
	var id string
	p.Eval(`document.querySelector('[data-local="true"] .connection-quality').dataset.testid`, &id)
	p.Eval(fmt.Sprintf("document.querySelector(%q).click()", testbrowser.TestID(id)), nil)
	p.Until("one's own numbers", at("numbers-video")+" && "+at("numbers-audio")+" && "+at("numbers-all"))
	p.UntilIn(timeout, "layers are columns",
		`document.querySelectorAll('[data-testid="numbers-video"] thead th').length >= 3`)
	p.Until("sent", fmt.Sprintf(`/[kM]b\/s/.test(%s)`, cell("all", "Sent")))
	p.Until("its limit", fmt.Sprintf(`/Nothing|Your upload|The processor/.test(%s)`, cell("video", "Limited by")))
	p.RequireReach(t, "connection-own")
	p.Look(390, 844, false, true)
	p.Screenshot("connection-own-phone")
	p.Look(1280, 720, true, false)
	p.Screenshot("connection-own-dark")
	p.Press("\x1b")
	p.Until("it is closed", "!"+at("connection-dialog"))
	require.Empty(t, p.Text(testbrowser.TestID("fault-lines")))
}

// Two people share at once: both screens can be seen, and the one that is small is made large by a click.
func TestTwoShares(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	browser := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
	for i, name := range []string{"One", "Two"} {
		m, err := sdk.InitMeeting(sdk.Options{
			URL: h.URL, Token: token, MeetingID: room, ParticipantID: name, Name: name,
		})
		require.NoError(t, err)
		require.NoError(t, m.Join(t.Context()))
		t.Cleanup(func() { _ = m.Leave(context.WithoutCancel(t.Context())) })
		size := sdk.CardOptions{Width: 640, Height: 360, Name: name, Layers: 1}
		if i == 1 {
			size.Width, size.Height = 320, 240
		}
		require.NoError(t, m.EnableScreenShare(t.Context(), sdk.TestCard(size), nil))
	}
	p := browser.Page(t, h.URL+"/meet/"+room+
		"?joinScreen.visible=false&micEnabled=false&webcamEnabled=false#name=Ann&token="+token)
	const large, small = `document.querySelector('[data-testid="share-view"] video')?.videoWidth`,
		`document.querySelector('.share-thumbnail video')?.videoWidth`
	p.Until("both are seen", fmt.Sprintf("[%s, %s].sort().join() === '320,640'", large, small))
	p.Eval(fmt.Sprintf("void (window.was = %s)", small), nil)
	looks(p, "two-shares")
	p.Look(1280, 720, false, false)
	p.Click(".share-thumbnail")
	p.Until("the small one is large", large+" === window.was && "+small+" > 0 && "+small+" !== window.was")
}
