package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
)

// countedAt is when the counts of these tests are asked for.
var countedAt = time.Date(2026, 11, 27, 12, 30, 0, 0, time.UTC)

// countedFaults saves a small timeline of two accounts, and returns their ids in the order of the arguments below.
func countedFaults(t *testing.T, s *store.Store, account, other string) (ids []string) {
	t.Helper()
	chrome, firefox := fault.Client{
		SDK:     "web/0.9.0",
		Browser: "Chrome/141",
	}, fault.Client{
		SDK:     "web/0.8.0",
		Browser: "Firefox/140",
	}
	expired := func() *fault.Error { return fault.InvalidTokenExpired(1, 2, 3, 4) }
	limit := func() *fault.Error { return fault.MaxParticipantReachedLimit(5, 5, "account") }
	for _, each := range []struct {
		f             *fault.Error
		account, room string
		client        fault.Client
		ago           time.Duration
	}{
		{expired(), account, "m1", chrome, 10 * time.Minute},               // at 12:20
		{expired(), account, "m1", chrome, 2 * time.Hour},                  // at 10:30
		{expired(), account, "m2", firefox, 125 * time.Minute},             // at 10:25
		{limit(), account, "m1", chrome, 25 * time.Hour},                   // at 11:30 of the day before
		{limit(), account, "m2", fault.Client{SDK: "go/1"}, 1 * time.Hour}, // at 11:30
		{expired(), other, "m3", chrome, 10 * time.Minute},
		{expired(), other, "m3", chrome, 5 * time.Minute},
		{fault.InvalidTokenEmpty(), "", "", firefox, 5 * time.Minute},
	} {
		f := each.f.WithClient(each.client)
		if each.account != "" {
			f = f.WithAccount(each.account).WithMeeting(each.room, "of "+each.room, "ann")
		}
		f.At = fault.InstantOf(countedAt.Add(-each.ago))
		require.NoError(t, s.SaveFault(t.Context(), f))
		ids = append(ids, f.ID)
	}
	return ids
}

// groupsOf writes groups as "key count first last byHours", where times are minutes ago.
func groupsOf(t *testing.T, s *store.Store, want record.FaultFilter, by record.FaultGroup) (list []string) {
	t.Helper()
	got, err := s.FaultGroups(t.Context(), want, by, countedAt)
	require.NoError(t, err)
	ago := func(at time.Time) int { return int(countedAt.Sub(at) / time.Minute) }
	for _, g := range got.Groups {
		key := g.Key
		if g.Code != 0 {
			key = strings.TrimSuffix(fmt.Sprintf("%d.%s", g.Code, g.Reason), ".")
		}
		trend := ""
		for hour, n := range g.ByHours {
			if n > 0 {
				trend += fmt.Sprintf(" %d:%d", hour, n)
			}
		}
		list = append(list, fmt.Sprintf("%s %d %d-%d%s", key, g.Count, ago(g.First), ago(g.Last), trend))
	}
	return list
}

func TestFaultGroups(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s := open(t, url)
		account, other := newAccount(t, s, "Ann").ID, newAccount(t, s, "Bob").ID
		ids := countedFaults(t, s, account, other)
		mine := record.FaultFilter{AccountID: account}
		days := record.FaultFilter{AccountID: account, From: countedAt.Add(-48 * time.Hour)}
		hour := record.FaultFilter{
			AccountID: account, From: countedAt.Add(-3 * time.Hour), To: countedAt.Add(-2 * time.Hour),
		}
		for _, tt := range []struct {
			name string
			want record.FaultFilter
			by   record.FaultGroup
			list []string
		}{
			{"reasons", mine, record.ByReason, []string{"4002.EXPIRED 3 125-10 21:2 23:1", "4009.LIMIT 1 60-60 22:1"}},
			{"codes", mine, record.ByCode, []string{"4002 3 125-10 21:2 23:1", "4009 1 60-60 22:1"}},
			{"SDKs", mine, record.BySDK,
				[]string{"web/0.9.0 2 120-10 21:1 23:1", "go/1 1 60-60 22:1", "web/0.8.0 1 125-125 21:1"}},
			{"browsers", mine, record.ByBrowser,
				[]string{"Chrome/141 2 120-10 21:1 23:1", " 1 60-60 22:1", "Firefox/140 1 125-125 21:1"}},
			{"rooms", mine, record.ByRoom, []string{"m1 2 120-10 21:1 23:1", "m2 2 125-60 21:1 22:1"}},
			{"two days, in steps of 3 hours", days, record.ByReason,
				[]string{"4002.EXPIRED 3 125-10 23:3", "4009.LIMIT 2 1500-60 15:1 23:1"}},
			{"two days of rooms", days, record.ByRoom, []string{"m1 3 1500-10 15:1 23:2", "m2 2 125-60 23:2"}},
			{"an hour", hour, record.ByReason, []string{"4002.EXPIRED 2 125-120 23:2"}},
			{"a name of an SDK", record.FaultFilter{AccountID: account, SDK: "web"}, record.ByReason,
				[]string{"4002.EXPIRED 3 125-10 21:2 23:1"}},
			{"a version of an SDK", record.FaultFilter{AccountID: account, SDK: "web/0.8.0"}, record.ByReason,
				[]string{"4002.EXPIRED 1 125-125 21:1"}},
			{"a part of a name", record.FaultFilter{AccountID: account, SDK: "we"}, record.ByReason, nil},
			{"a browser", record.FaultFilter{AccountID: account, Browser: "Firefox"}, record.BySDK,
				[]string{"web/0.8.0 1 125-125 21:1"}},
			{"a reason", record.FaultFilter{AccountID: account, Reason: "LIMIT"}, record.BySDK, []string{"go/1 1 60-60 22:1"}},
			{"a code", record.FaultFilter{AccountID: account, Code: 4009}, record.ByRoom, []string{"m2 1 60-60 22:1"}},
			{"a room", record.FaultFilter{AccountID: account, MeetingID: "m1"}, record.ByReason,
				[]string{"4002.EXPIRED 2 120-10 21:1 23:1"}},
			{"the room of another account", record.FaultFilter{AccountID: account, MeetingID: "m3"}, record.ByReason, nil},
			{"a text", record.FaultFilter{AccountID: account, Text: "clock difference"}, record.ByRoom,
				[]string{"m1 2 120-10 21:1 23:1", "m2 1 125-125 21:1"}},
			{"another account", record.FaultFilter{AccountID: other}, record.ByReason, []string{"4002.EXPIRED 2 10-5 23:2"}},
			{"all accounts", record.FaultFilter{}, record.ByReason,
				[]string{"4002.EXPIRED 5 125-5 21:2 23:3", "4002.EMPTY 1 5-5 23:1", "4009.LIMIT 1 60-60 22:1"}},
			{"rooms of all accounts", record.FaultFilter{}, record.ByRoom,
				[]string{"m3 2 10-5 23:2", "m1 2 120-10 21:1 23:1", "m2 2 125-60 21:1 22:1"}},
			{"no such account", record.FaultFilter{AccountID: "nobody"}, record.ByReason, nil},
			{"the future", record.FaultFilter{From: countedAt.Add(time.Hour)}, record.ByReason, nil},
		} {
			require.Equal(t, tt.list, groupsOf(t, s, tt.want, tt.by), tt.name)
		}
		got, err := s.FaultGroups(t.Context(), mine, record.ByReason, countedAt)
		require.NoError(t, err)
		require.Equal(t, ids[0], got.Groups[0].LastID)
		require.Equal(t, time.Hour, got.Step)
		require.Equal(t, countedAt.Truncate(time.Hour).Add(-23*time.Hour), got.From)
		require.False(t, got.Sampled)
		require.Zero(t, got.More)

		history, err := s.FaultHistory(t.Context(), account, 4002, "EXPIRED", countedAt)
		require.NoError(t, err)
		require.Equal(t, record.FaultHistory{
			Count24h: 3, FirstSeen: countedAt.Add(-125 * time.Minute), FirstSDK: "web/0.8.0",
		}, history)
		history, err = s.FaultHistory(t.Context(), other, 4009, "LIMIT", countedAt)
		require.NoError(t, err)
		require.Zero(t, history)
	})
}

// A client names itself: past 200 names of an account in an hour, others are one.
func TestManyClientsAreCountedAsOne(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s := open(t, url)
		account := newAccount(t, s, "Ann").ID
		for i := range 205 {
			f := fault.InvalidTokenExpired(1, 2, 3, 4).WithAccount(account).WithClient(fault.Client{SDK: fmt.Sprintf("x/%d", i)})
			f.At = fault.InstantOf(countedAt)
			require.NoError(t, s.SaveFault(t.Context(), f))
		}
		got, err := s.FaultGroups(t.Context(), record.FaultFilter{AccountID: account}, record.BySDK, countedAt)
		require.NoError(t, err)
		require.Equal(t, "other", got.Groups[0].Key)
		require.Equal(t, 5, got.Groups[0].Count)
		require.Len(t, got.Groups, 100)
		require.Equal(t, 101, got.More)
	})
}

func TestFaultSearch(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s := open(t, url)
		account, other := newAccount(t, s, "Ann").ID, newAccount(t, s, "Bob").ID
		texts := []string{`100%_done!`, `say "hi" it's`, `back\slash`, `größe`, `<a&b>`}
		ids := map[string]string{}
		for _, source := range texts {
			f := fault.StartingVideoSourceAbsent(source).WithAccount(account)
			require.NoError(t, s.SaveFault(t.Context(), f))
			ids[f.ID] = source
			require.NoError(t, s.SaveFault(t.Context(), fault.StartingVideoSourceAbsent(source).WithAccount(other)))
		}
		for q, want := range map[string][]string{
			`100%_done!`: {`100%_done!`}, `%`: {`100%_done!`}, `%_`: {`100%_done!`}, `!`: {`100%_done!`},
			`o%e`: nil, `d_ne`: nil, `100!%`: nil, `DONE`: {`100%_done!`},
			`"hi"`: {`say "hi" it's`}, `it's`: {`say "hi" it's`}, `' OR 1=1 --`: nil, `\`: {`back\slash`},
			`\s`: {`back\slash`}, `größe`: {`größe`}, `<a&b>`: {`<a&b>`},
			"a\x00b": nil, "\xff\xfe": nil, `not stored`: nil,
			strings.Repeat("a", 1<<20): nil, strings.Repeat("%", 1<<20): nil, strings.Repeat(`"`, 40_000): nil,
		} {
			list, err := s.Faults(t.Context(), record.FaultFilter{AccountID: account, Text: q}, record.Page{})
			name := fmt.Sprintf("%.20q", q)
			require.NoError(t, err, name)
			require.Equal(t, len(want), list.Total, name)
			var found []string
			for _, f := range list.Items {
				found = append(found, ids[f.ID])
			}
			require.Equal(t, want, found, name)
			_, err = s.FaultGroups(t.Context(), record.FaultFilter{AccountID: account, Text: q}, record.ByReason, time.Now())
			require.NoError(t, err, name)
		}
		list, err := s.Faults(t.Context(), record.FaultFilter{Text: `größe`}, record.Page{Size: 1})
		require.NoError(t, err)
		require.Equal(t, 2, list.Total, "of all accounts")
		require.Len(t, list.Items, 1)
	})
}

func TestFaultCauses(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s := open(t, url)
		account, other := newAccount(t, s, "Ann").ID, newAccount(t, s, "Bob").ID
		second := 0
		save := func(account, cause string) *fault.Error {
			f := fault.StartingVideoSourceAbsent("x").WithAccount(account).CausedBy(cause)
			second++
			f.At = fault.InstantOf(countedAt.Add(time.Duration(second) * time.Second))
			require.NoError(t, s.SaveFault(t.Context(), f))
			return f
		}
		idsOf := func(list []record.Fault) (ids []string) {
			for _, f := range list {
				ids = append(ids, f.ID)
			}
			return ids
		}
		chain := []*fault.Error{save(account, "")}
		for range 12 {
			chain = append(chain, save(account, chain[len(chain)-1].ID))
		}
		causes, effects, err := s.FaultCauses(t.Context(), account, chain[2])
		require.NoError(t, err)
		require.Equal(t, []string{chain[1].ID, chain[0].ID}, idsOf(causes))
		require.Equal(t, []string{chain[3].ID}, idsOf(effects))
		causes, effects, err = s.FaultCauses(t.Context(), account, chain[12])
		require.NoError(t, err)
		require.Len(t, causes, 10)
		require.Equal(t, chain[11].ID, causes[0].ID)
		require.Empty(t, effects)

		root := save(account, "")
		var following []string
		for range 55 {
			following = append(following, save(account, root.ID).ID)
			save(other, root.ID)
		}
		_, effects, err = s.FaultCauses(t.Context(), account, root)
		require.NoError(t, err)
		require.Equal(t, following[5:], idsOf(effects), "the newest 50, oldest first, of the own account")

		theirs := save(other, "")
		mine := save(account, theirs.ID)
		causes, _, err = s.FaultCauses(t.Context(), account, mine)
		require.NoError(t, err)
		require.Empty(t, causes, "the cause of another account")
		causes, _, err = s.FaultCauses(t.Context(), "", mine)
		require.NoError(t, err)
		require.Equal(t, []string{theirs.ID}, idsOf(causes), "of all accounts")

		loop := fault.StartingVideoSourceAbsent("x").WithAccount(account)
		loop = loop.CausedBy(save(account, loop.ID).ID)
		require.NoError(t, s.SaveFault(t.Context(), loop))
		causes, effects, err = s.FaultCauses(t.Context(), account, loop)
		require.NoError(t, err)
		require.Len(t, causes, 1)
		require.Len(t, effects, 1)
		gone, _, err := s.FaultCauses(t.Context(), account, save(account, "flt_01JD0000000000000000000000"))
		require.NoError(t, err)
		require.Empty(t, gone)
	})
}

// The end of a fault is that of the participant who reported it: ids of others are known, and change nothing.
func TestClearFault(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s := open(t, url)
		account := newAccount(t, s, "Ann").ID
		f := fault.MediaConnectionLostPathLost("publish", time.Second, 3).WithAccount(account).WithMeeting("m", "s", "ann")
		require.NoError(t, s.SaveFault(t.Context(), f))
		ended := func(by *fault.Error, at time.Time) time.Time {
			require.NoError(t, s.ClearFault(t.Context(), record.Cleared{Fault: by, At: at, For: time.Second}))
			got, err := s.Fault(t.Context(), account, f.ID)
			require.NoError(t, err)
			return got.ClearedAt
		}
		for _, by := range []*fault.Error{f.WithMeeting("m", "s", "eve"), f.WithMeeting("m", "other", "ann")} {
			require.Zero(t, ended(by, countedAt))
		}
		require.Equal(t, countedAt, ended(f, countedAt))
		require.Equal(t, countedAt, ended(f, countedAt.Add(time.Hour)), "it ends once")
	})
}
