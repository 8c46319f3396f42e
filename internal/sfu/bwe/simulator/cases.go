package simulator

import "time"

const (
	kbit = 1e3
	mbit = 1e6
	ms   = time.Millisecond
	sec  = time.Second
)

// clear is a way back that does nothing but take its time.
func clear(delay time.Duration) Path { return Path{Delay: delay} }

// rfcPath is the path of RFC 8867, section 4.1: 50 ms, a drop-tail queue of 300 ms, up to 30 ms of jitter.
func rfcPath(capacity ...Step) Path {
	return Path{Capacity: capacity, Queue: 300 * ms, Delay: 50 * ms, Jitter: 30 * ms}
}

// constant is a capacity that does not change.
func constant(bps float64) []Step { return []Step{{0, bps}} }

// rfcMedia is the source of RFC 8867, section 4.3.
func rfcMedia(start, stop time.Duration) Media {
	return Media{Start: start, Stop: stop, MinBps: 150 * kbit, MaxBps: 1.5 * mbit}
}

// RFC8867 returns the test cases of RFC 8867, section 5.
func RFC8867() []Scenario {
	queue1s := rfcPath(Step{0, 2 * mbit})
	queue1s.Queue = time.Second
	fairness := Scenario{Name: "5.5 round-trip time fairness", Duration: 300 * sec,
		Path: Path{Capacity: constant(4 * mbit), Queue: 300 * ms, Jitter: 30 * ms}}
	for n, delay := range []time.Duration{10 * ms, 25 * ms, 50 * ms, 100 * ms, 150 * ms} {
		m := rfcMedia(time.Duration(n)*10*sec, 0)
		m.Delay = delay
		fairness.Media = append(fairness.Media, m)
	}
	short := Scenario{Name: "5.7 short TCP flows", Duration: 300 * sec, Path: rfcPath(Step{0, 2 * mbit}),
		Back: clear(50 * ms), Media: []Media{rfcMedia(5*sec, 0), rfcMedia(5*sec, 0)}}
	for range 10 {
		short.TCP = append(short.TCP, TCP{MinBytes: 100_000, MaxBytes: 1_000_000, Idle: 10 * sec})
	}
	paused := rfcMedia(0, 0)
	paused.Pause = [2]time.Duration{40 * sec, 60 * sec}
	backwards := rfcMedia(0, 0)
	backwards.Back = true
	return []Scenario{
		{Name: "5.1 variable capacity", Duration: 100 * sec,
			Path: rfcPath(Step{0, 1 * mbit}, Step{40 * sec, 2.5 * mbit}, Step{60 * sec, 0.6 * mbit}, Step{80 * sec, 1 * mbit}),
			Back: clear(50 * ms), Media: []Media{rfcMedia(0, 0)}},
		{Name: "5.2 variable capacity, two flows", Duration: 125 * sec,
			Path: rfcPath(Step{0, 4 * mbit}, Step{25 * sec, 2 * mbit}, Step{50 * sec, 3.5 * mbit}, Step{75 * sec, 1 * mbit},
				Step{100 * sec, 2 * mbit}),
			Back: clear(50 * ms), Media: []Media{rfcMedia(0, 0), rfcMedia(0, 0)}},
		{Name: "5.3 congested feedback", Duration: 100 * sec,
			Path:  rfcPath(Step{0, 2 * mbit}, Step{20 * sec, 1 * mbit}, Step{40 * sec, 0.5 * mbit}, Step{60 * sec, 2 * mbit}),
			Back:  rfcPath(Step{0, 2 * mbit}, Step{35 * sec, 0.8 * mbit}, Step{70 * sec, 2 * mbit}),
			Media: []Media{rfcMedia(0, 0), backwards}},
		{Name: "5.4 three flows", Duration: 120 * sec, Path: rfcPath(Step{0, 3.5 * mbit}), Back: clear(50 * ms),
			Media: []Media{rfcMedia(0, 0), rfcMedia(20*sec, 0), rfcMedia(40*sec, 0)}},
		fairness,
		{Name: "5.6 long TCP flow, queue 300 ms", Duration: 120 * sec, Path: rfcPath(Step{0, 2 * mbit}), Back: clear(50 * ms),
			Media: []Media{rfcMedia(5*sec, 0)}, TCP: []TCP{{}}},
		{Name: "5.6 long TCP flow, queue 1 s", Duration: 120 * sec, Path: queue1s, Back: clear(50 * ms),
			Media: []Media{rfcMedia(5*sec, 0)}, TCP: []TCP{{}}},
		short,
		{Name: "5.8 pause and resume", Duration: 120 * sec, Path: rfcPath(Step{0, 3.5 * mbit}), Back: clear(50 * ms),
			Media: []Media{paused, rfcMedia(0, 0), rfcMedia(0, 0)}},
	}
}

// tbf is a link as tc's token bucket filter makes it.
func tbf(queue time.Duration, capacity ...Step) Path {
	return Path{Capacity: capacity, Burst: 6000, Queue: queue, Delay: 5 * ms}
}

// layers are those of a simulcast camera.
var layers = []float64{150 * kbit, 500 * kbit, 2 * mbit}

// Links returns the links on which meetings are known to suffer.
func Links() []Scenario {
	camera := Media{MaxBps: 2.5 * mbit}
	simulcast := Media{MaxBps: 2.5 * mbit, Layers: layers}
	lossy := func(share float64) Path {
		return Path{Capacity: constant(4 * mbit), Queue: 300 * ms, Delay: 20 * ms, Loss: share}
	}
	burst := lossy(0.05)
	burst.LossBurst = 8
	drop := []Step{{0, 4 * mbit}, {30 * sec, 0.3 * mbit}, {50 * sec, 4 * mbit}}
	far := Path{Capacity: constant(4 * mbit), Queue: 300 * ms, Delay: 150 * ms, Jitter: 80 * ms, Uniform: true}
	farBack := Path{Delay: 150 * ms, Jitter: 80 * ms, Uniform: true}
	farLater, farBackLater := far, farBack
	farLater.From, farBackLater.From = 10*sec, 10*sec
	return []Scenario{
		{Name: "random loss 5 %", Duration: 60 * sec, Path: lossy(0.05), Back: clear(20 * ms), Media: []Media{camera}},
		{Name: "random loss 10 %", Duration: 60 * sec, Path: lossy(0.10), Back: clear(20 * ms), Media: []Media{camera}},
		{Name: "random loss 20 %", Duration: 60 * sec, Path: lossy(0.20),
			Back: Path{Delay: 20 * ms, Loss: 0.2}, Media: []Media{camera}},
		{Name: "loss in bursts 5 %", Duration: 60 * sec, Path: burst, Back: clear(20 * ms), Media: []Media{camera}},
		{Name: "600 kbit/s, queue 300 ms", Duration: 60 * sec, Path: tbf(300*ms, constant(600*kbit)...),
			Back: clear(5 * ms), Media: []Media{camera}},
		{Name: "600 kbit/s, queue 50 ms", Duration: 60 * sec, Path: tbf(50*ms, constant(600*kbit)...),
			Back: clear(5 * ms), Media: []Media{camera}},
		{Name: "600 kbit/s, layers", Duration: 60 * sec, Path: tbf(300*ms, constant(600*kbit)...),
			Back: clear(5 * ms), Media: []Media{simulcast}},
		{Name: "600 kbit/s, policed", Duration: 60 * sec, Back: clear(20 * ms), Media: []Media{camera},
			Path: Path{Capacity: constant(600 * kbit), Burst: 6000, Police: true, Delay: 20 * ms}},
		{Name: "250 kbit/s, queue 300 ms", Duration: 60 * sec, Path: tbf(300*ms, constant(250*kbit)...),
			Back: clear(5 * ms), Media: []Media{camera}},
		{Name: "250 kbit/s, queue 50 ms", Duration: 60 * sec, Path: tbf(50*ms, constant(250*kbit)...),
			Back: clear(5 * ms), Media: []Media{camera}},
		{Name: "250 kbit/s, layers", Duration: 60 * sec, Path: tbf(300*ms, constant(250*kbit)...),
			Back: clear(5 * ms), Media: []Media{simulcast}},
		{Name: "4 Mbit/s to 300 kbit/s and back", Duration: 80 * sec, Path: tbf(300*ms, drop...),
			Back: clear(5 * ms), Media: []Media{camera}},
		{Name: "the same, layers", Duration: 80 * sec, Path: tbf(300*ms, drop...),
			Back: clear(5 * ms), Media: []Media{simulcast}},
		{Name: "the same, queue 2 s", Duration: 80 * sec, Path: tbf(2*sec, drop...),
			Back: clear(5 * ms), Media: []Media{camera}},
		{Name: "300 ms, 80 ms jitter", Duration: 60 * sec,
			Path: Path{Capacity: constant(4 * mbit), Queue: 300 * ms, Delay: 150 * ms, Jitter: 80 * ms, Uniform: true},
			Back: clear(150 * ms), Media: []Media{camera}},
		{Name: "300 ms, 80 ms jitter, reordered", Duration: 60 * sec, Path: Path{Capacity: constant(4 * mbit),
			Queue: 300 * ms, Delay: 150 * ms, Jitter: 80 * ms, Uniform: true, Reorder: true},
			Back: clear(150 * ms), Media: []Media{camera}},
		{Name: "300 ms, 80 ms jitter, layers", Duration: 60 * sec, Path: far, Back: farBack, Media: []Media{simulcast}},
		{Name: "the same from 10 s on", Duration: 60 * sec, Path: farLater, Back: farBackLater, Media: []Media{simulcast}},
		{Name: "feedback lost, late, reordered", Duration: 60 * sec,
			Path: Path{Capacity: constant(2 * mbit), Queue: 300 * ms, Delay: 20 * ms}, Media: []Media{camera},
			Back: Path{Delay: 20 * ms, Jitter: 300 * ms, Uniform: true, Reorder: true, Loss: 0.2}},
		{Name: "application-limited, then free", Duration: 240 * sec,
			Path: Path{Capacity: constant(3 * mbit), Queue: 300 * ms, Delay: 20 * ms}, Back: clear(20 * ms),
			Media: []Media{{MaxBps: 2.5 * mbit, Limit: []Step{{0, 500 * kbit}, {180 * sec, 2.5 * mbit}}}}},
	}
}
