package sdk_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// A server is started again on its data: everybody comes back by themselves and publishes again what was on, and is
// told of it once, by a fault that ends nothing.
func TestServerRestarts(t *testing.T) {
	for name, tt := range map[string]struct {
		reason string
		stop   func(t *testing.T, h *testserver.Server, proxy *testpeer.Proxy)
	}{
		"without a word": {"SESSION_UNKNOWN", func(t *testing.T, h *testserver.Server, proxy *testpeer.Proxy) {
			proxy.Block()
			h.Close(t)
		}},
		"in good order": {"STOPPED", func(t *testing.T, h *testserver.Server, _ *testpeer.Proxy) { h.Close(t) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := testserver.Start(t)
			account := h.Account(t, nil)
			proxy := testpeer.NewProxy(t, mustHost(t, h.URL))
			p := &place{
				t:       t,
				house:   h,
				account: account,
				meeting: account.Meeting(t, nil),
				url:     "http://" + proxy.Address,
			}
			var renewed atomic.Int32
			ann := p.joined("ann", func(o *sdk.Options) {
				token := o.Token
				o.WebcamEnabled, o.MicEnabled = true, true
				o.RenewToken = func(context.Context) (string, error) {
					if renewed.Add(1) == 1 {
						return "", errors.New("not yet")
					}
					return token, nil
				}
			})
			bob := p.joined("bob", func(o *sdk.Options) { o.ParticipantID = "" })
			bobID := bob.LocalParticipant().ID()
			require.Eventually(
				t,
				func() bool { return bob.Participant("ann").WebcamOn() },
				5*time.Second,
				5*time.Millisecond,
			)
			picture(t, bob.Participant("ann").Stream(sdk.Video))
			messages := make(chan sdk.Message, 8)
			_, err := bob.PubSub().
				Subscribe(t.Context(), "CHAT", func(m sdk.Message) { messages <- m }, sdk.SubscribeOptions{})
			require.NoError(t, err)
			session := ann.SessionID()

			tt.stop(t, h, proxy)
			require.Eventually(
				t,
				func() bool { return ann.State() == sdk.Reconnecting },
				5*time.Second,
				5*time.Millisecond,
			)
			testserver.Start(t, func(c *conf.Config) { c.Data.Dir, c.HTTP.Address = h.Dir, mustHost(t, h.URL) })
			proxy.Unblock()

			for _, one := range []*person{ann, bob} {
				require.Eventually(
					t,
					func() bool { return one.State() == sdk.Connected },
					20*time.Second,
					5*time.Millisecond,
				)
			}
			require.Eventually(
				t,
				func() bool { a := bob.Participant("ann"); return a != nil && a.WebcamOn() && a.MicOn() },
				10*time.Second,
				5*time.Millisecond,
			)
			picture(t, bob.Participant("ann").Stream(sdk.Video))
			require.EqualValues(t, 2, renewed.Load(), "an error is tried again, and nothing is asked for without need")
			require.NotEqual(t, session, ann.SessionID())
			require.Equal(t, ann.SessionID(), bob.SessionID())
			require.Equal(t, bobID, bob.LocalParticipant().ID(), "the id that the server gave stays")
			require.NotNil(t, ann.Participant(bobID))
			_, err = ann.PubSub().Publish(t.Context(), "CHAT", "back again", sdk.PublishOptions{})
			require.NoError(t, err)
			require.Equal(t, "back again", (<-messages).Message)
			require.NoError(t, ann.DisableWebcam(t.Context()))
			require.NoError(t, ann.EnableWebcam(t.Context(), nil))
			for _, one := range []*person{ann, bob} {
				faults := one.all("error")
				require.Len(t, faults, 1, "%v", faults)
				f := faults[0].(sdk.ErrorEvent).Fault
				require.Equal(t, tt.reason, f.Reason)
				require.False(t, f.Fatal)
				require.Equal(t, 1, len(one.all("meeting-joined")))
				require.Empty(t, one.all("meeting-left"))
			}
		})
	}
}

// TestEventsLost cuts a client off until the server no longer has all that it missed. It joins anew by itself, is told
// so once, and publishes again what was on.
func TestEventsLost(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	proxy := testpeer.NewProxy(t, mustHost(t, p.house.URL))
	bob := p.joined("bob", nil)
	p.url = "http://" + proxy.Address
	ann := p.joined("ann", func(o *sdk.Options) { o.WebcamEnabled = true })
	messages := make(chan sdk.Message, 8)
	_, err := ann.PubSub().Subscribe(t.Context(), "CHAT", func(m sdk.Message) { messages <- m }, sdk.SubscribeOptions{})
	require.NoError(t, err)
	requireParticipant(t, bob, "ann", (*sdk.Participant).WebcamOn)
	say := func(text string, options sdk.PublishOptions) {
		t.Helper()
		_, err := bob.PubSub().Publish(t.Context(), "CHAT", text, options)
		require.NoError(t, err)
	}
	kept := sdk.PublishOptions{Persist: true}
	say("before", kept)
	require.Equal(t, "before", (<-messages).Message)

	proxy.Block()
	require.Eventually(t, func() bool { return ann.State() == sdk.Reconnecting }, 5*time.Second, 5*time.Millisecond)
	say("kept", kept)
	for range 1100 { // more than a session keeps
		say("missed", sdk.PublishOptions{})
	}
	say("for ann", sdk.PublishOptions{Persist: true, SendOnly: []string{"ann"}})
	say("for others", sdk.PublishOptions{Persist: true, SendOnly: []string{"eve"}})
	proxy.Unblock()
	f := told[sdk.ErrorEvent](ann, nil).Fault
	require.True(t, fault.Is(f, fault.CodeReconnectFailed, fault.ReasonEventsLost), "%v", f)
	require.False(t, f.Fatal)
	require.Eventually(t, func() bool { return ann.State() == sdk.Connected }, 20*time.Second, 5*time.Millisecond)
	told[sdk.ParticipantLeft](bob, nil) // as she was before
	require.Eventually(
		t,
		func() bool { a := bob.Participant("ann"); return a != nil && a.WebcamOn() },
		10*time.Second,
		5*time.Millisecond,
	)
	picture(t, bob.Participant("ann").Stream(sdk.Video))
	require.Eventually(t, func() bool { // the topic is subscribed to again a moment later
		_, err := bob.PubSub().Publish(t.Context(), "CHAT", "back again", sdk.PublishOptions{})
		return err == nil && len(messages) > 0
	}, 5*time.Second, 20*time.Millisecond)
	// What was persisted meanwhile comes now, in order, and what came before does not come twice.
	require.Equal(t, "kept", (<-messages).Message)
	private := <-messages
	require.Equal(t, "for ann", private.Message)
	require.True(t, private.Private)
	require.Nil(t, private.SendOnly)
	require.Equal(t, "back again", (<-messages).Message)
	require.Len(t, ann.all("error"), 1)
	require.Empty(t, ann.all("meeting-left"))
	require.Empty(t, bob.all("error"))
}

// A client that was asked not to come back does not.
func TestNoRejoin(t *testing.T) {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	proxy := testpeer.NewProxy(t, mustHost(t, h.URL))
	p := &place{t: t, house: h, account: account, meeting: account.Meeting(t, nil), url: "http://" + proxy.Address}
	ann := p.joined("ann", func(o *sdk.Options) { o.NoRejoin = true })
	proxy.Block()
	h.Close(t)
	testserver.Start(t, func(c *conf.Config) { c.Data.Dir, c.HTTP.Address = h.Dir, mustHost(t, h.URL) })
	proxy.Unblock()
	<-ann.Done()
	left := told[sdk.MeetingLeft](ann, nil)
	require.Equal(t, "SESSION_UNKNOWN", left.Fault.Reason)
	require.True(t, left.Fault.Fatal)
}

// What a new join is refused for ends the participation, and names the restart as its cause.
func TestRejoinIsRefused(t *testing.T) {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	proxy := testpeer.NewProxy(t, mustHost(t, h.URL))
	p := &place{t: t, house: h, account: account, meeting: account.Meeting(t, nil), url: "http://" + proxy.Address}
	ann := p.joined("ann", nil)
	proxy.Block()
	h.Close(t)
	again := testserver.Start(t, func(c *conf.Config) { c.Data.Dir, c.HTTP.Address = h.Dir, mustHost(t, h.URL) })
	status, body := again.REST(t, account.Token(t), "POST", "/v2/rooms/deactivate", map[string]any{"roomId": p.meeting})
	require.Equal(t, 200, status, string(body))
	proxy.Unblock()
	<-ann.Done()
	left := told[sdk.MeetingLeft](ann, nil)
	require.Equal(t, 4052, left.Fault.Code, "%v", left.Fault)
	require.Equal(
		t,
		told(ann, func(e sdk.ErrorEvent) bool { return e.Fault.Reason == "SESSION_UNKNOWN" }).Fault.ID,
		left.Fault.CauseID,
	)
	require.Equal(t, sdk.Failed, ann.State())
}

// all returns the events of a name so far.
func (p *person) all(name string) []sdk.Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(p.events), func(e sdk.Event) bool { return e.EventName() != name })
}
