package compose

import "github.com/klatch/klatch/internal/picture"

// Layout is layout.type of the published configuration.
type Layout string

// The layouts. People stands for whom Config.GridSize and Scene allow.
//
//	           no share                                    a share
//	GRID       people in tiles of one size, pinned first   the share large, people beside it, pinned first
//	SIDEBAR    one large, the other pinned beside          the share large, pinned people beside it
//	SPOTLIGHT  pinned people in tiles of one size          the share alone
//
// While nobody is pinned, SIDEBAR shows everybody and SPOTLIGHT the speaker, or who came first:
// a recording of an empty canvas helps nobody.
const (
	Grid      Layout = "GRID"
	Sidebar   Layout = "SIDEBAR"
	Spotlight Layout = "SPOTLIGHT"
)

// Priority is layout.priority: who wins where not all can be shown, and who is large in SIDEBAR.
type Priority string

// With Speaker the speaker outranks a pin, with Pin a pin outranks the speaker.
const (
	Speaker Priority = "SPEAKER"
	Pin     Priority = "PIN"
)

// Theme is the colors around the pictures.
type Theme string

// The themes. Default is black, for pictures that are shown among others.
const (
	Dark    Theme = "DARK"
	Light   Theme = "LIGHT"
	Default Theme = "DEFAULT"
)

// MaxGridSize is the largest number of people on one canvas.
const MaxGridSize = 25

// Config is how scenes are drawn. Values that are empty or not known here mean the first of their kind;
// whoever takes configurations from outside refuses the unknown ones.
type Config struct {
	Width, Height int // of the canvas, even; see Size
	Layout        Layout
	Priority      Priority
	GridSize      int // at most so many people; 0 or more than MaxGridSize: MaxGridSize
	Theme         Theme
}

// Size is the canvas of a published quality ("low", "med", "high") and orientation ("landscape",
// "portrait"); unknown ones are med and landscape.
func Size(quality, orientation string) (width, height int) {
	switch quality {
	case "low":
		width, height = 854, 480
	case "high":
		width, height = 1920, 1080
	default:
		width, height = 1280, 720
	}
	if orientation == "portrait" {
		return height, width
	}
	return width, height
}

// Scene is what a canvas shows at one moment.
type Scene struct {
	People  []Person // in the order in which they came
	Share   *Share   // nil while nobody shares
	Speaker string   // the id of the active speaker; while empty the last one stays

	Watermarks []Watermark // printed over all, the first one on top
}

// Person is one participant.
type Person struct {
	ID   string
	Name string

	// Picture is the camera's last picture, nil until there is one. Frame is a number that
	// changes with every picture, so that a buffer can be used again. Both are ignored
	// while the camera is off.
	Picture  *picture.Picture
	Frame    uint64
	CameraOn bool

	MicOn    bool
	Speaking bool // draws the border; any number of people may speak
	Pinned   bool
}

// Share is a shared screen.
type Share struct {
	ID      string // of the participant who shares
	Name    string
	Picture *picture.Picture // nil until there is one
	Frame   uint64
}
