package rest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/rest"
)

func TestNodes(t *testing.T) {
	w := newFixture(t, func(o *rest.Options) {
		o.Nodes = func() []rest.NodeEntry { return []rest.NodeEntry{{Name: "a", Self: true}, {Name: "b", Draining: true}} }
	})
	named := func(query string) []any {
		var names []any
		for _, one := range w.admin(http.MethodGet, "/admin/v1/nodes"+query, nil).ok()["data"].([]any) {
			names = append(names, one.(map[string]any)["name"])
		}
		return names
	}
	require.Equal(t, []any{"a", "b"}, named(""))
	require.Equal(t, []any{"b"}, named("?page=2&perPage=1"))
	w.refused(w.call(w.token, http.MethodGet, "/admin/v1/nodes", nil), 4105, "ADMIN_CREDENTIAL")
}
