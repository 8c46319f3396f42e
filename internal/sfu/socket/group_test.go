package socket

import (
	"slices"
	"testing"
)

func ofSizes(sizes ...int) []*Packet {
	var ps []*Packet
	for _, s := range sizes {
		ps = append(ps, &Packet{size: s})
	}
	return ps
}

// messages returns how many packets each message has.
func messages(packets []*Packet, most int) (counts []int) {
	for at := 0; at < len(packets); {
		n := group(packets[at:], most)
		counts = append(counts, n)
		at += n
	}
	return counts
}

func TestGroup(t *testing.T) {
	for name, tc := range map[string]struct {
		sizes []int
		want  []int
	}{
		"one":                         {[]int{100}, []int{1}},
		"equal":                       {[]int{1200, 1200, 1200}, []int{3}},
		"the last is shorter":         {[]int{1200, 1200, 80}, []int{3}},
		"nothing follows a short one": {[]int{1200, 80, 1200, 80}, []int{2, 2}},
		"two short ones":              {[]int{1200, 80, 80}, []int{2, 1}},
		"a longer one":                {[]int{80, 1200, 1200}, []int{1, 2}},
		"about equal":                 {[]int{999, 999, 1000, 1000}, []int{2, 2}},
		"more than fit into a datagram": {slices.Repeat([]int{MaxPacket}, 30),
			[]int{maxMessageBytes / MaxPacket, 30 - maxMessageBytes/MaxPacket}},
		"more than the kernel takes": {slices.Repeat([]int{100}, 70), []int{maxSegments, 70 - maxSegments}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := messages(ofSizes(tc.sizes...), maxSegments); !slices.Equal(got, tc.want) {
				t.Errorf("%v: got %v, want %v", tc.sizes, got, tc.want)
			}
			if got := messages(ofSizes(tc.sizes...), 1); len(got) != len(tc.sizes) {
				t.Errorf("%v: got %v, want one packet each", tc.sizes, got)
			}
		})
	}
}

// Each message is what the kernel takes, and as long as that allows.
func FuzzGroup(f *testing.F) {
	f.Add([]byte{255, 255, 10, 255, 3, 3, 4})
	f.Fuzz(func(t *testing.T, raw []byte) {
		var packets []*Packet
		for _, b := range raw {
			packets = append(packets, &Packet{size: 1 + int(b)*8})
		}
		at := 0
		for _, n := range messages(packets, maxSegments) {
			if n < 1 || n > maxSegments {
				t.Fatalf("a message of %d packets", n)
			}
			total, size := 0, packets[at].size
			for i, p := range packets[at : at+n] {
				if p.size != size && (i != n-1 || p.size > size) {
					t.Fatalf("packet %d of %d has %d bytes, the first has %d", i, n, p.size, size)
				}
				total += p.size
			}
			if total > maxMessageBytes {
				t.Fatalf("a message of %d bytes", total)
			}
			if next := at + n; next < len(packets) && packets[next-1].size == size && packets[next].size <= size &&
				n < maxSegments && total+packets[next].size <= maxMessageBytes {
				t.Fatalf("packet %d would have fitted", next)
			}
			at += n
		}
		if at != len(packets) {
			t.Fatalf("%d of %d packets", at, len(packets))
		}
	})
}
