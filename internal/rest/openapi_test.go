package rest_test

import (
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/rest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestOpenAPI(t *testing.T) {
	got, err := rest.New(rest.Options{}).OpenAPI()
	require.NoError(t, err)
	golden := filepath.Join("testdata", "openapi.json")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(golden, append(got, '\n'), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.JSONEq(t, string(want), string(got), "run go test ./internal/rest -run OpenAPI -update and read the change")

	w := newFixture(t)
	served := w.call("", "GET", "/openapi.json", nil)
	require.Equal(t, http.StatusOK, served.status)
	require.JSONEq(t, string(want), served.body)

	require.Contains(t, w.call("", "GET", "/openapi.yaml", nil).body, "openapi: 3.1.0")

	// Every operation says who may call it and has the fault as its refusal.
	var doc struct {
		OpenAPI string `json:"openapi"`
		Paths   map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Security    []map[string][]string
			Responses   map[string]struct {
				Content map[string]any `json:"content"`
			} `json:"responses"`
		} `json:"paths"`
	}
	require.NoError(t, json.Unmarshal(got, &doc))
	require.Equal(t, "3.1.0", doc.OpenAPI)
	ids := map[string]bool{}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			if !strings.HasPrefix(path, "/v2/public/") {
				require.NotEmpty(t, op.Security, "%s %s", method, path)
			}
			require.Contains(t, op.Responses["default"].Content, "application/problem+json", "%s %s", method, path)
			require.False(t, ids[op.OperationID], op.OperationID)
			ids[op.OperationID] = true
		}
	}
	require.Greater(t, len(ids), 30)
}
