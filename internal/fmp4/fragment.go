package fmp4

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// maxSamples of a fragment: half a second of video and audio has about 40.
const maxSamples = 1 << 14

// Flags of tfhd and trun, ISO/IEC 14496-12, 8.8.7 and 8.8.8.
const (
	tfhdBaseDataOffset   = 0x000001
	tfhdDescription      = 0x000002
	tfhdDuration         = 0x000008
	tfhdSize             = 0x000010
	tfhdFlags            = 0x000020
	tfhdDefaultBaseMoof  = 0x020000
	trunDataOffset       = 0x000001
	trunFirstSampleFlags = 0x000004
	trunDuration         = 0x000100
	trunSize             = 0x000200
	trunFlags            = 0x000400
	trunComposition      = 0x000800

	nonSync = 0x00010000 // sample_is_non_sync_sample, 8.8.3.1
)

// entry is one line of a sample table; offset counts from the start of moof.
type entry struct {
	dts, pts time.Duration
	key      bool
	offset   int
	size     int
}

// run is what a fragment has of one track.
type run struct {
	video   bool
	end     time.Duration
	entries []entry
}

// parseMoof reads the body of moof. Raw is for the caller to set, and to compare with reach: where the last
// sample ends, counted from the start of moof.
func (init *Init) parseMoof(body []byte) (fragment *Fragment, reach int, err error) {
	list, err := children("moof", body)
	if err != nil {
		return nil, 0, err
	}
	fragment = &Fragment{}
	seen := map[*track]bool{}
	for _, b := range list {
		if b.kind != "traf" {
			continue
		}
		t, r, err := init.parseTraf(b, headerSize+len(body))
		if err != nil {
			return nil, 0, err
		}
		if seen[t] {
			return nil, 0, &FormatError{Box: "moof", Reason: "has two runs of a track"}
		}
		seen[t] = true
		if len(r.entries) > 0 {
			fragment.runs = append(fragment.runs, r)
		}
		for _, e := range r.entries {
			reach = max(reach, e.offset+e.size)
		}
	}
	if len(fragment.runs) == 0 {
		return nil, 0, &FormatError{Box: "moof", Reason: "has no samples"}
	}
	lead := fragment.runs[0]
	for _, r := range fragment.runs {
		if r.video {
			lead = r
		}
	}
	fragment.Start = lead.entries[0].dts
	fragment.Duration = lead.end - fragment.Start
	fragment.Key = init.Video == nil || lead.video && lead.entries[0].key
	return fragment, reach, nil
}

// parseTraf reads one track's part; start is where mdat's box begins, before which no sample may lie.
func (init *Init) parseTraf(traf box, start int) (*track, run, error) {
	list, err := children(traf.kind, traf.body)
	if err != nil {
		return nil, run{}, err
	}
	tfhd, ok := first(list, "tfhd")
	if !ok {
		return nil, run{}, &FormatError{Box: "traf", Reason: "has no tfhd"}
	}
	f := tfhd.fields()
	_, flags := f.full()
	id := f.u32()
	known := init.track(id)
	if known == nil {
		return nil, run{}, &FormatError{Box: "tfhd", Reason: fmt.Sprintf("track %d is not in moov", id)}
	}
	if flags&tfhdBaseDataOffset != 0 || flags&tfhdDefaultBaseMoof == 0 {
		return nil, run{}, &FormatError{Box: "tfhd", Reason: "offsets do not count from moof (default_base_moof)"}
	}
	t := *known // with the defaults of this fragment
	if flags&tfhdDescription != 0 {
		f.u32()
	}
	if flags&tfhdDuration != 0 {
		t.duration = f.u32()
	}
	if flags&tfhdSize != 0 {
		t.size = f.u32()
	}
	if flags&tfhdFlags != 0 {
		t.flags = f.u32()
	}
	if err := f.err(); err != nil {
		return nil, run{}, err
	}

	tfdt, ok := first(list, "tfdt")
	if !ok {
		return nil, run{}, &FormatError{Box: "traf", Reason: "has no tfdt"}
	}
	f = tfdt.fields()
	version, _ := f.full()
	var time uint64
	if version == 1 {
		time = f.u64()
	} else {
		time = uint64(f.u32())
	}
	if err := f.err(); err != nil {
		return nil, run{}, err
	}

	table := table{track: &t, time: time, offset: start + headerSize, start: start}
	for _, b := range list {
		if b.kind == "trun" {
			if err := table.add(b); err != nil {
				return nil, run{}, err
			}
		}
	}
	end, err := t.at(table.time)
	if err != nil {
		return nil, run{}, err
	}
	return known, run{video: t.video, end: end, entries: table.entries}, nil
}

// table grows by one trun after the other.
type table struct {
	track   *track
	time    uint64 // of the next sample, in ticks
	offset  int    // of the next sample
	start   int
	entries []entry
}

func (s *table) add(trun box) error {
	f := trun.fields()
	_, flags := f.full()
	count := f.u32()
	if flags&trunDataOffset != 0 {
		s.offset = int(int32(f.u32()))
	}
	firstFlags := s.track.flags
	if flags&trunFirstSampleFlags != 0 {
		firstFlags = f.u32()
	}
	if int64(count)+int64(len(s.entries)) > maxSamples {
		return &FormatError{Box: "trun", Reason: fmt.Sprintf("has %d samples", count)}
	}
	if s.offset < s.start {
		return &FormatError{Box: "trun", Reason: "data lies outside mdat"}
	}
	for i := range count {
		duration, size, sampleFlags := s.track.duration, s.track.size, s.track.flags
		if i == 0 {
			sampleFlags = firstFlags
		}
		if flags&trunDuration != 0 {
			duration = f.u32()
		}
		if flags&trunSize != 0 {
			size = f.u32()
		}
		if flags&trunFlags != 0 {
			sampleFlags = f.u32()
		}
		composition := int64(0)
		if flags&trunComposition != 0 {
			// Version 0 says unsigned, but writers put negative offsets there too and no real one has bit 31.
			composition = int64(int32(f.u32()))
		}
		if f.short {
			return f.err()
		}
		if size > maxMdat || s.offset > maxMdat {
			return &FormatError{Box: "trun", Reason: "data lies outside mdat"}
		}
		dts, err := s.track.at(s.time)
		if err != nil {
			return err
		}
		s.entries = append(s.entries, entry{
			dts:    dts,
			pts:    dts + time.Duration(composition)*time.Second/time.Duration(s.track.timescale),
			key:    !s.track.video || sampleFlags&nonSync == 0,
			offset: s.offset,
			size:   int(size),
		})
		s.offset += int(size)
		s.time += uint64(duration)
	}
	return nil
}

// at converts ticks to time. Ten years is far beyond any job and far below what int64 holds.
func (t *track) at(ticks uint64) (time.Duration, error) {
	scale := uint64(t.timescale)
	seconds := ticks / scale
	if seconds > 10*365*24*3600 {
		return 0, &FormatError{Box: "tfdt", Reason: "time is out of range"}
	}
	return time.Duration(seconds)*time.Second + time.Duration(ticks%scale*uint64(time.Second)/scale), nil
}

// Samples returns the samples of all tracks in decoding order. Data points into Raw. It fails with
// *FormatError for a fragment that no Reader made.
func (f *Fragment) Samples() ([]Sample, error) {
	var out []Sample
	for _, r := range f.runs {
		for _, e := range r.entries {
			if e.offset+e.size > len(f.Raw) {
				return nil, &FormatError{Box: "trun", Reason: "data lies outside mdat"}
			}
			out = append(out, Sample{
				Video: r.video, DTS: e.dts, PTS: e.pts, Key: e.key,
				Data: f.Raw[e.offset : e.offset+e.size : e.offset+e.size],
			})
		}
	}
	slices.SortStableFunc(out, func(a, b Sample) int { return cmp.Compare(a.DTS, b.DTS) })
	return out, nil
}
