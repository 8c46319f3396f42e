// Package objectkey holds the rules for the keys under which a storage keeps files, and for the directories that
// callers of the API may ask for.
//
// It is a leaf. blob checks the keys of its stores by it, egress the directories of requests.
package objectkey

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxKeyBytes  = 1024 // of an S3 key
	maxDirBytes  = 512
	maxNameBytes = 255 // of a name in a Linux directory
)

// TempPrefix begins the names of files that are still being written. No key holds a name that begins with it.
const TempPrefix = ".klatch-tmp-"

// Error is the reason why a text is not a key or a directory.
type Error struct{ Problem string }

func (e *Error) Error() string { return e.Problem }

// CleanDir returns a directory that a caller asks for (awsDirPath, bucketDirPath) in the form in which keys hold it. It
// is relative to the storage and cannot leave it; "" is the storage itself. A slash at the begin or end of dir, as the
// published examples have it, means nothing. The error is an *Error.
func CleanDir(dir string) (string, error) {
	clean := strings.TrimSuffix(strings.TrimPrefix(dir, "/"), "/")
	if clean == "" {
		return "", nil
	}
	return clean, checkPath(clean, maxDirBytes)
}

// Check returns an *Error if key is not a key.
func Check(key string) error {
	if key == "" {
		return &Error{"is empty"}
	}
	return checkPath(key, maxKeyBytes)
}

func checkPath(path string, limit int) error {
	switch {
	case len(path) > limit:
		return &Error{fmt.Sprintf("has %d bytes; the limit is %d", len(path), limit)}
	case !utf8.ValidString(path) || strings.ContainsFunc(path, func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar
	}):
		return &Error{"has a control or invisible character"}
	case strings.Contains(path, `\`):
		return &Error{`has a \; directories are separated by /`}
	case strings.HasPrefix(path, "/"):
		return &Error{"begins with /; it is relative to the storage"}
	}
	for name := range strings.SplitSeq(path, "/") {
		switch {
		case name == "":
			return &Error{"has an empty name between two / or at its end"}
		case name == "." || name == "..":
			return &Error{"has the name " + name}
		case len(name) > maxNameBytes:
			return &Error{fmt.Sprintf("has a name of %d bytes; the limit is %d", len(name), maxNameBytes)}
		case strings.HasPrefix(name, TempPrefix):
			return &Error{"has a name that begins with " + TempPrefix}
		}
	}
	return nil
}
