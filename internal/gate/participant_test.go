package gate_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/gate"
)

func TestParticipantID(t *testing.T) {
	for _, c := range []struct {
		name, id, want string
		index          int
		codePoint      string
	}{
		{"empty", "", "4004.EMPTY", 0, ""},
		{"too long", strings.Repeat("x", 129), "4004.TOO_LONG", 0, ""},
		{"300 characters", strings.Repeat("é", 300), "4004.TOO_LONG", 0, ""},
		{"space", "ann smith", "4004.WHITESPACE", 3, "U+0020"},
		{"index counts characters", "Зоя\t", "4004.WHITESPACE", 3, "U+0009"},
		{"line break", "ann\n", "4004.WHITESPACE", 3, "U+000A"},
		{"no-break space", "\u00a0ann", "4004.WHITESPACE", 0, "U+00A0"},
		{"ideographic space", "a\u3000", "4004.WHITESPACE", 1, "U+3000"},
		{"line separator", "a\u2028", "4004.WHITESPACE", 1, "U+2028"},
		{"NUL", "a\x00", "4004.BAD_CHARACTER", 1, "U+0000"},
		{"escape", "\x1b[31m", "4004.BAD_CHARACTER", 0, "U+001B"},
		{"delete", "a\x7f", "4004.BAD_CHARACTER", 1, "U+007F"},
		{"zero width space", "a\u200bb", "4004.BAD_CHARACTER", 1, "U+200B"},
		{"byte order mark", "\ufeffann", "4004.BAD_CHARACTER", 0, "U+FEFF"},
		{"bidi override", "\u202eann", "4004.BAD_CHARACTER", 0, "U+202E"},
		{"bidi isolate", "ann\u2066", "4004.BAD_CHARACTER", 3, "U+2066"},
		{"soft hyphen", "an\u00adn", "4004.BAD_CHARACTER", 2, "U+00AD"},
		{"word joiner", "an\u2060n", "4004.BAD_CHARACTER", 2, "U+2060"},
		{"hangul filler", "a\u3164", "4004.BAD_CHARACTER", 1, "U+3164"},
		{"braille blank", "\u2800", "4004.BAD_CHARACTER", 0, "U+2800"},
		{"grapheme joiner", "a\u034f", "4004.BAD_CHARACTER", 1, "U+034F"},
		{"broken UTF-8", "a\xffb", "4004.BAD_CHARACTER", 1, "U+FFFD"},
		{"noncharacter", "a\uffff", "4004.BAD_CHARACTER", 1, "U+FFFF"},
		{"joiner between letters", "a\u200db", "4004.BAD_CHARACTER", 1, "U+200D"},
		{"joiner at the end", "👩\u200d", "4004.BAD_CHARACTER", 1, "U+200D"},
		{"emoji style on a letter", "a\ufe0f", "4004.BAD_CHARACTER", 1, "U+FE0F"},
		{"another variation", "❤\ufe00", "4004.BAD_CHARACTER", 1, "U+FE00"},
		{"hidden tags", "a\U000e0061", "4004.BAD_CHARACTER", 1, "U+E0061"},
		{"Latin with a Cyrillic letter", "p\u0430ypal", "4004.MIXED_SCRIPTS", 0, ""},
		{"Cyrillic with a Latin letter", "бo\u0431", "4004.MIXED_SCRIPTS", 0, ""},

		{"plain", "ann", "", 0, ""},
		{"mail address", "ann.smith+1@example.com", "", 0, ""},
		{"uuid", "9d1c7d7e-6e4f-4b9e-8a43-0d0d3b7f1c11", "", 0, ""},
		{"markup", `<script>"'&`, "", 0, ""},
		{"a word of each script", "иван@example.com", "", 0, ""},
		{"Japanese", "Tシャツ太郎", "", 0, ""},
		{"cyrillic", "Зоя", "", 0, ""},
		{"combining mark", "e\u0301", "", 0, ""},
		{"arabic", "مرحبا", "", 0, ""},
		{"emoji", "🙂", "", 0, ""},
		{"skin tone", "👍🏽", "", 0, ""},
		{"family", "👨\u200d👩\u200d👧", "", 0, ""},
		{"skin tone, joiner, sign", "🤷🏽\u200d♀\ufe0f", "", 0, ""},
		{"heart", "❤\ufe0f\u200d🔥", "", 0, ""},
		{"keycap", "1\ufe0f\u20e3", "", 0, ""},
		{"flag", "🇩🇪", "", 0, ""},
		{"flag of tags", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "", 0, ""},
		{"128 bytes", strings.Repeat("é", 64), "", 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := gate.CheckParticipantID(c.id)
			if c.want == "" {
				require.Nil(t, f)
				return
			}
			asFault(t, f, c.want)
			if c.codePoint != "" {
				require.EqualValues(t, c.index, f.Details["index"])
				require.Equal(t, c.codePoint, f.Details["codePoint"])
			}
		})
	}
}
