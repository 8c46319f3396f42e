package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/klatch/klatch/fault"
)

// code and reason mirror catalogue.yaml; pointers tell "absent" from "false".
type code struct {
	Code       int
	Name       string
	Identifier string // of constants and constructors; default Name
	Message    string

	StartingCode int `yaml:"startingCode"` // details.startingCode of all reasons

	Published bool
	HTTP      int `yaml:"http"`
	Fatal     bool
	Retryable bool
	Tells     []string
	Person    *person // of its reasons that have none
	Rules     rules   `yaml:",inline"`
	Reasons   []reason
}

// rules say what an SDK does by itself.
type rules struct {
	OnConnect  fault.Recovery `yaml:"onConnect"`
	OnResume   fault.Recovery `yaml:"onResume"`
	Passes     bool           `yaml:"passes"`
	Unanswered bool           `yaml:"unanswered"`
}

type reason struct {
	Reason    string
	Origin    string
	Params    []string
	Detail    string
	Remedy    string
	Person    *person
	Param     string
	HTTP      int `yaml:"http"`
	Fatal     *bool
	Retryable *bool
	Tells     []string
	Pending   string
	SDK       bool    `yaml:"sdk"`
	Condition *string `yaml:"condition"` // how long it lasts before it is shown
	RetryMs   int64   `yaml:"retryAfterMs"`
	Rules     rules   `yaml:",inline"`
}

func parseCodes(raw []byte) (codes []code, err error) {
	err = yaml.UnmarshalWithOptions(raw, &codes, yaml.Strict())
	return codes, err
}

// parse reads the catalogue, applies the defaults and refuses what breaks a rule.
func parse(raw []byte) ([]fault.Entry, error) {
	codes, err := parseCodes(raw)
	if err != nil {
		return nil, err
	}
	var entries []fault.Entry
	seen := map[string]bool{}
	last := 0
	for _, c := range codes {
		if c.Code <= last {
			return nil, fmt.Errorf("%d: codes stand once each, in ascending order", c.Code)
		}
		last = c.Code
		if len(c.Reasons) == 0 {
			return nil, fmt.Errorf("%d: a code has at least one reason", c.Code)
		}
		for _, r := range c.Reasons {
			e, err := entry(c, r)
			if err != nil {
				return nil, fmt.Errorf("%d.%s: %w", c.Code, r.Reason, err)
			}
			if seen[e.Key()] {
				return nil, fmt.Errorf("%s stands twice", e.Key())
			}
			seen[e.Key()] = true
			entries = append(entries, e)
		}
	}
	return entries, nil
}

func entry(c code, r reason) (fault.Entry, error) {
	e := fault.Entry{
		Code: c.Code, Name: c.Name, Identifier: c.Identifier, StartingCode: c.StartingCode,
		Message: c.Message, Published: c.Published,
		Reason: r.Reason, Detail: r.Detail, Remedy: r.Remedy, Param: r.Param,
		HTTP: first(r.HTTP, c.HTTP, 400), Fatal: or(r.Fatal, c.Fatal), Retryable: or(r.Retryable, c.Retryable),
		Tells: r.Tells, Origin: r.Origin, Pending: r.Pending, SDK: r.SDK, RetryAfterMs: r.RetryMs,
		OnConnect: cmp.Or(r.Rules.OnConnect, c.Rules.OnConnect), OnResume: cmp.Or(r.Rules.OnResume, c.Rules.OnResume),
		Passes: r.Rules.Passes || c.Rules.Passes, Unanswered: r.Rules.Unanswered || c.Rules.Unanswered,
	}
	if e.Tells == nil {
		e.Tells = c.Tells
	}
	if r.Condition != nil {
		delay, err := time.ParseDuration(*r.Condition)
		if err != nil || delay < 0 || delay > time.Minute {
			return e, fmt.Errorf("condition %q is not a duration of at most a minute", *r.Condition)
		}
		e.Condition, e.ShowAfterMs = true, delay.Milliseconds()
	}
	if e.Origin == "" {
		e.Origin = "server"
	}
	for _, p := range r.Params {
		key, typ, _ := strings.Cut(p, " ")
		if _, known := paramTypes[typ]; !known {
			return e, fmt.Errorf("param %q has no known type", p)
		}
		e.Params = append(e.Params, fault.Param{Key: key, Type: typ})
	}
	return e, check(e)
}

var (
	upperSnake  = regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$`)
	camelCase   = regexp.MustCompile(`^[a-z][A-Za-z0-9]*$`)
	placeholder = regexp.MustCompile(`\{([A-Za-z]\w*)\}`) // JSON braces in a text are none

	audiences = []string{"caller", "participant", "meeting", "moderators", "webhook", "console", "operator"}
	origins   = []string{"server", "client", "browser", "go"}

	// A text is a support answer: it states and instructs, it does not ask, and it is right for every number.
	question = regexp.MustCompile(`\?(\s|$)`)
	counted  = regexp.MustCompile(`\{([A-Za-z]\w*)\} ([a-z]+)`)
	indices  = []string{"output", "first", "line", "index", "offset"} // these number a thing, they do not count
	fits     = []string{"ms", "s", "bytes", "is", "was", "has"}       // what may follow a number: units and verbs
	// A key that contains one of these would carry a secret into logs and pages.
	secretWords = []string{"token", "secret", "password", "streamkey", "credential", "authorization"}
)

func check(e fault.Entry) error {
	switch {
	case !upperSnake.MatchString(identifier(e)):
		return fmt.Errorf("identifier is UPPER_SNAKE")
	case !upperSnake.MatchString(e.Name) || !upperSnake.MatchString(e.Reason):
		return fmt.Errorf("name and reason are UPPER_SNAKE")
	case e.Reason == "UNKNOWN":
		return fmt.Errorf("UNKNOWN is not a reason")
	case e.Detail == "" || e.Remedy == "" || e.Message == "" || len(e.Tells) == 0:
		return fmt.Errorf("message, detail, remedy and tells are never empty")
	case e.Reason == "INTERNAL" && e.Code != fault.CodeServerUnavailable:
		return fmt.Errorf("there is one INTERNAL")
	case !slices.Contains(origins, e.Origin):
		return fmt.Errorf("origin %q is none of %v", e.Origin, origins)
	case e.OnConnect != fault.End && e.OnConnect != fault.Retry:
		return fmt.Errorf("onConnect %q is not %q", e.OnConnect, fault.Retry)
	case !slices.Contains([]fault.Recovery{fault.End, fault.Retry, fault.Rejoin}, e.OnResume):
		return fmt.Errorf("onResume %q is neither %q nor %q", e.OnResume, fault.Retry, fault.Rejoin)
	case e.HTTP < 400 || e.HTTP > 599:
		return fmt.Errorf("http %d is no error status", e.HTTP)
	}
	for _, who := range e.Tells {
		if !slices.Contains(audiences, who) {
			return fmt.Errorf("tells %q is none of %v", who, audiences)
		}
	}
	keys := map[string]bool{}
	for _, p := range e.Params {
		lower := strings.ToLower(p.Key)
		switch {
		case !camelCase.MatchString(p.Key):
			return fmt.Errorf("param %s is not camelCase", p.Key)
		case keys[p.Key]:
			return fmt.Errorf("param %s stands twice", p.Key)
		case slices.ContainsFunc(secretWords, func(w string) bool { return strings.Contains(lower, w) }):
			return fmt.Errorf("param %s would carry a secret", p.Key)
		case p.Type == "duration" && argument(p) == p.Key:
			return fmt.Errorf("param %s is a duration: its key says the unit, as in waitedMs or leewaySec", p.Key)
		}
		keys[p.Key] = true
	}
	for _, m := range placeholder.FindAllStringSubmatch(e.Detail+e.Remedy+e.Param, -1) {
		if !keys[m[1]] {
			return fmt.Errorf("%s stands in a text and is no param", m[0])
		}
	}
	return checkWords(e)
}

// checkWords refuses a question, a text that sends readers to the details instead of saying what they have, and a
// counted noun: "{files} files" reads "1 files".
func checkWords(e fault.Entry) error {
	numbers := map[string]bool{}
	for _, p := range e.Params {
		numbers[p.Key] = paramTypes[p.Type].wire == "int" && !slices.Contains(indices, p.Key)
	}
	for _, text := range []string{e.Detail, e.Remedy} {
		if question.MatchString(text) {
			return fmt.Errorf("%q asks; a text says what happened and what to do", text)
		}
		if strings.Contains(text, "details.") {
			return fmt.Errorf("%q sends readers to the details: say in words what they have, or use a placeholder", text)
		}
		for _, m := range counted.FindAllStringSubmatch(text, -1) {
			if numbers[m[1]] && strings.HasSuffix(m[2], "s") && !slices.Contains(fits, m[2]) {
				return fmt.Errorf("%q is wrong for 1: write the number behind its noun, as in \"files: {files}\"", m[0])
			}
		}
	}
	return nil
}

// checkPublished holds the catalogue against the committed rows of the published error event page: the same
// codes, names and messages, none missing, none more.
func checkPublished(entries []fault.Entry, golden []byte) error {
	var rows []fault.ErrorInfo
	if err := json.Unmarshal(golden, &rows); err != nil {
		return err
	}
	want := map[int]fault.ErrorInfo{}
	for _, row := range rows {
		want[row.Code] = row
	}
	met := map[int]bool{}
	for _, e := range entries {
		row, published := want[e.Code]
		if published != e.Published {
			return fmt.Errorf("%s: published is %v, the published page says %v", e.Key(), e.Published, published)
		}
		if published && (row.Name != e.Name || row.Message != e.Message) {
			return fmt.Errorf("%s: the published row is %q, %q; it is never altered", e.Key(), row.Name, row.Message)
		}
		met[e.Code] = true
	}
	for _, row := range rows {
		if !met[row.Code] {
			return fmt.Errorf("%d %s is published and missing here", row.Code, row.Name)
		}
	}
	return nil
}

// register holds the catalogue and the published enumeration against the numbers that were ever given away ("4001
// INVALID_API_KEY" a line, with the name in the enumeration behind it where that is another one) and returns the
// register with new codes added. A code that was dropped keeps its line: its number and name are
// never used again for something else. Two codes have one name only where one of them has an identifier of its own.
func register(entries []fault.Entry, list []numbered, old []byte) ([]byte, error) {
	names, codes := map[int]string{}, map[string]int{}
	published := map[int]string{}
	own := map[int]bool{} // has an identifier
	for _, e := range entries {
		own[e.Code] = e.Identifier != ""
	}
	for line := range strings.Lines(string(old)) {
		var number int
		var name string
		if _, err := fmt.Sscanf(line, "%d %s", &number, &name); err != nil {
			return nil, fmt.Errorf("numbers: %q: %w", line, err)
		}
		names[number] = name
		published[number] = name
		if fields := strings.Fields(line); len(fields) > 2 {
			published[number] = fields[2]
		}
		if !own[number] {
			codes[name] = number
		}
	}
	for _, e := range entries {
		if name, taken := names[e.Code]; taken && name != e.Name {
			return nil, fmt.Errorf("%d is %s for good; it cannot become %s", e.Code, name, e.Name)
		}
		names[e.Code] = e.Name
		if own[e.Code] {
			continue
		}
		if number, taken := codes[e.Name]; taken && number != e.Code {
			return nil, fmt.Errorf("%s is %d for good; it cannot become %d", e.Name, number, e.Code)
		}
		codes[e.Name] = e.Code
	}
	for _, row := range list {
		name, taken := names[row.Code]
		if was, ok := published[row.Code]; ok && was != row.Name && was != name {
			return nil, fmt.Errorf("%d is published as %s for good; it cannot become %s", row.Code, was, row.Name)
		}
		if number, known := codes[row.Name]; known && number != row.Code {
			return nil, fmt.Errorf("%s is %d for good; it cannot become %d", row.Name, number, row.Code)
		}
		if !taken {
			names[row.Code] = row.Name
		}
		published[row.Code] = row.Name
	}
	var out strings.Builder
	for _, number := range slices.Sorted(maps.Keys(names)) {
		fmt.Fprintf(&out, "%d %s", number, names[number])
		if other := published[number]; other != "" && other != names[number] {
			fmt.Fprintf(&out, " %s", other)
		}
		out.WriteByte('\n')
	}
	return []byte(out.String()), nil
}

func first(values ...int) int {
	for _, v := range values {
		if v != 0 {
			return v
		}
	}
	return 0
}

func or(value *bool, otherwise bool) bool {
	if value != nil {
		return *value
	}
	return otherwise
}
