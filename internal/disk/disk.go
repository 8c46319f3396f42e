// Package disk answers what may still be written to a file system.
package disk

import (
	"errors"
	"os"
	"path/filepath"
)

// Existing returns the nearest directory above dir, or dir itself, that is there.
func Existing(dir string) string {
	for {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

// Probe writes and removes a file in a directory that is there.
func Probe(dir string) error {
	file, err := os.CreateTemp(dir, ".probe")
	if err != nil {
		return err
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}
