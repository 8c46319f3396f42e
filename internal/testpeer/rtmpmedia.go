package testpeer

import "encoding/hex"

// Bodies of tags that an RTMPEncoder sends, where no picture and no sound matters: 64x64 pixels of Constrained
// Baseline.
var (
	AVCHeader = unhex("1700000000" + "0142c00affe10016" + "6742c00ada109b0110000003001000000300a8f1226a" +
		"01000468ce0fc8")
	AVCKeyFrame = unhex("1701000000" + "00000008" + "6588843affffffff")
	AVCFrame    = unhex("2701000000" + "00000008" + "419a2a5bffffffff")
	HEVCHeader  = append(unhex("90"), append([]byte("hvc1"), unhex("0101600000009000000000")...)...)
	AACHeader   = unhex("af001210") // AAC-LC, 44.1 kHz, two channels
	AACSilence  = unhex("af01211004608c1c")
	MP3Frame    = unhex("2ffffb9000")
)

func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err) // constants
	}
	return b
}
