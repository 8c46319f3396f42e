package egress

import (
	"cmp"
	"fmt"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/objectkey"
	"github.com/klatch/klatch/internal/record"
)

const maxWebhookBytes = 2048

// Check returns the fault of the first field of a request that cannot be used, or nil. It changes nothing, and does not
// look at the meeting that the request is for. The error is a *fault.Error.
func (m *Manager) Check(q job.Request) error {
	if wrong := checkFields(q); wrong != nil {
		return q.Refuse(wrong)
	}
	if wrong := checkWatermarks(q, m.opts.AllowPrivateTargets); wrong != nil {
		return q.Refuse(wrong)
	}
	if q.Kind != job.Livestream {
		return nil
	}
	if f := checkOutputs(q.Outputs, m.mayBePrivate); f != nil {
		return f
	}
	return nil
}

// checkFields is Check for everything but the outputs of a livestream, which have a code of their own.
func checkFields(q job.Request) *job.FieldError {
	if err := q.Config.Check(q.Kind); err != nil {
		return &job.FieldError{Field: "config." + err.Field, Problem: err.Problem}
	}
	if err := q.Transcription.Check("transcription"); err != nil {
		return err
	}
	if err := job.CheckSources(q.Kind, q.Sources, q.Format); err != nil {
		return err
	}
	if given := q.Config.FileFormat; q.Kind.Composed() && q.Format != "" && given != "" && given != q.Format {
		return &job.FieldError{
			Field:   "fileFormat",
			Problem: fmt.Sprintf("is %q and config.fileFormat is %q; give one of them", q.Format, given),
		}
	}
	_, wrongDir := objectkey.CleanDir(q.Dir)
	switch {
	case len(q.WebhookURL) > maxWebhookBytes:
		problem := fmt.Sprintf("has %d bytes; the limit is %d", len(q.WebhookURL), maxWebhookBytes)
		return &job.FieldError{Field: "webhookUrl", Problem: problem}
	case q.WebhookURL != "" && record.EndPointProblem(q.WebhookURL) != "":
		return &job.FieldError{Field: "webhookUrl", Problem: record.EndPointProblem(q.WebhookURL)}
	case wrongDir != nil:
		return &job.FieldError{Field: q.DirField(), Problem: wrongDir.Error()}
	case !q.OnFailure.Valid():
		problem := fmt.Sprintf("is %.40q; it takes stop, restart or close-room", string(q.OnFailure))
		return &job.FieldError{Field: "onFailure", Problem: problem}
	}
	return nil
}

// normalized returns a request that has passed Check with its defaults filled in, and with its directory in the form in
// which keys hold it.
func normalized(q job.Request) job.Request {
	q.Config, q.Transcription = q.Config.WithDefaults(), nil
	if q.Kind.Composed() {
		q.Config.FileFormat = cmp.Or(q.Config.FileFormat, q.Format)
		q.Format = q.Config.FileFormat
	} else {
		q.Format = cmp.Or(q.Format, job.WebM)
	}
	q.Dir, _ = objectkey.CleanDir(q.Dir)
	q.OnFailure = cmp.Or(q.OnFailure, job.StopOnFailure)
	return q
}
