package server

import (
	"net"

	"github.com/klatch/klatch/internal/drill"
)

// openDrills makes the part that makes faults happen on purpose.
func (s *Server) openDrills(workers net.Listener) {
	s.drills = drill.New(drill.Options{
		Store: s.Store, Meetings: s.meetings, Jobs: s.egress, Causes: &s.causes, Report: s.incidents.Report,
		URL: s.workerURL(workers), Limit: s.conf.Limit.Drills, PrivateWebhooks: s.conf.Webhook.AllowPrivateTargets,
	})
}
