package rest

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
)

// completeDocument adds what huma does not describe: that every operation may be refused, with an example of how, and
// that the calls without a token need none.
func (a *API) completeDocument() {
	defer a.listTags()
	a.formatInstants()
	for _, path := range slices.Sorted(maps.Keys(a.huma.OpenAPI().Paths)) {
		item := a.huma.OpenAPI().Paths[path]
		for _, method := range methods {
			op := operationOf(item, method)
			if op == nil {
				continue
			}
			refusal := op.Responses["default"]
			if refusal == nil {
				panic(fmt.Sprintf("rest: %s %s has no refusal", method, path))
			}
			op.Responses["4XX"] = problemResponse(refusal,
				"A refusal: the request, the token or the state of what it asks for. `code` and `reason` say which, `remedy` "+
					"what to do.",
				fault.InvalidMessageBadParams(method+" "+path, "page", "it takes a whole number"))
			op.Responses["5XX"] = problemResponse(refusal,
				"The server failed, or does not offer what is asked for (501, 4110 NOT_OFFERED).",
				fault.RequestNotOfferedNotOffered(method+" "+path, "templateUrl", notOfferedFields["templateUrl"]))
			if len(op.Security) == 0 {
				op.Security = []map[string][]string{{}}
			}
		}
	}
}

// formatInstants gives every time the format date-time: huma knows that of time.Time only.
func (a *API) formatInstants() {
	schemas := a.huma.OpenAPI().Components.Schemas
	for name, s := range schemas.Map() {
		t := schemas.TypeFromRef(schemaPrefix + name)
		if t == nil || t.Kind() != reflect.Struct {
			continue
		}
		for _, field := range reflect.VisibleFields(t) {
			if field.Type != reflect.TypeFor[fault.Instant]() && field.Type != reflect.TypeFor[*fault.Instant]() {
				continue
			}
			property, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if s.Properties[property] != nil {
				s.Properties[property].Format = "date-time"
			}
		}
	}
}

// firstTags begin the list of tags, in the order in which an integrator needs them.
var firstTags = []huma.Tag{
	{Name: "Rooms", Description: "Rooms are durable: one is made once, and met in as often as you like."},
	{Name: "Sessions", Description: "A session is one meeting in a room, from the first participant to the last."},
	{Name: "Participants", Description: "Who is in a session, or was."},
	{
		Name:        "Recordings",
		Description: "Files of a room, of one participant, of one track or of a few, and merges of them.",
	},
	{Name: "Livestreams", Description: "A room sent to RTMP and RTMPS servers."},
	{Name: "HLS", Description: "A room as a stream that players play, and pictures of it."},
	{Name: "Transcodings", Description: "Files made of HLS streams that have ended, and of recordings."},
	{Name: "Stream keys", Description: "Keys with which encoders publish into a room over RTMP."},
	{Name: "WHIP", Description: "Publishing into a room with a program that speaks WHIP (RFC 9725)."},
	{Name: "WHEP", Description: "Playing a room with a program that speaks WHEP."},
	{Name: "Webhooks", Description: "How the events of rooms are verified."},
	{Name: "Faults", Description: "What went wrong in the account, and when."},
}

// listTags puts the tags of all operations into the document. Pages that show it take their order from there: that of
// the paths would begin with the admin API.
func (a *API) listTags() {
	used := map[string]bool{}
	for _, item := range a.huma.OpenAPI().Paths {
		for _, method := range methods {
			if op := operationOf(item, method); op != nil {
				for _, tag := range op.Tags {
					used[tag] = true
				}
			}
		}
	}
	first := func(tag string) int {
		return slices.IndexFunc(firstTags, func(t huma.Tag) bool { return t.Name == tag })
	}
	rank := func(tag string) int {
		if at := first(tag); at >= 0 {
			return at
		}
		if strings.HasPrefix(tag, "Admin") {
			return len(firstTags) + 1
		}
		return len(firstTags)
	}
	order := slices.SortedFunc(maps.Keys(used), func(x, y string) int {
		return cmp.Or(cmp.Compare(rank(x), rank(y)), cmp.Compare(x, y))
	})
	for _, name := range order {
		tag := huma.Tag{Name: name, Description: "Calls of the operator of the server, with the admin token."}
		if at := first(name); at >= 0 {
			tag = firstTags[at]
		} else if !strings.HasPrefix(name, "Admin") {
			tag.Description = name + " of an account."
		}
		a.huma.OpenAPI().Tags = append(a.huma.OpenAPI().Tags, &tag)
	}
}

// problemResponse describes a refusal like another one, with an example.
func problemResponse(like *huma.Response, description string, f *fault.Error) *huma.Response {
	out := &huma.Response{Description: description, Content: map[string]*huma.MediaType{}}
	for kind, media := range like.Content {
		shown := *f
		shown.ID, shown.At = "flt_01M8CS5FQ89E9FS3E68BNG43DQ", fault.InstantOf(exampleTime)
		presented := fault.Presentation{BaseURL: "https://meet.example.com", Kept: true}.Of(&shown)
		out.Content[kind] = &huma.MediaType{Schema: media.Schema, Example: newProblem(presented)}
	}
	return out
}

// license of the document: that of the program.
var license = &huma.License{Name: "Apache License 2.0", Identifier: "Apache-2.0"}

// servers of the document: the one that serves it.
var servers = []*huma.Server{{URL: "/", Description: "The server that serves this document."}}

// exampleTime is that of the faults in examples.
var exampleTime = time.Date(2026, 11, 22, 7, 7, 42, 120e6, time.UTC)
