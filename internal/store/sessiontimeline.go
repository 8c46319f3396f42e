package store

import (
	"context"
	"slices"
	"time"

	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// absence is the word in intervals.what for a stretch in which a participant's signaling was cut, and then resumed.
const absence = "absence"

// StreamCodec notes the codec of a stream that is on.
func (s *Store) StreamCodec(ctx context.Context, sessionID, participantID string, kind wire.Kind, codec string) error {
	return opError("the codec of a stream", s.inSession(ctx, sessionID, func(c conn) error {
		_, err := s.exec(ctx, c, `UPDATE intervals SET codec = ? WHERE ended_at IS NULL AND what = ? AND stay_id = `+
			newestParticipation, sanitize(codec), kind, sessionID, participantID)
		return err
	}))
}

// ConnectionResumed notes that a participant's signaling was cut at one time and came back at another.
func (s *Store) ConnectionResumed(ctx context.Context, sessionID, participantID string, cut, back time.Time) error {
	return opError("a reconnect", s.inSession(ctx, sessionID, func(c conn) error {
		_, err := s.exec(ctx, c, `INSERT INTO intervals (stay_id, what, started_at, ended_at)
			SELECT t.id, ?, ?, ? FROM stays t WHERE t.id = `+newestParticipation, absence, toMs(cut), toMs(back), sessionID,
			participantID)
		return err
	}))
}

// Timeline returns what happened in a session of an account.
func (s *Store) Timeline(ctx context.Context, accountID, sessionID string) (record.Timeline, error) {
	const op = "the query for a timeline"
	var out record.Timeline
	if err := s.owns(ctx, accountID, sessionID); err != nil {
		return out, opError(op, err)
	}
	err := s.rows(ctx, s.read, func(row scanner) error {
		var stay record.Stay
		var client wire.ClientInfo
		err := row.Scan(&stay.ParticipantID, &stay.Name, &stay.APIKey, msTime{&stay.JoinedAt}, msTime{&stay.LeftAt},
			&stay.LeaveCode, jsonText{&client})
		stay.SDKType, stay.SDKVersion = client.SDKType, client.SDKVersion
		stay.Platform, stay.UserAgent = client.Platform, client.BrowserUserAgent
		out.Stays = append(out.Stays, stay)
		return err
	}, `SELECT t.participant_id, t.name, t.api_key, t.joined_at, t.left_at, COALESCE(t.leave_code, 0), t.client
		FROM stays t WHERE t.session_id = ? ORDER BY t.id LIMIT ?`, sessionID, record.MaxTimeline+1)
	if err != nil {
		return out, opError(op, err)
	}
	intervals := 0
	err = s.rows(ctx, s.read, func(row scanner) error {
		var who, what, codec string
		var span record.Span
		if err := row.Scan(&who, &what, &codec, msTime{&span.Start}, msTime{&span.End}); err != nil {
			return err
		}
		if intervals++; intervals > record.MaxTimeline {
			return nil
		}
		switch {
		case what == absence:
			out.Absences = append(out.Absences, record.Absence{Span: span, ParticipantID: who})
		case slices.Contains(modeNames, what):
			mode := record.ModeSpan{Mode: wire.Mode(what), Span: span}
			out.Modes = append(out.Modes, record.StayMode{ModeSpan: mode, ParticipantID: who})
		default:
			out.Streams = append(out.Streams, record.StreamSpan{Span: span, ParticipantID: who, Kind: what, Codec: codec})
		}
		return nil
	}, `SELECT t.participant_id, i.what, i.codec, i.started_at, i.ended_at FROM intervals i
		JOIN stays t ON t.id = i.stay_id WHERE t.session_id = ? ORDER BY i.started_at, i.id LIMIT ?`, sessionID,
		record.MaxTimeline+1)
	out.Truncated = len(out.Stays) > record.MaxTimeline || intervals > record.MaxTimeline
	out.Stays = out.Stays[:min(len(out.Stays), record.MaxTimeline)]
	return out, opError(op, err)
}
