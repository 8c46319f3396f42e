package faults

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/sdk"
)

// shortLobby is a server where requests to enter end after a second.
func (t *T) shortLobby() *testserver.Server {
	t.Helper()
	return testserver.Start(t, func(c *conf.Config) { c.Meeting.LobbyTimeout = time.Second })
}

// askEntry puts somebody into the lobby.
func (t *T) askEntry(meetingID, participantID string) *testserver.Socket {
	t.Helper()
	socket, result := t.Server.Join(t, testserver.JoinParams(t.Account().Token(t, "ask_join"), meetingID, participantID))
	require.Equal(t, wire.Waiting, result.State)
	return socket
}

var lobbyScenarios = scenarios{
	"4059.NOT_PERMITTED": func(t *T) {
		meeting := t.Meeting()
		host := t.Join(meeting, "host")
		guest := t.askEntry(meeting, "guest")
		host.Do(t, wire.MethodRespondEntry, wire.RespondEntryParams{ParticipantID: "guest", Decision: wire.Allowed})
		guest.Event(t, "meeting-joined", nil)
		t.askEntry(meeting, "other")
		t.refusedCall(guest, wire.MethodRespondEntry, wire.RespondEntryParams{ParticipantID: "other", Decision: wire.Allowed})
	},
	"4059.NO_SUCH_REQUEST": func(t *T) {
		host := t.Join(t.Meeting(), "host")
		t.refusedCall(host, wire.MethodRespondEntry, wire.RespondEntryParams{ParticipantID: "nobody", Decision: wire.Allowed})
	},
	"4059.ALREADY_ANSWERED": func(t *T) {
		meeting := t.Meeting()
		one, two := t.Join(meeting, "one"), t.Join(meeting, "two")
		t.askEntry(meeting, "guest")
		one.Do(t, wire.MethodRespondEntry, wire.RespondEntryParams{ParticipantID: "guest", Decision: wire.Allowed})
		t.refusedCall(two, wire.MethodRespondEntry, wire.RespondEntryParams{ParticipantID: "guest", Decision: wire.Denied})
	},
	"4065.KNOCKING": func(t *T) {
		t.refusedCall(t.askEntry(t.Meeting(), "guest"), wire.MethodSetMode, wire.SetModeParams{Mode: string(wire.RecvOnly)})
	},
	"4101.DENIED": func(t *T) {
		meeting := t.Meeting()
		host, other := t.Join(meeting, "host"), t.Join(meeting, "other")
		guest := t.askEntry(meeting, "guest")
		host.Do(t, wire.MethodRespondEntry, wire.RespondEntryParams{ParticipantID: "guest", Decision: wire.Denied})
		f := guest.AwaitRemoval(t)
		t.Read(f)
		t.checkHostTold(other, f)
	},
	"4101.LOCKED": func(t *T) {
		meeting := t.Meeting()
		moderator := t.Join(meeting, "moderator")
		waiting := t.askEntry(meeting, "waiting")
		moderator.Do(t, wire.MethodLock, wire.NoParams{})
		t.Read(waiting.AwaitRemoval(t))
		t.refused(testserver.JoinParams(t.Account().Token(t), meeting, "newcomer"))
	},
	"4102.NOBODY_THERE": func(t *T) {
		h := t.shortLobby()
		account := h.Account(t, nil)
		guest, _ := h.Join(t, testserver.JoinParams(account.Token(t, "ask_join"), account.Meeting(t, nil), "guest"))
		t.ReadFrom(h, guest.AwaitRemoval(t))
	},
	"4102.NO_ANSWER": func(t *T) {
		h := t.shortLobby()
		account := h.Account(t, nil)
		meeting := account.Meeting(t, nil)
		host, _ := h.Join(t, testserver.JoinParams(account.Token(t), meeting, "host"))
		guest, _ := h.Join(t, testserver.JoinParams(account.Token(t, "ask_join"), meeting, "guest"))
		f := guest.AwaitRemoval(t)
		t.ReadFrom(h, f)
		t.checkHostTold(host, f)
	},
}

// checkHostTold checks that a host receives why a request to enter failed, which ends nothing for the host.
func (t *T) checkHostTold(host *testserver.Socket, f *fault.Error) {
	t.Helper()
	var told wire.Faulted
	host.Event(t, "error", &told)
	require.Equal(t, f.ID, told.Fault.ID)
	require.Equal(t, "guest", told.Fault.ParticipantID, "whose request it was")
	require.False(t, told.Fault.Fatal)
}

// twoMembers returns a participant who may not moderate and one who may.
func (t *T) twoMembers() (plain, moderator *testserver.Socket) {
	t.Helper()
	meeting := t.Meeting()
	return t.Join(meeting, "plain", "allow_join"), t.Join(meeting, "moderator")
}

// stream asks for somebody's stream to be switched.
func stream(who string, kind wire.Kind, on bool) wire.RequestStreamParams {
	return wire.RequestStreamParams{ParticipantID: who, Kind: kind, Enabled: on}
}

// notPermitted asks for what needs allow_mod without having it.
func notPermitted(method string, params any) func(*T) {
	return func(t *T) {
		plain, _ := t.twoMembers()
		t.refusedCall(plain, method, params)
	}
}

// restricted asks for what a moderator has taken from participants.
func restricted(right wire.Right, method string, params any) func(*T) {
	return func(t *T) {
		plain, moderator := t.twoMembers()
		moderator.Do(t, wire.MethodRestrict, map[string]any{string(right): true})
		plain.Event(t, wire.RestrictionsChanged{}.EventName(), nil)
		t.refusedCall(plain, method, params)
		moderator.Do(t, wire.MethodRestrict, map[string]any{string(right): false})
		plain.Event(t, wire.RestrictionsChanged{}.EventName(), nil)
		if _, f := plain.Call(t, method, params); f != nil {
			require.Equal(t, fault.CodeInvalidMessage, f.Code, "given back: it only is not published: %v", f)
		}
	}
}

func enabled(kind wire.Kind) wire.SetStreamParams {
	return wire.SetStreamParams{Kind: kind, Enabled: true}
}

// noSuchParticipantCall asks for what needs somebody who is there.
func noSuchParticipantCall(method string, params any) func(*T) {
	return func(t *T) { t.refusedCall(t.Join(t.Meeting(), "moderator"), method, params) }
}

// unpublished asks for what needs a stream of somebody who publishes none.
func unpublished(method string, params any) func(*T) {
	return func(t *T) {
		_, moderator := t.twoMembers()
		t.refusedCall(moderator, method, params)
	}
}

// preferring prefers the camera of somebody.
func preferring(who string, change wire.PreferenceChange) wire.PreferParams {
	p := wire.StreamPreference{ParticipantID: who, Kind: wire.Video, Paused: change == wire.ChangePause}
	if change == wire.ChangeQuality {
		p.Quality = wire.Low
	}
	return wire.PreferParams{Streams: []wire.StreamPreference{p}}
}

// listener asks for the stream of somebody who only listens.
func listener(kind wire.Kind) func(*T) {
	return func(t *T) {
		plain, moderator := t.twoMembers()
		plain.Do(t, wire.MethodSetMode, wire.SetModeParams{Mode: string(wire.RecvOnly)})
		t.refusedCall(moderator, wire.MethodRequestStream, stream("plain", kind, true))
	}
}

var moderationScenarios = scenarios{
	"4066.NOT_PERMITTED": notPermitted(wire.MethodRemoveParticipant,
		wire.ParticipantParams{ParticipantID: "moderator"}),
	"4066.NO_SUCH_PARTICIPANT": noSuchParticipantCall(wire.MethodRemoveParticipant,
		wire.ParticipantParams{ParticipantID: "nobody"}),
	"4067.NOT_PERMITTED":       notPermitted(wire.MethodRequestStream, stream("moderator", wire.Audio, true)),
	"4067.NO_SUCH_PARTICIPANT": noSuchParticipantCall(wire.MethodRequestStream, stream("nobody", wire.Audio, true)),
	"4067.TARGET_MODE":         listener(wire.Audio),
	"4068.NOT_PERMITTED":       notPermitted(wire.MethodRequestStream, stream("moderator", wire.Audio, false)),
	"4068.NO_SUCH_PARTICIPANT": noSuchParticipantCall(wire.MethodRequestStream, stream("nobody", wire.Audio, false)),
	"4069.NOT_PERMITTED":       notPermitted(wire.MethodRequestStream, stream("moderator", wire.Video, true)),
	"4069.NO_SUCH_PARTICIPANT": noSuchParticipantCall(wire.MethodRequestStream, stream("nobody", wire.Video, true)),
	"4069.TARGET_MODE":         listener(wire.Video),
	"4070.NOT_PERMITTED":       notPermitted(wire.MethodRequestStream, stream("moderator", wire.Video, false)),
	"4070.NO_SUCH_PARTICIPANT": noSuchParticipantCall(wire.MethodRequestStream, stream("nobody", wire.Video, false)),
	"4071.NO_SUCH_PARTICIPANT": noSuchParticipantCall(wire.MethodPin,
		wire.PinParams{ParticipantID: "nobody", State: wire.PinState{Cam: true}}),
	"4072.NO_SUCH_PARTICIPANT": noSuchParticipantCall(wire.MethodPin, wire.PinParams{ParticipantID: "nobody"}),

	"4073.NO_SUCH_PARTICIPANT": noSuchParticipantCall(wire.MethodPrefer, preferring("nobody", wire.ChangeQuality)),
	"4073.NO_SUCH_STREAM":      unpublished(wire.MethodPrefer, preferring("plain", wire.ChangeQuality)),
	"4074.NO_SUCH_PARTICIPANT": noSuchParticipantCall(wire.MethodPrefer, preferring("nobody", wire.ChangePause)),
	"4074.NO_SUCH_STREAM":      unpublished(wire.MethodPrefer, preferring("plain", wire.ChangePause)),
	"4075.NO_SUCH_PARTICIPANT": noSuchParticipantCall(wire.MethodPrefer, preferring("nobody", wire.ChangeResume)),
	"4075.NO_SUCH_STREAM":      unpublished(wire.MethodPrefer, preferring("plain", wire.ChangeResume)),
	"4103.BY_MODERATOR": func(t *T) {
		plain, moderator := t.twoMembers()
		moderator.Do(t, wire.MethodRemoveParticipant, wire.ParticipantParams{ParticipantID: "plain"})
		t.Read(plain.AwaitRemoval(t))
	},
	"4105.NEEDS_PERMISSION": notPermitted(wire.MethodEnd, map[string]any{}),
	"4105.AUDIO_RESTRICTED": restricted(wire.AudioRight, wire.MethodSetStream, enabled(wire.Audio)),
	"4105.VIDEO_RESTRICTED": restricted(wire.VideoRight, wire.MethodSetStream, enabled(wire.Video)),
	"4105.SHARE_RESTRICTED": restricted(wire.ShareRight, wire.MethodSetStream, enabled(wire.Share)),
	"4105.CHAT_RESTRICTED": restricted(wire.ChatRight, wire.MethodPublishMessage,
		wire.PublishMessageParams{Topic: wire.ChatTopic, Message: "hello"}),
	"3066.MODE": func(t *T) {
		plain, _ := t.twoMembers()
		plain.Do(t, wire.MethodSetMode, wire.SetModeParams{Mode: string(wire.RecvOnly)})
		t.refusedCall(plain, wire.MethodPublish,
			wire.PublishParams{SDP: "v=0", Streams: []wire.PublishedStream{{MID: "0", Kind: wire.Audio, Enabled: true}}})
	},
	"3067.UNKNOWN_MODE": func(t *T) {
		t.refusedCall(t.Join(t.Meeting(), "ann"), wire.MethodSetMode, wire.SetModeParams{Mode: "SHOUT"})
		params := testserver.JoinParams(t.Account().Token(t), t.Meeting(), "bob")
		params.Mode = "SHOUT"
		t.Read(t.Server.TryJoin(t, params))
		_, err := sdk.InitMeeting(sdk.Options{URL: t.Server.URL, Token: params.Token, MeetingID: params.MeetingID,
			Mode: "SHOUT"})
		t.checkReturned(err)
	},
}

// sameIncident checks that everybody received one incident under one id.
func (t *T) sameIncident(faults ...*fault.Error) {
	t.Helper()
	for _, f := range faults {
		t.Read(f)
		require.Equal(t, faults[0].ID, f.ID)
	}
}
