package fmp4

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// VideoConfigs follows the sizes and profiles of a stream of H.264 whose sender may change them, so that each part of
// the stream can have an initialization segment of its own. Not safe for concurrent use.
type VideoConfigs struct {
	init    *Init
	samples samples
	current int
}

// NewVideoConfigs begins with the initialization segment, which is config 0. It returns nil for a stream that has no
// H.264: the frames of other codecs describe themselves.
func NewVideoConfigs(init *Init) *VideoConfigs {
	if init.Video == nil || init.Video.AVCC == nil {
		return nil
	}
	c := &VideoConfigs{init: init}
	c.samples.avcC, c.samples.descriptions = init.Video.AVCC, []description{describedBy(init.Video.AVCC)}
	return c
}

// Next returns the number of the config that a fragment needs. It changes only with a fragment whose Key is set. A
// stream with more than 64 configs has the rest of its fragments under the last.
func (c *VideoConfigs) Next(f *Fragment) int {
	for _, r := range f.runs {
		if !r.video || len(r.entries) == 0 || !r.entries[0].key {
			continue
		}
		e := r.entries[0]
		d := c.samples.setsOf(f.Raw[e.offset:][:e.size])
		if len(d.sps) == 0 {
			return c.current
		}
		at := slices.IndexFunc(c.samples.descriptions, d.alike)
		if at < 0 && len(c.samples.descriptions) < maxDescriptions {
			if len(d.pps) == 0 {
				d.pps = c.samples.descriptions[c.current].pps
			}
			at = len(c.samples.descriptions)
			c.samples.descriptions = append(c.samples.descriptions, d.clone())
		}
		if at >= 0 {
			c.current = at
		}
	}
	return c.current
}

// alike reports whether a decoder that was set up for one takes the other, whose parameter sets come with its frames.
func (d description) alike(other description) bool {
	profile := func(d description) []byte { return d.sps[len(d.sps)-1][1:4] }
	return len(d.sps) > 0 && len(other.sps) > 0 && d.size == other.size && bytes.Equal(profile(d), profile(other))
}

// clone returns a copy that does not refer to the fragment.
func (d description) clone() description {
	for _, sets := range [][][]byte{d.sps, d.pps} {
		for i := range sets {
			sets[i] = bytes.Clone(sets[i])
		}
	}
	return d
}

// Init returns the initialization segment of a config.
func (c *VideoConfigs) Init(config int) ([]byte, error) {
	if config == 0 {
		return c.init.Raw, nil
	}
	d := c.samples.descriptions[config]
	return rewrite(c.init.Raw, func(b box) (body []byte, inside bool, err error) {
		switch b.kind {
		case "moov", "trak", "mdia", "minf", "stbl":
			return nil, true, nil
		case "stsd":
			list, err := children(b.kind, b.body[min(8, len(b.body)):])
			if err != nil || len(list) != 1 || list[0].kind != "avc1" {
				return b.body, false, err
			}
			entry, err := d.entry(list[0], c.samples.avcC)
			return slices.Concat(b.body[:8], entry), false, err
		}
		return b.body, false, nil
	})
}

// Size returns the size of the largest pictures, in pixels.
func (c *VideoConfigs) Size() (width, height int) {
	if len(c.samples.descriptions) < 2 {
		return c.init.Video.Width, c.init.Video.Height
	}
	largest := c.samples.size()
	return int(largest.Width), int(largest.Height)
}

// entry returns the sample entry of a description; like is another one of the track, avcC what that has.
func (d description) entry(like box, avcC []byte) ([]byte, error) {
	const header = 78 // of a VisualSampleEntry, ISO/IEC 14496-12, 12.1.3
	if len(like.body) < header {
		return nil, &FormatError{Box: like.kind, Reason: "is too short"}
	}
	inside, err := children(like.kind, like.body[header:])
	if err != nil {
		return nil, err
	}
	fields := bytes.Clone(like.body[:header])
	binary.BigEndian.PutUint16(fields[24:], d.size.Width)
	binary.BigEndian.PutUint16(fields[26:], d.size.Height)
	boxes := [][]byte{fields}
	for _, b := range inside {
		if b.kind == "avcC" {
			b.body = d.avcC(avcC)
		}
		boxes = append(boxes, pack(b.kind, b.body))
	}
	return pack(like.kind, boxes...), nil
}

// rewrite returns a sequence of boxes with other bodies. change returns the body of a box, or that those inside it
// shall be changed.
func rewrite(raw []byte, change func(box) (body []byte, inside bool, err error)) ([]byte, error) {
	list, err := children("the file", raw)
	if err != nil {
		return nil, err
	}
	var out []byte
	for _, b := range list {
		body, inside, err := change(b)
		if err == nil && inside {
			body, err = rewrite(b.body, change)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, pack(b.kind, body)...)
	}
	return out, nil
}
