package blob_test

import (
	"bytes"
	"crypto/sha256"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/blob"
	"github.com/klatch/klatch/internal/blob/s3test"
	"github.com/klatch/klatch/internal/hls"
	"github.com/klatch/klatch/internal/job"
)

// noise returns bytes that no compression makes smaller.
func noise(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(b) // never fails
	return b
}

func (d *fixture) append(path string, content []byte) {
	d.t.Helper()
	name := filepath.Join(d.dir, path)
	require.NoError(d.t, os.MkdirAll(filepath.Dir(name), 0o700))
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	require.NoError(d.t, err)
	_, err = file.Write(content)
	require.NoError(d.t, err)
	require.NoError(d.t, file.Close())
}

func (d *fixture) keptSum(key string) [sha256.Size]byte {
	d.t.Helper()
	content, err := d.kept.Open(d.t.Context(), key, 0, -1)
	require.NoError(d.t, err)
	all, err := io.ReadAll(content)
	require.NoError(d.t, err)
	require.NoError(d.t, content.Close())
	return sha256.Sum256(all)
}

// A file is uploaded in parts while it grows. A finished one is whole, also where its head has changed at the end; of a
// lost one the parts are kept that arrived. Nobody sees it before.
func TestFilesThatGrow(t *testing.T) {
	const part = 5 << 20
	content := noise(2*part + 1000)
	bucket := s3test.Start(t)
	for name, lost := range map[string]bool{"finished": false, "lost": true} {
		t.Run(name, func(t *testing.T) {
			d := newFixture(t, func(*blob.Links) blob.Store { return newS3(t, bucket) })
			path := "recording/" + name + ".mp4"
			j := d.finished(name, job.Recording, path, map[string]string{path: ""})
			key := "their dir/2026/s1/" + name + "/" + name + ".mp4"
			grow := func() { require.NoError(t, d.archive.Grow(t.Context(), j, []string{filepath.Join(d.dir, path)})) }
			grow()
			d.append(path, content[:1000])
			grow()
			d.append(path, content[1000:part+5000])
			grow()
			grow()
			d.append(path, content[part+5000:])
			grow()
			_, err := d.kept.Stat(t.Context(), key)
			require.ErrorIs(t, err, blob.ErrNotExist)
			if lost {
				files, err := d.archive.Salvage(t.Context(), j, hls.Finish)
				require.NoError(t, err)
				require.Len(t, files, 1)
				require.Equal(t, job.File{Key: key, Size: 2 * part, Format: job.MP4, DurationMs: files[0].DurationMs}, files[0])
				require.Equal(t, sha256.Sum256(content[:2*part]), d.keptSum(key))
				again, err := d.archive.Salvage(t.Context(), j, hls.Finish)
				require.NoError(t, err)
				require.Len(t, again, 1)
				return
			}
			changed := bytes.Clone(content)
			copy(changed[10:], "another head")
			require.NoError(t, os.WriteFile(filepath.Join(d.dir, path), changed, 0o600))
			j.Files = []job.File{{Path: path, Size: int64(len(changed)), Format: job.MP4}}
			j, err = d.end(j)
			require.NoError(t, err)
			require.Equal(t, key, j.Files[0].Key)
			require.Equal(t, sha256.Sum256(changed), d.keptSum(key))
			require.NotContains(t, d.log.String(), "uploaded as a whole")
		})
	}
}

// The segments of a stream are in the storage as soon as they are listed, and a lost one can be played to the last.
func TestStreamsThatGrow(t *testing.T) {
	d := newFixture(t, func(*blob.Links) blob.Store { return newS3(t, s3test.Start(t)) })
	j := d.finished("h1", job.HLS, "hls/h1", nil)
	const list = "#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:2\n#EXT-X-PLAYLIST-TYPE:EVENT\n" +
		"#EXT-X-MAP:URI=\"init.mp4\"\n#EXTINF:2.000,\nseg00000.m4s\n"
	d.append("hls/h1/init.mp4", []byte("init"))
	d.append("hls/h1/seg00000.m4s", []byte("first"))
	d.append("hls/h1/seg00001.m4s", []byte("not listed"))
	d.append("hls/h1/index.m3u8", []byte(list))
	require.NoError(t, d.archive.Grow(t.Context(), j, []string{filepath.Join(d.dir, "hls/h1/index.m3u8")}))
	prefix := "their dir/2026/s1/h1/"
	require.Equal(t, sha256.Sum256([]byte("first")), d.keptSum(prefix+"seg00000.m4s"))
	_, err := d.kept.Stat(t.Context(), prefix+"seg00001.m4s")
	require.ErrorIs(t, err, blob.ErrNotExist)
	require.NoError(t, os.RemoveAll(filepath.Join(d.dir, "hls")), "the disk is lost")
	files, err := d.archive.Salvage(t.Context(), j, hls.Finish)
	require.NoError(t, err)
	require.Len(t, files, 1)
	require.Equal(t, prefix+"index.m3u8", files[0].Key)
	require.EqualValues(t, 2000, files[0].DurationMs)
	content, err := d.kept.Open(t.Context(), prefix+"index.m3u8", 0, -1)
	require.NoError(t, err)
	text, err := io.ReadAll(content)
	require.NoError(t, err)
	require.NoError(t, content.Close())
	require.Contains(t, string(text), "#EXT-X-ENDLIST")
}
