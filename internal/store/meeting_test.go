package store_test

import (
	"encoding/json"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/record"
)

func TestMeetings(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		a, b := newAccount(t, s, "Ann"), newAccount(t, s, "Bob")
		config := record.MeetingConfig{
			Webhook:               &record.Webhook{EndPoint: "https://example.com/hook", Events: []string{"session-*"}},
			AutoClose:             &record.AutoCloseConfig{Type: record.SessionEnds, Duration: 480},
			AutoStart:             json.RawMessage(`{"recording":{"config":{"theme":"DARK"}}}`),
			GeoFence:              "eu001",
			MultiComposition:      record.MultiComposition{HLS: true},
			AllowedParticipantIDs: []string{"ann", "\x00 🙂"},
		}
		m, created, err := s.CreateMeeting(ctx, record.Meeting{AccountID: a.ID, CustomID: "standup", Config: config})
		require.NoError(t, err)
		require.True(t, created)
		require.Regexp(t, `^[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}$`, m.ID)
		require.Equal(t, config, m.Config)
		require.Equal(t, record.AutoClose{DurationMin: 480}, m.AutoClose())
		require.False(t, m.Disabled())

		again, created, err := s.CreateMeeting(ctx, record.Meeting{AccountID: a.ID, CustomID: "standup"})
		require.NoError(t, err)
		require.False(t, created)
		require.Equal(t, m, again)
		theirs := newMeeting(t, s, b.ID, "standup")
		require.NotEqual(t, m.ID, theirs.ID)
		plain, plain2 := newMeeting(t, s, a.ID, ""), newMeeting(t, s, a.ID, "")
		require.NotEqual(t, plain.ID, plain2.ID)
		require.Equal(t, record.MeetingConfig{}, plain.Config)

		for _, id := range []string{m.ID, "standup"} {
			got, err := s.Meeting(ctx, a.ID, id)
			require.NoError(t, err)
			require.Equal(t, m, got)
		}
		for _, id := range []string{"", "nope", theirs.ID, "stand\x00up", "\xff"} {
			_, err = s.Meeting(ctx, a.ID, id)
			notFound(t, err, "meeting")
		}
		same, created, err := s.CreateMeeting(ctx, record.Meeting{AccountID: a.ID, CustomID: plain.ID})
		require.NoError(t, err)
		require.False(t, created, "an id in the place of a custom id names the meeting that has it")
		require.Equal(t, plain, same)

		all, err := s.Meetings(ctx, a.ID, record.Page{Size: 2})
		require.NoError(t, err)
		require.Equal(t, 3, all.Total)
		require.Len(t, all.Items, 2)
		for _, item := range all.Items {
			require.NotEqual(t, theirs.ID, item.ID)
		}

		_, _, err = s.CreateMeeting(ctx, record.Meeting{AccountID: "nobody"})
		notFound(t, err, "account")
	})
}

func TestDisableMeeting(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		a, b := newAccount(t, s, "Ann"), newAccount(t, s, "Bob")
		m := newMeeting(t, s, a.ID, "standup")

		got, err := s.SetMeetingDisabled(ctx, a.ID, "standup", true, at)
		require.NoError(t, err)
		require.Equal(t, at, got.DisabledSince)
		got, err = s.SetMeetingDisabled(ctx, a.ID, m.ID, true, after(60))
		require.NoError(t, err)
		require.Equal(t, at, got.DisabledSince)
		got, err = s.SetMeetingDisabled(ctx, a.ID, m.ID, false, after(70))
		require.NoError(t, err)
		require.False(t, got.Disabled())
		require.NoError(t, s.MeetingDisabled(ctx, a.ID, m.ID, after(80)))
		got, err = s.Meeting(ctx, a.ID, m.ID)
		require.NoError(t, err)
		require.Equal(t, after(80), got.DisabledSince)

		_, err = s.SetMeetingDisabled(ctx, b.ID, m.ID, false, at)
		notFound(t, err, "meeting")
	})
}

func TestCustomIDIsMadeOnce(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s := open(t, url)
		a := newAccount(t, s, "Ann")
		var (
			wg   sync.WaitGroup
			mu   sync.Mutex // guards both below
			made int
			ids  = map[string]bool{}
		)
		for range 10 {
			wg.Go(func() {
				m, created, err := s.CreateMeeting(t.Context(), record.Meeting{AccountID: a.ID, CustomID: "standup"})
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				ids[m.ID] = true
				if created {
					made++
				}
			})
		}
		wg.Wait()
		require.Equal(t, 1, made)
		require.Len(t, ids, 1)
	})
}
