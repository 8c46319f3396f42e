package store

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// A participant is the sum of its participations (table stays). What it did in one, a mode it had or a stream it
// published, is an interval of that participation and ends with it at the latest. intervals.what holds a wire.Mode or a
// wire.Kind, or absence; no word is two of them.

// ParticipantJoined begins a participation, in the given mode. The webhook is told of the first of several
// participations at a time.
func (s *Store) ParticipantJoined(ctx context.Context, n record.NewParticipation) error {
	const op = "the entry of a participant"
	client, err := toJSON(n.Client)
	if err != nil {
		return opError(op, err)
	}
	return opError(op, s.txInSession(ctx, n.SessionID, func(c conn) error {
		others, meetingID, err := s.openParticipations(ctx, c, n.SessionID, n.ParticipantID)
		if err != nil {
			return err
		}
		var id int64
		err = s.row(ctx, c, `INSERT INTO stays (session_id, participant_id, api_key, name, meta_data, client, joined_at, admission)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, n.SessionID, n.ParticipantID, n.APIKey, sanitize(n.Name),
			sanitize(string(n.MetaData)), client, toMs(n.JoinedAt), sanitize(string(n.Admission))).Scan(&id)
		if err != nil {
			return err
		}
		_, err = s.exec(
			ctx,
			c,
			`INSERT INTO intervals (stay_id, what, started_at) VALUES (?, ?, ?)`,
			id,
			n.Mode,
			toMs(n.JoinedAt),
		)
		if err != nil || len(others) > 0 {
			return err
		}
		return s.announce(
			ctx,
			c,
			record.Event{Name: "participant-joined", MeetingID: meetingID, SessionID: n.SessionID, At: n.JoinedAt,
				Data: person(n.ParticipantID, n.Name)},
		)
	}))
}

// ParticipantLeft ends the oldest open participation of a participant: a connection that a newer one replaced (4005)
// may be reported gone after the newer one has joined. Without an open participation nothing changes. The webhook is
// told of the last one.
func (s *Store) ParticipantLeft(
	ctx context.Context,
	sessionID, participantID string,
	at time.Time,
	reason wire.LeaveReason,
) error {
	return opError("the leaving of a participant", s.txInSession(ctx, sessionID, func(c conn) error {
		open, meetingID, err := s.openParticipations(ctx, c, sessionID, participantID)
		if _, absent := errors.AsType[*record.NotFoundError](err); absent || err == nil && len(open) == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		oldest := open[0]
		if _, err := s.exec(
			ctx, c, `UPDATE intervals SET ended_at = ? WHERE ended_at IS NULL AND stay_id = ?`, toMs(at), oldest.id,
		); err != nil {
			return err
		}
		_, err = s.exec(
			ctx,
			c,
			`UPDATE stays SET left_at = ?, leave_code = ? WHERE id = ?`,
			toMs(at),
			int(reason.Code),
			oldest.id,
		)
		if err != nil || len(open) > 1 {
			return err
		}
		return s.announce(
			ctx,
			c,
			record.Event{Name: "participant-left", MeetingID: meetingID, SessionID: sessionID, At: at,
				Data: person(participantID, oldest.name)},
		)
	}))
}

type openParticipation struct {
	id   int64
	name string
}

// openParticipations lists the open participations of a participant, the oldest first, and returns the meeting they are
// in.
func (s *Store) openParticipations(
	ctx context.Context,
	c conn,
	sessionID, participantID string,
) (open []openParticipation, meetingID string, err error) {
	err = s.row(ctx, c, `SELECT meeting_id FROM sessions WHERE id = ?`, sessionID).Scan(&meetingID)
	if err != nil {
		return nil, "", orNotFound(err, "session", sessionID)
	}
	err = s.rows(ctx, c, func(row scanner) error {
		var o openParticipation
		err := row.Scan(&o.id, &o.name)
		open = append(open, o)
		return err
	}, `SELECT id, name FROM stays WHERE session_id = ? AND participant_id = ? AND left_at IS NULL ORDER BY id`,
		sessionID, participantID)
	return open, meetingID, err
}

// person is how the webhook names a participant.
func person(id, name string) map[string]any {
	return map[string]any{"participantId": id, "participantName": name}
}

const newestParticipation = `(SELECT MAX(id) FROM stays
	WHERE session_id = ? AND participant_id = ? AND left_at IS NULL)`

// ModeChanged ends the interval of the mode so far and begins the next one.
func (s *Store) ModeChanged(ctx context.Context, sessionID, participantID string, mode wire.Mode, at time.Time) error {
	return opError("a change of mode", s.tx(ctx, func(c conn) error {
		if err := s.checkSession(ctx, c, sessionID); err != nil {
			return err
		}
		var f filter
		f.in(`what`, modeNames)
		args := append([]any{toMs(at), sessionID, participantID}, f.args...)
		if _, err := s.exec(ctx, c, `UPDATE intervals SET ended_at = ? WHERE ended_at IS NULL AND stay_id = `+
			newestParticipation+
			` AND `+f.conditions[0], args...); err != nil {
			return err
		}
		return s.openInterval(ctx, c, sessionID, participantID, string(mode), at)
	}))
}

// StreamChanged opens or closes the interval of a stream. Both are idempotent.
func (s *Store) StreamChanged(
	ctx context.Context,
	sessionID, participantID string,
	kind wire.Kind,
	enabled bool,
	at time.Time,
) error {
	const op = "a change of a stream"
	if !enabled {
		return opError(op, s.inSession(ctx, sessionID, func(c conn) error {
			_, err := s.exec(
				ctx,
				c,
				`UPDATE intervals SET ended_at = ? WHERE ended_at IS NULL AND what = ? AND stay_id = `+newestParticipation,
				toMs(at),
				kind,
				sessionID,
				participantID,
			)
			return err
		}))
	}
	return opError(op, s.tx(ctx, func(c conn) error {
		if err := s.checkSession(ctx, c, sessionID); err != nil {
			return err
		}
		return s.openInterval(ctx, c, sessionID, participantID, string(kind), at)
	}))
}

func (s *Store) openInterval(ctx context.Context, c conn, sessionID, participantID, what string, at time.Time) error {
	_, err := s.exec(ctx, c, `INSERT INTO intervals (stay_id, what, started_at)
		SELECT t.id, ?, ? FROM stays t WHERE t.id = `+newestParticipation+`
		AND NOT EXISTS (SELECT 1 FROM intervals i WHERE i.stay_id = t.id AND i.what = ? AND i.ended_at IS NULL)`,
		what, toMs(at), sessionID, participantID, what)
	return err
}

// Participants lists who is or was in a session, in the order of their first participations; active leaves out those
// who are gone. An unknown session, or one of another account, is a NotFoundError.
func (s *Store) Participants(
	ctx context.Context,
	accountID, sessionID string,
	active bool,
	page record.Page,
) (record.List[record.Participant], error) {
	const op = "the query for participants"
	out := record.List[record.Participant]{Items: []record.Participant{}}
	if err := s.owns(ctx, accountID, sessionID); err != nil {
		return out, opError(op, err)
	}
	of := ` FROM stays WHERE session_id = ?`
	if active {
		of += ` AND left_at IS NULL`
	}
	if err := s.row(ctx, s.read, `SELECT COUNT(DISTINCT participant_id)`+of, sessionID).Scan(&out.Total); err != nil {
		return out, opError(op, err)
	}
	limit, offset := limitOffset(page)
	var ids []string
	err := s.rows(ctx, s.read, func(row scanner) error {
		var id string
		err := row.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT participant_id`+of+` GROUP BY participant_id ORDER BY MIN(id) LIMIT ? OFFSET ?`, sessionID, limit,
		offset)
	if err != nil || len(ids) == 0 {
		return out, opError(op, err)
	}
	people, err := s.participants(ctx, []string{sessionID}, ids)
	if err != nil {
		return out, opError(op, err)
	}
	out.Items = people[sessionID]
	// With active, the order is that of the open participations, which may not be the first ones.
	slices.SortFunc(out.Items, func(a, b record.Participant) int {
		return slices.Index(ids, a.ID) - slices.Index(ids, b.ID)
	})
	return out, nil
}

// Participant finds one participant of a session of an account.
func (s *Store) Participant(
	ctx context.Context,
	accountID, sessionID, participantID string,
) (record.Participant, error) {
	const op = "the query for a participant"
	if err := s.owns(ctx, accountID, sessionID); err != nil {
		return record.Participant{}, opError(op, err)
	}
	if !isStorable(participantID) {
		return record.Participant{}, notFound("participant", participantID)
	}
	people, err := s.participants(ctx, []string{sessionID}, []string{participantID})
	if err != nil {
		return record.Participant{}, opError(op, err)
	}
	if len(people[sessionID]) == 0 {
		return record.Participant{}, notFound("participant", participantID)
	}
	return people[sessionID][0], nil
}

// owns returns a NotFoundError if the session does not belong to that account.
func (s *Store) owns(ctx context.Context, accountID, sessionID string) error {
	if !isStorable(sessionID) {
		return notFound("session", sessionID)
	}
	var one int
	err := s.row(ctx, s.read, `SELECT 1 FROM sessions WHERE account_id = ? AND id = ?`, accountID, sessionID).Scan(&one)
	return orNotFound(err, "session", sessionID)
}

// participants puts participations and intervals together, by session; ids narrows to these participants. The rows
// of a participant come in the order of its participations.
func (s *Store) participants(ctx context.Context, sessionIDs, ids []string) (map[string][]record.Participant, error) {
	var f filter
	f.in(`t.session_id`, sessionIDs)
	if len(ids) > 0 {
		f.in(`t.participant_id`, ids)
	}
	out := map[string][]record.Participant{}
	type key struct{ session, participant string }
	index := map[key]int{}
	participations := map[int64]key{}

	err := s.rows(ctx, s.read, func(row scanner) error {
		var (
			id            int64
			p             record.Participant
			metaData      string
			participation record.Span
		)
		if err := row.Scan(&id, &p.SessionID, &p.ID, &p.APIKey, &p.Name, &metaData, jsonText{&p.Client},
			msTime{&participation.Start}, msTime{&participation.End}); err != nil {
			return err
		}
		if metaData != "" {
			p.MetaData = json.RawMessage(metaData)
		}
		k := key{p.SessionID, p.ID}
		participations[id] = k
		at, again := index[k]
		if !again {
			index[k] = len(out[p.SessionID])
			p.FirstJoinedAt, p.Participations = participation.Start, []record.Span{participation}
			p.Streams = map[wire.Kind][]record.Span{}
			out[p.SessionID] = append(out[p.SessionID], p)
			return nil
		}
		first := &out[p.SessionID][at]
		first.APIKey, first.Name, first.MetaData, first.Client = p.APIKey, p.Name, p.MetaData, p.Client
		first.Participations = append(first.Participations, participation)
		return nil
	}, `SELECT t.id, t.session_id, t.participant_id, t.api_key, t.name, t.meta_data, t.client, t.joined_at, t.left_at
		FROM stays t`+f.where()+` ORDER BY t.id`, f.args...)
	if err != nil {
		return nil, err
	}

	return out, s.rows(ctx, s.read, func(row scanner) error {
		var (
			participation int64
			what          string
			span          record.Span
		)
		if err := row.Scan(&participation, &what, msTime{&span.Start}, msTime{&span.End}); err != nil {
			return err
		}
		k, known := participations[participation]
		if !known {
			return nil // joined between the two queries
		}
		p := &out[k.session][index[k]]
		if slices.Contains(modeNames, what) {
			p.Mode = wire.Mode(what)
			p.Modes = append(p.Modes, record.ModeSpan{Mode: p.Mode, Span: span})
			return nil
		}
		if what == absence {
			return nil
		}
		kind := wire.Kind(what)
		p.Streams[kind] = append(p.Streams[kind], span)
		return nil
	}, `SELECT i.stay_id, i.what, i.started_at, i.ended_at
		FROM intervals i JOIN stays t ON t.id = i.stay_id`+f.where()+` ORDER BY i.id`, f.args...)
}

var modeNames = func() []string {
	var names []string
	for _, mode := range wire.Modes {
		names = append(names, string(mode))
	}
	return names
}()
