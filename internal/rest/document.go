package rest

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
)

// completeDocument adds what huma does not describe: that every operation may be refused, with an example of how, and
// that the calls without a token need none.
func (a *API) completeDocument() {
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

// problemResponse describes a refusal like another one, with an example.
func problemResponse(like *huma.Response, description string, f *fault.Error) *huma.Response {
	out := &huma.Response{Description: description, Content: map[string]*huma.MediaType{}}
	for kind, media := range like.Content {
		shown := *f
		shown.ID, shown.At = "flt_01M8CS5FQ89E9FS3E68BNG43DQ", exampleTime
		presented := fault.Presentation{BaseURL: "https://meet.example.com"}.Of(&shown)
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
