// Command gen makes everything that is derived from the fault catalogue: the Go constructors, the TypeScript
// faults of the browser SDK, docs/errors.md, and the register of numbers that were given away. Run it with
// `go generate ./fault`. It refuses a catalogue that breaks a rule: a published row that differs from the
// published page, a number with a new name, a reason without a remedy, a param that would carry a secret.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("fault/gen: ")
	if err := run("."); err != nil {
		log.Fatal(err)
	}
}

// run generates from the catalogue in dir, which is the fault folder of the repository.
func run(dir string) error {
	raw, err := os.ReadFile(filepath.Join(dir, "catalogue.yaml"))
	if err != nil {
		return err
	}
	entries, err := parse(raw)
	if err != nil {
		return err
	}
	golden, err := os.ReadFile(filepath.Join(dir, "testdata", "published.json"))
	if err != nil {
		return err
	}
	if err := checkPublished(entries, golden); err != nil {
		return err
	}
	given, err := os.ReadFile(filepath.Join(dir, "testdata", "numbers.txt"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	given, err = register(entries, given)
	if err != nil {
		return err
	}
	goFile, err := goSource(entries)
	if err != nil {
		return err
	}
	files := map[string][]byte{
		"catalogue_gen.go":             goFile,
		"testdata/numbers.txt":         given,
		"../web/sdk/src/codes.gen.ts":  typescriptCodes(entries),
		"../web/sdk/src/faults.gen.ts": typescript(entries),
		"../docs/errors.md":            markdown(entries),
		// Types and constructors alone do not tell a test of the browser SDK every code.
		"../web/sdk/test/recovery.gen.json": recoveryJSON(entries),
	}
	for path, content := range files {
		if err := write(filepath.Join(dir, path), content); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

// write leaves a file alone that is right already, so that builds do not see it as changed.
func write(path string, content []byte) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, content) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o644)
}
