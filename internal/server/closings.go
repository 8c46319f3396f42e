package server

import (
	"encoding/json"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// closing is what one node tells the others when an account or an API key is closed. Joins ask the database, so that
// each node refuses new ones at once; this puts out who is inside.
type closing struct {
	AccountID string       `json:"accountId,omitempty"`
	APIKey    string       `json:"apiKey,omitempty"`
	Fault     *fault.Error `json:"fault"`
}

const closingTopic = "closing"

// openClosings returns what is called when an account or a key was closed on this node; nil: there are no others.
func (s *Server) openClosings() func(accountID, apiKey string, f *fault.Error) {
	if s.node.IsAlone() {
		return nil
	}
	s.node.On(closingTopic, func(from record.NodeID, data json.RawMessage) {
		var c closing
		if err := json.Unmarshal(data, &c); err != nil || c.Fault == nil || from == s.node.ID() {
			return // of another version, or of this node, where it is done
		}
		s.background.Go(func() { s.close(c) })
	})
	return func(accountID, apiKey string, f *fault.Error) {
		err := s.node.Broadcast(closingTopic, closing{AccountID: accountID, APIKey: apiKey, Fault: f})
		if err != nil {
			s.log.Error("the other nodes were not told of a closed account or API key", "err", err)
		}
	}
}

// close puts out who came with an account or a key.
func (s *Server) close(c closing) {
	if c.AccountID != "" {
		s.meetings.CloseAccount(c.AccountID, c.Fault)
	}
	if c.APIKey != "" {
		s.meetings.CloseKey(c.APIKey, c.Fault)
	}
}
