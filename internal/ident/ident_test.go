package ident_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/ident"
)

const (
	composed   = "jos\u00e9"
	decomposed = "jose\u0301"
)

func TestNormalizeTouchesIDsAndNamesOnly(t *testing.T) {
	type inner struct {
		ParticipantID *string `json:"participantId,omitempty"`
		Message       string  `json:"message"`
	}
	id := decomposed
	in := struct {
		inner
		SendOnly []string `json:"sendOnly"`
		Path     string   `path:"participantId"`
		Query    string   `query:"roomId"`
		Raw      []byte   `json:"topic"`
		Body     *struct {
			Topic string `json:"topic"`
			Other string
		}
		Any    map[string]any
		hidden string
	}{Any: map[string]any{"participants": []any{
		map[string]any{"participantId": decomposed, "text": decomposed}}, "topic": 7, "roomId": nil},
		inner: inner{&id, decomposed}, SendOnly: []string{"ann", decomposed}, Path: decomposed, Query: decomposed,
		Raw: []byte(decomposed), hidden: decomposed}
	in.Body = &struct {
		Topic string `json:"topic"`
		Other string
	}{decomposed, decomposed}
	ident.Normalize(&in)
	require.Equal(t, composed, *in.ParticipantID)
	require.Equal(t, decomposed, in.Message)
	require.Equal(t, []string{"ann", composed}, in.SendOnly)
	require.Equal(t, composed, in.Path)
	require.Equal(t, composed, in.Query)
	require.Equal(t, composed, in.Body.Topic)
	require.Equal(t, decomposed, in.Body.Other)
	require.Equal(t, decomposed, string(in.Raw))
	require.Equal(t, decomposed, in.hidden)
	require.Equal(t, map[string]any{"participantId": composed, "text": decomposed}, in.Any["participants"].([]any)[0])
	ident.Normalize((*struct{})(nil))
	ident.Normalize(nil)
}

func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"Ann\x1b[31m":         "it has U+001B at character 3, a control character",
		"Зоя\nBoss":           "it has U+000A at character 3, a control character",
		"a\tb":                "it has U+0009 at character 1, a control character",
		"\u202egnp.exe":       "it has U+202E at character 0, a character that changes the direction of the text after it",
		"a\u2066b":            "it has U+2066 at character 1, a character that changes the direction of the text after it",
		"a\u2028":             "it has U+2028 at character 1, a line break",
		"a\u0085":             "it has U+0085 at character 1, a control character",
		"   ":                 "it has no character that can be seen",
		"\u200b\u200d":        "it has no character that can be seen", // zero width
		"\u3164":              "it has no character that can be seen", // the Hangul filler
		"\u00a0\u2800":        "it has no character that can be seen", // a no-break space and the blank of Braille
		"\u00ad\ufe0f":        "it has no character that can be seen",
		"":                    "",
		"\u0e01\u0e34":        "", // a letter of Thai with its mark
		"\u0301":              "",
		"\u2800.":             "",
		"Ann Smith, Jr.":      "",
		"Đặng Thị Bích":       "",
		"דוד\u200f (home)":    "",
		"محمد\u061c":          "",
		"王小明 👨\u200d👩\u200d👧": "",
		"می\u200cخواهم":       "", // a zero width non-joiner that Persian needs
		"<script>":            "",
	} {
		require.Equal(t, want, ident.NameProblem(name), "%q", name)
	}
}

func TestMixedScripts(t *testing.T) {
	for id, want := range map[string][]string{
		"p\u0430ypal":               {"Cyrillic", "Latin"},
		"\u0430nn":                  {"Cyrillic", "Latin"},
		"ann-\u0430nn":              {"Cyrillic", "Latin"},
		"ann\u03bf":                 {"Greek", "Latin"},
		"мαмα":                      {"Cyrillic", "Greek"},
		"Зоя":                       nil,
		"иван@example.com":          nil,
		"user_Иван-web":             nil,
		"Γιώργος7":                  nil,
		"ann":                       nil,
		"Müller":                    nil,
		composed:                    nil,
		decomposed:                  nil,
		"山田太郎さんカード":                 nil,
		"Tシャツ":                      nil,
		"김LG전자":                     nil,
		"नमस्तेindia":               nil,
		"محمدAli":                   nil,
		"9d1c7d7e-6e4f-4b9e":        nil,
		"👩\u200d💻ann":               nil,
		"ann.smith+1@example.com":   nil,
		"Đặng":                      nil,
		"a1\u04302":                 nil, // two words of one script each: told apart by their skeleton
		"\u0441\u043e\u0441\u043e!": nil,
	} {
		_, got := ident.MixedWord(id)
		require.Equal(t, want, got, "%q", id)
	}
}

func TestSkeleton(t *testing.T) {
	require.Equal(t, "a", ident.Skeleton("\u0430"))
	require.Equal(t, ident.Skeleton("coco"), ident.Skeleton("\u0441\u043e\u0441\u043e"))
	require.NotEqual(t, ident.Skeleton("Зоя"), ident.Skeleton("зоя"))
	require.Equal(t, "Ann", ident.Skeleton("Ann"))
}
