package egress

import (
	"context"
	"errors"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/encoder"
	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/job"
)

// Ready returns the reason why composed jobs cannot run at the moment, or nil, for readiness. It waits for an ffmpeg
// that does not answer until the deadline of ctx, and ffmpeg.ProbeTimeout at most.
func (m *Manager) Ready(ctx context.Context) *fault.Error {
	return m.checkEncoder(ctx, "readiness", job.Recording, job.MP4)
}

func (m *Manager) checkEncoder(ctx context.Context, method string, kind job.Kind, format job.Format) *fault.Error {
	return CheckEncoder(ctx, m.opts.FFmpeg, method, kind, format)
}

// CheckEncoder returns the reason why the ffmpeg at a path cannot encode what a kind of job needs, or nil.
func CheckEncoder(ctx context.Context, path, method string, kind job.Kind, format job.Format) *fault.Error {
	build, err := ffmpeg.Probe(ctx, path)
	if err == nil && kind.Composed() {
		err = build.Require(encoder.CodecsOf(string(format)).Encoders()...)
	}
	if err == nil {
		return nil
	}
	if hangs, ok := errors.AsType[*ffmpeg.UnresponsiveError](err); ok {
		return kind.Faults().EncoderUnresponsive(hangs.Path, hangs.After).Because(err)
	}
	if errors.Is(err, context.Canceled) { // whoever asked has gone: nothing is known of ffmpeg
		return fault.OperationAbortedCancelled(method).Because(err)
	}
	if e, ok := errors.AsType[*ffmpeg.UnusableError](err); ok {
		return kind.Faults().EncoderUnusable(e.Path, e.Problem).Because(err)
	}
	if e, ok := errors.AsType[*ffmpeg.TooOldError](err); ok {
		return kind.Faults().EncoderTooOld(e.Path, e.Version, e.Needed).Because(err)
	}
	missing := "ffmpeg"
	if lacks, ok := errors.AsType[*ffmpeg.MissingEncoderError](err); ok {
		missing = "the encoder " + lacks.Name
	}
	return kind.Faults().EncoderMissing(path, missing).Because(err)
}
