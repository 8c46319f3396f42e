// Command textlint checks the text of files: the spelling of words, the length of lines of source code, and comments
// for linters that nobody runs. The names of the files are its arguments.
package main

import (
	"flag"
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/golangci/misspell"
)

// accepted are words that are written so on the wire or in published texts, which cannot change.
var accepted = []string{
	"adress",      // a misspelled setting in tests
	"enviornment", // a published value
	"cancelled", "occured", "signalling",
	"catalogue", // fault/catalogue.yaml
	"licence",
	"theatre", // web/watch
}

var (
	source    = []string{".go", ".ts", ".tsx", ".mjs", ".css"}
	generated = regexp.MustCompile(`(?m)^(//|/\*|#|<!--).*\b([Gg]enerated|GENERATED)\b`)
	// Lines that cannot be broken: a struct tag, and what has no space to break at.
	tag     = regexp.MustCompile("^\\s*[\\w.*\\[\\], ]+`[^`]+`(\\s*//.*)?$")
	oneWord = regexp.MustCompile("^\\s*((//|\\*|return|[\\w.]+(:=|=|:)|import .* from) ?)*[\\[({]*[\"'`]?\\S+$")
	nolint  = regexp.MustCompile(`//` + `nolint\b`)
)

func main() {
	maxColumns := flag.Int("columns", 120, "the longest line of source code; a tab counts as one column; 0 is any")
	flag.Parse()
	words := &misspell.Replacer{Replacements: slices.Concat(misspell.DictMain, misspell.DictAmerican)}
	words.RemoveRule(accepted)
	words.Compile()
	failed := false
	for _, name := range flag.Args() {
		text, err := os.ReadFile(name)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		for _, finding := range check(name, string(text), *maxColumns, words) {
			fmt.Println(finding)
			failed = true
		}
	}
	if failed {
		os.Exit(1)
	}
}

func check(name, text string, maxColumns int, words *misspell.Replacer) (findings []string) {
	first, _, _ := strings.Cut(text, "\n\n")
	if generated.MatchString(first) {
		return nil
	}
	_, diffs := words.Replace(text)
	for _, d := range diffs {
		findings = append(findings, fmt.Sprintf("%s:%d:%d: %q is a misspelling of %q",
			name, d.Line, d.Column, d.Original, d.Corrected))
	}
	if !slices.Contains(source, path.Ext(name)) {
		return findings
	}
	verbatim := false // inside a raw string of several lines
	for i, line := range strings.Split(text, "\n") {
		inside := verbatim
		if strings.Count(line, "`")%2 == 1 && !strings.Contains(line, "'`'") {
			verbatim = !verbatim
		}
		n := utf8.RuneCountInString(line)
		breakable := !inside && !verbatim && !tag.MatchString(line) && !oneWord.MatchString(line)
		if maxColumns > 0 && n > maxColumns && breakable {
			findings = append(findings, fmt.Sprintf("%s:%d: the line has %d columns, more than %d",
				name, i+1, n, maxColumns))
		}
		if path.Ext(name) == ".go" && nolint.MatchString(line) {
			findings = append(findings, fmt.Sprintf("%s:%d: a nolint comment, which no linter of ours reads", name, i+1))
		}
	}
	return findings
}
