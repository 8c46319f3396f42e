package meeting

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	account = "acc"
	hall    = "hall-hall-hall"
)

// scenario drives a test by what clients do in meetings. It runs in a bubble of synctest: its time is its own, and
// wait waits until everything that was set off has happened.
type scenario struct {
	t        tester
	m        *Meetings
	media    *memoryMedia
	records  *memoryRecords
	reported []*fault.Error
	mu       sync.Mutex // guards reported
	all      []*client
}

// tester is a *testing.T or a *rapid.T.
type tester interface {
	require.TestingT
	Helper()
	Context() context.Context
}

// runScenario runs a scenario and checks at its end that nothing of it is left.
func runScenario(t *testing.T, opts Options, script func(*scenario)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := newScenario(t, opts)
		defer func() {
			if t.Failed() { // else the bubble's own complaint about goroutines hides the failure
				_ = s.m.Close(context.Background(), fault.ServerShutdownStopped(0))
			}
		}()
		script(s)
		s.end()
	})
}

func newScenario(t tester, opts Options) *scenario {
	s := &scenario{t: t, records: newMemoryRecords()}
	opts.Records = s.records
	opts.Report = func(_ context.Context, f *fault.Error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.reported = append(s.reported, f)
	}
	s.m = New(opts)
	s.media = newMemoryMedia(s.m)
	s.m.SetMedia(s.media)
	return s
}

func (s *scenario) end() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	require.NoError(s.t, s.m.Close(ctx, fault.ServerShutdownStopped(s.m.Counts().Sessions)))
	synctest.Wait()
	s.media.set(func() { require.Empty(s.t, s.media.failures) })
	s.records.set(func() { require.Empty(s.t, s.records.failures) })
	require.Empty(s.t, s.media.peers, "nobody is left at media")
	require.Empty(s.t, s.m.usage.accounts, "no place is left counted")
	require.Empty(s.t, s.m.rooms)
	require.Empty(s.t, s.m.sessions)
	for _, a := range s.all {
		require.LessOrEqual(s.t, a.closes, 1, a.name)
		if a.p != nil {
			require.Equal(s.t, 1, a.closes, "%s is out", a.name)
		}
	}
}

// wait waits until nothing moves.
func (s *scenario) wait() { synctest.Wait() }

// advance lets time pass.
func (s *scenario) advance(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// client has a participant once it joined: it believes what it is told.
type client struct {
	s    *scenario
	name string
	req  JoinRequest
	p    *Participant

	result wire.JoinResult

	mu     sync.Mutex // guards everything below
	events []wire.Event
	view   view
	closes int
	reason wire.LeaveReason
	fault  *fault.Error
	moved  *fault.Error
}

// view is the meeting as a client knows it from its welcome and the events since.
type view struct {
	self         string
	in           bool
	participants map[string]wire.Participant // streams sorted by kind
	speaker      string
	presenter    string
	pins         map[string]wire.PinChanged
	entries      map[string]bool
	restrictions wire.Restrictions
}

func (a *client) GoString() string { return a.name + " of " + a.req.MeetingID }

func (v *view) welcome(w wire.Welcome) {
	*v = view{
		in: true, participants: map[string]wire.Participant{}, pins: map[string]wire.PinChanged{},
		entries: map[string]bool{}, self: w.Participant.ID, speaker: w.ActiveSpeakerID, presenter: w.PresenterID,
		restrictions: w.Restrictions,
	}
	for _, p := range append(slices.Clone(w.Participants), w.Participant) {
		v.participants[p.ID] = p
	}
	for _, pin := range w.Pins {
		v.pins[pin.ParticipantID] = pin
	}
	for _, e := range w.Entries {
		v.entries[e.ParticipantID] = true
	}
}

// apply changes the view as a client would. What cannot be is an error.
func (v *view) apply(event wire.Event) error {
	if w, joined := event.(wire.MeetingJoined); joined {
		if v.in {
			return fmt.Errorf("joined twice")
		}
		v.welcome(w.Welcome)
		return nil
	}
	if !v.in {
		switch event.(type) {
		case wire.EntryPending, wire.EntryResponded:
			return nil
		}
		return fmt.Errorf("%s before meeting-joined", event.EventName())
	}
	known := func(id string) error {
		if _, found := v.participants[id]; !found && id != "" {
			return fmt.Errorf("%s names %q, who is not there", event.EventName(), id)
		}
		return nil
	}
	switch e := event.(type) {
	case wire.ParticipantJoined:
		if known(e.Participant.ID) == nil {
			return fmt.Errorf("%s joined twice", e.Participant.ID)
		}
		v.participants[e.Participant.ID] = e.Participant
	case wire.ParticipantLeft:
		if err := known(e.ParticipantID); err != nil {
			return err
		}
		delete(v.participants, e.ParticipantID)
		delete(v.pins, e.ParticipantID)
	case wire.ParticipantModeChanged:
		p := v.participants[e.ParticipantID]
		p.Mode = e.Mode
		v.participants[e.ParticipantID] = p
		return known(e.ParticipantID)
	case wire.StreamEnabled:
		p := v.participants[e.ParticipantID]
		for i, s := range p.Streams {
			if s.ID == e.Stream.ID && s.Codec != e.Stream.Codec { // it comes with another codec than was announced
				p.Streams = slices.Clone(p.Streams)
				p.Streams[i] = e.Stream
				v.participants[e.ParticipantID] = p
				return nil
			}
			if s.Kind == e.Stream.Kind {
				return fmt.Errorf("%s of %s enabled twice", s.Kind, p.ID)
			}
		}
		p.Streams = append(slices.Clone(p.Streams), e.Stream)
		slices.SortFunc(p.Streams, func(a, b wire.Stream) int {
			return slices.Index(wire.Kinds, a.Kind) - slices.Index(wire.Kinds, b.Kind)
		})
		v.participants[e.ParticipantID] = p
		return known(e.ParticipantID)
	case wire.StreamDisabled:
		p := v.participants[e.ParticipantID]
		before := len(p.Streams)
		p.Streams = slices.DeleteFunc(slices.Clone(p.Streams), func(s wire.Stream) bool { return s == e.Stream })
		sure := e.By != "" || v.restrictions != wire.Restrictions{}
		if own := e.ParticipantID == v.self && sure; own && len(p.Streams) == before {
			return nil // a moderator wants to be sure, or what it published may not be on
		}
		if len(p.Streams) != before-1 {
			return fmt.Errorf("%s of %s disabled, which was not enabled", e.Stream.Kind, e.ParticipantID)
		}
		v.participants[e.ParticipantID] = p
	case wire.RestrictionsChanged:
		if e.Restrictions == v.restrictions {
			return fmt.Errorf("%s without a change", event.EventName())
		}
		v.restrictions = e.Restrictions
	case wire.SpeakerChanged:
		v.speaker = e.ParticipantID
		return known(e.ParticipantID)
	case wire.PresenterChanged:
		v.presenter = e.ParticipantID
		return known(e.ParticipantID)
	case wire.PinChanged:
		if e.State == (wire.PinState{}) {
			delete(v.pins, e.ParticipantID)
		} else {
			v.pins[e.ParticipantID] = e
		}
		return known(e.ParticipantID)
	case wire.EntryRequested:
		if v.entries[e.ParticipantID] {
			return fmt.Errorf("%s requests entry twice", e.ParticipantID)
		}
		v.entries[e.ParticipantID] = true
	case wire.EntryResponded, wire.EntryWithdrawn:
		id := ""
		if w, withdrawn := e.(wire.EntryWithdrawn); withdrawn {
			id = w.ParticipantID
		} else {
			id = e.(wire.EntryResponded).ParticipantID
		}
		if !v.entries[id] {
			return fmt.Errorf("%s is off the list, and was not on it", id)
		}
		delete(v.entries, id)
	}
	return nil
}

func (a *client) Notify(event wire.Event) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closes > 0 {
		a.s.media.set(func() { a.s.media.fail("%s is told %s after Closed", a.name, event.EventName()) })
	}
	if b, ok := event.(wire.Broadcast); ok {
		event = b.Event
	}
	a.events = append(a.events, event)
}

func (a *client) Closed(reason wire.LeaveReason, f *fault.Error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closes++
	a.reason, a.fault = reason, f
}

func (a *client) Moved(f *fault.Error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closes++
	a.moved = f
}

// request is the join of a host who speaks and moderates.
func (s *scenario) request(name string) JoinRequest {
	return JoinRequest{
		AccountID: account, APIKey: "key", MeetingID: hall, ParticipantID: name, Name: "I am " + name,
		Mode: wire.SendAndRecv, AutoConsume: true, MayJoin: true, MayModerate: true, MayEnd: true,
	}
}

// client makes a client, which joins with that request unless it is changed.
func (s *scenario) client(name string, change ...func(*JoinRequest)) *client {
	a := &client{s: s, name: name, req: s.request(name)}
	for _, c := range change {
		c(&a.req)
	}
	s.all = append(s.all, a)
	return a
}

func asksJoin(r *JoinRequest) { r.MayJoin, r.MayModerate, r.MayEnd = false, false, false }
func plain(r *JoinRequest)    { r.MayModerate, r.MayEnd = false, false }
func mode(mode wire.Mode) func(*JoinRequest) {
	return func(r *JoinRequest) { r.Mode = mode }
}
func in(meetingID string) func(*JoinRequest) {
	return func(r *JoinRequest) { r.MeetingID = meetingID }
}
func limited(l Limits) func(*JoinRequest) { return func(r *JoinRequest) { r.Limits = l } }

// tryJoin joins and returns what came of it.
func (a *client) tryJoin() error {
	p, result, err := a.s.m.Join(a.s.t.Context(), a.req, a)
	if err != nil {
		return err
	}
	a.p, a.result = p, result
	a.mu.Lock()
	defer a.mu.Unlock()
	if result.Welcome != nil {
		a.view.welcome(*result.Welcome)
	}
	return nil
}

func (a *client) join() *client {
	a.s.t.Helper()
	require.NoError(a.s.t, a.tryJoin(), a.name)
	require.Equal(a.s.t, wire.Joined, a.result.State, a.name)
	return a
}

func (a *client) requestEntry() *client {
	a.s.t.Helper()
	require.NoError(a.s.t, a.tryJoin(), a.name)
	require.Equal(a.s.t, wire.Waiting, a.result.State, a.name)
	return a
}

// succeeds checks that a call went well.
func (a *client) succeeds(err error) *client {
	a.s.t.Helper()
	require.NoError(a.s.t, err, a.name)
	return a
}

func (a *client) publishes(kinds ...wire.Kind) *client {
	a.s.t.Helper()
	_, err := a.p.Publish(a.s.t.Context(), offer(kinds...))
	return a.succeeds(err)
}

func offer(kinds ...wire.Kind) wire.PublishParams {
	params := wire.PublishParams{SDP: "v=0"}
	for i, kind := range kinds {
		params.Streams = append(params.Streams, wire.PublishedStream{MID: fmt.Sprint(i), Kind: kind, Enabled: true})
	}
	return params
}

func (a *client) answersEntry(target *client, decision wire.Decision) error {
	return a.p.RespondEntry(a.s.t.Context(), wire.RespondEntryParams{ParticipantID: target.name, Decision: decision})
}

// replay brings the view up to date and returns the first event that made no sense.
func (a *client) replay() (view, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	v := a.view
	v.participants, v.pins, v.entries = maps.Clone(v.participants), maps.Clone(v.pins), maps.Clone(v.entries)
	for _, e := range a.events {
		if err := v.apply(e); err != nil {
			return v, fmt.Errorf("%s: %w", a.name, err)
		}
	}
	return v, nil
}

// out returns how often somebody was put out, and why the last time.
func (a *client) out() (int, *fault.Error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.closes, a.fault
}

// expectEvents takes the events so far, without offers, and checks them against what is wanted.
func (a *client) expectEvents(want ...wire.Event) *client {
	a.s.t.Helper()
	a.s.wait()
	a.mu.Lock()
	defer a.mu.Unlock()
	got := []wire.Event{}
	for _, e := range a.events {
		if _, isOffer := e.(wire.SubscribeOffer); !isOffer {
			got = append(got, e)
		}
		require.NoError(a.s.t, a.view.apply(e), a.name)
	}
	a.events = nil
	if want == nil {
		want = []wire.Event{}
	}
	require.Equal(a.s.t, want, got, a.name)
	return a
}

// clearEvents drops the events so far.
func (a *client) clearEvents() *client {
	a.s.t.Helper()
	a.s.wait()
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, e := range a.events {
		require.NoError(a.s.t, a.view.apply(e), a.name)
	}
	a.events = nil
	return a
}

// expectClosed checks how somebody went; want is "CODE.REASON" or "" for no fault.
func (a *client) expectClosed(code wire.LeaveCode, want string) *client {
	a.s.t.Helper()
	a.s.wait()
	a.mu.Lock()
	defer a.mu.Unlock()
	require.Equal(a.s.t, 1, a.closes, a.name)
	require.Equal(a.s.t, code.Reason(), a.reason, a.name)
	require.Equal(a.s.t, want, key(a.fault), a.name)
	if a.fault != nil {
		require.True(a.s.t, a.fault.Fatal, a.name)
		require.Equal(a.s.t, a.req.MeetingID, a.fault.MeetingID, a.name)
		require.Equal(
			a.s.t,
			a.fault.Code != 4009 && want != "5101.STORE",
			a.s.wasReported(a.fault),
			"%s: what a call returns, its caller reports",
			a.name,
		)
	}
	return a
}

// wasReported checks that an incident was reported in the meeting it concerns, and once.
func (s *scenario) wasReported(f *fault.Error) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	times := 0
	for _, r := range s.reported {
		if r.ID == f.ID && r.MeetingID == f.MeetingID {
			times++
		}
	}
	require.LessOrEqual(s.t, times, 1, "%v", f)
	return times == 1
}

func (a *client) expectJoined() *client {
	a.s.t.Helper()
	a.s.wait()
	a.mu.Lock()
	defer a.mu.Unlock()
	require.Zero(a.s.t, a.closes, a.name)
	return a
}

func key(err error) string {
	f, _ := errors.AsType[*fault.Error](err)
	if f == nil {
		return ""
	}
	return fault.Entry{Code: f.Code, Reason: f.Reason}.Key()
}

// refused checks that a call was refused with "CODE.REASON" and returns the fault.
func (s *scenario) refused(want string, err error) *fault.Error {
	s.t.Helper()
	require.Error(s.t, err, want)
	require.Equal(s.t, want, key(err), "%v", err)
	return fault.From(err)
}

func left(a *client, code wire.LeaveCode) wire.ParticipantLeft {
	return wire.ParticipantLeft{ParticipantID: a.name, Reason: code.Reason()}
}

func (a *client) joined() wire.ParticipantJoined {
	a.s.t.Helper()
	return wire.ParticipantJoined{Participant: a.view.participants[a.name]}
}

func (a *client) peer() Peer { return a.p.peer() }

func (s *scenario) ctx() context.Context { return s.t.Context() }
