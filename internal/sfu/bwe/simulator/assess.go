package simulator

import (
	"math"
	"slices"
	"time"
)

// Assessment is how well the media of a run fared.
type Assessment struct {
	// Share is what the flows received of their fair share: what each gets of the capacity when nobody takes more than
	// the source has, and the rest is divided equally, TCP included. What a flow takes beyond that does not count.
	Share    float64
	Fairness float64 // Jain's index of what the flows received of their fair shares
	Loss     float64 // share of packets lost, beyond what the path loses at random
	Audio    float64 // the same of audio
	QueueP95 time.Duration
	// Settling is the longest time from a change (of the capacity, of the flows) until a second begins in which the
	// flows receive 80 % of their fair share, with a queue below 150 ms unless TCP fills it; 30 s when that
	// takes longer or never comes.
	Settling time.Duration
	// Unsettled reports whether Settling is that of a run that never settled.
	Unsettled bool
	// Score is Share, reduced by loss, queues and slowness: Share * (1-Loss)^4 / (1 + QueueP95/500 ms) /
	// (1 + Settling/30 s).
	Score float64
}

const (
	warmUp        = 5 * time.Second // not judged, after the start of a flow
	settlingLimit = 30 * time.Second
)

// Assess judges a run of the scenario.
func (s Scenario) Assess(r Result) Assessment {
	var a Assessment
	got, fair := make([]float64, len(r.Media)), make([]float64, len(r.Media))
	var useful float64
	sent, lost, audioSent, audioLost, baseline := 0, 0, 0, 0, 0.0
	for n, f := range r.Media {
		for _, m := range f.Samples {
			share := s.fairShares(m.At)[n]
			if m.At < s.Media[n].Start+warmUp || share == 0 {
				continue
			}
			got[n] += m.Received
			fair[n] += share
			useful += min(m.Received, share)
		}
		path := s.Path
		if s.Media[n].Back {
			path = s.Back
		}
		baseline += path.Loss * float64(f.Sent)
		sent, lost = sent+f.Sent, lost+f.Lost
		audioSent, audioLost = audioSent+f.AudioSent, audioLost+f.AudioSent-f.AudioGot
		a.QueueP95 = max(a.QueueP95, f.QueueP95())
	}
	shares, total := make([]float64, len(got)), 0.0
	for n := range got {
		shares[n] = got[n] / max(fair[n], 1)
		total += fair[n]
	}
	baseline /= float64(max(sent, 1))
	a.Share = useful / max(total, 1)
	a.Fairness = Jain(shares...)
	a.Loss = max(float64(lost)/float64(max(sent, 1))-baseline, 0)
	a.Audio = max(float64(audioLost)/float64(max(audioSent, 1))-baseline, 0)
	a.Settling = s.settling(r)
	if a.Unsettled = a.Settling < 0; a.Unsettled {
		a.Settling = settlingLimit
	}
	a.Settling = min(a.Settling, settlingLimit)
	a.Score = a.Share * math.Pow(1-a.Loss, 4) / (1 + a.QueueP95.Seconds()/0.5) /
		(1 + a.Settling.Seconds()/settlingLimit.Seconds())
	return a
}

// Mean returns the mean of assessments of the same scenario.
func Mean(all []Assessment) Assessment {
	var mean Assessment
	n := float64(len(all))
	for _, a := range all {
		mean.Share += a.Share / n
		mean.Fairness += a.Fairness / n
		mean.Loss += a.Loss / n
		mean.Audio += a.Audio / n
		mean.QueueP95 += a.QueueP95 / time.Duration(len(all))
		mean.Settling += a.Settling / time.Duration(len(all))
		mean.Unsettled = mean.Unsettled || a.Unsettled
		mean.Score += a.Score / n
	}
	return mean
}

// fairShares returns the fair share of each media flow at a time, in bit/s as received; 0 when it is not active.
func (s Scenario) fairShares(at time.Duration) []float64 {
	shares := make([]float64, len(s.Media))
	s.share(at, s.Path, false, shares)
	s.share(at, s.Back, true, shares)
	return shares
}

// share divides the capacity of one direction: whoever wants less than an equal part of what is left gets what it
// wants.
func (s Scenario) share(at time.Duration, path Path, back bool, shares []float64) {
	type claim struct {
		flow int
		most float64
	}
	var claims []claim
	for n, m := range s.Media {
		f := mediaFlow{media: m, clock: &clock{now: at}}
		if m.Back == back && at > m.Start && !f.over() && !f.paused() {
			claims = append(claims, claim{n, f.demand()})
		}
	}
	left := path.capacity(at) * (mtu / float64(mtu+overhead))
	if left == 0 {
		left = math.Inf(1)
	}
	tcp := 0
	for _, t := range s.TCP {
		// Short transfers take a part of the capacity for a part of the time: 10 of them about a half.
		if !back && at > t.Start && t.MaxBytes == 0 {
			tcp++
		}
		if !back && t.MaxBytes > 0 {
			left -= path.capacity(at) * 0.05
		}
	}
	slices.SortFunc(claims, func(a, b claim) int { return int(a.most - b.most) })
	for i, c := range claims {
		part := min(c.most, left/float64(len(claims)-i+tcp))
		left -= part
		shares[c.flow] = s.Media[c.flow].usable(part) * (1 - path.Loss)
	}
}

// usable is what the source makes of a rate.
func (m Media) usable(bps float64) float64 {
	if len(m.Layers) == 0 {
		return bps
	}
	audio := audioSize * 8 / audioPeriod.Seconds()
	usable := audio
	for _, l := range m.Layers {
		if l+audio <= bps {
			usable = l + audio
		}
	}
	return usable
}

// changes returns when the capacity or the set of flows changes.
func (s Scenario) changes() []time.Duration {
	var at []time.Duration
	for _, c := range slices.Concat(s.Path.Capacity, s.Back.Capacity) {
		at = append(at, c.At)
	}
	for _, m := range s.Media {
		at = append(at, m.Start, m.Pause[0], m.Pause[1])
		for _, l := range m.Limit {
			at = append(at, l.At)
		}
	}
	slices.Sort(at)
	return slices.Compact(at)
}

func (s Scenario) settling(r Result) time.Duration {
	const second = int(time.Second / sampleEvery)
	var longest time.Duration
	changes := append(s.changes(), s.Duration)
	for n, change := range changes[:len(changes)-1] {
		settled := time.Duration(-1)
		for at := change; at+time.Second <= changes[n+1]; at += sampleEvery {
			useful, fair, queue := 0.0, 0.0, time.Duration(0)
			for i, share := range s.fairShares(at + time.Millisecond) {
				rate, seen := 0.0, 0
				for _, m := range r.Media[i].within(at, at+time.Second) {
					rate += m.Received
					seen++
					queue = max(queue, m.Queue)
				}
				useful += min(rate/float64(max(seen, second)), share)
				fair += share
			}
			if useful >= 0.8*fair && (queue < 150*time.Millisecond || len(s.TCP) > 0) {
				settled = at - change
				break
			}
		}
		if settled < 0 {
			return -1
		}
		longest = max(longest, settled)
	}
	return longest
}

// within returns the samples of a time.
func (f *Flow) within(from, to time.Duration) []Sample {
	first := slices.IndexFunc(f.Samples, func(s Sample) bool { return s.At > from })
	if first < 0 {
		return nil
	}
	last := first
	for last < len(f.Samples) && f.Samples[last].At <= to {
		last++
	}
	return f.Samples[first:last]
}
