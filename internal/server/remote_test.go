package server_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/testserver"
)

// What lasts on one node is listed by each, with the name of that node.
func TestConditionsOfAllNodes(t *testing.T) {
	t.Parallel()
	nodes := testserver.StartNodes(t, []string{"a", "b"}, func(c *conf.Config) {
		if c.Cluster.Node == "b" {
			c.Egress.FFmpeg = "/nonexistent/ffmpeg"
		}
	})
	for i, from := range []string{"b", ""} {
		require.Eventually(t, func() bool {
			status, answer := nodes[i].Admin(t, http.MethodGet, "/admin/v1/conditions", nil)
			require.Equal(t, http.StatusOK, status, string(answer))
			var page rest.Page[rest.ConditionEntry]
			require.NoError(t, json.Unmarshal(answer, &page))
			for _, c := range page.Data {
				if c.Reason == "RECORDING_UNAVAILABLE" {
					require.Equal(t, from, c.Node)
					return true
				}
			}
			return false
		}, testserver.Timeout, 50*time.Millisecond, "asked at %s", nodes[i].URL)
	}
}
