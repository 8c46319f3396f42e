package seal

import (
	"bytes"
	"errors"
	"testing"

	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
)

const ssrc = 0x89abcdef

// profiles and their sizes of keys.
var profiles = map[srtp.ProtectionProfile]int{
	srtp.ProtectionProfileAeadAes128Gcm: 16,
	srtp.ProtectionProfileAeadAes256Gcm: 32,
}

func keys(size int) (key, salt []byte) {
	for i := range size {
		key = append(key, byte(3*i+1))
	}
	for i := range saltSize {
		salt = append(salt, byte(7*i+5))
	}
	return key, salt
}

// packet returns the bytes of a packet and the length of its header, with room behind.
func packet(tb testing.TB, seqno uint16, payload int) (b []byte, header, size int) {
	tb.Helper()
	h := rtp.Header{Version: 2, PayloadType: 96, SequenceNumber: seqno, Timestamp: 90000, SSRC: ssrc, Marker: seqno%3 == 0}
	if seqno%2 == 0 {
		if err := h.SetExtension(3, []byte{byte(seqno >> 8), byte(seqno)}); err != nil {
			tb.Fatal(err)
		}
	}
	b = make([]byte, 2048)
	n, err := h.MarshalTo(b)
	if err != nil {
		tb.Fatal(err)
	}
	for i := range payload {
		b[n+i] = byte(i)
	}
	return b, n, n + payload
}

// Each packet is what pion makes of it, also when numbers wrap, come late, and are sent again.
func TestSameAsPion(t *testing.T) {
	seqnos := []uint16{65530, 65531, 65533, 65532, 65535, 0, 65534, 1, 65535, 300, 299, 20000, 40000, 60000, 5, 59990, 6}
	for profile, size := range profiles {
		key, salt := keys(size)
		theirs, err := srtp.CreateContext(key, salt, profile)
		if err != nil {
			t.Fatal(err)
		}
		ours, err := New(key, salt)
		if err != nil {
			t.Fatal(err)
		}
		from := NewSource(ssrc)
		for i, seqno := range seqnos {
			b, header, n := packet(t, seqno, 100*i)
			want, err := theirs.EncryptRTP(nil, b[:n], nil)
			if err != nil {
				t.Fatal(err)
			}
			got, err := ours.Seal(from, seqno, b, header, n)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != n+Overhead || !bytes.Equal(got, want) {
				t.Fatalf("%v: packet %d, number %d, is not the one that pion makes", profile, i, seqno)
			}
		}
	}
}

// A nonce is never used for two packets: what is before the first one, or after the last one, is refused.
func TestNoncesAreNotUsedTwice(t *testing.T) {
	key, salt := keys(16)
	s, err := New(key, salt)
	if err != nil {
		t.Fatal(err)
	}
	from := NewSource(ssrc)
	seal := func(seqno uint16) error {
		b, header, n := packet(t, seqno, 100)
		_, err := s.Seal(from, seqno, b, header, n)
		return err
	}
	if err := seal(10); err != nil {
		t.Fatal(err)
	}
	if err := seal(65530); !errors.Is(err, ErrIndex) {
		t.Errorf("a packet before the first one: %v, want %v", err, ErrIndex)
	}
	if err := seal(11); err != nil {
		t.Fatal(err)
	}
	from.newest = 1<<48 - 1
	if err := seal(65534); err != nil {
		t.Errorf("a late packet, %v", err)
	}
	if err := seal(0); !errors.Is(err, ErrIndex) {
		t.Errorf("a packet after the last one: %v, want %v", err, ErrIndex)
	}
}

func TestKeysOfAnotherSize(t *testing.T) {
	if _, err := New(make([]byte, 15), make([]byte, saltSize)); err == nil {
		t.Error("a key of 15 bytes was taken")
	}
	if _, err := New(make([]byte, 16), make([]byte, 14)); err == nil {
		t.Error("a salt of 14 bytes was taken")
	}
}

func TestAllocatesNothing(t *testing.T) {
	key, salt := keys(16)
	s, err := New(key, salt)
	if err != nil {
		t.Fatal(err)
	}
	from := NewSource(ssrc)
	b, header, n := packet(t, 1, 1100)
	if allocs := testing.AllocsPerRun(100, func() {
		if _, err := s.Seal(from, 1, b, header, n); err != nil {
			t.Error(err)
		}
	}); allocs != 0 {
		t.Errorf("%v allocations for a packet", allocs)
	}
}

// BenchmarkSeal is the cost of a packet of 1200 bytes, beside pion's.
func BenchmarkSeal(b *testing.B) {
	key, salt := keys(16)
	b.Run("seal", func(b *testing.B) {
		s, _ := New(key, salt)
		from := NewSource(ssrc)
		p, header, n := packet(b, 2, 1180)
		for b.Loop() {
			if _, err := s.Seal(from, 2, p, header, n); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("pion", func(b *testing.B) {
		c, _ := srtp.CreateContext(key, salt, srtp.ProtectionProfileAeadAes128Gcm)
		var header rtp.Header
		p, _, n := packet(b, 2, 1180)
		for b.Loop() {
			if _, err := c.EncryptRTP(p, p[:n], &header); err != nil {
				b.Fatal(err)
			}
		}
	})
}
