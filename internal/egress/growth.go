package egress

import (
	"context"
	"sync"
	"time"
)

// growInterval is how often the files of a job are looked at for what can be uploaded while they grow.
const growInterval = 2 * time.Second

// grower brings the files of a job to the storage while they grow: on a node of a cluster, whose disk may be lost.
type grower struct {
	cancel context.CancelFunc
	done   sync.WaitGroup
}

// startGrowing begins with it; a server alone uploads files when they are finished.
func (r *run) startGrowing() *grower {
	g := &grower{cancel: func() {}}
	if r.m.opts.Nodes == nil || r.m.opts.Storage == nil || r.job.Path == "" {
		return g
	}
	ctx, cancel := context.WithCancel(r.m.life)
	g.cancel = cancel
	g.done.Go(func() { r.m.guarded("the upload of a growing file", func() { r.grow(ctx) }) })
	return g
}

// stop returns when nothing is being uploaded any more.
func (g *grower) stop() {
	g.cancel()
	g.done.Wait()
}

func (r *run) grow(ctx context.Context) {
	tick := time.NewTicker(growInterval)
	defer tick.Stop()
	failed := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		j := r.record()
		err := r.m.opts.Storage.Grow(ctx, j, filePaths(r.m.opts.Dir, j))
		if err != nil && ctx.Err() == nil && !failed { // the end of the job reports what lasts
			r.m.opts.Logger.Warn("a growing file was not uploaded; it is tried again", "job", j.ID, "err", err)
		}
		failed = err != nil
	}
}
