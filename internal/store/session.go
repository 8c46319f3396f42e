package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"github.com/klatch/klatch/internal/record"
)

const (
	sessionColumns = `s.id, s.account_id, s.meeting_id, COALESCE(m.custom_id, ''), s.started_at, s.ended_at,
		(SELECT COUNT(*) FROM messages g WHERE g.session_id = s.id AND g.readers = '')`
	sessionFrom = ` FROM sessions s JOIN meetings m ON m.id = s.meeting_id`
)

func sessionFields(s *record.Session) []any {
	return []any{&s.ID, &s.AccountID, &s.MeetingID, &s.CustomID, msTime{&s.StartedAt}, msTime{&s.EndedAt}, &s.Messages}
}

// SessionStarted keeps a session that starts. A node of a cluster owns the meeting already.
func (s *Store) SessionStarted(ctx context.Context, n record.NewSession) error {
	return opError("the start of a session", s.txAnnouncing(ctx, func(c conn) error {
		if err := s.checkMeeting(ctx, c, n.MeetingID); err != nil {
			return err
		}
		node := s.node()
		if _, err := s.exec(ctx, c, `INSERT INTO sessions (id, account_id, meeting_id, started_at, node, incarnation)
			VALUES (?, ?, ?, ?, ?, ?)`, n.ID, n.AccountID, n.MeetingID, toMs(n.StartedAt), node.Name,
			node.Incarnation); err != nil {
			return err
		}
		return s.announce(
			ctx,
			c,
			record.Event{Name: "session-started", MeetingID: n.MeetingID, SessionID: n.ID, At: n.StartedAt,
				Data: map[string]any{"start": publishedTime(n.StartedAt)}},
		)
	}))
}

// SessionEnded ends a session and whatever is still open in it. Ending it twice changes nothing.
func (s *Store) SessionEnded(ctx context.Context, sessionID string, at time.Time) error {
	return opError("the end of a session", s.txAnnouncing(ctx, func(c conn) error {
		if err := s.checkSession(ctx, c, sessionID); err != nil {
			return err
		}
		_, err := s.endSessionsIn(ctx, c, `id = ?`, at, sessionID)
		return err
	}))
}

const aliveName = "alive-at" // of meta; milliseconds

// Alive notes that the server runs; call it every half minute or so. A killed server could not say when its
// sessions ended: they did when it was last alive. Of a node of a cluster its lease has that.
func (s *Store) Alive(ctx context.Context, at time.Time) error {
	name := aliveName
	if node := s.node(); node.Name != "" {
		name += " " + node.Name
	}
	_, err := s.exec(ctx, s.write, `INSERT INTO meta (name, value) VALUES (?, ?)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, strconv.AppendInt(nil, at.UnixMilli(), 10))
	return opError("the sign of life", err)
}

// orphaned is the condition of the sessions that no node of a cluster has or will take over: those of a server that was
// alone, and those of a meeting that no node owns, where the node that had it is fenced or was forgotten.
const orphaned = `ended_at IS NULL AND (incarnation = '' OR
	NOT EXISTS (SELECT 1 FROM owners o WHERE o.meeting_id = sessions.meeting_id) AND
	NOT EXISTS (SELECT 1 FROM nodes n WHERE n.name = sessions.node AND n.incarnation = sessions.incarnation
		AND n.fenced_at IS NULL))`

// CloseOrphans ends the sessions that a killed server left open, and returns their number. They end when it was
// last alive, or with the newest thing known of them, and not after at. Call it before the first join and the
// first Alive. For a server alone every open session is an orphan then, and no node owns anything any more. In a
// cluster the sessions of meetings that a node owns are left to it, or to whoever takes them over.
func (s *Store) CloseOrphans(ctx context.Context, at time.Time) (int, error) {
	const op = "the end of orphaned sessions"
	condition := orphaned
	if !s.cluster {
		condition = `ended_at IS NULL`
		for _, table := range []string{"owners", "account_usage"} {
			if _, err := s.exec(ctx, s.write, `DELETE FROM `+table); err != nil {
				return 0, opError(op, err)
			}
		}
	}
	var nodes []record.NodeID
	err := s.rows(ctx, s.read, func(row scanner) error {
		var n record.NodeID
		err := row.Scan(&n.Name, &n.Incarnation)
		nodes = append(nodes, n)
		return err
	}, `SELECT DISTINCT node, incarnation FROM sessions WHERE `+condition)
	if err != nil {
		return 0, opError(op, err)
	}
	total := 0
	for _, node := range nodes {
		end, err := s.lastAlive(ctx, node)
		if err != nil {
			return total, opError(op, err)
		}
		if end.IsZero() || end.After(at) {
			end = at
		}
		n, err := s.endSessions(ctx, condition+` AND node = ? AND incarnation = ?`, end, node.Name, node.Incarnation)
		if total += n; err != nil {
			return total, opError(op, err)
		}
	}
	return total, nil
}

// lastAlive is the last time at which the server that left sessions open is known to have run.
func (s *Store) lastAlive(ctx context.Context, node record.NodeID) (time.Time, error) {
	var ms int64
	if node.Name == "" {
		var alive []byte
		err := s.row(ctx, s.read, `SELECT value FROM meta WHERE name = ?`, aliveName).Scan(&alive)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return time.Time{}, err
		}
		ms, _ = strconv.ParseInt(string(alive), 10, 64) // 0 where there is none
	} else {
		err := s.row(ctx, s.read, `SELECT renewed_at FROM nodes WHERE name = ? AND incarnation = ?`, node.Name,
			node.Incarnation).Scan(&ms)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return time.Time{}, err
		}
	}
	var newest int64
	const of = ` WHERE s.ended_at IS NULL AND s.node = ? AND s.incarnation = ?`
	err := s.row(ctx, s.read, `SELECT COALESCE(MAX(at), 0) FROM (
		SELECT s.started_at AS at FROM sessions s`+of+`
		UNION ALL SELECT t.joined_at FROM stays t JOIN sessions s ON s.id = t.session_id`+of+`
		UNION ALL SELECT i.started_at FROM intervals i JOIN stays t ON t.id = i.stay_id
			JOIN sessions s ON s.id = t.session_id`+of+`) signs`, node.Name, node.Incarnation, node.Name, node.Incarnation,
		node.Name, node.Incarnation).Scan(&newest)
	if err != nil || max(ms, newest) == 0 {
		return time.Time{}, err
	}
	return time.UnixMilli(max(ms, newest)), nil
}

// endSessions is endSessionsIn in a transaction of its own.
func (s *Store) endSessions(ctx context.Context, condition string, at time.Time, args ...any) (n int, err error) {
	err = s.txAnnouncing(ctx, func(c conn) (err error) {
		n, err = s.endSessionsIn(ctx, c, condition, at, args...)
		return err
	})
	return n, err
}

// endSessionsIn ends the sessions of a condition, and announces it. Stays and intervals go first: they find theirs
// through it.
func (s *Store) endSessionsIn(
	ctx context.Context, c conn, condition string, at time.Time, args ...any,
) (n int, err error) {
	timed := append([]any{toMs(at)}, args...)
	events, err := s.endings(ctx, c, condition, at, args)
	if err != nil {
		return 0, err
	}
	if _, err := s.exec(ctx, c, `UPDATE intervals SET ended_at = ? WHERE ended_at IS NULL AND stay_id IN
		(SELECT id FROM stays WHERE left_at IS NULL AND session_id IN (SELECT id FROM sessions WHERE `+condition+`))`, timed...); err != nil {
		return 0, err
	}
	if _, err := s.exec(ctx, c, `UPDATE stays SET left_at = ? WHERE left_at IS NULL AND session_id IN
		(SELECT id FROM sessions WHERE `+condition+`)`, timed...); err != nil {
		return 0, err
	}
	if n, err = s.exec(ctx, c, `UPDATE sessions SET ended_at = ?
		WHERE ended_at IS NULL AND `+condition, timed...); err != nil {
		return 0, err
	}
	for _, e := range events {
		if err := s.announce(ctx, c, e); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// endings returns the events for webhooks when the open sessions of a condition end: those of the participants, and
// their end.
func (s *Store) endings(
	ctx context.Context,
	c conn,
	condition string,
	at time.Time,
	args []any,
) ([]record.Event, error) {
	var leaving, ending []record.Event
	err := s.rows(ctx, c, func(row scanner) error {
		e := record.Event{Name: "participant-left", At: at}
		var id, name string
		err := row.Scan(&e.MeetingID, &e.SessionID, &id, &name)
		e.Data = person(id, name)
		leaving = append(leaving, e)
		return err
	}, `SELECT o.meeting_id, o.id, t.participant_id, MAX(t.name) FROM stays t
		JOIN (SELECT id, meeting_id FROM sessions WHERE ended_at IS NULL AND `+condition+`) o ON o.id = t.session_id
		WHERE t.left_at IS NULL GROUP BY o.meeting_id, o.id, t.participant_id ORDER BY MIN(t.id)`, args...)
	if err != nil {
		return nil, err
	}
	err = s.rows(ctx, c, func(row scanner) error {
		e := record.Event{Name: "session-ended", At: at}
		var start time.Time
		err := row.Scan(&e.MeetingID, &e.SessionID, msTime{&start})
		e.Data = map[string]any{"start": publishedTime(start), "end": publishedTime(at)}
		ending = append(ending, e)
		return err
	}, `SELECT meeting_id, id, started_at FROM sessions
		WHERE ended_at IS NULL AND `+condition+` ORDER BY started_at, id`, args...)
	return append(leaving, ending...), err
}

// Session finds a session of an account, with its participants.
func (s *Store) Session(ctx context.Context, accountID, id string) (record.Session, error) {
	const op = "the query for a session"
	var session record.Session
	if !isStorable(id) {
		return session, notFound("session", id)
	}
	err := s.row(
		ctx, s.read, `SELECT `+sessionColumns+sessionFrom+` WHERE s.account_id = ? AND s.id = ?`, accountID, id,
	).
		Scan(sessionFields(&session)...)
	if err != nil {
		return record.Session{}, opError(op, orNotFound(err, "session", id))
	}
	people, err := s.participants(ctx, []string{id}, nil)
	session.Participants = people[id]
	return session, opError(op, err)
}

// Sessions lists the sessions of an account, newest first, with their participants.
func (s *Store) Sessions(
	ctx context.Context,
	accountID string,
	want record.SessionFilter,
	page record.Page,
) (record.List[record.Session], error) {
	const op = "the query for sessions"
	var f filter
	f.add(`s.account_id = ?`, accountID)
	if want.MeetingID != "" {
		f.add(`s.meeting_id = ?`, sanitize(want.MeetingID))
	}
	if want.CustomID != "" {
		f.add(`m.custom_id = ?`, sanitize(want.CustomID))
	}
	if want.ParticipantID != "" {
		f.add(`EXISTS (SELECT 1 FROM stays t WHERE t.session_id = s.id AND t.participant_id = ?)`,
			sanitize(want.ParticipantID))
	}
	switch want.Status {
	case record.SessionOngoing:
		f.add(`s.ended_at IS NULL`)
	case record.SessionEnded:
		f.add(`s.ended_at IS NOT NULL`)
	}
	if !want.From.IsZero() {
		f.add(`s.started_at >= ?`, toMs(want.From))
	}
	if !want.To.IsZero() {
		f.add(`s.started_at <= ?`, toMs(want.To))
	}
	out, err := list(ctx, s, op, sessionColumns, sessionFrom, `s.started_at DESC, s.id`, f, page, sessionFields)
	if err != nil || len(out.Items) == 0 {
		return out, err
	}
	ids := make([]string, len(out.Items))
	for i, session := range out.Items {
		ids[i] = session.ID
	}
	people, err := s.participants(ctx, ids, nil)
	for i := range out.Items {
		out.Items[i].Participants = people[out.Items[i].ID]
	}
	return out, opError(op, err)
}
