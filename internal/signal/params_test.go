package signal

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// decoders are those of all methods with params.
func decoders() map[string]func(wire.Request) (wire.Params, error) {
	all := map[string]func(wire.Request) (wire.Params, error){}
	for name, m := range methods {
		all[name] = m.decode
	}
	for name, m := range handshakes {
		all[name] = m.decode
	}
	return all
}

// Every method of the protocol is in a table, so that its params are decoded and checked like those of all others, and
// every type of params that wire declares is one that a method takes.
func TestEveryMethodChecksItsParams(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../wire/wire.go", nil, 0)
	require.NoError(t, err)
	decode, taken := decoders(), map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Method") {
			return true
		}
		name, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		require.NoError(t, err)
		if name == wire.MethodPing { // the socket answers it, and it has no params
			return true
		}
		require.Contains(t, decode, name)
		params, err := decode[name](wire.Request{Method: name, Params: json.RawMessage(`{"protocol":1,"sdp":0}`)})
		require.Implements(t, (*wire.Params)(nil), params)
		taken[reflect.TypeOf(params).Name()] = name
		optional := strings.HasPrefix(name, "start") || name == wire.MethodJoin || name == wire.MethodLeave
		if reflect.TypeOf(params).NumField() > 0 && !optional {
			require.Error(t, err, "%s takes what is not its params", name)
		}
		return true
	})
	require.Len(t, decode, len(methods)+len(handshakes))
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if ok && strings.HasSuffix(spec.Name.Name, "Params") && spec.Name.Name != "EventParams" {
			require.Contains(t, taken, spec.Name.Name, "no method takes it")
		}
		return true
	})
}

func TestDecodeParams(t *testing.T) {
	for _, tt := range []struct{ name, method, params, field, problem string }{
		{"good", "consume", `{"participantId":"a","kind":"audio","enabled":true,"later":1}`, "", ""},
		{"missing", "consume", `{"participantId":"a","kind":"audio"}`, "enabled", "is missing"},
		{"null", "consume", `{"participantId":"a","kind":null,"enabled":true}`, "kind", "is missing"},
		{"number for string", "consume", `{"participantId":1,"kind":"audio","enabled":true}`,
			"participantId", "is a number; it takes a string"},
		{"string for bool", "consume", `{"participantId":"a","kind":"audio","enabled":"yes"}`,
			"enabled", "is a string; it takes a boolean"},
		{"object for string", "consume", `{"participantId":{},"kind":"audio","enabled":true}`,
			"participantId", "is an object; it takes a string"},
		{"unknown kind", "consume", `{"participantId":"a","kind":"smell","enabled":true}`,
			"kind", `is "smell"; it takes one of audio, video, share, shareAudio`},
		{"no right", "restrict", `{}`, "params", "name no right; the rights are audio, video, share, chat"},
		{"null for a right", "restrict", `{"audio":null}`,
			"params", "name no right; the rights are audio, video, share, chat"},
		{"unknown right", "restrict", `{"audio":true,"microphone":true}`,
			"microphone", "is no right; the rights are audio, video, share, chat"},
		{"string for a right", "restrict", `{"chat":"no"}`, "chat", "is a string; it takes a boolean"},
		{"null object", "join", `{"protocol":1,"metaData":null}`, "", ""},
		{"array for object", "join", `{"protocol":1,"metaData":[1]}`, "metaData", "is an array, not a JSON object"},
		{"no params", "leave", `{}`, "", ""},
		{"for another meeting", "leave", `{"reason":"SWITCH_ROOM"}`, "", ""},
		{"unknown reason", "leave", `{"reason":"REMOVE_PEER"}`, "reason", `is "REMOVE_PEER"; it takes one of SWITCH_ROOM`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := decoders()[tt.method](wire.Request{Method: tt.method, Params: json.RawMessage(tt.params)})
			if tt.field == "" {
				require.NoError(t, err)
				return
			}
			f := fault.From(err)
			require.Equal(t, "BAD_PARAMS", f.Reason)
			require.Equal(t, tt.field, f.Param)
			require.Equal(t, tt.problem, f.Details["problem"])
		})
	}
}

// What is null is absent to those who get the params.
func TestDecodeParamsDropsNulls(t *testing.T) {
	p, err := decodeParams[wire.PublishMessageParams](wire.Request{
		Method: wire.MethodPublishMessage,
		Params: json.RawMessage(`{"topic":"t","message":"","payload": null,"sendOnly":null}`),
	})
	require.NoError(t, err)
	require.Nil(t, p.Payload)
	require.Nil(t, p.SendOnly)
}

// Whatever the params of a method hold, they are decoded within the limits of the protocol, or refused with a fault
// that the client caused.
func FuzzParams(f *testing.F) {
	f.Add("join", []byte(`{"protocol":1,"token":"t","participantId":"jose\u0301","name":"Ann","metaData":{"a":[1]}}`))
	f.Add("resume", []byte(`{"protocol":1,"sessionId":"s","participantId":"a","secret":"x","lastSeq":0}`))
	f.Add("publish", []byte(`{"sdp":"v=0","streams":[{"mid":"0","kind":"audio","enabled":true}]}`))
	f.Add("consume", []byte(`{"participantId":"a","kind":"audio","enabled":true}`))
	f.Add("answer", []byte(`{"offerId":1,"sdp":"v=0"}`))
	f.Add("pubsub.publish", []byte(`{"topic":"t","message":"m","payload":null,"sendOnly":["a"]}`))
	f.Add("pubsub.subscribe", []byte(`{"topic":"t","oldMessageLimit":-1}`))
	f.Add("report", []byte(`{"fault":{"code":3011,"reason":"ABSENT","id":"flt_01JD0000000000000000000000","details":{}}}`))
	f.Add("startRecording", []byte(`{"config":{"layout":{"type":"GRID"}},"onFailure":"stop"}`))
	f.Add("respondEntry", []byte(`{"participantId":"a","decision":"allowed"}`))
	decode := decoders()
	f.Fuzz(func(t *testing.T, method string, raw []byte) {
		frame, err := json.Marshal(wire.Request{JSONRPC: "2.0", ID: 1, Method: method, Params: raw})
		if err != nil || decode[method] == nil {
			return // the params are not JSON, or nothing takes them
		}
		req, refused := parseFrame(frame)
		if refused != nil {
			return
		}
		params, err := decode[method](req)
		if err != nil {
			refusal := fault.From(err)
			_, known := refusal.Entry()
			require.True(t, known)
			require.Less(t, refusal.Code, 5000, "%v", err)
			require.NotEmpty(t, refusal.Param)
			require.True(t, json.Valid(new(Server).encodeFault(req.ID, refusal)))
			return
		}
		require.Nil(t, params.Check(), "what is decoded has been checked")
	})
}

// What encoding/json says nothing about: a param given twice, and a character that no text can have.
func TestParamsThatAreNotOneThing(t *testing.T) {
	for text, want := range map[string]string{
		`{"topic":"CHAT","message":"a","message":"b"}`:           "message of pubsub.publish: it is given twice.",
		`{"topic":"CHAT","message":"a\u0000b"}`:                  "message of pubsub.publish: it has U+0000",
		`{"topic":"CHAT","message":"a","payload":{"x":1,"x":2}}`: "payload.x of pubsub.publish: it is given twice.",
	} {
		_, err := decodeParams[wire.PublishMessageParams](
			wire.Request{Method: wire.MethodPublishMessage, Params: json.RawMessage(text)})
		require.ErrorContains(t, err, want)
	}
}

// A token or meeting id that is no text has its published code: 4002 and 4003, not 4107.
func TestIdentityThatIsNoText(t *testing.T) {
	for params, want := range map[string]int{
		`{"protocol":1,"token":5,"meetingId":"m"}`:             4002,
		`{"protocol":1,"token":["x"],"meetingId":"m"}`:         4002,
		`{"protocol":1,"token":"x\u0000","meetingId":"m"}`:     4002,
		`{"protocol":1,"token":"x","meetingId":7}`:             4003,
		`{"protocol":1,"token":"x","meetingId":{}}`:            4003,
		`{"protocol":1,"token":"x","meetingId":"m\u0000"}`:     4003,
		`{"protocol":1,"token":"x","meetingId":"m","name":7}`:  4107,
		`{"protocol":"1","token":"x","meetingId":"m"}`:         4107,
		`{"protocol":1,"token":"x","meetingId":"m","mode":{}}`: 4107,
	} {
		_, err := decodeParams[wire.JoinParams](wire.Request{Method: wire.MethodJoin, Params: json.RawMessage(params)})
		f, ok := errors.AsType[*fault.Error](err)
		require.True(t, ok, params)
		require.Equal(t, want, f.Code, "%s: %s", params, f.Detail)
	}
}
