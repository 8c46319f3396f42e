package testserver

import (
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/blob/s3test"
	"github.com/klatch/klatch/internal/bus/natstest"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/store/pgtest"
)

// StartNodes starts nodes of one cluster, in this process, with a database, a bucket and a NATS of their own, and
// waits until each knows all others. Each change is of the node whose configuration it is given.
func StartNodes(t *testing.T, names []string, changes ...func(*conf.Config)) []*Server {
	t.Helper()
	pg, err := pgtest.Start()
	require.NoError(t, err)
	database, bucket := pg.NewDatabase(t), s3test.Start(t)
	nats := natstest.Start(t)
	var all []*Server
	for _, name := range names {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		address := l.Addr().String()
		require.NoError(t, l.Close())
		node := func(c *conf.Config) {
			c.Cluster.Node, c.Cluster.Address, c.Cluster.Advertise = name, address, address
			c.Cluster.Secret = strings.Repeat("of-the-nodes-", 4)
			c.Cluster.NATSURL = nats.URL
			c.Database.URL = database
			c.Data.SecretKey = strings.Repeat("ab", 32)
			c.Storage.S3Endpoint, c.Storage.S3Bucket = bucket.Endpoint, bucket.Name
			c.Storage.S3AccessKey, c.Storage.S3SecretKey = bucket.AccessKey, bucket.SecretKey
			c.Admin.Token = "adm_of-all-nodes-of-the-cluster"
		}
		all = append(all, Start(t, append([]func(*conf.Config){node}, changes...)...))
	}
	for _, srv := range all {
		require.Eventually(t, func() bool {
			var known struct{ Data []any }
			srv.mustAdmin(t, http.MethodGet, "/admin/v1/nodes", nil, &known)
			return len(known.Data) == len(names)
		}, Timeout, 50*time.Millisecond, "%s does not see all nodes", srv.URL)
	}
	return all
}
