package job

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Config is the published config of recordings, livestreams and HLS, in the form in which REST, signaling, the store
// and workers have it. The zero value of a field stands for its default. The tags beside json describe it in the
// OpenAPI document; a test holds them against Check.
type Config struct {
	Layout      Layout      `json:"layout,omitzero" required:"false"`
	Theme       Theme       `json:"theme,omitempty" enum:"DEFAULT,DARK,LIGHT" default:"DEFAULT"`
	Mode        Mode        `json:"mode,omitempty" enum:"video-and-audio,audio" default:"video-and-audio"`
	Quality     Quality     `json:"quality,omitempty" enum:"low,med,high" default:"med" doc:"Size of the picture: 854x480, 1280x720 or 1920x1080; in portrait with the sides exchanged."`
	Orientation Orientation `json:"orientation,omitempty" enum:"landscape,portrait" default:"landscape"`
	Recording   *Switch     `json:"recording,omitempty" doc:"For a livestream or HLS: also write a file. A recording always writes one: false is refused."`
	// FileFormat is ours: the published docs know mp4 only.
	FileFormat    Format         `json:"fileFormat,omitempty" enum:"mp4,webm" doc:"Format of a recording: mp4 holds H264 and AAC, webm VP9 and Opus."`
	Transcription *Transcription `json:"transcription,omitempty"`
}

// Layout is how the participants are arranged.
type Layout struct {
	Type     LayoutType `json:"type,omitempty" enum:"GRID,SPOTLIGHT,SIDEBAR" default:"GRID"`
	Priority Priority   `json:"priority,omitempty" enum:"SPEAKER,PIN" default:"SPEAKER"`
	GridSize int        `json:"gridSize,omitempty" minimum:"0" maximum:"25" default:"25" doc:"Number of participants in the picture; 0 is the default."`
}

// Switch is the published {enabled} of a part of the config.
type Switch struct {
	Enabled bool `json:"enabled" required:"false"`
}

// Transcription is a published part of the config, and of start calls beside it. This server transcribes nothing, so it
// is accepted only when it is off.
type Transcription struct {
	Enabled bool                  `json:"enabled" required:"false" enum:"false"`
	Summary *TranscriptionSummary `json:"summary,omitempty"`
}

// TranscriptionSummary belongs to a transcription.
type TranscriptionSummary struct {
	Enabled bool   `json:"enabled" required:"false" enum:"false"`
	Prompt  string `json:"prompt,omitempty"`
}

type (
	// LayoutType is a layout of the composition.
	LayoutType string
	// Priority is who takes the main place of a layout first.
	Priority string
	// Theme is the set of colors.
	Theme string
	// Mode is which media the job has.
	Mode string
	// Quality is the size of the picture.
	Quality string
	// Orientation of the picture.
	Orientation string
)

// The published values; the first of each list is the default.
const (
	Grid      LayoutType = "GRID"
	Spotlight LayoutType = "SPOTLIGHT"
	Sidebar   LayoutType = "SIDEBAR"

	Speaker Priority = "SPEAKER"
	Pin     Priority = "PIN"

	DefaultTheme Theme = "DEFAULT"
	Dark         Theme = "DARK"
	Light        Theme = "LIGHT"

	VideoAndAudio Mode = "video-and-audio"
	AudioOnly     Mode = "audio"

	Med  Quality = "med"
	Low  Quality = "low"
	High Quality = "high"

	Landscape Orientation = "landscape"
	Portrait  Orientation = "portrait"

	MaxGridSize = 25
)

// Lists of the values.
var (
	composedFormats = []Format{MP4, WebM}

	LayoutTypes  = []LayoutType{Grid, Spotlight, Sidebar}
	Priorities   = []Priority{Speaker, Pin}
	Themes       = []Theme{DefaultTheme, Dark, Light}
	Modes        = []Mode{VideoAndAudio, AudioOnly}
	Qualities    = []Quality{Med, Low, High}
	Orientations = []Orientation{Landscape, Portrait}
)

// WithDefaults returns the config with the defaults of what it leaves open.
func (c Config) WithDefaults() Config {
	fill(&c.Layout.Type, LayoutTypes)
	fill(&c.Layout.Priority, Priorities)
	if c.Layout.GridSize == 0 {
		c.Layout.GridSize = MaxGridSize
	}
	fill(&c.Theme, Themes)
	fill(&c.Mode, Modes)
	fill(&c.Quality, Qualities)
	fill(&c.Orientation, Orientations)
	return c
}

func fill[T ~string](field *T, values []T) {
	if *field == "" {
		*field = values[0]
	}
}

// Size returns the size of the picture, in pixels.
func (c Config) Size() (width, height int) {
	c = c.WithDefaults()
	switch c.Quality {
	case Low:
		width, height = 854, 480
	case High:
		width, height = 1920, 1080
	default:
		width, height = 1280, 720
	}
	if c.Orientation == Portrait {
		width, height = height, width
	}
	return width, height
}

// Check returns a *FieldError if a value of the config cannot be used for a job of that kind.
func (c Config) Check(kind Kind) *FieldError {
	if n := c.Layout.GridSize; n < 0 || n > MaxGridSize {
		return &FieldError{
			"layout.gridSize",
			fmt.Sprintf("is %d; it takes 1 to %d, or 0 for the default", n, MaxGridSize),
		}
	}
	if err := c.Transcription.Check("transcription"); err != nil {
		return err
	}
	if c.FileFormat == WebM && kind != Recording && kind != Composite {
		return &FieldError{
			"fileFormat",
			fmt.Sprintf("is %q; a %s writes its one encoding, which only \"mp4\" takes", WebM, kind),
		}
	}
	if r := c.Recording; (kind == Recording || kind == Composite) && r != nil && !r.Enabled {
		return &FieldError{"recording.enabled", fmt.Sprintf("is false; a %s always writes a file", kind)}
	}
	if c.Quality == "ultra" {
		return &FieldError{"quality", noUltra}
	}
	if kind == Livestream && c.Mode == AudioOnly {
		return &FieldError{"mode", "is \"audio\"; a livestream takes only \"video-and-audio\""}
	}
	for _, err := range []*FieldError{
		check("layout.type", c.Layout.Type, LayoutTypes), check("layout.priority", c.Layout.Priority, Priorities),
		check("theme", c.Theme, Themes), check("mode", c.Mode, Modes), check("quality", c.Quality, Qualities),
		check("orientation", c.Orientation, Orientations), check("fileFormat", c.FileFormat, composedFormats),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

func check[T ~string](field string, value T, values []T) *FieldError {
	if value == "" || slices.Contains(values, value) {
		return nil
	}
	return &FieldError{field, notOneOf(string(value), values)}
}

func notOneOf[T ~string](value string, values []T) string {
	return fmt.Sprintf(
		"is %.40q; it takes one of %s",
		value,
		strings.Trim(strings.ReplaceAll(fmt.Sprint(values), " ", ", "), "[]"),
	)
}

// What is said of published values that this server does not offer.
const (
	transcribesNothing = "is true; this server transcribes nothing"
	noUltra            = "is ultra, which this server does not offer"
)

// notOfferedProblems are those texts, by what the values are for.
var notOfferedProblems = map[string]string{transcribesNothing: "transcription", noUltra: "the quality ultra"}

// Check returns a *FieldError if the transcription, which stands under the path at, is on. A nil one is off.
func (t *Transcription) Check(at string) *FieldError {
	switch {
	case t == nil:
	case t.Enabled:
		return &FieldError{at + ".enabled", transcribesNothing}
	case t.Summary != nil && t.Summary.Enabled:
		return &FieldError{at + ".summary.enabled", transcribesNothing}
	}
	return nil
}

// ReadConfig reads the config of a call over signaling. It reads the shape only: the values are checked with the
// request that they belong to. A config that is absent or null is the zero Config. The error is a *fault.Error.
func ReadConfig(method string, raw json.RawMessage) (Config, error) {
	var c Config
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return c, nil
	}
	if raw[0] != '{' {
		return c, (&FieldError{"config", "is not an object"}).Fault(method)
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		return Config{}, decodeError(err).Fault(method)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Config{}, (&FieldError{"config", "is followed by more text"}).Fault(method)
	}
	return c, nil
}

func decodeError(err error) *FieldError {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return &FieldError{"config." + wrong.Field, fmt.Sprintf("is a JSON %s, which does not fit", wrong.Value)}
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return &FieldError{"config." + strings.Trim(name, `"`), "is not a key of the config"}
	}
	return &FieldError{"config", "is not JSON"}
}
