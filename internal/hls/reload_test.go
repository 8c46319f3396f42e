package hls

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/klatch/klatch/fault"
)

// fixture is a stream that is written, and the server of it.
type fixture struct {
	t       *testing.T
	clock   fragmentSource
	w       *Writer
	handler *Handler
	url     string

	mu       sync.Mutex // guards reported
	reported []*fault.Error
}

// openFixture writes a stream of parts of half a second, two in a segment, so that three target durations are three
// seconds.
func openFixture(t *testing.T, fragments int) *fixture {
	t.Helper()
	h := &fixture{t: t, clock: fragmentSource{length: 500 * time.Millisecond, keys: 2}}
	root := t.TempDir()
	dir := filepath.Join(root, "job")
	require.NoError(t, os.Mkdir(dir, 0o700))
	var err error
	h.w, err = NewWriter(dir, Options{LowLatency: true, SegmentDuration: time.Second, Epoch: golden})
	require.NoError(t, err)
	require.NoError(t, h.w.WriteInit(initOf("init")))
	h.clock.run(t, h.w, fragments)
	h.handler, err = NewHandler(root, nil)
	require.NoError(t, err)
	h.handler.LimitWaiting(defaultWaiting, func(_ context.Context, f *fault.Error) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.reported = append(h.reported, f)
	})
	server := httptest.NewServer(h.handler)
	t.Cleanup(func() {
		require.NoError(t, h.handler.Close())
		server.Close()
		if h.w.closed {
			return
		}
		require.NoError(t, h.w.Close())
	})
	h.url = server.URL + "/job/"
	return h
}

func (h *fixture) write(fragments int) { h.clock.run(h.t, h.w, fragments) }

// answer is what came, and when.
type answer struct {
	status int
	header http.Header
	body   string
	fault  fault.Error
	at     time.Time
	err    error
}

func (h *fixture) ask(ctx context.Context, name string) (a answer) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.url+name, nil)
	if err != nil {
		return answer{err: err}
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{err: err}
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	a = answer{status: res.StatusCode, header: res.Header, body: string(body), at: time.Now(), err: err}
	if res.StatusCode >= 400 {
		_ = json.Unmarshal(body, &a.fault) // or it has none
	}
	return a
}

func (h *fixture) get(name string) answer {
	h.t.Helper()
	a := h.ask(h.t.Context(), name)
	require.NoError(h.t, a.err)
	return a
}

// getAsync asks in the background.
func (h *fixture) getAsync(name string) <-chan answer {
	c := make(chan answer, 1)
	go func() { c <- h.ask(h.t.Context(), name) }()
	return c
}

// requireWaiting waits until so many requests wait.
func (h *fixture) requireWaiting(n int) {
	h.t.Helper()
	require.Eventually(h.t, func() bool {
		l := h.handler.watchers
		l.mu.Lock()
		defer l.mu.Unlock()
		o := l.byDir["job"]
		return n == 0 && o == nil || o != nil && o.waiting == n
	}, 10*time.Second, time.Millisecond, "%d requests wait", n)
}

func TestReloadWaitsForThePart(t *testing.T) {
	h := openFixture(t, 11) // segments 0 to 4, and part 0 of 5
	for _, name := range []string{LivePlaylist, FullPlaylist} {
		there := h.get(name + "?_HLS_msn=5&_HLS_part=0")
		require.Equal(t, http.StatusOK, there.status)
		require.Contains(t, there.body, `"seg00005.0.m4s"`)
		require.Equal(t, "public, max-age=6", there.header.Get("Cache-Control"), "six target durations")
		require.Equal(t, "application/vnd.apple.mpegurl", there.header.Get("Content-Type"))
		require.Equal(t, "*", there.header.Get("Access-Control-Allow-Origin"))
		require.Equal(t, there.body, h.get(name).body, "the whole of it")
		require.Equal(t, "no-cache", h.get(name).header.Get("Cache-Control"))
		require.NotEmpty(t, h.get(name).header.Get("ETag"))
	}
	part, segment := h.getAsync("live.m3u8?_HLS_msn=5&_HLS_part=1"), h.getAsync("index.m3u8?_HLS_msn=5")
	h.requireWaiting(2)
	h.write(1)
	wrote := time.Now()
	got := <-part
	require.Contains(t, got.body, `"seg00005.1.m4s"`)
	t.Logf("woken after %v", got.at.Sub(wrote))
	h.requireWaiting(1)
	h.write(1) // a key frame: segment 5 is whole
	require.Contains(t, (<-segment).body, "seg00005.m4s\n")
	h.requireWaiting(0)

	past := h.getAsync("live.m3u8?_HLS_msn=5&_HLS_part=7") // the first one of 6, which is there
	require.Contains(t, (<-past).body, `"seg00006.0.m4s"`)

	last := h.getAsync("live.m3u8?_HLS_msn=6&_HLS_part=1")
	h.requireWaiting(1)
	require.NoError(t, h.w.Close())
	end := <-last
	require.Equal(t, http.StatusOK, end.status)
	require.Contains(t, end.body, tagEnd)
	require.Equal(t, "no-cache", end.header.Get("Cache-Control"))
	require.Equal(t, end.body, h.get("live.m3u8?_HLS_msn=999&_HLS_part=9").body, "of what has ended there is no more")
	require.Empty(t, h.reported)
}

func TestReloadGivesDeltas(t *testing.T) {
	h := openFixture(t, 41)
	full, delta := h.get("index.m3u8"), h.get("index.m3u8?_HLS_skip=YES")
	require.Contains(t, delta.body, "#EXT-X-SKIP:SKIPPED-SEGMENTS=14\n")
	require.Equal(t, "no-cache", delta.header.Get("Cache-Control"))
	require.NotEqual(t, full.header.Get("ETag"), delta.header.Get("ETag"))
	waits := h.getAsync("index.m3u8?_HLS_msn=20&_HLS_part=1&_HLS_skip=YES")
	h.requireWaiting(1)
	h.write(1)
	next := <-waits
	require.Contains(t, next.body, "#EXT-X-SKIP:SKIPPED-SEGMENTS=14\n")
	require.Contains(t, next.body, `"seg00020.1.m4s"`)
	require.NotContains(t, h.get("live.m3u8?_HLS_skip=YES").body, "SKIP", "MUST ignore what is not offered")
	require.NoError(t, h.w.Close())
	require.NotContains(t, h.get("index.m3u8?_HLS_skip=YES").body, "SKIP")
}

func TestReloadRefuses(t *testing.T) {
	h := openFixture(t, 11)
	for query, says := range map[string]string{
		"_HLS_part=1":                     "_HLS_part of this playlist: comes without _HLS_msn.",
		"_HLS_msn=7":                      "_HLS_msn of this playlist: 7 is too far ahead: the last segment is 4.",
		"_HLS_msn=18446744073709551615":   "too far ahead",
		"_HLS_msn=-3":                     `is "-3", and no decimal number`,
		"_HLS_msn=5&_HLS_part=4000000000": "too far ahead",
	} {
		got := h.get("live.m3u8?" + query)
		require.Equal(t, http.StatusBadRequest, got.status, query)
		require.Equal(t, 4107, got.fault.Code)
		require.Contains(t, got.fault.Detail, says)
		require.Equal(t, "no-store", got.header.Get("Cache-Control"))
		require.Equal(t, "application/problem+json", got.header.Get("Content-Type"))
		require.Equal(t, "*", got.header.Get("Access-Control-Allow-Origin"), "a page may read why")
	}
	require.Len(t, h.reported, 5)
	require.Equal(t, http.StatusNotFound, h.get("../nojob/live.m3u8?_HLS_msn=0").status)
	h.requireWaiting(0)
}

// Who waits too long is told so, all by one fault.
func TestReloadIsTooLate(t *testing.T) {
	h := openFixture(t, 11)
	began := time.Now()
	var waits []<-chan answer
	for range 5 {
		waits = append(waits, h.getAsync("live.m3u8?_HLS_msn=5&_HLS_part=1"), h.getAsync("seg00005.1.m4s"))
	}
	ids := map[string]bool{}
	for _, c := range waits {
		got := <-c
		require.NoError(t, got.err)
		require.Equal(t, http.StatusServiceUnavailable, got.status)
		require.Equal(t, "HLS_LATE", got.fault.Reason)
		require.EqualValues(t, 3000, got.fault.Details["waitedMs"])
		require.Equal(t, "1", got.header.Get("Retry-After"))
		require.Equal(t, "no-store", got.header.Get("Cache-Control"))
		ids[got.fault.ID] = true
	}
	require.GreaterOrEqual(t, time.Since(began), 3*time.Second)
	require.Less(t, len(ids), 3, "one cause, one fault; two when some came late")
	require.Len(t, h.reported, len(ids))
}

// Many wait, one looks, all are woken at once. One more than the limit is refused, until somebody goes.
func TestManyWait(t *testing.T) {
	const many = 300
	h := openFixture(t, 11)
	h.handler.LimitWaiting(many, func(context.Context, *fault.Error) {})
	looks := atomic.Int64{}
	stat := h.handler.watchers.stat
	h.handler.watchers.stat = func(name string) (os.FileInfo, error) { looks.Add(1); return stat(name) }
	var waits []<-chan answer
	for range many - 1 {
		waits = append(waits, h.getAsync("live.m3u8?_HLS_msn=5&_HLS_part=1"))
	}
	impatient, goes := context.WithCancel(t.Context())
	gone := make(chan answer, 1)
	go func() { gone <- h.ask(impatient, "live.m3u8?_HLS_msn=5&_HLS_part=1") }()
	h.requireWaiting(many)
	require.Len(t, h.handler.watchers.byDir, 1)
	full := h.get("live.m3u8?_HLS_msn=5&_HLS_part=1")
	require.Equal(t, http.StatusServiceUnavailable, full.status)
	require.Equal(t, "HLS_WAITING", full.fault.Reason)
	require.EqualValues(t, many, full.fault.Details["limit"])
	require.Equal(t, http.StatusOK, h.get("live.m3u8").status, "who does not wait is served")
	goes()
	require.ErrorIs(t, (<-gone).err, context.Canceled)
	h.requireWaiting(many - 1)
	waits = append(waits, h.getAsync("live.m3u8?_HLS_msn=5&_HLS_part=1"))
	h.requireWaiting(many)

	before, began := looks.Load(), time.Now()
	h.write(1)
	first, last := time.Now().Add(time.Hour), time.Time{}
	for _, c := range waits {
		got := <-c
		require.NoError(t, got.err)
		require.Contains(t, got.body, `"seg00005.1.m4s"`)
		first, last = minTime(first, got.at), maxTime(last, got.at)
	}
	t.Logf("%d were woken within %v", many, last.Sub(first))
	require.Less(t, looks.Load()-before, int64(time.Since(began)/pollInterval)+many/2, "nobody looks alone")
	h.requireWaiting(0)
}

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Ten thousand requests of every kind leave nothing behind, and each has an answer.
func TestAFloodOfDirectives(t *testing.T) {
	h := openFixture(t, 11)
	h.handler.LimitWaiting(100, func(context.Context, *fault.Error) {})
	queries := []string{
		"_HLS_msn=5&_HLS_part=1",
		"_HLS_msn=5&_HLS_part=0",
		"_HLS_msn=99999999999999999999",
		"_HLS_part=2",
		"_HLS_msn=x",
		"_HLS_skip=YES",
		"_HLS_msn=6",
		"_HLS_msn=1;",
	}
	var statuses [600]atomic.Int64
	var flood sync.WaitGroup
	slots := make(chan struct{}, 2000)
	for i := range 10_000 {
		slots <- struct{}{}
		flood.Go(func() {
			defer func() { <-slots }()
			name := "live.m3u8"
			if i%3 == 0 {
				name = FullPlaylist
			}
			r := httptest.NewRequest(http.MethodGet, "/job/"+name+"?"+queries[i%len(queries)], nil)
			w := httptest.NewRecorder()
			h.handler.ServeHTTP(w, r)
			statuses[w.Code].Add(1)
		})
		if i == 5000 {
			h.write(1)
		}
	}
	require.Eventually(t, func() bool { h.write(1); return len(slots) == 0 }, 20*time.Second, 10*time.Millisecond)
	flood.Wait()
	answered := statuses[200].Load() + statuses[400].Load() + statuses[503].Load()
	t.Logf("200: %d, 400: %d, 503: %d", statuses[200].Load(), statuses[400].Load(), statuses[503].Load())
	require.EqualValues(t, 10_000, answered)
	for i, query := range queries { // who does not have to wait is answered as ever
		if status := map[int]int{1: 200, 2: 400, 3: 400, 4: 400, 5: 200, 7: 400}[i]; status > 0 {
			require.GreaterOrEqual(t, statuses[status].Load(), int64(10_000/len(queries)), query)
		}
	}
	require.EqualValues(t, 10_000/len(queries)*4, statuses[400].Load())
	h.requireWaiting(0)
}

// Drain sends away who waits, and Close leaves nothing running.
func TestDrainAndClose(t *testing.T) {
	h := openFixture(t, 11)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	ask := func(name string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/job/"+name, nil))
		return w
	}
	var waits sync.WaitGroup
	for range 20 {
		waits.Go(func() {
			got := ask("live.m3u8?_HLS_msn=5&_HLS_part=1")
			require.Equal(t, http.StatusServiceUnavailable, got.Code)
			require.Contains(t, got.Body.String(), "DRAINING")
		})
	}
	h.requireWaiting(20)
	h.handler.Drain()
	waits.Wait()
	require.Len(t, h.reported, 1)
	require.Equal(t, http.StatusServiceUnavailable, ask("live.m3u8?_HLS_msn=5&_HLS_part=1").Code)
	require.Equal(t, http.StatusOK, ask("live.m3u8").Code)
	require.Equal(t, http.StatusOK, ask("seg00005.0.m4s").Code)
	require.NoError(t, h.handler.Close())
	require.Equal(t, http.StatusNotFound, ask("live.m3u8").Code)
}

// A watcher that panics answers all who wait for its stream, once, and who comes later gets another.
func TestAPanicOfAWatcher(t *testing.T) {
	h := openFixture(t, 11)
	var broken atomic.Bool
	stat := h.handler.watchers.stat
	h.handler.watchers.stat = func(name string) (os.FileInfo, error) {
		if broken.Load() {
			panic("boom")
		}
		return stat(name)
	}
	waits := h.getAsync("live.m3u8?_HLS_msn=5&_HLS_part=1")
	h.requireWaiting(1)
	broken.Store(true)
	got := <-waits
	require.Equal(t, http.StatusInternalServerError, got.status, got.body)
	require.Contains(t, got.body, "INTERNAL")
	require.NotContains(t, got.body, "reload_test.go", "the stack is for the log")
	h.requireWaiting(0)
	h.mu.Lock()
	require.Len(t, h.reported, 1)
	require.ErrorContains(t, h.reported[0].Unwrap(), "panic in the watch of a playlist: boom")
	h.mu.Unlock()
	broken.Store(false)
	require.Equal(t, http.StatusOK, h.get("live.m3u8?_HLS_msn=5&_HLS_part=0").status)
}

// A stream that is taken away while somebody waits is not there.
func TestAStreamGoesAway(t *testing.T) {
	h := openFixture(t, 11)
	waits := h.getAsync("live.m3u8?_HLS_msn=5&_HLS_part=1")
	h.requireWaiting(1)
	require.NoError(t, os.RemoveAll(h.w.dir))
	require.Equal(t, http.StatusNotFound, (<-waits).status)
	require.Error(t, h.w.Close())
}

func TestParts(t *testing.T) {
	h := openFixture(t, 0)
	var whole []string // fragments of segments
	for range 41 {
		f := h.clock.next()
		require.NoError(t, h.w.WriteFragment(f))
		whole = append(whole, string(f.Raw))
	}
	list, err := parse([]byte(h.get("live.m3u8").body))
	require.NoError(t, err)
	require.Len(t, list.open, 1)
	for number := range 20 {
		segment := h.get(segmentName(number))
		require.Equal(t, whole[2*number]+whole[2*number+1], segment.body)
		for i := range 2 {
			got := h.get(partName(number, i)) // of old segments as well: the draft, 6.2.2, wants three target durations more
			require.Equal(t, http.StatusOK, got.status)
			require.Equal(t, whole[2*number+i], got.body)
			require.Equal(t, "public, max-age=31536000, immutable", got.header.Get("Cache-Control"))
			require.Equal(t, "video/iso.segment", got.header.Get("Content-Type"))
		}
	}
	require.Equal(t, whole[40], h.get("seg00020.0.m4s").body)
	require.Equal(t, http.StatusNotFound, h.get("seg00020.m4s").status, "it is not whole")
	for _, name := range []string{"seg00019.2.m4s", "seg00020.2.m4s", "seg00021.1.m4s", "seg00022.0.m4s",
		"seg00020.9999.m4s", "seg999999999.0.m4s",
		"seg000020.0.m4s", "seg00020.00.m4s", "seg00020.-1.m4s", "seg00020.0.m4s.part", "seg00020..m4s"} {
		got := h.get(name)
		require.Equal(t, http.StatusNotFound, got.status, name)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url+"seg00020.0.m4s", nil)
	require.NoError(t, err)
	req.Header.Set("Range", "bytes=4-7")
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusPartialContent, res.StatusCode)
	require.Equal(t, "moof", string(body))
}

// The hint is asked for before it is there, and comes when it is whole; it is the next part always, also at the end of
// a segment.
func TestPreloadHints(t *testing.T) {
	h := openFixture(t, 11)
	hint := func() string {
		l, err := parse([]byte(h.get("live.m3u8").body))
		require.NoError(t, err)
		return l.hint
	}
	for range 6 {
		next := hint()
		waits := h.getAsync(next)
		h.requireWaiting(1)
		f := h.clock.next()
		require.NoError(t, h.w.WriteFragment(f))
		got := <-waits
		require.Equal(t, http.StatusOK, got.status, next)
		require.Equal(t, string(f.Raw), got.body)
		require.Contains(t, h.get("live.m3u8").body, tagPart+`0.50000,URI="`+next+`"`)
		h.requireWaiting(0)
	}
	// without a key frame the segment goes on: who waits for the first part of the next one waits on, and gets it
	require.True(t, strings.HasSuffix(hint(), ".1.m4s"))
	h.write(1)
	early := hint()
	require.True(t, strings.HasSuffix(early, ".0.m4s"))
	waits := h.getAsync(early)
	h.requireWaiting(1)
	h.clock.keys = 1 << 20
	h.write(2)
	require.Equal(t, early, hint())
	h.requireWaiting(1)
	h.clock.keys = 1
	h.write(1)
	require.Equal(t, http.StatusOK, (<-waits).status)

	waits = h.getAsync(hint())
	h.requireWaiting(1)
	require.NoError(t, h.w.Close())
	require.Equal(t, http.StatusNotFound, (<-waits).status, "it never came")
}

// What the parts of a segment say together is the segment, and the rules of the draft hold for what real fragments
// make.
func TestPartTargets(t *testing.T) {
	for name, tt := range map[string]struct {
		lengths []int // ms
		keys    int
		parts   bool
		target  string
	}{
		"as the encoder makes them": {[]int{500}, 4, true, "0.500"},
		"sound alone":               {[]int{512}, 1, true, "0.512"},
		"a rate with a remainder":   {[]int{501, 500, 500, 501}, 4, true, "0.501"},
		"too long":                  {[]int{1200}, 2, false, ""},
		"one is too long": {[]int{500, 500, 500, 500, 500, 500, 500, 500, 500, 1001, 500, 500, 500, 500, 500}, 4,
			false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w, dir := newTestWriter(t, Options{LowLatency: true})
			at := time.Duration(0)
			for i := range 3 * len(tt.lengths) * tt.keys * 4 {
				c := fragmentSource{keys: 1}
				f := c.next()
				f.Start, f.Duration, f.Key = at, time.Duration(tt.lengths[i%len(tt.lengths)])*time.Millisecond, i%tt.keys == 0
				at += f.Duration
				require.NoError(t, w.WriteFragment(f))
			}
			live := read(t, dir, LivePlaylist)
			require.Equal(t, tt.parts, strings.Contains(live, tagPart))
			require.Equal(t, tt.parts, strings.Contains(live, tagPartTarget))
			require.Equal(t, tt.parts, strings.Contains(live, "SERVER-CONTROL"))
			require.Equal(t, tt.parts, strings.Contains(live, "PRELOAD"))
			if !tt.parts {
				return
			}
			require.Contains(t, live, tagPartTarget+tt.target+"\n")
			l, err := parse([]byte(live))
			require.NoError(t, err)
			hold, err := strconv.ParseFloat(strings.SplitN(strings.SplitN(live, tagControl, 2)[1], "\n", 2)[0], 64)
			require.NoError(t, err)
			require.InDelta(t, 3*l.partTarget.Seconds(), hold, 0.002, "4.4.3.8: SHOULD be at least three")
			for i, s := range l.segments {
				if s.parts == nil {
					continue
				}
				require.LessOrEqual(t, sum(l.segments[i:])+length(l.open), partsListed*l.target, "6.2.2")
				require.Equal(t, s.duration, length(s.parts))
				for n, p := range s.parts {
					require.LessOrEqual(t, p.duration, l.partTarget, "4.4.4.9: MUST")
					require.True(t, p.independent || n == len(s.parts)-1 || p.duration*100 >= l.partTarget*85, "4.4.4.9: MUST")
				}
			}
		})
	}
}

func length(parts []part) (total time.Duration) {
	for _, p := range parts {
		total += p.duration
	}
	return total
}
