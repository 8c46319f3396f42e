package testcard

import (
	_ "embed" // for tones.bin
	"encoding/binary"
	"hash/fnv"
	"time"
)

//go:generate go run ./gen

// Frequencies of the tones in Hz. All fit a whole number of periods into one packet, so that a loop has no seam.
var Frequencies = []int{300, 350, 400, 450, 500, 600, 700, 800}

// PacketDuration is how long an Opus packet of a tone lasts.
const PacketDuration = 20 * time.Millisecond

// ToneLevel is the loudness of a tone in -dBov, as RFC 6464 counts it.
const ToneLevel = 18

// packetsPerTone is the length of a loop.
const packetsPerTone = 10

//go:embed tones.bin
var tonesFile []byte

// tones are the Opus packets of each frequency.
var tones = func() [][][]byte {
	all, rest := make([][][]byte, len(Frequencies)), tonesFile
	for i := range all {
		for range packetsPerTone {
			size := int(binary.BigEndian.Uint16(rest))
			all[i] = append(all[i], rest[2:2+size])
			rest = rest[2+size:]
		}
	}
	return all
}()

// Tone returns the Opus packets (48 kHz, 20 ms each) of a loop, and its frequency. The same name has the same tone. The
// packets are shared: they must not be changed.
func Tone(name string) (packets [][]byte, hz int) {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(name)) // a hash takes everything
	i := int(hash.Sum32() % uint32(len(Frequencies)))
	return tones[i], Frequencies[i]
}
