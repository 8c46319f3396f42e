// Package throughput lets a client measure what its network carries: GET returns as many incompressible bytes as it
// asks for, POST takes a body and drops it. Neither needs a token, so everything about a transfer is bounded: its
// bytes, its time and its speed, how many run at once, and the bytes of an address in a minute.
package throughput

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	rng "math/rand/v2"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ratelimit"
)

const (
	// Path is where transfers are asked for.
	Path = "/v1/throughput"
	// MaxBytes are those of one transfer.
	MaxBytes = 8 << 20
	// Window is the time for which the limit of an address is stated.
	Window = time.Minute

	transfers           = 4 // at once, of all addresses
	transfersPerAddress = 2 // of them
	// bytesPerSecond bounds the speed of a transfer: a call needs less than a tenth of it, and all transfers together
	// leave room for the meetings on a link of 1 Gbit/s.
	bytesPerSecond = 12_500_000
	chunkBytes     = 32 << 10 // of the buffer that a transfer has
	mayTake        = 20 * time.Second
	retryTransfers = time.Second
	remembered     = 4096 // addresses
)

// Options of a Meter.
type Options struct {
	// BytesPerAddress is how many bytes may go to and come from an address in Window, on average. 0: nothing is measured.
	BytesPerAddress int
	// Refuse answers a request with a fault.
	Refuse func(http.ResponseWriter, *http.Request, error)
}

// Meter serves the transfers at Path. It is safe for concurrent use. Shape: mutex.
type Meter struct {
	opts           Options
	bytesPerSecond int
	mayTake        time.Duration

	mu      sync.Mutex // guards everything below
	running int
	of      map[netip.Prefix]int // those that run, by address
	bytes   *simplelru.LRU[netip.Prefix, *rate.Limiter]
}

// New returns a Meter.
func New(opts Options) *Meter {
	bytes, err := simplelru.NewLRU[netip.Prefix, *rate.Limiter](remembered, nil)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &Meter{
		opts: opts, bytesPerSecond: bytesPerSecond, mayTake: mayTake, of: map[netip.Prefix]int{}, bytes: bytes,
	}
}

// ServeHTTP answers one request. Pages of every origin may read the answer; http.origins is judged before.
func (m *Meter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Access-Control-Expose-Headers", "Retry-After")
	header.Set("Cache-Control", "no-store")
	if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
		header.Set("Access-Control-Allow-Methods", "GET, POST")
		header.Set("Access-Control-Allow-Headers", "Content-Type")
		header.Set("Access-Control-Max-Age", "86400")
		w.WriteHeader(http.StatusNoContent)
		return
	}
	size, f := m.judge(r)
	if f != nil {
		m.opts.Refuse(w, r, f)
		return
	}
	t, f := m.begin(ratelimit.ClientOf(r.Context()))
	if f != nil {
		m.opts.Refuse(w, r, f)
		return
	}
	defer t.end()
	t.request = r
	defer t.bound(w)()
	if r.Method == http.MethodGet {
		t.send(w, size)
	} else {
		t.receive(w)
	}
}

// judge returns what a GET asks for, or why the request is none that is served.
func (m *Meter) judge(r *http.Request) (size int, refusal *fault.Error) {
	if m.opts.BytesPerAddress == 0 {
		return 0, fault.RequestNotOfferedThroughput(r.URL.Path)
	}
	switch r.Method {
	case http.MethodGet:
		return readSize(r)
	case http.MethodPost:
		if r.ContentLength > MaxBytes {
			return 0, tooLarge()
		}
		return 0, nil
	}
	return 0, fault.InvalidMessageMethodNotAllowed(r.Method, r.URL.Path, []string{http.MethodGet, http.MethodPost})
}

func readSize(r *http.Request) (size int, refusal *fault.Error) {
	bad := func(problem string) *fault.Error {
		return fault.InvalidMessageBadParams(r.Method+" "+Path, "bytes", problem)
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return 0, bad("the query cannot be read: " + err.Error()).Because(err)
	}
	if given := query["bytes"]; len(given) != 1 {
		return 0, bad(fmt.Sprintf("it is given %d times", len(given)))
	}
	size, err = strconv.Atoi(query.Get("bytes"))
	if err != nil || size < 1 || size > MaxBytes {
		return 0, bad(fmt.Sprintf("it is not a number from 1 to %d", MaxBytes))
	}
	return size, nil
}

func tooLarge() *fault.Error {
	return fault.InvalidMessageBadParams("POST "+Path, "the body", fmt.Sprintf("it has more than %d bytes", MaxBytes))
}

// transfer is one that runs.
type transfer struct {
	meter   *Meter
	request *http.Request
	network netip.Prefix  // not valid: a program on this machine, which no limit of addresses holds
	bytes   *rate.Limiter // nil: no limit
	pace    *rate.Limiter
}

// begin counts a transfer, unless it is one too many. An address that has used up its bytes gets none until it owes
// nothing: a transfer that was let in may take more than are left.
func (m *Meter) begin(from netip.Addr) (*transfer, *fault.Error) {
	t := &transfer{meter: m, pace: rate.NewLimiter(rate.Limit(m.bytesPerSecond), chunkBytes)}
	m.mu.Lock()
	defer m.mu.Unlock()
	if from.IsValid() {
		t.network = ratelimit.Network(from)
		t.bytes = m.bytesOfLocked(t.network)
		label := ratelimit.Label(t.network)
		if missing := -t.bytes.TokensAt(time.Now()); missing > 0 {
			wait := time.Duration(missing / float64(t.bytes.Limit()) * float64(time.Second))
			return nil, fault.RateLimitedThroughputBytes(label, m.opts.BytesPerAddress, Window).
				RetryAfter(wait.Round(time.Millisecond) + time.Millisecond)
		}
		if m.of[t.network] >= transfersPerAddress {
			return nil, fault.RateLimitedThroughputTransfers("from "+label, transfersPerAddress).RetryAfter(retryTransfers)
		}
	}
	if m.running >= transfers {
		return nil, fault.RateLimitedThroughputTransfers("on this server", transfers).RetryAfter(retryTransfers)
	}
	m.running++
	if t.network.IsValid() {
		m.of[t.network]++
	}
	return t, nil
}

func (m *Meter) bytesOfLocked(network netip.Prefix) *rate.Limiter {
	limiter, ok := m.bytes.Get(network)
	if !ok {
		perSecond := float64(m.opts.BytesPerAddress) / Window.Seconds()
		limiter = rate.NewLimiter(rate.Limit(perSecond), max(m.opts.BytesPerAddress, chunkBytes))
		m.bytes.Add(network, limiter)
	}
	return limiter
}

func (t *transfer) end() {
	m := t.meter
	m.mu.Lock()
	defer m.mu.Unlock()
	m.running--
	if !t.network.IsValid() {
		return
	}
	if m.of[t.network]--; m.of[t.network] == 0 {
		delete(m.of, t.network)
	}
}

// bound cuts the transfer off when it has taken too long: reads and writes that wait return. lift must be called at its
// end.
func (t *transfer) bound(w http.ResponseWriter) (lift func()) {
	connection := http.NewResponseController(w)
	_ = connection.SetReadDeadline(time.Time{}) // that of the server for bodies; a writer without deadlines has none
	cut := make(chan struct{})
	timer := time.AfterFunc(t.meter.mayTake, func() {
		defer close(cut)
		now := time.Now()
		_ = connection.SetReadDeadline(now) // the connection may be gone
		_ = connection.SetWriteDeadline(now)
	})
	return func() {
		if !timer.Stop() {
			<-cut // the connection is not to be touched later
		}
	}
}

// took counts n bytes, and waits where the transfer is faster than one may be. It reports whether the client is still
// there.
func (t *transfer) took(n int) bool {
	if t.bytes != nil {
		t.bytes.ReserveN(time.Now(), n) // the bucket may owe some
	}
	return t.pace.WaitN(t.request.Context(), n) == nil
}

// send writes size bytes that no proxy can make fewer. Where they cannot be written the answer ends early, which the
// client notices by its Content-Length.
func (t *transfer) send(w http.ResponseWriter, size int) {
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.Itoa(size))
	var seed [32]byte
	_, _ = rand.Read(seed[:]) // it never fails
	source := rng.NewChaCha8(seed)
	buffer := make([]byte, min(chunkBytes, size))
	for size > 0 {
		chunk := buffer[:min(len(buffer), size)]
		_, _ = source.Read(chunk) // it never fails
		if _, err := w.Write(chunk); err != nil || !t.took(len(chunk)) {
			return
		}
		size -= len(chunk)
	}
}

// admittable is a body that counts among those that the server holds in memory until it is admitted.
type admittable interface{ Admit() }

// receive reads the body to its end and answers how many bytes it had.
func (t *transfer) receive(w http.ResponseWriter) {
	if body, ok := t.request.Body.(admittable); ok {
		body.Admit()
	}
	body := http.MaxBytesReader(w, t.request.Body, MaxBytes)
	buffer := make([]byte, chunkBytes)
	for total := 0; ; {
		n, err := body.Read(buffer)
		total += n
		if n > 0 && !t.took(n) {
			return
		}
		if _, more := errors.AsType[*http.MaxBytesError](err); more {
			t.meter.opts.Refuse(w, t.request, tooLarge())
			return
		}
		if errors.Is(err, io.EOF) {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(map[string]int{"bytes": total}) // the client may be gone
			return
		}
		if err != nil {
			// An answer would look like one to a complete body.
			panic(http.ErrAbortHandler)
		}
	}
}
