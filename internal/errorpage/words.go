package errorpage

import (
	"html/template"
	"regexp"
	"strings"
)

var originWords = map[string]string{
	"server": "the server", "client": "the SDK", "browser": "the browser SDK", "go": "the Go SDK",
}

var audienceWords = map[string]string{
	"caller": "the caller", "participant": "the participant", "meeting": "everybody in the meeting",
	"moderators": "its moderators", "webhook": "the webhook", "console": "the console", "operator": "the operator",
}

var typeWords = map[string]string{
	"string": "string", "int": "integer", "float": "number", "bool": "boolean", "strings": "array of strings",
}

func audience(tells []string) string {
	words := make([]string, 0, len(tells))
	for _, who := range tells {
		words = append(words, audienceWords[who])
	}
	return strings.Join(words, ", ")
}

var placeholder = regexp.MustCompile(`\{([A-Za-z]\w*)\}`)

// rich shows a text of the catalogue: code between backticks, and placeholders marked as such.
func rich(text string) template.HTML {
	var b strings.Builder
	for i, part := range strings.Split(text, "`") {
		part = placeholder.ReplaceAllString(template.HTMLEscapeString(part), "<var>$1</var>")
		if i%2 == 1 {
			part = "<code>" + part + "</code>"
		}
		b.WriteString(part)
	}
	return template.HTML(b.String())
}
