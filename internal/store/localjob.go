package store

import (
	"context"

	"github.com/klatch/klatch/internal/record"
)

// LocalJobs returns the jobs that are over and whose files have not been brought to the storage, oldest first; for a
// node of a cluster those that ran on it, and those of a server that was alone.
func (s *Store) LocalJobs(ctx context.Context) ([]record.Job, error) {
	var jobs []record.Job
	where, args := `j.ended_at IS NOT NULL AND j.files LIKE '%"path":"%'`, []any(nil)
	if node := s.node(); node.Name != "" {
		where, args = where+` AND j.node IN (?, '')`, []any{node.Name}
	}
	err := s.rows(ctx, s.read, func(row scanner) error {
		var j record.Job
		err := row.Scan(jobFields(&j)...)
		jobs = append(jobs, j)
		return err
	}, `SELECT `+jobColumns+jobFrom+` WHERE `+where+` ORDER BY j.created_at, j.id`, args...)
	return jobs, opError("the query for jobs with local files", err)
}

// JobByID finds a job of whichever account. Who calls must have judged that the id alone is permission enough.
func (s *Store) JobByID(ctx context.Context, id string) (record.Job, error) {
	var j record.Job
	if !isStorable(id) {
		return j, notFound("job", id)
	}
	err := s.row(ctx, s.read, `SELECT `+jobColumns+jobFrom+` WHERE j.id = ?`, id).Scan(jobFields(&j)...)
	if err != nil {
		return record.Job{}, opError("the query for a job", orNotFound(err, "job", id))
	}
	return j, nil
}
