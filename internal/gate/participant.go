package gate

import (
	"fmt"
	"unicode"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ident"
	"github.com/klatch/klatch/internal/wire"
)

// resolveParticipant holds the token's participantId against the request. A request without one takes the
// token's: the token is good for no other.
func resolveParticipant(claim, requested *string) (*string, error) {
	switch {
	case claim == nil:
		return requested, nil
	case requested == nil:
		return claim, nil
	case *requested == "" || *requested == *claim:
		return requested, nil // an empty one is 4004, later
	}
	return nil, fault.UnauthorizedPartcipantIDMismatch(*claim, *requested)
}

// CheckParticipantID returns the fault of an id (4004); nil when it has none. Index counts characters (code
// points), not bytes. Letters of all scripts and emoji are fine; what nobody can see is not, for two ids that
// look the same would be two people. For the same reason id is to be in NFC, and no word of it mixes scripts.
func CheckParticipantID(id string) *fault.Error {
	if id == "" {
		return fault.InvalidParticipantIDEmpty()
	}
	if len(id) > wire.MaxIDBytes {
		return fault.InvalidParticipantIDTooLong(len(id), wire.MaxIDBytes)
	}
	chars := []rune(id)
	for i, r := range chars {
		switch {
		case unicode.IsSpace(r):
			return fault.InvalidParticipantIDWhitespace(i, fmt.Sprintf("%U", r))
		case isInvisible(chars, i):
			return fault.InvalidParticipantIDBadCharacter(i, fmt.Sprintf("%U", r))
		}
	}
	if word, scripts := ident.MixedWord(id); word != "" {
		return fault.InvalidParticipantIDMixedScripts(word, scripts)
	}
	return nil
}

const (
	zeroWidthJoiner = 0x200D
	keycap          = 0x20E3
	textStyle       = 0xFE0E
	emojiStyle      = 0xFE0F
	brailleBlank    = 0x2800
	blackFlag       = 0x1F3F4
)

// isInvisible reports whether the character at i shows nothing. Emoji are made with joiners, variation selectors and
// tags (UTS 51, section 1.4.9): these pass where they belong to an emoji.
func isInvisible(chars []rune, i int) bool {
	r := chars[i]
	var before, after rune
	if i > 0 {
		before = chars[i-1]
	}
	if i+1 < len(chars) {
		after = chars[i+1]
	}
	switch {
	case r == zeroWidthJoiner:
		return before != emojiStyle && !unicode.In(before, unicode.So, unicode.Sk) || !unicode.Is(unicode.So, after)
	case isTag(r):
		return before != blackFlag && !isTag(before)
	case r == textStyle, r == emojiStyle:
		return after != keycap && (before < 0x80 || !unicode.IsSymbol(before) && !unicode.IsPunct(before))
	case unicode.Is(unicode.Variation_Selector, r):
		return true
	case r == unicode.ReplacementChar, r == brailleBlank:
		return true // broken UTF-8 arrives as U+FFFD: different ids would become one
	case unicode.Is(unicode.Noncharacter_Code_Point, r):
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Cs, unicode.Other_Default_Ignorable_Code_Point)
}

func isTag(r rune) bool { return 0xE0020 <= r && r <= 0xE007F }
