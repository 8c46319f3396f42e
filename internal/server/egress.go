package server

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/egress"
)

// openEgress makes the part that records and streams, and ends the jobs that a killed server left running. Workers reach
// the server at the address it listens on.
func (s *Server) openEgress(ctx context.Context, listens string) (*egress.Manager, error) {
	dir, err := filepath.Abs(cmp.Or(s.conf.Egress.Dir, filepath.Join(s.conf.Data.Dir, "egress")))
	if err != nil {
		return nil, dataFault(s.conf.Egress.Dir, err)
	}
	jobs, err := egress.New(egress.Options{
		Store: s.Store, Meetings: s.meetings, Logger: s.log, Report: s.incidents.Report,
		Dir: dir, ServerURL: s.conf.LocalURL(listens), PublicURL: s.url,
		FFmpeg: s.conf.Egress.FFmpeg, AllowPrivateTargets: s.conf.Egress.AllowPrivateTargets,
		MaxDuration: s.conf.Egress.MaxDuration, MinFree: int64(s.conf.Egress.MinFreeMB) << 20,
	})
	if err != nil {
		return nil, fault.From(fmt.Errorf("egress: %w", err))
	}
	left, err := jobs.Recover(ctx)
	if err != nil {
		return nil, fault.StartupFailedDatabase(err.Error()).Because(err)
	}
	if left > 0 {
		s.log.Warn("ended the recordings and streams that the last run left", "jobs", left)
	}
	return jobs, nil
}
