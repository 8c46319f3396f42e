package ident

import (
	"slices"
	"strings"
	"unicode"
)

// together are the scripts that one word may mix: level "moderately restrictive" of UTS #39, section 5.2. Any other
// script but Cyrillic and Greek may stand beside Latin: theirs are the letters that look like Latin ones.
var together = [][]string{
	{"Latin", "Han", "Hiragana", "Katakana"},
	{"Latin", "Han", "Bopomofo"},
	{"Latin", "Han", "Hangul"},
}

// MixedWord finds the first word of an id that is written in scripts that no language writes together, such as a Latin
// word with a Cyrillic а in it. Words are what stands between punctuation, symbols and digits: иван@example.com has
// three, each of one script.
func MixedWord(id string) (word string, scripts []string) {
	for word := range strings.FieldsFuncSeq(id, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		if scripts := scriptsOf(word); !mayMix(scripts) {
			return word, scripts
		}
	}
	return "", nil
}

func scriptsOf(word string) (names []string) {
	for _, r := range word {
		name := scriptOf(r)
		if name != "" && name != "Common" && name != "Inherited" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// likely are asked first: almost all ids are written in them.
var likely = []string{"Latin", "Common", "Inherited", "Cyrillic", "Han", "Arabic", "Devanagari", "Greek"}

func scriptOf(r rune) string {
	for _, name := range likely {
		if unicode.Is(unicode.Scripts[name], r) {
			return name
		}
	}
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name
		}
	}
	return ""
}

func mayMix(scripts []string) bool {
	if len(scripts) < 2 {
		return true
	}
	for _, set := range together {
		if !slices.ContainsFunc(scripts, func(name string) bool { return !slices.Contains(set, name) }) {
			return true
		}
	}
	return len(scripts) == 2 && slices.Contains(scripts, "Latin") &&
		!slices.Contains(scripts, "Cyrillic") && !slices.Contains(scripts, "Greek")
}

// alike pairs letters of Cyrillic and Greek with the Latin ones that look the same (confusables.txt of UTS #39).
var alike = strings.NewReplacer(
	"а",
	"a",
	"с",
	"c",
	"ԁ",
	"d",
	"е",
	"e",
	"һ",
	"h",
	"і",
	"i",
	"ј",
	"j",
	"ӏ",
	"l",
	"о",
	"o",
	"р",
	"p",
	"ԛ",
	"q",
	"ѕ",
	"s",
	"ѵ",
	"v",
	"ԝ",
	"w",
	"х",
	"x",
	"у",
	"y",
	"А",
	"A",
	"В",
	"B",
	"С",
	"C",
	"Е",
	"E",
	"Н",
	"H",
	"І",
	"I",
	"Ј",
	"J",
	"К",
	"K",
	"М",
	"M",
	"О",
	"O",
	"Р",
	"P",
	"Ѕ",
	"S",
	"Т",
	"T",
	"Ѵ",
	"V",
	"Ԝ",
	"W",
	"Х",
	"X",
	"У",
	"Y",
	"α",
	"a",
	"ο",
	"o",
	"ν",
	"v",
	"ρ",
	"p",
	"ι",
	"i",
	"υ",
	"u",
	"Α",
	"A",
	"Β",
	"B",
	"Ε",
	"E",
	"Η",
	"H",
	"Ι",
	"I",
	"Κ",
	"K",
	"Μ",
	"M",
	"Ν",
	"N",
	"Ο",
	"O",
	"Ρ",
	"P",
	"Τ",
	"T",
	"Υ",
	"Y",
	"Χ",
	"X",
	"Ζ",
	"Z",
)

// Skeleton is the same for two ids that look the same although their letters are of other scripts: а of Cyrillic and a
// of Latin. It is no id: it only compares.
func Skeleton(id string) string { return alike.Replace(id) }
