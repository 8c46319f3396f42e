package store_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// Whatever a meeting reports, in whatever order: intervals of one thing do not overlap within a participation, none
// outlives its participation, a participation has one mode at a time, and nothing stays open in a session that ended.
func TestTimelineUnderLoad(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "klatch.db"))
	ctx := t.Context()
	account := newAccount(t, s, "Ann")
	meeting := newMeeting(t, s, account.ID, "")
	sessions := 0

	rapid.Check(t, func(t *rapid.T) {
		sessions++
		session := fmt.Sprint("session-", sessions)
		require.NoError(
			t,
			s.SessionStarted(
				ctx,
				record.NewSession{ID: session, AccountID: account.ID, MeetingID: meeting.ID, StartedAt: at},
			),
		)
		clock := at
		id := rapid.SampledFrom([]string{"ann", "bob"})
		mode := rapid.SampledFrom(wire.Modes)
		participations := map[string]int{} // all there were
		open := map[string]int{}           // those that go on
		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) {
				clock = clock.Add(time.Second)
				for who, count := range participations {
					p, err := s.Participant(ctx, account.ID, session, who)
					require.NoError(t, err)
					require.Len(t, p.Participations, count)
					checkTimeline(t, p, open[who])
				}
			},
			"join": func(t *rapid.T) {
				who := id.Draw(t, "who")
				participations[who]++
				open[who]++
				require.NoError(
					t,
					s.ParticipantJoined(
						ctx,
						record.NewParticipation{
							SessionID:     session,
							ParticipantID: who,
							Mode:          mode.Draw(t, "mode"),
							JoinedAt:      clock,
						},
					),
				)
			},
			"leave": func(t *rapid.T) {
				who := id.Draw(t, "who")
				open[who] = max(0, open[who]-1)
				require.NoError(t, s.ParticipantLeft(ctx, session, who, clock, wire.ManualLeave.Reason()))
			},
			"mode": func(t *rapid.T) {
				require.NoError(t, s.ModeChanged(ctx, session, id.Draw(t, "who"), mode.Draw(t, "mode"), clock))
			},
			"stream": func(t *rapid.T) {
				require.NoError(
					t,
					s.StreamChanged(
						ctx,
						session,
						id.Draw(t, "who"),
						rapid.SampledFrom(wire.Kinds).Draw(t, "kind"),
						rapid.Bool().Draw(t, "on"),
						clock,
					),
				)
			},
			"end": func(t *rapid.T) {
				clear(open)
				require.NoError(t, s.SessionEnded(ctx, session, clock))
			},
		})
	})
}

func checkTimeline(t *rapid.T, p record.Participant, openParticipations int) {
	count := func(spans []record.Span) (open int) {
		for _, span := range spans {
			if span.End.IsZero() {
				open++
				continue
			}
			require.False(t, span.End.Before(span.Start), "ends before it starts")
		}
		return open
	}
	require.Equal(t, openParticipations, count(p.Participations), "open participations")
	var modes []record.Span
	for _, mode := range p.Modes {
		modes = append(modes, mode.Span)
	}
	require.Equal(t, openParticipations, count(modes), "each open participation has one mode")
	for kind, spans := range p.Streams {
		require.LessOrEqual(t, count(spans), openParticipations, kind)
	}
}
