package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"runtime"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/version"
	"github.com/klatch/klatch/internal/wire"
)

// Version of the SDK, as the server's records show it.
const Version = version.Number

// Meeting is a meeting to take part in: join it, take part, leave it. It may then be joined again. All methods are safe
// for concurrent use and may be called from handlers.
//
// Shape: mutex. Events change the state on the link's goroutine and are told on the dispatcher's.
type Meeting struct {
	opts     Options
	metaData json.RawMessage
	dialer   *dialer
	events   *dispatcher
	pubSub   *PubSub
	store    *RealtimeStore

	preferences *preferences

	*participation // replaced by Join after the end of the one before, when no call uses that any more

	mu           sync.Mutex // guards everything below
	calls        int        // that use the participation
	idle         *sync.Cond // calls has become 0
	phase        phase
	wasIn        bool // entered is closed
	state        State
	out          error // why it ended, for a join that waits; nil after Leave
	local        *Participant
	others       []*Participant // oldest first
	sessionID    string
	traceparent  string // of the join's span, or that of Options; W3C Trace Context
	permissions  []string
	iceServers   []wire.ICEServer
	speaker      string
	locked       bool
	restrictions Restrictions
	presenter    string
	egress       wire.Egress // what leaves the meeting
	pins         map[string]PinState
	entries      map[string]bool // who asks to enter
	busy         map[string]bool // methods that run and may not run twice
	sources      map[Kind]Source // the last source of each kind
	tasksClosed  bool
}

// participation is what lives from joining to leaving.
type participation struct {
	link *link
	pub  *publisher
	sub  *subscriber
	data *dataChannels

	reports   *faultReports
	network   *conditionGroup
	signaling *condition // the server is not reached any more

	ctx     context.Context // ends when the participation does
	cancel  context.CancelFunc
	tasks   sync.WaitGroup // goroutines of the participation
	entered chan struct{}  // closed when in
	gone    chan struct{}  // closed when nothing of the participation runs any more
}

// phase of a meeting's life.
type phase int

const (
	phaseNew phase = iota + 1
	phaseJoining
	phaseLobby
	phaseIn
	phaseOut
)

func newMeeting(o Options, base *url.URL, metaData json.RawMessage) *Meeting {
	m := &Meeting{
		opts: o, metaData: metaData, dialer: newDialer(base, o.TLS, o.ConnectTimeout), events: newDispatcher(),
		phase: phaseNew, state: Disconnected, pins: map[string]PinState{}, entries: map[string]bool{},
		busy: map[string]bool{}, sources: map[Kind]Source{},
	}
	m.idle = sync.NewCond(&m.mu)
	m.participation = m.newParticipation()
	m.local = &Participant{
		meeting:  m,
		id:       o.ParticipantID,
		name:     o.Name,
		local:    true,
		mode:     o.Mode,
		metaData: metaData,
		streams:  map[Kind]*Stream{},
	}
	m.preferences = newPreferences(m)
	m.pubSub = &PubSub{meeting: m, topics: map[string][]*messageHandler{}, heard: map[string]*heardMessages{}}
	m.events.on(m.pubSub.deliver)
	m.store = newRealtimeStore(m)
	m.events.on(m.store.deliver)
	for kind, source := range map[Kind]Source{Audio: o.Mic, Video: o.Webcam} {
		if source != nil {
			m.sources[kind] = source
		}
	}
	return m
}

func (m *Meeting) newParticipation() *participation {
	s := &participation{
		entered: make(chan struct{}), gone: make(chan struct{}), pub: newPublisher(m), sub: newSubscriber(m),
		data: newDataChannels(m), reports: newFaultReports(m),
	}
	s.network = &conditionGroup{meeting: m}
	s.signaling = &condition{meeting: m, group: s.network}
	s.pub.path.outage.group, s.sub.path.outage.group = s.network, s.network
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.link = newLink(m.dialer, m.opts.RequestTimeout, hooks{
		event: m.apply, cut: m.cut, unreachable: s.signaling.raiseSince, restored: m.restored, rejoining: m.rejoining,
		rejoined: m.rejoined, lost: m.lost, traceparent: m.traceparentOf})
	if !m.opts.NoRejoin {
		s.link.joinParams = m.rejoinParams
	}
	return s
}

// renewLocked forgets the participation before. Handlers of the meeting stay; those of topics go with its
// subscriptions.
func (m *Meeting) renewLocked() {
	m.participation = m.newParticipation()
	m.phase, m.wasIn, m.out, m.tasksClosed = phaseNew, false, nil, false
	m.others, m.sessionID, m.permissions, m.iceServers = nil, "", nil, nil
	m.speaker, m.presenter, m.egress, m.locked = "", "", wire.Egress{}, false
	m.restrictions = Restrictions{}
	m.pins, m.entries, m.busy = map[string]PinState{}, map[string]bool{}, map[string]bool{}
	m.local.id, m.local.mode, m.local.joinedAt, m.local.pin = m.opts.ParticipantID, m.opts.Mode, time.Time{}, PinState{}
	m.events.restart()
	m.pubSub.forget()
	m.store.forget()
	m.preferences.forget()
}

// use keeps the participation from being replaced while a call uses it, until release. f says why the method cannot be
// called.
func (m *Meeting) use(name string) (release func(), f *fault.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if f := m.readyLocked(name); f != nil {
		return nil, f
	}
	m.calls++
	return m.release, nil
}

func (m *Meeting) release() {
	m.mu.Lock()
	m.calls--
	if m.calls == 0 {
		m.idle.Broadcast()
	}
	m.mu.Unlock()
}

// startParticipation begins a participation and returns the phase before, which must be phaseNew.
func (m *Meeting) startParticipation(ctx context.Context) (was phase) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for m.phase == phaseOut {
		gone := m.gone
		m.mu.Unlock()
		select {
		case <-gone:
			m.mu.Lock()
		case <-ctx.Done():
			m.mu.Lock()
			return phaseOut
		}
		for m.calls > 0 { // they return: their participation has ended
			m.idle.Wait()
		}
		if m.phase == phaseOut {
			m.renewLocked()
		}
	}
	was = m.phase
	if was == phaseNew {
		m.phase, m.state = phaseJoining, Connecting
		m.calls++ // the join itself, until release
	}
	return was
}

// Join enters the meeting. It returns when this participant is in, which from the lobby takes until somebody answers,
// or with the fault that keeps it out. After Leave, and after a fault that ended the meeting, it may be called again;
// subscriptions of topics end with each participation.
func (m *Meeting) Join(ctx context.Context) error {
	return m.join(ctx, wire.JoinRoomFailed, m.startDevices)
}

// join is Join. failed is the leave reason where it does not succeed, and start switches on the devices.
func (m *Meeting) join(ctx context.Context, failed wire.LeaveCode, start func(context.Context)) (err error) {
	m.traceFrom(m.opts.Traceparent)
	ctx, end := m.startSpan(ctx, "join")
	defer func() { end(err) }()
	if own := m.traceparentOf(ctx); own != "" {
		m.traceFrom(own)
	}
	was := m.startParticipation(ctx)
	switch was {
	case phaseJoining, phaseLobby:
		return m.fail(fault.OperationInProgressInProgress("join"))
	case phaseIn:
		return m.fail(fault.AlreadyInRequestedStateAlready("join", "joined"))
	case phaseOut:
		return m.fail(fault.OperationAbortedCancelled("join").Because(ctx.Err()))
	}
	defer m.release()
	m.events.emit(MeetingStateChanged{Connecting})

	entering, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(m.ctx, cancel)() // Leave ends a join that is under way
	result, err := m.link.enter(entering, m.joinParams(), m.opts.JoinAttempts)
	m.mu.Lock()
	left := m.phase == phaseOut
	if !left && err == nil {
		m.phase = phaseLobby // also for those who need not wait there: welcome lets them in
	}
	m.mu.Unlock()
	if left {
		m.link.stop()
		<-m.gone
		return m.fail(fault.OperationAbortedLeft("join"))
	}
	if err != nil {
		f := m.name(asFault("join", err))
		m.finish(Failed, leaveReasonOf(failed), f)
		<-m.gone
		return f
	}
	m.mu.Lock()
	m.local.id, m.sessionID = result.ParticipantID, result.SessionID
	if m.opts.MeetingID != result.MeetingID {
		m.opts.MeetingID = result.MeetingID // a customRoomId was given
	}
	m.mu.Unlock()
	m.spawn(m.sub.run)
	m.spawn(func() { m.preferences.run(m.ctx) })
	m.spawn(m.reports.run)
	m.spawn(m.watchPictures)
	m.spawn(m.watchNetwork)
	m.spawn(func() { m.watchClock(time.Duration(result.TokenLeewayMs) * time.Millisecond) })
	if m.opts.LeaveOnSignal {
		m.watchSignals()
	}
	if result.StatsIntervalMs > 0 {
		m.spawn(func() { m.reportStats(time.Duration(result.StatsIntervalMs) * time.Millisecond) })
	}
	if result.Welcome != nil {
		m.welcome(*result.Welcome)
	}
	m.link.start()
	if err := m.waitForEntry(ctx); err != nil {
		return err
	}
	start(ctx)
	return nil
}

// watchNetwork acts on changes of this machine's network while the participation lasts.
func (m *Meeting) watchNetwork() {
	end := network.watch(func(now addresses) {
		m.link.networkChanged(now)
		m.pub.path.networkChanged(now)
		m.sub.path.networkChanged(now)
	})
	defer end()
	<-m.ctx.Done()
}

// rejoinParams are those of a join after the session was lost, with a new token where the program has one.
func (m *Meeting) rejoinParams(ctx context.Context) (wire.JoinParams, error) {
	params := m.joinParams()
	if m.opts.RenewToken == nil {
		return params, nil
	}
	var err error
	params.Token, err = m.opts.RenewToken(ctx)
	return params, err
}

func (m *Meeting) joinParams() wire.JoinParams {
	consume := !m.opts.ManualConsume
	m.mu.Lock()
	defer m.mu.Unlock()
	p := wire.JoinParams{
		Protocol: wire.Version, Token: m.opts.Token, MeetingID: m.opts.MeetingID, Name: m.opts.Name,
		Mode: string(m.local.mode), Traceparent: m.traceparent,
		MetaData: m.metaData, AutoConsume: &consume,
		Client: wire.ClientInfo{SDKType: "go", SDKVersion: Version, Platform: runtime.GOOS + "/" + runtime.GOARCH},
	}
	if m.opts.PreCallTest != "" { // whose ids the server makes
		p.PreCallTest, p.MeetingID = m.opts.PreCallTest, ""
		return p
	}
	if id := m.local.id; id != "" { // asked for, or given by the server
		p.ParticipantID = &id
	}
	return p
}

// waitForEntry returns when the participant is in, or why it is not.
func (m *Meeting) waitForEntry(ctx context.Context) error {
	select {
	case <-m.entered:
		return nil
	case <-m.gone:
	case <-ctx.Done():
		f := m.fail(fault.OperationAbortedCancelled("join").Because(ctx.Err()))
		m.leaveNow(wire.LeaveParams{}, wire.ManualLeave)
		<-m.gone
		return f
	}
	select {
	case <-m.entered: // in and out again at once
		return nil
	default:
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.out != nil {
		return m.out
	}
	return fault.OperationAbortedLeft("join")
}

// startDevices switches on what the options ask for. A device that does not work is told by its error event: the
// meeting is joined all the same.
func (m *Meeting) startDevices(ctx context.Context) {
	if m.opts.MicEnabled && m.Mode() == SendAndRecv {
		_ = m.UnmuteMic(ctx, nil)
	}
	if m.opts.WebcamEnabled && m.Mode() == SendAndRecv {
		_ = m.EnableWebcam(ctx, nil)
	}
}

// Leave leaves the meeting and waits until nothing of it runs any more, or ctx ends.
func (m *Meeting) Leave(ctx context.Context) error {
	m.mu.Lock()
	phase := m.phase
	if phase != phaseOut {
		m.calls++
		defer m.release()
	}
	m.mu.Unlock()
	switch phase {
	case phaseNew:
		return m.fail(fault.ActionPerformedBeforeMeetingJoinedNotJoined("leave"))
	case phaseOut:
		return m.fail(fault.AlreadyInRequestedStateAlready("leave", "left"))
	}
	m.leaveNow(wire.LeaveParams{}, wire.ManualLeave)
	select {
	case <-m.gone:
		return nil
	case <-ctx.Done():
		return m.fail(fault.OperationAbortedCancelled("leave").Because(ctx.Err()))
	}
}

// leaveTimeout bounds how long a leave waits for the server's answer: we go anyway.
const leaveTimeout = 2 * time.Second

// leaveNow leaves. The others are told the reason of params, and the own handlers code.
func (m *Meeting) leaveNow(params wire.LeaveParams, code wire.LeaveCode) {
	ctx, cancel := context.WithTimeout(m.ctx, leaveTimeout)
	defer cancel()
	_ = m.link.call(ctx, "leave", wire.MethodLeave, params, nil) // without an answer the server notices by itself
	m.finish(Disconnected, leaveReasonOf(code), nil)
}

// End ends the session for everybody. Needs allow_mod, or an account that lets everybody end.
func (m *Meeting) End(ctx context.Context) error {
	if err := m.begin("end"); err != nil {
		return err
	}
	defer m.over("end")
	err := m.request(ctx, "end", wire.MethodEnd, struct{}{}, nil)
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Refused() {
		return m.fail(fault.EndMeetingFailedEndRefused().Because(f))
	}
	return err
}

// Lock locks the meeting until Unlock, or until the session ends: nobody new gets in (4101 LOCKED). Who is in it comes
// back after a cut. Needs allow_mod.
func (m *Meeting) Lock(ctx context.Context) error {
	return m.request(ctx, "lock", wire.MethodLock, struct{}{}, nil)
}

// Unlock lets people in again. Needs allow_mod.
func (m *Meeting) Unlock(ctx context.Context) error {
	return m.request(ctx, "unlock", wire.MethodUnlock, struct{}{}, nil)
}

// ChangeMode changes the own mode.
func (m *Meeting) ChangeMode(ctx context.Context, mode Mode) error {
	const method = "changeMode"
	if mode == "" {
		return m.fail(invalidMode(mode))
	}
	present, f := parseMode(mode)
	if f != nil {
		return m.fail(f)
	}
	if f := m.ready(method); f != nil {
		return m.fail(f)
	}
	if err := m.begin(method); err != nil {
		return err
	}
	defer m.over(method)
	if m.Mode() == present {
		return m.fail(fault.AlreadyInRequestedStateAlready(method, string(present)))
	}
	if err := m.request(ctx, method, wire.MethodSetMode, wire.SetModeParams{Mode: string(present)}, nil); err != nil {
		return err
	}
	m.modeChanged(m.LocalParticipant().ID(), present)
	return nil
}

// RespondEntry answers an entry request. Needs allow_join.
func (m *Meeting) RespondEntry(ctx context.Context, participantID string, decision Decision) error {
	const method = "respondEntry"
	if decision != Allowed && decision != Denied {
		return m.fail(
			fault.InvalidParameterNotAllowed(
				method,
				"decision",
				string(decision),
				[]string{string(Allowed), string(Denied)},
			),
		)
	}
	return m.request(
		ctx,
		method,
		wire.MethodRespondEntry,
		wire.RespondEntryParams{ParticipantID: participantID, Decision: wire.Decision(decision)},
		nil,
	)
}

// request makes a call of a participant who is in. name is the published name of the method.
func (m *Meeting) request(ctx context.Context, name, method string, params, result any) error {
	return m.requestWithin(ctx, m.opts.RequestTimeout, name, method, params, result)
}

func (m *Meeting) requestWithin(
	ctx context.Context,
	within time.Duration,
	name, method string,
	params, result any,
) (err error) {
	if traced[method] {
		var end func(error)
		ctx, end = m.startSpan(ctx, name)
		defer func() { end(err) }()
	}
	release, f := m.use(name)
	if f != nil {
		return m.fail(f)
	}
	defer release()
	if err := m.link.callWithin(ctx, within, name, method, params, result); err != nil {
		return m.fail(asFault(name, err))
	}
	return nil
}

// ready reports whether a method may be called: 3035 tells what is missing.
func (m *Meeting) ready(name string) *fault.Error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.readyLocked(name)
}

func (m *Meeting) readyLocked(name string) *fault.Error {
	switch m.phase {
	case phaseIn:
		return nil
	case phaseLobby:
		return fault.ActionPerformedBeforeMeetingJoinedInLobby(name)
	case phaseOut:
		return fault.ActionPerformedBeforeMeetingJoinedLeft(name)
	default:
		return fault.ActionPerformedBeforeMeetingJoinedNotJoined(name)
	}
}

// begin marks a method as running; 3055 when it runs already. over ends it.
func (m *Meeting) begin(method string) error {
	m.mu.Lock()
	running := m.busy[method]
	m.busy[method] = true
	m.mu.Unlock()
	if running {
		return m.fail(fault.OperationInProgressInProgress(method))
	}
	return nil
}

func (m *Meeting) over(method string) {
	m.mu.Lock()
	delete(m.busy, method)
	m.mu.Unlock()
}

// asFault returns the fault in an error; without one the caller's context was the cause.
func asFault(method string, err error) *fault.Error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f
	}
	return fault.OperationAbortedCancelled(method).Because(err)
}

// fail reports a fault to the handlers and returns it: one id for the event and the error. The server is told of faults
// that it cannot see, where its console shows them.
func (m *Meeting) fail(f *fault.Error) error {
	f = m.name(f)
	if f.CauseID == "" && (f.Code == fault.CodeMeetingReconnecting || f.Code == fault.CodeOperationTimedOut) {
		f = f.CausedBy(m.network.cause())
	}
	m.events.emit(ErrorEvent{f})
	if entry, known := f.Entry(); known && entry.Reported() && m.ready(wire.MethodReport) == nil {
		m.reports.began(f, time.Now())
	}
	return f
}

// name returns a copy of a fault that was made here, with the ids of meeting, session and participant.
func (m *Meeting) name(f *fault.Error) *fault.Error {
	if entry, ok := f.Entry(); !ok || entry.Origin == "server" || f.ParticipantID != "" {
		return f
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	told := m.readyLocked(wire.MethodReport) == nil
	return fault.Presentation{BaseURL: m.dialer.base.String(), Kept: told}.
		Of(f.WithMeeting(m.opts.MeetingID, m.sessionID, m.local.id))
}

// spawn runs a task of the participation; finish waits for it. After the end nothing starts.
func (m *Meeting) spawn(task func()) {
	if m.enterTask() {
		go func() {
			defer m.tasks.Done()
			task()
		}()
	}
}

func (m *Meeting) enterTask() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.tasksClosed {
		return false
	}
	m.tasks.Add(1)
	return true
}

// finish ends the participation once: state, events, and everything that runs.
func (m *Meeting) finish(state State, reason LeaveReason, f *fault.Error) {
	m.mu.Lock()
	if m.phase == phaseOut {
		m.mu.Unlock()
		return
	}
	m.phase, m.state = phaseOut, state
	m.tasksClosed = true
	if f != nil {
		m.out = f
	}
	var streams []*Stream
	for _, p := range append([]*Participant{m.local}, m.others...) {
		for _, s := range p.streams {
			streams = append(streams, s)
		}
	}
	m.local.streams = map[Kind]*Stream{}
	over := m.participation
	m.mu.Unlock()
	over.cancel()
	for _, s := range streams {
		s.end()
	}
	var last []Event
	if f != nil {
		last = append(last, ErrorEvent{f})
	}
	m.events.emit(append(last, MeetingStateChanged{state}, MeetingLeft{reason, f})...)
	m.events.stop()
	go func() { // finish may run on a goroutine that ends only after it
		over.link.stop() // calls that wait for an answer return
		over.pub.close()
		over.tasks.Wait() // the subscriber's run closes its connection
		close(over.gone)
	}()
}
