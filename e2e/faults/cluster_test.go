package faults

import (
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/bus/natstest"
	"github.com/klatch/klatch/internal/cluster/link"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
)

// startNATS starts a NATS server and returns a way to it that can be cut.
func startNATS(t testing.TB) *testpeer.Proxy {
	t.Helper()
	return testpeer.NewProxy(t, natstest.Start(t).Address)
}

// asNode returns what makes a server a node of a cluster, with what nodes share.
func asNode(t testing.TB, nats *testpeer.Proxy) func(*conf.Config) {
	t.Helper()
	return testserver.Cluster(t, "nats://"+nats.Address)("a")
}

// nodeFails starts a server with the settings of another node that must end with this scenario's fault.
func (t *T) nodeFails(c *conf.Config, more string) {
	t.Helper()
	t.serveFails(
		loopback(more),
		"KLATCH_CLUSTER_ADDRESS=127.0.0.1:0",
		"KLATCH_CLUSTER_NODE="+c.Cluster.Node,
		"KLATCH_CLUSTER_SECRET="+c.Cluster.Secret,
		"KLATCH_DATABASE_URL="+c.Database.URL,
		"KLATCH_DATA_SECRET_KEY="+c.Data.SecretKey,
		"KLATCH_STORAGE_S3_ENDPOINT="+c.Storage.S3Endpoint,
		"KLATCH_STORAGE_S3_BUCKET="+c.Storage.S3Bucket,
		"KLATCH_STORAGE_S3_ACCESS_KEY="+c.Storage.S3AccessKey,
		"KLATCH_STORAGE_S3_SECRET_KEY="+c.Storage.S3SecretKey,
	)
}

// clusterScenarios are those of a node that is the only one of its cluster.
var clusterScenarios = scenarios{
	"5101.BUS_DOWN": func(t *T) {
		nats := startNATS(t)
		t.Server = testserver.Start(t, asNode(t, nats))
		require.Empty(t, t.Server.Ready(t, "bus"))
		nats.Block()
		f := t.inTimeline()
		require.NotEmpty(t, t.Server.Ready(t, "bus"))
		require.Empty(t, t.Server.Ready(t, "cluster"), "it holds through Postgres")
		nats.Unblock()
		t.isOver(f)
	},
	"5101.CLUSTER_SECRET": func(t *T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		address := l.Addr().String()
		require.NoError(t, l.Close())
		shared := asNode(t, startNATS(t))
		t.Server = testserver.Start(t, shared, func(c *conf.Config) { c.Cluster.Address = address })
		other, err := link.New(link.Options{Secret: []byte("another-secret"), Name: "b", Address: "127.0.0.1:0",
			Logger: slog.New(slog.DiscardHandler)})
		require.NoError(t, err)
		defer other.Close()
		_, err = other.Dial(t.Context(), "a", address)
		require.ErrorIs(t, err, link.ErrSecret)
		f := t.inTimeline()
		require.Equal(t, "127.0.0.1", f.Details["node"])
	},
	"5101.OVERLOADED": func(t *T) {
		t.Server = testserver.Start(t, asNode(t, startNATS(t)), func(c *conf.Config) { c.Cluster.CPULimit = 1 })
		token := t.Account().Token(t)
		var refused *fault.Error
		require.Eventually(t, func() bool { // the joins themselves need the processors
			socket := t.Server.Dial(t)
			defer socket.Cut()
			_, refused = socket.Call(t, wire.MethodJoin, testserver.JoinParams(token, t.Meeting(), "ann"))
			return refused != nil
		}, testserver.Timeout, 20*time.Millisecond)
		t.Read(refused)
	},
	"5101.NO_MEETING_NODE": func(t *T) {
		t.Server = testserver.Start(t, asNode(t, startNATS(t)), func(c *conf.Config) { c.Cluster.Region = "us002" })
		_, f := t.Server.Dial(t).Call(t, wire.MethodJoin, testserver.JoinParams(
			t.Account().Token(t), t.meetingWith(map[string]any{"geoFence": "in002"}), "ann"))
		t.Read(f)
	},
	"5105.NODE_NAME_IN_USE": func(t *T) {
		c := conf.Default()
		change := asNode(t, startNATS(t))
		change(c)
		testserver.Start(t, change)
		t.nodeFails(c, "cluster:\n  natsUrl: "+c.Cluster.NATSURL+"\n")
	},
	"5105.CLUSTER": func(t *T) {
		c := conf.Default()
		asNode(t, startNATS(t))(c)
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, "nats"), nil, 0o600)) // where a directory should be
		t.nodeFails(c, "data:\n  dir: "+dir+"\ncluster:\n  natsAddress: 127.0.0.1:0\n")
	},
}
