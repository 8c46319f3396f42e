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

// Each of the others is as loud as one sets them, whatever comes and goes; the slider says so.
func TestVolumeOfOnePerson(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t, "allow_join")
	join := func(id string) *sdk.Meeting {
		m, err := sdk.InitMeeting(sdk.Options{
			URL: h.URL, Token: token, MeetingID: room, ParticipantID: id, Name: id, MicEnabled: true, Mic: sdk.TestTone(id),
		})
		require.NoError(t, err)
		require.NoError(t, m.Join(t.Context()))
		t.Cleanup(func() { _ = m.Leave(context.WithoutCancel(t.Context())) })
		return m
	}
	bob := join("bob")
	join("cam")
	p := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow).
		Page(t, h.URL+"/meet/"+room+"?joinScreen.visible=false&name=Ann#token="+token, testbrowser.RecordConnections)
	plays := func(who string, volume string) {
		p.Until(fmt.Sprint(who, " is heard at ", volume), fmt.Sprintf(`(({ volume, muted, paused }) =>
			!paused && volume === %s && muted === (%s === 0))(document.querySelector('[data-testid="audio-%s"]') ?? {})`,
			volume, volume, who))
	}
	plays("bob", "1")
	plays("cam", "1")
	p.AwaitAudio(2)

	p.Click(testbrowser.TestID("people-button"))
	var own bool
	p.Until("the people are listed", at("actions-button-bob"))
	p.Eval(`document.querySelectorAll('[data-testid^="actions-button-"]').length === 2`, &own)
	require.True(t, own, "one has no slider for oneself")
	slider := func() {
		p.Click(testbrowser.TestID("actions-button-bob"))
		p.Until("the actions have the focus", `document.activeElement?.closest('[data-testid="actions-bob"]')`)
		p.Eval(`document.querySelector('[data-testid="volume-bob"]').focus()`, nil)
	}
	slider()
	for range 6 {
		p.Press(arrowLeft)
	}
	plays("bob", "0.7")
	plays("cam", "1")
	p.Until("it is said", `(({ ariaLabel, ariaValueText }) => ariaLabel === "Volume of bob" && ariaValueText === "70%")(
		document.querySelector('[data-testid="volume-bob"]'))`)
	require.Contains(t, p.Text(".volume"), "Only you hear")
	looks(p, "volume")
	p.RequireReach(t, "volume")
	p.Look(1280, 720, false, false)

	require.NoError(t, bob.Leave(t.Context()))
	p.Until("Bob is gone", "!"+at("audio-bob"))
	join("bob")
	plays("bob", "0.7")

	slider()
	p.Press(keyHome)
	plays("bob", "0")
	p.Until("the row says it", `document.querySelector('[data-testid="person-bob"] [title="Volume of bob: 0%"]')`)
	p.Reload()
	plays("bob", "0")
	plays("cam", "1")
}

// Keys as the Chrome DevTools Protocol names them.
const (
	arrowLeft = "\u0302"
	keyHome   = "\u0306"
)
