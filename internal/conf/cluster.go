package conf

import (
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/klatch/klatch/fault"
)

// The roles of a node.
const (
	RoleMeetings = "meetings" // it owns meetings
	RoleEgress   = "egress"   // it runs recordings, livestreams and HLS
)

// MinClusterSecret is the fewest characters of cluster.secret.
const MinClusterSecret = 32

const maxNodeName = 64 // also of the regions

type (
	secretKey     struct{ to *string }
	clusterSecret struct{ to *string }
	natsURL       struct{ to *string }
	target        struct{ to *string }
	targets       struct{ to *[]string }
	nodeName      struct{ to *string }
	region        struct{ to *string }
	roles         struct{ to *[]string }
)

func (v secretKey) set(s string) (string, bool) {
	*v.to = strings.ToLower(s)
	raw, err := hex.DecodeString(s)
	return "64 hexadecimal digits", s == "" || err == nil && len(raw) == 32 // AES-256
}
func (v secretKey) String() string { return "" }

func (v clusterSecret) set(s string) (string, bool) {
	*v.to = s
	return fmt.Sprintf("at least %d characters, all of them printable ASCII and no spaces", MinClusterSecret),
		s == "" || len(s) >= MinClusterSecret && isVisible(s)
}
func (v clusterSecret) String() string { return "" }

func (v natsURL) set(s string) (string, bool) {
	var servers []string
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		u, err := url.Parse(part)
		if err != nil || !slices.Contains([]string{"nats", "tls"}, u.Scheme) || u.Hostname() == "" ||
			u.Path != "" || u.RawQuery != "" {
			return "addresses of NATS servers separated by commas, such as nats://nats.example.com:4222 or tls:// for TLS",
				false
		}
		servers = append(servers, part)
	}
	*v.to = strings.Join(servers, ",")
	return "", true
}
func (v natsURL) String() string { return "" }

func (v target) set(s string) (string, bool) {
	*v.to = s
	return "host:port with a host name or an IP address and a port from 1 to 65535, such as 10.0.0.2:4002",
		s == "" || isTarget(s)
}
func (v target) String() string { return *v.to }

func (v targets) set(s string) (string, bool) {
	*v.to = nil
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		if !isTarget(part) {
			return "host:port separated by commas, each with a host name or an IP address and a port from 1 to 65535, such " +
				"as 10.0.0.2:4003,10.0.0.3:4003", false
		}
		if !slices.Contains(*v.to, part) {
			*v.to = append(*v.to, part)
		}
	}
	return "", true
}
func (v targets) String() string { return strings.Join(*v.to, ",") }

// isTarget reports whether s is a host and a port that can be dialed.
func isTarget(s string) bool {
	name, port, err := net.SplitHostPort(s)
	n, portErr := strconv.ParseUint(port, 10, 16)
	if err != nil || portErr != nil || n == 0 || name == "" {
		return false
	}
	if addr, err := netip.ParseAddr(name); err == nil {
		return !addr.IsUnspecified() && !addr.IsMulticast()
	}
	return !strings.ContainsFunc(name, func(r rune) bool {
		return r != '.' && !isNameRune(r) // names of containers have underscores, which DNS has not
	})
}

// isNameRune reports whether r may be in the name of a node: it is part of subjects and keys of NATS and of host names
// of certificates.
func isNameRune(r rune) bool {
	return r == '-' || r == '_' || r <= unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

func isName(s string) bool {
	return s != "" && len(s) <= maxNodeName && !strings.ContainsFunc(s, func(r rune) bool { return !isNameRune(r) })
}

func (v nodeName) set(s string) (string, bool) {
	*v.to = s
	return fmt.Sprintf("letters, digits, - and _, %d characters at most", maxNodeName), s == "" || isName(s)
}
func (v nodeName) String() string { return *v.to }

func (v region) set(s string) (string, bool) {
	*v.to = s
	return fmt.Sprintf("letters, digits, - and _, %d characters at most", maxNodeName), s == "" || isName(s)
}
func (v region) String() string { return *v.to }

func (v roles) set(s string) (string, bool) {
	*v.to = nil
	want := "one or both of " + RoleMeetings + "," + RoleEgress
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSpace(part)
		if part != RoleMeetings && part != RoleEgress {
			return want, false
		}
		if !slices.Contains(*v.to, part) {
			*v.to = append(*v.to, part)
		}
	}
	return want, true
}
func (v roles) String() string { return strings.Join(*v.to, ",") }

// clusterSettings are those that mean nothing without cluster.address.
var clusterSettings = []string{
	"cluster.advertise", "cluster.node", "cluster.secret", "cluster.natsUrl", "cluster.natsAddress", "cluster.routes",
	"cluster.region", "cluster.roles",
}

// deriveCluster finds settings of a cluster without one, and names a node that has no name.
func (c *Config) deriveCluster(given map[string]bool) {
	if !c.IsCluster() {
		for _, key := range clusterSettings {
			// One that is set to what it is by default changes nothing: a sample file may hold it.
			if given[key] && c.find(key).into.String() != Default().find(key).into.String() || given[key] && c.hides(key) {
				c.unused = key
				return
			}
		}
		return
	}
	if c.Cluster.Node == "" {
		name, err := os.Hostname()
		if name, _, _ = strings.Cut(name, "."); err == nil && isName(name) {
			c.Cluster.Node = name
		}
	}
}

// hides reports whether a setting has a value that String does not show.
func (c *Config) hides(key string) bool {
	return key == "cluster.secret" && c.Cluster.Secret != "" || key == "cluster.natsUrl" && c.Cluster.NATSURL != ""
}

// checkCluster checks that a node of a cluster has what it shares with the others.
func (c *Config) checkCluster() error {
	const on = "cluster.address"
	if c.unused != "" {
		return fault.ConfigInvalidNeedsSetting(c.unused, on)
	}
	if !c.IsCluster() {
		return nil
	}
	k := c.Cluster
	listen, _, _ := net.SplitHostPort(k.Address)
	switch {
	case k.Secret == "":
		return fault.ConfigInvalidNeedsSetting(on, "cluster.secret")
	case k.Node == "":
		return fault.ConfigInvalidNeedsSetting(on, "cluster.node")
	case k.Advertise == "" && isAnyHost(listen):
		return fault.ConfigInvalidNeedsSetting(on, "cluster.advertise")
	case k.NATSURL != "" && k.NATSAddress != "":
		return fault.ConfigInvalidExclusiveSettings("cluster.natsUrl", "cluster.natsAddress")
	case k.NATSURL != "" && len(k.Routes) > 0:
		return fault.ConfigInvalidExclusiveSettings("cluster.natsUrl", "cluster.routes")
	case len(k.Routes) > 0 && k.NATSAddress == "":
		return fault.ConfigInvalidNeedsSetting("cluster.routes", "cluster.natsAddress")
	case k.NATSURL == "" && k.NATSAddress == "":
		return fault.ConfigInvalidNeedsSetting(on, "cluster.natsUrl or cluster.natsAddress")
	case !isPostgres(c.Database.URL):
		return fault.ConfigInvalidNeedsSetting(on, "database.url with a postgres:// address")
	case !c.UsesS3():
		return fault.ConfigInvalidNeedsSetting(on, "storage.s3Endpoint")
	case c.Data.SecretKey == "":
		return fault.ConfigInvalidNeedsSetting(on, "data.secretKey")
	}
	return nil
}
