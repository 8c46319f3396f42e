package egress

import (
	"cmp"
	"slices"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// shownJob returns the job whose state the meeting is told when j has changed, and whether there is anything to tell.
// others are the jobs of the meeting that are not over.
// The published events know one recording, livestream or HLS of a meeting. Where several run, the meeting is told of
// one that runs until none does; the webhooks are told of each.
func shownJob(j record.Job, others []record.Job) (shown record.Job, changed bool) {
	if !j.Kind.Shown() {
		return j, false
	}
	candidates := []record.Job{j} // first: the one that has changed is preferred
	for _, other := range others {
		if other.Kind == j.Kind && other.ID != j.ID && other.SessionID == j.SessionID && !other.State.Over() {
			candidates = append(candidates, other)
		}
	}
	rank := func(of record.Job) int {
		switch of.State {
		case job.Started, job.Playable:
			return 0
		case job.Starting, job.Stopping:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(candidates, func(a, b record.Job) int { return cmp.Compare(rank(a), rank(b)) })
	shown = candidates[0]
	if shown.ID == j.ID {
		return shown, true
	}
	return shown, j.State.Over() && j.Kind == job.HLS // the addresses of the stream that remains
}
