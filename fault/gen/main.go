// Command gen makes everything that is derived from the fault catalogue: the Go constructors, the TypeScript faults of
// the browser SDK, the texts that the pages show to people in a call, docs/errors.md, and the golden files of what was
// given away (numbers.txt, contract.txt). Run it with `go generate ./fault`. It refuses a catalogue that breaks a rule:
// a published row that differs from the published page, a number with a new name, a reason or a key of details that is
// gone, a reason without a remedy or without a text for a person, a param that would carry a secret.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("fault/gen: ")
	update := flag.Bool("update", false, "add what is new in the catalogue to "+contractFile)
	flag.Parse()
	if err := run(".", *update); err != nil {
		log.Fatal(err)
	}
}

// run generates from the catalogue in dir, which is the fault folder of the repository. Without update it refuses a
// reason and a key of details that the contract does not have.
func run(dir string, update bool) error {
	raw, err := os.ReadFile(filepath.Join(dir, "catalogue.yaml"))
	if err != nil {
		return err
	}
	entries, err := parse(raw)
	if err != nil {
		return err
	}
	codes, err := parseCodes(raw)
	if err != nil {
		return err
	}
	texts, err := personTexts(codes)
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
	raw, err = os.ReadFile(filepath.Join(dir, "published.yaml"))
	if err != nil {
		return err
	}
	list, err := parseEnumeration(raw)
	if err != nil {
		return err
	}
	if err := checkEnumeration(entries, list); err != nil {
		return err
	}
	given, err := os.ReadFile(filepath.Join(dir, "testdata", "numbers.txt"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	given, err = register(entries, list, given)
	if err != nil {
		return err
	}
	contract, err := os.ReadFile(filepath.Join(dir, contractFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	contract, err = checkContract(entries, contract, update)
	if err != nil {
		return err
	}
	goFile, err := goSource(entries, list)
	if err != nil {
		return err
	}
	files := map[string][]byte{
		"catalogue_gen.go":                 goFile,
		"testdata/numbers.txt":             given,
		contractFile:                       contract,
		"../web/sdk/src/codes.gen.ts":      typescriptCodes(entries),
		"../web/sdk/src/errors.gen.ts":     typescriptErrors(list),
		"../web/sdk/src/faults.gen.ts":     typescript(entries),
		"../docs/errors.md":                markdown(entries, list, texts),
		"../web/ui/src/personTexts.gen.ts": personTypescript(texts),
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
