package alert

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// In a cluster each node measures the participants that it has itself. A rule is about all of them: each node judges it
// by what all nodes have measured, so that all come to the same, and the store opens an incident once. The steps of two
// nodes are merged by their sums and extremes, which is exact for every way in which a step becomes one value.

// StepsQuery asks a node what it has measured of an account in a time.
type StepsQuery struct {
	AccountID, Metric string
	From, To          time.Time
}

// StepSum is what a node has measured in one step.
type StepSum struct {
	Index    int64 // of the step, since 1970
	N        int
	Sum      float64
	Min, Max float64
	Last     float64
}

// Nodes are the other nodes of a cluster, as this package asks them. A node that does not answer in time is left out.
type Nodes interface {
	// Steps returns for each query what each other node answers.
	Steps(ctx context.Context, queries []StepsQuery) [][]StepSum
	// People returns the ids of the participants of an account that were measured lately on the other nodes.
	People(ctx context.Context, accountID string) []string
}

// maxQueries bounds the queries of one call: each is answered with at most 20 kB.
const maxQueries = 100

// Steps answers other nodes: what this one has measured, for each query.
func (a *Alerts) Steps(queries []StepsQuery) [][]StepSum {
	queries = queries[:min(len(queries), maxQueries)]
	all := make([][]StepSum, len(queries))
	for i, q := range queries {
		for _, s := range a.measured.steps(q.AccountID, q.Metric, q.From, q.To) {
			all[i] = append(all[i], StepSum{s.index, s.n, s.sum, s.min, s.max, s.last})
		}
	}
	return all
}

// People answers other nodes: the ids of the participants of an account that this one has measured lately.
func (a *Alerts) People(accountID string, now time.Time) []string {
	return a.measured.people(accountID, now)
}

// elsewhere returns what the other nodes have measured, for each query.
func (a *Alerts) elsewhere(ctx context.Context, queries []StepsQuery) [][]step {
	all := make([][]step, len(queries))
	if a.opts.Nodes == nil {
		return all
	}
	for first := 0; first < len(queries); first += maxQueries {
		some := queries[first:min(first+maxQueries, len(queries))]
		for i, sums := range a.opts.Nodes.Steps(ctx, some) {
			if i >= len(some) {
				break
			}
			for _, s := range sums {
				if s.N > 0 {
					all[first+i] = append(all[first+i], step{s.Index, s.N, s.Sum, s.Min, s.Max, s.Last})
				}
			}
		}
	}
	return all
}

// everywhere returns what all nodes have measured, by the query without its times, for those rules that need it.
func (a *Alerts) everywhere(ctx context.Context, rules []*watched, now time.Time) map[StepsQuery][]step {
	if a.opts.Nodes == nil {
		return nil
	}
	var queries []StepsQuery
	asked := map[StepsQuery]bool{}
	for _, r := range rules {
		q := StepsQuery{AccountID: r.AccountID, Metric: r.metric.Name}
		if r.metric.Kind != Measured || asked[q] {
			continue
		}
		asked[q] = true
		q.From, q.To = now.Add(-keptFor), now
		queries = append(queries, q)
	}
	found := map[StepsQuery][]step{}
	for i, steps := range a.elsewhere(ctx, queries) {
		found[StepsQuery{AccountID: queries[i].AccountID, Metric: queries[i].Metric}] = steps
	}
	return found
}

// merge returns the steps of several nodes as those of one, oldest first.
func merge(steps []step) []step {
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(a.index, b.index) })
	var all []step
	for _, s := range steps {
		if n := len(all); n > 0 && all[n-1].index == s.index {
			to := &all[n-1]
			to.n, to.sum, to.last = to.n+s.n, to.sum+s.sum, s.last
			to.min, to.max = min(to.min, s.min), max(to.max, s.max)
			continue
		}
		all = append(all, s)
	}
	return all
}

// between returns those steps that begin in a time.
func between(steps []step, from, to time.Time) []step {
	first, last := indexOf(from), indexOf(to)
	return slices.DeleteFunc(slices.Clone(steps), func(s step) bool { return s.index <= first || s.index > last })
}

// pointsOf returns the value of each step.
func pointsOf(steps []step, how string) []Point {
	var points []Point
	for _, s := range steps {
		points = append(points, Point{time.UnixMilli(s.index * Step.Milliseconds()).UTC(), s.value(how)})
	}
	return points
}
