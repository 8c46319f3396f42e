// Package cluster runs three nodes as processes, with a real Postgres, S3 server and NATS, and takes them away: killed,
// stopped, cut off from each other and from what they share.
package cluster

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/blob/s3test"
	"github.com/klatch/klatch/internal/bus/natstest"
	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/store/pgtest"
	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/internal/testserver"
)

func TestMain(m *testing.M) {
	code := m.Run()
	pgtest.Stop()
	os.Exit(code)
}

// node is a server of a cluster. What it shares with others it reaches through proxies, so that it can be cut off.
type node struct {
	*testserver.Server
	name                 string
	url                  string // its own, and not that of the balancer
	address              string // of its link
	nats, database, link *testpeer.Proxy
}

// pause stops the process, as a machine that swaps or a debugger does.
func (n *node) pause(t *testing.T) {
	t.Helper()
	require.NoError(t, syscall.Kill(n.PID(), syscall.SIGSTOP))
}

func (n *node) resume(t *testing.T) {
	t.Helper()
	require.NoError(t, syscall.Kill(n.PID(), syscall.SIGCONT))
}

// isReady reports whether the node serves, and reaches NATS.
func (n *node) isReady(t *testing.T) bool {
	return n.Ready(t, "cluster") == "" && n.Ready(t, "bus") == ""
}

// nodes are a cluster, and what its nodes share.
type nodes struct {
	all      []*node
	bus      *natstest.Server
	database string
	bucket   s3test.Bucket
	storage  *testpeer.Proxy // the way to it
	front    *balancer
	account  testserver.Account
}

// settings are what each node of a cluster is started with beside its own addresses.
type settings = map[string]string

// start starts count nodes, and waits until each knows all others.
func start(t *testing.T, count int, more settings) *nodes {
	t.Helper()
	return startEach(t, count, func(int) settings { return more })
}

// startInside is start for nodes with NATS inside.
func startInside(t *testing.T, count int) *nodes {
	t.Helper()
	var routes []string
	for range count {
		routes = append(routes, freeAddress(t))
	}
	return startEach(t, count, func(i int) settings {
		return settings{
			"cluster.natsUrl": "", "cluster.natsAddress": routes[i], "cluster.routes": strings.Join(routes, ","),
		}
	})
}

// startEach is start for nodes that have settings of their own.
func startEach(t *testing.T, count int, more func(i int) settings) *nodes {
	t.Helper()
	pg, err := pgtest.Start()
	require.NoError(t, err)
	c := &nodes{bus: natstest.Start(t), database: pg.NewDatabase(t), bucket: s3test.Start(t), front: newBalancer(t)}
	c.storage = testpeer.NewProxy(t, strings.TrimPrefix(c.bucket.Endpoint, "http://"))
	var starting sync.WaitGroup // all at once: NATS inside takes most of them
	for i := range count {
		n := c.add(t, fmt.Sprintf("node-%d", i+1))
		s := c.settings(t, n)
		maps.Copy(s, more(i))
		starting.Go(func() { n.Server = testserver.Spawn(t, cmp.Or(os.Getenv(olderProgram), testserver.Program(t)), s) })
	}
	starting.Wait()
	for _, n := range c.all {
		require.NotNil(t, n.Server, n.name)
		n.URL = n.url
		t.Cleanup(func() {
			if t.Failed() {
				n.ShowLog(t)
			}
		})
	}
	c.front.set(c.addresses())
	for _, n := range c.all {
		require.Eventually(t, func() bool { return n.isReady(t) }, 20*time.Second, 50*time.Millisecond,
			"%s does not become ready", n.name)
	}
	c.account = c.all[0].Account(t, nil)
	return c
}

// olderProgram is the variable with the path of a klatch of an older version, which nodes run at first.
const olderProgram = "TEST_OLDER_PROGRAM"

// add makes one more node, which is not started yet.
func (c *nodes) add(t *testing.T, name string) *node {
	t.Helper()
	socket, _ := socketOf(t, c.database)
	n := &node{
		name: name, url: "http://" + freeAddress(t), address: freeAddress(t),
		nats: testpeer.NewProxy(t, c.bus.Address), database: testpeer.NewProxy(t, socket),
	}
	n.link = testpeer.NewProxy(t, n.address)
	c.all = append(c.all, n)
	return n
}

// settings are those with which a node is started.
func (c *nodes) settings(t *testing.T, n *node) settings {
	t.Helper()
	_, user := socketOf(t, c.database)
	return settings{
		"cluster.address": n.address, "cluster.advertise": n.link.Address, "cluster.node": n.name,
		"cluster.secret": strings.Repeat("of-the-nodes-", 4), "cluster.natsUrl": "nats://" + n.nats.Address,
		"database.url": fmt.Sprintf(
			"postgres://%s@%s/%s?sslmode=disable",
			user,
			n.database.Address,
			databaseOf(c.database),
		),
		"data.secretKey": strings.Repeat("ab", 32), "admin.token": "adm_of-all-nodes-of-the-cluster",
		"storage.s3Endpoint": "http://" + c.storage.Address, "storage.s3Bucket": c.bucket.Name,
		"storage.s3AccessKey": c.bucket.AccessKey, "storage.s3SecretKey": c.bucket.SecretKey,
		"http.publicUrl": c.front.url, "cluster.cpuLimit": "0", "ingest.rtmpAddress": "127.0.0.1:0",
		"egress.allowPrivateTargets": "true", // an RTMP server of the test
		"http.address":               strings.TrimPrefix(n.url, "http://"),
		"media.udpAddress":           ":0", "media.tcpAddress": ":0", // Firefox has no candidates for loopback
	}
}

// Kill ends the process of a node as a crash does. Its machine goes on: it refuses connections.
func (n *node) Kill() {
	n.Server.Kill()
	n.link.Close()
}

// lose ends a node with its machine: nothing answers at its address any more.
func (n *node) lose() {
	n.link.Freeze()
	n.Server.Kill()
}

// restart starts the process of a node again.
func (c *nodes) restart(t *testing.T, n *node) {
	t.Helper()
	n.link.Thaw()
	n.link.Open(t)
	n.Respawn(t)
	n.URL = n.url
	until(t, 20*time.Second, n.name+" is back", func() bool { return n.isReady(t) })
}

// nodes returns those of which a node knows.
func (n *node) nodes(t *testing.T) []rest.NodeEntry {
	t.Helper()
	status, answer := n.Admin(t, http.MethodGet, "/admin/v1/nodes", nil)
	require.Equal(t, http.StatusOK, status, string(answer))
	var nodes rest.Page[rest.NodeEntry]
	require.NoError(t, json.Unmarshal(answer, &nodes))
	return nodes.Data
}

// settle waits until each node knows that all of them take what is new: one that was drained or restarted says so with
// its next sign of life.
func (c *nodes) settle(t *testing.T) {
	t.Helper()
	for _, n := range c.all {
		until(t, 20*time.Second, n.name+" knows the others", func() bool {
			serving := 0
			for _, one := range n.nodes(t) {
				if !one.Draining {
					serving++
				}
			}
			return serving == len(c.all)
		})
	}
}

func (c *nodes) addresses() []string {
	var addresses []string
	for _, n := range c.all {
		addresses = append(addresses, strings.TrimPrefix(n.URL, "http://"))
	}
	return addresses
}

// owner returns the node on which a meeting lives.
func (c *nodes) owner(t *testing.T, meeting string) *node {
	t.Helper()
	var found *node
	require.Eventually(t, func() bool {
		found = c.ownerNow(t, meeting)
		return found != nil
	}, 10*time.Second, 50*time.Millisecond, "nobody owns the meeting")
	return found
}

// balancer is what stands before nodes: it leads each connection to the next of them that is healthy, and knows nothing
// of meetings.
type balancer struct {
	url string

	mu        sync.Mutex // guards everything below
	addresses []string
	sick      map[string]bool
	next      int
}

// watch asks each node whether it is ready.
func (b *balancer) watch(ctx context.Context) {
	client := &http.Client{Timeout: 500 * time.Millisecond}
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		for _, address := range b.order() {
			answer, err := client.Get("http://" + address + "/readyz")
			if err == nil {
				_ = answer.Body.Close()
			}
			b.mu.Lock()
			b.sick[address] = err != nil || answer.StatusCode != http.StatusOK
			b.mu.Unlock()
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func newBalancer(t *testing.T) *balancer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	b := &balancer{url: "http://" + listener.Addr().String(), sick: map[string]bool{}}
	go b.watch(t.Context())
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go b.forward(conn)
		}
	}()
	return b
}

func (b *balancer) set(addresses []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.addresses = addresses
}

// order returns the addresses, beginning with another one each time.
func (b *balancer) order() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.next++
	var order []string
	for i := range b.addresses {
		order = append(order, b.addresses[(b.next+i)%len(b.addresses)])
	}
	slices.SortStableFunc(order, func(x, y string) int {
		switch {
		case b.sick[x] == b.sick[y]:
			return 0
		case b.sick[x]:
			return 1
		}
		return -1
	})
	return order
}

func (b *balancer) forward(from net.Conn) {
	defer from.Close()
	for _, address := range b.order() {
		to, err := net.DialTimeout("tcp", address, time.Second)
		if err != nil {
			continue
		}
		defer to.Close()
		go func() {
			_, _ = io.Copy(to, from)
			_ = to.(*net.TCPConn).CloseWrite()
		}()
		_, _ = io.Copy(from, to)
		return
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	return listener.Addr().String()
}

// socketOf returns the socket of Postgres that an address of pgtest names, and its user.
func socketOf(t *testing.T, database string) (path, user string) {
	t.Helper()
	u, err := url.Parse(database)
	require.NoError(t, err)
	return u.Query().Get("host") + "/.s.PGSQL.5432", u.Query().Get("user")
}

func databaseOf(database string) string {
	u, _ := url.Parse(database)
	return strings.TrimPrefix(u.Path, "/")
}

// until polls to a deadline.
func until(t *testing.T, within time.Duration, what string, is func() bool) {
	t.Helper()
	require.Eventually(t, is, within, 20*time.Millisecond, what)
}

// withTimeout returns a context for one call.
func withTimeout(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}
