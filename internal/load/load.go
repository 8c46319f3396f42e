// Package load is the benchmark client: it fills a media server with publishers and subscribers that speak
// real ICE, DTLS and SRTP, and measures what reaches them. It drives Klatch and, as a yardstick in the same
// run, Janus' videoroom plugin, with the same media and the same peers; only signaling differs (Target).
//
// The server under test is another process: its CPU and memory are read from /proc.
package load

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Target speaks the signaling of one kind of server. Its calls are safe for concurrent use.
type Target interface {
	// Join brings a peer into the meeting: one that publishes, one that receives everybody else, or both.
	// It returns when what it publishes is being sent; what it receives may come later.
	Join(ctx context.Context, name string, publishes, receives bool) (*Peer, error)
}

// Scenario is one measurement: people in a meeting, and how long they are watched.
type Scenario struct {
	Name        string        `json:"name"`
	Publishers  int           `json:"publishers"`
	Subscribers int           `json:"subscribers"` // who only receive
	Meeting     bool          `json:"meeting"`     // publishers receive each other, too
	JoinEvery   time.Duration `json:"-"`           // between two joins, at least
	Warmup      time.Duration `json:"-"`
	Duration    time.Duration `json:"-"`
	ServerPID   int           `json:"-"` // 0: CPU and memory are not measured
}

// Result of a scenario.
type Result struct {
	Scenario      Scenario `json:"scenario"`
	Seconds       float64  `json:"seconds"`
	Packets       uint64   `json:"packets"`        // received by all subscribers in that time
	Expected      uint64   `json:"expected"`       // sent in that time, times who should receive it
	Bytes         uint64   `json:"bytes"`          // RTP payload bytes received
	CPUSeconds    float64  `json:"cpuSeconds"`     // of the server
	CPUPerPkt     float64  `json:"cpuPerPktUs"`    // microseconds of server CPU per packet received
	MemoryBefore  int64    `json:"memoryBeforeKB"` // server memory before anyone joined
	MemoryAfter   int64    `json:"memoryAfterKB"`
	MemoryPerPeer int64    `json:"memoryPerPeerKB"`
	Latency       Quantile `json:"latencyMs"`  // from stamp at the sender to the receiving program
	FirstRTP      Quantile `json:"firstRtpMs"` // from dialing the server to the first media packet
	FirstKey      Quantile `json:"firstKeyMs"` // from dialing to the first packet of a video key frame
	LostPercent   float64  `json:"lostPercent"`
}

// Run brings everybody in, one after another, lets the load settle, measures, and takes everybody out.
func Run(ctx context.Context, target Target, s Scenario, progress func(string)) (Result, error) {
	result := Result{Scenario: s}
	before, err := usage(s.ServerPID)
	if err != nil {
		return result, err
	}
	result.MemoryBefore = before.memoryKB

	var all peers
	defer func() { all.leave() }()
	for i := range s.Publishers + s.Subscribers {
		if i > 0 {
			if err := sleep(ctx, s.JoinEvery); err != nil {
				return result, err
			}
		}
		publishes := i < s.Publishers
		peer, err := target.Join(ctx, fmt.Sprintf("peer%d", i), publishes, !publishes || s.Meeting)
		if err != nil {
			return result, fmt.Errorf("peer %d: %w", i, explained(err))
		}
		all = append(all, peer)
		progress(fmt.Sprintf("%s: %d of %d joined", s.Name, i+1, s.Publishers+s.Subscribers))
	}
	if err := all.waitForMedia(ctx, s); err != nil {
		return result, err
	}

	if err := sleep(ctx, s.Warmup); err != nil {
		return result, err
	}
	progress(fmt.Sprintf("%s: measuring %s", s.Name, s.Duration))
	first, err := usage(s.ServerPID)
	if err != nil {
		return result, err
	}
	sentBefore, gotBefore, bytesBefore := all.counts()
	for _, sub := range all.subscribers() {
		sub.delays.reset()
	}
	start := time.Now()
	if err := sleep(ctx, s.Duration); err != nil {
		return result, err
	}
	elapsed := time.Since(start)
	sentAfter, gotAfter, bytesAfter := all.counts()
	last, err := usage(s.ServerPID)
	if err != nil {
		return result, err
	}

	receivers := s.Subscribers // of each packet
	if s.Meeting {
		receivers += s.Publishers - 1
	}
	result.Seconds = elapsed.Seconds()
	result.Packets = gotAfter - gotBefore
	result.Expected = (sentAfter - sentBefore) * uint64(receivers)
	result.Bytes = bytesAfter - bytesBefore
	result.CPUSeconds = last.cpu.Seconds() - first.cpu.Seconds()
	result.MemoryAfter = last.memoryKB
	result.MemoryPerPeer = (last.memoryKB - before.memoryKB) / int64(s.Publishers+s.Subscribers)
	if result.Packets > 0 {
		result.CPUPerPkt = result.CPUSeconds * 1e6 / float64(result.Packets)
	}
	if result.Expected > result.Packets {
		result.LostPercent = 100 * float64(result.Expected-result.Packets) / float64(result.Expected)
	}
	all.quantiles(&result)
	return result, nil
}

// Peer is one client: its sending half, its receiving half, or both.
type Peer struct {
	name   string
	pub    *Publisher
	sub    *Subscriber
	hangUp func() // leaves and ends signaling
}

func (p *Peer) leave() {
	p.hangUp()
	if p.pub != nil {
		p.pub.close()
	}
	if p.sub != nil {
		p.sub.close()
	}
}

type peers []*Peer

func (all peers) subscribers() (subs []*Subscriber) {
	for _, p := range all {
		if p.sub != nil {
			subs = append(subs, p.sub)
		}
	}
	return subs
}

func (all peers) counts() (sent, got, bytes uint64) {
	for _, p := range all {
		if p.pub != nil {
			sent += p.pub.sent.Load()
		}
	}
	for _, s := range all.subscribers() {
		got += s.packets.Load()
		bytes += s.bytes.Load()
	}
	return sent, got, bytes
}

var errNoMedia = errors.New("media did not arrive")

// waitForMedia waits until every subscriber hears every stream, for 30 s at most.
func (all peers) waitForMedia(ctx context.Context, s Scenario) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for _, p := range all {
		if p.sub == nil {
			continue
		}
		streams := int64(2 * s.Publishers)
		if p.pub != nil {
			streams -= 2
		}
		for p.sub.streams.Load() < streams {
			if sleep(ctx, 20*time.Millisecond) != nil {
				return fmt.Errorf("%s hears %d of %d streams: %w", p.name, p.sub.streams.Load(), streams, errNoMedia)
			}
		}
	}
	return nil
}

func (all peers) quantiles(r *Result) {
	var delays, rtp, key samples
	for _, s := range all.subscribers() {
		delays.add(s.delays.take()...)
		rtp.add(milliseconds(s.rtpAt.Load())...)
		key.add(milliseconds(s.keyAt.Load())...)
	}
	r.Latency, r.FirstRTP, r.FirstKey = delays.quantile(), rtp.quantile(), key.quantile()
}

func (all peers) leave() {
	var wait sync.WaitGroup
	for _, p := range all {
		wait.Go(p.leave)
	}
	wait.Wait()
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
