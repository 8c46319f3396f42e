package quality

import (
	"cmp"
	"context"
	"log/slog"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/wire"
)

// Media measures what participants send and receive.
type Media interface {
	Measure(take func(wire.Peer, wire.MediaMeasure))
}

// Store keeps rows. A row that it has already is left as it is.
type Store interface {
	SaveQuality(ctx context.Context, rows []Row) error
	// TrimQuality removes rows that began before a time, some at a call, and reports whether there are more.
	TrimQuality(ctx context.Context, before time.Time) (more bool, err error)
}

// Options of a Collector.
type Options struct {
	Media    Media
	Store    Store
	Report   func(context.Context, *fault.Error)
	Log      *slog.Logger
	Interval time.Duration // between two samples
	Keep     time.Duration // of rows
	RowTime  time.Duration // what one row holds; 0: a minute
	// Observe is called with each sample of a participant; it must not block.
	Observe func(sessionID, participantID string, sample *Sample)
}

const (
	writeLimit  = 10 * time.Second
	trimEvery   = time.Hour
	trimPause   = 50 * time.Millisecond // between two removals: others write too
	maxPending  = 20_000                // rows that wait for a store that does not take them, some 15 MB
	maxReports  = 3                     // reports of a participant that wait for the next sample
	maxFollowed = 100_000               // participants
)

// Counts are what a Collector has done since its start.
type Counts struct {
	Samples      uint64 // taken
	Reports      uint64 // of clients, taken
	Unused       uint64 // reports that came too often
	Rows         uint64 // written
	Failures     uint64 // of the store
	Dropped      uint64 // rows that were not written: the store did not take them for too long
	Participants int    // that are followed now
}

// Collector takes samples and gives them to the store, a minute at a time. What it holds of a killed server is lost.
//
// Shape: mutex; Run has two loops, one of which samples and one of which writes, so that a store that hangs delays no
// sample. Measure, Report, and Recent never wait for the store.
type Collector struct {
	opts Options
	wake chan struct{} // of one place: rows wait

	counts struct{ samples, reports, unused, rows, failures, dropped atomic.Uint64 }

	mu       sync.Mutex // guards everything below
	followed map[who]*following
	pending  []Row
	writing  []Row // those of pending that are on their way
	last     time.Time
}

type who struct{ session, participant string }

// following is what is known of a participant.
type following struct {
	reports []wire.StatsParams // that have not become part of a sample, oldest first
	samples []Sample           // of the row that is being made
}

// New makes a Collector, which does nothing before Run.
func New(opts Options) *Collector {
	opts.Interval = cmp.Or(opts.Interval, 10*time.Second)
	opts.RowTime = cmp.Or(opts.RowTime, time.Minute)
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Observe == nil {
		opts.Observe = func(string, string, *Sample) {}
	}
	return &Collector{
		opts: opts, wake: make(chan struct{}, 1), followed: map[who]*following{}, last: time.Now(),
	}
}

// Interval returns the time between two samples.
func (c *Collector) Interval() time.Duration { return c.opts.Interval }

// Report takes what a client has measured of itself. Its shape was checked, and that the participant is in the session.
func (c *Collector) Report(sessionID, participantID string, report wire.StatsParams) {
	c.mu.Lock()
	defer c.mu.Unlock()
	of := who{sessionID, participantID}
	f := c.followed[of]
	if f == nil {
		if len(c.followed) >= maxFollowed {
			c.counts.unused.Add(1)
			return
		}
		f = &following{}
		c.followed[of] = f
	}
	if len(f.reports) == maxReports {
		f.reports = f.reports[1:]
		c.counts.unused.Add(1)
	}
	f.reports = append(f.reports, report)
	c.counts.reports.Add(1)
}

// Run samples and writes until ctx ends. What is left then Flush writes.
func (c *Collector) Run(ctx context.Context) {
	var loops sync.WaitGroup
	defer loops.Wait()
	loops.Go(func() { c.runWriter(ctx) })
	loops.Go(func() { c.runTrimmer(ctx) })
	ticker := time.NewTicker(c.opts.Interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			if err := guard.Run("the measurement of quality", func() error { c.sample(now, false); return nil }); err != nil {
				c.opts.Report(ctx, fault.From(err))
			}
		}
	}
}

// sample takes one sample of everybody. Rows that are full, or all of them, begin to wait for the store.
func (c *Collector) sample(now time.Time, all bool) {
	now = now.Truncate(time.Millisecond).UTC()
	taken := map[who]*Sample{}
	c.mu.Lock()
	seconds := min(max(now.Sub(c.last).Seconds(), 0.001), math.MaxUint16)
	c.last = now
	c.mu.Unlock()
	c.opts.Media.Measure(func(peer wire.Peer, m wire.MediaMeasure) {
		s := &Sample{At: now}
		s.addMedia(m, seconds)
		taken[who{peer.SessionID, peer.ParticipantID}] = s
	})
	c.mu.Lock()
	for of, s := range taken {
		if c.followed[of] == nil && len(s.Entries) > 0 && len(c.followed) < maxFollowed {
			c.followed[of] = &following{}
		}
	}
	for of, f := range c.followed {
		s, present := taken[of]
		if !present {
			s = &Sample{At: now}
		}
		if len(f.reports) > 0 {
			s.addReport(f.reports[0])
			f.reports = f.reports[1:]
		}
		if len(s.Entries) > 0 {
			s.at(PathKey).Set(PathDuration, seconds*10)
			f.samples = append(f.samples, *s)
			c.counts.samples.Add(1)
			c.opts.Observe(of.session, of.participant, s)
		}
		gone := !present && len(f.reports) == 0
		full := len(f.samples) > 0 && now.Sub(f.samples[0].At) >= c.opts.RowTime-c.opts.Interval-c.opts.Interval/2
		if len(f.samples) > 0 && (full || gone || all) {
			c.pending = append(c.pending, f.row(of))
			f.samples = nil
		}
		if gone {
			delete(c.followed, of)
		}
	}
	if over := len(c.pending) - maxPending; over > 0 {
		c.pending = c.pending[over:]
		c.counts.dropped.Add(uint64(over))
	}
	waiting := len(c.pending) > 0
	c.mu.Unlock()
	if waiting {
		select {
		case c.wake <- struct{}{}:
		default:
		}
	}
}

func (f *following) row(of who) Row {
	return Row{of.session, of.participant, f.samples[0].At, Pack(f.samples)}
}

func (c *Collector) runWriter(ctx context.Context) {
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.wake:
		}
		err := c.write(ctx)
		if err != nil && !failing && ctx.Err() == nil { // a store that hangs is one fault
			c.opts.Report(ctx, fault.ServerUnavailableStore("the measurements of quality").Because(err))
		}
		failing = err != nil
	}
}

// write gives the store what waits. What it does not take waits for the next sample.
func (c *Collector) write(ctx context.Context) error {
	c.mu.Lock()
	rows := c.pending
	c.pending, c.writing = nil, rows
	c.mu.Unlock()
	if len(rows) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, writeLimit)
	defer cancel()
	err := guard.Run("the writing of quality", func() error { return c.opts.Store.SaveQuality(ctx, rows) })
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writing = nil
	if err != nil {
		c.counts.failures.Add(1)
		c.pending = append(rows, c.pending...)
		return err
	}
	c.counts.rows.Add(uint64(len(rows)))
	return nil
}

// Flush takes a last sample and writes everything. Run must have ended.
func (c *Collector) Flush(ctx context.Context) error {
	return guard.Run("the last measurement of quality", func() error {
		c.sample(time.Now(), true)
		return c.write(ctx)
	})
}

func (c *Collector) runTrimmer(ctx context.Context) {
	for {
		if err := c.trim(ctx); err != nil && ctx.Err() == nil {
			c.counts.failures.Add(1)
			c.opts.Log.Warn("old measurements of quality were not removed", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(trimEvery):
		}
	}
}

// trim removes what is too old.
func (c *Collector) trim(ctx context.Context) error {
	before := time.Now().Add(-c.opts.Keep)
	for {
		var more bool
		err := guard.Run("the removal of old quality", func() (err error) {
			more, err = c.opts.Store.TrimQuality(ctx, before)
			return err
		})
		if err != nil || !more {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(trimPause):
		}
	}
}

// Recent returns what the store has not got yet of a session; of one participant, where one is given.
func (c *Collector) Recent(sessionID, participantID string) []Row {
	c.mu.Lock()
	defer c.mu.Unlock()
	var rows []Row
	of := func(session, participant string) bool {
		return session == sessionID && (participantID == "" || participant == participantID)
	}
	for _, waiting := range [][]Row{c.writing, c.pending} {
		for _, row := range waiting {
			if of(row.SessionID, row.ParticipantID) {
				rows = append(rows, row)
			}
		}
	}
	for w, f := range c.followed {
		if of(w.session, w.participant) && len(f.samples) > 0 {
			rows = append(rows, f.row(w))
		}
	}
	return rows
}

// Counts returns the present counts.
func (c *Collector) Counts() Counts {
	n := &c.counts
	c.mu.Lock()
	defer c.mu.Unlock()
	return Counts{
		Samples: n.samples.Load(), Reports: n.reports.Load(), Unused: n.unused.Load(), Rows: n.rows.Load(),
		Failures: n.failures.Load(), Dropped: n.dropped.Load(), Participants: len(c.followed),
	}
}

func compareRows(a, b Row) int {
	return cmp.Or(cmp.Compare(a.ParticipantID, b.ParticipantID), a.At.Compare(b.At))
}
