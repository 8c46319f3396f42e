package server

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"slices"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/blob"
	"github.com/klatch/klatch/internal/egress"
	"github.com/klatch/klatch/internal/hls"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/still"
)

// listenForWorkers returns where workers on this machine reach the server: the public port or, where that speaks TLS
// with a certificate for another name, a port of their own on loopback, which serves signaling and REST v2.
func (s *Server) listenForWorkers(public net.Listener) (net.Listener, error) {
	if !s.conf.IsTLS() {
		return public, nil
	}
	const address = "127.0.0.1:0"
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, listenFault(err, address, "http.address")
	}
	return listener, nil
}

// workerURL is where workers and drills on this machine reach the server.
func (s *Server) workerURL(workers net.Listener) string {
	if s.conf.IsTLS() {
		return "http://" + workers.Addr().String()
	}
	return s.conf.LocalURL(workers.Addr().String())
}

// openEgress makes the part that records and streams, and ends the jobs that a killed server left running.
func (s *Server) openEgress(
	ctx context.Context,
	workers net.Listener,
	storage egress.Storage,
	watcher egress.Watcher,
) (*egress.Manager, error) {
	url := s.workerURL(workers)
	dir, err := s.egressDir()
	if err != nil {
		return nil, err
	}
	jobs, err := egress.New(egress.Options{
		Store:    s.Store,
		Meetings: s.meetings,
		Storage:  storage,
		Watcher:  watcher,
		Logger:   s.log,
		Report:   s.incidents.Report,
		Raise: func(key string, f *fault.Error, told func(*fault.Error), over func(record.Cleared)) {
			s.incidents.RaiseTelling(key, "", f, told, over)
		},
		Clear:               s.incidents.Clear,
		Dir:                 dir,
		ServerURL:           url,
		MediaAddr:           s.localMedia(),
		PublicURL:           s.url,
		FFmpeg:              s.conf.Egress.FFmpeg,
		AllowPrivateTargets: s.conf.Egress.AllowPrivateTargets,
		MaxDuration:         s.conf.Egress.MaxDuration,
		MinFree:             int64(s.conf.Egress.MinFreeMB) << 20,
		MinFreeOf:           s.causes.MinFree,
		OwnTarget:           s.causes.OwnTarget,
		RetryTargetsFor:     s.conf.Egress.RetryTargetsFor,
		AutoStart:           rest.AutoStartJobs,
		Command:             s.worker,
		Nodes:               s.openJobNodes(),
		TicketKey:           s.node.Key("worker"),
	})
	if err != nil {
		return nil, fault.From(fmt.Errorf("egress: %w", err))
	}
	if f := fonts(); !f.Ready {
		s.log.Warn("names in recordings", "capability", "fonts", "problem", f.Detail)
	}
	left, err := jobs.Recover(ctx)
	if err != nil {
		return nil, fault.StartupFailedDatabase(err.Error()).Because(err)
	}
	if left > 0 {
		s.log.Warn("ended the recordings and streams that the last run left", "jobs", left)
	}
	return jobs, nil
}

// localMedia is the media port as programs on this machine reach it, whatever addresses others are told.
func (s *Server) localMedia() string {
	loopback := netip.IPv6Loopback()
	if slices.ContainsFunc(s.media.Advertised(), func(at netip.AddrPort) bool { return at.Addr().Is4() }) {
		loopback = netip.AddrFrom4([4]byte{127, 0, 0, 1}) // connections take packets of the families that are announced
	}
	if at, ok := s.media.Local(loopback); ok {
		return at.String()
	}
	udp, _ := s.media.Addrs()
	return udp.String()
}

// egressSources are the files of earlier jobs, for those that make a file of them.
type egressSources struct {
	*blob.Archive
	streams *hls.Handler
}

// OpenStream implements egress.Sources.
func (s egressSources) OpenStream(ctx context.Context, jobID, name string) (io.ReadCloser, error) {
	file, _, err := s.streams.Open(ctx, jobID, name)
	return file, err
}

// openStillExtractor makes the part that takes pictures of streams.
func (s *Server) openStillExtractor(streams still.Streams, storage still.Storage) (*still.Extractor, error) {
	dir, err := s.egressDir()
	if err != nil {
		return nil, err
	}
	return still.New(
		still.Options{
			FFmpeg:  s.conf.Egress.FFmpeg,
			Dir:     filepath.Join(dir, "still"),
			Streams: streams,
			Storage: storage,
		},
	), nil
}

// egressDir is where jobs write, absolute.
func (s *Server) egressDir() (string, error) {
	dir, err := filepath.Abs(cmp.Or(s.conf.Egress.Dir, filepath.Join(s.conf.Data.Dir, "egress")))
	if err != nil {
		return "", dataFault(s.conf.Egress.Dir, err)
	}
	return dir, nil
}

// hlsAddresses returns the addresses at which a stream is played, signed unless hls.linkLife is 0.
func (s *Server) hlsAddresses(base, jobID string) (playback, live string) {
	playback, live = egress.HLSAddresses(base, jobID)
	return s.hlsAddress(playback), s.hlsAddress(live)
}

func (s *Server) hlsAddress(address string) string { return s.hlsLinks.Fresh(address, egress.HLSPath) }

// fileAddress returns a link to a file of a job, wherever it is kept.
func (s *Server) fileAddress(ctx context.Context, path, key string) (string, error) {
	return s.archive.URL(ctx, job.File{Path: path, Key: key})
}

// openHLS serves the directories of HLS jobs, and what was brought from there to the storage. refuse answers when that
// cannot be read.
func (s *Server) openHLS(kept hls.Archive, refuse func(http.ResponseWriter, *http.Request, error)) (*hls.Handler,
	error) {
	dir, err := s.egressDir()
	if err != nil {
		return nil, err
	}
	dir = filepath.Join(dir, "hls")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, dataFault(dir, err)
	}
	streams, err := hls.NewHandler(dir, nil)
	if err != nil {
		return nil, dataFault(dir, err)
	}
	streams.LimitWaiting(s.conf.Limit.HLSWaiting, s.incidents.Report)
	streams.UseArchive(kept, refuse)
	streams.SetPresentation(s.presentation)
	return streams, nil
}
