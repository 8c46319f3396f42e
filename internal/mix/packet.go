package mix

// packet is one of Opus that waits for its turn.
type packet struct {
	at      int64 // media time
	seq     uint16
	payload []byte
}

// duration is how many samples at 48 kHz a packet holds, 0 if it is not Opus (RFC 6716, sections 3.1 and 3.2).
func duration(payload []byte) int64 {
	if len(payload) == 0 {
		return 0
	}
	var frame int64
	switch config := payload[0] >> 3; {
	case config < 12: // SILK: 10, 20, 40, 60 ms
		frame = [4]int64{480, 960, 1920, 2880}[config&3]
	case config < 16: // hybrid: 10, 20 ms
		frame = 480 << (config & 1)
	default: // CELT: 2.5, 5, 10, 20 ms
		frame = 120 << (config & 3)
	}
	switch payload[0] & 3 {
	case 0:
		return frame
	case 1, 2:
		return 2 * frame
	}
	if len(payload) < 2 {
		return 0
	}
	if all := frame * int64(payload[1]&0x3f); all <= maxPacket {
		return all
	}
	return 0
}
