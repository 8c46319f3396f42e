package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

func TestFaults(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		c := newCall(t, open(t, url))
		ctx := t.Context()
		key, _, err := c.s.CreateKey(ctx, record.NewKey{AccountID: c.account.ID})
		require.NoError(t, err)

		save := func(f *fault.Error, sec int) *fault.Error {
			f.At = fault.InstantOf(after(sec))
			f.Details["note\x00"] = "a\x00b"
			require.NoError(t, c.s.SaveFault(ctx, f))
			return f
		}
		now := time.Now().UTC().Truncate(time.Millisecond)
		at := int(now.Sub(after(0)) / time.Second)
		inMeeting := save(fault.MaxParticipantReachedLimit(5, 5, "account").WithMeeting(c.meeting.ID, c.session, "ann"), at)
		wrongSecret := save(fault.InvalidTokenSignatureMismatch(key.ID, "HS256"), at+1)
		unknownKey := save(fault.InvalidAPIKeyUnknownKey("nobody"), at+2)
		expired := save(fault.InvalidTokenExpired(1, 2, 3, 4).WithMeeting(c.meeting.ID, "", "bob\x00"), at+3)
		require.NoError(t, c.s.SaveFault(ctx, inMeeting), "one incident is one entry")

		for _, l := range []struct {
			name   string
			filter record.FaultFilter
			want   []*fault.Error
		}{
			{"all, newest first", record.FaultFilter{}, []*fault.Error{expired, unknownKey, wrongSecret, inMeeting}},
			{
				"account, by meeting or key", record.FaultFilter{AccountID: c.account.ID},
				[]*fault.Error{expired, wrongSecret, inMeeting},
			},
			{"meeting", record.FaultFilter{MeetingID: c.meeting.ID}, []*fault.Error{expired, inMeeting}},
			{"session", record.FaultFilter{SessionID: c.session}, []*fault.Error{inMeeting}},
			{"participant", record.FaultFilter{ParticipantID: "bob\x00"}, []*fault.Error{expired}},
			{"code", record.FaultFilter{Code: 4002}, []*fault.Error{expired, wrongSecret}},
			{"code and reason", record.FaultFilter{Code: 4002, Reason: "EXPIRED"}, []*fault.Error{expired}},
			{"from", record.FaultFilter{From: after(at + 2)}, []*fault.Error{expired, unknownKey}},
			{"to", record.FaultFilter{To: after(at)}, []*fault.Error{inMeeting}},
			{"nothing", record.FaultFilter{Reason: "NOPE"}, nil},
		} {
			got, err := c.s.Faults(ctx, l.filter, record.Page{})
			require.NoError(t, err, l.name)
			require.Equal(t, len(l.want), got.Total, l.name)
			var ids, want []string
			for _, f := range got.Items {
				ids = append(ids, f.ID)
			}
			for _, f := range l.want {
				want = append(want, f.ID)
			}
			require.Equal(t, want, ids, l.name)
		}

		got, err := c.s.Faults(ctx, record.FaultFilter{SessionID: c.session}, record.Page{})
		require.NoError(t, err)
		f := got.Items[0]
		require.Equal(t, c.account.ID, f.AccountID)
		require.Equal(
			t,
			[]any{
				inMeeting.Code,
				inMeeting.Name,
				inMeeting.Message,
				inMeeting.Reason,
				inMeeting.Detail,
				inMeeting.Remedy,
				inMeeting.At,
				inMeeting.ParticipantID,
			},
			[]any{f.Code, f.Name, f.Message, f.Reason, f.Detail, f.Remedy, f.At, f.ParticipantID},
		)
		require.EqualValues(t, 5, f.Details["limit"])
	})
}

func TestTrimFaults(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		var ids []string
		for i := range 10 {
			f := fault.InvalidTokenEmpty()
			f.At = fault.InstantOf(after(i))
			require.NoError(t, s.SaveFault(ctx, f))
			ids = append(ids, f.ID)
		}
		left := func() []string {
			got, err := s.Faults(ctx, record.FaultFilter{}, record.Page{})
			require.NoError(t, err)
			var out []string
			for _, f := range got.Items {
				out = append([]string{f.ID}, out...)
			}
			return out
		}
		require.NoError(t, s.TrimFaults(ctx, after(3).Add(30*24*time.Hour)))
		require.Equal(t, ids[3:], left(), "by age")
	})
}

func TestFaultDaysOfAccount(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		c, ctx := newCall(t, open(t, url)), t.Context()
		_, err := c.s.UpdateAccount(ctx, c.account.ID, func(a *record.Account) {
			a.Settings = record.Settings{FaultDays: 60}
		})
		require.NoError(t, err)
		ours := fault.MaxParticipantReachedLimit(5, 5, "account").WithMeeting(c.meeting.ID, c.session, "ann")
		others := fault.InvalidTokenEmpty()
		for _, f := range []*fault.Error{ours, others} {
			f.At = fault.InstantOf(after(0))
			require.NoError(t, c.s.SaveFault(ctx, f))
		}
		for _, trimmed := range []struct {
			days int
			want []string
		}{{59, []string{ours.ID}}, {61, nil}} {
			require.NoError(t, c.s.TrimFaults(ctx, after(0).AddDate(0, 0, trimmed.days)))
			got, err := c.s.Faults(ctx, record.FaultFilter{}, record.Page{})
			require.NoError(t, err)
			var left []string
			for _, f := range got.Items {
				left = append(left, f.ID)
			}
			require.Equal(t, trimmed.want, left, "after %d days", trimmed.days)
		}
	})
}

const faultsKept = 1000 // of one reason of one account

// Whatever comes without an account, or under the name of an account's key, takes nothing from what its meetings
// reported.
func TestUnauthenticatedFaultsEvictNoneOfAnAccount(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		c := newCall(t, open(t, url))
		ctx := t.Context()
		key, _, err := c.s.CreateKey(ctx, record.NewKey{AccountID: c.account.ID})
		require.NoError(t, err)
		own := fault.MaxParticipantReachedLimit(5, 5, "account").WithMeeting(c.meeting.ID, c.session, "ann")
		require.NoError(t, c.s.SaveFault(ctx, own))
		for i := range faultsKept + 60 {
			if i%3 == 0 {
				require.NoError(t, c.s.SaveFault(ctx, fault.NotFoundRoute("GET", "/x")))
			}
			require.NoError(t, c.s.SaveFault(ctx, fault.InvalidTokenSignatureMismatch(key.ID, "HS256")))
		}
		count := func(want record.FaultFilter) int {
			got, err := c.s.Faults(ctx, want, record.Page{})
			require.NoError(t, err)
			return got.Total
		}
		require.Equal(t, 1, count(record.FaultFilter{AccountID: c.account.ID, Code: own.Code}), "it was evicted")
		require.LessOrEqual(t, count(record.FaultFilter{AccountID: c.account.ID}), faultsKept+50)
		require.LessOrEqual(t, count(record.FaultFilter{}), faultsKept+50+250)
	})
}

// The webhook of a meeting hears of what happened in it and, with a token of its account, at its door: of refusals of
// one reason once in a minute.
func TestErrorEventsOfFaults(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		account := newAccount(t, s, "Ann")
		hooked := func() record.Meeting {
			m, _, err := s.CreateMeeting(ctx, record.Meeting{AccountID: account.ID,
				Config: record.MeetingConfig{
					Webhook: &record.Webhook{EndPoint: "https://example.com/hook", Events: []string{"*"}},
				}})
			require.NoError(t, err)
			return m
		}
		one, two := hooked(), hooked()
		told := 0
		save := func(f *fault.Error, at time.Time, tells bool, why string) *fault.Error {
			f.At = fault.InstantOf(at)
			require.NoError(t, s.SaveFault(ctx, f))
			if tells {
				told++
			}
			n, err := s.WaitingWebhooks(ctx)
			require.NoError(t, err)
			require.Equal(t, told, n, why)
			return f
		}
		revoked := func() *fault.Error { return fault.InvalidAPIKeyKeyRevoked("key", "since") }
		now := time.Now().UTC().Truncate(time.Millisecond)
		save(revoked().WithMeeting(one.ID, "", "bob"), now, false, "whoever has no good token may name any meeting")
		save(revoked().WithAccount(account.ID).
			WithMeeting(one.ID, "", "bob"), now.Add(2*time.Minute), true, "refused with a good token")
		save(
			revoked().WithAccount(account.ID).WithMeeting(one.ID, "", "bob"),
			now.Add(2*time.Minute+30*time.Second),
			false,
			"again within a minute",
		)
		save(
			revoked().WithAccount(account.ID).WithMeeting(two.ID, "", "bob"),
			now.Add(2*time.Minute+30*time.Second),
			true,
			"another meeting",
		)
		save(revoked().WithAccount(account.ID).WithMeeting(one.ID, "", "bob"), now.Add(4*time.Minute), true, "later")
		save(
			fault.InvalidTokenExpired(1, 2, 3, 4).WithAccount(account.ID).WithMeeting(one.ID, "", "bob"),
			now,
			false,
			"the catalogue promises none",
		)

		ended := save(fault.MeetingEndedByAPI().WithMeeting(one.ID, "session-1", ""), now, true, "in a session")
		save(ended, now, false, "one incident, once")
		other := *ended
		save(other.WithMeeting(two.ID, "session-2", ""), now, true, "one incident in two meetings")

		got, err := s.Fault(ctx, account.ID, ended.ID)
		require.NoError(t, err)
		require.Equal(t, ended.ID, got.ID)
		for _, wrong := range [][2]string{{"other", ended.ID}, {account.ID, "flt_nosuch"}, {account.ID, "\x00"}} {
			_, err = s.Fault(ctx, wrong[0], wrong[1])
			require.ErrorAs(t, err, new(*record.NotFoundError))
		}
	})
}
