package drill

import (
	"context"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/sdk"
)

// drills are all of them, in the order of their codes.
var drills = []Drill{
	{"4001.UNKNOWN_KEY", "joins with a token of an API key that nobody made", joinWith(gate.Grant{APIKey: "no-such-key"})},
	{
		"4001.KEY_REVOKED",
		"revokes its API key and joins with a token of it",
		func(ctx context.Context, e *environment) error {
			if err := e.admin(ctx, "POST", "/admin/v1/keys/"+e.apiKey+"/revoke", nil, nil); err != nil {
				return err
			}
			return joinWith(gate.Grant{})(ctx, e)
		},
	},
	{"4002.MALFORMED", "joins with something that is no token", joinToken("not-a-token")},
	{"4002.SIGNATURE_MISMATCH", "joins with a token that was signed with another secret",
		func(ctx context.Context, e *environment) error {
			e.secret = strings.Repeat("another secret ", 3)
			return joinWith(gate.Grant{})(ctx, e)
		}},
	{"4002.EXPIRED", "joins with a token that expired an hour ago", func(ctx context.Context, e *environment) error {
		return joinWith(gate.Grant{IssuedAt: time.Now().Add(-2 * time.Hour), ExpiresIn: time.Hour})(ctx, e)
	}},
	{"4002.NOT_YET_VALID", "joins with a token that was issued in an hour, as by a wrong clock",
		func(ctx context.Context, e *environment) error {
			return joinWith(gate.Grant{IssuedAt: time.Now().Add(time.Hour)})(ctx, e)
		}},
	{
		"4003.NOT_FOUND",
		"joins a meeting that nobody made",
		joinAs(func(o *sdk.Options) { o.MeetingID = "none-none-none" }),
	},
	{
		"4004.WHITESPACE",
		"joins as a participant whose id has a space",
		joinAs(func(o *sdk.Options) { o.ParticipantID = "a b" }),
	},
	{"4004.MIXED_SCRIPTS", "joins with an id of Latin and Cyrillic letters that look alike",
		joinAs(func(o *sdk.Options) { o.ParticipantID = "аnn" })},
	{"4005.REPLACED", "joins twice with the same participant id", func(ctx context.Context, e *environment) error {
		if err := joinAs(func(o *sdk.Options) { o.ParticipantID = "ann" })(ctx, e); err != nil {
			return err
		}
		return joinAs(func(o *sdk.Options) { o.ParticipantID = "ann" })(ctx, e)
	}},
	{"4006.DEACTIVATED", "deactivates its account while somebody is in a meeting", inMeeting(
		func(ctx context.Context, e *environment, _ *sdk.Meeting) error {
			return e.admin(ctx, "POST", "/admin/v1/accounts/"+e.account+"/deactivate", nil, nil)
		})},
	{"4007.DISCONTINUED", "discontinues its account with a message", inMeeting(
		func(ctx context.Context, e *environment, _ *sdk.Meeting) error {
			return e.admin(ctx, "POST", "/admin/v1/accounts/"+e.account+"/discontinue",
				map[string]any{"message": "This account was discontinued for a drill."}, nil)
		})},
	{"4008.NO_ENTRY", "joins with a token that holds allow_mod and neither allow_join nor ask_join",
		joinWith(gate.Grant{Permissions: []string{"allow_mod"}})},
	{"4009.LIMIT", "joins a meeting of one person as the second", func(ctx context.Context, e *environment) error {
		if err := e.limit(ctx, "participants", 1); err != nil {
			return err
		}
		return twice(ctx, e)
	}},
	{"4010.LIMIT", "joins a meeting of one speaker as the second", func(ctx context.Context, e *environment) error {
		if err := e.limit(ctx, "speakers", 1); err != nil {
			return err
		}
		return twice(ctx, e)
	}},
	{"4012.NOT_RUNNING", "stops a recording that does not run", inMeeting(
		func(ctx context.Context, _ *environment, m *sdk.Meeting) error { return m.StopRecording(ctx) })},
	{"4013.DNS", "streams to an RTMP server whose name does not exist", livestream("rtmp://nosuch.invalid/live")},
	{"4015.SCHEME", "streams to an address that is not RTMP", livestream("ftp://example.com/live")},
	{
		"4021.DISABLED",
		"records in an account whose add-ons are switched off",
		func(ctx context.Context, e *environment) error {
			settings := map[string]any{"settings": map[string]any{"addOnsDisabled": true}}
			if err := e.admin(ctx, "PATCH", "/admin/v1/accounts/"+e.account, settings, nil); err != nil {
				return err
			}
			return inMeeting(record)(ctx, e)
		},
	},
	{"4022.MISMATCH", "joins with a token of another meeting", func(ctx context.Context, e *environment) error {
		other, err := e.newMeeting(ctx, map[string]any{})
		if err != nil {
			return err
		}
		return joinWith(gate.Grant{MeetingID: other})(ctx, e)
	}},
	{"4023.MISMATCH", "joins with the token of another participant", joinWith(gate.Grant{ParticipantID: "somebody-else"},
		func(o *sdk.Options) { o.ParticipantID = "ann" })},
	{"4024.JOIN_NEEDS_RTC", "joins with a token that is for REST",
		joinWith(gate.Grant{Roles: []string{"crawler"}, Permissions: []string{"allow_join"}})},
	{"4026.LIMIT", "joins with more speakers than the account may have", func(ctx context.Context, e *environment) error {
		if err := e.limit(ctx, "accountSpeakers", 1); err != nil {
			return err
		}
		return twice(ctx, e)
	}},
	{"4068.NOT_PERMITTED", "mutes somebody without the permission to", muteWithout},
	{"4101.DENIED", "asks to enter and is denied", func(ctx context.Context, e *environment) error {
		host, err := e.join(ctx, gate.Grant{Permissions: []string{"allow_join", "allow_mod"}})
		if err != nil {
			return err
		}
		host.OnEntryRequested(func(r sdk.EntryRequested) {
			go func() { _ = host.RespondEntry(ctx, r.ParticipantID, sdk.Denied) }() // the guest says what became of it
		})
		return joinWith(gate.Grant{Permissions: []string{"ask_join"}})(ctx, e)
	}},
	{"4103.BY_MODERATOR", "is removed by a moderator", func(ctx context.Context, e *environment) error {
		host, err := e.join(ctx, gate.Grant{Permissions: []string{"allow_join", "allow_mod"}})
		if err != nil {
			return err
		}
		guest, err := e.join(ctx, gate.Grant{})
		if err != nil {
			return err
		}
		return other(ctx, host, guest, (*sdk.Participant).Remove)
	}},
	{"4103.BY_API", "is removed over REST", inMeeting(func(ctx context.Context, e *environment, m *sdk.Meeting) error {
		return e.rest(ctx, "POST", "/v2/sessions/participants/remove", map[string]any{
			"roomId": e.meeting, "participantId": m.LocalParticipant().ID(), "sessionId": m.SessionID(),
		}, nil)
	})},
	{"4104.BY_API", "is in a session that is ended over REST", inMeeting(
		func(ctx context.Context, e *environment, _ *sdk.Meeting) error {
			return e.rest(ctx, "POST", "/v2/sessions/end", map[string]any{"roomId": e.meeting}, nil)
		})},
	{
		"4107.BAD_PARAMS",
		"makes a room with a field of the wrong type",
		call("POST", "/v2/rooms", map[string]any{"customRoomId": 7}),
	},
	{"4107.METHOD_NOT_ALLOWED", "calls a path with a method that it does not take", call("DELETE", "/v2/rooms", nil)},
	{"4108.ROUTE", "calls a path that does not exist", call("GET", "/v2/rums", nil)},
	{"4108.SESSION", "reads a session that never was", call("GET", "/v2/sessions/no-such-session", nil)},
	{"4110.NOT_OFFERED", "calls what the published API has and this server does not offer",
		call("GET", "/v2/sip/inbound-gateways", nil)},
	{"5103.DNS", "has a webhook at a host whose name does not exist", func(ctx context.Context, e *environment) error {
		room, err := e.newMeeting(ctx, map[string]any{"webhook": map[string]any{
			"endPoint": "https://nosuch.invalid/hook", "events": []string{"session-started"},
		}})
		if err != nil {
			return err
		}
		if err := joinAs(func(o *sdk.Options) { o.MeetingID = room })(ctx, e); err != nil {
			return err
		}
		return e.reported(ctx)
	}},
}

func joinToken(token string) func(context.Context, *environment) error {
	return func(ctx context.Context, e *environment) error {
		_, err := e.joinWith(ctx, token)
		return err
	}
}

func joinWith(g gate.Grant, change ...func(*sdk.Options)) func(context.Context, *environment) error {
	return func(ctx context.Context, e *environment) error {
		_, err := e.join(ctx, g, change...)
		return err
	}
}

func joinAs(change func(*sdk.Options)) func(context.Context, *environment) error {
	return joinWith(gate.Grant{}, change)
}

// twice joins as two people.
func twice(ctx context.Context, e *environment) error {
	if err := joinWith(gate.Grant{})(ctx, e); err != nil {
		return err
	}
	return joinWith(gate.Grant{})(ctx, e)
}

// inMeeting acts while somebody is in the meeting.
func inMeeting(
	act func(ctx context.Context, e *environment, m *sdk.Meeting) error,
) func(context.Context, *environment) error {
	return func(ctx context.Context, e *environment) error {
		m, err := e.join(ctx, gate.Grant{Permissions: []string{"allow_join", "allow_mod"}})
		if err != nil {
			return err
		}
		return act(ctx, e, m)
	}
}

func record(ctx context.Context, _ *environment, m *sdk.Meeting) error {
	return m.StartRecording(ctx, sdk.RecordingOptions{})
}

func livestream(address string) func(context.Context, *environment) error {
	return inMeeting(func(ctx context.Context, _ *environment, m *sdk.Meeting) error {
		return m.StartLivestream(ctx, []sdk.LivestreamOutput{{URL: address, StreamKey: "drill"}}, sdk.LivestreamOptions{})
	})
}

func call(method, path string, body any) func(context.Context, *environment) error {
	return func(ctx context.Context, e *environment) error { return e.rest(ctx, method, path, body, nil) }
}

func muteWithout(ctx context.Context, e *environment) error {
	one, err := e.join(ctx, gate.Grant{})
	if err != nil {
		return err
	}
	two, err := e.join(ctx, gate.Grant{})
	if err != nil {
		return err
	}
	return other(ctx, one, two, (*sdk.Participant).DisableMic)
}

// other does something to a participant as another one sees it.
func other(ctx context.Context, m, of *sdk.Meeting, act func(*sdk.Participant, context.Context) error) error {
	for {
		if p := m.Participant(of.LocalParticipant().ID()); p != nil {
			return act(p, ctx)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}
