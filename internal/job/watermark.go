package job

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // a worker sees no files of the system, and a machine may have none of time zones
	"unicode"
	"unicode/utf8"
)

// Watermark is printed over the picture of a composite recording. The published docs have its fields, and neither its
// place nor its size: it stands in the lower right corner, the image above its lines (docs/rest.md).
type Watermark struct {
	Type        WatermarkType `json:"type" enum:"custom,pubsub" doc:"custom: an image, a text and a clock, of which it needs one. pubsub: the newest message of a topic."`
	ImageURL    string        `json:"imageUrl,omitempty" maxLength:"2048" doc:"https address of a PNG, JPEG or WebP image: at most 1 MiB and 4194304 pixels. It is fetched once, when the recording starts."`
	ImageBase64 string        `json:"imageBase64,omitempty" doc:"The image itself, in place of imageUrl, with or without data:image/png;base64, before it."`
	Text        string        `json:"text,omitempty" maxLength:"96" doc:"One line. Of a watermark of type pubsub: shown until the first message."`
	Timezone    string        `json:"timezone,omitempty" maxLength:"64" doc:"IANA time zone, for the type custom: shows date and time there."`
	Topic       string        `json:"topic,omitempty" maxLength:"128" doc:"Topic, for the type pubsub. Messages that are sent to chosen participants alone are not shown."`
}

// WatermarkType is what a watermark shows.
type WatermarkType string

const (
	CustomWatermark WatermarkType = "custom"
	PubSubWatermark WatermarkType = "pubsub"

	MaxWatermarks    = 3  // of a recording, as published
	MaxWatermarkText = 96 // characters of a line

	maxImageURLBytes = 2048
	maxTopicBytes    = 128
)

var watermarkTypes = []WatermarkType{CustomWatermark, PubSubWatermark}

// CheckWatermarks returns a *FieldError if the watermarks cannot be used with that config. It does not look at images.
func CheckWatermarks(marks []Watermark, c Config) *FieldError {
	switch {
	case len(marks) == 0:
		return nil
	case len(marks) > MaxWatermarks:
		return &FieldError{"watermarks", fmt.Sprintf("has %d entries; the limit is %d", len(marks), MaxWatermarks)}
	case c.Mode == AudioOnly:
		return &FieldError{"watermarks", "needs a picture, and config.mode is \"audio\""}
	}
	for i, w := range marks {
		if wrong := w.check(); wrong != nil {
			return &FieldError{fmt.Sprintf("watermarks[%d].%s", i, wrong.Field), wrong.Problem}
		}
	}
	return nil
}

func (w Watermark) check() *FieldError {
	if wrong := check("type", w.Type, watermarkTypes); wrong != nil {
		return wrong
	}
	switch {
	case w.Type == "":
		return &FieldError{"type", "is missing"}
	case w.ImageURL != "" && w.ImageBase64 != "":
		return &FieldError{"imageBase64", "is given beside imageUrl; give one of them"}
	case len(w.ImageURL) > maxImageURLBytes:
		return &FieldError{"imageUrl", fmt.Sprintf("has %d bytes; the limit is %d", len(w.ImageURL), maxImageURLBytes)}
	case utf8.RuneCountInString(w.Text) > MaxWatermarkText:
		return &FieldError{"text", fmt.Sprintf("has more than %d characters", MaxWatermarkText)}
	case w.Text != "" && !visible(w.Text):
		return &FieldError{"text", "has no character that can be seen"}
	case w.Type == CustomWatermark && w.Topic != "":
		return &FieldError{"topic", "is for the type pubsub"}
	case w.Type == CustomWatermark && w.ImageURL+w.ImageBase64+w.Text+w.Timezone == "":
		return &FieldError{"type", "is \"custom\", which needs imageUrl, imageBase64, text or timezone"}
	case w.Type == PubSubWatermark && w.Timezone != "":
		return &FieldError{"timezone", "is for the type custom"}
	case w.Type == PubSubWatermark && w.Topic == "":
		return &FieldError{"topic", "is missing"}
	case len(w.Topic) > maxTopicBytes:
		return &FieldError{"topic", fmt.Sprintf("has %d bytes; the limit is %d", len(w.Topic), maxTopicBytes)}
	}
	if w.Timezone != "" {
		if _, err := Zone(w.Timezone); err != nil {
			return &FieldError{"timezone", fmt.Sprintf("is %.64q, which is no IANA time zone", w.Timezone)}
		}
	}
	return nil
}

// visible reports whether a text leaves a trace when it is drawn.
func visible(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Mn, r)
	})
}

// Zone returns a time zone by its IANA name. "Local" is not one: it is that of some machine.
func Zone(name string) (*time.Location, error) {
	if name == "" || name == time.Local.String() {
		return nil, fmt.Errorf("%q is no time zone", name)
	}
	return time.LoadLocation(name)
}

// WatermarkSide returns the side of the square that the image of a watermark fills: a sixth of the shorter side of the
// picture, which makes the published width of 120 pixels in 720p.
func (c Config) WatermarkSide() int {
	width, height := c.Size()
	return min(width, height) / 6 &^ 1
}
