package whip

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ident"
	"github.com/klatch/klatch/internal/wire"
)

const (
	maxFragment = 64 << 10 // bytes of a PATCH
	maxLines    = 1000     // of a fragment
)

// patch takes candidates, which a server that is ICE-lite has no use for, restarts ICE (RFC 9725, section 4.3), or
// changes whom a player is sent.
func (s *Server) patch(w http.ResponseWriter, r *http.Request, p *protocol, id string) error {
	if _, err := query(r, nil); err != nil {
		return err
	}
	n, err := s.find(r, p, id)
	if err != nil {
		return err
	}
	accepted := []string{typeFragment}
	if p == whep {
		accepted = append(accepted, typeJSON)
	}
	body, kind, err := read(w, r, maxFragment, accepted...)
	if err != nil {
		return n.located(err)
	}
	select {
	case <-n.turn:
		defer func() { n.turn <- struct{}{} }()
	case <-r.Context().Done():
		return n.located(fault.OperationAbortedCancelled("PATCH " + p.path).Because(r.Context().Err()))
	}
	if err := n.gone(); err != nil {
		return err
	}
	if kind == typeJSON {
		return s.setSource(w, r, n, body)
	}
	match := r.Header.Get("If-Match")
	switch {
	case match == "":
		return n.located(fault.InvalidMessageIfMatchMissing(n.etag))
	case match != "*" && match != n.etag:
		return n.located(fault.InvalidMessageIfMatchStale(clip(match), n.etag))
	}
	f, err := readFragment(body)
	if err != nil {
		return n.located(err)
	}
	if f.ufrag == valueOf(n.offer, "ice-ufrag") && f.pwd == valueOf(n.offer, "ice-pwd") {
		if match == "*" {
			return n.located(fault.InvalidMessageBadSDP(
				"a=ice-ufrag and a=ice-pwd of the fragment are those of the present ICE session; a restart has new ones"))
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if match != "*" { // RFC 9725, section 4.3.2: a candidate of another connection must not restart this one
		return n.located(fault.InvalidMessageBadSDP(
			"a=ice-ufrag and a=ice-pwd of the fragment are not those of the present ICE session; " +
				"a restart has new ones and If-Match: *"))
	}
	return s.restart(w, r, n, f)
}

// restart restarts ICE with the credentials of a fragment.
func (s *Server) restart(w http.ResponseWriter, r *http.Request, n *session, f fragment) error {
	offer := withCredentials(n.offer, f)
	var answer string
	var err error
	if n.protocol == whip {
		var params wire.PublishParams
		if params, err = s.opts.PublishOffer(offer); err == nil {
			answer, err = publishWith(r.Context(), n.participation, params)
		}
	} else {
		answer, err = playWith(r.Context(), n.participation, wire.PlayParams{SDP: offer})
	}
	if err != nil {
		return n.located(err)
	}
	n.mu.Lock()
	n.offer, n.etag = offer, newETag()
	etag := n.etag
	n.mu.Unlock()
	w.Header().Set("ETag", etag)
	w.Header().Set("Content-Type", typeFragment)
	w.WriteHeader(http.StatusOK)
	_, _ = io.WriteString(w, fragmentOf(answer)) // a client that is gone is found out by its connection
	return nil
}

// sourceChange is the JSON body of a PATCH of a player.
type sourceChange struct {
	RemotePeerID *string `json:"remotePeerId"`
}

func (s *Server) setSource(w http.ResponseWriter, r *http.Request, n *session, body string) error {
	const method = "PATCH " + WHEPPath
	decoder := json.NewDecoder(strings.NewReader(body))
	decoder.DisallowUnknownFields()
	var change sourceChange
	if err := decoder.Decode(&change); err != nil {
		return n.located(fault.InvalidMessageBadParams(method, "body",
			`it takes {"remotePeerId": "…"}, and nothing else: `+err.Error()).Because(err))
	}
	switch {
	case change.RemotePeerID == nil:
		return n.located(fault.InvalidMessageBadParams(method, "remotePeerId",
			"it is missing; \"\" follows who shares or speaks"))
	case len(*change.RemotePeerID) > wire.MaxIDBytes:
		return n.located(fault.InvalidMessageBadParams(method, "remotePeerId",
			fmt.Sprintf("has %d bytes; it takes at most %d", len(*change.RemotePeerID), wire.MaxIDBytes)))
	}
	if err := n.participation.SetSource(r.Context(), ident.NFC(*change.RemotePeerID)); err != nil {
		return n.located(err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// fragment is what matters of an SDP fragment (RFC 8840, section 9): the client's ICE credentials.
type fragment struct{ ufrag, pwd string }

// readFragment reads a fragment. The first credentials in it count, at the level of the session or in the first
// section: all sections share one transport.
func readFragment(body string) (fragment, error) {
	var f fragment
	lines := 0
	for line := range strings.Lines(body) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			continue
		}
		if lines++; lines > maxLines {
			return f, fault.InvalidMessageBadSDP(fmt.Sprintf("the fragment has more than %d lines", maxLines))
		}
		if !strings.HasPrefix(line, "a=") && !strings.HasPrefix(line, "m=") {
			return f, fault.InvalidMessageBadSDP(fmt.Sprintf(
				"line %d of the fragment begins neither with a= nor with m= (RFC 8840, section 9)", lines))
		}
		for attribute, has := range map[string]*string{"ice-ufrag": &f.ufrag, "ice-pwd": &f.pwd} {
			if value, ok := strings.CutPrefix(line, "a="+attribute+":"); ok && *has == "" {
				*has = strings.TrimSpace(value)
			}
		}
	}
	// RFC 8839, section 5.4
	switch {
	case !isICEText(f.ufrag, 4):
		return f, fault.InvalidMessageBadSDP("a=ice-ufrag of the fragment is absent or not of 4 to 256 ice-chars")
	case !isICEText(f.pwd, 22):
		return f, fault.InvalidMessageBadSDP("a=ice-pwd of the fragment is absent or not of 22 to 256 ice-chars")
	}
	return f, nil
}

func isICEText(text string, least int) bool {
	if len(text) < least || len(text) > 256 {
		return false
	}
	for _, c := range text {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '+', c == '/':
		default:
			return false
		}
	}
	return true
}

// valueOf returns the value of the first attribute of that name in a description.
func valueOf(description, name string) string {
	for line := range strings.Lines(description) {
		if value, ok := strings.CutPrefix(strings.TrimRight(line, "\r\n"), "a="+name+":"); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// withCredentials returns an offer with other ICE credentials, and nothing else changed.
func withCredentials(offer string, f fragment) string {
	var out strings.Builder
	for line := range strings.Lines(offer) {
		switch {
		case strings.HasPrefix(line, "a=ice-ufrag:"):
			line = "a=ice-ufrag:" + f.ufrag + "\r\n"
		case strings.HasPrefix(line, "a=ice-pwd:"):
			line = "a=ice-pwd:" + f.pwd + "\r\n"
		}
		out.WriteString(line)
	}
	return out.String()
}

// fragmentOf returns the ICE of an answer as a fragment: what is at the level of the session, and the first section
// with its credentials and candidates, which all sections share.
func fragmentOf(answer string) string {
	var session, section, shared []string
	media, mid := "", ""
	for line := range strings.Lines(answer) {
		line = strings.TrimRight(line, "\r\n")
		if strings.HasPrefix(line, "m=") {
			if media != "" {
				break
			}
			media = line
			continue
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(line, "a="), ":")
		switch {
		case name == "ice-lite", name == "ice-options", name == "group" && media == "":
			session = append(session, line)
		case name == "mid":
			mid = line
		case name == "ice-ufrag", name == "ice-pwd":
			shared = append(shared, line)
		case name == "candidate", name == "end-of-candidates":
			section = append(section, line)
		}
	}
	lines := append(session, media, mid)
	lines = append(lines, shared...)
	lines = append(lines, section...)
	return strings.Join(lines, "\r\n") + "\r\n"
}
