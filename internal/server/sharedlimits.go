package server

import (
	"context"
	"encoding/json"
	"maps"
	"time"

	"github.com/klatch/klatch/internal/ratelimit"
	"github.com/klatch/klatch/internal/record"
)

// tellUsed is how often nodes tell each other what was taken of the limits.
const tellUsed = time.Second

// shareLimits makes rates hold for all nodes of a cluster together, until ctx ends.
func (s *Server) shareLimits(ctx context.Context, requests ratelimit.Shared) {
	limits := maps.Clone(s.limiter.Shared())
	limits["API key"] = requests
	if s.offers.Buckets != nil {
		limits["token offers"] = s.offers
	}
	s.node.On(topicUsed, func(from record.NodeID, data json.RawMessage) {
		var used map[string]json.RawMessage
		err := json.Unmarshal(data, &used)
		for name, of := range used {
			if limit := limits[name]; limit != nil && err == nil { // one of a version to come may have others
				err = limit.UsedElsewhere(of, time.Now())
			}
		}
		if err != nil {
			s.log.Warn("limits of another node", "of", from.Name, "err", err)
		}
	})
	tick := time.NewTicker(tellUsed)
	defer tick.Stop()
	for {
		used := map[string]json.RawMessage{}
		for name, limit := range limits {
			if of := limit.Used(); of != nil {
				used[name] = of
			}
		}
		if len(used) > 0 {
			_ = s.node.Broadcast(topicUsed, used) // without NATS each node counts alone
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}
