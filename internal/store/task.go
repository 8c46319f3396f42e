package store

import (
	"context"
	"time"

	"github.com/klatch/klatch/internal/record"
)

// Once reports whether this server does a periodic task now, which it is about to do every so often: of the nodes of a
// cluster one does, by the clock of the database, and the next time perhaps another one. A server alone always does, and
// is not asked.
func (s *Store) Once(ctx context.Context, task string, every time.Duration) (bool, error) {
	if s.node() == (record.NodeID{}) {
		return true, nil
	}
	now := `CAST(unixepoch('subsec') * 1000 AS INTEGER)`
	if s.engine.postgres {
		now = `CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)`
	}
	// The nodes do not ask at equal distances: nine tenths of the time are enough.
	n, err := s.exec(ctx, s.write, `INSERT INTO tasks (name, done_at) VALUES (?, `+now+`)
		ON CONFLICT (name) DO UPDATE SET done_at = excluded.done_at WHERE tasks.done_at <= excluded.done_at - ?`,
		task, every.Milliseconds()*9/10)
	return n == 1, opError("the turn of a periodic task", err)
}
