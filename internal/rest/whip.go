package rest

import (
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// whipProtocol is one of the two protocols that internal/whip serves. Their bodies are no JSON, so they are described
// here and not registered.
type whipProtocol struct {
	name, path, tag, does string
	queries               []whipQuery
}

type whipQuery struct {
	name, doc string
	kind      string // of its schema
}

// whepSource is the JSON body that changes whom a player is sent.
type whepSource struct {
	RemotePeerID string `json:"remotePeerId" doc:"The participant that is played. \"\": who shares or speaks."`
}

var whipProtocols = []whipProtocol{
	{
		name: "WHIP", path: "/v2/whip", tag: "WHIP", does: "Publish into a room",
		queries: []whipQuery{
			{"roomId", "roomId or customRoomId.", "string"},
			{"participantId", "Id of the participant that publishes. Default: the server makes one.", "string"},
			{"displayName", "Its name, as others see it.", "string"},
			{"useExistingPeer", "true: a participant of that id that publishes over WHIP already goes on with this " +
				"connection, and others see nobody leave. Default: the older participation is replaced.", "boolean"},
		},
	},
	{
		name: "WHEP", path: "/v2/whep", tag: "WHEP", does: "Play a room",
		queries: []whipQuery{
			{"roomId", "roomId or customRoomId.", "string"},
			{"participantId", "Id of the player, which others do not see. Default: the server makes one.", "string"},
			{"displayName", "Its name, in the records of the session.", "string"},
			{"remotePeerId", "The participant that is played, also one that has not come yet. Default: who shares or speaks.",
				"string"},
		},
	},
}

// faultResponse describes any refusal.
func faultResponse(document *huma.OpenAPI) *huma.Response {
	return &huma.Response{Description: "The fault.", Content: map[string]*huma.MediaType{
		problemType: {Schema: schemaOf[*Problem](document.Components.Schemas, "Problem")},
	}}
}

func schemaOf[T any](schemas huma.Registry, name string) *huma.Schema {
	return schemas.Schema(reflect.TypeFor[T](), true, name)
}

// describeWHIP adds WHIP and WHEP to the document.
func (a *API) describeWHIP() {
	document := a.huma.OpenAPI()
	problem := faultResponse(document)
	text := func(kind, doc string) map[string]*huma.MediaType {
		return map[string]*huma.MediaType{kind: {Schema: &huma.Schema{Type: "string", Description: doc}}}
	}
	header := func(doc string) *huma.Param {
		return &huma.Param{Description: doc, Schema: &huma.Schema{Type: "string"}}
	}
	const sdp, fragment = "application/sdp", "application/trickle-ice-sdpfrag"
	for _, p := range whipProtocols {
		var queries []*huma.Param
		for _, q := range p.queries {
			queries = append(queries, &huma.Param{
				Name: q.name, In: "query", Description: q.doc, Schema: &huma.Schema{Type: q.kind},
			})
		}
		room := &huma.Param{Name: "roomId", In: "path", Required: true, Schema: &huma.Schema{Type: "string"}}
		session := &huma.Param{
			Name: "sessionId", In: "path", Required: true, Schema: &huma.Schema{Type: "string"},
			Description: "The last part of the Location header of the 201 answer.",
		}
		security := []map[string][]string{{"participant": {}}}
		inRoom := append([]*huma.Param{room}, queries[1:]...)
		for suffix, parameters := range map[string][]*huma.Param{"": queries, "/{roomId}": inRoom} {
			id := "start-" + p.tag
			if suffix != "" {
				id += "-in-room"
			}
			document.AddOperation(&huma.Operation{
				OperationID: id, Method: http.MethodPost, Path: p.path + suffix, Summary: p.does + " over " + p.name,
				Tags: []string{p.tag}, Security: security, Parameters: parameters,
				Description: "The token comes after `Bearer ` or alone. docs/whip.md describes the protocol.",
				RequestBody: &huma.RequestBody{Required: true, Content: text(sdp, "The offer.")},
				Responses: map[string]*huma.Response{
					"201": {
						Description: "The answer.", Content: text(sdp, "The answer, complete with candidates."),
						Headers: map[string]*huma.Param{
							"Location": header("Address of the session."), "ETag": header("Of the ICE session."),
							"Link": header("A TURN server, with credentials (rel=\"ice-server\")."),
						},
					},
					"default": problem,
				},
			})
		}
		content := text(fragment, "New ICE credentials, or candidates.")
		description := "With `If-Match: *` and new credentials ICE restarts (200). Candidates need the ETag (204)."
		if p.tag == "WHEP" {
			content["application/json"] = &huma.MediaType{
				Schema: document.Components.Schemas.Schema(reflect.TypeFor[whepSource](), true, "WhepSource"),
			}
			description += " A JSON body changes whom the player is sent (204), without an offer."
		}
		document.AddOperation(&huma.Operation{
			OperationID: "change-" + p.tag + "-session", Method: http.MethodPatch, Path: p.path + "/sessions/{sessionId}",
			Summary: "Restart ICE of a " + p.name + " session, or add candidates", Tags: []string{p.tag}, Security: security,
			Description: description, Parameters: []*huma.Param{session, {
				Name: "If-Match", In: "header", Schema: &huma.Schema{Type: "string"},
			}},
			RequestBody: &huma.RequestBody{Required: true, Content: content},
			Responses: map[string]*huma.Response{
				"200": {
					Description: "ICE has been restarted.",
					Content:     text(fragment, "Credentials and candidates of the server."),
					Headers:     map[string]*huma.Param{"ETag": header("Of the new ICE session.")},
				},
				"204": {Description: "Taken."}, "default": problem,
			},
		})
		document.AddOperation(&huma.Operation{
			OperationID: "end-" + p.tag + "-session", Method: http.MethodDelete, Path: p.path + "/sessions/{sessionId}",
			Summary: "End a " + p.name + " session", Tags: []string{p.tag}, Security: security,
			Description: "sessionId may also be the id of the room's session, with participantId.",
			Parameters: []*huma.Param{session, {
				Name: "participantId", In: "query", Schema: &huma.Schema{Type: "string"},
			}},
			Responses: map[string]*huma.Response{"200": {Description: "It has ended."}, "default": problem},
		})
	}
}
