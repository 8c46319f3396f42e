package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/record"
)

func TestStreamKeys(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		a, b := newAccount(t, s, "Ann"), newAccount(t, s, "Bob")
		api, _, err := s.CreateKey(ctx, record.NewKey{AccountID: a.ID})
		require.NoError(t, err)
		m := newMeeting(t, s, a.ID, "")
		made, key, err := s.CreateStreamKey(ctx, record.NewStreamKey{
			AccountID: a.ID, APIKey: api.ID, MeetingID: m.ID, Name: "Hall camera", ExpiresAt: after(60),
		})
		require.NoError(t, err)
		require.Len(t, key, 26)
		require.Equal(t, "Hall camera", made.Name)
		require.True(t, strings.HasPrefix(made.ParticipantID, "rtmp-"))
		require.Equal(t, after(60), made.ExpiresAt)
		require.Equal(t, record.StreamKeyActive, made.State(after(59)))
		require.Equal(t, record.StreamKeyExpired, made.State(after(60)))

		found, err := s.FindStreamKey(ctx, key)
		require.NoError(t, err)
		require.Equal(t, made, found)
		for _, wrong := range []string{"", made.ID, strings.ToUpper(key), key + "x", "a\x00b", "\xff"} {
			_, err = s.FindStreamKey(ctx, wrong)
			notFound(t, err, "stream key")
		}
		other, otherKey, err := s.CreateStreamKey(ctx, record.NewStreamKey{
			AccountID: a.ID, APIKey: api.ID, MeetingID: newMeeting(t, s, a.ID, "").ID, ParticipantID: "cam",
		})
		require.NoError(t, err)
		require.NotEqual(t, key, otherKey)
		require.Equal(t, "cam", other.ParticipantID)
		require.True(t, other.ExpiresAt.IsZero())

		list, err := s.StreamKeys(ctx, a.ID, "", record.Page{})
		require.NoError(t, err)
		require.Equal(t, 2, list.Total)
		list, err = s.StreamKeys(ctx, a.ID, m.ID, record.Page{})
		require.NoError(t, err)
		require.Equal(t, []record.StreamKey{made}, list.Items)
		list, err = s.StreamKeys(ctx, b.ID, "", record.Page{})
		require.NoError(t, err)
		require.Zero(t, list.Total)

		for _, id := range []string{made.ID, "none", "", "a\x00b"} { // of another account, and none
			_, err = s.RevokeStreamKey(ctx, b.ID, id, after(1))
			notFound(t, err, "stream key")
			_, err = s.StreamKey(ctx, b.ID, id)
			notFound(t, err, "stream key")
		}
		for range 2 {
			revoked, err := s.RevokeStreamKey(ctx, a.ID, made.ID, after(1))
			require.NoError(t, err)
			require.Equal(t, after(1), revoked.RevokedAt)
			require.Equal(t, record.StreamKeyRevoked, revoked.State(after(0)))
		}
		found, err = s.FindStreamKey(ctx, key)
		require.NoError(t, err, "a revoked key is still found, to say since when")
		require.Equal(t, after(1), found.RevokedAt)

		if path, ok := strings.CutPrefix(url, "sqlite://"); ok {
			files, err := filepath.Glob(path + "*")
			require.NoError(t, err)
			for _, file := range files {
				raw, err := os.ReadFile(file)
				require.NoError(t, err)
				require.NotContains(t, string(raw), key, "the key itself is not kept")
			}
		}
	})
}
