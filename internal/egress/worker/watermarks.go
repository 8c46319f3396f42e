package worker

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/internal/compose"
	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/sdk"
)

// clockLayout is how a watermark shows date and time: the published form of merged recordings, "%Y-%m-%d %H:%M:%S".
const clockLayout = time.DateTime

// watermarks are what a composition prints over its picture.
type watermarks struct {
	list []*watermark
}

type watermark struct {
	image *image.RGBA    // nil for none
	zone  *time.Location // nil for no clock
	text  atomic.Pointer[string]
}

// openWatermarks reads the images, and follows the topics of a meeting that has been joined.
func openWatermarks(ctx context.Context, specs []order.Watermark, meeting *sdk.Meeting) (*watermarks, error) {
	all := &watermarks{}
	for i, spec := range specs {
		w := &watermark{}
		w.text.Store(&spec.Text)
		if len(spec.Image) > 0 {
			from, err := png.Decode(bytes.NewReader(spec.Image))
			if err != nil {
				return nil, fmt.Errorf("the image of watermark %d: %w", i, err)
			}
			w.image = image.NewRGBA(image.Rectangle{Max: from.Bounds().Size()})
			draw.Draw(w.image, w.image.Rect, from, from.Bounds().Min, draw.Src)
		}
		if spec.Timezone != "" {
			zone, err := job.Zone(spec.Timezone)
			if err != nil {
				return nil, fmt.Errorf("the time zone of watermark %d: %w", i, err)
			}
			w.zone = zone
		}
		if spec.Topic != "" {
			if err := w.follow(ctx, meeting, spec.Topic); err != nil {
				return nil, fmt.Errorf("the topic of watermark %d: %w", i, err)
			}
		}
		all.list = append(all.list, w)
	}
	return all, nil
}

// follow shows the newest message of a topic, beginning with the newest one that was kept.
func (w *watermark) follow(ctx context.Context, meeting *sdk.Meeting, topic string) error {
	var came atomic.Bool
	one := 1
	kept, err := meeting.PubSub().Subscribe(ctx, topic, func(m sdk.Message) {
		came.Store(true)
		w.text.Store(&m.Message)
	}, sdk.SubscribeOptions{OldMessageLimit: &one})
	if len(kept) > 0 && !came.Load() {
		w.text.Store(&kept[len(kept)-1].Message)
	}
	return err
}

// at returns what the watermarks show at a moment.
func (w *watermarks) at(moment time.Time) []compose.Watermark {
	shown := make([]compose.Watermark, len(w.list))
	for i, mark := range w.list {
		shown[i].Image = mark.image
		if text := *mark.text.Load(); text != "" {
			shown[i].Lines = append(shown[i].Lines, text)
		}
		if mark.zone != nil {
			shown[i].Lines = append(shown[i].Lines, moment.In(mark.zone).Format(clockLayout))
		}
	}
	return shown
}
