package server

import (
	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/cluster"
)

// openNode makes this server a node of its cluster, or one that is alone.
func (s *Server) openNode(secretKey []byte) (*cluster.Node, error) {
	if s.conf.IsCluster() {
		return nil, fault.StartupFailedCluster("this build cannot open a cluster yet")
	}
	return cluster.Alone(secretKey), nil
}
