package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/quality"
)

const msPerDay = 24 * 60 * 60 * 1000

func dayOf(t time.Time) int64 { return t.UnixMilli() / msPerDay }

// qualityPerInsert is how many rows one statement inserts: five parameters each, of the 32,766 that SQLite takes.
const qualityPerInsert = 100

// SaveQuality keeps rows of measurements. A row that is there already is left as it is.
func (s *Store) SaveQuality(ctx context.Context, rows []quality.Row) error {
	err := s.tx(ctx, func(c conn) error {
		for len(rows) > 0 {
			n := min(len(rows), qualityPerInsert)
			args := make([]any, 0, 5*n)
			for _, r := range rows[:n] {
				args = append(args, dayOf(r.At), r.SessionID, sanitize(r.ParticipantID), r.At.UnixMilli(), r.Packed)
			}
			if _, err := s.exec(ctx, c, `INSERT INTO quality (day, session_id, participant_id, at, samples)
				VALUES (?, ?, ?, ?, ?)`+strings.Repeat(`, (?, ?, ?, ?, ?)`, n-1)+` ON CONFLICT DO NOTHING`, args...); err != nil {
				return err
			}
			rows = rows[n:]
		}
		return nil
	})
	return opError("the measurements of quality", err)
}

// maxQualityDays bounds the days that one query looks at: no session lasts as long.
const maxQualityDays = 400

// Quality calls take with the rows of a session that began in a time, in the order of their times; with those of
// one participant, where one is given.
func (s *Store) Quality(
	ctx context.Context,
	sessionID, participantID string,
	from, to time.Time,
	take func(quality.Row) error,
) error {
	if !isStorable(sessionID) || !isStorable(participantID) {
		return nil
	}
	first, last := dayOf(from), dayOf(to)
	first = max(first, last-maxQualityDays)
	// Each day is a place of its own in the index. A condition on a range of days would walk through all sessions.
	for day := first; day <= last; day++ {
		var f filter
		f.add(`day = ?`, day)
		f.add(`session_id = ?`, sessionID)
		if participantID != "" {
			f.add(`participant_id = ?`, participantID)
		}
		f.add(`at BETWEEN ? AND ?`, from.UnixMilli(), to.UnixMilli())
		err := s.rows(ctx, s.read, func(row scanner) error {
			r := quality.Row{SessionID: sessionID}
			if err := row.Scan(&r.ParticipantID, msTime{&r.At}, &r.Packed); err != nil {
				return err
			}
			return take(r)
		}, `SELECT participant_id, at, samples FROM quality`+f.where()+` ORDER BY at, participant_id`, f.args...)
		if err != nil {
			return opError("the query for measurements of quality", err)
		}
	}
	return nil
}

// TrimQuality removes the rows of one session of the oldest day before a time, and reports whether there may be more.
// The writes of others come between two calls.
func (s *Store) TrimQuality(ctx context.Context, before time.Time) (more bool, err error) {
	const op = "the removal of old measurements of quality"
	var day int64
	var session string
	err = s.row(ctx, s.read, `SELECT day, session_id FROM quality WHERE day < ? ORDER BY day, session_id LIMIT 1`,
		dayOf(before)).Scan(&day, &session)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, opError(op, err)
	}
	_, err = s.exec(ctx, s.write, `DELETE FROM quality WHERE day = ? AND session_id = ?`, day, session)
	return err == nil, opError(op, err)
}
