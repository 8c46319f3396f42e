package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// GivenTwice is the problem of a member that an object has twice.
const GivenTwice = "it is given twice"

// JSONProblem returns what is wrong with a valid JSON text that encoding/json says nothing about: a member that an
// object has twice, of which it takes the last, so that two readers see two values (RFC 8259, section 4), and U+0000 in
// a text, which PostgreSQL does not keep. path leads there, such as "streams[1].kind". problem is "" when nothing is
// wrong.
func JSONProblem(text []byte) (path, problem string) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return valueProblem(d, "")
}

// valueProblem reads one value.
func valueProblem(d *json.Decoder, path string) (at, problem string) {
	token, err := d.Token()
	if err != nil {
		return "", "" // not valid, which is told elsewhere
	}
	switch token := token.(type) {
	case string:
		if before, _, found := strings.Cut(token, "\x00"); found {
			return path, fmt.Sprintf("it has U+0000 at character %d, which no text can have", utf8.RuneCountInString(before))
		}
	case json.Delim:
		seen := map[string]bool{}
		for n := 0; d.More(); n++ {
			inside := fmt.Sprintf("%s[%d]", path, n)
			if token == '{' {
				name, err := d.Token()
				if err != nil {
					return "", ""
				}
				key, _ := name.(string) // members have names
				if inside = key; path != "" {
					inside = path + "." + key
				}
				switch {
				case seen[key]:
					return inside, GivenTwice
				case strings.ContainsRune(key, 0):
					return path, "a name in it has U+0000, which no text can have"
				}
				seen[key] = true
			}
			if at, problem := valueProblem(d, inside); problem != "" {
				return at, problem
			}
		}
		_, _ = d.Token() // its end
	}
	return "", ""
}
