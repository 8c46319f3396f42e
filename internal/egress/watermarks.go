package egress

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/watermark"
)

// checkWatermarks returns a *job.FieldError if the watermarks of a request cannot be used. What is at an address is not
// looked at.
func checkWatermarks(q job.Request, allowPrivate bool) *job.FieldError {
	if wrong := job.CheckWatermarks(q.Watermarks, q.Config); wrong != nil {
		return wrong
	}
	for i, w := range q.Watermarks {
		at := fmt.Sprintf("watermarks[%d].", i)
		if w.ImageURL != "" {
			if problem := imageURLProblem(w.ImageURL, allowPrivate); problem != "" {
				return &job.FieldError{Field: at + "imageUrl", Problem: problem}
			}
		}
		if w.ImageBase64 != "" {
			data, err := decodeImage(w.ImageBase64)
			if err != nil {
				return &job.FieldError{Field: at + "imageBase64", Problem: "is not base64"}
			}
			if err := watermark.Check(data); err != nil {
				return &job.FieldError{Field: at + "imageBase64", Problem: err.Error()}
			}
		}
	}
	return nil
}

// imageURLProblem returns what is wrong with the address of an image as far as it can be told without a connection, or
// "".
func imageURLProblem(address string, allowPrivate bool) string {
	problem := watermark.URLProblem(address, allowPrivate)
	if _, private := privateHost(address); problem == "" && private && !allowPrivate {
		problem = "is not an address of the public internet"
	}
	return problem
}

// decodeImage reads base64 with or without the begin of a data URL.
func decodeImage(text string) ([]byte, error) {
	if head, rest, found := strings.Cut(text, ";base64,"); found && strings.HasPrefix(head, "data:") {
		text = rest
	}
	return base64.StdEncoding.DecodeString(text)
}

// needsImages reports whether a request has images that were not fetched.
func needsImages(q job.Request) bool {
	return len(q.WatermarkImages) == 0 && slices.ContainsFunc(q.Watermarks, func(w job.Watermark) bool {
		return w.ImageURL+w.ImageBase64 != ""
	})
}

// withImages returns the request with the images of its watermarks, each fetched and made small once: a restart of the
// job, on this node or another one, prints what its start has printed. The error is a *fault.Error.
func (m *Manager) withImages(ctx context.Context, q job.Request) (job.Request, error) {
	if !needsImages(q) {
		return q, nil
	}
	ctx, cancel := context.WithTimeout(ctx, watermark.Timeout) // for all of them: somebody waits for the start
	defer cancel()
	q.Watermarks = slices.Clone(q.Watermarks)
	images := make([][]byte, len(q.Watermarks))
	for i, w := range q.Watermarks {
		var data []byte
		var err error
		switch {
		case w.ImageBase64 != "":
			data, err = decodeImage(w.ImageBase64) // has passed Check
		case w.ImageURL != "":
			data, err = m.images.Fetch(ctx, w.ImageURL)
		default:
			continue
		}
		if err == nil {
			images[i], err = watermark.Fit(data, q.Config.WatermarkSide())
		}
		if err != nil {
			problem := "is not base64"
			if wrong, ok := errors.AsType[*watermark.ImageError](err); ok {
				problem = wrong.Problem
			}
			return q, fault.StartCompositeRecordingFailedWatermarkImage(i, problem).Because(err)
		}
		if w.ImageBase64 != "" { // the record keeps the small one
			q.Watermarks[i].ImageBase64 = base64.StdEncoding.EncodeToString(images[i])
		}
	}
	q.WatermarkImages = images
	return q, nil
}

// watermarksOf returns what the worker of a job prints.
func watermarksOf(q job.Request) []order.Watermark {
	var marks []order.Watermark
	for i, w := range q.Watermarks {
		mark := order.Watermark{Text: w.Text, Timezone: w.Timezone, Topic: w.Topic}
		if i < len(q.WatermarkImages) {
			mark.Image = q.WatermarkImages[i]
		}
		marks = append(marks, mark)
	}
	return marks
}
