package server_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
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
