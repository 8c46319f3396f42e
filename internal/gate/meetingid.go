package gate

import (
	"context"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ident"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// checkMeetingID judges the shape of an id that was asked for.
func checkMeetingID(requested string) error {
	switch {
	case requested == "":
		return fault.InvalidMeetingIDEmpty()
	case len(requested) > wire.MaxIDBytes:
		return fault.InvalidMeetingIDTooLong(len(requested), wire.MaxIDBytes)
	}
	return nil
}

// Meeting returns a meeting of an account, or the fault 4003. A meeting of another account is as unknown as one that
// was never made; what stands in an id's place and is none is told by its looks alone.
func (g *Gate) Meeting(ctx context.Context, accountID, requested string) (record.Meeting, error) {
	requested = ident.NFC(requested)
	if err := checkMeetingID(requested); err != nil {
		return record.Meeting{}, err
	}
	m, err := g.lookup.Meeting(ctx, accountID, requested)
	if err == nil {
		return m, nil
	}
	if isNotFound(err) {
		if problem := describeMistake(requested); problem != "" {
			return record.Meeting{}, fault.InvalidMeetingIDMalformed(problem) // err would log the whole
		}
		return record.Meeting{}, fault.InvalidMeetingIDNotFound(requested).Because(err)
	}
	return record.Meeting{}, fault.ServerUnavailableStore("the query for a meeting").Because(err)
}

var (
	capitalID  = regexp.MustCompile(`^[0-9A-Za-z]{4}(-[0-9A-Za-z]{4}){2}$`)
	secretLike = regexp.MustCompile(`^[0-9a-f]{64}$`)
	emptyWords = []string{"undefined", "null", "None", "NaN", "[object Object]"}
)

// LooksLikeSecret reports whether a text has the form of the secret of an API key: it may be one in the wrong place,
// and is not to be shown or sent.
func LooksLikeSecret(text string) bool { return secretLike.MatchString(text) }

// describeMistake describes what people pass for a meeting id and no meeting has; "" where it may be an id. A custom id
// may look like any of these, so it is asked only after the lookup. A secret and the token in a link are not repeated.
func describeMistake(requested string) string {
	switch first, last := requested[0], requested[len(requested)-1]; {
	case strings.Contains(requested, "://"):
		if link, err := url.Parse(requested); err == nil && strings.Trim(link.Path, "/") != "" {
			return fmt.Sprintf("it is a link; the id in it may be %s", path.Base(link.Path))
		}
		return "it is a link"
	case strings.TrimSpace(requested) != requested:
		return "it has white space at its start or end"
	case strings.ContainsRune("\"'`", rune(first)) || strings.ContainsRune("\"'`", rune(last)):
		return "it has quotes around it"
	case slices.Contains(emptyWords, requested):
		return fmt.Sprintf("it is the word %q; the program that passed it has no id", requested)
	case strings.ContainsRune("<{[:$", rune(first)):
		return fmt.Sprintf("it starts with %q, as a placeholder does", first)
	case LooksLikeSecret(requested):
		return "it has 64 hexadecimal digits, as the secret of an API key has"
	case capitalID.MatchString(requested) && strings.ToLower(requested) != requested:
		return "a roomId has no capital letters"
	}
	return ""
}
