package store

import (
	"context"

	"github.com/klatch/klatch/internal/record"
)

// LocalJobs returns the jobs that are over and whose files have not been brought to the storage, oldest first.
func (s *Store) LocalJobs(ctx context.Context) ([]record.Job, error) {
	var jobs []record.Job
	err := s.rows(ctx, s.read, func(row scanner) error {
		var j record.Job
		err := row.Scan(jobFields(&j)...)
		jobs = append(jobs, j)
		return err
	}, `SELECT `+jobColumns+jobFrom+` WHERE j.ended_at IS NOT NULL AND j.files LIKE '%"path":"%'
		ORDER BY j.created_at, j.id`)
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
