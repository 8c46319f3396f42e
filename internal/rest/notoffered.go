package rest

import (
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
)

// notOffered lists the published paths that this server does not offer, by what they are for. Those with a method are
// not offered with that method alone. A path that ends with a
// slash stands for everything below it. Names in braces stand for one segment.
var notOffered = []struct{ path, feature string }{
	{"/v2/sip", "SIP calls"},
	{"/v2/sip/", "SIP calls"},
	{"/v2/connectors", "telephony connectors"},
	{"/v2/connectors/", "telephony connectors"},
	{"/v2/batch-calls", "batch calls"},
	{"/v2/batch-calls/", "batch calls"},
	{"/v2/agent", "AI agents"},
	{"/v2/agent/", "AI agents"},
	{"/v2/agents", "AI agents"},
	{"/v2/agents/", "AI agents"},
	{"/ai/v1/realtime-transcriptions", "transcription"},
	{"/ai/v1/realtime-transcriptions/", "transcription"},
	{"/ai/v1/translations", "translation"},
	{"/ai/v1/translations/", "translation"},
	{"/ai/v1/", "AI agents, transcription and translation"},
	{"/v2/ingest", "socket ingest"},
	{"/v2/ingest/", "socket ingest"},
	{"/v2/resource", "the resource pool"},
	{"/v2/resource/", "the resource pool"},
	{"/v2/whiteboard", "the whiteboard"},
	{"/v2/whiteboard/", "the whiteboard"},
	{"/v2/e2ee", "end-to-end encryption"},
	{"/v2/e2ee/", "end-to-end encryption"},
	{"/v2/media-relay", "media relay"},
	{"/v2/media-relay/", "media relay"},
}

// notOfferedFields lists the published fields of requests that this server does not offer, by what they are for.
var notOfferedFields = map[string]string{
	"templateUrl":  "templates of the integrator's own for recordings and streams",
	"preSignedUrl": "uploads to addresses of the integrator's own",
	"preSignedURL": "uploads to addresses of the integrator's own",
	"textConfig":   "the place and style of the text of a watermark",
	"resourceId":   "the resource pool",
	"metadata":     "metadata of participant recordings",
	"watermarks":   "watermarks, other than those of composite recordings and composite merges",
	"watermark":    "watermarks, other than those of composite recordings and composite merges",
	"encryption":   "encrypted streams",

	"presignedOutputUrl": "uploads to addresses of the integrator's own",

	"e2ee": "end-to-end encryption",

	"additionalQueries": "alert rules over several metrics",
	"formula":           "alert rules over several metrics",
	"botToken":          "Slack apps; an incoming webhook of Slack is offered as config.webhookUrl",
	"to":                "notifications by e-mail",
	"routingKey":        "notifications of PagerDuty",
	"integrationKey":    "notifications of PagerDuty",
}

// notOfferedRoutes answers the published paths of what is not offered with 4110, for callers whose token holds: a
// published client would take 404 for a room that does not exist.
func (a *API) notOfferedRoutes() {
	for _, each := range notOffered {
		a.router.ServeMux.HandleFunc(each.path, func(w http.ResponseWriter, r *http.Request) {
			a.write(w, r, a.refuseNotOffered(r, each.feature))
		})
	}
}

func (a *API) refuseNotOffered(r *http.Request, feature string) error {
	if _, err := a.authorize(r.Context()); err != nil {
		return err
	}
	return fault.RequestNotOfferedNotOffered(r.Method+" "+r.URL.Path, "", feature)
}

// notOfferedFeature returns what a part of a request is for that is published and not offered, or "".
func notOfferedFeature(detail *huma.ErrorDetail) string {
	field := detail.Location
	name := field[strings.LastIndexByte(field, '.')+1:]
	switch {
	case detail.Message == unknownFieldProblem:
		return notOfferedFields[name]
	case detail.Message == unknownQueryProblem || !strings.HasPrefix(detail.Message, enumProblem):
		return ""
	case name == "quality" && detail.Value == "ultra":
		return "the quality ultra"
	case name == "enabled" && detail.Value == true && strings.Contains(field, "transcription"):
		return "transcription"
	case name == "withTranscription" || strings.HasSuffix(field, "withTranscription"):
		return "transcription"
	}
	return ""
}
