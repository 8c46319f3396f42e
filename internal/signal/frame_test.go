package signal

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseFrame(t *testing.T) {
	for _, tt := range []struct {
		name, frame string
		id          int64
		reason      string
		key         string
		want        any
	}{
		{"request", `{"jsonrpc":"2.0","id":7,"method":"ping"}`, 7, "", "", nil},
		{"members of a newer client", `{"jsonrpc":"2.0","id":7,"method":"ping","trace":{"a":1}}`, 7, "", "", nil},
		{"null params", `{"jsonrpc":"2.0","id":7,"method":"ping","params":null}`, 7, "", "", nil},
		{"empty", ``, 0, "NOT_JSON", "offset", int64(0)},
		{"half", `{"jsonrpc":"2.0","id":7,"meth`, 0, "NOT_JSON", "offset", int64(29)},
		{"two texts", `{} {}`, 0, "NOT_JSON", "offset", int64(4)},
		{"not UTF-8", "{\"jsonrpc\":\"\xff\"}", 0, "NOT_JSON", "offset", int64(12)},
		{"batch", `[{"jsonrpc":"2.0","id":7,"method":"ping"}]`, 0, "NOT_JSONRPC", "problem",
			"it is an array; batches are not taken, send one request per message"},
		{"string", `"hello"`, 0, "NOT_JSONRPC", "problem", "it is a string, not an object"},
		{"null", `null`, 0, "NOT_JSONRPC", "problem", "it is null"},
		{"response", `{"jsonrpc":"2.0","id":7,"result":{}}`, 7, "NOT_JSONRPC", "problem",
			"it is a response, and the server asks nothing"},
		{"no version", `{"id":7,"method":"ping"}`, 7, "NOT_JSONRPC", "problem", `the member "jsonrpc" must be "2.0"`},
		{"no id", `{"jsonrpc":"2.0","method":"ping"}`, 0, "NOT_JSONRPC", "problem",
			`the member "id" is missing; every request is answered, so every one has an id`},
		{"negative id", `{"jsonrpc":"2.0","id":-1,"method":"ping"}`, 0, "NOT_JSONRPC", "problem",
			`the member "id" must be an integer from 1 to 9007199254740991`},
		{"fractional id", `{"jsonrpc":"2.0","id":1.5,"method":"ping"}`, 0, "NOT_JSONRPC", "problem",
			`the member "id" must be an integer from 1 to 9007199254740991`},
		{"huge id", `{"jsonrpc":"2.0","id":99999999999999999999,"method":"ping"}`, 0, "NOT_JSONRPC", "problem",
			`the member "id" must be an integer from 1 to 9007199254740991`},
		{"string id", `{"jsonrpc":"2.0","id":"a","method":"ping"}`, 0, "NOT_JSONRPC", "problem",
			`the member "id" is a string; it must be an integer from 1 to 9007199254740991`},
		{"no method", `{"jsonrpc":"2.0","id":7}`, 7, "NOT_JSONRPC", "problem",
			`the member "method" must be a string that is not empty`},
		{"method of another case", `{"jsonrpc":"2.0","id":7,"Method":"ping"}`, 7, "NOT_JSONRPC", "problem",
			`the member "method" must be a string that is not empty`},
		{"numeric method", `{"jsonrpc":"2.0","id":7,"method":7}`, 7, "NOT_JSONRPC", "problem",
			`the member "method" must be a string that is not empty`},
		{"positional params", `{"jsonrpc":"2.0","id":7,"method":"ping","params":[1]}`, 7, "NOT_JSONRPC", "problem",
			`the member "params" is an array; parameters go by name, in an object`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req, f := parseFrame([]byte(tt.frame))
			require.Equal(t, tt.id, req.ID)
			if tt.reason == "" {
				require.Nil(t, f)
				require.Equal(t, "ping", req.Method)
				require.JSONEq(t, `{}`, string(req.Params))
				return
			}
			require.NotNil(t, f)
			require.Equal(t, 4107, f.Code)
			require.Equal(t, tt.reason, f.Reason)
			require.Equal(t, tt.want, f.Details[tt.key], f.Detail)
		})
	}
}

func FuzzParseFrame(f *testing.F) {
	f.Add(
		[]byte(`{"jsonrpc":"2.0","id":7,"method":"consume","params":{"participantId":"a","kind":"audio","enabled":true}}`),
	)
	f.Add([]byte(`{"jsonrpc":"2.0","id":1e3,"method":"join","params":[]}`))
	f.Add([]byte(`[[[[`))
	f.Add([]byte("\xff\xfe"))
	f.Fuzz(func(t *testing.T, frame []byte) {
		req, fault := parseFrame(frame)
		if fault != nil {
			require.Equal(t, 4107, fault.Code)
			require.NotEmpty(t, fault.Detail)
			require.True(t, json.Valid(new(Server).encodeFault(req.ID, fault)))
			return
		}
		require.Positive(t, req.ID)
		require.NotEmpty(t, req.Method)
		again, err := json.Marshal(req)
		require.NoError(t, err)
		second, fault := parseFrame(again)
		require.Nil(t, fault)
		require.Equal(t, req.ID, second.ID)
		require.Equal(t, req.Method, second.Method)
	})
}
