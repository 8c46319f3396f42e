package store

import "context"

// Size returns the bytes that measurements of quality take, with what finds them; on SQLite those of the whole
// database.
func (s *Store) Size(ctx context.Context) (bytes int64, err error) {
	query := `SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()`
	if s.engine.postgres {
		query = `SELECT pg_total_relation_size('quality')`
	}
	err = s.row(ctx, s.read, query).Scan(&bytes)
	return bytes, opError("the size of the measurements of quality", err)
}

// WithinSession calls f within a transaction that has locked a session.
func (s *Store) WithinSession(ctx context.Context, sessionID string, f func()) error {
	return s.inSession(ctx, sessionID, func(c conn) error {
		f()
		_, err := c.ExecContext(ctx, `SELECT 1`)
		return err
	})
}

// DeleteOwner makes a meeting live on no node, whatever runs in it.
func (s *Store) DeleteOwner(ctx context.Context, meetingID string) error {
	_, err := s.exec(ctx, s.write, `DELETE FROM owners WHERE meeting_id = ?`, meetingID)
	return err
}

// FillStays puts participants into each open session, who stay.
func (s *Store) FillStays(ctx context.Context, each int) error {
	_, err := s.exec(ctx, s.write, `INSERT INTO stays (session_id, participant_id, api_key, name, meta_data, client, joined_at)
		SELECT s.id, CAST(g AS TEXT), 'key', 'name', '', '{}', s.started_at FROM sessions s, generate_series(1, ?) g
		WHERE s.ended_at IS NULL`, each)
	return err
}
