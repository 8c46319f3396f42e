package job

import "time"

// StillRequest asks for a picture of an HLS stream.
type StillRequest struct {
	At            time.Duration // from the start of the stream; negative: the live edge
	Width, Height int           // MinStill to MaxStill; 0: as the other one and the stream's shape want it
	Format        StillFormat   // "" is the first
}

// Still is a picture that was made and stored.
type Still struct {
	File          File // in the storage
	Width, Height int
	Format        StillFormat
	At            time.Duration // of the stream
	CreatedAt     time.Time
}

// StillFormat is the format of a picture: the extension of its file.
type StillFormat string

const (
	JPG  StillFormat = "jpg"
	PNG  StillFormat = "png"
	WebP StillFormat = "webp"
)

// Bounds of the sides of a still, in pixels.
const (
	MinStill = 16
	MaxStill = 3840
)
