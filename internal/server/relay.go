package server

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/cluster"
	"github.com/klatch/klatch/internal/cluster/directory"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/ratelimit"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/signal"
)

// What this server does for the meetings of other nodes, and other nodes for its own: sockets are relayed, and requests
// are sent on over the link, with the address of their client.

func (s *Server) openDirectory() {
	if s.node.IsAlone() {
		return
	}
	s.directory = directory.New(directory.Options{
		Nodes: s.node, Owners: s.Store, Here: s.meetings.IsHere, Region: s.meetingRegion,
	})
}

// meetingRegion returns the region in which a meeting must live; "": anywhere.
func (s *Server) meetingRegion(ctx context.Context, accountID, meetingID string) (string, error) {
	m, err := s.Store.Meeting(ctx, accountID, meetingID)
	return m.Config.GeoFence, err
}

// signalCluster returns what signaling needs of the cluster; nil on a server that is alone.
func (s *Server) signalCluster() signal.Cluster {
	if s.directory == nil {
		return nil
	}
	return relays{s}
}

// relays implements signal.Cluster.
type relays struct{ server *Server }

func (r relays) Locate(ctx context.Context, q signal.Query) (record.Owner, bool, error) {
	return r.server.directory.Locate(ctx, directory.Query(q))
}

func (r relays) NextMove() <-chan struct{} { return r.server.directory.NextMove() }

func (r relays) Restore(ctx context.Context, meetingID string) error {
	return r.server.meetings.Restore(ctx, meetingID)
}

func (r relays) Node(name string) (record.NodeID, bool) { return r.server.directory.Node(name) }

func (r relays) Dial(ctx context.Context, to record.NodeID) (net.Conn, error) {
	return r.server.node.Dial(ctx, to)
}

func (r relays) Relayed(header http.Header, client netip.Addr, meetingID string) {
	relayedRequest{Client: client, MeetingID: meetingID}.set(header)
}

func (r relays) From(ctx context.Context) record.NodeID { return cluster.From(ctx) }

func (r relays) WithFrom(ctx context.Context, from record.NodeID) context.Context {
	return cluster.WithFrom(ctx, from)
}

// relayHeader is read of the requests of other nodes alone.
const relayHeader = "Klatch-Relay"

// relayedRequest is what one node says to another of the request that it sends on.
type relayedRequest struct {
	Client    netip.Addr `json:"client"`
	MeetingID string     `json:"meeting,omitempty"` // it must live on the node that is asked; "": no matter where
}

func (r relayedRequest) set(header http.Header) {
	raw, err := json.Marshal(r)
	if err != nil {
		panic(err) // an address and a string encode
	}
	header.Set(relayHeader, base64.RawURLEncoding.EncodeToString(raw))
}

func relayedRequestOf(r *http.Request) (said relayedRequest, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(r.Header.Get(relayHeader))
	if err != nil {
		return said, err
	}
	return said, json.Unmarshal(raw, &said)
}

// serveOtherNodes lets other nodes send requests to this one. They have counted them; what a request may do is judged
// here.
func (s *Server) serveOtherNodes(next http.Handler, refuse func(http.ResponseWriter, *http.Request, error)) {
	if s.directory == nil {
		return
	}
	s.node.Handle(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := &answerWriter{ResponseWriter: w}
		defer guard.Recover(r.Method+" "+r.URL.Path, func(err error) { s.panicked(answer, r, err, refuse) })
		said, err := relayedRequestOf(r)
		if err != nil {
			http.Error(answer, relayHeader+": "+err.Error(), http.StatusBadRequest)
			return
		}
		r.Header.Del(relayHeader)
		r = r.WithContext(ratelimit.WithCounted(ratelimit.WithClient(r.Context(), said.Client)))
		if said.MeetingID != "" {
			owns, err := s.directory.Owns(r.Context(), said.MeetingID)
			switch {
			case err != nil:
				http.Error(answer, "the owner is not known: "+err.Error(), http.StatusServiceUnavailable)
				return
			case !owns: // the node that asks looks again
				http.Error(answer, "the meeting does not live here", http.StatusMisdirectedRequest)
				return
			}
		}
		next.ServeHTTP(answer, r)
	}))
}

// relayWatch is how often it is looked whether a node is lost to which sockets are relayed.
const relayWatch = 250 * time.Millisecond

// watchRelays cuts the sockets that are relayed to nodes which are lost: their clients resume at once, while they would
// wait for a timeout else.
func (s *Server) watchRelays(ctx context.Context) {
	ticker := time.NewTicker(relayWatch)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		s.signal.EndRelays(func(owner record.NodeID) bool { return !s.node.Alive(owner) })
		s.transports.Range(func(id, _ any) bool {
			if !s.node.Alive(id.(record.NodeID)) {
				s.transports.Delete(id)
			}
			return true
		})
	}
}

// forwardTimeout bounds what another node may take for a request that is sent on to it.
const forwardTimeout = 35 * time.Second

// forward sends a request on to another node, and its answer back as it is.
func (s *Server) forward(
	w http.ResponseWriter, r *http.Request, to record.NodeID, meetingID string,
	refuse func(http.ResponseWriter, *http.Request, error),
) {
	transport, _ := s.transports.LoadOrStore(to, s.node.Transport(to))
	ctx, cancel := context.WithTimeout(r.Context(), forwardTimeout)
	defer cancel()
	proxy := httputil.ReverseProxy{
		Transport:     transport.(http.RoundTripper),
		FlushInterval: -1,
		Rewrite: func(p *httputil.ProxyRequest) {
			p.Out.URL.Scheme, p.Out.URL.Host, p.Out.Host = "http", "node", p.In.Host
			p.Out.Header.Del("Accept-Encoding") // this node compresses for the client
			if p.In.TLS != nil || p.In.Header.Get("X-Forwarded-Proto") == "https" {
				p.Out.Header.Set("X-Forwarded-Proto", "https")
			}
			relayedRequest{Client: ratelimit.ClientOf(ctx), MeetingID: meetingID}.set(p.Out.Header)
		},
		ModifyResponse: func(res *http.Response) error {
			if res.StatusCode == http.StatusMisdirectedRequest {
				return errMoved
			}
			for name := range res.Header { // what was set here already
				w.Header().Del(name)
			}
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			refuse(w, r, fault.ServerUnavailableNodeLost(to.Name).RetryAfter(500*time.Millisecond).Because(err))
		},
	}
	proxy.ServeHTTP(w, r.WithContext(ctx))
}

// errMoved is why a request was not served: the meeting went to another node meanwhile.
var errMoved = errors.New("the meeting does not live on that node any more")
