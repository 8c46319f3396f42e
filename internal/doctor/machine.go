package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/blob"
	"github.com/klatch/klatch/internal/compose"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/disk"
	"github.com/klatch/klatch/internal/egress"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/reflexive"
	"github.com/klatch/klatch/internal/store"
)

// Machine checks what the settings of a server name, on the machine where it runs. The server may run meanwhile or not.
type Machine struct {
	Config *conf.Config
	Tell   Tell
}

// Examine makes all checks and reports whether all is well.
func (m *Machine) Examine(ctx context.Context) bool {
	return all(ctx, m.https, m.encoder, m.fonts, m.disk, m.database, m.storage, m.addresses, m.files, m.memory)
}

func (m *Machine) encoder(ctx context.Context) bool {
	path := m.Config.Egress.FFmpeg
	return m.Tell.judge("encoder", path+" has the encoders of recordings and streams",
		egress.CheckEncoder(ctx, path, "doctor", job.Recording, job.MP4))
}

func (m *Machine) fonts(context.Context) bool {
	var scripts, packages []string
	for _, gap := range compose.Gaps() {
		scripts, packages = append(scripts, gap.Script), append(packages, gap.Package)
	}
	if len(scripts) > 0 {
		return m.Tell.failed("fonts", fault.ServerCheckFailedFonts(scripts, packages))
	}
	return m.Tell.ok("fonts", "names of every script can be written into pictures")
}

// disk checks that there is room where jobs write, and that this user may write where the server does.
func (m *Machine) disk(context.Context) bool {
	const check = "disk"
	data := m.Config.Data.Dir
	work := cmp.Or(m.Config.Egress.Dir, filepath.Join(data, "egress"))
	for _, dir := range []string{data, work} {
		if err := disk.Probe(disk.Existing(dir)); err != nil {
			problem := err
			if pathErr, ok := errors.AsType[*os.PathError](err); ok {
				problem = pathErr.Err
			}
			return m.Tell.failed(check, fault.StartupFailedDataDir(dir, problem.Error()).Because(err))
		}
	}
	needed := int64(m.Config.Egress.MinFreeMB) << 20
	free, err := disk.Free(disk.Existing(work))
	if err == nil && free < needed {
		return m.Tell.failed(check, fault.ServerUnavailableStorageLow(work, free, needed))
	}
	return m.Tell.ok(check, fmt.Sprintf("%s has %d MB free; jobs start with %d MB or more", work, free>>20, needed>>20))
}

func (m *Machine) database(ctx context.Context) bool {
	const check = "database"
	url := cmp.Or(m.Config.Database.URL, filepath.Join(m.Config.Data.Dir, "klatch.db"))
	found, err := store.Probe(ctx, url)
	switch {
	case err != nil:
		return m.Tell.failed(check, store.OpenFault(url, err))
	case !found.Exists:
		return m.Tell.ok(check, "it is empty; the first start makes its tables")
	case found.Version < found.Known:
		return m.Tell.ok(check, fmt.Sprintf("schema %d; the next start brings it to %d", found.Version, found.Known))
	}
	return m.Tell.ok(check, fmt.Sprintf("schema %d, as this program knows it", found.Version))
}

// storage puts, reads and deletes a file where finished recordings are kept.
func (m *Machine) storage(ctx context.Context) bool {
	const check = "storage"
	s := m.Config.Storage
	var kept blob.Store = blob.NewDisk(cmp.Or(s.Dir, filepath.Join(m.Config.Data.Dir, "files")), nil)
	where := "the disk"
	if m.Config.UsesS3() {
		bucket, err := blob.NewS3(blob.S3Options{Endpoint: s.S3Endpoint, Region: s.S3Region, Bucket: s.S3Bucket,
			AccessKey: s.S3AccessKey, SecretKey: s.S3SecretKey})
		if err != nil {
			return m.Tell.failed(check, fault.ConfigInvalidBadValue("storage.s3Endpoint", "configuration", s.S3Endpoint,
				"an http or https address of a host, without a path").Because(err))
		}
		kept, where = bucket, "the bucket "+s.S3Bucket
	}
	if err := putAndDelete(ctx, kept); err != nil {
		operation, problem := "a file of klatch doctor", err.Error()
		if failed, ok := errors.AsType[*blob.Error](err); ok {
			operation, problem = failed.Op+" of "+operation, failed.Problem
		}
		return m.Tell.failed(check, fault.ServerUnavailableStorage(operation, problem).Because(err))
	}
	return m.Tell.ok(check, where+" takes, returns and deletes files")
}

func putAndDelete(ctx context.Context, kept blob.Store) (err error) {
	const text = "klatch doctor\n"
	file, err := os.CreateTemp("", "klatch-doctor")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }() // the system clears its directory of temporary files
	if _, err := file.WriteString(text); err != nil {
		return errors.Join(err, file.Close())
	}
	if err := file.Close(); err != nil {
		return err
	}
	key := "klatch-doctor/" + strconv.FormatInt(time.Now().UnixNano(), 36) + ".txt"
	if err := kept.Put(ctx, key, file.Name()); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, kept.Delete(ctx, key)) }()
	stored, err := kept.Open(ctx, key, 0, -1)
	if err != nil {
		return err
	}
	defer func() { _ = stored.Close() }() // read-only
	raw, err := io.ReadAll(io.LimitReader(stored, 1<<10))
	if err == nil && string(raw) != text {
		err = &blob.Error{Op: "open", Problem: "another file came back than was put"}
	}
	return err
}

// addresses asks the STUN servers of media.publicIps under which address they see this machine.
func (m *Machine) addresses(ctx context.Context) bool {
	const check = "addresses"
	well := true
	for _, item := range m.Config.Media.PublicIPs {
		server, asks := strings.CutPrefix(item, reflexive.Prefix)
		if !asks {
			continue
		}
		seen, err := reflexive.Ask(ctx, server)
		if err != nil {
			well = m.Tell.failed(check, fault.ServerUnavailablePublicAddress(server, err.Error(), nil).Because(err))
			continue
		}
		m.Tell.ok(check, fmt.Sprintf("%s sees this machine at %v", server, seen))
	}
	return well
}

// wantedFiles is enough for a thousand participants.
const wantedFiles = 4096

func (m *Machine) files(context.Context) bool {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return m.Tell.ok("files", "the limit of open files is not known on this system")
	}
	if limit.Max < wantedFiles {
		return m.Tell.failed("files", fault.ServerCheckFailedOpenFiles(int(limit.Max), wantedFiles))
	}
	return m.Tell.ok("files", fmt.Sprintf("a process started here may have %d open files", min(limit.Max, 1<<30)))
}

// wantedMemory is what the worker and the encoder of one recording in 720p take.
const wantedMemory = 400 << 20

func (m *Machine) memory(context.Context) bool {
	available, ok := availableMemory()
	if !ok {
		return m.Tell.ok("memory", "what is available is not known on this system")
	}
	if available < wantedMemory {
		return m.Tell.failed("memory", fault.ServerCheckFailedMemory(available, wantedMemory))
	}
	return m.Tell.ok("memory", fmt.Sprintf("%d MB are available", available>>20))
}

// availableMemory reads MemAvailable of /proc/meminfo, proc_meminfo(5).
func availableMemory() (bytes int64, ok bool) {
	raw, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(raw)) {
		if rest, found := strings.CutPrefix(line, "MemAvailable:"); found {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kib << 10, err == nil
		}
	}
	return 0, false
}
