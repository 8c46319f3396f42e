package sdk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/fault"
)

// Why a media connection never came up: 3101, by what is known of each stage.

// pair is what became of a pair of candidates.
type pair struct {
	ends           string // "udp 10.0.0.5:50000 > 192.0.2.1:4001"
	checks, echoes uint64 // STUN requests sent, and answers
}

func (p pair) String() string {
	return fmt.Sprintf("%s (%d checks, %d answers)", p.ends, p.checks, p.echoes)
}

// pairsOf reads the pairs of a connection, the most tried first.
func pairsOf(pc *webrtc.PeerConnection) []pair {
	report := pc.GetStats()
	ends := map[string]webrtc.ICECandidateStats{}
	for _, s := range report {
		if candidate, ok := s.(webrtc.ICECandidateStats); ok {
			ends[candidate.ID] = candidate
		}
	}
	at := func(c webrtc.ICECandidateStats) string { return net.JoinHostPort(c.IP, strconv.Itoa(int(c.Port))) }
	var list []pair
	for _, s := range report {
		stats, ok := s.(webrtc.ICECandidatePairStats)
		if !ok {
			continue
		}
		local, remote := ends[stats.LocalCandidateID], ends[stats.RemoteCandidateID]
		if local.IP == "" || remote.IP == "" || isNominationProbe(remote.IP, remote.Port) {
			continue
		}
		protocol := strings.TrimRight(cmp.Or(local.NetworkType, local.Protocol), "46")
		list = append(
			list,
			pair{
				fmt.Sprintf("%s %s > %s", protocol, at(local), at(remote)),
				stats.RequestsSent,
				stats.ResponsesReceived,
			},
		)
	}
	slices.SortFunc(list, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.echoes, a.echoes), cmp.Compare(b.checks, a.checks), cmp.Compare(a.ends, b.ends))
	})
	return list
}

// never returns why a connection never came up; handshake: it has a path, and no DTLS over it.
func (p *path) never(pc *webrtc.PeerConnection, handshake bool) *fault.Error {
	p.mu.Lock()
	pairs, began, log := p.pairs, p.began, p.log
	p.mu.Unlock()
	after := time.Since(began)
	if handshake {
		dtls := dtlsOf(pc)
		found := "a pair that is no longer known"
		if selected, err := dtls.ICETransport().GetSelectedCandidatePair(); err == nil && selected != nil {
			found = fmt.Sprintf(
				"%s %s > %s",
				selected.Local.Protocol,
				addressOf(selected.Local),
				addressOf(selected.Remote),
			)
		} else if len(pairs) > 0 && pairs[0].echoes > 0 {
			found = pairs[0].ends
		}
		return fault.MediaConnectionLostDTLSFailed(p.name, found, handshakeProblem(log.why(p.meeting.ctx)), after)
	}
	tried := make([]string, len(pairs))
	for i, one := range pairs {
		tried[i] = one.String()
	}
	if refusal := log.refused(); refusal != nil {
		return fault.MediaConnectionLostTurnAuthFailed(p.name, refusal.server, refusal.status,
			refusal.explain(p.meeting.servers(), time.Now()), tried, after)
	}
	local, remote := candidatesOf(pc.LocalDescription()), candidatesOf(pc.RemoteDescription())
	if len(local) == 0 {
		p.mu.Lock()
		local = p.local
		p.mu.Unlock()
	}
	signaling := p.meeting.dialer.remote.Load()
	addresses := addressesOf(remote)
	switch {
	case len(addresses) > 0 && !slices.ContainsFunc(addresses, isPublic) &&
		outside(signaling, p.meeting.dialer.base.Hostname()):
		return fault.MediaConnectionLostServerPrivateAddress(p.name, remote, p.meeting.dialer.base.Host, tried, after)
	case signaling != nil && slices.Contains(addresses, *signaling):
		return fault.MediaConnectionLostUDPBlocked(p.name, signaling.String(), local, remote, tried, after)
	}
	return fault.MediaConnectionLostNoPath(p.name, local, remote, tried, after)
}

func addressOf(c *webrtc.ICECandidate) string {
	return net.JoinHostPort(c.Address, strconv.Itoa(int(c.Port)))
}

// addressesOf returns the addresses in a list of candidatesOf.
func addressesOf(candidates []string) (list []netip.Addr) {
	for _, candidate := range candidates {
		if at, err := netip.ParseAddrPort(candidate[strings.LastIndex(candidate, " ")+1:]); err == nil {
			list = append(list, at.Addr().Unmap())
		}
	}
	return list
}

var sharedSpace = netip.MustParsePrefix("100.64.0.0/10") // RFC 6598: behind a carrier's NAT

func isPublic(a netip.Addr) bool {
	return !a.IsPrivate() && !a.IsLoopback() && !a.IsLinkLocalUnicast() && !a.IsUnspecified() &&
		!sharedSpace.Contains(a)
}

// outside reports whether signaling goes over the public network: to a public address, where it is known, or else,
// through a proxy, to a name or address that is not a private one by its looks.
func outside(signaling *netip.Addr, host string) bool {
	if signaling != nil {
		return isPublic(*signaling)
	}
	if literal, err := netip.ParseAddr(host); err == nil {
		return isPublic(literal)
	}
	return strings.Contains(host, ".")
}

// dtlsOf returns the DTLS transport of a connection, which all its media sections share; nil before there is one.
func dtlsOf(pc *webrtc.PeerConnection) *webrtc.DTLSTransport {
	for _, transceiver := range pc.GetTransceivers() {
		if sender := transceiver.Sender(); sender != nil && sender.Transport() != nil {
			return sender.Transport()
		}
		if receiver := transceiver.Receiver(); receiver != nil && receiver.Transport() != nil {
			return receiver.Transport()
		}
	}
	return nil
}

// handshakeProblem puts an error of pion's DTLS into words.
func handshakeProblem(err error) string {
	text := fmt.Sprint(err)
	switch {
	case err == nil:
		return "the DTLS library does not say why"
	case errors.Is(err, context.DeadlineExceeded) || strings.Contains(text, context.DeadlineExceeded.Error()):
		return fmt.Sprintf(
			"none of its messages was answered within %d ms, while STUN passes",
			dtlsTimeout.Milliseconds(),
		)
	case strings.Contains(text, "fingerprint"):
		return "the certificate of the other side does not have the fingerprint that its session description names"
	}
	return text
}
