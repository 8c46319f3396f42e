package store

import (
	"context"

	"github.com/klatch/klatch/internal/record"
)

// LocalJobs gives the jobs that are over and whose files have not been brought to the storage, oldest first. HLS stays
// where it is served from.
func (s *Store) LocalJobs(ctx context.Context) ([]record.Job, error) {
	var jobs []record.Job
	err := s.rows(ctx, s.read, func(row scanner) error {
		var j record.Job
		err := row.Scan(jobFields(&j)...)
		jobs = append(jobs, j)
		return err
	}, `SELECT `+jobColumns+jobFrom+` WHERE j.ended_at IS NOT NULL AND j.kind <> 'hls' AND j.files LIKE '%"path":"%' ORDER BY j.created_at, j.id`)
	return jobs, failed("the query for jobs with local files", err)
}
