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

// Config is the published config of recordings, livestreams and HLS. The zero value of a field takes its default.
type Config struct {
	Layout      Layout      `json:"layout,omitzero"`
	Theme       Theme       `json:"theme,omitempty"`
	Mode        Mode        `json:"mode,omitempty"`
	Quality     Quality     `json:"quality,omitempty"`
	Orientation Orientation `json:"orientation,omitempty"`
	Recording   *Switch     `json:"recording,omitempty"` // livestream, HLS: also write a file
	// FileFormat of a recording is ours: the published docs know mp4 only. WebM has VP9 and Opus.
	FileFormat Format `json:"fileFormat,omitempty"`
	// Transcription is a published key; this server has none, so only enabled false is taken.
	Transcription *Switch `json:"transcription,omitempty"`
}

// Layout says how people are arranged.
type Layout struct {
	Type     LayoutType `json:"type,omitempty"`
	Priority Priority   `json:"priority,omitempty"`
	GridSize int        `json:"gridSize,omitempty"` // people in the picture, 1 to 25
}

// Switch is the published {enabled} of a part of the config.
type Switch struct {
	Enabled bool `json:"enabled"`
}

type (
	// LayoutType is a layout of the composition.
	LayoutType string
	// Priority says who outranks whom for the main place.
	Priority string
	// Theme is the colors.
	Theme string
	// Mode says what is carried.
	Mode string
	// Quality is the size of the picture.
	Quality string
	// Orientation is the picture's.
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

// WithDefaults fills in what is not said.
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

// Size of the picture, in pixels.
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

// Check judges the values for a job of that kind. Its error is a *FieldError.
func (c Config) Check(kind Kind) error {
	if n := c.Layout.GridSize; n < 0 || n > MaxGridSize {
		return &FieldError{"layout.gridSize", fmt.Sprintf("is %d; it takes 1 to %d, or 0 for the default", n, MaxGridSize)}
	}
	if c.Transcription != nil && c.Transcription.Enabled {
		return &FieldError{"transcription.enabled", "is true; this server transcribes nothing"}
	}
	if c.FileFormat == WebM && kind != Recording && kind != Composite {
		return &FieldError{"fileFormat", fmt.Sprintf("is %q; a %s writes its one encoding, which only \"mp4\" takes", WebM, kind)}
	}
	if kind == Livestream && c.Mode == AudioOnly {
		return &FieldError{"mode", "is \"audio\"; a livestream takes only \"video-and-audio\""}
	}
	for _, err := range []error{
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

func check[T ~string](field string, value T, values []T) error {
	if value == "" || slices.Contains(values, value) {
		return nil
	}
	return &FieldError{field, notOneOf(string(value), values)}
}

func notOneOf[T ~string](value string, values []T) string {
	return fmt.Sprintf("is %.40q; it takes one of %s", value, strings.Trim(strings.ReplaceAll(fmt.Sprint(values), " ", ", "), "[]"))
}

// ParseConfig reads a config as it came from outside, checks it for that kind, and fills in the defaults. Its error is a
// *FieldError; Field is relative to the config, "" for the config itself.
func ParseConfig(kind Kind, raw json.RawMessage) (Config, error) {
	var c Config
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return c.WithDefaults(), nil
	}
	if raw[0] != '{' {
		return Config{}, &FieldError{"", "is not an object"}
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		return Config{}, decodeError(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Config{}, &FieldError{"", "is followed by more text"}
	}
	if err := c.Check(kind); err != nil {
		return Config{}, err
	}
	return c.WithDefaults(), nil
}

func decodeError(err error) *FieldError {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return &FieldError{wrong.Field, fmt.Sprintf("is a JSON %s, which does not fit", wrong.Value)}
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return &FieldError{strings.Trim(name, `"`), "is no key of the config"}
	}
	return &FieldError{"", "is not JSON"}
}
