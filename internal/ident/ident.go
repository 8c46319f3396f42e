// Package ident normalizes ids, topics and names that people and programs choose, and finds what would make two of them
// look like one. It is a leaf: the gate, signaling, meetings and REST ask it.
package ident

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// NFC returns s in normalization form C (UAX #15), in which é is one character however it was typed.
func NFC(s string) string { return norm.NFC.String(s) }

// Normalize brings to NFC what stands in the fields of a struct that hold ids and names, under one of these names in
// JSON, a path or a query. It changes nothing else: what people say to each other arrives as it was sent.
func Normalize(v any) { normalize(reflect.ValueOf(v), false) }

var fields = []string{
	"participantId",
	"participantIds",
	"allowedParticipantIds",
	"sendOnly",
	"meetingId",
	"roomId",
	"customRoomId",
	"topic",
	"name",
	"query",
}

func normalize(v reflect.Value, named bool) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			normalize(v.Elem(), named)
		}
	case reflect.Map: // of any JSON
		for key, value := range v.Seq2() {
			text, isText := value.Interface().(string)
			if isText && key.Kind() == reflect.String && slices.Contains(fields, key.String()) {
				v.SetMapIndex(key, reflect.ValueOf(NFC(text)))
			}
			normalize(value, false)
		}
	case reflect.Slice:
		switch v.Type().Elem().Kind() {
		case reflect.Struct, reflect.Pointer, reflect.String, reflect.Map, reflect.Interface:
		default:
			return
		}
		for i := range v.Len() {
			normalize(v.Index(i), named)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if field.IsExported() || field.Anonymous {
				normalize(v.Field(i), isNamed(field.Tag))
			}
		}
	case reflect.String:
		if s := v.String(); named && v.CanSet() && !norm.NFC.IsNormalString(s) {
			v.SetString(NFC(s))
		}
	}
}

func isNamed(tag reflect.StructTag) bool {
	for _, key := range []string{"json", "path", "query"} {
		name, _, _ := strings.Cut(tag.Get(key), ",")
		if slices.Contains(fields, name) {
			return true
		}
	}
	return false
}

// BadInName finds the first character of a display name that would break the line or the reading order of the text
// around it: controls, line and paragraph separators, and the characters that embed, isolate or override a direction
// (UAX #9). Index counts characters. The marks LRM, RLM and ALM stay: names in Hebrew and Arabic need them.
func BadInName(name string) (index int, char rune, what string) {
	for _, r := range name {
		switch {
		case unicode.IsControl(r):
			return index, r, "a control character"
		case r == '\u2028' || r == '\u2029':
			return index, r, "a line break"
		case r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069':
			return index, r, "a character that changes the direction of the text after it"
		case r == unicode.ReplacementChar:
			return index, r, "what broken UTF-8 becomes"
		}
		index++
	}
	return -1, 0, ""
}

// NameProblem is BadInName in words; "" for a name that can be shown. A name that shows nothing is none: its owner
// could not be told from nobody. An empty name is no name, for which others are shown another text.
func NameProblem(name string) string {
	if index, char, what := BadInName(name); index >= 0 {
		return fmt.Sprintf("it has %U at character %d, %s", char, index, what)
	}
	if name != "" && !strings.ContainsFunc(name, isVisible) {
		return "it has no character that can be seen"
	}
	return ""
}

// isVisible reports whether a character draws something: neither white space nor the blanks that Unicode counts as
// letters and symbols.
func isVisible(r rune) bool {
	const brailleBlank = '\u2800'
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && r != brailleBlank &&
		!unicode.In(r, unicode.Zs, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
