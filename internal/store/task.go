package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/klatch/klatch/internal/record"
)

// Once reports whether this server does a periodic task now, which it is about to do every so often: of the nodes of a
// cluster one does, by the clock of the database, and the next time perhaps another one. A server alone always does.
func (s *Store) Once(ctx context.Context, task string, every time.Duration) (bool, error) {
	if s.node() == (record.NodeID{}) {
		return true, nil
	}
	now := s.engine.now()
	// The nodes do not ask at equal distances: nine tenths of the time are enough.
	n, err := s.exec(ctx, s.write, `INSERT INTO tasks (name, done_at) VALUES (?, `+now+`)
		ON CONFLICT (name) DO UPDATE SET done_at = excluded.done_at WHERE tasks.done_at <= excluded.done_at - ?`,
		task, every.Milliseconds()*9/10)
	return n == 1, opError("the turn of a periodic task", err)
}

// now is the time of the database, in milliseconds.
func (e engine) now() string {
	if e.postgres {
		return `CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)`
	}
	return `CAST(unixepoch('subsec') * 1000 AS INTEGER)`
}

// Touch notes for the other nodes of a cluster that something is so now. A server alone notes nothing.
func (s *Store) Touch(ctx context.Context, what string) error {
	if s.node() == (record.NodeID{}) {
		return nil
	}
	_, err := s.exec(ctx, s.write, `INSERT INTO tasks (name, done_at) VALUES (?, `+s.engine.now()+`)
		ON CONFLICT (name) DO UPDATE SET done_at = excluded.done_at`, what)
	return opError("a note for other nodes", err)
}

// Touched reports whether a node of the cluster has noted something within a time. A server alone never has.
func (s *Store) Touched(ctx context.Context, what string, within time.Duration) (bool, error) {
	if s.node() == (record.NodeID{}) {
		return false, nil
	}
	var ago int64
	err := s.row(ctx, s.read, `SELECT `+s.engine.now()+` - done_at FROM tasks WHERE name = ?`, what).Scan(&ago)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil && ago < within.Milliseconds(), opError("the query for the note of another node", err)
}

// trimTasks forgets what was done or noted last a month ago.
func (s *Store) trimTasks(ctx context.Context) error {
	_, err := s.exec(ctx, s.write, `DELETE FROM tasks WHERE done_at < `+s.engine.now()+` - ?`, fencedKept.Milliseconds())
	return err
}
