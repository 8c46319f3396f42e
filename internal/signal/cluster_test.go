package signal_test

import (
	"net"
	"strings"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/blob/s3test"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/store/pgtest"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
)

// startNodes starts the nodes of a cluster, in this process.
func startNodes(t *testing.T, names ...string) []*testserver.Server {
	t.Helper()
	pg, err := pgtest.Start()
	require.NoError(t, err)
	database, bucket := pg.NewDatabase(t), s3test.Start(t)
	bus, err := natsserver.NewServer(&natsserver.Options{
		Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), NoLog: true, NoSigs: true,
	})
	require.NoError(t, err)
	bus.Start()
	t.Cleanup(func() {
		bus.Shutdown()
		bus.WaitForShutdown()
	})
	require.True(t, bus.ReadyForConnections(10*time.Second))
	var all []*testserver.Server
	for _, name := range names {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		address := l.Addr().String()
		require.NoError(t, l.Close())
		all = append(all, testserver.Start(t, func(c *conf.Config) {
			c.Cluster.Node, c.Cluster.Address, c.Cluster.Advertise = name, address, address
			c.Cluster.Secret = strings.Repeat("of-the-nodes-", 4)
			c.Cluster.NATSURL = bus.ClientURL()
			c.Database.URL = database
			c.Data.SecretKey = strings.Repeat("ab", 32)
			c.Storage.S3Endpoint, c.Storage.S3Bucket = bucket.Endpoint, bucket.Name
			c.Storage.S3AccessKey, c.Storage.S3SecretKey = bucket.AccessKey, bucket.SecretKey
			c.Admin.Token = "adm_of-all-nodes-of-the-cluster"
		}))
	}
	return all
}

// Whoever comes in through another node than the meeting's sees and says the same, and resumes through any.
func TestRelayedSocket(t *testing.T) {
	nodes := startNodes(t, "a", "b", "c")
	account := nodes[0].Account(t, nil)
	meeting := account.Meeting(t, nil)
	sockets := make([]*testserver.Socket, len(nodes))
	joined := make([]wire.JoinResult, len(nodes))
	names := []string{"ann", "bob", "cam"}
	for i, n := range nodes { // two of the three are relayed, whichever node has the meeting
		sockets[i], joined[i] = n.Join(t, testserver.JoinParams(account.Token(t), meeting, names[i]))
		require.Equal(t, joined[0].SessionID, joined[i].SessionID)
		sockets[i].Do(t, wire.MethodSubscribeTopic, wire.SubscribeTopicParams{Topic: "CHAT"})
	}
	said := func(by *testserver.Socket, name, text string) {
		t.Helper()
		by.Do(t, wire.MethodPublishMessage, wire.PublishMessageParams{Topic: "CHAT", Message: text})
		for i := range sockets {
			var m wire.Message
			for m.Message != text {
				sockets[i].Event(t, "pubsub-message", &m)
			}
			require.Equal(t, name, m.SenderID)
		}
	}
	for i := range nodes {
		said(sockets[i], names[i], "hello from "+names[i])
	}
	seq := sockets[0].Seq() // resumed through another node than before
	sockets[0].Cut()
	sockets[0] = nodes[1].Dial(t)
	sockets[0].Do(t, wire.MethodResume, resuming(joined[0], seq))
}
