package cluster

import (
	"slices"

	"github.com/klatch/klatch/internal/record"
)

// Info is what nodes know of each other.
type Info struct {
	ID       record.NodeID `json:"id"`
	Address  string        `json:"address"` // host:port of its link; "" of a server that is alone
	URL      string        `json:"url"`     // its public address, as clients reach it
	Version  string        `json:"version"`
	Region   string        `json:"region,omitempty"`
	Roles    []string      `json:"roles"` // as cluster.roles
	Draining bool          `json:"draining,omitempty"`
	Load     Load          `json:"load"`
}

// Has reports whether the node has a role.
func (i Info) Has(role string) bool { return slices.Contains(i.Roles, role) }

// Load is what a node has to do, for placement.
type Load struct {
	Meetings     int     `json:"meetings"` // that live on it
	Participants int     `json:"participants"`
	Jobs         int     `json:"jobs"`           // of egress
	CPU          float64 `json:"cpu"`            // of all processors, 0 to 1
	Full         bool    `json:"full,omitempty"` // past its cluster.cpuLimit
}
