// Package soak lets a server run for half an hour while everything around it fails: clients are killed, their
// connections cut, encoders and workers killed or frozen, the server itself killed and started again. `make soak` runs
// it; SOAK says for how long. Everybody receives each incident once, and in the end the server
// holds no more than at its start.
package soak

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

const (
	meetings     = 3
	bots         = 4 // in each meeting, all moderators
	faultsIn30m  = 1000
	settleWithin = 45 * time.Second
)

// soak is one run.
type soak struct {
	*testing.T
	server  *testserver.Server
	address string
	token   string
	rooms   []*room
	counts  map[string]int
	random  *rand.Rand
}

// room is a meeting with its bots. One of its recordings runs most of the time.
type room struct {
	s       *soak
	meeting string
	bots    []*bot
	next    int // makes names

	since time.Time
}

// bot is a program in a meeting, behind a proxy that can be cut.
type bot struct {
	*sdk.Meeting
	proxy *testserver.Proxy
	since time.Time

	mu       sync.Mutex // guards heard
	received map[string]*heard
}

type heard struct {
	fault *fault.Error
	times int
}

func TestSoak(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv("SOAK"))
	if err != nil {
		t.Skip("NO SOAK: it runs for the time in SOAK; make soak")
	}
	program := testserver.Program(t)
	s := &soak{T: t, counts: map[string]int{}}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	s.random = rand.New(rand.NewPCG(seed, seed))
	s.server = testserver.Spawn(t, program, map[string]string{"egress.minFreeMb": "1", "meeting.resumeWindow": "20s"})
	s.address = strings.TrimPrefix(s.server.URL, "http://")
	account := s.server.Account(t, nil)
	s.token = account.Token(t)

	// What a server holds that has done everything once is what it may hold in the end.
	s.open(account)
	s.round()
	s.leave()
	before := s.measureIdle()
	t.Logf("at the start: %v", before)

	s.open(account)
	count := max(20, int(float64(faultsIn30m)*length.Minutes()/30))
	began := time.Now()
	for n := range count {
		s.fail(n, count)
		due := began.Add(length * time.Duration(n+1) / time.Duration(count))
		s.wait(time.Until(due))
	}
	t.Logf("%d faults in %v: %v", count, time.Since(began).Round(time.Second), s.counts)
	s.settle()
	s.leave()
	require.Empty(t, s.server.FaultsLoggedTwice(), "an incident is logged more than once")
	after := s.measureIdle()
	t.Logf("at the end: %v", after)
	require.LessOrEqual(t, after.goroutines, before.goroutines+20, "goroutines")
	require.LessOrEqual(t, after.files, before.files+10, "open files")
	require.LessOrEqual(t, after.memory, before.memory*3/2+32<<20, "memory")
	require.LessOrEqual(t, after.own, before.own+20, "goroutines of the SDK")
	require.Eventually(t, func() bool { return len(s.leftovers()) == 0 }, settleWithin, time.Second,
		"files of jobs that are over are left")
}

// leftovers returns the files where jobs write. Those of jobs that are over are in the storage.
func (s *soak) leftovers() (files []string) {
	s.Helper()
	root := filepath.Join(s.server.Dir, "egress")
	require.NoError(s, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files = append(files, path)
		return nil
	}))
	return files
}

// wait lets time pass.
func (s *soak) wait(d time.Duration) {
	select {
	case <-time.After(d):
	case <-s.Context().Done():
	}
}

// open makes the meetings and lets the bots in.
func (s *soak) open(account testserver.Account) {
	s.Helper()
	s.rooms = nil
	for range meetings {
		r := &room{s: s, meeting: account.Meeting(s, nil), since: time.Now()}
		s.rooms = append(s.rooms, r)
		for range bots {
			r.join()
		}
	}
}

// join lets a new bot in.
func (r *room) join() {
	s := r.s
	s.Helper()
	r.next++
	b := &bot{proxy: s.server.Proxy(s), received: map[string]*heard{}, since: time.Now()}
	m, err := sdk.InitMeeting(
		sdk.Options{
			URL:           b.proxy.URL,
			Token:         s.token,
			MeetingID:     r.meeting,
			ParticipantID: fmt.Sprintf("bot%d", r.next),
			Name:          "Bot",
		},
	)
	require.NoError(s, err)
	b.Meeting = m
	m.OnError(func(f *fault.Error) {
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.received[f.ID] == nil {
			b.received[f.ID] = &heard{fault: f}
		}
		b.received[f.ID].times++
	})
	require.Eventually(
		s,
		func() bool { return m.Join(s.Context()) == nil || m.State() == sdk.Connected },
		settleWithin,
		200*time.Millisecond,
		"a bot does not get in",
	)
	r.bots = append(r.bots, b)
}

// once requires that nobody received a fault twice.
func (b *bot) once(t testing.TB) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, h := range b.received {
		require.Equal(t, 1, h.times, "%s came %d times: %v", id, h.times, h.fault)
	}
}

func (b *bot) heardOf(id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.received[id] != nil
}

// round lets each meeting record once, and end it in good order.
func (s *soak) round() {
	s.Helper()
	for _, r := range s.rooms {
		r.record()
		ctx, cancel := context.WithTimeout(s.Context(), settleWithin)
		require.NoError(s, r.bots[0].StopRecording(ctx))
		cancel()
		r.awaitEnd()
	}
}

// fail makes one thing fail.
func (s *soak) fail(n, of int) {
	s.Helper()
	r := s.rooms[s.random.IntN(len(s.rooms))]
	kind := "cut"
	switch p := s.random.IntN(1000); {
	case n == of/3 || n == of*2/3 || p < 8: // twice at the least
		kind = "server killed"
	case p < 30:
		kind = "worker frozen"
	case p < 80:
		kind = "worker killed"
	case p < 180:
		kind = "ffmpeg killed"
	case p < 480:
		kind = "bot killed"
	}
	s.counts[kind]++
	switch kind {
	case "cut":
		r.cut()
	case "bot killed":
		r.killBot()
	case "ffmpeg killed":
		r.signalWorker(syscall.SIGKILL, false)
	case "worker killed":
		r.signalWorker(syscall.SIGKILL, true)
	case "worker frozen":
		r.signalWorker(syscall.SIGSTOP, true)
	case "server killed":
		s.killServer()
	}
}

// cut ends a bot's connection; it is there again before its place is lost.
func (r *room) cut() {
	b := r.bots[r.s.random.IntN(len(r.bots))]
	b.proxy.Cut()
	if r.s.random.IntN(2) == 0 {
		r.s.wait(time.Duration(r.s.random.IntN(500)) * time.Millisecond)
	}
	b.proxy.Mend()
	require.Eventually(
		r.s,
		func() bool { return b.State() == sdk.Connected },
		settleWithin,
		50*time.Millisecond,
		"a bot that was cut does not come back: %s",
		b.State(),
	)
	b.once(r.s)
}

// killBot takes a bot away as a crash does: its connection is cut for good, and another one joins.
func (r *room) killBot() {
	i := r.s.random.IntN(len(r.bots))
	r.bots[i].leave(r.s)
	r.bots = append(r.bots[:i], r.bots[i+1:]...)
	r.join()
}

// leave ends a bot whose connection is dead.
func (b *bot) leave(t testing.TB) {
	b.proxy.Cut()
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	_ = b.Leave(ctx) // nobody waits for it
	b.proxy.Close()
	b.once(t)
}

// record starts a recording, unless one runs.
func (r *room) record() {
	s := r.s
	s.Helper()
	if j := r.last(); j != nil && !over(j.Status) {
		return
	}
	require.Eventually(s, func() bool {
		ctx, cancel := context.WithTimeout(s.Context(), settleWithin)
		defer cancel()
		err := r.bots[0].StartRecording(
			ctx,
			sdk.RecordingOptions{Config: &sdk.EgressConfig{Mode: sdk.EgressAudioOnly}},
		)
		return err == nil || strings.Contains(err.Error(), "ALREADY_RUNNING")
	}, 2*settleWithin, time.Second, "no recording starts")
}

// recordingRow is a recording as REST shows it.
type recordingRow struct {
	ID     string       `json:"id"`
	Status string       `json:"status"`
	Fault  *fault.Error `json:"fault"`
}

func over(status string) bool { return status == "STOPPED" || status == "FAILED" }

func (r *room) last() *recordingRow {
	status, answer := r.s.server.REST(r.s, r.s.token, http.MethodGet, "/v2/recordings?perPage=1&roomId="+r.meeting, nil)
	require.Equal(r.s, http.StatusOK, status, string(answer))
	var page struct{ Data []recordingRow }
	require.NoError(r.s, json.Unmarshal(answer, &page))
	if len(page.Data) == 0 {
		return nil
	}
	return &page.Data[0]
}

// awaitEnd waits for the end of the room's recording.
func (r *room) awaitEnd() *recordingRow {
	var j *recordingRow
	require.Eventually(
		r.s,
		func() bool { j = r.last(); return j != nil && over(j.Status) },
		settleWithin,
		100*time.Millisecond,
		"a recording does not end",
	)
	return j
}

// signalWorker kills or freezes the worker of the room's recording, or its ffmpeg. Everybody who is in the meeting
// must receive it, once, by the id that REST shows.
func (r *room) signalWorker(signal syscall.Signal, worker bool) {
	s := r.s
	r.record()
	victim := r.process(worker)
	if victim == 0 {
		return // it has just ended
	}
	if err := syscall.Kill(victim, signal); err != nil {
		return
	}
	j := r.awaitEnd()
	if signal == syscall.SIGSTOP {
		_ = syscall.Kill(victim, syscall.SIGCONT) // unless the server has ended it
	}
	require.NotNil(s, j.Fault, "a recording whose process was hit ended as %s", j.Status)
	for _, b := range r.bots {
		if b.since.Before(j.Fault.At.Time) {
			require.Eventually(
				s,
				func() bool { return b.heardOf(j.Fault.ID) },
				settleWithin,
				50*time.Millisecond,
				"a bot does not receive %v",
				j.Fault,
			)
		}
		b.once(s)
	}
}

// process finds the worker of this room, or its ffmpeg, by the meeting that the job's files are named after.
func (r *room) process(worker bool) int {
	j := r.last()
	if j == nil {
		return 0
	}
	for _, pid := range r.s.server.Workers(r.s) {
		encoders := testserver.Children(r.s, pid, "ffmpeg")
		if !holds(pid, j.ID) && !anyHolds(encoders, j.ID) {
			continue
		}
		if worker {
			return pid
		}
		if len(encoders) > 0 {
			return encoders[0]
		}
	}
	return 0
}

func anyHolds(pids []int, text string) bool {
	for _, pid := range pids {
		if holds(pid, text) {
			return true
		}
	}
	return false
}

// holds reports whether a process has a file open whose name holds a text.
func holds(pid int, text string) bool {
	names, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	if err != nil {
		return false
	}
	for _, name := range names {
		if to, err := os.Readlink(name); err == nil && strings.Contains(to, text) {
			return true
		}
	}
	return false
}

// killServer kills the server and starts it again. What ran is reported once, by the next one; the bots must know that
// their session is over, or be in again.
func (s *soak) killServer() {
	s.server.Kill()
	s.server.RespawnAt(s, s.address)
	for _, r := range s.rooms {
		for _, b := range r.bots {
			require.Eventually(s, func() bool {
				return b.State() == sdk.Failed || b.State() == sdk.Disconnected || b.State() == sdk.Connected
			},
				settleWithin, 50*time.Millisecond, "a bot does not know what became of it: %s", b.State())
		}
		if j := r.last(); j != nil {
			require.True(s, over(j.Status), "a recording outlives the server as %s", j.Status)
		}
		for i := 0; i < len(r.bots); i++ {
			b := r.bots[i]
			b.once(s)
			if b.State() != sdk.Connected {
				b.leave(s)
				r.bots = append(r.bots[:i], r.bots[i+1:]...)
				i--
			}
		}
		for len(r.bots) < bots {
			r.join()
		}
		r.since = time.Now()
	}
}

// settle waits until nothing is under way.
func (s *soak) settle() {
	s.Helper()
	for _, r := range s.rooms {
		if j := r.last(); j != nil && !over(j.Status) {
			ctx, cancel := context.WithTimeout(s.Context(), settleWithin)
			_ = r.bots[0].StopRecording(ctx) // it may have ended
			cancel()
			r.awaitEnd()
		}
		for _, b := range r.bots {
			b.once(s)
		}
	}
}

// leave lets all bots out.
func (s *soak) leave() {
	s.Helper()
	for _, r := range s.rooms {
		for _, b := range r.bots {
			ctx, cancel := context.WithTimeout(context.Background(), settleWithin)
			require.NoError(s, b.Leave(ctx))
			cancel()
			b.once(s)
			b.proxy.Close()
		}
	}
}

// usage is what a server holds, and this program.
type usage struct {
	goroutines, files, memory, own int
}

func (h usage) String() string {
	return fmt.Sprintf(
		"%d goroutines, %d open files, %d MiB; the bots' program has %d goroutines",
		h.goroutines,
		h.files,
		h.memory>>20,
		h.own,
	)
}

var gauge = regexp.MustCompile(
	`(?m)^(klatch_sessions|klatch_participants|klatch_signaling_sockets|klatch_egress_jobs|` +
		`go_goroutines|process_open_fds|process_resident_memory_bytes) (\S+)$`,
)

// measureIdle waits until the server is empty, and measures it: the least of some seconds, for what is given back
// with delay.
func (s *soak) measureIdle() usage {
	s.Helper()
	best := usage{goroutines: 1 << 30, files: 1 << 30, memory: 1 << 40, own: 1 << 30}
	var values map[string]int
	empty := func() bool {
		values = s.metrics()
		return values["klatch_sessions"]+values["klatch_participants"] == 0 &&
			values["klatch_signaling_sockets"]+values["klatch_egress_jobs"] == 0 &&
			len(s.server.Workers(s)) == 0
	}
	require.Eventually(s, empty, 2*settleWithin, 250*time.Millisecond, "the server does not become empty")
	for range 20 {
		s.wait(250 * time.Millisecond)
		values = s.metrics()
		best.goroutines = min(best.goroutines, values["go_goroutines"])
		best.files = min(best.files, values["process_open_fds"])
		best.memory = min(best.memory, values["process_resident_memory_bytes"])
		best.own = min(best.own, runtime.NumGoroutine())
	}
	return best
}

func (s *soak) metrics() map[string]int {
	status, text := s.server.Admin(s, http.MethodGet, "/metrics", nil)
	require.Equal(s, http.StatusOK, status)
	values := map[string]int{}
	for _, m := range gauge.FindAllStringSubmatch(string(text), -1) {
		value, err := strconv.ParseFloat(m[2], 64)
		require.NoError(s, err)
		values[m[1]] = int(value)
	}
	require.Positive(s, values["process_open_fds"])
	return values
}
