package conf

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
)

// wholeCluster returns the variables of a node that has all it needs; without has keys of those that are left out.
func wholeCluster(without ...string) []string {
	var environ []string
	for key, value := range map[string]string{
		"cluster.address": "10.0.0.1:4002", "cluster.secret": strings.Repeat("s", MinClusterSecret), "cluster.node": "a",
		"cluster.natsUrl": "nats://u:hush@10.0.0.9:4222", "database.url": "postgres://klatch@db/klatch",
		"storage.s3Endpoint": "http://10.0.0.8:9000", "storage.s3Bucket": "klatch", "storage.s3AccessKey": "a",
		"storage.s3SecretKey": "b", "data.secretKey": strings.Repeat("0a", 32),
	} {
		left := false
		for _, w := range without {
			left = left || strings.HasPrefix(key, w)
		}
		if !left {
			environ = append(environ, envName(key)+"="+value)
		}
	}
	return environ
}

func TestAClusterNeedsWhatItsNodesShare(t *testing.T) {
	c, err := Load("", wholeCluster())
	require.NoError(t, err)
	require.True(t, c.IsCluster())
	require.Equal(t, []string{"meetings", "egress"}, c.Cluster.Roles)
	tests := map[string]struct {
		without []string
		with    []string
		reason  string
		details map[string]any
	}{
		"no secret": {[]string{"cluster.secret"}, nil, "NEEDS_SETTING",
			map[string]any{"key": "cluster.address", "other": "cluster.secret"}},
		"no NATS": {[]string{"cluster.nats"}, nil, "NEEDS_SETTING",
			map[string]any{"key": "cluster.address", "other": "cluster.natsUrl or cluster.natsAddress"}},
		"two kinds of NATS": {nil, []string{"KLATCH_CLUSTER_NATS_ADDRESS=:4003"}, "EXCLUSIVE_SETTINGS",
			map[string]any{"key": "cluster.natsUrl", "other": "cluster.natsAddress"}},
		"routes of another NATS": {nil, []string{"KLATCH_CLUSTER_ROUTES=10.0.0.2:4003"}, "EXCLUSIVE_SETTINGS",
			map[string]any{"key": "cluster.natsUrl", "other": "cluster.routes"}},
		"SQLite": {[]string{"database."}, nil, "NEEDS_SETTING",
			map[string]any{"key": "cluster.address", "other": "database.url with a postgres:// address"}},
		"files on a disk": {[]string{"storage"}, nil, "NEEDS_SETTING",
			map[string]any{"key": "cluster.address", "other": "storage.s3Endpoint"}},
		"no secret key": {[]string{"data."}, nil, "NEEDS_SETTING",
			map[string]any{"key": "cluster.address", "other": "data.secretKey"}},
		"an address that others cannot dial": {nil, []string{"KLATCH_CLUSTER_ADDRESS=:4002"}, "NEEDS_SETTING",
			map[string]any{"key": "cluster.address", "other": "cluster.advertise"}},
		"a setting without a cluster": {[]string{"cluster"}, []string{"KLATCH_CLUSTER_REGION=eu"}, "NEEDS_SETTING",
			map[string]any{"key": "cluster.region", "other": "cluster.address"}},
		"a secret without a cluster": {[]string{"cluster"}, []string{"KLATCH_CLUSTER_SECRET=" + strings.Repeat("s", 32)},
			"NEEDS_SETTING", map[string]any{"key": "cluster.secret", "other": "cluster.address"}},
		"two settings for one port": {[]string{"cluster.nats"}, []string{"KLATCH_CLUSTER_NATS_ADDRESS=:4002"}, "BAD_VALUE",
			map[string]any{"key": "cluster.natsAddress"}},
		"a short secret": {nil, []string{"KLATCH_CLUSTER_SECRET=0123456789"}, "BAD_VALUE",
			map[string]any{"key": "cluster.secret", "value": "10 characters"}},
		"a NATS that is none": {nil, []string{"KLATCH_CLUSTER_NATS_URL=http://u:hush@x"}, "BAD_VALUE",
			map[string]any{"key": "cluster.natsUrl", "value": "15 characters"}},
		"a name that cannot be a subject": {nil, []string{"KLATCH_CLUSTER_NODE=a.b"}, "BAD_VALUE",
			map[string]any{"key": "cluster.node"}},
		"no role": {nil, []string{"KLATCH_CLUSTER_ROLES=sfu"}, "BAD_VALUE", map[string]any{"key": "cluster.roles"}},
		"a route without a port": {[]string{"cluster.nats"},
			[]string{"KLATCH_CLUSTER_NATS_ADDRESS=:4003", "KLATCH_CLUSTER_ROUTES=10.0.0.2"}, "BAD_VALUE",
			map[string]any{"key": "cluster.routes"}},
		"a key of the wrong length": {nil, []string{"KLATCH_DATA_SECRET_KEY=abcd"}, "BAD_VALUE",
			map[string]any{"key": "data.secretKey", "value": "4 characters"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Load("", append(wholeCluster(test.without...), test.with...))
			f := fault.From(err)
			require.True(t, fault.Is(err, fault.CodeConfigInvalid, test.reason), "%v", err)
			for key, want := range test.details {
				require.Equal(t, want, f.Details[key], "%v", f)
			}
			require.NotContains(t, f.Error(), "hush")
		})
	}
}
