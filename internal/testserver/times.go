package testserver

import (
	"regexp"
	"slices"
)

var (
	anyTime     = regexp.MustCompile(`"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(?::\d{2})?[^"]*"`)
	exactTime   = regexp.MustCompile(`^"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z"$`)
	readsAsTime = regexp.MustCompile(`^"[^"]{16,19}(?:[.,]\d+)?(?:[Zz]|[+-]\d{2}:?\d{2})?"$`)
)

// ImpreciseTimes returns the strings in JSON that are times, but not as this server writes them: RFC 3339 in UTC with
// three digits of a second (fault.Instant).
func ImpreciseTimes(text string) []string {
	return slices.DeleteFunc(anyTime.FindAllString(text, -1), func(s string) bool {
		return exactTime.MatchString(s) || !readsAsTime.MatchString(s)
	})
}
