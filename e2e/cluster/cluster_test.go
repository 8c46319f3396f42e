package cluster

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// ownerNow returns the node on which a meeting lives, as the database knows it; nil: none.
func (c *nodes) ownerNow(t *testing.T, meeting string) *node {
	t.Helper()
	return c.named(t, `SELECT node FROM owners WHERE meeting_id = $1`, meeting)
}

// named returns the node whose name a query of the database returns; nil: none.
func (c *nodes) named(t *testing.T, query, meeting string) *node {
	t.Helper()
	db, err := sql.Open("pgx", c.database)
	require.NoError(t, err)
	defer db.Close()
	var name string
	err = db.QueryRowContext(t.Context(), query, meeting).Scan(&name)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	require.NoError(t, err)
	for _, n := range c.all {
		if n.name == name {
			return n
		}
	}
	return nil
}

// TestCluster takes the nodes of one cluster away, one way after the other.
func TestCluster(t *testing.T) {
	c := start(t, 3, nil)
	for _, part := range []struct {
		name string
		test func(*testing.T, *nodes)
	}{
		{"any node", testAnyNode}, {"owner killed", testOwnerKilled}, {"lobby", testLobby},
		{"all away", testAllAway}, {"all restart", testAllRestart},
		{"owner stopped", testOwnerStopped},
		{"cut off", testCutOff}, {"shared away", testSharedAway}, {"drained", testDrained},
		{"drained over REST", testDrainedOverREST}, {"recording moves", testRecordingMoves},
		{"stream moves", testStreamMoves}, {"livestream moves", testLivestreamMoves}, {"job stays", testJobStays},
		{"recorder killed", testRecorderKilled}, {"recording restarts", testRecordingRestarts},
		{"streams at each node", testStreamsAtEachNode}, {"encoders", testEncoders},
		{"people in browsers", testBrowsers},
	} {
		t.Run(part.name, func(t *testing.T) {
			c.settle(t)
			part.test(t, c)
		})
	}
}

// TestOverloaded: a node whose processors are busy takes no new meeting, then nobody new in those that run, and serves
// who is there. All is as before when the processors are free again.
func TestOverloaded(t *testing.T) {
	tries(t)
	c := start(t, 1, settings{"cluster.cpuLimit": "14"})
	m := c.gather(t, "ann", "bob")
	token := c.account.Token(t)
	m.measure()
	free := keepBusy()
	defer free()
	refused := func(reason string, meeting func() string) {
		until(t, time.Minute, reason, func() bool {
			ctx := withTimeout(t) // the SDK tries again after retryAfterMs
			late, err := sdk.InitMeeting(sdk.Options{URL: c.front.url, Token: token, MeetingID: meeting(), JoinAttempts: 1})
			require.NoError(t, err)
			defer func() { _ = late.Leave(ctx) }()
			err = late.Join(ctx)
			return err != nil && fault.From(err).Reason == reason && fault.From(err).RetryAfterMs > 0
		})
	}
	refused("OVERLOADED", func() string { return c.account.Meeting(t, nil) })
	refused("NODE_OVERLOADED", func() string { return m.meeting })
	m.together(t, 10*time.Second)
	for _, b := range m.bots {
		require.NotContains(t, b.told(), "state RECONNECTING")
	}
	free()
	until(t, time.Minute, "somebody joins again", func() bool { return c.visit(t, m.meeting) == nil })
	until(t, time.Minute, "another meeting begins again", func() bool {
		return c.visit(t, c.account.Meeting(t, nil)) == nil
	})
}

// keepBusy uses all processors until free is called.
func keepBusy() (free func()) {
	var stop atomic.Bool
	for range 2 * runtime.NumCPU() {
		go func() {
			for !stop.Load() { // the work itself
			}
		}()
	}
	return func() { stop.Store(true) }
}

// testAnyNode: people come in through different nodes, and are in one meeting; REST works on each.
func testAnyNode(t *testing.T, c *nodes) {
	meeting := c.account.Meeting(t, nil)
	var m company
	m.meeting = meeting
	for i, n := range c.all {
		m.bots = append(m.bots, join(t, n.URL, c.account.Token(t), meeting, []string{"ann", "bob", "cam"}[i]))
	}
	m.together(t, 20*time.Second)

	heard := make(chan string, 8)
	_, err := m.bots[2].PubSub().Subscribe(withTimeout(t), "CHAT", func(msg sdk.Message) { heard <- msg.Message },
		sdk.SubscribeOptions{})
	require.NoError(t, err)
	_, err = m.bots[0].PubSub().Publish(withTimeout(t), "CHAT", "hello", sdk.PublishOptions{})
	require.NoError(t, err)
	require.Equal(t, "hello", <-heard)

	for _, n := range c.all {
		status, metrics := n.Admin(t, http.MethodGet, "/metrics", nil)
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, string(metrics), `klatch_node_info{node="`+n.name+`"} 1`)
	}
	session := m.bots[0].SessionID()
	for _, n := range c.all {
		status, answer := n.REST(t, c.account.Token(t), "GET", "/v2/sessions/"+session+"/participants/active", nil)
		require.Equal(t, http.StatusOK, status, string(answer))
	}
	for i, n := range c.all[:2] { // each is not the owner at least once
		status, answer := n.REST(t, c.account.Token(t), "POST", "/v2/sessions/participants/remove",
			map[string]any{"roomId": meeting, "participantId": m.bots[i].name})
		require.Equal(t, http.StatusOK, status, string(answer))
		<-m.bots[i].Done()
	}
	status, answer := c.all[2].REST(t, c.account.Token(t), "POST", "/v2/sessions/end", map[string]any{"roomId": meeting})
	require.Equal(t, http.StatusOK, status, string(answer))
	<-m.bots[2].Done()
}

// testOwnerKilled: the node of a meeting is killed; everybody has media again, and nobody has left.
func testOwnerKilled(t *testing.T, c *nodes) {
	m := c.gather(t, "ann", "bob", "cam")
	session := m.bots[0].SessionID()
	owner := c.owner(t, m.meeting)
	m.measure()
	owner.Kill()
	took := m.together(t, 15*time.Second)
	t.Logf("media again after %v", took)
	m.requireNobodyLeft(t, 1)
	for _, b := range m.bots {
		require.Equal(t, session, b.SessionID())
		t.Logf("%s: longest gap %v", b.name, b.longestGap())
	}
	require.Less(t, took, 5*time.Second)
	require.True(t, slices.ContainsFunc(c.all, func(n *node) bool {
		return n.Logged("the process of another node has ended")
	}), "nobody noticed at once, so the meeting waited for the lease of the node")
	c.requireOneSession(t, m, session)
	c.restart(t, owner)
}

// testLobby: somebody waits in the lobby when the node of the meeting is killed. It comes again and is granted.
func testLobby(t *testing.T, c *nodes) {
	m := c.gather(t, "ann", "bob")
	requests := make(chan sdk.EntryRequested, 8)
	m.bots[0].OnEntryRequested(func(e sdk.EntryRequested) { requests <- e })
	guest, err := sdk.InitMeeting(sdk.Options{
		URL: c.front.url, Token: c.account.Token(t, "ask_join"), MeetingID: m.meeting, ParticipantID: "guest",
	})
	require.NoError(t, err)
	entered := make(chan error, 1)
	go func() { entered <- guest.Join(withTimeout(t)) }()
	require.Equal(t, "guest", next(t, requests).ParticipantID)

	owner := c.owner(t, m.meeting)
	owner.Kill()
	again := next(t, requests)
	require.Equal(t, "guest", again.ParticipantID)
	require.NoError(t, again.Allow(withTimeout(t)))
	require.NoError(t, next(t, entered))
	require.NoError(t, guest.Leave(withTimeout(t)))
	c.restart(t, owner)
}

func next[T any](t *testing.T, from <-chan T) (one T) {
	t.Helper()
	select {
	case one = <-from:
	case <-time.After(20 * time.Second):
		t.Fatal("nothing came")
	}
	return one
}

// requireOneSession requires that the session runs, as REST tells it, and that each participant came once.
func (c *nodes) requireOneSession(t *testing.T, m company, session string) {
	t.Helper()
	for _, n := range c.all {
		if !n.Running() {
			continue
		}
		status, answer := n.REST(t, c.account.Token(t), "GET", "/v2/sessions?roomId="+m.meeting, nil)
		require.Equal(t, http.StatusOK, status, string(answer))
		var list struct {
			Data []struct {
				ID           string
				Status       string
				Participants []struct {
					ParticipantID string
					Timelog       []struct{ Start, End *time.Time }
				}
			}
		}
		require.NoError(t, json.Unmarshal(answer, &list))
		require.Len(t, list.Data, 1, string(answer))
		require.Equal(t, session, list.Data[0].ID)
		require.Equal(t, "ongoing", list.Data[0].Status)
		require.Len(t, list.Data[0].Participants, len(m.bots))
		for _, p := range list.Data[0].Participants {
			require.Len(t, p.Timelog, 1, "%s came once", p.ParticipantID)
			require.Nil(t, p.Timelog[0].End, "%s has not left", p.ParticipantID)
		}
	}
}

// testOwnerStopped: the node of a meeting does not run for a while. Another one takes over, and when the first one
// comes back it serves nothing and writes nothing of that meeting.
func testOwnerStopped(t *testing.T, c *nodes) {
	m := c.gather(t, "ann", "bob")
	session := m.bots[0].SessionID()
	owner := c.owner(t, m.meeting)
	m.measure()
	owner.pause(t)
	wakes := time.After(10 * time.Second)
	until(t, 10*time.Second, "another node takes over", func() bool { return c.ownerNow(t, m.meeting) != owner })
	m.together(t, 10*time.Second)
	<-wakes
	owner.resume(t)
	until(t, 10*time.Second, "the node comes back under a new incarnation", func() bool {
		return owner.isReady(t)
	})
	m.together(t, 5*time.Second)
	m.requireNobodyLeft(t, 1)
	c.requireOneSession(t, m, session)
}

// testCutOff: a node that cannot reach NATS, or Postgres, or other nodes, serves its meetings; one that reaches neither
// NATS nor Postgres loses them to others.
func testCutOff(t *testing.T, c *nodes) {
	m := c.gather(t, "ann", "bob")
	session := m.bots[0].SessionID()
	owner := c.owner(t, m.meeting)
	m.measure()

	owner.nats.Block()
	<-time.After(5 * time.Second)
	m.together(t, time.Second)
	owner.nats.Unblock()
	m.requireNobodyLeft(t, 0)

	owner.database.Block()
	<-time.After(5 * time.Second)
	m.together(t, time.Second)
	owner.database.Unblock()
	m.requireNobodyLeft(t, 0)
	require.Equal(t, owner, c.owner(t, m.meeting))

	for _, n := range c.all { // no node reaches another one: people find the node of their meeting through the balancer
		n.link.Block()
	}
	m.together(t, 10*time.Second)
	c.front.set([]string{strings.TrimPrefix(owner.URL, "http://")})
	until(t, 20*time.Second, "all are connected", func() bool {
		return !slices.ContainsFunc(m.bots, func(b *bot) bool { return b.State() != sdk.Connected })
	})
	c.front.set(c.addresses())
	other := c.all[slices.IndexFunc(c.all, func(n *node) bool { return n != owner })]
	require.True(t, fault.Is(c.refusedJoin(t, other, c.account.Token(t), m.meeting), 5101, "NODE_LOST"))
	for _, n := range c.all {
		n.link.Unblock()
	}
	m.requireNobodyLeft(t, 1)
	m.measure()

	owner.nats.Block()
	owner.database.Block()
	until(t, 10*time.Second, "another node takes over", func() bool { return c.ownerNow(t, m.meeting) != owner })
	m.together(t, 10*time.Second)
	owner.nats.Unblock()
	owner.database.Unblock()
	until(t, 20*time.Second, "the node comes back", func() bool { return owner.isReady(t) })
	m.requireNobodyLeft(t, 1)
	c.requireOneSession(t, m, session)
}

// testSharedAway: NATS is restarted, and Postgres is away for longer than leases last. Meetings that run do not notice;
// who would begin another one is told to come again.
func testSharedAway(t *testing.T, c *nodes) {
	m := c.gather(t, "ann", "bob")
	other := c.account.Meeting(t, nil)
	token := c.account.Token(t)
	m.measure()

	c.bus.Restart(t, 5*time.Second)
	m.together(t, time.Second)
	m.requireNobodyLeft(t, 0)
	for _, n := range c.all {
		until(t, 10*time.Second, "the bus is back", func() bool { return n.isReady(t) })
	}

	for _, n := range c.all {
		n.database.Block()
	}
	away := 6 * time.Second
	if os.Getenv(triesVariable) != "" {
		away = 30 * time.Second
	}
	<-time.After(away)
	m.together(t, time.Second)
	refused := c.refusedJoin(t, c.all[0], token, other)
	require.Equal(t, fault.CodeServerUnavailable, refused.Code, refused.Error())
	require.Positive(t, refused.RetryAfterMs)
	status, answer := c.all[0].Admin(t, http.MethodGet, "/admin/v1/conditions", nil)
	require.Equal(t, http.StatusOK, status, string(answer))
	require.Contains(t, string(answer), `"reason":"STORE"`)
	for _, n := range c.all {
		n.database.Unblock()
	}
	until(t, 20*time.Second, "a meeting can begin again", func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		late, err := sdk.InitMeeting(sdk.Options{URL: c.front.url, Token: token, MeetingID: other, NoRejoin: true})
		require.NoError(t, err)
		defer func() { _ = late.Leave(ctx) }()
		return late.Join(ctx) == nil
	})
	m.requireNobodyLeft(t, 0)
}

// testAllAway: no node reaches Postgres or NATS for longer than leases last, so that all stop serving. The session goes
// on when they are back.
func testAllAway(t *testing.T, c *nodes) {
	m := c.gather(t, "ann", "bob")
	session := m.bots[0].SessionID()
	m.measure()
	for _, n := range c.all {
		n.nats.Block()
		n.database.Block()
	}
	<-time.After(4 * time.Second)
	for _, n := range c.all {
		n.nats.Unblock()
		n.database.Unblock()
	}
	t.Logf("media again after %v", m.together(t, 30*time.Second))
	m.requireNobodyLeft(t, 1)
	for _, n := range c.all {
		until(t, 20*time.Second, n.name+" is back", func() bool { return n.isReady(t) })
	}
	c.requireOneSession(t, m, session)
}

// testAllRestart: all nodes are killed at once and started again. The session goes on.
func testAllRestart(t *testing.T, c *nodes) {
	m := c.gather(t, "ann", "bob")
	session := m.bots[0].SessionID()
	m.measure()
	for _, n := range c.all {
		n.Kill()
	}
	began := time.Now()
	for _, n := range c.all {
		c.restart(t, n)
	}
	started := time.Since(began)
	m.together(t, 30*time.Second)
	t.Logf("media again %v after the kill; all nodes had started after %v", time.Since(began), started)
	m.requireNobodyLeft(t, 1)
	c.requireOneSession(t, m, session)
}

// refusedJoin tries to join at a node.
func (c *nodes) refusedJoin(t *testing.T, at *node, token, meeting string) *fault.Error {
	t.Helper()
	late, err := sdk.InitMeeting(sdk.Options{URL: at.URL, Token: token, MeetingID: meeting, JoinAttempts: 1})
	require.NoError(t, err)
	err = late.Join(withTimeout(t))
	require.Error(t, err)
	return fault.From(err)
}

// testDrained: a node that is asked to stop hands its meetings to others first.
func testDrained(t *testing.T, c *nodes) {
	m := c.gather(t, "ann", "bob")
	session := m.bots[0].SessionID()
	owner := c.owner(t, m.meeting)
	m.measure()
	owner.Stop(t)
	m.together(t, 10*time.Second)
	m.requireNobodyLeft(t, 1)
	for _, b := range m.bots {
		t.Logf("%s: longest gap %v", b.name, b.longestGap())
		require.Less(t, b.longestGap(), 2*time.Second)
	}
	require.NotEqual(t, owner, c.owner(t, m.meeting))
	c.requireOneSession(t, m, session)
	c.restart(t, owner)
}

// testDrainedOverREST: a node is drained and goes on running. Its meeting moves, nobody leaves, and nothing new is
// placed on it until that is taken back.
func testDrainedOverREST(t *testing.T, c *nodes) {
	m := c.gather(t, "ann", "bob")
	session := m.bots[0].SessionID()
	drained := c.owner(t, m.meeting)
	m.measure()
	call := func(method string) (state string, meetings int) {
		status, answer := drained.Admin(t, method, "/admin/v1/drain", nil)
		require.Equal(t, http.StatusOK, status, string(answer))
		var d rest.Drain
		require.NoError(t, json.Unmarshal(answer, &d))
		require.Equal(t, drained.name, d.Node)
		return d.State, d.Meetings
	}
	state, _ := call(http.MethodPost)
	require.Contains(t, []string{"draining", "drained"}, state)
	until(t, 10*time.Second, "no meeting is left", func() bool {
		state, meetings := call(http.MethodPost)
		return state == "drained" && meetings == 0
	})
	m.together(t, 10*time.Second)
	m.requireNobodyLeft(t, 1)
	require.NotEqual(t, drained, c.owner(t, m.meeting))
	c.requireOneSession(t, m, session)
	require.True(t, drained.isReady(t), "it goes on running")

	for _, n := range c.all {
		until(t, 10*time.Second, n.name+" knows of it", func() bool {
			return slices.ContainsFunc(n.nodes(t), func(one rest.NodeEntry) bool {
				return one.Name == drained.name && one.Draining
			})
		})
	}
	for range 4 {
		meeting := c.account.Meeting(t, nil)
		join(t, drained.URL, c.account.Token(t), meeting, "cam")
		require.NotEqual(t, drained, c.owner(t, meeting))
	}
	klatch := func(more ...string) (out string) {
		args := append([]string{"drain", "--url", drained.URL}, more...)
		cmd := exec.CommandContext(withTimeout(t), testserver.Program(t), args...)
		cmd.Env = append(os.Environ(), "KLATCH_ADMIN_TOKEN="+drained.AdminToken())
		text, err := cmd.CombinedOutput()
		require.NoError(t, err, string(text))
		return string(text)
	}
	require.Contains(t, klatch("--wait"), drained.name+": meetings left: 0")
	require.Contains(t, klatch("--undo"), "serving")
	state, _ = call(http.MethodDelete) // it may be called again
	require.Equal(t, "serving", state)
	until(t, 30*time.Second, "a new meeting is placed on it", func() bool {
		meeting := c.account.Meeting(t, nil)
		join(t, drained.URL, c.account.Token(t), meeting, "cam")
		return c.owner(t, meeting) == drained
	})
}

// testRecorderKilled: the node on which a recording runs is killed, and the meeting lives on another one. The recording
// ends once, with its fault, and the meeting does not notice.
func testRecorderKilled(t *testing.T, c *nodes) {
	m := c.gather(t, "ann", "bob")
	status, answer := c.all[0].REST(
		t,
		c.account.Token(t),
		"POST",
		"/v2/recordings/start",
		map[string]any{"roomId": m.meeting},
	)
	require.Equal(t, http.StatusOK, status, string(answer))
	until(t, 30*time.Second, "the recording runs", func() bool {
		return m.bots[0].RecordingState() == "RECORDING_STARTED"
	})
	runner, owner := c.runner(t, m.meeting), c.owner(t, m.meeting)
	require.NotEqual(t, owner, runner, "a job runs on another node than its meeting")
	m.measure()
	runner.Kill()
	until(
		t,
		20*time.Second,
		"the recording ends",
		func() bool { return m.bots[0].RecordingState() == "RECORDING_STOPPED" },
	)
	for _, b := range m.bots {
		until(t, 5*time.Second, b.name+" is told why", func() bool {
			return slices.ContainsFunc(
				b.told(),
				func(line string) bool { return strings.Contains(line, "5001 RECORDING_FAILED (NODE_LOST)") },
			)
		})
	}
	m.together(t, 10*time.Second)
	require.Equal(t, owner, c.owner(t, m.meeting))
	c.restart(t, runner)
	faults := 0
	for _, line := range m.bots[0].told() {
		if strings.HasPrefix(line, "error") {
			faults++
		}
	}
	require.Equal(t, 1, faults, "%q", m.bots[0].told())
}

// runner returns the node on which a job of a meeting runs.
func (c *nodes) runner(t *testing.T, meeting string) *node {
	t.Helper()
	return c.named(t, `SELECT node FROM egress_jobs WHERE meeting_id = $1 AND ended_at IS NULL`, meeting)
}
