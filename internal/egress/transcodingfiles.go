package egress

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// inputMark is in the names of copies of the files of which a job makes one.
const inputMark = ".in-"

// sourceFile is a copy of a file of a recording.
type sourceFile struct {
	path   string
	source job.Source
	length time.Duration
	begins time.Time
	delay  time.Duration // after the first file of the job begins
	tracks tracks        // of jobs that make a picture
}

func (f sourceFile) ends() time.Duration { return f.delay + f.length }

// recordingsToFile makes a file of the files of recordings.
func (m *Manager) recordingsToFile(
	ctx context.Context, j record.Job, mark *job.MergeWatermark, path, to string,
) (made madeFile, err error) {
	files, err := m.copySources(ctx, j, path)
	defer func() {
		for _, f := range files {
			_ = os.Remove(f.path) // the next start looks again
		}
	}()
	if err != nil {
		return made, err
	}
	for _, f := range files {
		made.length = max(made.length, f.ends())
	}
	if j.Kind == job.Merge {
		return made, m.encode(ctx, encoding{args: stereoArguments(files), cpu: transcodingCPU}, to)
	}
	for i := range files {
		if files[i].tracks, err = m.probe(ctx, files[i].path); err != nil {
			return made, unreadable(files[i], err)
		}
	}
	if j.Kind == job.CompositeMerge {
		return m.compose(ctx, files, made.length, mark, to)
	}
	return m.join(ctx, files, path, to)
}

// copySources copies the files of the sources of a job, and returns them in the order of the time at which each begins.
// Also with an error the files that it returns are to be removed.
func (m *Manager) copySources(ctx context.Context, j record.Job, path string) (copies []sourceFile, err error) {
	var recordings []record.Job
	var bytes int64
	for _, source := range j.Sources {
		recording, err := m.sourceJob(ctx, j.AccountID, source.RecordingID)
		if err != nil {
			return nil, err
		}
		if len(recording.Files) == 0 { // they were deleted since the request
			return nil, fault.NotFoundFile("of the recording " + source.RecordingID)
		}
		for _, f := range recording.Files {
			bytes += f.Size
		}
		recordings = append(recordings, recording)
	}
	if j.Kind.MergesRecordings() {
		bytes *= 2 // the copies, and what is made of them
	}
	if err := m.checkSpace(j, bytes); err != nil {
		return nil, err
	}
	for i, recording := range recordings {
		begins := recording.StartedAt
		for _, f := range recording.Files {
			if !f.BeganAt.IsZero() {
				begins = f.BeganAt
			}
			c := sourceFile{
				path:   fmt.Sprintf("%s%s%d.%s", path, inputMark, len(copies), f.Format),
				source: j.Sources[i], length: time.Duration(f.DurationMs) * time.Millisecond, begins: begins,
			}
			copies = append(copies, c)
			if err := m.copyFile(ctx, recording.ID, f, c.path); err != nil {
				return copies, err
			}
			if c.length == 0 { // that of a file whose worker was killed is not known
				if c.length, err = m.measure(ctx, c.path); err != nil {
					return copies, unreadable(c, err)
				}
				copies[len(copies)-1] = c
			}
			begins = begins.Add(c.length)
		}
	}
	first := slices.MinFunc(copies, func(a, b sourceFile) int { return a.begins.Compare(b.begins) }).begins
	for i := range copies {
		copies[i].delay = copies[i].begins.Sub(first)
	}
	slices.SortStableFunc(copies, func(a, b sourceFile) int { return cmp.Compare(a.delay, b.delay) })
	return copies, nil
}

// unreadable returns the error of an ffmpeg that could not read a file, with the recording that it is of.
func unreadable(f sourceFile, err error) error {
	if died, ok := errors.AsType[*ffmpeg.DiedError](err); ok {
		died.LastWords = "the recording " + f.source.RecordingID + " cannot be read: " + died.LastWords
	}
	return err
}

// copyFile copies a file of a recording.
func (m *Manager) copyFile(ctx context.Context, recordingID string, f job.File, to string) error {
	from, err := m.sources.OpenFile(ctx, f)
	if errors.Is(err, fs.ErrNotExist) {
		return fault.NotFoundFile(filepath.Base(f.Path+f.Key) + " of the recording " + recordingID).Because(err)
	}
	if err != nil {
		return err
	}
	defer from.Close()
	file, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, contextReader{ctx, from})
	return errors.Join(err, file.Close())
}

// tracks is what a file holds.
type tracks struct {
	video, audio  bool
	width, height int
	// layout is all that has to be equal in files that are put one after the other without encoding them anew: codecs,
	// sizes, rates and parameter sets.
	layout string
}

const maxProbing = 1 << 20 // bytes of an answer; ffmpeg writes some 500, and as many each second that it reads

// probe reads what a file holds.
func (m *Manager) probe(ctx context.Context, path string) (tracks, error) {
	said, err := m.ask(ctx, path, "-t", "0", "-f", "framecrc", "pipe:1")
	return readTracks(said), err
}

// measure returns how long a file is. It reads all of it.
func (m *Manager) measure(ctx context.Context, path string) (length time.Duration, err error) {
	said, err := m.ask(ctx, path, "-f", "null", "-progress", "pipe:1", "/dev/null")
	for _, line := range said {
		if text, ok := strings.CutPrefix(line, "out_time_us="); ok {
			if us, err := strconv.ParseInt(text, 10, 64); err == nil {
				length = max(length, time.Duration(us)*time.Microsecond)
			}
		}
	}
	return length, err
}

// ask returns the lines that ffmpeg writes about the first picture and sound of a file, which it does not decode. It is
// ffmpeg that reads the file, in its bounds: what participants have sent is in it.
func (m *Manager) ask(ctx context.Context, path string, args ...string) (said []string, err error) {
	p, err := ffmpeg.StartReader(m.opts.FFmpeg, 0, transcodingCPU, append([]string{
		"-i", "file:" + path, "-map", "0:v:0?", "-map", "0:a:0?", "-c", "copy",
	}, args...)...)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	defer context.AfterFunc(ctx, p.Kill)()
	watched := newStallWatch(transcodingStall, p.Kill)
	defer watched.stop()
	lines := bufio.NewScanner(io.LimitReader(p.Out, maxProbing))
	for lines.Scan() {
		watched.seen()
		said = append(said, lines.Text())
	}
	if lines.Err() != nil {
		return nil, lines.Err()
	}
	<-p.Done()
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case watched.stalled():
		return nil, &ffmpeg.StalledError{After: transcodingStall, LastWords: p.LastWords()}
	}
	return said, p.Err()
}

// readTracks reads the head that ffmpeg's framecrc writes: "#media_type 0: video", "#dimensions 0: 640x360".
func readTracks(lines []string) (found tracks) {
	var layout []string
	for _, line := range lines {
		name, value, ok := strings.Cut(line, ":")
		name, _, of := strings.Cut(name, " ")
		if value = strings.TrimSpace(value); !ok || !of || !strings.HasPrefix(name, "#") {
			continue
		}
		layout = append(layout, line)
		switch name + " " + value {
		case "#media_type video":
			found.video = true
		case "#media_type audio":
			found.audio = true
		}
		if width, height, both := strings.Cut(value, "x"); both && name == "#dimensions" {
			found.width, _ = strconv.Atoi(width) // unknown is 0
			found.height, _ = strconv.Atoi(height)
		}
	}
	found.layout = strings.Join(layout, "\n")
	return found
}

// encoding is the work of one ffmpeg that reads files and writes fragmented MP4 to its output.
type encoding struct {
	args []string
	cpu  time.Duration         // that it may take
	feed func(io.Writer) error // writes its input; nil: it has none
}

// encode makes a file that players seek in at once.
func (m *Manager) encode(ctx context.Context, e encoding, to string) error {
	inputs := 0
	if e.feed != nil {
		inputs = 1
	}
	p, err := ffmpeg.StartReader(m.opts.FFmpeg, inputs, e.cpu, append(e.args,
		"-movflags", "+frag_keyframe+empty_moov+default_base_moof", "-frag_duration", "5000000", "-f", "mp4", "pipe:1")...)
	if err != nil {
		return err
	}
	fed := make(chan error, 1)
	go func() {
		var err error
		if e.feed != nil {
			err = guard.Run("the input of a transcoding", func() error { return e.feed(p.In[0]) })
			_ = p.In[0].Close()
		}
		fed <- err
	}()
	defer context.AfterFunc(ctx, p.Kill)()
	err = m.remux(ctx, func(w io.Writer) error {
		if _, err := io.Copy(w, p.Out); err != nil {
			return err
		}
		<-p.Done()
		return p.Err()
	}, to)
	p.Close() // and with it what still waits to be fed
	unfed := <-fed
	if err == nil {
		return unfed
	}
	if died, ok := errors.AsType[*ffmpeg.DiedError](p.Err()); ok && died.Signal == "" && ctx.Err() == nil {
		return died // the first of the two, which says why
	}
	return err
}

// videoArguments are those of the encoders of a picture and its sound. Half of the processors remain for meetings.
// There are no B pictures, as in recordings of meetings: without edit lists they put the picture behind the sound.
func videoArguments() []string {
	return []string{
		"-c:v", "libx264", "-threads", strconv.Itoa(max(1, runtime.NumCPU()/2)), "-preset", "superfast", "-crf", "23",
		"-maxrate", "4M", "-bufsize", "8M", "-bf", "0", "-g", "60", "-pix_fmt", "yuv420p",
		"-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-ac", "2",
	}
}

// encodingCPU bounds the processor time of an ffmpeg that encodes so much video: a large grid takes a few seconds for
// each second.
func encodingCPU(length time.Duration) time.Duration { return transcodingCPU + 20*length }

// fileInput are the arguments that read a file. Pictures of another size in its middle go through the graph like all
// others: it would begin anew, and all that has its time in it.
func fileInput(path string) []string {
	return []string{"-threads", "1", "-reinit_filter", "0", "-i", "file:" + path}
}

// fitted is the filter that makes pictures of whatever size whole ones of that size, with black edges.
func fitted(width, height int) string {
	return fmt.Sprintf("scale=%[1]d:%[2]d:force_original_aspect_ratio=decrease:force_divisible_by=2,"+
		"pad=%[1]d:%[2]d:(ow-iw)/2:(oh-ih)/2:eval=frame,setsar=1,format=yuv420p", width, height)
}

// sounded is the filter that makes sound begin with its file, and keeps it at its time where some of it is missing.
const sounded = "aresample=48000:async=1:first_pts=0,aformat=sample_fmts=fltp"

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }
