package egress

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/compose"
	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/watermark"
	"github.com/klatch/klatch/internal/wire"
)

const (
	picturesPerSecond = 30
	// mergeGround is the color where nobody is seen: that of tiles in the default theme of compositions.
	mergeGround = "0x1c1c1c"
)

// compose writes files into one in which each is seen in a tile and heard when it was recorded.
func (m *Manager) compose(
	ctx context.Context, files []sourceFile, length time.Duration, mark *job.MergeWatermark, to string,
) (made madeFile, err error) {
	made = madeFile{length, job.MergeSize.X, job.MergeSize.Y}
	printed, err := newPrintedMark(mark)
	if err != nil {
		return made, err
	}
	e := encoding{args: composeArguments(files, length, printed), cpu: encodingCPU(length)}
	if printed != nil {
		e.feed = func(w io.Writer) error { return printed.write(w, length) }
	}
	return made, m.encode(ctx, e, to)
}

// tileOf is what stands in one tile: the camera or the screen of a participant, in however many files.
type tileOf struct {
	participant string
	share       bool
}

// tilesOf returns the number of the tile of each file, and how many there are. Files without a picture have none: -1.
func tilesOf(files []sourceFile) (tiles []int, n int) {
	known := map[tileOf]int{}
	for _, f := range files {
		if !f.tracks.video {
			tiles = append(tiles, -1)
			continue
		}
		of := tileOf{f.source.ParticipantID, f.source.Kind == wire.Share}
		tile, found := known[of]
		if !found {
			tile = len(known)
			known[of] = tile
		}
		tiles = append(tiles, tile)
	}
	return tiles, len(known)
}

// composeArguments returns the arguments of an ffmpeg that lays files out in tiles. printed is nil for no watermark.
func composeArguments(files []sourceFile, length time.Duration, printed *printedMark) []string {
	args := []string{"-filter_complex_threads", "1"}
	numbers, n := tilesOf(files)
	tiles := compose.Tiles(job.MergeSize.X, job.MergeSize.Y, n)
	var graph, mixed strings.Builder
	fmt.Fprintf(&graph, "color=c=%s:s=%dx%d:r=%d,format=yuv420p,setsar=1[p0];",
		mergeGround, job.MergeSize.X, job.MergeSize.Y, picturesPerSecond)
	layers, sounds := 0, 0
	overlay := func(of string, at image.Point, after string) {
		fmt.Fprintf(&graph, "[p%d]%soverlay=%d:%d:eof_action=%s[p%d];", layers, of, at.X, at.Y, after, layers+1)
		layers++
	}
	for i, f := range files {
		args = append(args, fileInput(f.path)...)
		if f.tracks.video {
			tile := tiles[numbers[i]]
			fmt.Fprintf(&graph, "[%d:v:0]%s,setpts=PTS+%s/TB[v%d];", i, fitted(tile.Dx(), tile.Dy()), seconds(f.delay), i)
			overlay(fmt.Sprintf("[v%d]", i), tile.Min, "pass")
		}
		if f.tracks.audio {
			fmt.Fprintf(&graph, "[%d:a:0]%s:channel_layouts=stereo,adelay=delays=%d:all=1[a%d];",
				i, sounded, f.delay.Milliseconds(), i)
			fmt.Fprintf(&mixed, "[a%d]", i)
			sounds++
		}
	}
	if printed != nil {
		args = append(args, "-f", "rawvideo", "-pixel_format", "rgba", "-video_size",
			fmt.Sprintf("%dx%d", printed.size.X, printed.size.Y), "-framerate", "1", "-i", ffmpeg.Pipe(0))
		overlay(fmt.Sprintf("[%d:v:0]", len(files)), printed.at, "repeat")
	}
	if sounds > 0 {
		fmt.Fprintf(&graph, "%samix=inputs=%d:duration=longest:normalize=0,alimiter=level=false,apad[a]",
			mixed.String(), sounds)
	} else {
		graph.WriteString("anullsrc=r=48000:cl=stereo[a]")
	}
	args = append(args, "-filter_complex", graph.String(), "-map", fmt.Sprintf("[p%d]", layers), "-map", "[a]",
		"-t", seconds(length))
	return append(args, videoArguments()...)
}

// printedMark is a watermark as ffmpeg gets it: one picture for each second.
type printedMark struct {
	size, at image.Point
	still    *image.NRGBA // shown all the time; nil: the label shows a clock
	label    *compose.Label
	clock    time.Time
}

// newPrintedMark returns nil for no watermark.
func newPrintedMark(mark *job.MergeWatermark) (p *printedMark, err error) {
	switch {
	case mark == nil:
		return nil, nil
	case len(mark.Image) > 0:
		from, err := png.Decode(bytes.NewReader(mark.Image))
		if err != nil {
			return nil, fmt.Errorf("the image of the watermark: %w", err)
		}
		p = &printedMark{still: image.NewNRGBA(image.Rectangle{Max: from.Bounds().Size()})}
		draw.DrawMask(p.still, p.still.Rect, from, from.Bounds().Min,
			image.NewUniform(color.Alpha{A: uint8(mark.Opacity*255 + 0.5)}), image.Point{}, draw.Src)
	case !mark.Clock.IsZero():
		p = &printedMark{clock: mark.Clock}
		p.label = compose.NewLabel(mark.Clock.Format(time.DateTime), job.MergeWatermarkText, job.MergeSize.X)
	default:
		p = &printedMark{}
		p.still = compose.NewLabel(mark.Text, job.MergeWatermarkText, job.MergeSize.X).Draw(mark.Text)
	}
	if p.label != nil {
		p.size = p.label.Size()
	} else {
		p.size = p.still.Rect.Size()
	}
	p.at = mark.Place(p.size)
	return p, nil
}

// write writes the pictures of so much time. That nobody reads any more is no error: ffmpeg has all that it needs.
func (p *printedMark) write(w io.Writer, length time.Duration) error {
	for second := time.Duration(0); second <= length+time.Second; second += time.Second {
		picture := p.still
		if picture == nil {
			picture = p.label.Draw(p.clock.Add(second).Format(time.DateTime))
		}
		if _, err := w.Write(picture.Pix); err != nil {
			if isBrokenPipe(err) {
				return nil
			}
			return err
		}
	}
	return nil
}

// withMergeImage returns a request with the image of its watermark fetched and made small. The error is a *fault.Error.
func (m *Manager) withMergeImage(ctx context.Context, q job.TranscodingRequest) (job.TranscodingRequest, error) {
	mark := q.Watermark
	if mark == nil || mark.ImageURL+mark.ImageBase64 == "" || mark.Image != nil {
		return q, nil
	}
	refuse := func(problem string, err error) error {
		const field = "watermark.image"
		f := (&job.FieldError{Field: field, Problem: problem}).Fault("POST /v2/transcodings/merge")
		return f.Because(err).WithMeeting(q.MeetingID, q.SessionID, "")
	}
	data, err := decodeImage(mark.ImageBase64)
	if err != nil {
		return q, refuse("is neither an https address nor base64", err)
	}
	if mark.ImageURL != "" {
		if problem := imageURLProblem(mark.ImageURL, m.opts.AllowPrivateTargets); problem != "" {
			return q, refuse(problem, nil)
		}
		data, err = m.images.Fetch(ctx, mark.ImageURL)
	}
	if err == nil {
		data, err = watermark.FitWidth(data, mark.Width, job.MergeSize.Y)
	}
	if wrong, ok := errors.AsType[*watermark.ImageError](err); ok {
		return q, refuse(wrong.Problem, err)
	}
	small := *mark
	small.Image, small.ImageBase64 = data, ""
	q.Watermark = &small
	return q, err
}
