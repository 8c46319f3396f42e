package sdk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// publisher is the sending connection: one peer connection for all streams of this participant. A stream keeps its
// media section; switching it off and on again needs no negotiation.
type publisher struct {
	meeting *Meeting
	path    *path
	// turn has capacity 1 and is held by the one operation that negotiates, switches or closes: pion leaves an ICE
	// agent behind that is made during Close.
	turn chan struct{}

	mu    sync.Mutex // guards everything below
	pc    *webrtc.PeerConnection
	log   *transportLog // of pc
	slots map[Kind]*slot
	// quality is the best one in which the camera is sent; "" for all
	quality Quality
	heard   bool // a goroutine looks whether streams arrive
	stale   bool // the server has lost the other end of the connection: it needs another one
	gone    bool
}

// slot is the media section of one kind of stream.
type slot struct {
	kind        Kind
	codec       string
	stream      wire.Stream // as the server announced it
	transceiver *webrtc.RTPTransceiver
	rids        []string        // of its encodings, smallest first; none: one encoding
	out         []*rtpWriter    // one for each
	refused     map[string]bool // rids that the server did not take
	idle        map[string]bool // rids that nobody takes
	pump        *pump           // nil while switched off
	negotiated  bool
	paused      bool // off for others, because the source delivers nothing
	silence     *condition
	mic         *silentMicrophone // of the pump; nil: it is no microphone
	reports     atomic.Int64      // receiver reports of the server that name the stream
}

func newPublisher(m *Meeting) *publisher {
	p := &publisher{meeting: m, turn: make(chan struct{}, 1), slots: map[Kind]*slot{}}
	p.path = newPath(m, "publish", p.restart, p.replace)
	return p
}

// on reports whether a stream of that kind goes out.
func (p *publisher) on(kind Kind) bool { return p.running(kind) != nil }

// paused reports whether a stream is off for others because its source delivers nothing.
func (p *publisher) paused(kind Kind) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.slots[kind]
	return s != nil && s.pump != nil && s.paused
}

// running returns the pump of a kind, nil for none.
func (p *publisher) running(kind Kind) *pump {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.slots[kind]; s != nil {
		return s.pump
	}
	return nil
}

// enable opens the source, negotiates where needed, and lets it flow.
func (p *publisher) enable(ctx context.Context, method string, kind Kind, source Source) (wire.Stream, error) {
	reader, err := source.Open(kind)
	if err != nil {
		return wire.Stream{}, deviceFault(kind, source, err)
	}
	if reader == nil {
		return wire.Stream{}, deviceFault(kind, source, fmt.Errorf("Open gave no reader: %w", ErrAbsent))
	}
	codec := reader.Codec()
	if f, ok := formats[codec]; !ok || f.sound() != kind.carriesAudio() {
		_ = reader.Close()
		return wire.Stream{}, deviceFault(kind, source, &FormatError{Got: codec, Want: takes(kind)})
	}
	if !p.take(ctx) {
		_ = reader.Close()
		return wire.Stream{}, fault.OperationAbortedCancelled(method).Because(ctx.Err())
	}
	defer p.release()
	rids := p.meeting.ridsOf(kind, reader)
	stream, err := p.offerOrSwitch(ctx, method, kind, codec, rids)
	if err != nil && p.overtaken(err) {
		stream, err = p.offerOrSwitch(ctx, method, kind, codec, rids)
	}
	if err != nil {
		_ = reader.Close()
		return wire.Stream{}, refused(kind, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone {
		_ = reader.Close()
		return wire.Stream{}, fault.OperationAbortedLeft(method)
	}
	s := p.slots[kind]
	silence := &condition{meeting: p.meeting}
	s.paused, s.silence = false, silence
	s.activateLocked(reader)
	hooks := pumpHooks{
		ended:  func(err error) { p.ended(kind, source, err) },
		silent: func(packets int64) { p.silent(s, silence, source, packets) },
		flows:  func() { p.flows(s, silence) },
		up:     p.path.up,
	}
	s.mic = nil
	if kind == Audio {
		mic := newSilentMicrophone(p.meeting, source.Name())
		s.mic, hooks.judge = mic, func(frame Frame) { mic.take(frame, time.Now()) }
	}
	s.pump = startPump(reader, s.out, kind.carriesAudio(), hooks)
	return stream, nil
}

// refused dresses a fault of the server as a device fault that names it as cause; what only says that the call did not
// get through stays itself.
func refused(kind Kind, err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if ok && f.Local() {
		return f
	}
	switch kind {
	case Audio:
		return fault.MicrophoneProduceFailedPublishRefused(string(kind)).Because(err)
	case Video:
		return fault.WebcamProduceFailedPublishRefused(string(kind)).Because(err)
	}
	return fault.ScreenshareProduceFailedPublishRefused(string(kind)).Because(err)
}

// overtaken reports whether a request failed because another node goes on with the session, which can be asked.
func (p *publisher) overtaken(err error) bool {
	p.mu.Lock()
	stale := p.stale
	p.mu.Unlock()
	f := fault.From(err)
	return stale && f != nil && f.Unanswered() && p.meeting.link.connected()
}

func (p *publisher) offerOrSwitch(
	ctx context.Context,
	method string,
	kind Kind,
	codec string,
	rids []string,
) (wire.Stream, error) {
	p.mu.Lock()
	// Pion changes neither the number of encodings nor the track of one that has a rid (RTPSender.ReplaceTrack).
	if s := p.slots[kind]; s != nil && (len(s.rids) != len(rids) || len(rids) > 0 && s.codec != codec) {
		delete(p.slots, kind)
		p.mu.Unlock()
		p.path.reset()
		p.retire()
	} else {
		p.mu.Unlock()
	}
	if err := p.rebuild(ctx); err != nil {
		return wire.Stream{}, err
	}
	p.mu.Lock()
	s := p.slots[kind]
	same := s != nil && s.negotiated && s.codec == codec
	p.mu.Unlock()
	if same {
		err := p.meeting.link.call(
			ctx,
			method,
			wire.MethodSetStream,
			wire.SetStreamParams{Kind: wire.Kind(kind), Enabled: true},
			nil,
		)
		return s.stream, err
	}
	if err := p.prepare(kind, codec, rids); err != nil {
		return wire.Stream{}, fault.MeetingMediaConnectionFailedNegotiationFailed("publish", err.Error()).Because(err)
	}
	if err := p.negotiate(ctx, method, kind, nil); err != nil {
		return wire.Stream{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.slots[kind].stream, nil
}

// prepare makes the peer connection and the media section of a stream, or changes the codec of the section.
func (p *publisher) prepare(kind Kind, codec string, rids []string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pc == nil {
		pc, log, err := p.meeting.connection()
		if err != nil {
			return err
		}
		p.pc, p.log = pc, log
	}
	s := p.slots[kind]
	if s != nil && len(rids) > 0 {
		return nil // made before, and not negotiated: offerOrSwitch keeps only a slot with these rids and this codec
	}
	out, err := newRTPWriters(kind, formats[codec], rids)
	if err != nil {
		return err
	}
	if s == nil {
		s = &slot{kind: kind, rids: rids}
		if err := p.addLocked(p.pc, s, out); err != nil {
			return err
		}
		p.slots[kind] = s
	} else if err := s.transceiver.Sender().ReplaceTrack(out[0].track); err != nil {
		return err
	}
	s.codec, s.out, s.negotiated = codec, out, false
	return s.transceiver.SetCodecPreferences(formats[codec].parameters())
}

// addLocked makes the media section of a slot.
func (p *publisher) addLocked(pc *webrtc.PeerConnection, s *slot, out []*rtpWriter) error {
	transceiver, err := pc.AddTransceiverFromTrack(
		out[0].track,
		webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly},
	)
	if err != nil {
		return err
	}
	s.transceiver = transceiver
	sender, kind := transceiver.Sender(), s.kind
	for _, other := range out[1:] {
		if err := sender.AddEncoding(other.track); err != nil {
			return err
		}
	}
	for layer, writer := range out {
		p.meeting.tasks.Go(func() { p.listen(kind, sender, layer, writer.track.RID()) })
	}
	return nil
}

// negotiate sends the offer of all streams and takes the answer. starting is the stream that is about to flow.
func (p *publisher) negotiate(ctx context.Context, method string, starting Kind, options *webrtc.OfferOptions) error {
	failed := func(err error) error {
		return fault.MeetingMediaConnectionFailedNegotiationFailed("publish", err.Error()).Because(err)
	}
	p.mu.Lock()
	pc, log := p.pc, p.log
	p.mu.Unlock()
	if pc == nil { // given up meanwhile
		return fault.OperationTimedOutNoAnswer(method, 0)
	}
	// The offer becomes the local description only when the server has taken it: Pion cannot take one back (RFC 8829,
	// section 4.1.10.2), and one that stays stands in the way of the next. It needs no candidates, for the server is
	// ICE-lite: it learns ours from our checks (RFC 8445, section 7.3).
	offer, err := pc.CreateOffer(options)
	if err != nil {
		return failed(err)
	}
	params := wire.PublishParams{SDP: offer.SDP}
	p.mu.Lock()
	for _, kind := range kinds {
		if s := p.slots[kind]; s != nil {
			params.Streams = append(
				params.Streams,
				wire.PublishedStream{
					MID:     s.transceiver.Mid(),
					Kind:    wire.Kind(kind),
					Enabled: s.pump != nil && !s.paused || kind == starting,
				},
			)
		}
	}
	p.mu.Unlock()
	var result wire.PublishResult
	if err := p.meeting.link.call(ctx, method, wire.MethodPublish, params, &result); err != nil {
		return err
	}
	if err := pc.SetLocalDescription(offer); err != nil {
		return failed(err)
	}
	if err := p.meeting.remoteDescription(pc,
		webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: result.SDP}); err != nil {
		return failed(err)
	}
	p.path.watch(pc, log) // not before: a connection that was refused looks for no path
	p.watchArrival()
	p.meeting.nominateSoon(pc)
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, stream := range result.Streams {
		if s := p.slots[Kind(stream.Kind)]; s != nil {
			s.stream, s.negotiated = stream, true
			mid := s.transceiver.Mid()
			taken := takenRIDs(result.SDP, mid)
			s.refused = map[string]bool{}
			for i, out := range s.out {
				out.negotiated(mid, s.transceiver.Sender().GetParameters())
				// Of an answer without simulcast the server takes one encoding: the largest.
				last := len(taken) == 0 && i == len(s.out)-1
				s.refused[out.track.RID()] = !last && !slices.Contains(taken, out.track.RID())
			}
			p.tuneLocked(s)
		}
	}
	if starting != "" && !p.slots[starting].negotiated {
		return failed(fmt.Errorf("the answer holds no %s stream", starting))
	}
	return nil
}

// restart looks for another path.
func (p *publisher) restart(ctx context.Context) error {
	if !p.take(ctx) {
		return ctx.Err()
	}
	defer p.release()
	p.mu.Lock()
	stale := p.stale
	p.mu.Unlock()
	if stale {
		return p.rebuild(ctx)
	}
	return p.negotiate(ctx, "publish", "", &webrtc.OfferOptions{ICERestart: true})
}

// forget abandons the connection: the server knows nothing of it any more. The sources go on; what they deliver is
// lost.
func (p *publisher) forget() {
	p.path.reset()
	p.retire()
}

// replace makes another connection for what is on.
func (p *publisher) replace() {
	p.retire()
	p.renew()
}

// retire abandons the connection and has it closed.
func (p *publisher) retire() {
	p.mu.Lock()
	pc := p.pc
	p.pc, p.stale = nil, true
	p.mu.Unlock()
	if pc != nil {
		p.meeting.spawn(func() { p.closeInTurn(pc) })
	}
}

// closeInTurn closes a connection that was given up, when nobody works on it any more. Another one can be made
// meanwhile.
func (p *publisher) closeInTurn(pc *webrtc.PeerConnection) {
	p.turn <- struct{}{} // whoever holds it returns soon: nothing is answered on a connection that was given up
	p.release()
	p.path.close(pc)
}

// renew publishes again what is on, after forget. A refusal switches it off and is told.
func (p *publisher) renew() {
	m := p.meeting
	for attempt := 0; pause(m.ctx, backoff(attempt)); attempt++ {
		ctx, cancel := context.WithTimeout(m.ctx, m.opts.RequestTimeout)
		err := p.restoreStreams(ctx)
		cancel()
		f, ok := errors.AsType[*fault.Error](err)
		switch {
		case err == nil || m.ctx.Err() != nil:
			return
		case ok && !f.Unanswered() && f.OnResume() == fault.End:
			_ = m.fail(f)
			for _, kind := range kinds {
				if p.on(kind) {
					_ = m.fail(asFault("publish", refused(kind, err)))
					m.events.emit(m.streamDisabled(m.local.ID(), kind, "")...)
				}
			}
			return
		}
	}
}

func (p *publisher) restoreStreams(ctx context.Context) error {
	if !p.take(ctx) {
		return ctx.Err()
	}
	defer p.release()
	return p.rebuild(ctx)
}

// rebuild makes another connection in the place of one that was forgotten, for the streams that are on. Its caller has
// the turn.
func (p *publisher) rebuild(ctx context.Context) error {
	p.mu.Lock()
	var running []*slot
	for _, kind := range kinds {
		if s := p.slots[kind]; p.stale && s != nil && s.pump != nil {
			running = append(running, s)
		} else if p.stale {
			delete(p.slots, kind)
		}
	}
	if !p.stale || len(running) == 0 {
		p.stale = false
		p.mu.Unlock()
		return nil
	}
	p.mu.Unlock()
	failed := func(err error) error {
		return fault.MeetingMediaConnectionFailedNegotiationFailed("publish", err.Error()).Because(err)
	}
	pc, log, err := p.meeting.connection()
	if err != nil {
		return failed(err)
	}
	if err := p.refill(pc, log, running); err != nil {
		_ = pc.GracefulClose() // it was not used
		return failed(err)
	}
	if err := p.negotiate(ctx, "publish", "", nil); err != nil {
		p.path.forget()
		p.mu.Lock()
		p.pc = nil
		p.mu.Unlock()
		p.path.close(pc)
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stale = p.pc != pc // forgotten again meanwhile
	for _, s := range running {
		if s.pump != nil {
			out := s.out
			s.pump.out.Store(&out)
		}
		p.meeting.replaceOwn(s.stream)
	}
	return nil
}

// refill makes media sections of slots in a new connection.
func (p *publisher) refill(pc *webrtc.PeerConnection, log *transportLog, slots []*slot) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone {
		return errors.New("the meeting was left")
	}
	for _, s := range slots {
		out, err := newRTPWriters(s.kind, formats[s.codec], s.rids)
		if err != nil {
			return err
		}
		if err := p.addLocked(pc, s, out); err != nil {
			return err
		}
		s.out, s.negotiated, s.idle = out, false, nil
		if err := s.transceiver.SetCodecPreferences(formats[s.codec].parameters()); err != nil {
			return err
		}
	}
	p.pc, p.log = pc, log
	return nil
}

// disable stops a stream here and tells the server.
func (p *publisher) disable(ctx context.Context, method string, kind Kind) error {
	if !p.take(ctx) {
		return fault.OperationAbortedCancelled(method).Because(ctx.Err())
	}
	defer p.release()
	p.halt(kind)
	p.mu.Lock()
	stale := p.stale
	p.mu.Unlock()
	if stale {
		return nil // the next connection is made without it
	}
	err := p.meeting.link.call(
		ctx,
		method,
		wire.MethodSetStream,
		wire.SetStreamParams{Kind: wire.Kind(kind), Enabled: false},
		nil,
	)
	if err != nil && p.overtaken(err) {
		return nil // as above
	}
	return err
}

// keepOff gives up a stream that is off because its source delivers nothing: a moderator wants it off, so it does not
// come on again by itself. The server is told, for it may have come on meanwhile.
func (p *publisher) keepOff(kind Kind) {
	ctx, cancel := context.WithTimeout(p.meeting.ctx, p.meeting.opts.RequestTimeout)
	defer cancel()
	_ = p.disable(ctx, "publish", kind) // what the connection could not do, the next one does: it is made without it
}

// halt stops a stream here and waits for its source.
func (p *publisher) halt(kind Kind) {
	if running := p.running(kind); running != nil {
		p.haltOnly(kind, running)
	}
}

// haltOnly stops a pump, and leaves one alone that has taken its place.
func (p *publisher) haltOnly(kind Kind, running *pump) {
	p.mu.Lock()
	s := p.slots[kind]
	if s == nil || s.pump != running {
		p.mu.Unlock()
		return
	}
	silence, mic := s.silence, s.mic
	s.pump, s.paused = nil, false
	p.mu.Unlock()
	running.stop()
	silence.clear()
	if mic != nil {
		mic.condition.clear()
	}
}

// ended is told by a pump whose source ended by itself.
func (p *publisher) ended(kind Kind, source Source, err error) {
	m := p.meeting
	m.spawn(func() {
		if !errors.Is(err, io.EOF) {
			_ = m.fail(deviceFault(kind, source, err)) // the event is the only road: nobody called
		}
		ctx, cancel := context.WithTimeout(m.ctx, m.opts.RequestTimeout)
		defer cancel()
		if err := p.disable(ctx, "publish", kind); err == nil {
			m.streamOff(kind)
		}
	})
}

// listen reads what receivers ask for; reading also feeds the interceptors that resend lost packets.
func (p *publisher) listen(kind Kind, sender *webrtc.RTPSender, layer int, rid string) {
	read := sender.ReadRTCP
	if rid != "" {
		read = func() ([]rtcp.Packet, interceptor.Attributes, error) { return sender.ReadSimulcastRTCP(rid) }
	}
	for {
		packets, _, err := read()
		if err != nil {
			return
		}
		for _, packet := range packets {
			switch packet := packet.(type) {
			case *rtcp.ReceiverReport:
				p.reported(kind, sender, packet.Reports)
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				p.mu.Lock()
				var running *pump
				encodings := 1
				if s := p.slots[kind]; s != nil {
					running, encodings = s.pump, len(s.out)
				}
				p.mu.Unlock()
				if running != nil {
					askKeyFrame(running.reader, layer, encodings)
				}
			}
		}
	}
}

func (p *publisher) take(ctx context.Context) bool {
	select {
	case p.turn <- struct{}{}:
		if p.meeting.ctx.Err() == nil {
			return true
		}
		p.release()
		return false
	case <-ctx.Done():
		return false
	case <-p.meeting.ctx.Done():
		return false
	}
}

func (p *publisher) release() { <-p.turn }

// close stops all streams and the connection.
func (p *publisher) close() {
	p.mu.Lock()
	p.gone = true
	p.mu.Unlock()
	for _, kind := range kinds {
		p.halt(kind)
	}
	p.turn <- struct{}{}
	p.mu.Lock()
	pc := p.pc
	p.mu.Unlock()
	p.release()
	if pc != nil {
		p.closeInTurn(pc)
	}
}

// silent is told by a pump whose source delivers nothing: the stream is off for others, who would see it as on
// otherwise, until it flows.
func (p *publisher) silent(s *slot, silence *condition, source Source, packets int64) {
	m := p.meeting
	running := p.running(s.kind)
	m.spawn(func() {
		create := fault.StartingScreenshareNoMediaSent
		switch s.kind {
		case Audio:
			create = fault.StartingAudioNoMediaSent
		case Video:
			create = fault.StartingVideoNoMediaSent
		}
		silence.raise(create(string(s.kind), source.Name(), "open", packets, silentFor))
		_ = p.pause(s, running, true) // what the connection could not do, the next one does
	})
}

// flows is told by a pump after silent.
func (p *publisher) flows(s *slot, silence *condition) {
	running := p.running(s.kind)
	p.meeting.spawn(func() {
		silence.clear()
		_ = p.pause(s, running, false) // as above
	})
}

// pause switches a stream off or on for others while its source stays open.
func (p *publisher) pause(s *slot, running *pump, paused bool) error {
	m := p.meeting
	ctx, cancel := context.WithTimeout(m.ctx, m.opts.RequestTimeout)
	defer cancel()
	if !p.take(ctx) {
		return ctx.Err()
	}
	defer p.release()
	p.mu.Lock()
	// Switched off meanwhile, or silent and back again, or the other way round.
	if s.pump == nil || s.pump != running || s.paused == paused || s.silence.lasts() != paused {
		p.mu.Unlock()
		return nil
	}
	s.paused = paused
	stream := s.stream
	p.mu.Unlock()
	if paused { // before the server tells it, which would stop the source
		m.events.emit(m.streamPaused(s.kind)...)
	}
	err := m.link.call(
		ctx,
		"publish",
		wire.MethodSetStream,
		wire.SetStreamParams{Kind: wire.Kind(s.kind), Enabled: !paused},
		nil,
	)
	if err == nil && !paused {
		m.events.emit(m.streamEnabled(m.local.ID(), stream)...)
	}
	return err
}

// deviceFault is the one place where an error of a source becomes 3011, 3012 or 3013.
func deviceFault(kind Kind, source Source, err error) *fault.Error {
	type makers struct {
		absent     func(string) *fault.Error
		unreadable func(string, string) *fault.Error
		format     func(string, string, string) *fault.Error
	}
	m := makers{
		fault.StartingScreenshareSourceAbsent,
		fault.StartingScreenshareSourceUnreadable,
		fault.StartingScreenshareSourceFormat,
	}
	switch kind {
	case Audio:
		m = makers{
			fault.StartingAudioSourceAbsent,
			fault.StartingAudioSourceUnreadable,
			fault.StartingAudioSourceFormat,
		}
	case Video:
		m = makers{
			fault.StartingVideoSourceAbsent,
			fault.StartingVideoSourceUnreadable,
			fault.StartingVideoSourceFormat,
		}
	}
	if format, ok := errors.AsType[*FormatError](err); ok {
		return m.format(source.Name(), format.Got, format.Want).Because(err)
	}
	if errors.Is(err, ErrAbsent) {
		return m.absent(source.Name()).Because(err)
	}
	return m.unreadable(source.Name(), strings.TrimPrefix(err.Error(), ErrUnreadable.Error()+": ")).Because(err)
}
