package main

import (
	"runtime"
	"runtime/debug"
	"time"
)

// trimmer returns memory that the server does not use. Garbage is collected, and its memory returned, after the
// start, which leaves 25 MB of it from describing the API, reading the migrations and looking for fonts; and when the
// server has become calm after people have joined or left; so are the pages of the program, for these need three times
// as many as forwarding. Used by one goroutine.
type trimmer struct {
	resident func() (bytes int64, ok bool)
	collect  func()

	before   int64     // resident at the last look
	needed   int64     // resident after garbage was last collected
	fresh    bool      // it was collected since the last look
	earliest time.Time // when it may be collected again
}

func newTrimmer() *trimmer {
	return &trimmer{resident: resident, collect: collect}
}

// collect returns the memory of garbage to the system, and of what pools keep: those need two collections. It gives
// back the pages of the program as well.
func collect() {
	runtime.GC()
	debug.FreeOSMemory()
	unmapProgram()
}

const (
	trimEvery = 5 * time.Second // looks

	// A process that has grown by less than calmGrowth, or a part of 1 to calmPart, since the last look is calm.
	calmGrowth = 512 << 10
	calmPart   = 16
	// It collects garbage when that is worth it: more than trimWorth, and more than a part of 1 to trimPart of what it
	// needs. That is about what comes together between two collections of the runtime.
	trimWorth = 2 << 20
	trimPart  = 3
	// Collecting takes at most a part of 1 to trimPause of the time: with a large heap it takes long.
	trimPause = 200
)

// look returns memory to the system if it is time to.
func (t *trimmer) look(now time.Time) {
	bytes, ok := t.resident()
	if !ok {
		return
	}
	grown := bytes - t.before
	t.before = bytes
	if t.fresh && grown <= t.needed/trimPart { // what is needed has come back
		t.needed = bytes
	}
	t.fresh = false
	t.needed = min(t.needed, bytes)
	calm := grown <= max(calmGrowth, bytes/calmPart)
	if calm && bytes-t.needed > max(trimWorth, t.needed/trimPart) && !now.Before(t.earliest) {
		t.trim(now)
	}
}

// trim returns memory to the system now.
func (t *trimmer) trim(now time.Time) {
	began := time.Now()
	t.collect()
	t.earliest = now.Add(trimPause * time.Since(began))
	t.before, _ = t.resident()
	t.needed, t.fresh = t.before, true
}
