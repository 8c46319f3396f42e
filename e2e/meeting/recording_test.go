package meeting

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// Whoever is recorded is told so, when it begins and when coming later, and can leave.
func TestRecordingIsTold(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	browser := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
	open := func() *testbrowser.Page {
		p := browser.Page(t, h.URL+"/meet/"+room+
			"?joinScreen.visible=false&micEnabled=false&webcamEnabled=false#name=Ann&token="+token)
		p.Until("the meeting is there", at("meeting-view"))
		return p
	}
	p := open()
	bot, err := sdk.InitMeeting(sdk.Options{URL: h.URL, Token: token, MeetingID: room, ParticipantID: "bot"})
	require.NoError(t, err)
	require.NoError(t, bot.Join(t.Context()))
	t.Cleanup(func() { _ = bot.Leave(context.WithoutCancel(t.Context())) })
	require.NoError(t, bot.StartRecording(t.Context(), sdk.RecordingOptions{}))
	p.Until("it is told", at("recording-notice"))
	require.Contains(t, p.Text(testbrowser.TestID("recording-notice")), "This meeting is being recorded")
	p.RequireReach(t, "recording-notice")
	p.Look(1280, 720, false, false)
	p.Click(testbrowser.TestID("recording-ok"))
	p.Until("it is read, and the mark stays", "!"+at("recording-notice")+" && "+at("rec-mark"))

	later := open()
	later.Until("it is told on the way in", at("recording-notice"))
	later.Click(testbrowser.TestID("recording-leave"))
	later.Until("who does not want that is out", at("left-title"))

	require.NoError(t, bot.StopRecording(t.Context()))
	p.Until("it is over", "!"+at("rec-mark"))
	p.Click(testbrowser.TestID("egress-button"))
	p.Click(testbrowser.TestID("record-button"))
	p.Until("who starts it knows", at("rec-mark")+` && document.querySelector('[data-testid="rec-mark"]').dataset.status ===
		"RECORDING_STARTED" && !`+at("recording-notice"))
}
