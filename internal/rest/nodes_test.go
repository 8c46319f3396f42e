package rest_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/rest"
)

func TestNodes(t *testing.T) {
	w := newFixture(t, func(o *rest.Options) {
		o.Nodes = func(context.Context) []rest.NodeEntry {
			return []rest.NodeEntry{
				{Name: "a", Self: true}, {Name: "b", Draining: true, Drain: &rest.Drain{Node: "b", State: "draining", Jobs: 2}},
			}
		}
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
	nodes := w.admin(http.MethodGet, "/admin/v1/nodes", nil).ok()["data"].([]any)
	require.NotContains(t, nodes[0], "drain")
	require.Equal(t, 2.0, nodes[1].(map[string]any)["drain"].(map[string]any)["jobs"])
	w.refused(w.call(w.token, http.MethodGet, "/admin/v1/nodes", nil), 4105, "ADMIN_CREDENTIAL")
}

// drainer counts what still lives on a node.
type drainer struct {
	draining bool
	fails    *fault.Error
}

func (d *drainer) Drain() (rest.Drain, error)   { return d.set(true, "draining") }
func (d *drainer) State() (rest.Drain, error)   { return d.set(d.draining, "draining") }
func (d *drainer) Undrain() (rest.Drain, error) { return d.set(false, "serving") }

func (d *drainer) set(draining bool, state string) (rest.Drain, error) {
	if d.fails != nil {
		return rest.Drain{}, d.fails
	}
	d.draining = draining
	return rest.Drain{
		Node: "a", State: state, Meetings: 3, Jobs: 1, Problem: "no node", ForMs: 1500,
		Waiting: []rest.DrainJob{{
			ID: "r1", Kind: job.Recording, RoomID: "abcd-efgh-ijkl", State: job.Stopping, ForMs: 1200, Problem: "no egress node",
		}},
	}, nil
}

func TestDrain(t *testing.T) {
	d := &drainer{}
	w := newFixture(t, func(o *rest.Options) { o.Drainer = d })
	const path = "/admin/v1/drain"
	for range 2 {
		require.Equal(t,
			map[string]any{
				"node": "a", "state": "draining", "meetings": 3.0, "jobs": 1.0, "problem": "no node", "forMs": 1500.0,
				"waiting": []any{map[string]any{
					"id": "r1", "kind": "recording", "roomId": "abcd-efgh-ijkl", "state": "STOPPING", "forMs": 1200.0,
					"problem": "no egress node",
				}},
			},
			w.admin(http.MethodPost, path, nil).ok())
		require.Equal(t, "no node", w.admin(http.MethodGet, path, nil).ok()["problem"])
		require.True(t, d.draining)
	}
	require.Equal(t, "serving", w.admin(http.MethodDelete, path, nil).ok()["state"])
	require.False(t, d.draining)

	w.refused(w.call(w.token, http.MethodPost, path, nil), 4105, "ADMIN_CREDENTIAL")
	w.refused(w.call(w.token, http.MethodGet, path, nil), 4105, "ADMIN_CREDENTIAL")
	w.refused(w.call(w.token, http.MethodDelete, path, nil), 4105, "ADMIN_CREDENTIAL")
	d.fails = fault.ServerUnavailableDraining()
	w.refused(w.admin(http.MethodPost, path, nil), 5101, "DRAINING")
	var routes []any
	for _, c := range w.admin(http.MethodGet, "/admin/v1/audit", nil).ok()["data"].([]any) {
		if route := c.(map[string]any)["route"].(string); strings.HasSuffix(route, path) {
			routes = append(routes, route)
		}
	}
	require.Equal(t, []any{"POST " + path, "DELETE " + path, "POST " + path, "POST " + path}, routes)
}

func TestDrainOfServerAlone(t *testing.T) {
	w := newFixture(t)
	w.refused(w.admin(http.MethodPost, "/admin/v1/drain", nil), 4110, "NO_CLUSTER")
	w.refused(w.admin(http.MethodGet, "/admin/v1/drain", nil), 4110, "NO_CLUSTER")
	w.refused(w.admin(http.MethodDelete, "/admin/v1/drain", nil), 4110, "NO_CLUSTER")
}
