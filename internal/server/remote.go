package server

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/cluster"
	"github.com/klatch/klatch/internal/cluster/directory"
	"github.com/klatch/klatch/internal/feed"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/whip"
)

// What REST, WHIP and WHEP ask of the other nodes, and what this one answers to those.

// Topics of calls and broadcasts.
const (
	topicLive       = "meetings.live"
	topicClose      = "meetings.close"
	topicConditions = "conditions"
	topicEvents     = "events"
	topicMoved      = "meetings.moved"
	topicUsed       = "limits.used"
)

// callTimeout bounds what another node may take to list or to put out.
const callTimeout = 2 * time.Second

// remote implements rest.Cluster and whip.Cluster.
type remote struct {
	server *Server
	refuse func(http.ResponseWriter, *http.Request, error)
}

func (s *Server) restCluster(refuse func(http.ResponseWriter, *http.Request, error)) rest.Cluster {
	if s.directory == nil {
		return nil
	}
	return remote{s, refuse}
}

func (s *Server) whipCluster(refuse func(http.ResponseWriter, *http.Request, error)) whip.Cluster {
	if s.directory == nil {
		return nil
	}
	return remote{s, refuse}
}

// Elsewhere implements rest.Cluster.
func (r remote) Elsewhere(ctx context.Context, accountID, meetingID string) (record.NodeID, bool, error) {
	return r.locate(ctx, directory.Query{AccountID: accountID, MeetingID: meetingID})
}

// Locate implements whip.Cluster.
func (r remote) Locate(ctx context.Context, accountID, meetingID string) (record.NodeID, bool, error) {
	return r.locate(ctx, directory.Query{AccountID: accountID, MeetingID: meetingID, Place: true})
}

func (r remote) locate(ctx context.Context, q directory.Query) (record.NodeID, bool, error) {
	owner, local, err := r.server.directory.Locate(ctx, q)
	if err == nil && local && !q.Place && !r.server.meetings.IsHere(q.MeetingID) { // it was given to this node just now
		err = r.server.meetings.Restore(ctx, q.MeetingID)
	}
	if err != nil {
		return record.NodeID{}, false, fault.From(err)
	}
	return owner.Node, !local && owner.Node != record.NodeID{}, nil
}

// OfSession implements whip.Cluster.
func (r remote) OfSession(ctx context.Context, accountID, sessionID string) (record.NodeID, bool, error) {
	session, err := r.server.Store.Session(ctx, accountID, sessionID)
	if err != nil {
		return record.NodeID{}, false, err
	}
	return r.Elsewhere(ctx, accountID, session.MeetingID)
}

// Name implements whip.Cluster.
func (r remote) Name() string { return r.server.node.ID().Name }

// Node implements whip.Cluster.
func (r remote) Node(name string) (record.NodeID, bool) { return r.server.directory.Node(name) }

// Forward implements rest.Cluster and whip.Cluster.
func (r remote) Forward(w http.ResponseWriter, req *http.Request, to record.NodeID, meetingID string) {
	r.server.forward(w, req, to, meetingID, r.refuse)
}

// Live implements rest.Cluster. A node that does not answer in time is left out.
func (r remote) Live(ctx context.Context, accountID string) []meeting.LiveSession {
	var mu sync.Mutex // guards all
	var all []meeting.LiveSession
	r.callOthers(ctx, func(ctx context.Context, to record.NodeID) error {
		var live []meeting.LiveSession
		err := r.server.node.Call(ctx, to, topicLive, accountID, &live)
		mu.Lock()
		defer mu.Unlock()
		all = append(all, live...)
		return err
	})
	return all
}

// condition is a fault that lasts on another node, with what its JSON leaves out.
type condition struct {
	record.Condition
	AccountID string
	Client    fault.Client
}

// Conditions implements rest.Cluster. A node that does not answer in time is left out.
func (r remote) Conditions(ctx context.Context) []record.Condition {
	var mu sync.Mutex // guards all
	var all []record.Condition
	r.callOthers(ctx, func(ctx context.Context, to record.NodeID) error {
		var lasting []condition
		err := r.server.node.Call(ctx, to, topicConditions, nil, &lasting)
		mu.Lock()
		defer mu.Unlock()
		for _, c := range lasting {
			c.Fault, c.Node = c.Fault.WithAccount(c.AccountID).WithClient(c.Client), to.Name
			all = append(all, c.Condition)
		}
		return err
	})
	return all
}

// closing is what is closed, on all nodes; one of the ids is set.
type closing struct {
	AccountID string       `json:"accountId,omitempty"`
	APIKey    string       `json:"apiKey,omitempty"`
	Fault     *fault.Error `json:"fault"`
}

// CloseAccount implements rest.Cluster.
func (r remote) CloseAccount(accountID string, f *fault.Error) {
	r.close(closing{AccountID: accountID, Fault: f})
}

// CloseKey implements rest.Cluster.
func (r remote) CloseKey(apiKey string, f *fault.Error) { r.close(closing{APIKey: apiKey, Fault: f}) }

func (r remote) close(c closing) {
	r.callOthers(context.Background(), func(ctx context.Context, to record.NodeID) error {
		return r.server.node.Call(ctx, to, topicClose, c, nil)
	})
}

// callOthers calls all other nodes at once, and waits for their answers.
func (r remote) callOthers(ctx context.Context, call func(ctx context.Context, to record.NodeID) error) {
	r.callOthersWhere(ctx, func(cluster.Info) bool { return true }, call)
}

// callOthersWhere is callOthers for some of them.
func (r remote) callOthersWhere(
	ctx context.Context, wanted func(cluster.Info) bool, call func(ctx context.Context, to record.NodeID) error,
) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	var asked sync.WaitGroup
	for _, n := range r.server.node.Nodes() {
		if n.ID == r.server.node.ID() || !wanted(n) {
			continue
		}
		asked.Go(func() {
			if err := call(ctx, n.ID); err != nil {
				r.server.log.Warn("call of a node", "node", n.ID.Name, "err", err)
			}
		})
	}
	asked.Wait()
}

// answerOthers answers what other nodes ask, and takes the events that happen there.
func (s *Server) answerOthers() {
	if s.directory == nil {
		return
	}
	s.node.Answer(topicLive, func(_ context.Context, _ record.NodeID, args json.RawMessage) (any, error) {
		var accountID string
		if err := json.Unmarshal(args, &accountID); err != nil {
			return nil, err
		}
		return s.meetings.Live(accountID), nil
	})
	s.answerDrain()
	s.answerAlerts()
	s.node.Answer(topicConditions, func(context.Context, record.NodeID, json.RawMessage) (any, error) {
		lasting := []condition{}
		for _, c := range s.incidents.Lasting() {
			lasting = append(lasting, condition{c, c.Fault.Account(), c.Fault.Client()})
		}
		return lasting, nil
	})
	s.node.Answer(topicClose, func(_ context.Context, _ record.NodeID, args json.RawMessage) (any, error) {
		var c closing
		if err := json.Unmarshal(args, &c); err != nil {
			return nil, err
		}
		if c.AccountID != "" {
			s.meetings.CloseAccount(c.AccountID, c.Fault)
		} else {
			s.meetings.CloseKey(c.APIKey, c.Fault)
		}
		return nil, nil
	})
	s.node.On(topicMoved, func(record.NodeID, json.RawMessage) { s.directory.Moved() })
	s.node.On(topicEvents, func(_ record.NodeID, data json.RawMessage) {
		var told event
		if err := json.Unmarshal(data, &told); err != nil {
			s.log.Warn("event of another node", "err", err)
			return
		}
		if told.Fault != nil {
			told.Fault.Error = told.Fault.WithAccount(told.Fault.AccountID).WithClient(told.Client)
		}
		if told.Name == feed.FaultRaised && told.AccountID != "" {
			s.alerts.FaultKept(told.AccountID) // rules count the faults of all nodes
		}
		s.events.Publish(told.Event)
	})
}

// event is one of the event streams, as nodes tell it each other.
type event struct {
	feed.Event
	Client fault.Client // of its fault
}

// eventBus tells the event streams of this node, and of the others, what happens here.
type eventBus struct {
	events *feed.Feed
	node   *cluster.Node
}

// Publish never waits. A node that is cut off for a moment misses events; readers are not told, as of those before they
// came.
func (b eventBus) Publish(e feed.Event) {
	b.events.Publish(e)
	if b.node.IsAlone() {
		return
	}
	told := event{Event: e}
	if e.Fault != nil {
		told.Client = e.Fault.Client()
	}
	_ = b.node.Broadcast(topicEvents, told) // events tell what SQL keeps: a reader who wants all reads that
}
