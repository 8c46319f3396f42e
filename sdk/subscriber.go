package sdk

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// subscriber is the receiving connection: it answers the server's offers and hands each packet to the stream that it
// belongs to. One goroutine (run) answers, so that offers are taken in order, and has connections closed, so that none
// is closed while it is answered on: pion leaves an ICE agent behind that is made during Close. Of the offers that wait
// only the newest counts.
type subscriber struct {
	meeting *Meeting
	path    *path
	wake    chan struct{} // capacity 1: next or retired was set

	mu      sync.Mutex // guards everything below
	next    *wire.SubscribeOffer
	pc      *webrtc.PeerConnection
	log     *transportLog                    // of pc
	ctx     context.Context                  // ends when pc is given up
	cancel  context.CancelFunc               // of ctx
	retired []*webrtc.PeerConnection         // given up, to be closed
	routes  map[string]wire.SubscribedStream // by mid
	ssrcs   map[string]webrtc.SSRC           // by mid
}

func newSubscriber(m *Meeting) *subscriber {
	s := &subscriber{
		meeting: m,
		wake:    make(chan struct{}, 1),
		routes:  map[string]wire.SubscribedStream{},
		ssrcs:   map[string]webrtc.SSRC{},
	}
	s.path = newPath(m, "subscribe", func(ctx context.Context) error {
		return m.link.call(ctx, "consume", wire.MethodRestartSubscribe, struct{}{}, nil)
	}, s.replace)
	return s
}

// offer queues the server's newest offer.
func (s *subscriber) offer(offer wire.SubscribeOffer) {
	s.mu.Lock()
	s.next = &offer
	s.mu.Unlock()
	s.signal()
}

func (s *subscriber) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// run answers offers until the participation ends, and then closes the connection.
func (s *subscriber) run() {
	m := s.meeting
	defer s.closeRetired()
	defer s.retire()
	for {
		select {
		case <-m.ctx.Done():
			return
		case <-s.wake:
		}
		s.closeRetired()
		if s.path.held() > 0 {
			continue // replace follows: its offer is a new one
		}
		s.mu.Lock()
		offer := s.next
		s.next = nil
		s.mu.Unlock()
		if offer == nil {
			continue
		}
		pc, ctx, err := s.connection(offer.SDP)
		if err == nil {
			err = s.answer(ctx, pc, *offer)
		}
		if err == nil || ctx.Err() != nil || fault.Is(err, fault.CodeOperationAborted, fault.ReasonLeft) {
			continue
		}
		if errors.Is(err, webrtc.ErrConnectionClosed) {
			continue // the server closed it, as it does after a leave; path has it replaced when that was no end
		}
		if f, ok := errors.AsType[*fault.Error](err); ok {
			_ = m.fail(f)
		} else {
			_ = m.fail(fault.MeetingMediaConnectionFailedNegotiationFailed("subscribe", err.Error()).Because(err))
		}
	}
}

// connection returns the connection that an offer belongs to, and the context that ends when it is given up. It makes
// one where there is none, and where the server has begun another one, which only the offer tells: RFC 8829, section
// 5.2.1.
func (s *subscriber) connection(offer string) (*webrtc.PeerConnection, context.Context, error) {
	s.mu.Lock()
	pc, ctx := s.pc, s.ctx
	s.mu.Unlock()
	if pc != nil {
		if before := pc.RemoteDescription(); before == nil || sessionOf(before.SDP) == sessionOf(offer) {
			return pc, ctx, nil
		}
		s.retire()
		s.closeRetired()
	}
	m := s.meeting
	pc, log, err := m.connection()
	if err != nil {
		return nil, m.ctx, err
	}
	pc.OnTrack(s.receive)
	ctx, cancel := context.WithCancel(m.ctx)
	s.mu.Lock()
	s.pc, s.log, s.ctx, s.cancel = pc, log, ctx, cancel
	s.mu.Unlock()
	return pc, ctx, nil
}

// sessionOf returns the session id of a description (RFC 8866, section 5.2).
func sessionOf(description string) string {
	_, origin, _ := strings.Cut(description, "\no=")
	line, _, _ := strings.Cut(origin, "\n")
	if fields := strings.Fields(line); len(fields) > 1 {
		return fields[1]
	}
	return ""
}

func (s *subscriber) answer(ctx context.Context, pc *webrtc.PeerConnection, offer wire.SubscribeOffer) error {
	m := s.meeting
	s.mu.Lock()
	log := s.log
	clear(s.routes)
	for _, stream := range offer.Streams {
		s.routes[stream.MID] = stream
	}
	s.mu.Unlock()
	described := webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: keepReceivers(pc, offer.SDP)}
	if err := m.remoteDescription(pc, described); err != nil {
		return err
	}
	if offersData(offer.SDP) {
		if err := m.data.attach(pc); err != nil {
			return err
		}
	}
	sdp, err := localDescription(ctx, pc, func() (webrtc.SessionDescription, error) { return pc.CreateAnswer(nil) })
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	s.path.watch(pc, log)
	m.nominateSoon(pc)
	for attempt := 1; ; attempt++ { // while reconnecting the answer waits for the way back
		err := m.link.call(ctx, "consume", wire.MethodAnswer, wire.AnswerParams{OfferID: offer.OfferID, SDP: sdp}, nil)
		if !fault.Is(err, fault.CodeMeetingReconnecting) || !pause(ctx, backoff(attempt)) {
			return err
		}
	}
}

// receive delivers the packets of one media section; pion calls it on a goroutine for each.
func (s *subscriber) receive(track *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
	if !s.meeting.enterTask() {
		return
	}
	defer s.meeting.tasks.Done()
	mid, ok := s.midOf(receiver)
	if !ok {
		return // of a connection that was given up
	}
	s.mu.Lock()
	s.ssrcs[mid] = track.SSRC()
	s.mu.Unlock()
	s.meeting.spawn(func() { // reading feeds the interceptors too
		for {
			packets, _, err := receiver.ReadRTCP()
			if err != nil {
				return
			}
			for _, packet := range packets {
				if r, ok := packet.(*rtcp.SenderReport); ok && r.SSRC == uint32(track.SSRC()) {
					if stream := s.carried(mid); stream != nil {
						stream.report(r.NTPTime, r.RTPTime)
					}
				}
			}
		}
	})
	var last *Stream
	var payloadType uint8
	for {
		packet, _, err := track.ReadRTP()
		if errors.Is(err, webrtc.ErrCodecNotFound) {
			continue // of a payload type that was not negotiated; the next may be right again
		}
		if err != nil {
			return
		}
		stream := s.carried(mid)
		if stream == nil {
			continue
		}
		if stream != last || packet.PayloadType != payloadType {
			last, payloadType = stream, packet.PayloadType
			stream.carries(payloadType, codecName(track.Codec().MimeType))
		}
		stream.deliver(packet)
	}
}

// carried is the stream that a media section carries now, or nil.
func (s *subscriber) carried(mid string) *Stream {
	s.mu.Lock()
	route := s.routes[mid]
	s.mu.Unlock()
	return s.meeting.remoteStream(route.ParticipantID, Kind(route.Kind))
}

func (s *subscriber) midOf(receiver *webrtc.RTPReceiver) (mid string, ok bool) {
	s.mu.Lock()
	pc := s.pc
	s.mu.Unlock()
	if pc == nil {
		return "", false
	}
	for _, transceiver := range pc.GetTransceivers() {
		if transceiver.Receiver() == receiver {
			return transceiver.Mid(), true
		}
	}
	return "", false
}

// keyFrame asks the server for one of a stream; nothing happens while the stream does not flow yet.
func (s *subscriber) keyFrame(participantID string, kind Kind) {
	s.mu.Lock()
	pc := s.pc
	var ssrc webrtc.SSRC
	for mid, route := range s.routes {
		if route.ParticipantID == participantID && Kind(route.Kind) == kind {
			ssrc = s.ssrcs[mid]
		}
	}
	s.mu.Unlock()
	if pc != nil && ssrc != 0 {
		_ = pc.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: uint32(ssrc)}})
	}
}

// forget abandons the connection: the server knows nothing of it any more. Its next offer makes another one.
func (s *subscriber) forget() {
	s.path.reset()
	s.retire()
	s.mu.Lock()
	s.next = nil
	clear(s.routes)
	clear(s.ssrcs)
	s.mu.Unlock()
	s.signal()
}

// replace asks the server for an offer that another connection answers.
func (s *subscriber) replace() {
	s.path.forget()
	s.retire()
	s.signal()
	m := s.meeting
	for attempt := 0; pause(m.ctx, backoff(attempt)); attempt++ {
		ctx, cancel := context.WithTimeout(m.ctx, m.opts.RequestTimeout)
		err := s.path.restart(ctx)
		cancel()
		if f, ok := errors.AsType[*fault.Error](err); !ok || !f.Unanswered() && f.OnResume() == fault.End {
			return
		}
	}
}

// retire abandons the connection; closeRetired closes it.
func (s *subscriber) retire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pc != nil {
		s.cancel()
		s.retired = append(s.retired, s.pc)
		s.meeting.data.detach()
		s.pc = nil
		clear(s.ssrcs)
	}
}

// closeRetired has the connections closed that were given up. Only run calls it. It does not wait, where that is
// possible: the other end may be gone, and the next offer is there.
func (s *subscriber) closeRetired() {
	s.mu.Lock()
	retired := s.retired
	s.retired = nil
	s.mu.Unlock()
	for _, pc := range retired {
		if !s.meeting.enterTask() {
			s.path.close(pc)
			continue
		}
		go func() {
			defer s.meeting.tasks.Done()
			s.path.close(pc)
		}()
	}
}
