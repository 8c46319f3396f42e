package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// While a job runs on a node of a cluster its files are uploaded as they grow, so that what a lost node costs is the
// last part of a file, or the last segment of a playlist. A file is a multipart upload: nobody reads it before it is
// complete. The segments of a playlist, and the playlist as it was last, are there at once. Keep completes both; of a
// job whose node was lost, Salvage does.

// growth is what was uploaded of the files of a running job. Its methods are for one goroutine at a time.
type growth struct {
	mu       sync.Mutex // guards everything below
	files    map[string]*grownFile
	segments map[string]bool // local files beside a playlist that will not change
}

// grownFile is a file of which parts were uploaded.
type grownFile struct {
	key, upload string
	parts       []part
	first, last [sha256.Size]byte // of the content of the first part and of the last one
}

// size returns how many bytes were uploaded.
func (g *grownFile) size() int64 { return int64(len(g.parts)) * partSize }

// Grow uploads what is new in the files of a running job; paths are absolute, or relative to the directory where jobs
// write. A storage that cannot take files in parts gets them from Keep.
func (a *Archive) Grow(ctx context.Context, j record.Job, paths []string) error {
	store, ok := a.opts.Kept.(parted)
	if !ok {
		return nil
	}
	g := a.growthOf(j.ID, true)
	g.mu.Lock()
	defer g.mu.Unlock()
	var errs []error
	for _, local := range paths {
		if filepath.IsAbs(local) {
			relative, err := filepath.Rel(a.opts.Dir, local)
			if err != nil || !filepath.IsLocal(relative) {
				continue
			}
			local = relative
		}
		local = filepath.ToSlash(local)
		var err error
		if isPlaylist(local) {
			err = a.growPlaylist(ctx, store, g, j, local)
		} else {
			err = a.growFile(ctx, store, g, j, local)
		}
		if !errors.Is(err, os.ErrNotExist) { // it has not begun, or was given up
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// growthOf returns what was uploaded of a job; nil where nothing was, unless it is to begin.
func (a *Archive) growthOf(jobID string, begin bool) *growth {
	a.mu.Lock()
	defer a.mu.Unlock()
	g := a.growths[jobID]
	if g == nil && begin {
		g = &growth{files: map[string]*grownFile{}, segments: map[string]bool{}}
		a.growths[jobID] = g
	}
	return g
}

// forgetGrowth forgets what was uploaded of a job: all of it is kept.
func (a *Archive) forgetGrowth(jobID string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.growths, jobID)
}

// growFile uploads the whole parts that are new in a file.
func (a *Archive) growFile(ctx context.Context, store parted, g *growth, j record.Job, local string) error {
	file, err := os.Open(filepath.Join(a.opts.Dir, filepath.FromSlash(local)))
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // was only read
	info, err := file.Stat()
	if err != nil {
		return err
	}
	grown := g.files[local]
	if grown == nil {
		if info.Size() < partSize {
			return nil
		}
		grown = &grownFile{key: keyOf(j, local)}
		if grown.upload, err = store.BeginParts(ctx, grown.key); err != nil {
			return err
		}
		g.files[local] = grown
	}
	for info.Size()-grown.size() >= partSize && len(grown.parts) < maxParts-1 {
		content, err := readPart(file, len(grown.parts)+1)
		if err != nil {
			return err
		}
		p, err := store.PutPart(ctx, grown.key, grown.upload, len(grown.parts)+1, bytes.NewReader(content), partSize)
		if err != nil {
			return err
		}
		grown.parts = append(grown.parts, p)
		grown.last = sha256.Sum256(content)
		if len(grown.parts) == 1 {
			grown.first = grown.last
		}
	}
	return nil
}

// readPart reads part n of a file that has it.
func readPart(file io.ReaderAt, n int) ([]byte, error) {
	content := make([]byte, partSize)
	_, err := file.ReadAt(content, int64(n-1)*partSize)
	return content, err
}

// complete uploads the rest of a file that is finished, and the parts that have changed: a finished file has another
// head, and a disk that was full has cut off its end.
func (a *Archive) complete(ctx context.Context, store parted, grown *grownFile, local string) error {
	file, err := os.Open(filepath.Join(a.opts.Dir, filepath.FromSlash(local)))
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // was only read
	info, err := file.Stat()
	if err != nil {
		return err
	}
	parts := grown.parts[:min(len(grown.parts), int(info.Size()/partSize))]
	for n, sum := range map[int][sha256.Size]byte{1: grown.first, len(grown.parts): grown.last} {
		if n > len(parts) {
			continue
		}
		content, err := readPart(file, n)
		if err != nil {
			return err
		}
		if sha256.Sum256(content) == sum {
			continue
		}
		if parts[n-1], err = store.PutPart(ctx, grown.key, grown.upload, n, bytes.NewReader(content), partSize); err != nil {
			return err
		}
	}
	for at := int64(len(parts)) * partSize; at < info.Size(); at = int64(len(parts)) * partSize {
		size := info.Size() - at
		if len(parts) < maxParts-1 {
			size = min(size, partSize)
		}
		p, err := store.PutPart(ctx, grown.key, grown.upload, len(parts)+1, io.NewSectionReader(file, at, size), size)
		if err != nil {
			return err
		}
		parts = append(parts, p)
	}
	return store.Complete(ctx, grown.key, grown.upload, parts)
}

// completeGrown completes a file of which parts were uploaded. ok is false where it must be uploaded as a whole.
func (a *Archive) completeGrown(ctx context.Context, jobID, local string) (ok bool) {
	g := a.growthOf(jobID, false)
	if g == nil {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.segments[local] {
		return true
	}
	grown := g.files[local]
	if grown == nil {
		return false
	}
	delete(g.files, local)
	store := a.opts.Kept.(parted)
	err := a.complete(ctx, store, grown, local)
	if err == nil {
		return true
	}
	a.opts.Logger.Warn("the parts of a file could not be put together; it is uploaded as a whole",
		"job", jobID, "file", local, "err", err)
	aborting, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	_ = store.Abort(aborting, grown.key, grown.upload) // Salvage and the rules of the bucket find what is left
	return false
}

// mapURI finds the init segments that a playlist names (RFC 8216, section 4.3.2.5).
var mapURI = regexp.MustCompile(`#EXT-X-MAP:[^\n]*URI="([^"]+)"`)

// growPlaylist uploads the files that a playlist lists and were not uploaded, and then the playlist.
func (a *Archive) growPlaylist(ctx context.Context, store Store, g *growth, j record.Job, local string) error {
	text, err := os.ReadFile(filepath.Join(a.opts.Dir, filepath.FromSlash(local)))
	if err != nil {
		return err
	}
	dir := path.Dir(local)
	var names []string
	for _, match := range mapURI.FindAllSubmatch(text, -1) {
		names = append(names, string(match[1]))
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			names = append(names, line)
		}
	}
	added := false
	for _, name := range names {
		piece := path.Join(dir, name)
		if path.Base(name) != name || g.segments[piece] {
			continue
		}
		if err := a.putFile(ctx, localFile{piece, keyOf(j, piece)}); err != nil {
			return err
		}
		g.segments[piece], added = true, true
	}
	if !added {
		return nil
	}
	// The file itself may list more by now.
	return a.putText(ctx, store, keyOf(j, local), text)
}

// putText keeps a short text.
func (a *Archive) putText(ctx context.Context, store Store, key string, text []byte) error {
	dir, err := os.MkdirTemp(a.opts.Dir, "text-")
	if err != nil {
		return diskError("put", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // a temporary directory
	name := filepath.Join(dir, path.Base(key))
	if err := os.WriteFile(name, text, 0o600); err != nil {
		return diskError("put", err)
	}
	return store.Put(ctx, key, name)
}

// Salvage completes what was uploaded of the files of a job whose node was lost, and returns them. finish ends the
// playlists in a directory. Files on a disk that is gone cannot be had. The error is 5001, 5002 or 5003 UPLOAD_FAILED.
func (a *Archive) Salvage(ctx context.Context, j record.Job, finish func(dir string) error) ([]job.File, error) {
	files, err := a.salvage(ctx, j, finish)
	if err != nil {
		return files, a.uploadFault(newPendingJob(j), err, a.opts.FirstRetry)
	}
	return files, nil
}

func (a *Archive) salvage(ctx context.Context, j record.Job, finish func(dir string) error) ([]job.File, error) {
	store, ok := a.opts.Kept.(parted)
	if !ok {
		return nil, nil
	}
	prefix := prefixOf(j)
	begun, err := store.Unfinished(ctx, prefix)
	if err != nil {
		return nil, err
	}
	ended := map[string]time.Time{}
	for _, u := range begun {
		_, err := store.Stat(ctx, u.key)
		if err == nil { // it was uploaded as a whole
			err = store.Abort(ctx, u.key, u.upload)
		} else if errors.Is(err, ErrNotExist) {
			ended[u.key], err = completeParts(ctx, store, u)
		}
		if err != nil {
			return nil, err
		}
	}
	kept, err := store.List(ctx, prefix)
	if err != nil {
		return nil, err
	}
	var files []job.File
	sizes := map[string]int64{} // of what lies beside a playlist, by directory
	for _, info := range kept {
		sizes[path.Dir(info.Key)] += info.Size
	}
	for _, info := range kept {
		f := job.File{Key: info.Key, Size: info.Size, Format: job.Format(strings.TrimPrefix(path.Ext(info.Key), "."))}
		switch path.Ext(info.Key) {
		case ".mp4", ".webm":
			if inPlaylist(kept, info.Key) {
				continue // the init segment of a playlist
			}
			if at := ended[info.Key]; !at.IsZero() && !j.StartedAt.IsZero() && j.Kind != job.Track {
				f.DurationMs = max(0, at.Sub(j.StartedAt).Milliseconds())
			}
		case ".m3u8":
			if path.Base(info.Key) != "index.m3u8" {
				continue
			}
			length, err := a.finishPlaylist(ctx, store, info.Key, finish)
			if err != nil {
				return nil, err
			}
			f.Size, f.DurationMs = sizes[path.Dir(info.Key)], length.Milliseconds()
		default:
			continue
		}
		files = append(files, f)
	}
	return files, nil
}

// inPlaylist reports whether a file lies beside a playlist.
func inPlaylist(kept []Info, key string) bool {
	for _, other := range kept {
		if isPlaylist(other.Key) && path.Dir(other.Key) == path.Dir(key) && strings.HasPrefix(path.Base(key), "init") {
			return true
		}
	}
	return false
}

// completeParts makes a file of the parts that arrived. It returns when the last of them did.
func completeParts(ctx context.Context, store parted, u unfinished) (last time.Time, err error) {
	parts, err := store.Parts(ctx, u.key, u.upload)
	if err != nil {
		return last, err
	}
	for i, p := range parts {
		if p.n != i+1 {
			parts = parts[:i] // what follows does not continue it
			break
		}
		last = p.modified
	}
	if len(parts) == 0 {
		return last, store.Abort(ctx, u.key, u.upload)
	}
	return last, store.Complete(ctx, u.key, u.upload, parts)
}

// finishPlaylist ends a playlist that is kept as it was last, and returns its length.
func (a *Archive) finishPlaylist(
	ctx context.Context,
	store Store,
	key string,
	finish func(dir string) error,
) (length time.Duration, err error) {
	content, err := store.Open(ctx, key, 0, -1)
	if err != nil {
		return 0, err
	}
	text, err := io.ReadAll(io.LimitReader(content, maxPlaylist))
	if err = errors.Join(err, content.Close()); err != nil {
		return 0, err
	}
	dir, err := os.MkdirTemp(a.opts.Dir, "text-")
	if err != nil {
		return 0, diskError("put", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // a temporary directory
	if err := os.WriteFile(filepath.Join(dir, path.Base(key)), text, 0o600); err != nil {
		return 0, diskError("put", err)
	}
	if err := finish(dir); err != nil {
		return 0, diskError("put", err)
	}
	ended, err := os.ReadDir(dir)
	if err != nil {
		return 0, diskError("put", err)
	}
	for _, entry := range ended {
		if isPlaylist(entry.Name()) {
			if err := store.Put(ctx, path.Join(path.Dir(key), entry.Name()), filepath.Join(dir, entry.Name())); err != nil {
				return 0, err
			}
		}
	}
	text, err = os.ReadFile(filepath.Join(dir, path.Base(key)))
	if err != nil {
		return 0, diskError("put", err)
	}
	for _, match := range extINF.FindAllSubmatch(text, -1) {
		if d, err := time.ParseDuration(string(match[1]) + "s"); err == nil {
			length += d
		}
	}
	return length, nil
}

// maxPlaylist bounds a playlist: a day of segments has less.
const maxPlaylist = 16 << 20

// extINF finds the durations of segments (RFC 8216, section 4.3.2.1).
var extINF = regexp.MustCompile(`#EXTINF:([0-9.]+)`)
