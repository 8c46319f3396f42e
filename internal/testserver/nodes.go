package testserver

import (
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

// Cluster makes a database and a bucket, and returns what makes a server the node of that name in the cluster that
// shares them and the NATS at natsURL.
func Cluster(t testing.TB, natsURL string) func(name string) func(*conf.Config) {
	t.Helper()
	pg, err := pgtest.Start()
	require.NoError(t, err)
	database, bucket := pg.NewDatabase(t), s3test.Start(t)
	return func(name string) func(*conf.Config) {
		return func(c *conf.Config) {
			c.Cluster.Node, c.Cluster.Address, c.Cluster.NATSURL = name, "127.0.0.1:0", natsURL
			c.Cluster.Secret = strings.Repeat("of-the-nodes-", 4)
			c.Database.URL, c.Data.SecretKey = database, strings.Repeat("ab", 32)
			c.Storage.S3Endpoint, c.Storage.S3Bucket = bucket.Endpoint, bucket.Name
			c.Storage.S3AccessKey, c.Storage.S3SecretKey = bucket.AccessKey, bucket.SecretKey
			c.Admin.Token = "adm_of-all-nodes-of-the-cluster"
		}
	}
}

// StartNodes starts nodes of one cluster, in this process, and waits until each knows all others. Each change is of the
// node whose configuration it is given.
func StartNodes(t *testing.T, names []string, changes ...func(*conf.Config)) []*Server {
	t.Helper()
	node := Cluster(t, natstest.Start(t).URL)
	var all []*Server
	for _, name := range names {
		all = append(all, Start(t, append([]func(*conf.Config){node(name)}, changes...)...))
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
