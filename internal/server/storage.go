package server

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"path/filepath"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/blob"
	"github.com/klatch/klatch/internal/egress"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/webhook"
)

// openStorage makes the archive of what jobs write, on the disk or in a bucket, and the links to it. refuse answers
// links that cannot be used.
func (s *Server) openStorage(
	ctx context.Context,
	secretKey []byte,
	refuse func(http.ResponseWriter, *http.Request, error),
) (*blob.Archive, *blob.Links, error) {
	links := blob.NewLinks(secretKey, func() string { return s.url }, refuse)
	dir, err := s.egressDir()
	if err != nil {
		return nil, nil, err
	}
	var kept blob.Store
	c := s.conf.Storage
	if s.conf.UsesS3() {
		kept, err = blob.NewS3(
			blob.S3Options{
				Endpoint:  c.S3Endpoint,
				Region:    c.S3Region,
				Bucket:    c.S3Bucket,
				AccessKey: c.S3AccessKey,
				SecretKey: c.S3SecretKey,
			},
		)
		if err != nil {
			return nil, nil, fault.ConfigInvalidBadValue("storage.s3Endpoint", "configuration", c.S3Endpoint,
				"an http or https address of a host, without a path").
				Because(err)
		}
	} else {
		root, err := filepath.Abs(cmp.Or(c.Dir, filepath.Join(s.conf.Data.Dir, "files")))
		if err != nil {
			return nil, nil, dataFault(c.Dir, err)
		}
		kept = blob.NewDisk(root, blob.KeptLinks(links))
	}
	s.temporary = blob.NewTemporary(blob.TemporaryOptions{
		Kept: kept, Records: s.Store, Logger: s.log, Dir: filepath.Join(dir, "uploads"), Life: c.TemporaryLife,
		FileBytes: int64(s.conf.Limit.TemporaryFileMB) << 20, MeetingBytes: int64(s.conf.Limit.TemporaryFilesMB) << 20,
	})
	archive, err := blob.NewArchive(ctx, blob.ArchiveOptions{
		Dir:      dir,
		Kept:     kept,
		Links:    links,
		Jobs:     s.Store,
		Logger:   s.log,
		Report:   s.reportToModerators,
		LinkLife: c.LinkLife,
	})
	if err != nil {
		return nil, nil, fault.StartupFailedDatabase(err.Error()).Because(err)
	}
	return archive, links, nil
}

// reportToModerators reports what the archive could not keep, and tells it to the moderators of a session that still
// runs.
func (s *Server) reportToModerators(ctx context.Context, f *fault.Error) {
	s.incidents.Report(ctx, f)
	s.meetings.EgressFault(ctx, f.SessionID, f, job.Audience{Moderators: true})
}

// openWebhooks starts the delivery of events, with the key of the data directory.
func (s *Server) openWebhooks() (*webhook.Deliverer, *webhook.Signer, error) {
	path := filepath.Join(s.conf.Data.Dir, "webhook-key.pem")
	signer, err := webhook.LoadSigner(path)
	if err != nil {
		if isFileError(err) {
			return nil, nil, dataFault(s.conf.Data.Dir, err)
		}
		return nil, nil, fault.StartupFailedWebhookKey(path, err.Error()).Because(err)
	}
	if !s.node.IsAlone() { // receivers know one key, that of the first node
		signer, err = signer.Share(func(text []byte) ([]byte, error) {
			return s.Store.SharedSecret(context.Background(), "webhook-key", text)
		})
		if err != nil {
			return nil, nil, fault.StartupFailedWebhookKey(path, err.Error()).Because(err)
		}
	}
	return webhook.New(webhook.Options{
		Outbox: s.Store, Signer: signer, Logger: s.log, Metrics: s.metrics, Report: s.incidents.Report,
		Raise: s.incidents.Raise, Clear: s.incidents.Clear,
		AllowPrivateTargets: s.conf.Webhook.AllowPrivateTargets, RetryFor: s.conf.Webhook.RetryFor,
	}), signer, nil
}

// watchers are told of every change of a job, one after the other.
type watchers []egress.Watcher

// JobChanged implements egress.Watcher.
func (w watchers) JobChanged(ctx context.Context, j record.Job) {
	for _, each := range w {
		each.JobChanged(ctx, j)
	}
}

// watchJobs lets the webhooks hear of jobs, and the archive clean up after them.
func (s *Server) watchJobs(archive *blob.Archive) egress.Watcher {
	return watchers{archive, &webhook.Jobs{
		Outbox: s.Store, Report: s.incidents.Report,
		URL: func(ctx context.Context, f job.File) (string, error) {
			link, err := archive.URL(ctx, f)
			if err != nil {
				return "", fmt.Errorf("link to a file: %w", err)
			}
			return link, nil
		},
		HLS: func(jobID string) (playback, live string) { return s.hlsAddresses(s.url, jobID) },
	}}
}
