package egress

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/job"
)

// join writes files one after the other into one, in the order in which they are given. Files of one kind are copied;
// others are encoded anew, in the size of the largest.
func (m *Manager) join(ctx context.Context, files []sourceFile, path, to string) (made madeFile, err error) {
	copies := true
	for _, f := range files {
		made.length += f.length
		if area := f.tracks.width * f.tracks.height; area > made.width*made.height {
			made.width, made.height = f.tracks.width&^1, f.tracks.height&^1
		}
		copies = copies && f.tracks.layout == files[0].tracks.layout && strings.HasSuffix(f.path, "."+string(job.MP4))
	}
	if !copies {
		return made, m.encode(ctx, encoding{
			args: joinArguments(files, made.width, made.height), cpu: encodingCPU(made.length),
		}, to)
	}
	list := path + inputMark + "list"
	defer func() { _ = os.Remove(list) }() // the next start looks again
	var text strings.Builder
	for _, f := range files {
		fmt.Fprintf(&text, "file '%s'\n", filepath.Base(f.path)) // a UUID and a number
	}
	if err := os.WriteFile(list, []byte(text.String()), 0o600); err != nil {
		return made, err
	}
	return made, m.encode(ctx, encoding{
		args: []string{
			"-f", "concat", "-auto_convert", "0", "-i", "file:" + list, "-map", "0:v:0?", "-map", "0:a:0?", "-c", "copy",
		},
		cpu: transcodingCPU,
	}, to)
}

// joinArguments returns the arguments of an ffmpeg that puts files one after the other. What has no picture is black,
// and what has no sound is silent; a width of 0 is a file without a picture.
func joinArguments(files []sourceFile, width, height int) []string {
	args := []string{"-filter_complex_threads", "1"}
	var graph, joined strings.Builder
	for i, f := range files {
		args = append(args, fileInput(f.path)...)
		length := seconds(max(f.length, time.Second/picturesPerSecond))
		switch {
		case width == 0:
		case f.tracks.video:
			fmt.Fprintf(&graph, "[%d:v:0]%s,fps=%d:start_time=0[v%d];", i, fitted(width, height), picturesPerSecond, i)
		default:
			fmt.Fprintf(&graph, "color=c=black:s=%dx%d:r=%d:d=%s,format=yuv420p,setsar=1[v%d];",
				width, height, picturesPerSecond, length, i)
		}
		if f.tracks.audio {
			fmt.Fprintf(&graph, "[%d:a:0]%s:channel_layouts=stereo[a%d];", i, sounded, i)
		} else {
			fmt.Fprintf(&graph, "anullsrc=r=48000:cl=stereo,atrim=end=%s,aformat=sample_fmts=fltp[a%d];", length, i)
		}
		if width > 0 {
			fmt.Fprintf(&joined, "[v%d]", i)
		}
		fmt.Fprintf(&joined, "[a%d]", i)
	}
	if width == 0 {
		fmt.Fprintf(&graph, "%sconcat=n=%d:v=0:a=1[a]", joined.String(), len(files))
		return append(args, "-filter_complex", graph.String(), "-map", "[a]", "-c:a", "aac", "-b:a", "128k")
	}
	fmt.Fprintf(&graph, "%sconcat=n=%d:v=1:a=1[v][a]", joined.String(), len(files))
	return append(append(args, "-filter_complex", graph.String(), "-map", "[v]", "-map", "[a]"), videoArguments()...)
}
