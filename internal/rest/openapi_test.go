package rest_test

import (
	"encoding/json"
	"flag"
	"fmt"
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

// What code generators need of the document beyond what its schema asks for. Each rule is something that one of them
// failed on, or made a wrong client of; make openapi runs them all.
func TestOpenAPIGenerates(t *testing.T) {
	raw, err := rest.New(rest.Options{}).OpenAPI()
	require.NoError(t, err)
	var doc struct {
		Tags  []struct{ Name string }
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Summary     string
			Tags        []string
			Responses   map[string]json.RawMessage
		}
		Components struct{ Schemas map[string]any }
	}
	require.NoError(t, json.Unmarshal(raw, &doc))

	// Generators make the names of types of these, in one spelling: two that differ only in dashes or case collide. They
	// add to the id of an operation what the type is of.
	names := map[string]string{}
	unique := func(name, suffix string) {
		plain := strings.ToLower(strings.NewReplacer("-", "", "_", "", ".", "", " ", "").Replace(name + suffix))
		require.Empty(t, names[plain], "%s and %s are one name", name, names[plain])
		names[plain] = name
	}
	for name, schema := range doc.Components.Schemas {
		unique(name, "")
		namedForms(t, name, schema)
	}
	listed := map[string]bool{}
	for _, tag := range doc.Tags {
		listed[tag.Name] = true
	}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			at := method + " " + path
			for _, suffix := range []string{"Data", "Response", "Responses", "Error", "Errors", "Params", "JSONBody"} {
				unique(op.OperationID, suffix)
			}
			require.NotEmpty(t, op.Summary, at)
			require.NotEmpty(t, op.Tags, at)
			for _, tag := range op.Tags {
				require.True(t, listed[tag], "%s: the tag %s is not in the list", at, tag)
			}
			require.Contains(t, op.Responses, "4XX", at)
			require.Contains(t, op.Responses, "5XX", at)
			for status, response := range op.Responses {
				var any any
				require.NoError(t, json.Unmarshal(response, &any))
				namedForms(t, at+" "+status, any)
			}
		}
	}
}

// namedForms fails for a form of a oneOf, anyOf or allOf that is no reference: generators name it after its place, and
// one of them twice the same.
func namedForms(t *testing.T, at string, schema any) {
	switch s := schema.(type) {
	case []any:
		for i, each := range s {
			namedForms(t, fmt.Sprintf("%s[%d]", at, i), each)
		}
	case map[string]any:
		for key, value := range s {
			if forms, ok := value.([]any); ok && (key == "oneOf" || key == "anyOf" || key == "allOf") {
				for _, form := range forms {
					require.Contains(t, form, "$ref", "%s.%s: a form without a name", at, key)
				}
			}
			if key != "example" && key != "examples" {
				namedForms(t, at+"."+key, value)
			}
		}
	}
}
