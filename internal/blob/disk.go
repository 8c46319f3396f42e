package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/objectkey"
)

// Disk is a Store in a directory of this machine. Files are readable for this user only.
type Disk struct {
	root string
	// keepTop leaves the directories right under root when they are empty: somebody else may be about to write there.
	keepTop bool
	link    func(key string, expires time.Time) string
}

// NewDisk keeps files under root, which is made when the first one comes. link makes the links.
func NewDisk(root string, link func(key string, expires time.Time) string) *Disk {
	return &Disk{root: root, link: link}
}

func (d *Disk) path(key string) (string, error) {
	if err := objectkey.Check(key); err != nil {
		return "", err
	}
	return filepath.Join(d.root, filepath.FromSlash(key)), nil
}

// Put implements Store. On one file system it costs no copy.
func (d *Disk) Put(ctx context.Context, key, path string) error {
	to, err := d.path(key)
	if err != nil {
		return err
	}
	err = diskError("put", d.put(ctx, to, path))
	if failed, ok := errors.AsType[*Error](err); ok {
		failed.Place = "the directory " + d.root
	}
	return err
}

func (d *Disk) put(ctx context.Context, to, path string) error {
	temp, err := newTemp(filepath.Dir(to))
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	if err := temp.Close(); err != nil {
		return err
	}
	whole := temp.Name() + "-" // beside the first, which keeps the directory
	defer os.Remove(whole)
	if err := os.Link(path, whole); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := copyFile(ctx, whole, path); err != nil { // another file system, or one without links
			return err
		}
	}
	if err := flush(whole); err != nil {
		return err
	}
	return os.Rename(whole, to)
}

// newTemp makes a file with a name of its own, so that two writers of a key do not write one file. The directory may be
// removed as empty by somebody who deletes its last file at this moment: then it is made again.
func newTemp(dir string) (temp *os.File, err error) {
	for range 10 {
		if err = os.MkdirAll(dir, 0o700); err == nil {
			temp, err = os.CreateTemp(dir, objectkey.TempPrefix)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return temp, err
}

func copyFile(ctx context.Context, to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, &contextReader{ctx, in})
	return errors.Join(err, out.Close())
}

// contextReader ends a long copy with its context.
type contextReader struct {
	ctx context.Context
	io.Reader
}

func (r *contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

// flush waits until what was written is on the disk.
func flush(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// Open implements Store.
func (d *Disk) Open(_ context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	path, err := d.path(key)
	if err != nil {
		return nil, err
	}
	if _, err := statFile(path); err != nil {
		return nil, diskError("open", err)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, diskError("open", err)
	}
	if _, err := file.Seek(offset, io.SeekStart); err != nil {
		return nil, diskError("open", errors.Join(err, file.Close()))
	}
	if length < 0 {
		return file, nil
	}
	return struct {
		io.Reader
		io.Closer
	}{io.LimitReader(file, length), file}, nil
}

// statFile is Stat for what is a file: no directory, no device, no link that leads out of the storage.
func statFile(path string) (fs.FileInfo, error) {
	info, err := os.Lstat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = fs.ErrNotExist
	}
	return info, err
}

// Stat implements Store.
func (d *Disk) Stat(_ context.Context, key string) (Info, error) {
	path, err := d.path(key)
	if err != nil {
		return Info{}, err
	}
	info, err := statFile(path)
	if err != nil {
		return Info{}, diskError("stat", err)
	}
	return Info{Key: key, Size: info.Size(), Modified: info.ModTime()}, nil
}

// List implements Store.
func (d *Disk) List(ctx context.Context, dir string) ([]Info, error) {
	root, err := d.path(dir)
	if err != nil {
		return nil, err
	}
	var found []Info
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if !entry.Type().IsRegular() || strings.HasPrefix(entry.Name(), objectkey.TempPrefix) {
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(d.root, path)
		found = append(found, Info{Key: filepath.ToSlash(rel), Size: info.Size(), Modified: info.ModTime()})
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return found, diskError("list", err)
}

// Delete implements Store. Directories that it leaves empty go as well.
func (d *Disk) Delete(_ context.Context, key string) error {
	path, err := d.path(key)
	if err != nil {
		return err
	}
	if _, err := statFile(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return diskError("delete", err)
	}
	root := filepath.Clean(d.root)
	for dir := filepath.Dir(
		path,
	); dir != root && !(d.keepTop && filepath.Dir(dir) == root) && os.Remove(dir) == nil; dir = filepath.Dir(dir) {
	}
	return nil
}

// SignedURL implements Store.
func (d *Disk) SignedURL(_ context.Context, key string, expires time.Time) (string, error) {
	if err := objectkey.Check(key); err != nil {
		return "", err
	}
	return d.link(key, expires), nil
}

func diskError(op string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: %w", op, ErrNotExist)
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return err
	}
	problem := err
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		problem = path.Err
	}
	if link, ok := errors.AsType[*os.LinkError](err); ok {
		problem = link.Err
	}
	return &Error{Op: op, Problem: problem.Error(), Permanent: true, err: err}
}
