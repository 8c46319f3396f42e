package depacket

import "github.com/klatch/klatch/internal/payload"

// vp8 follows RFC 7741. It keeps nothing between packets.
type vp8 struct{}

func (vp8) forget()            {}
func (vp8) ends(_ []byte) bool { return false }
func (vp8) leavesOut() bool    { return false }

// add skips the payload descriptor.
func (vp8) add(frame, data []byte, first bool) ([]byte, bool) {
	d, ok := payload.ParseVP8(data)
	if !ok || first && !d.StartsFrame() {
		return frame, false
	}
	return append(frame, data[d.Length:]...), true
}

func (vp8) finish(frame []byte) ([]byte, header, bool) {
	key, size, ok := payload.ReadVP8Frame(frame)
	return frame, header{key: key, size: size}, ok
}
