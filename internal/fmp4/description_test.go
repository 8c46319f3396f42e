package fmp4_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/fmp4/fmp4test"
)

// run runs a program with an input and returns its output. What it logs fails the test.
func run(t *testing.T, input []byte, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(name, args...)
	var out, log bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(input), &out, &log
	require.NoError(t, cmd.Run(), log.String())
	require.Empty(t, log.String())
	return out.Bytes()
}

// hideParameterSets makes filler data of the parameter sets in a file, so that decoders depend on its tables.
func hideParameterSets(t *testing.T, file []byte, sets ...[]byte) {
	t.Helper()
	for _, set := range sets {
		unit := append(binary.BigEndian.AppendUint32(nil, uint32(len(set))), set...)
		for rest := file; ; {
			at := bytes.Index(rest, unit)
			if at < 0 {
				break
			}
			const filler = 12 // nal_unit_type
			rest[at+4] = filler
			rest = rest[at+len(unit):]
		}
	}
}

// The sender of a file changes its size twice, and goes back: each size has a description of its own, which a decoder
// uses that finds no parameter sets in the pictures.
func TestSizesOfAFile(t *testing.T) {
	sizes := []string{"320x180", "640x360", "320x180", "480x270"}
	var pictures []byte
	var sets [][]byte
	for _, size := range sizes {
		clip := run(t, nil, "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=rate=30:size="+size, "-t", "1", "-c:v",
			"libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-g", "30", "-f", "h264", "pipe:1")
		for _, unit := range bytes.Split(clip, []byte{0, 0, 1}) {
			if unit = bytes.TrimRight(unit, "\x00"); len(unit) > 0 && (unit[0]&0x1f == 7 || unit[0]&0x1f == 8) {
				sets = append(sets, unit)
			}
		}
		pictures = append(pictures, clip...)
	}
	stream := run(t, pictures, "ffmpeg", "-v", "error", "-f", "h264", "-framerate", "30", "-i", "pipe:0", "-c", "copy",
		"-f", "mp4", "-movflags", "+empty_moov+default_base_moof+frag_keyframe", "-frag_duration", "500000", "pipe:1")
	init, fragments := fmp4test.Split(t, stream)
	file := whole(t, init, fragments)
	hideParameterSets(t, file, sets...)
	path := filepath.Join(t.TempDir(), "file.mp4")
	require.NoError(t, os.WriteFile(path, file, 0o600))

	lines := strings.Fields(string(run(t, nil, "ffprobe", "-v", "error", "-show_entries", "frame=width,height", "-of",
		"csv=s=x:p=0", path)))
	require.Len(t, lines, 30*len(sizes))
	for i, line := range lines {
		require.Equal(t, sizes[i/30], strings.TrimSuffix(line, "x"), "picture %d", i)
	}
	tables := file[bytes.LastIndex(file, []byte("moov")):]
	require.Equal(t, 3, bytes.Count(tables, []byte("avcC")), "descriptions")
	require.Equal(t, []byte{640 >> 8, 640 & 0xff, 0, 0, 360 >> 8, 360 & 0xff, 0, 0}, trackSize(t, file))
	require.Contains(t, string(run(t, nil, "ffprobe", "-v", "error", "-show_entries", "stream=nb_frames", "-of",
		"csv=p=0", path)), "120")
}

// trackSize returns the last eight bytes of tkhd: width and height, 16.16 (ISO/IEC 14496-12, 8.3.2).
func trackSize(t *testing.T, file []byte) []byte {
	t.Helper()
	at := bytes.LastIndex(file, []byte("tkhd")) - 4
	require.Positive(t, at)
	end := at + int(binary.BigEndian.Uint32(file[at:]))
	return file[end-8 : end]
}
