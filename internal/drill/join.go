package drill

import (
	"context"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/sdk"
)

// joinDrills are refused joins, and what ends a participation.
var joinDrills = []drill{
	{key: "4001.UNKNOWN_KEY", how: "joins with a token of an API key that nobody made",
		run: joinWith(gate.Grant{APIKey: "no-such-key"})},
	{key: "4001.KEY_REVOKED", how: "revokes its API key and joins with a token of it",
		run: func(ctx context.Context, e *environment) error {
			e.setKeyState(record.KeyRevoked)
			return joinWith(gate.Grant{})(ctx, e)
		}},
	{key: "4002.MALFORMED", how: "joins with something that is no token", run: joinToken("not-a-token")},
	{key: "4002.SIGNATURE_MISMATCH", how: "joins with a token that was signed with another secret",
		run: func(ctx context.Context, e *environment) error {
			e.secret = strings.Repeat("another secret ", 3)
			return joinWith(gate.Grant{})(ctx, e)
		}},
	{key: "4002.SECRET_ALTERED", how: "joins with a token that was signed with the secret and a line end behind it",
		run: func(ctx context.Context, e *environment) error {
			e.secret += "\n"
			return joinWith(gate.Grant{})(ctx, e)
		}},
	{key: "4002.EXPIRED", how: "joins with a token that expired an hour ago",
		run: func(ctx context.Context, e *environment) error {
			return joinWith(gate.Grant{IssuedAt: time.Now().Add(-2 * time.Hour), ExpiresIn: time.Hour})(ctx, e)
		}},
	{key: "4002.NOT_YET_VALID", how: "joins with a token that was issued in an hour, as by a wrong clock",
		run: func(ctx context.Context, e *environment) error {
			return joinWith(gate.Grant{IssuedAt: time.Now().Add(time.Hour)})(ctx, e)
		}},
	{key: "4003.NOT_FOUND", how: "joins a meeting that nobody made", place: record.DrillInAccount,
		run: joinAs(func(o *sdk.Options) { o.MeetingID = "none-none-none" })},
	{key: "4004.WHITESPACE", how: "joins as a participant whose id has a space",
		run: joinAs(func(o *sdk.Options) { o.ParticipantID = "a b" })},
	{key: "4004.TOO_LONG", how: "joins with a participant id of 200 characters",
		run: joinAs(func(o *sdk.Options) { o.ParticipantID = strings.Repeat("ann", 67) })},
	{key: "4004.MIXED_SCRIPTS", how: "joins with an id of Latin and Cyrillic letters that look alike",
		run: joinAs(func(o *sdk.Options) { o.ParticipantID = "аnn" })},
	{key: "4005.REPLACED", how: "joins twice with the same participant id",
		run: func(ctx context.Context, e *environment) error {
			if err := joinAs(func(o *sdk.Options) { o.ParticipantID = "drill-ann" })(ctx, e); err != nil {
				return err
			}
			return joinAs(func(o *sdk.Options) { o.ParticipantID = "drill-ann" })(ctx, e)
		}},
	{key: "4006.DEACTIVATED", how: "deactivates its account while somebody is in a meeting",
		place: record.DrillInOwnAccount,
		run: joined(func(ctx context.Context, e *environment, _ *sdk.Meeting) error {
			return e.closeAccount(ctx, record.AccountDeactivated, "")
		})},
	{key: "4007.DISCONTINUED", how: "discontinues its account with a message", place: record.DrillInOwnAccount,
		run: joined(func(ctx context.Context, e *environment, _ *sdk.Meeting) error {
			return e.closeAccount(ctx, record.AccountDiscontinued, "This account was discontinued for a drill.")
		})},
	{key: "4008.NO_ENTRY", how: "joins with a token that holds allow_mod and neither allow_join nor ask_join",
		run: joinWith(gate.Grant{Permissions: []string{gate.AllowMod}})},
	{key: "4008.UNKNOWN_PERMISSION", how: "joins with a token that holds a permission that does not exist",
		run: joinWith(gate.Grant{Permissions: []string{gate.AllowJoin, "allow_everything"}})},
	{key: "4009.LIMIT", how: "makes the meeting one of one person, and joins it as the second",
		run: full(record.Limits{Participants: 1})},
	{key: "4010.LIMIT", how: "makes the meeting one of one speaker, and joins it as the second",
		run: full(record.Limits{Speakers: 1})},
	{key: "4022.MISMATCH", how: "joins with a token of another meeting",
		run: joinWith(gate.Grant{MeetingID: "another-meeting"})},
	{key: "4023.MISMATCH", how: "joins with the token of another participant",
		run: joinWith(gate.Grant{ParticipantID: "somebody-else"},
			func(o *sdk.Options) { o.ParticipantID = "drill-ann" })},
	{key: "4024.JOIN_NEEDS_RTC", how: "joins with a token that is for REST",
		run: joinWith(gate.Grant{Roles: []string{gate.RoleCrawler}})},
	{key: "4026.LIMIT", how: "joins the meeting as one speaker more than the account may have",
		run: full(record.Limits{AccountSpeakers: 1})},
	{key: "4027.LIMIT", how: "joins the meeting as one SIGNALLING_ONLY participant more than the account may have",
		run: full(record.Limits{AccountViewers: 1}, func(o *sdk.Options) { o.Mode = sdk.SignallingOnly })},
	{key: "4041.LIMIT", how: "joins the meeting as one RECV_ONLY participant more than the account may have",
		run: full(record.Limits{AccountReceivers: 1}, func(o *sdk.Options) { o.Mode = sdk.RecvOnly })},
	{key: "4052.DEACTIVATED", how: "disables its meeting, and joins it", place: record.DrillInAccount,
		run: func(ctx context.Context, e *environment) error {
			e.undo = append(e.undo, func(ctx context.Context) {
				_, _ = e.o.Store.SetMeetingDisabled(ctx, e.account, e.meeting, false, time.Now()) // the meeting is the drill's
			})
			if _, err := e.o.Store.SetMeetingDisabled(ctx, e.account, e.meeting, true, time.Now()); err != nil {
				return err
			}
			return joinWith(gate.Grant{})(ctx, e)
		}},
	{key: "4053.DEACTIVATED", how: "deactivates its API key while somebody is in the meeting with a token of it",
		run: joined(func(_ context.Context, e *environment, _ *sdk.Meeting) error {
			e.o.Meetings.CloseKey(e.apiKey, gate.KeyFault(e.setKeyState(record.KeyDeactivated)))
			return nil
		})},
	{key: "4101.DENIED", how: "asks to enter and is denied by a host of its own",
		run: func(ctx context.Context, e *environment) error {
			host, err := e.join(ctx, gate.Grant{Permissions: []string{gate.AllowJoin, gate.AllowMod}})
			if err != nil {
				return err
			}
			host.OnEntryRequested(func(r sdk.EntryRequested) {
				// the guest is told what became of it
				go func() { _ = host.RespondEntry(ctx, r.ParticipantID, sdk.Denied) }()
			})
			return joinWith(gate.Grant{Permissions: []string{"ask_join"}})(ctx, e)
		}},
	{key: "4101.LOCKED", how: "locks the meeting, and joins it as somebody new",
		run: joined(func(ctx context.Context, e *environment, m *sdk.Meeting) error {
			if err := m.Lock(ctx); err != nil {
				return err
			}
			return joinWith(gate.Grant{})(ctx, e)
		})},
	{key: "4103.BY_MODERATOR", how: "is removed by a moderator", run: func(ctx context.Context, e *environment) error {
		host, err := e.join(ctx, gate.Grant{Permissions: []string{gate.AllowJoin, gate.AllowMod}})
		if err != nil {
			return err
		}
		guest, err := e.join(ctx, gate.Grant{})
		if err != nil {
			return err
		}
		return other(ctx, host, guest, (*sdk.Participant).Remove)
	}},
	{key: "4103.BY_API", how: "is removed over REST",
		run: joined(func(ctx context.Context, e *environment, m *sdk.Meeting) error {
			return e.rest(ctx, "POST", "/v2/sessions/participants/remove", map[string]any{
				"roomId": e.meeting, "participantId": m.LocalParticipant().ID(), "sessionId": m.SessionID(),
			}, nil)
		})},
	{key: "4104.BY_API", how: "ends the session of the meeting over REST, for everybody in it",
		run: joined(func(ctx context.Context, e *environment, _ *sdk.Meeting) error {
			return e.rest(ctx, "POST", "/v2/sessions/end", map[string]any{"roomId": e.meeting}, nil)
		})},
	{key: "5101.DRAINING", how: "refuses joins of the meeting as a server that shuts down does",
		run: func(ctx context.Context, e *environment) error {
			e.o.Causes.change(e.meeting, func(m *meetingCauses) { m.drained = true })
			return joinWith(gate.Grant{})(ctx, e)
		}},
	{key: "5102.STOPPED", how: "ends the session of the meeting as a server that shuts down does, and refuses joins",
		run: joined(func(ctx context.Context, e *environment, _ *sdk.Meeting) error {
			e.o.Causes.change(e.meeting, func(m *meetingCauses) { m.drained = true })
			e.o.Meetings.EndFailed(ctx, e.account, e.meeting, "", fault.ServerShutdownStopped(1))
			return nil
		})},
}

func joinToken(token string) func(context.Context, *environment) error {
	return func(ctx context.Context, e *environment) error {
		_, err := e.joinWith(ctx, token)
		return err
	}
}

// full joins, sets limits for the meeting, and joins once more.
func full(limits record.Limits, change ...func(*sdk.Options)) func(context.Context, *environment) error {
	return func(ctx context.Context, e *environment) error {
		if err := joinWith(gate.Grant{}, change...)(ctx, e); err != nil {
			return err
		}
		e.limit(limits)
		return joinWith(gate.Grant{}, change...)(ctx, e)
	}
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
