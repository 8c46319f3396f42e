package hls

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// requireFinished requires that the playlists in a directory have ended and are whole, that nothing else lies there,
// and returns their durations.
func requireFinished(t *testing.T, dir string) (full, live time.Duration) {
	t.Helper()
	var lists [2]*parsedPlaylist
	known := map[string]bool{InitSegment: true, FullPlaylist: true, LivePlaylist: true}
	for i, name := range []string{FullPlaylist, LivePlaylist} {
		l, err := readList(filepath.Join(dir, name))
		require.NoError(t, err)
		require.True(t, l.ended)
		require.NotContains(t, string(l.text), "PART")
		require.NotContains(t, string(l.text), "SERVER-CONTROL")
		for n, s := range l.segments {
			file := read(t, dir, segmentName(l.first+n))
			known[segmentName(l.first+n)] = true
			require.Len(t, file, int(s.duration/(500*time.Millisecond))*48, "the fragments that it is said to have")
			require.Zero(t, strings.Count(file, "moof")-strings.Count(file, "mdat"))
			require.LessOrEqual(t, s.duration.Round(time.Second), l.target)
		}
		lists[i] = l
	}
	require.Equal(t, tagVOD, lists[0].kind)
	require.Empty(t, lists[1].kind)
	require.Equal(t, lists[0].lastSegment(), lists[1].lastSegment(), "they end together")
	require.Equal(t, lists[0].at.Add(lists[0].segments[lists[1].first].start), lists[1].at)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, entry := range entries {
		require.True(t, known[entry.Name()], "%s is left", entry.Name())
	}
	return sum(lists[0].segments), sum(lists[1].segments)
}

func sum(segments []segment) (total time.Duration) {
	for _, s := range segments {
		total += s.duration
	}
	return total
}

// A writer may die at any moment: what was listed then is what there is, to its last part.
func TestFinishKeepsEveryPart(t *testing.T) {
	for written := 5; written <= 45; written++ {
		c := fragmentSource{length: 500 * time.Millisecond, keys: 4}
		w, dir := newTestWriter(t, Options{LowLatency: true})
		c.run(t, w, written)
		if written%2 == 0 { // in the middle of the next fragment, which is no new segment
			_, err := w.file.Write(c.next().Raw[:30])
			require.NoError(t, err)
		}
		require.NoError(t, w.file.Close())
		require.NoError(t, Finish(dir))
		full, _ := requireFinished(t, dir)
		require.Equal(t, time.Duration(written)*500*time.Millisecond, full, "%d fragments", written)
		before := read(t, dir, FullPlaylist) + read(t, dir, LivePlaylist)
		require.NoError(t, Finish(dir))
		require.Equal(t, before, read(t, dir, FullPlaylist)+read(t, dir, LivePlaylist), "once more changes nothing")
	}
}

// The steps between which a writer can die, with 41 fragments listed.
func TestFinishAfterEachStep(t *testing.T) {
	const half = 500 * time.Millisecond
	for name, tt := range map[string]struct {
		fragments int
		dies      func(t *testing.T, w *Writer, c *fragmentSource, dir string)
		want      time.Duration
	}{
		"a fragment is written and not listed": {41, func(t *testing.T, w *Writer, c *fragmentSource, _ string) {
			require.NoError(t, w.add(c.next()))
		}, 41 * half},
		"a segment is whole and not listed": {40, func(t *testing.T, w *Writer, c *fragmentSource, _ string) {
			require.NoError(t, w.cut(c.next().Start))
		}, 40 * half},
		"and the next one is begun": {40, func(t *testing.T, w *Writer, c *fragmentSource, _ string) {
			f := c.next()
			require.NoError(t, w.cut(f.Start))
			require.NoError(t, w.add(f))
		}, 40 * half},
		"only the full playlist says so": {40, func(t *testing.T, w *Writer, c *fragmentSource, dir string) {
			live := read(t, dir, LivePlaylist)
			c.run(t, w, 1)
			require.NoError(t, os.WriteFile(filepath.Join(dir, LivePlaylist), []byte(live), 0o600))
		}, 41 * half},
		"a playlist is half written": {41, func(t *testing.T, _ *Writer, _ *fragmentSource, dir string) {
			require.NoError(t, os.WriteFile(filepath.Join(dir, FullPlaylist+partial), []byte("#EXTM3U\n#EXT"), 0o600))
		}, 41 * half},
		"only the full playlist has ended": {41, func(t *testing.T, w *Writer, _ *fragmentSource, dir string) {
			live := read(t, dir, LivePlaylist)
			require.NoError(t, w.Close())
			require.NoError(t, os.WriteFile(filepath.Join(dir, LivePlaylist), []byte(live), 0o600))
		}, 41 * half},
		"the disk has lost the segment that was open": {43, func(t *testing.T, w *Writer, _ *fragmentSource, _ string) {
			require.NoError(t, os.Truncate(w.file.Name(), 47))
		}, 40 * half},
		"and a part of it": {43, func(t *testing.T, w *Writer, _ *fragmentSource, _ string) {
			require.NoError(t, os.Truncate(w.file.Name(), 100))
		}, 42 * half},
	} {
		t.Run(name, func(t *testing.T) {
			c := fragmentSource{length: half, keys: 4}
			w, dir := newTestWriter(t, Options{LowLatency: true})
			c.run(t, w, tt.fragments)
			tt.dies(t, w, &c, dir)
			require.NoError(t, Finish(dir))
			full, live := requireFinished(t, dir)
			require.Equal(t, tt.want, full)
			require.Positive(t, live)
		})
	}
}

func TestFinishOfWhatIsNotOurs(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, Finish(dir), "nothing was written")
	require.NoError(t, os.WriteFile(filepath.Join(dir, FullPlaylist), nil, 0o600))
	require.ErrorIs(t, Finish(dir), errForeignPlaylist, "a disk that lost it")
	require.Error(t, Finish(filepath.Join(dir, FullPlaylist)))
}

// A disk that is full stops a stream at whatever step needs a page more. What was listed stays, and has an end.
func TestFullDiskAtEveryStep(t *testing.T) {
	root := t.TempDir()
	const page = 4 << 10
	kept := 0
	for pages := 8; pages < 64; pages++ {
		dir := filepath.Join(root, fmt.Sprint(pages))
		require.NoError(t, os.Mkdir(dir, 0o700))
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", pages*page)); err != nil {
			t.Skipf("needs to mount a small tmpfs: %v", err)
		}
		func() {
			defer func() { require.NoError(t, syscall.Unmount(dir, 0)) }()
			c := fragmentSource{length: 500 * time.Millisecond, keys: 4}
			w, err := NewWriter(dir, Options{LowLatency: true, Epoch: golden})
			require.NoError(t, err)
			err = w.WriteInit(initOf("init"))
			for err == nil {
				f := c.next()
				if c.made%4 == 0 { // larger, so that writing it may fail half way
					f.Raw = append([]byte("\x00\x00\x00\x08moof\x00\x00\x20\x08mdat"), make([]byte, 8192)...)
				}
				err = w.WriteFragment(f)
			}
			require.ErrorIs(t, err, syscall.ENOSPC)
			listed, unread := readList(filepath.Join(dir, FullPlaylist))
			require.ErrorIs(t, w.Close(), syscall.ENOSPC)
			if unread != nil {
				require.Zero(t, w.Duration())
				return
			}
			full, err := readList(filepath.Join(dir, FullPlaylist))
			require.NoError(t, err)
			require.True(t, full.ended, "%d pages", pages)
			require.Equal(t, sum(full.segments), w.Duration())
			require.GreaterOrEqual(t, len(full.segments), len(listed.segments))
			for n := range full.segments {
				require.FileExists(t, filepath.Join(dir, segmentName(n)))
			}
			if len(full.segments) > len(listed.segments) {
				kept++
			}
		}()
	}
	require.Greater(t, kept, 10, "what was open is kept where the disk has room for the list")
}

// Others may fill the disk to its last byte: then the segment that was open makes room for the end of the playlists.
func TestFinishOnADiskWithoutAByte(t *testing.T) {
	root := t.TempDir()
	if err := syscall.Mount("tmpfs", root, "tmpfs", 0, "size=256k"); err != nil {
		t.Skipf("needs to mount a small tmpfs: %v", err)
	}
	defer func() { require.NoError(t, syscall.Unmount(root, 0)) }()
	dir := filepath.Join(root, "stream")
	require.NoError(t, os.Mkdir(dir, 0o700))
	c := fragmentSource{length: 500 * time.Millisecond, keys: 4}
	w, err := NewWriter(dir, Options{LowLatency: true, Epoch: golden})
	require.NoError(t, err)
	require.NoError(t, w.WriteInit(initOf("init")))
	c.run(t, w, 15)
	require.NoError(t, w.file.Close())
	require.ErrorIs(t, os.WriteFile(filepath.Join(root, "filler"), make([]byte, 1<<20), 0o600), syscall.ENOSPC)
	require.NoError(t, Finish(dir))
	full, live := requireFinished(t, dir)
	require.Equal(t, 6*time.Second, full)
	require.Equal(t, 6*time.Second, live)
}
