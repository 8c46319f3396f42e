package blob

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

// KeyError says why a text is no key or directory.
type KeyError struct{ Problem string }

func (e *KeyError) Error() string { return e.Problem }

// CleanDir returns a directory that a caller asks for as keys have it: awsDirPath, bucketDirPath. It is relative to the storage
// and cannot leave it; "" is the storage itself. The published examples begin and end with a slash, which means nothing.
// Its error is a *KeyError.
func CleanDir(dir string) (string, error) {
	clean := strings.TrimSuffix(strings.TrimPrefix(dir, "/"), "/")
	if clean == "" {
		return "", nil
	}
	return clean, checkPath(clean, maxDirBytes)
}

func checkKey(key string) error {
	if key == "" {
		return &KeyError{"is empty"}
	}
	return checkPath(key, maxKeyBytes)
}

func checkPath(path string, limit int) error {
	switch {
	case len(path) > limit:
		return &KeyError{fmt.Sprintf("has %d bytes; the limit is %d", len(path), limit)}
	case !utf8.ValidString(path) || strings.ContainsFunc(path, func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar
	}):
		return &KeyError{"has a control or invisible character"}
	case strings.Contains(path, `\`):
		return &KeyError{`has a \; directories are parted by /`}
	case strings.HasPrefix(path, "/"):
		return &KeyError{"begins with /; it is relative to the storage"}
	}
	for name := range strings.SplitSeq(path, "/") {
		switch {
		case name == "":
			return &KeyError{"has an empty name between two / or at its end"}
		case name == "." || name == "..":
			return &KeyError{"has the name " + name}
		case len(name) > maxNameBytes:
			return &KeyError{fmt.Sprintf("has a name of %d bytes; the limit is %d", len(name), maxNameBytes)}
		case strings.HasPrefix(name, tempPrefix):
			return &KeyError{"has a name that begins with " + tempPrefix}
		}
	}
	return nil
}
