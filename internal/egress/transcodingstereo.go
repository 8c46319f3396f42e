package egress

import (
	"fmt"
	"strings"
)

// channels of a merge, as published.
var channels = []int{1, 2}

// stereoArguments returns the arguments of an ffmpeg that mixes the sound of these files into two channels, each heard
// when it was recorded.
func stereoArguments(files []sourceFile) []string {
	var args, filters []string
	var mixed strings.Builder
	for i, f := range files {
		args = append(args, "-vn", "-i", "file:"+f.path)
		side := "c0=c0"
		if f.source.Channel == channels[1] {
			side = "c1=c0"
		}
		filters = append(filters, fmt.Sprintf(
			"[%d:a:0]%s:channel_layouts=mono,pan=stereo|%s,adelay=delays=%d:all=1[a%d]",
			i, sounded, side, f.delay.Milliseconds(), i,
		))
		fmt.Fprintf(&mixed, "[a%d]", i)
	}
	graph := strings.Join(filters, ";") + fmt.Sprintf(
		";%samix=inputs=%d:duration=longest:normalize=0,alimiter=level=false[out]", mixed.String(), len(files),
	)
	return append(args, "-filter_complex", graph, "-map", "[out]", "-c:a", "aac", "-b:a", "128k")
}
