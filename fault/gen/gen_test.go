package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klatch/klatch/fault"
	"github.com/stretchr/testify/require"
)

const good = `
- code: 4001
  name: INVALID_API_KEY
  message: text
  tells: [caller]
  reasons:
    - reason: KEY_MISSING
      params: [claims strings]
      detail: "claims {claims}, JSON {\"a\":{}} is no placeholder"
      remedy: add it
`

func TestParseTakesAGoodCatalogue(t *testing.T) {
	entries, err := parse([]byte(good))
	require.NoError(t, err)
	require.Equal(t, []fault.Entry{{
		Code: 4001, Name: "INVALID_API_KEY", Message: "text", Reason: "KEY_MISSING",
		Detail: `claims {claims}, JSON {"a":{}} is no placeholder`, Remedy: "add it", HTTP: 400, Tells: []string{"caller"},
		Origin: "server", Params: []fault.Param{{Key: "claims", Type: "strings"}},
	}}, entries)
}

func TestParseRefuses(t *testing.T) {
	for _, tc := range []struct{ name, old, new, want string }{
		{"no remedy", "remedy: add it", "remedy: ''", "never empty"},
		{"nobody told", "[caller]", "[]", "never empty"},
		{"unknown audience", "[caller]", "[neighbors]", "neighbors"},
		{"unknown origin", "remedy: add it", "remedy: add it\n      origin: moon", "moon"},
		{"unknown key", "remedy: add it", "remedy: add it\n      remedi: x", "remedi"},
		{"UNKNOWN", "KEY_MISSING", "UNKNOWN", "UNKNOWN is not a reason"},
		{"second INTERNAL", "KEY_MISSING", "INTERNAL", "one INTERNAL"},
		{"small letters", "KEY_MISSING", "keyMissing", "UPPER_SNAKE"},
		{"placeholder without param", "{claims}", "{claimz}", "{claimz}"},
		{"param of no type", "claims strings", "claims", "no known type"},
		{"param twice", "[claims strings]", "[claims strings, claims int]", "twice"},
		{"secret", "claims strings", "streamKey string", "secret"},
		{"secret in a longer word", "claims strings", "keySecretPart string", "secret"},
		{"question", "remedy: add it", "remedy: is the key there?", "asks"},
		{"field of the details", "remedy: add it", "remedy: read details.claims", "sends readers to the details"},
		{"wrong for 1", "[claims strings]\n      detail: \"claims {claims}", "[claims int]\n      detail: \"{claims} claims",
			"wrong for 1"},
		{"success status", "remedy: add it", "remedy: add it\n      http: 200", "no error status"},
		{"reason twice", "reasons:", "reasons:\n    - {reason: KEY_MISSING, detail: d, remedy: r}", "twice"},
		{"no reason", good[strings.Index(good, "  reasons:"):], "  reasons: []\n", "at least one reason"},
		{"code twice", good, good + good, "ascending"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Contains(t, good, tc.old)
			_, err := parse([]byte(strings.Replace(good, tc.old, tc.new, 1)))
			require.ErrorContains(t, err, tc.want)
		})
	}
}

func TestPublishedRowsAreHeld(t *testing.T) {
	golden := []byte(`[{"code":4001,"name":"INVALID_API_KEY","message":"text"}]`)
	published := strings.Replace(good, "message: text", "message: text\n  published: true", 1)
	for _, tc := range []struct{ name, catalogue, want string }{
		{"same", published, ""},
		{"other text", strings.Replace(published, "message: text", "message: Text.", 1), "never altered"},
		{"other name", strings.Replace(published, "INVALID_API_KEY", "INVALID_KEY", 1), "never altered"},
		{"not marked", good, "published is false"},
		{"marked and not published", published + strings.Replace(published, "4001", "4002", 1), "published is true"},
		{"missing", strings.Replace(good, "4001", "4002", 1), "missing"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			entries, err := parse([]byte(tc.catalogue))
			require.NoError(t, err)
			err = checkPublished(entries, golden)
			if tc.want == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, tc.want)
			}
		})
	}
}

func TestNumbersAreGivenOnce(t *testing.T) {
	entries, err := parse([]byte(good))
	require.NoError(t, err)
	for _, tc := range []struct{ name, given, want, refused string }{
		{"first", "", "4001 INVALID_API_KEY\n", ""},
		{"known", "4001 INVALID_API_KEY\n", "4001 INVALID_API_KEY\n", ""},
		{"dropped codes stay", "3999 OLD\n", "3999 OLD\n4001 INVALID_API_KEY\n", ""},
		{"renamed", "4001 OTHER\n", "", "4001 is OTHER for good"},
		{"renumbered", "4444 INVALID_API_KEY\n", "", "INVALID_API_KEY is 4444 for good"},
		{"spoiled", "4001\n", "", "numbers"},
		{"a name of another code", "3999 INVALID_API_KEY\n", "", "INVALID_API_KEY is 3999 for good"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := register(entries, nil, []byte(tc.given))
			if tc.refused != "" {
				require.ErrorContains(t, err, tc.refused)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tc.want, string(got))
		})
	}
}

func TestPublishedNumbersAreGiven(t *testing.T) {
	entries, err := parse([]byte(good))
	require.NoError(t, err)
	list := []numbered{{4001, "INVALID_KEY"}, {4002, "OTHER"}}
	const all = "4001 INVALID_API_KEY INVALID_KEY\n4002 OTHER\n"
	for _, tc := range []struct{ name, given, refused string }{
		{"first", "", ""},
		{"known", all, ""},
		{"renamed", "4001 INVALID_API_KEY BEFORE\n", "4001 is published as BEFORE for good"},
		{"renumbered", "3999 OTHER\n", "OTHER is 3999 for good"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := register(entries, list, []byte(tc.given))
			if tc.refused != "" {
				require.ErrorContains(t, err, tc.refused)
				return
			}
			require.NoError(t, err)
			require.Equal(t, all, string(got))
		})
	}
}

// Two codes have one name where one of them has constants and constructors of another name.
func TestAnIdentifierOfItsOwn(t *testing.T) {
	const twin = "\n- code: 4002\n  name: INVALID_API_KEY\n  identifier: TWIN\n  message: text\n  tells: [caller]\n" +
		"  reasons: [{reason: EMPTY, detail: d, remedy: r}]\n"
	const both = "4001 INVALID_API_KEY\n4002 INVALID_API_KEY\n"
	entries, err := parse([]byte(good + twin))
	require.NoError(t, err)
	for _, given := range []string{"", both} {
		got, err := register(entries, nil, []byte(given))
		require.NoError(t, err)
		require.Equal(t, both, string(got))
	}
	src, err := goSource(entries, nil)
	require.NoError(t, err)
	require.Contains(t, string(src), "const CodeTwin = 4002 // INVALID_API_KEY\n")
	require.Contains(t, string(src), "func TwinEmpty() *Error")
	require.Contains(t, string(typescriptCodes(entries)), "export const TWIN = 4002;\n")
}

// What is committed is what the generator makes: run `go generate ./fault` when this fails.
func TestGeneratedFilesAreFresh(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "fault")
	require.NoError(t, os.CopyFS(dir, os.DirFS("..")))
	require.NoError(t, run(dir, false))
	for _, path := range []string{"fault/catalogue_gen.go", "fault/testdata/numbers.txt", "fault/testdata/contract.txt",
		"web/sdk/src/codes.gen.ts", "web/sdk/src/errors.gen.ts", "web/sdk/src/faults.gen.ts", "docs/errors.md"} {
		want, err := os.ReadFile(filepath.Join(root, path))
		require.NoError(t, err)
		got, err := os.ReadFile(filepath.Join("..", "..", path))
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), path)
	}
}
