package store

import (
	"context"
	"time"

	"github.com/klatch/klatch/internal/record"
)

const temporaryFileColumns = `f.id, f.account_id, f.meeting_id, f.name, f.size, f.created_at, f.expires_at, ` +
	`f.removed_at`

func temporaryFileFields(f *record.TemporaryFile) []any {
	return []any{
		&f.ID, &f.AccountID, &f.MeetingID, &f.Name, &f.Size, msTime{&f.CreatedAt}, msTime{&f.ExpiresAt},
		msTime{&f.RemovedAt},
	}
}

// usedByTemporaryFiles is the size of the files that the storage has of a meeting.
const usedByTemporaryFiles = `SELECT COALESCE(SUM(size), 0) FROM temporary_files
	WHERE meeting_id = ? AND removed_at IS NULL`

// CreateTemporaryFile stores the record of a file, unless the files of its meeting would then have more than limit
// bytes. It returns how many they have without it, and whether the record was stored.
func (s *Store) CreateTemporaryFile(
	ctx context.Context, f record.TemporaryFile, limit int64,
) (used int64, created bool, err error) {
	const op = "the new temporary file"
	n, err := s.exec(ctx, s.write, `INSERT INTO temporary_files
		(id, account_id, meeting_id, name, size, created_at, expires_at)
		SELECT CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT),
		CAST(? AS BIGINT) WHERE (`+usedByTemporaryFiles+`) + CAST(? AS BIGINT) <= CAST(? AS BIGINT)`,
		f.ID, f.AccountID, f.MeetingID, sanitize(f.Name), f.Size, toMs(f.CreatedAt), toMs(f.ExpiresAt), f.MeetingID, f.Size,
		limit)
	if err != nil || n > 0 {
		return 0, n > 0, opError(op, err)
	}
	err = s.row(ctx, s.read, usedByTemporaryFiles, f.MeetingID).Scan(&used)
	return used, false, opError(op, err)
}

// TemporaryFile finds the record of a file of an account.
func (s *Store) TemporaryFile(ctx context.Context, accountID, id string) (record.TemporaryFile, error) {
	var f record.TemporaryFile
	if !isStorable(id) {
		return f, notFound("temporary file", id)
	}
	err := s.row(ctx, s.read, `SELECT `+temporaryFileColumns+` FROM temporary_files f
		WHERE f.account_id = ? AND f.id = ?`, accountID, id).Scan(temporaryFileFields(&f)...)
	return f, opError("the query for a temporary file", orNotFound(err, "temporary file", id))
}

// ExpiredTemporaryFiles returns files that the storage has and that have expired at a time, at most 100.
func (s *Store) ExpiredTemporaryFiles(ctx context.Context, at time.Time) ([]record.TemporaryFile, error) {
	var found []record.TemporaryFile
	err := s.rows(ctx, s.read, func(row scanner) error {
		var f record.TemporaryFile
		err := row.Scan(temporaryFileFields(&f)...)
		found = append(found, f)
		return err
	}, `SELECT `+temporaryFileColumns+` FROM temporary_files f
		WHERE f.removed_at IS NULL AND f.expires_at <= ? ORDER BY f.expires_at LIMIT 100`, toMs(at))
	return found, opError("the query for expired files", err)
}

// RemoveTemporaryFile records that the storage does not have a file any more.
func (s *Store) RemoveTemporaryFile(ctx context.Context, id string, at time.Time) error {
	_, err := s.exec(ctx, s.write, `UPDATE temporary_files SET removed_at = ? WHERE id = ?`, toMs(at), id)
	return opError("the end of a temporary file", err)
}

// ForgetTemporaryFiles removes the records of files that were removed before a time.
func (s *Store) ForgetTemporaryFiles(ctx context.Context, before time.Time) error {
	_, err := s.exec(ctx, s.write, `DELETE FROM temporary_files WHERE removed_at < ?`, toMs(before))
	return opError("the removal of old records of files", err)
}
