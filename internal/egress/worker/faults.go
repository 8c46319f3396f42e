package worker

import (
	"errors"
	"fmt"
	"github.com/klatch/klatch/internal/disk"
	"os"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/rtmp"
)

// Why a job ends, beside what the packages below say.
type (
	// lostError: the meeting cannot be heard any more, or could not be joined.
	lostError struct{ cause *fault.Error }
	// limitError: the job ran for as long as it may.
	limitError struct{ limit time.Duration }
)

func (e *lostError) Error() string { return "meeting lost: " + e.cause.Error() }

func (e *limitError) Error() string { return fmt.Sprintf("ran for %v", e.limit) }

// jobStatus is what a fault says of the job it ends.
type jobStatus struct {
	started bool
	waited  time.Duration // since the order came
	saved   time.Duration // of media that is safe
	free    int64         // bytes
}

// faultFrom chooses what is said about what ended a job; the cause is in it for the log.
func faultFrom(kind job.Kind, err error, at jobStatus) *fault.Error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f // chosen where more was known
	}
	if e, ok := errors.AsType[*lostError](err); ok {
		return kind.Faults().MeetingLost(e.cause.Detail).Because(e.cause)
	}
	return faultFor(kind.Faults(), err, at).Because(err)
}

func faultFor(faults job.Faults, err error, at jobStatus) *fault.Error {
	if e, ok := errors.AsType[*ffmpeg.NotFoundError](err); ok {
		return faults.EncoderMissing(e.Path, "ffmpeg")
	}
	if e, ok := errors.AsType[*ffmpeg.UnusableError](err); ok {
		return faults.EncoderUnusable(e.Path, e.Problem)
	}
	if e, ok := errors.AsType[*ffmpeg.TooOldError](err); ok {
		return faults.EncoderTooOld(e.Path, e.Version, e.Needed)
	}
	if e, ok := errors.AsType[*ffmpeg.MissingEncoderError](err); ok {
		return faults.EncoderMissing(e.Path, e.Name)
	}
	if e, ok := errors.AsType[*ffmpeg.UnresponsiveError](err); ok {
		if at.started {
			return faults.EncoderStalled(e.After)
		}
		return faults.EncoderUnresponsive(e.Path, e.After)
	}
	if e, ok := errors.AsType[*ffmpeg.DiedError](err); ok {
		if at.started || faults.StartEncoderDied == nil { // what is not encoded anew has started before ffmpeg is needed
			return faults.EncoderDied(e.Signal, e.Exit, e.LastWords)
		}
		return faults.StartEncoderDied(e.Signal, e.Exit, e.LastWords)
	}
	if e, ok := errors.AsType[*ffmpeg.StalledError](err); ok {
		if at.started {
			return faults.EncoderStalled(e.After)
		}
		return faults.StartTimeout(at.waited)
	}
	if e, ok := errors.AsType[*limitError](err); ok {
		return faults.DurationLimit(e.limit)
	}
	if disk.IsFull(err) && faults.DiskFull != nil {
		return faults.DiskFull(at.free, at.saved)
	}
	lastWords := err.Error()
	if e, ok := errors.AsType[*guard.PanicError](err); ok {
		lastWords = fmt.Sprintf("panic in %s: %v", e.In, e.Value) // the stack is for the log
	}
	if at.started {
		return faults.WorkerDied("", 1, lastWords)
	}
	if e, ok := errors.AsType[*os.PathError](err); ok {
		return faults.StorageUnwritable(e.Op + ": " + e.Err.Error())
	}
	return faults.StartWorkerDied("", 1, lastWords)
}

// outputFault is what is said of an RTMP target that never went live.
func outputFault(index int, err error) *fault.Error {
	e, ok := errors.AsType[*rtmp.Error](err)
	if wrong, is := errors.AsType[*rtmp.TargetError](err); is && !ok {
		switch {
		case wrong.Field == "streamKey":
			return fault.InvalidLivestreamConfigBadKey(index, wrong.Detail).Because(err)
		case wrong.Problem == rtmp.PrivateURL:
			return fault.InvalidLivestreamConfigPrivateAddress(index, wrong.Detail).Because(err)
		}
		return fault.InvalidLivestreamConfigBadURL(index, wrong.Detail).Because(err)
	}
	if !ok {
		return fault.StartLivestreamFailedUnreachable(index, "the target", err.Error()).Because(err)
	}
	problem := e.Status
	if problem == "" && e.Err != nil {
		problem = e.Err.Error()
	}
	switch e.Cause {
	case rtmp.DNS:
		return fault.StartLivestreamFailedDNS(index, e.Address, problem).Because(err)
	case rtmp.PrivateAddress:
		return fault.InvalidLivestreamConfigPrivateAddress(index, e.Address).Because(err)
	case rtmp.Refused:
		return fault.StartLivestreamFailedRefused(index, e.Address).Because(err)
	case rtmp.ConnectTimeout:
		return fault.StartLivestreamFailedConnectTimeout(index, e.Address, e.After).Because(err)
	case rtmp.WrongScheme:
		scheme, speaks := "rtmp", "rtmps"
		if e.Secure {
			scheme, speaks = speaks, scheme
		}
		return fault.StartLivestreamFailedSchemeMismatch(index, e.Address, speaks, scheme).Because(err)
	case rtmp.Redirect:
		return fault.StartLivestreamFailedRedirect(index, e.Address, problem).Because(err)
	case rtmp.AuthRequired:
		return fault.StartLivestreamFailedAuthRequired(index, e.Address).Because(err)
	case rtmp.AuthFailed:
		return fault.StartLivestreamFailedAuthFailed(index, e.Address, problem).Because(err)
	case rtmp.TLSUntrusted, rtmp.TLSExpired, rtmp.TLSName, rtmp.NotTLS, rtmp.TLSFailed:
		return fault.StartLivestreamFailedTLS(index, e.Address, problem).Because(err)
	case rtmp.HandshakeTimeout:
		return fault.StartLivestreamFailedHandshakeTimeout(index, e.Address, e.After).Because(err)
	case rtmp.NotRTMP:
		return fault.StartLivestreamFailedNotRTMP(index, e.Address, problem).Because(err)
	case rtmp.ConnectRejected:
		return fault.StartLivestreamFailedConnectRejected(index, e.Address, problem).Because(err)
	case rtmp.PublishRejected:
		return fault.StartLivestreamFailedPublishRejected(index, e.Address, problem).Because(err)
	}
	return fault.StartLivestreamFailedUnreachable(index, e.Address, problem).Because(err)
}
