package store

import (
	"context"

	"github.com/klatch/klatch/internal/record"
)

// PlaceJob is CreateJob where judge accepts the jobs of the account that are not over, oldest first. Its error is
// returned as it is, and then nothing is kept. The jobs of an account are placed one after the other, also by several
// servers.
func (s *Store) PlaceJob(ctx context.Context, j record.Job, judge func(open []record.Job) error) error {
	const op = "the new job"
	var refused error
	err := s.tx(ctx, func(tx conn) error {
		var account string
		err := s.row(ctx, tx, `SELECT id FROM accounts WHERE id = ?`+s.engine.lockRow(), j.AccountID).Scan(&account)
		if err != nil {
			return orNotFound(err, "account", j.AccountID)
		}
		var open []record.Job
		if err := s.rows(ctx, tx, func(row scanner) error {
			var other record.Job
			if err := row.Scan(jobFields(&other)...); err != nil {
				return err
			}
			open = append(open, other)
			return nil
		}, `SELECT `+jobColumns+jobFrom+` WHERE j.account_id = ? AND j.ended_at IS NULL
			ORDER BY j.created_at, j.id`, j.AccountID); err != nil {
			return err
		}
		if refused = judge(open); refused != nil {
			return refused
		}
		return s.insertJob(ctx, tx, j)
	})
	if refused != nil {
		return refused
	}
	return opError(op, err)
}

// EndJob is UpdateJob for a job that is over, and reports whether it was not before: of several that end a job, one
// does.
func (s *Store) EndJob(ctx context.Context, j record.Job) (ended bool, err error) {
	const op = "the end of a job"
	texts, err := jobJSON(j.Targets, j.Files)
	if err != nil {
		return false, opError(op, err)
	}
	problem, err := faultJSON(j.Fault)
	if err != nil {
		return false, opError(op, err)
	}
	n, err := s.exec(ctx, s.write,
		`UPDATE egress_jobs SET state = ?, targets = ?, files = ?, fault = ?, started_at = ?, stopped_at = ?, ended_at = ?,
		updated_at = ? WHERE id = ? AND ended_at IS NULL`,
		j.State, texts[0], texts[1], problem, toMs(j.StartedAt), toMs(j.StoppedAt), toMs(j.EndedAt), toMs(j.UpdatedAt), j.ID)
	return n > 0, opError(op, err)
}
