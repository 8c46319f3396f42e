package store

import (
	"context"
	"time"

	"github.com/klatch/klatch/internal/record"
)

const (
	sessionColumns = `s.id, s.account_id, s.meeting_id, COALESCE(m.custom_id, ''), s.started_at, s.ended_at,
		(SELECT COUNT(*) FROM messages g WHERE g.session_id = s.id)`
	sessionFrom = ` FROM sessions s JOIN meetings m ON m.id = s.meeting_id`
)

func sessionFields(s *record.Session) []any {
	return []any{&s.ID, &s.AccountID, &s.MeetingID, &s.CustomID, msTime{&s.StartedAt}, msTime{&s.EndedAt}, &s.Messages}
}

// SessionStarted keeps a session that starts.
func (s *Store) SessionStarted(ctx context.Context, n record.NewSession) error {
	_, err := s.exec(ctx, s.write, `INSERT INTO sessions (id, account_id, meeting_id, started_at) VALUES (?, ?, ?, ?)`,
		n.ID, n.AccountID, n.MeetingID, toMs(n.StartedAt))
	return failed("start session", err)
}

// SessionEnded ends a session and whatever is still open in it. Ending it twice changes nothing.
func (s *Store) SessionEnded(ctx context.Context, sessionID string, at time.Time) error {
	_, err := s.endSessions(ctx, `id = ?`, at, sessionID)
	return failed("end session", err)
}

// CloseOrphans ends the sessions that a killed server left open, and gives their number. Call it before the
// first join: every open session is an orphan then.
func (s *Store) CloseOrphans(ctx context.Context, at time.Time) (int, error) {
	n, err := s.endSessions(ctx, `ended_at IS NULL`, at)
	return n, failed("close orphans", err)
}

// endSessions ends the sessions of a condition. Stays and intervals go first: they find theirs through it.
func (s *Store) endSessions(ctx context.Context, condition string, at time.Time, args ...any) (n int, err error) {
	args = append([]any{toMs(at)}, args...)
	err = s.tx(ctx, func(c conn) error {
		if _, err := s.exec(ctx, c, `UPDATE intervals SET ended_at = ? WHERE ended_at IS NULL AND stay_id IN
			(SELECT id FROM stays WHERE left_at IS NULL AND session_id IN (SELECT id FROM sessions WHERE `+condition+`))`, args...); err != nil {
			return err
		}
		if _, err := s.exec(ctx, c, `UPDATE stays SET left_at = ? WHERE left_at IS NULL AND session_id IN
			(SELECT id FROM sessions WHERE `+condition+`)`, args...); err != nil {
			return err
		}
		n, err = s.exec(ctx, c, `UPDATE sessions SET ended_at = ? WHERE ended_at IS NULL AND `+condition, args...)
		return err
	})
	return n, err
}

// Session finds a session of an account, with its participants.
func (s *Store) Session(ctx context.Context, accountID, id string) (record.Session, error) {
	const op = "read session"
	var session record.Session
	if !storable(id) {
		return session, notFound("session", id)
	}
	err := s.row(ctx, s.read, `SELECT `+sessionColumns+sessionFrom+` WHERE s.account_id = ? AND s.id = ?`, accountID, id).
		Scan(sessionFields(&session)...)
	if err != nil {
		return record.Session{}, failed(op, orNotFound(err, "session", id))
	}
	people, err := s.participants(ctx, []string{id}, nil)
	session.Participants = people[id]
	return session, failed(op, err)
}

// Sessions lists the sessions of an account, newest first, with their participants.
func (s *Store) Sessions(ctx context.Context, accountID string, want record.SessionFilter, page record.Page) (record.List[record.Session], error) {
	const op = "list sessions"
	var f filter
	f.add(`s.account_id = ?`, accountID)
	if want.MeetingID != "" {
		f.add(`s.meeting_id = ?`, plain(want.MeetingID))
	}
	if want.CustomID != "" {
		f.add(`m.custom_id = ?`, plain(want.CustomID))
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
	return out, failed(op, err)
}
