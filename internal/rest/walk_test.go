package rest_test

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// These tests walk all routes of the document; a new one is judged without being named here.

// Whatever a path is asked with is answered: with what it takes, or with a coded refusal that says what it takes.
func TestEveryPathKnowsItsMethods(t *testing.T) {
	w := newFixture(t)
	for path, item := range openDocument(t).Paths {
		if isWHIP(path) {
			continue
		}
		address := regexp.MustCompile(`\{[^}]+\}`).ReplaceAllString(path, "x")
		options := w.call("", "OPTIONS", address, nil)
		require.Equal(t, http.StatusNoContent, options.status, path)
		allow := options.header.Get("Allow")
		taken := strings.Split(allow, ", ")
		require.Contains(t, taken, "OPTIONS")
		for method := range item {
			require.Contains(t, taken, strings.ToUpper(method), path)
		}
		require.Equal(t, slices.Contains(taken, "GET"), slices.Contains(taken, "HEAD"), path)

		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"} {
			at := method + " " + address
			got := w.call("", method, address, nil)
			slash := w.call("", method, address+"/", nil)
			require.Equal(t, got.status, slash.status, "a slash at the end of %s", at)
			require.Equal(t, got.header.Get("Allow"), slash.header.Get("Allow"), at)
			require.NotEqual(t, http.StatusNotFound, got.status, at)
			switch {
			case !slices.Contains(taken, method):
				require.Equal(t, http.StatusMethodNotAllowed, got.status, at)
				require.Equal(t, allow, got.header.Get("Allow"), at)
				if method == "HEAD" { // has no body
					require.NotEmpty(t, got.header.Get("X-Request-Id"), at)
					continue
				}
				f := w.refused(got, 4107, "METHOD_NOT_ALLOWED")
				require.Subset(t, taken, f.Details["allowed"], at)
			case method == "HEAD":
				require.Empty(t, got.body, at)
				require.Equal(t, w.call("", "GET", address, nil).status, got.status, at)
			default:
				require.NotEqual(t, http.StatusMethodNotAllowed, got.status, at)
			}
		}
	}
	w.refused(w.call("", "OPTIONS", "/v2/nothing", nil), 4108, "ROUTE")
	require.Equal(t, http.StatusOK, w.call(w.token, "HEAD", "/v2/rooms/", nil).status)
}

func isWHIP(path string) bool { // internal/whip serves them
	return strings.HasPrefix(path, "/v2/whip") || strings.HasPrefix(path, "/v2/whep")
}

// Every list is in pages, and every number of a query has bounds. What is out of them is refused by its name.
func TestEveryListHasPages(t *testing.T) {
	w := newFixture(t)
	doc := openDocument(t)
	lists, numbers := 0, 0
	for path, item := range doc.Paths {
		address := regexp.MustCompile(`\{[^}]+\}`).ReplaceAllString(path, "x")
		for method, op := range item {
			at := method + " " + path
			refuse := func(name, value string) {
				f := w.refused(w.call("", strings.ToUpper(method), address+"?"+name+"="+value, nil), 4107, "BAD_PARAMS")
				require.Equal(t, name, f.Param, at)
				require.Contains(t, f.Detail, name, at)
			}
			bounds := map[string]parameterSchema{}
			for _, p := range op.Parameters {
				if p.In == "query" && (p.Schema.Type == "integer" || p.Schema.Type == "number") {
					bounds[p.Name] = p.Schema
				}
			}
			if answersList(doc, op.Responses["200"].Content["application/json"].Schema) {
				lists++
				require.Subset(t, slices.Collect(maps.Keys(bounds)), []string{"page", "perPage"}, at)
				require.LessOrEqual(t, *bounds["perPage"].Maximum, 100.0, at)
			}
			for name, s := range bounds {
				numbers++
				require.NotNil(t, s.Minimum, "%s: %s has no minimum", at, name)
				require.NotNil(t, s.Maximum, "%s: %s has no maximum", at, name)
				for _, value := range []string{
					fmt.Sprintf("%.0f", *s.Minimum-1), fmt.Sprintf("%.0f", *s.Maximum+1), "x", "1.5", "99999999999999999999",
				} {
					if s.Type == "number" && value == "1.5" {
						continue
					}
					refuse(name, value)
				}
			}
		}
	}
	require.Greater(t, lists, 15)
	require.Greater(t, numbers, 30)
}

// answersList reports whether an answer is a list, or an object with a list of what is kept.
func answersList(doc document, s schema) bool {
	if s.Ref != "" {
		s = doc.Components.Schemas[s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]]
	}
	_, paged := s.Properties["pageInfo"]
	data, isData := s.Properties["data"]
	return paged || s.Items != nil || isData && data.Items != nil
}
