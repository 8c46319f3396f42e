package whip

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ident"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/ratelimit"
	"github.com/klatch/klatch/internal/wire"
)

const (
	typeSDP      = "application/sdp"
	typeFragment = "application/trickle-ice-sdpfrag" // RFC 8840
	typeJSON     = "application/json"
)

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Access-Control-Allow-Origin", "*") // no credential comes from a cookie
	header.Set("Access-Control-Expose-Headers",
		"Location, ETag, Link, Accept-Post, Accept-Patch, X-Request-Id, Retry-After")
	header.Set("Cache-Control", "no-store")
	p, at := route(r.URL.Path)
	switch {
	case p == nil:
		s.opts.Refuse(w, r, fault.NotFoundRoute(r.Method, r.URL.Path))
		return
	case at.session != "":
		header.Set("Accept-Patch", typeFragment)
	default:
		header.Set("Accept-Post", typeSDP)
	}
	if r.Method == http.MethodOptions {
		header.Set("Access-Control-Allow-Methods", strings.Join(at.methods(), ", "))
		header.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match, ETag")
		header.Set("Access-Control-Max-Age", "86400")
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if err := s.serve(w, r, p, at); err != nil {
		if fault.Is(fault.From(err), fault.CodeInvalidToken) {
			header.Set("WWW-Authenticate", "Bearer") // RFC 9110, section 15.5.2
		}
		s.opts.Refuse(w, r, err)
	}
}

// place is what a path names: an endpoint, with or without a room, or a session.
type place struct{ room, session string }

func (p place) methods() []string {
	if p.session != "" {
		return []string{http.MethodPatch, http.MethodDelete, http.MethodOptions}
	}
	return []string{http.MethodPost, http.MethodOptions}
}

// route returns nil for a path that names nothing.
func route(path string) (*protocol, place) {
	for _, p := range []*protocol{whip, whep} {
		rest, ok := strings.CutPrefix(path, p.path)
		if !ok || rest != "" && rest[0] != '/' {
			continue
		}
		rest = strings.Trim(rest, "/")
		if id, ok := strings.CutPrefix(rest, "sessions/"); ok && id != "" && !strings.Contains(id, "/") {
			return p, place{session: id}
		}
		if !strings.Contains(rest, "/") {
			return p, place{room: rest}
		}
	}
	return nil, place{}
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, p *protocol, at place) error {
	if f := s.opts.CheckOrigin(r); f != nil { // the preflight passed, so that the page can read this
		return f
	}
	if !slices.Contains(at.methods(), r.Method) {
		return fault.InvalidMessageMethodNotAllowed(r.Method, r.URL.Path, at.methods())
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.opts.RequestTimeout)
	defer cancel()
	r = r.WithContext(ctx)
	switch {
	case at.session == "":
		return s.post(w, r, p, at.room)
	case s.forwarded(w, r, at.session):
		return nil
	case r.Method == http.MethodPatch:
		return s.patch(w, r, p, at.session)
	}
	return s.delete(w, r, p, at.session)
}

// forwarded sends a request for a session of another node on to that one; false: it is one of this node, or of none.
func (s *Server) forwarded(w http.ResponseWriter, r *http.Request, id string) bool {
	to, is := s.nodeOf(r, id)
	if !is && s.opts.Cluster != nil && !ratelimit.IsCounted(r.Context()) && r.URL.Query().Has("participantId") {
		// The session of a meeting, as the published server SDK names it: judged there.
		who, err := s.opts.Caller(r.Context(), r.Header.Get("Authorization"))
		if err == nil {
			to, is, err = s.opts.Cluster.OfSession(r.Context(), who.Account.ID, id)
		}
		is = is && err == nil
	}
	if is {
		s.opts.Cluster.Forward(w, r, to, "")
	}
	return is
}

// query returns the parameters of a request, each given once and known.
func query(r *http.Request, known []string) (url.Values, error) {
	method := r.Method + " " + r.URL.Path
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, fault.InvalidMessageBadParams(method, "the query", "it cannot be read: "+err.Error()).Because(err)
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		switch {
		case name == "token" || name == "jwt" || name == "access_token":
			return nil, fault.InvalidMessageBadParams(method, name,
				"a token in an address ends in logs; send it in the header Authorization")
		case !slices.Contains(known, name):
			return nil, fault.InvalidMessageBadParams(method, name,
				"there is no such query parameter; there are "+strings.Join(known, ", "))
		case len(values[name]) > 1:
			return nil, fault.InvalidMessageBadParams(method, name, fmt.Sprintf("it is given %d times", len(values[name])))
		}
	}
	return values, nil
}

// read reads a body of one of the accepted types.
func read(w http.ResponseWriter, r *http.Request, limit int64, accepted ...string) (body, kind string, err error) {
	given := r.Header.Get("Content-Type")
	kind, _, err = mime.ParseMediaType(given)
	if err != nil || !slices.Contains(accepted, kind) {
		if given == "" {
			given = "of no type that a Content-Type names"
		}
		return "", "", fault.InvalidMessageMediaType(clip(given), accepted[0])
	}
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return "", "", fault.InvalidMessageMediaType("encoded with "+clip(encoding), accepted[0])
	}
	if r.ContentLength > limit {
		return "", "", fault.InvalidMessageTooLarge(int(limit)).WithFatal(false)
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return "", "", fault.InvalidMessageTooLarge(int(limit)).WithFatal(false)
	}
	if err != nil {
		return "", "", fault.InvalidMessageBadSDP(fmt.Sprintf("the body breaks off after %d bytes", len(data))).Because(err)
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{}) // one that passes later would cancel the handler
	return string(data), kind, nil
}

func clip(text string) string {
	if len(text) > 100 {
		return strings.ToValidUTF8(text[:100], "") + "…"
	}
	return text
}

// tokenOf returns the token of a request: after Bearer, or alone as the published server SDK sends it.
func tokenOf(r *http.Request) string {
	header := r.Header.Get("Authorization")
	if scheme, rest, ok := strings.Cut(header, " "); ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimLeft(rest, " ")
	}
	return header
}

// post takes an offer: the participant joins, and publishes or plays.
func (s *Server) post(w http.ResponseWriter, r *http.Request, p *protocol, room string) error {
	values, err := query(r, p.queries)
	if err != nil {
		return err
	}
	join, existing, err := joinParams(r, p, room, values)
	if err != nil {
		return err
	}
	join.Token = tokenOf(r)
	ident.Normalize(&join)
	if f := join.Check(); f != nil {
		return f
	}
	req, err := s.opts.Admit(r.Context(), join) // before the body: who has no token is not read further
	if err != nil {
		return err
	}
	located := func(err error) error {
		return fault.From(err).WithAccount(req.AccountID).WithDefaultMeeting(req.MeetingID, "", req.ParticipantID)
	}
	if !ratelimit.IsCounted(r.Context()) {
		if err := s.opts.Tokens.Take(join.Token, time.Now()); err != nil {
			return located(err)
		}
		if s.opts.Cluster != nil {
			to, elsewhere, err := s.opts.Cluster.Locate(r.Context(), req.AccountID, req.MeetingID)
			if err != nil {
				return located(err)
			}
			if elsewhere {
				s.opts.Cluster.Forward(w, r, to, req.MeetingID)
				return nil
			}
		}
	}
	offer, _, err := read(w, r, wire.MaxSDPBytes, typeSDP)
	if err != nil {
		return located(err)
	}
	publish, play := wire.PublishParams{}, wire.PlayParams{SDP: offer}
	if p == whip {
		publish, err = s.opts.PublishOffer(offer)
	} else {
		err = s.opts.CheckPlay(play)
	}
	if err != nil {
		return located(err)
	}

	req.Protocol = p.name
	req.Viewer, req.Source = p == whep, values.Get("remotePeerId")
	participation, resumed, err := s.enter(r.Context(), req, existing)
	if err != nil {
		return located(err)
	}
	var answer string
	if p == whip {
		answer, err = publishWith(r.Context(), participation, publish)
	} else {
		answer, err = playWith(r.Context(), participation, play)
	}
	if err != nil {
		if !resumed {
			_ = participation.Leave(context.WithoutCancel(r.Context())) // it may be out already
		}
		return located(err)
	}
	n := s.add(p, participation, req.AccountID, offer, join.Token)
	header := w.Header()
	header.Set("Location", s.opts.BaseURL+p.path+"/sessions/"+n.id)
	header.Set("ETag", n.etag)
	header.Set("Accept-Patch", typeFragment)
	joined := participation.Result()
	for _, server := range s.opts.ICEServers(req.AccountID, joined.MeetingID, joined.SessionID, joined.ParticipantID) {
		for _, link := range links(server) {
			header.Add("Link", link)
		}
	}
	header.Set("Content-Type", typeSDP)
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, answer) // a client that is gone is found out by its connection
	return nil
}

// joinParams makes the join of a POST.
func joinParams(
	r *http.Request, p *protocol, room string, values url.Values,
) (_ wire.JoinParams, existing bool, _ error) {
	method := r.Method + " " + p.path
	if named := values.Get("roomId"); named != "" {
		if room != "" && room != named {
			return wire.JoinParams{}, false, fault.InvalidMessageBadParams(method, "roomId",
				fmt.Sprintf("it is %s, and the path names the room %s", clip(named), clip(room)))
		}
		room = named
	}
	join := wire.JoinParams{
		Protocol: wire.Version, MeetingID: room, Name: values.Get("displayName"),
		Client: wire.ClientInfo{SDKType: p.sdkType, BrowserUserAgent: strings.ToValidUTF8(r.UserAgent(), "")},
	}
	if agent := join.Client.BrowserUserAgent; len(agent) > wire.MaxClientBytes {
		join.Client.BrowserUserAgent = strings.ToValidUTF8(agent[:wire.MaxClientBytes], "")
	}
	if p == whep {
		join.Mode = string(wire.RecvOnly)
	}
	if values.Has("participantId") {
		id := values.Get("participantId")
		join.ParticipantID = &id
	}
	switch use := values.Get("useExistingPeer"); use {
	case "", "false":
	case "true":
		if join.ParticipantID == nil {
			return join, false, fault.InvalidMessageBadParams(method, "useExistingPeer", "it needs a participantId")
		}
		existing = true
	default:
		return join, false, fault.InvalidMessageBadParams(method, "useExistingPeer", "it takes true or false")
	}
	if source := values.Get("remotePeerId"); len(source) > wire.MaxIDBytes {
		return join, false, fault.InvalidMessageBadParams(method, "remotePeerId",
			fmt.Sprintf("has %d bytes; it takes at most %d", len(source), wire.MaxIDBytes))
	}
	return join, existing, nil
}

// enter lets the participant in. existing: a participant of that id that came over the same protocol goes on, and the
// others see nobody leave or join.
func (s *Server) enter(
	ctx context.Context, req meeting.JoinRequest, existing bool,
) (participation *meeting.Direct, resumed bool, err error) {
	if existing {
		live, present, err := s.opts.Meetings.Present(ctx, req.AccountID, req.MeetingID, "")
		if err == nil {
			s.mu.Lock()
			n := s.participations[participationKey{whip, req.AccountID, live.SessionID, req.ParticipantID}]
			s.mu.Unlock()
			if n != nil {
				return n.participation, true, nil
			}
			if slices.ContainsFunc(present, func(q wire.Participant) bool { return q.ID == req.ParticipantID }) {
				return nil, false, fault.InvalidMessageBadParams("POST "+WHIPPath, "useExistingPeer",
					"the participant "+req.ParticipantID+" is in the meeting with an SDK; only one that came over WHIP can be "+
						"taken over, and without this parameter a WHIP session replaces it")
			}
		} else if !errors.Is(err, meeting.ErrNotLive) {
			return nil, false, err
		}
	}
	participation, err = s.opts.Meetings.JoinDirect(ctx, req)
	return participation, false, err
}

func publishWith(ctx context.Context, participation *meeting.Direct, params wire.PublishParams) (string, error) {
	if f := params.Check(); f != nil {
		return "", f
	}
	result, err := participation.Publish(ctx, params)
	return result.SDP, err
}

func playWith(ctx context.Context, participation *meeting.Direct, params wire.PlayParams) (string, error) {
	if f := params.Check(); f != nil {
		return "", f
	}
	result, err := participation.Play(ctx, params)
	return result.SDP, err
}

// links returns the Link headers of a TURN server (RFC 9725, section 4.6).
func links(server wire.ICEServer) []string {
	var all []string
	for _, address := range server.URLs {
		link := "<" + address + `>; rel="ice-server"`
		if server.Username != "" || server.Credential != "" {
			link += fmt.Sprintf("; username=%q; credential=%q; credential-type=\"password\"", server.Username, server.Credential)
		}
		all = append(all, link)
	}
	return all
}

// find returns the session at an address. The id is as good as a secret; a token that comes with it must be that of the
// POST, or one that may call REST for the same account.
func (s *Server) find(r *http.Request, p *protocol, id string) (*session, error) {
	unknown := fault.NotFoundMediaSession(p.name, "it is not known, or ended more than a minute ago")
	s.mu.Lock()
	n := s.sessions[id]
	s.mu.Unlock()
	if n == nil || n.protocol != p {
		client := ratelimit.ClientOf(r.Context())
		if f := s.opts.Limiter.Take(client, ratelimit.FailedResumes); f != nil { // ids are not to be guessed
			return nil, f
		}
		return nil, unknown
	}
	if token := tokenOf(r); token != "" {
		hash := sha256.Sum256([]byte(token))
		if subtle.ConstantTimeCompare(hash[:], n.token[:]) != 1 {
			who, err := s.opts.Caller(r.Context(), r.Header.Get("Authorization"))
			if err != nil {
				return nil, err
			}
			if who.Account.ID != n.key.accountID {
				return nil, unknown
			}
		}
	}
	return n, nil
}

// gone returns why a session takes no more requests; nil while it does.
func (n *session) gone() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.ended {
		return nil
	}
	f := fault.NotFoundMediaSession(n.protocol.name, "it has ended: "+n.why)
	if n.causeID != "" {
		f = f.CausedBy(n.causeID)
	}
	return n.located(f)
}

// located adds to a fault whose it is and where.
func (n *session) located(err error) error {
	return fault.From(err).WithAccount(n.key.accountID).
		WithDefaultMeeting(n.participation.Result().MeetingID, n.key.sessionID, n.key.participantID)
}

// delete ends a session: by its own address, or by the id of the meeting's session with the participant's, as the
// published server SDK names it.
func (s *Server) delete(w http.ResponseWriter, r *http.Request, p *protocol, id string) error {
	values, err := query(r, []string{"participantId", "displayName", "remotePeerId"})
	if err != nil {
		return err
	}
	var n *session
	if participantID := values.Get("participantId"); participantID != "" {
		if n, err = s.findParticipation(r, p, id, ident.NFC(participantID)); err != nil {
			return err
		}
	}
	if n == nil {
		if n, err = s.find(r, p, id); err != nil {
			return err
		}
	}
	n.settle() // it may have ended a moment ago
	if err := n.gone(); err != nil {
		return err
	}
	err = n.participation.Leave(r.Context())
	if err != nil && !fault.Is(err, fault.CodeActionPerformedBeforeMeetingJoined) {
		return n.located(err)
	}
	n.settle()
	if err != nil {
		if gone := n.gone(); gone != nil { // somebody else ended it meanwhile
			return gone
		}
	}
	n.end(hasLeft, "") // before watch sees it, so that a second DELETE finds no session
	w.WriteHeader(http.StatusOK)
	return nil
}

// findParticipation returns the session of a participant, nil when there is none.
func (s *Server) findParticipation(r *http.Request, p *protocol, sessionID, participantID string) (*session, error) {
	s.mu.Lock()
	known := s.sessions[sessionID] != nil
	s.mu.Unlock()
	if known {
		return nil, nil // the address of a session, with a participant beside it
	}
	client := ratelimit.ClientOf(r.Context())
	if err := s.opts.Limiter.CheckToken(client); err != nil {
		return nil, err
	}
	who, err := s.opts.Caller(r.Context(), r.Header.Get("Authorization"))
	if err != nil {
		return nil, s.opts.Limiter.Refused(client, err)
	}
	s.mu.Lock()
	n := s.participations[participationKey{p, who.Account.ID, sessionID, participantID}]
	s.mu.Unlock()
	if n == nil {
		return nil, fault.NotFoundMediaSession(p.name,
			fmt.Sprintf("the session %s has no participant %s that came over %s", clip(sessionID), clip(participantID), p.name)).
			WithAccount(who.Account.ID)
	}
	return n, nil
}
