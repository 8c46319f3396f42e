// Package whip is the HTTP side of WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep): publishers and players that are not
// ours, such as OBS, GStreamer, ffmpeg and players on web pages. An offer that is posted becomes a participant of a
// meeting without a signaling socket; the address in the answer's Location header restarts its ICE and ends it.
//
// It owns these addresses and which participation each belongs to. The gate judges a join, the meeting everything after
// it, and the media part the descriptions. Where a participation ends by itself, its fault is reported by the meeting;
// what a request is refused with is reported by Refuse.
package whip

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/ratelimit"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// Paths of the two protocols, as the published server SDK makes them. Sessions are below them.
const (
	WHIPPath = "/v2/whip"
	WHEPPath = "/v2/whep"
)

// Meetings lets participants in.
type Meetings interface {
	JoinDirect(ctx context.Context, req meeting.JoinRequest) (*meeting.Direct, error)
	Present(ctx context.Context, accountID, meetingID, sessionID string) (
		meeting.LiveSession, []wire.Participant, error)
}

// Cluster sends requests for meetings of other nodes on to those. Errors are *fault.Error.
type Cluster interface {
	// Name is that of this node.
	Name() string
	// Locate returns the other node on which a meeting lives, which is placed where it lives nowhere; is is false for one
	// that lives here.
	Locate(ctx context.Context, accountID, meetingID string) (node record.NodeID, is bool, err error)
	// OfSession returns the other node on which a session of a meeting runs.
	OfSession(ctx context.Context, accountID, sessionID string) (node record.NodeID, is bool, err error)
	// Node returns the live node of a name.
	Node(name string) (record.NodeID, bool)
	// Forward sends a request on to a node, and its answer back as it is. With a meeting it must live there.
	Forward(w http.ResponseWriter, r *http.Request, to record.NodeID, meetingID string)
}

// Options of a Server.
type Options struct {
	// Admit judges a join: the limits of the address, token, account, meeting, participant id.
	Admit func(ctx context.Context, join wire.JoinParams) (meeting.JoinRequest, error)
	// Caller judges a token that ends the session of somebody else.
	Caller   func(ctx context.Context, authorization string) (gate.Caller, error)
	Meetings Meetings
	Limiter  *ratelimit.Limiter
	Tokens   *ratelimit.Tokens

	// PublishOffer returns what an offer publishes, CheckPlay judges the offer of a player: what can be judged of them
	// before anybody joins. Errors are faults.
	PublishOffer func(sdp string) (wire.PublishParams, error)
	CheckPlay    func(wire.PlayParams) error

	// ICEServers returns the TURN servers for a participant; nil: none.
	ICEServers func(accountID, meetingID, sessionID, participantID string) []wire.ICEServer
	// CheckOrigin refuses pages whose origin may not call; nil: all may.
	CheckOrigin func(*http.Request) *fault.Error
	// Refuse reports a fault and answers with it.
	Refuse func(http.ResponseWriter, *http.Request, error)
	// Cluster knows the nodes on which other meetings live; nil: this server is alone.
	Cluster Cluster
	// BaseURL is the public address, "" where it is not configured: then the addresses in answers are relative to it.
	BaseURL string

	RequestTimeout time.Duration // 15 s: an offer is given up after
	EndedMemory    time.Duration // 1 min: how long a session that has ended can still be asked why
}

// Server is the http.Handler of both protocols. Shape: mutex.
type Server struct {
	opts    Options
	running sync.WaitGroup // those that wait for the end of a participation
	closing chan struct{}
	once    sync.Once

	mu             sync.Mutex // guards everything below
	sessions       map[string]*session
	participations map[participationKey]*session // those that have not ended
}

// participationKey names a participation as the owner of a meeting does.
type participationKey struct {
	protocol                            *protocol
	accountID, sessionID, participantID string
}

// protocol is what the two protocols differ in.
type protocol struct {
	name, path string
	queries    []string // query parameters of a POST
	sdkType    string
}

var (
	whip = &protocol{
		name: "WHIP", path: WHIPPath, sdkType: "whip",
		queries: []string{"roomId", "participantId", "displayName", "useExistingPeer"},
	}
	whep = &protocol{
		name: "WHEP", path: WHEPPath, sdkType: "whep",
		queries: []string{"roomId", "participantId", "displayName", "remotePeerId"},
	}
)

// New makes a Server; Close ends it.
func New(opts Options) *Server {
	if opts.RequestTimeout == 0 {
		opts.RequestTimeout = 15 * time.Second
	}
	if opts.EndedMemory == 0 {
		opts.EndedMemory = time.Minute
	}
	if opts.ICEServers == nil {
		opts.ICEServers = func(string, string, string, string) []wire.ICEServer { return nil }
	}
	if opts.CheckOrigin == nil {
		opts.CheckOrigin = func(*http.Request) *fault.Error { return nil }
	}
	if opts.Limiter == nil {
		opts.Limiter = ratelimit.New(ratelimit.Limits{})
	}
	if opts.Tokens == nil {
		opts.Tokens = ratelimit.NewTokens(0)
	}
	return &Server{
		opts: opts, closing: make(chan struct{}), sessions: map[string]*session{},
		participations: map[participationKey]*session{},
	}
}

// Close waits until nothing of the server runs. Meetings that were closed before have ended all participations.
func (s *Server) Close() {
	s.once.Do(func() { close(s.closing) })
	s.running.Wait()
}

// session is the address of a participation: what the Location header of a 201 names. Shape: mutex.
type session struct {
	protocol      *protocol
	id            string
	participation *meeting.Direct
	key           participationKey
	token         [sha256.Size]byte // of the POST

	turn chan struct{} // holds one token: the right to negotiate

	mu      sync.Mutex // guards everything below
	offer   string     // the last one that was answered
	etag    string     // of the ICE session
	ended   bool
	why     string // it has ended
	causeID string // of the fault that ended it
}

// add makes a session known, and watches for the end of its participation.
func (s *Server) add(p *protocol, participation *meeting.Direct, accountID, offer, token string) *session {
	joined := participation.Result()
	n := &session{
		protocol: p, id: s.newID(), participation: participation, token: sha256.Sum256([]byte(token)),
		key: participationKey{p, accountID, joined.SessionID, joined.ParticipantID}, turn: make(chan struct{}, 1),
		offer: offer, etag: newETag(),
	}
	n.turn <- struct{}{}
	s.mu.Lock()
	older := s.participations[n.key]
	s.sessions[n.id], s.participations[n.key] = n, n
	s.mu.Unlock()
	if older != nil && older.participation == participation {
		older.end("another "+p.name+" session goes on with its participant (useExistingPeer)", "")
		s.forgetLater(older)
	}
	s.running.Go(func() { s.watch(n) })
	return n
}

// newID makes the id of a session. In a cluster it ends with the name of its node, so that every node serves its
// address.
func (s *Server) newID() string {
	id := strings.ToLower(rand.Text())
	if s.opts.Cluster != nil {
		id += "." + base64.RawURLEncoding.EncodeToString([]byte(s.opts.Cluster.Name()))
	}
	return id
}

// nodeOf returns the other node of which an id of a session is; false: there is none that is alive.
func (s *Server) nodeOf(r *http.Request, id string) (record.NodeID, bool) {
	_, encoded, found := strings.Cut(id, ".")
	if s.opts.Cluster == nil || !found || ratelimit.IsCounted(r.Context()) {
		return record.NodeID{}, false
	}
	name, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || string(name) == s.opts.Cluster.Name() {
		return record.NodeID{}, false
	}
	return s.opts.Cluster.Node(string(name))
}

func newETag() string { return `"` + strings.ToLower(rand.Text()[:12]) + `"` }

// hasLeft is why a session has ended without a fault.
const hasLeft = "its participant has left"

// watch waits for the end of a participation.
func (s *Server) watch(n *session) {
	select {
	case <-n.participation.Done():
	case <-s.closing:
		return
	}
	n.settle()
	s.forgetLater(n)
}

// settle notes why the participation has ended, if it has.
func (n *session) settle() {
	select {
	case <-n.participation.Done():
	default:
		return
	}
	why, causeID := hasLeft, ""
	if reason, f := n.participation.Outcome(); f != nil {
		why, causeID = strings.TrimSuffix(f.Detail, "."), f.ID
	} else if reason.Code == wire.WebSocketDisconnected {
		why = "its connection was lost"
	}
	n.end(why, causeID)
}

func (s *Server) forgetLater(n *session) {
	s.mu.Lock()
	if s.participations[n.key] == n {
		delete(s.participations, n.key)
	}
	s.mu.Unlock()
	time.AfterFunc(s.opts.EndedMemory, func() {
		s.mu.Lock()
		delete(s.sessions, n.id)
		s.mu.Unlock()
	})
}

func (n *session) end(why, causeID string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.ended {
		n.ended, n.why, n.causeID = true, why, causeID
	}
}

// Stats returns the number of sessions that have not ended, for metrics.
func (s *Server) Stats() (publishers, players int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key := range s.participations {
		if key.protocol == whip {
			publishers++
		} else {
			players++
		}
	}
	return publishers, players
}
