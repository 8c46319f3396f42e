// Package meeting is the whole product at once: people in Chromium on the meeting page, and a Go bot, in one meeting
// on a real server.
package meeting

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
	"github.com/pion/rtp/codecs"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/vp8"
)

// enter opens the meeting page and joins with camera and microphone on.
func enter(
	t *testing.T,
	b *testbrowser.Browser,
	h *testserver.Server,
	meetingID, token, name string,
) *testbrowser.Page {
	t.Helper()
	p := b.Page(
		t,
		fmt.Sprintf("%s/meet/%s#token=%s&name=%s", h.URL, meetingID, token, url.QueryEscape(name)),
		testbrowser.RecordConnections,
	)
	for _, device := range []string{"mic-button", "cam-button"} { // on, whatever the page's default is
		p.Until("the page has "+device, fmt.Sprintf(`document.querySelector(%q)`, testbrowser.TestID(device)))
		p.Eval(
			fmt.Sprintf(
				`(() => { const b = document.querySelector(%q); if (b.getAttribute("aria-pressed") !== "true") b.click(); })()`,
				testbrowser.TestID(device),
			),
			nil,
		)
		p.Until(
			device+" is on",
			fmt.Sprintf(
				`document.querySelector(%q).getAttribute("aria-pressed") === "true"`,
				testbrowser.TestID(device),
			),
		)
	}
	p.Click(testbrowser.TestID("join-button"))
	p.Until(name+" is in the meeting", `document.querySelector('[data-testid="meeting-view"]')`)
	return p
}

const timeout = 30 * time.Second

func TestTwoPeopleAndABot(t *testing.T) {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room := account.Meeting(t, nil)
	token := account.Token(t)

	bot, err := sdk.InitMeeting(sdk.Options{
		URL: h.URL, Token: token, MeetingID: room, ParticipantID: "bot", Name: "Bot", MicEnabled: true, WebcamEnabled: true,
		Mic: sdk.TestTone("bot"), Webcam: sdk.TestCard(sdk.CardOptions{Width: 320, Height: 180, Name: "bot"}),
	})
	require.NoError(t, err)
	var left notes[sdk.LeaveReason]
	bot.OnParticipantLeft(func(p *sdk.Participant, reason sdk.LeaveReason) { left.add(p.DisplayName(), reason) })
	var chat notes[string]
	require.NoError(t, bot.Join(t.Context()))
	t.Cleanup(func() { _ = bot.Leave(context.WithoutCancel(t.Context())) })
	_, err = bot.PubSub().
		Subscribe(t.Context(), "CHAT", func(m sdk.Message) { chat.add(m.SenderName, m.Message) }, sdk.SubscribeOptions{})
	require.NoError(t, err)

	chromium := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
	ann := enter(t, chromium, h, room, token, "Ann")
	bob := enter(t, chromium, h, room, token, "Bob")

	// Each sees and hears the other two: the bot's card is 320 wide, a made-up camera 640 or 1280.
	for _, page := range []*testbrowser.Page{ann, bob} {
		page.AwaitVideo(1, 320)
		page.AwaitVideos(2)
		page.AwaitAudio(2)
	}
	for _, name := range []string{"Ann", "Bob"} {
		person := find(t, bot, name)
		size := picture(t, person.Stream(sdk.Video))
		require.GreaterOrEqual(t, size.Dx(), 320, "%s's picture", name)
		require.InDelta(t, 16.0/9, float64(size.Dx())/float64(size.Dy()), 0.5, "%s's picture is %v", name, size)
		require.Greater(t, sound(t, person.Stream(sdk.Audio)), 20, "packets of %s's sound that hold something", name)
	}
	ann.Screenshot("meeting-of-three")

	// Ann shares her screen, and stops.
	ann.Click(testbrowser.TestID("share-button"))
	require.Eventually(t, func() bool {
		ann := find(t, bot, "Ann")
		return ann.ScreenShareOn() && bot.ActivePresenterID() == ann.ID()
	}, timeout, 50*time.Millisecond)
	picture(t, find(t, bot, "Ann").Stream(sdk.Share))
	bob.Until("Bob sees the share", `document.querySelector('[data-testid="share-view"] video')?.videoWidth > 0`)
	bob.AwaitVideos(3)
	bob.Screenshot("share")
	ann.Click(testbrowser.TestID("share-button"))
	require.Eventually(
		t,
		func() bool { return !find(t, bot, "Ann").ScreenShareOn() && bot.ActivePresenterID() == "" },
		timeout,
		50*time.Millisecond,
	)
	bob.Until("the share is gone", `!document.querySelector('[data-testid="share-view"]')`)

	// Chat crosses, both ways.
	ann.Click(testbrowser.TestID("chat-button"))
	ann.Type(testbrowser.TestID("chat-input"), "hello from Ann")
	ann.Click(testbrowser.TestID("chat-send"))
	require.Eventually(t, func() bool { return chat.has("Ann", "hello from Ann") }, timeout, 50*time.Millisecond)
	_, err = bot.PubSub().Publish(t.Context(), "CHAT", "hello from the bot", sdk.PublishOptions{Persist: true})
	require.NoError(t, err)
	bob.Click(testbrowser.TestID("chat-button"))
	for _, text := range []string{"hello from Ann", "hello from the bot"} {
		bob.Until(
			"Bob reads "+text,
			fmt.Sprintf(`document.querySelector('[data-testid="chat-list"]')?.innerText.includes(%q)`, text),
		)
	}
	bob.Screenshot("chat")

	// Bob leaves; the others are told, with the published reason.
	bobID := find(t, bot, "Bob").ID()
	bob.Click(testbrowser.TestID("leave-button"))
	bob.Until(
		"Bob is out",
		`document.querySelector('[data-testid="left-view"]') || document.querySelector('[data-testid="leave-confirm"]')`,
	)
	bob.Eval(`document.querySelector('[data-testid="leave-confirm"]')?.click()`, nil)
	bob.Until("Bob is out", `document.querySelector('[data-testid="left-view"]')`)
	require.Eventually(
		t,
		func() bool { return left.has("Bob", leaveCalled) },
		timeout,
		50*time.Millisecond,
		"%v",
		&left,
	)
	ann.Until("Ann no longer sees Bob", fmt.Sprintf(`!document.querySelector('[data-testid="tile-%s"]')`, bobID))
	ann.AwaitVideo(1, 320)
	ann.AwaitAudio(1)
	require.Empty(t, ann.Text(testbrowser.TestID("fault-code")), "nothing went wrong on Ann's page")
}

// leaveCalled is the published reason of somebody who left by leave().
var leaveCalled = sdk.LeaveReason{Code: 1101, Name: "MANUAL_LEAVE_CALLED"}

// find returns the participant with that name.
func find(t *testing.T, m *sdk.Meeting, name string) *sdk.Participant {
	t.Helper()
	for _, p := range m.Participants() {
		if p.DisplayName() == name {
			return p
		}
	}
	require.FailNow(t, "nobody is called "+name)
	return nil
}

// picture reads a stream until a key frame of it can be decoded, and returns its size.
func picture(t *testing.T, s *sdk.Stream) image.Rectangle {
	t.Helper()
	require.NotNil(t, s)
	require.Equal(t, "VP8", s.Codec())
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	var frame []byte
	for {
		packet, err := s.ReadRTP(ctx)
		require.NoError(t, err)
		var part codecs.VP8Packet
		payload, err := part.Unmarshal(packet.Payload)
		if err != nil || len(payload) == 0 {
			continue
		}
		if part.S == 1 && part.PID == 0 { // a frame begins: RFC 7741, section 4.2
			if frame = nil; payload[0]&1 != 0 { // not a key frame: RFC 6386, section 9.1
				s.RequestKeyFrame()
				continue
			}
		} else if frame == nil {
			continue
		}
		frame = append(frame, payload...)
		if !packet.Marker {
			continue
		}
		decoder := vp8.NewDecoder()
		decoder.Init(bytes.NewReader(frame), len(frame))
		if _, err = decoder.DecodeFrameHeader(); err == nil {
			var decoded *image.YCbCr
			if decoded, err = decoder.DecodeFrame(); err == nil {
				return decoded.Bounds()
			}
		}
		frame = nil
		s.RequestKeyFrame()
	}
}

// sound reads two seconds of a stream and counts the packets that are more than silence.
func sound(t *testing.T, s *sdk.Stream) int {
	t.Helper()
	require.NotNil(t, s)
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	loud := 0
	for range 100 {
		packet, err := s.ReadRTP(ctx)
		require.NoError(t, err)
		if len(packet.Payload) > 10 { // Opus codes silence in a few bytes
			loud++
		}
	}
	return loud
}

// notes collects what handlers were told.
type notes[T comparable] struct {
	mu   sync.Mutex // guards everything below
	told map[string][]T
}

func (n *notes[T]) add(who string, what T) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.told == nil {
		n.told = map[string][]T{}
	}
	n.told[who] = append(n.told[who], what)
}

func (n *notes[T]) has(who string, what T) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, told := range n.told[who] {
		if told == what {
			return true
		}
	}
	return false
}
