package sdk

import "testing"

// Whatever a data channel brings, it is read within its bounds or dropped.
func FuzzReadData(f *testing.F) {
	f.Add([]byte("\x02\x00\x00\x00\x00\x00\x00\x03\xe8\x03annhello"), true)
	f.Add([]byte("\x01\x00\x00\x00\x00\x00\x00\x03\xe8\xff"), false)
	f.Fuzz(func(t *testing.T, frame []byte, reliable bool) {
		m, ok := readData(frame, reliable)
		if ok && dataHeader+len(m.From)+len(m.Payload) != len(frame) {
			t.Errorf("%d bytes of the frame are neither header, sender nor payload", len(frame))
		}
	})
}
