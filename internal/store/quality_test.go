package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/quality"
	"github.com/klatch/klatch/internal/store"
)

// packedMinute is as long as a minute of a participant who sends and receives sound, a camera and a shared screen:
// internal/quality measures that.
const packedMinute = 720

func qualityRow(r *rand.Rand, session, participant string, at time.Time) quality.Row {
	packed := make([]byte, packedMinute)
	for i := range packed {
		packed[i] = byte(r.Uint32()) // nothing that a database could compress
	}
	return quality.Row{SessionID: session, ParticipantID: participant, At: at, Packed: packed}
}

func rowsOf(t *testing.T, s *store.Store, session, participant string, from, to time.Time) (rows []quality.Row) {
	t.Helper()
	require.NoError(t, s.Quality(t.Context(), session, participant, from, to, func(r quality.Row) error {
		rows = append(rows, r)
		return nil
	}))
	return rows
}

func TestQuality(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, err := openWithKey(t, url, testKey)
		require.NoError(t, err)
		defer func() { require.NoError(t, s.Close()) }()
		r := rand.New(rand.NewPCG(1, 2))
		midnight := time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)
		late := midnight.Add(-time.Minute)
		kept := []quality.Row{
			qualityRow(r, "night", "ann", late), qualityRow(r, "night", "bob", late),
			qualityRow(r, "night", "ann", midnight), qualityRow(r, "another", "ann", midnight),
		}
		require.NoError(t, s.SaveQuality(t.Context(), kept))
		again := kept[0]
		again.Packed = []byte{1}
		require.NoError(t, s.SaveQuality(t.Context(), []quality.Row{again}), "what is there already stays")
		require.NoError(t, s.SaveQuality(t.Context(), nil))

		from, to := late.Add(-time.Hour), midnight.Add(time.Hour)
		require.Equal(t, kept[:3], rowsOf(t, s, "night", "", from, to), "over midnight")
		require.Equal(t, []quality.Row{kept[0], kept[2]}, rowsOf(t, s, "night", "ann", from, to))
		require.Equal(t, kept[:2], rowsOf(t, s, "night", "", from, late))
		require.Empty(t, rowsOf(t, s, "night", "kim", from, to))
		require.Empty(t, rowsOf(t, s, "night\x00", "\xff", from, to))

		calls := 0
		for more := true; more; calls++ {
			more, err = s.TrimQuality(t.Context(), midnight.Add(time.Hour))
			require.NoError(t, err)
		}
		require.Equal(t, 2, calls, "one session a call")
		require.Equal(t, kept[2:3], rowsOf(t, s, "night", "", from, to), "the day that is not over stays")
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		require.Error(t, s.SaveQuality(ended, kept))
	})
}

// TestQualityCosts measures what many participant-minutes take, and how fast a session of 200 participants is read
// among them. KLATCH_QUALITY_MINUTES is how many; make quality has a million.
func TestQualityCosts(t *testing.T) {
	minutes, limit := 6_000, 20*time.Second // on a machine that is busy with other tests
	if n, err := strconv.Atoi(os.Getenv("KLATCH_QUALITY_MINUTES")); err == nil {
		minutes, limit = n, 2*time.Second
	}
	each(t, func(t *testing.T, url string) {
		s, err := openWithKey(t, url, testKey)
		require.NoError(t, err)
		defer func() { require.NoError(t, s.Close()) }()
		r := rand.New(rand.NewPCG(3, 4))
		start := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
		const people, long = 100, 60 // of one session, participants and minutes
		before, err := s.Size(t.Context())
		require.NoError(t, err)
		began := time.Now()
		sessions := minutes / people / long
		for minute := range long { // sessions run beside each other, as they do
			var rows []quality.Row
			for session := range sessions {
				for i := range people {
					rows = append(rows, qualityRow(r, fmt.Sprintf("session-%018d", session), fmt.Sprintf("participant-%d", i),
						start.Add(time.Duration(minute)*time.Minute)))
				}
			}
			require.NoError(t, s.SaveQuality(t.Context(), rows))
		}
		wrote := time.Since(began)
		after, err := s.Size(t.Context())
		require.NoError(t, err)
		each := float64(after-before) / float64(sessions*people*long)
		began = time.Now()
		require.Len(t, rowsOf(t, s, fmt.Sprintf("session-%018d", sessions/2), "", start, start.Add(3*time.Hour)), people*long)
		read := time.Since(began)
		began = time.Now()
		more, err := s.TrimQuality(t.Context(), start.Add(48*time.Hour))
		require.NoError(t, err)
		require.True(t, more)
		t.Logf(
			"%d participant-minutes: %.0f bytes and %s to write for each, %s to read the %d of a session, %s to remove them",
			sessions*people*long,
			each,
			wrote/time.Duration(sessions*people*long),
			read,
			people*long,
			time.Since(began),
		)
		require.Less(t, each, 1000.0)
		require.Less(t, read, limit)
	})
}
