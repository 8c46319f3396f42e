package server_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/testpeer"
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

// A rate holds for all nodes together: who uses up that of its API key at one is refused by the other.
func TestRatesOfAllNodes(t *testing.T) {
	t.Parallel()
	nodes := testserver.StartNodes(t, []string{"a", "b"}, func(c *conf.Config) { c.Limit.RESTPerSecond = 1 })
	token := nodes[0].Account(t, nil).Token(t)
	ask := func(n *testserver.Server) int {
		status, _ := n.REST(t, token, http.MethodGet, "/v2/rooms", nil)
		return status
	}
	taken := 0
	require.Eventually(t, func() bool {
		for range 20 { // it takes 10 at once, and then one a second
			ask(nodes[0])
		}
		if ask(nodes[1]) == http.StatusTooManyRequests {
			return true
		}
		taken++
		return false
	}, testserver.Timeout, 200*time.Millisecond)
	require.Less(t, taken, 10, "the other node has let through all that it would alone")
}

// WHIP, WHEP and the streams of events work at each node, and their sessions are reached through every other one.
func TestStandardDoorsOfAllNodes(t *testing.T) {
	t.Parallel()
	nodes := testserver.StartNodes(t, []string{"a", "b", "c"})
	account := nodes[0].Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	told := make(chan string, 100)
	for _, n := range nodes {
		follow(t, n, token, told)
	}
	cam, refused := testpeer.PublishWHIP(t, nodes[0].URL+"/v2/whip?roomId="+room+"&participantId=cam", token, "cam")
	require.Nil(t, refused)
	for range nodes {
		require.Equal(t, "participant-joined", <-told)
	}
	for i, n := range nodes { // two of the three are not the owner's
		endpoint := fmt.Sprintf("%s/v2/whep?roomId=%s&participantId=tv-%d", n.URL, room, i)
		player, refused := testpeer.PlayWHEP(t, endpoint, token)
		require.Nil(t, refused)
		grows := func() {
			t.Helper()
			for _, a := range []*testpeer.Arrived{&player.Video, &player.Audio} {
				before := a.Frames.Load()
				require.Eventually(t, func() bool { return a.Frames.Load() > before+10 },
					testserver.Timeout, 10*time.Millisecond, "played through %s", n.URL)
			}
		}
		grows()
		path, of := strings.CutPrefix(player.Address, n.URL)
		require.True(t, of, "%s is an address of %s", player.Address, n.URL)
		player.Address = nodes[(i+1)%len(nodes)].URL + path
		player.RestartICE()
		grows()
		require.Nil(t, player.Delete())
		require.Eventually(t, player.Ended, testserver.Timeout, 10*time.Millisecond)
	}
	cam.Address = nodes[2].URL + strings.TrimPrefix(cam.Address, nodes[0].URL)
	require.Nil(t, cam.Delete())
	require.Eventually(t, cam.Ended, testserver.Timeout, 10*time.Millisecond)
	for left := 0; left < len(nodes); {
		if <-told == "participant-left" {
			left++
		}
	}
}

// follow sends the names of the events that a node tells to told. The stream is open when it returns.
func follow(t *testing.T, n *testserver.Server, token string, told chan<- string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, n.URL+"/v2/events", nil)
	require.NoError(t, err)
	request.Header.Set("Authorization", token)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, response.StatusCode)
	go func() {
		defer func() { _ = response.Body.Close() }()
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			name, is := strings.CutPrefix(lines.Text(), "event: ")
			if is && strings.HasPrefix(name, "participant-") {
				told <- name
			}
		}
	}()
}

// What is measured of participants on several nodes is counted, and judged by alert rules, on each node as on the
// others; an incident opens once.
func TestAlertsOfAllNodes(t *testing.T) {
	t.Parallel()
	nodes := testserver.StartNodes(t, []string{"a", "b"}, func(c *conf.Config) {
		c.Quality.Interval, c.Alerts.Interval = time.Second, time.Second
		c.Cluster.Region, c.Cluster.CPULimit = map[string]string{"a": "us001", "b": "eu001"}[c.Cluster.Node], 0
	})
	account := nodes[0].Account(t, nil)
	token := account.Token(t)
	entries := func(n *testserver.Server) []rest.NodeEntry {
		status, answer := n.Admin(t, http.MethodGet, "/admin/v1/nodes", nil)
		require.Equal(t, http.StatusOK, status, string(answer))
		var page rest.Page[rest.NodeEntry]
		require.NoError(t, json.Unmarshal(answer, &page))
		return page.Data
	}
	require.Eventually(t, func() bool { // one that starts is listed as draining
		return !slices.ContainsFunc(entries(nodes[0]), func(one rest.NodeEntry) bool { return one.Draining })
	}, testserver.Timeout, 50*time.Millisecond)
	regions := []string{"us001", "eu001", "us001", "eu001"}
	for _, region := range regions {
		room := account.Meeting(t, map[string]any{"geoFence": region})
		at := nodes[0].URL + "/v2/whip?roomId=" + room + "&participantId=cam-" + room
		_, refused := testpeer.PublishWHIP(t, at, token, "cam")
		require.Nil(t, refused)
	}
	status, answer := nodes[0].REST(t, token, http.MethodPost, "/v2/alertRules", map[string]any{
		"name": "media flows", "severity": "info",
		"ruleConfig": map[string]any{
			"query":     map[string]any{"metric": "packet_loss"},
			"condition": map[string]any{"operator": ">", "threshold": -1},
		},
	})
	require.Less(t, status, 300, string(answer))
	ask := func(n *testserver.Server, path string, into any) {
		t.Helper()
		status, answer := n.REST(t, token, http.MethodGet, path, nil)
		require.Equal(t, http.StatusOK, status, string(answer))
		require.NoError(t, json.Unmarshal(answer, into))
	}
	for _, n := range nodes {
		require.Positive(t, entries(n)[0].Meetings, "%s has no meeting", n.URL)
	}
	for _, n := range nodes {
		require.Eventually(t, func() bool {
			var count rest.MetricParticipants
			ask(n, "/v2/alertRules/metrics/participantCount?metric=packet_loss", &count)
			return count.ParticipantCount == len(regions)
		}, testserver.Timeout, 100*time.Millisecond, "counted at %s", n.URL)
	}
	var listed []string
	for _, n := range nodes {
		var series rest.MetricSeries
		ask(n, "/v2/alertRules/metrics?metric=packet_loss&window=1h", &series)
		require.NotEmpty(t, series.Points)
		var incidents struct{ Data []struct{ ID string } }
		require.Eventually(t, func() bool {
			ask(n, "/v2/incidents", &incidents)
			return len(incidents.Data) > 0
		}, testserver.Timeout, 100*time.Millisecond)
		require.Len(t, incidents.Data, 1)
		listed = append(listed, incidents.Data[0].ID)
	}
	require.Equal(t, listed[0], listed[1])
	began := time.Now()
	require.Eventually(t, func() bool { return time.Since(began) > 3*time.Second }, testserver.Timeout,
		100*time.Millisecond)
	for _, n := range nodes { // both have judged it some more times
		var incidents struct{ Data []struct{ ID, Status string } }
		ask(n, "/v2/incidents", &incidents)
		require.Len(t, incidents.Data, 1)
		require.Equal(t, "open", incidents.Data[0].Status)
	}
}
