package wire_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

func TestJSONProblem(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ text, path, problem string }{
		{`{"a":1,"b":[{"c":"d","e":null}],"c":{"a":2}}`, "", ""},
		{`[{"a":1},{"a":1}]`, "", ""},
		{`"a\\u0000"`, "", ""},
		{`{"a":1,"b":2,"a":1}`, "a", "it is given twice"},
		{`{"a":1,"\u0061":1}`, "a", "it is given twice"},
		{`{"x":[1,{"y":{"z":1,"z":2}}]}`, "x[1].y.z", "it is given twice"},
		{`{"x":["ok","a\u0000b"]}`, "x[1]", "it has U+0000 at character 1, which no text can have"},
		{`{"x":{"a\u0000":1}}`, "x", "a name in it has U+0000, which no text can have"},
		{`"\u0000"`, "", "it has U+0000 at character 0, which no text can have"},
		{strings.Repeat("[", 9000) + strings.Repeat("]", 9000), "", ""},
	} {
		path, problem := wire.JSONProblem([]byte(tc.text))
		require.Equal(t, tc.path, path, tc.text)
		require.Equal(t, tc.problem, problem, tc.text)
	}
}

// FuzzJSONProblem holds that what is found nothing wrong with means the same when it is written again.
func FuzzJSONProblem(f *testing.F) {
	f.Add(`{"a":1,"a":2}`)
	f.Add(`{"a":[{"b":"\u0000"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		_, problem := wire.JSONProblem([]byte(text))
		if !json.Valid([]byte(text)) || problem != "" {
			return
		}
		var value any
		if json.Unmarshal([]byte(text), &value) != nil {
			return // a number that is out of range
		}
		again, err := json.Marshal(value)
		require.NoError(t, err)
		require.NotContains(t, strings.ReplaceAll(string(again), `\\`, ""), `\u0000`)
	})
}
