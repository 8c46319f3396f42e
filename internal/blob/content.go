package blob

import (
	"mime"
	"path"
	"strings"
)

// types of what Klatch makes. The system's own list differs from machine to machine.
var types = map[string]string{
	".mp4": "video/mp4", ".m4s": "video/mp4", ".webm": "video/webm", ".mp3": "audio/mpeg", ".m4a": "audio/mp4",
	".ts":   "video/mp2t",
	".m3u8": "application/vnd.apple.mpegurl", // RFC 8216, section 4
	".jpg":  "image/jpeg", ".png": "image/png", ".webp": "image/webp",
}

// ContentType returns the media type of a file by its name.
func ContentType(name string) string {
	if known := types[strings.ToLower(path.Ext(name))]; known != "" {
		return known
	}
	return "application/octet-stream"
}

// isPlaylist reports whether a file refers to others beside it.
func isPlaylist(name string) bool { return path.Ext(name) == ".m3u8" }

// Disposition makes a browser save the file under its name.
func Disposition(name string) string {
	return mime.FormatMediaType("attachment", map[string]string{"filename": name})
}
