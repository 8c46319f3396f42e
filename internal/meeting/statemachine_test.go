package meeting

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// model does at random what people do in two meetings of one account, says beforehand what must be refused,
// and compares after every step: what each client believes from its events, what media and records hold, and
// what the limits allow, with the state of the rooms.
type model struct {
	*scenario
	t     *rapid.T
	roles map[*client]*role

	removed map[string]map[string]bool // by a moderator, in the running session: by hall and id
}

// choice is one stream of somebody's participation: who comes again under the same id is somebody else.
type choice struct {
	of   *client
	kind wire.Kind
}

// role is what the model itself knows of an actor.
type role struct {
	mode      wire.Mode
	published []wire.Kind
	refused   map[choice]bool // consume switched off
	byItself  bool            // it left, lost its connection or ended the session: no fault
}

const (
	maxPeople   = 4
	maxSpeakers = 3
	maxWaiting  = 2
)

var (
	modelLimits = Limits{
		Participants:     maxPeople,
		Speakers:         maxSpeakers,
		AccountSpeakers:  5,
		AccountViewers:   2,
		AccountReceivers: 2,
	}
	accountCodes = map[wire.Mode]string{
		wire.SendAndRecv:    "4026.LIMIT",
		wire.SignallingOnly: "4027.LIMIT",
		wire.RecvOnly:       "4041.LIMIT",
	}

	halls  = rapid.SampledFrom([]string{"hall-1", "hall-2"})
	names  = rapid.SampledFrom([]string{"ann", "bob", "cat", "dan", "eve", "\U0001F980"})
	kinds  = rapid.SampledFrom(wire.Kinds)
	modes  = rapid.SampledFrom(append([]wire.Mode{wire.SendAndRecv, wire.SendAndRecv}, wire.Modes...)) // most speak
	topicR = rapid.SampledFrom([]string{"CHAT", "RAISE_HAND"})
	coin   = rapid.Bool()
)

// noDeadline hides Deadline, which a test may not ask for in a bubble.
type noDeadline struct{ rapid.TB }

func TestRandomSequences(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rapid.Check(noDeadline{t}, func(rt *rapid.T) {
			m := &model{
				scenario: newScenario(
					rt,
					Options{LobbySize: maxWaiting, HistoryMessages: 5},
				), t: rt, roles: map[*client]*role{}, removed: map[string]map[string]bool{},
			}
			defer func() { _ = m.m.Close(context.Background(), fault.ServerShutdownStopped(0)) }()
			for _, name := range []string{"ann", "bob"} {
				a := m.client(name, in("hall-1"), limited(modelLimits))
				m.roles[a] = &role{mode: wire.SendAndRecv, published: wire.Kinds, refused: map[choice]bool{}}
				a.join().publishes(wire.Kinds...)
			}
			rt.Repeat(rapid.StateMachineActions(m))
			m.end()
		})
	})
}

// here are those who have a place, in the session or the lobby.
func (m *model) here(pick func(*client) bool) []*client {
	var out []*client
	for _, a := range m.all {
		if closes, _ := a.out(); a.p != nil && closes == 0 && pick(a) {
			out = append(out, a)
		}
	}
	return out
}

func (a *client) inside() bool {
	v, _ := a.replay()
	return v.in
}

func inHall(hall string) func(*client) bool {
	return func(a *client) bool { return a.req.MeetingID == hall && a.inside() }
}

func (m *model) lobby(hall string) []*client {
	return m.here(func(a *client) bool { return a.req.MeetingID == hall && !a.inside() })
}

// someone draws one who has a place, mostly in a session.
func (m *model) someone() *client {
	all := m.here((*client).inside)
	if len(all) == 0 || rapid.IntRange(0, 3).Draw(m.t, "of all") == 0 {
		all = m.here(func(*client) bool { return true })
	}
	if len(all) == 0 {
		m.t.Skip("nobody is here")
	}
	return rapid.SampledFrom(all).Draw(m.t, "who")
}

// limit returns which limit keeps an id with a mode out of a hall.
func (m *model) limit(hall, id string, mode wire.Mode, entering bool) string {
	others, speakers := 0, 0
	for _, a := range m.here(inHall(hall)) {
		if a.name == id {
			continue
		}
		others++
		if m.roles[a].mode == wire.SendAndRecv {
			speakers++
		}
	}
	ofAccount := 0
	for _, a := range m.here((*client).inside) {
		if m.roles[a].mode == mode && (a.name != id || a.req.MeetingID != hall) {
			ofAccount++
		}
	}
	switch {
	case entering && others >= maxPeople:
		return "4009.LIMIT"
	case mode == wire.SendAndRecv && speakers >= maxSpeakers:
		return "4010.LIMIT"
	case ofAccount >= limitOf(modelLimits, mode):
		return accountCodes[mode]
	}
	return ""
}

// expect checks the outcome of a call against "CODE.REASON", "" for success.
func (m *model) expect(want string, err error) {
	require.Equal(m.t, want, key(err), "%v", err)
}

// outside returns why a call of somebody who is not in the session is refused.
func outside(a *client) string {
	if !a.inside() {
		return "3035.IN_LOBBY"
	}
	return ""
}

func (m *model) Join(t *rapid.T) {
	hall, id, as := halls.Draw(t, "hall"), names.Draw(t, "id"), modes.Draw(t, "mode")
	mayJoin, mayModerate, mayEnd := coin.Draw(t, "may join"), coin.Draw(t, "may moderate"), coin.Draw(t, "may end")
	entry := mayJoin
	if len(m.here(inHall(hall))) == 0 {
		delete(m.removed, hall)
	}
	mayJoin = mayJoin && !m.removed[hall][id]
	want := m.limit(hall, id, as, true)
	waits := func(a *client) bool { return a.name == id }
	if lobby := m.lobby(hall); want == "" && !mayJoin && !slices.ContainsFunc(lobby, waits) && len(lobby) >= maxWaiting {
		want = "4009.LIMIT"
	}
	a := m.client(id, in(hall), mode(as), limited(modelLimits), func(r *JoinRequest) {
		r.MayJoin, r.MayModerate, r.MayEnd = entry, mayModerate, mayEnd
	})
	m.roles[a] = &role{mode: as, refused: map[choice]bool{}}
	m.expect(want, a.tryJoin())
	if want == "" {
		require.Equal(t, mayJoin, a.result.State == wire.Joined)
	}
}

func (m *model) Go(t *rapid.T) {
	a := m.someone()
	m.roles[a].byItself = true
	if coin.Draw(t, "leaves") {
		m.expect("", a.p.Leave(m.ctx()))
	} else {
		a.p.Disconnected()
	}
}

func (m *model) Respond(t *rapid.T) {
	a, id := m.someone(), names.Draw(t, "id")
	decision := rapid.SampledFrom([]wire.Decision{wire.Allowed, wire.Denied}).Draw(t, "decision")
	var waiting *client
	for _, k := range m.lobby(a.req.MeetingID) {
		if k.name == id {
			waiting = k
		}
	}
	want := outside(a)
	switch {
	case want != "":
	case !a.req.MayJoin:
		want = "4059.NOT_PERMITTED"
	case waiting == nil:
		err := a.p.RespondEntry(m.ctx(), wire.RespondEntryParams{ParticipantID: id, Decision: decision})
		require.Contains(t, []string{"4059.NO_SUCH_REQUEST", "4059.ALREADY_ANSWERED"}, key(err))
		return
	case decision == wire.Allowed:
		want = m.limit(a.req.MeetingID, id, m.roles[waiting].mode, true)
	}
	m.expect(want, a.p.RespondEntry(m.ctx(), wire.RespondEntryParams{ParticipantID: id, Decision: decision}))
	if want == "" && decision == wire.Allowed {
		delete(m.removed[a.req.MeetingID], id)
	}
}

func (m *model) SetMode(t *rapid.T) {
	a, to := m.someone(), modes.Draw(t, "mode")
	want := ""
	switch {
	case !a.inside():
		want = "4065.KNOCKING"
	case to != m.roles[a].mode:
		want = m.limit(a.req.MeetingID, a.name, to, false)
	}
	m.expect(want, a.p.SetMode(m.ctx(), wire.SetModeParams{Mode: string(to)}))
	if want == "" {
		m.roles[a].mode = to
	}
}

func (m *model) Publish(t *rapid.T) {
	a := m.someone()
	list := rapid.SliceOfNDistinct(kinds, 0, 4, rapid.ID[wire.Kind]).Draw(t, "kinds")
	params := offer(list...)
	for i := range params.Streams {
		params.Streams[i].Enabled = coin.Draw(t, "enabled")
	}
	want := outside(a)
	if want == "" && m.roles[a].mode != wire.SendAndRecv {
		want = "3066.MODE"
	}
	_, err := a.p.Publish(m.ctx(), params)
	m.expect(want, err)
	if want == "" {
		m.roles[a].published = list
	}
}

func (m *model) SetStream(t *rapid.T) {
	a, kind, on := m.someone(), kinds.Draw(t, "kind"), coin.Draw(t, "on")
	want := outside(a)
	switch {
	case want != "" || !on:
	case m.roles[a].mode != wire.SendAndRecv:
		want = "3066.MODE"
	case !slices.Contains(m.roles[a].published, kind):
		want = "4107.NOT_PUBLISHED"
	}
	m.expect(want, a.p.SetStream(m.ctx(), wire.SetStreamParams{Kind: kind, Enabled: on}))
}

// other finds the one with that id in the session of a.
func (m *model) other(a *client, id string) *client {
	for _, o := range m.here(inHall(a.req.MeetingID)) {
		if o.name == id {
			return o
		}
	}
	return nil
}

func (m *model) RequestStream(t *rapid.T) {
	a, id, on := m.someone(), names.Draw(t, "id"), coin.Draw(t, "on")
	kind, code := wire.Audio, "4068"
	if on {
		kind, code = wire.Video, "4069"
	}
	target := m.other(a, id)
	want := outside(a)
	switch {
	case want != "":
	case !a.req.MayModerate:
		want = code + ".NOT_PERMITTED"
	case target == nil:
		want = code + ".NO_SUCH_PARTICIPANT"
	case on && m.roles[target].mode != wire.SendAndRecv:
		want = code + ".TARGET_MODE"
	}
	m.expect(want, a.p.RequestStream(m.ctx(), wire.RequestStreamParams{ParticipantID: id, Kind: kind, Enabled: on}))
	if want == "" && !on {
		require.False(t, m.media.of(target.p.peer()).streams[kind], "off is immediate")
	}
}

func (m *model) Remove(t *rapid.T) {
	a, id := m.someone(), names.Draw(t, "id")
	want := outside(a)
	switch {
	case want != "":
	case !a.req.MayModerate:
		want = "4066.NOT_PERMITTED"
	case m.other(a, id) == nil:
		want = "4066.NO_SUCH_PARTICIPANT"
	}
	m.expect(want, a.p.Remove(m.ctx(), wire.ParticipantParams{ParticipantID: id}))
	if want == "" {
		if m.removed[a.req.MeetingID] == nil {
			m.removed[a.req.MeetingID] = map[string]bool{}
		}
		m.removed[a.req.MeetingID][id] = true
	}
}

func (m *model) Pin(t *rapid.T) {
	a, id := m.someone(), names.Draw(t, "id")
	state := wire.PinState{Cam: coin.Draw(t, "cam"), Share: coin.Draw(t, "share")}
	want := outside(a)
	if want == "" && m.other(a, id) == nil {
		want = "4071.NO_SUCH_PARTICIPANT"
		if state == (wire.PinState{}) {
			want = "4072.NO_SUCH_PARTICIPANT"
		}
	}
	m.expect(want, a.p.Pin(m.ctx(), wire.PinParams{ParticipantID: id, State: state}))
}

func (m *model) Consume(t *rapid.T) {
	a, id, kind, on := m.someone(), names.Draw(t, "id"), kinds.Draw(t, "kind"), coin.Draw(t, "on")
	want := outside(a)
	other := m.other(a, id)
	switch {
	case want != "":
	case m.roles[a].mode == wire.SignallingOnly:
		want = "3066.MODE"
	case other == nil || other == a:
		want = "4107.NO_SUCH_PARTICIPANT"
	}
	m.expect(want, a.p.Consume(m.ctx(), wire.ConsumeParams{ParticipantID: id, Kind: kind, Enabled: on}))
	if want == "" {
		m.roles[a].refused[choice{other, kind}] = !on
	}
}

func (m *model) Say(t *rapid.T) {
	a, topic := m.someone(), topicR.Draw(t, "topic")
	if coin.Draw(t, "subscribes") {
		_, err := a.p.SubscribeTopic(m.ctx(), wire.SubscribeTopicParams{Topic: topic})
		m.expect(outside(a), err)
		return
	}
	m.expect(outside(a), a.says(topic, "hello"))
}

func (m *model) Speak(t *rapid.T) {
	a := m.someone()
	m.m.SpeakerChanged(a.p.SessionID(), names.Draw(t, "id"))
}

func (m *model) TimePasses(t *rapid.T) {
	time.Sleep(time.Duration(rapid.IntRange(1, 200).Draw(t, "seconds")) * time.Second)
}

func (m *model) End(t *rapid.T) {
	if rapid.IntRange(0, 3).Draw(t, "seldom") > 0 {
		t.Skip("seldom")
	}
	a := m.someone()
	want := outside(a)
	if want == "" && !a.req.MayEnd {
		want = "4105.NEEDS_PERMISSION"
	}
	if want == "" {
		m.roles[a].byItself = true
	}
	m.expect(want, a.p.End(m.ctx()))
}

func (m *model) REST(t *rapid.T) {
	hall, id := halls.Draw(t, "hall"), names.Draw(t, "id")
	present := m.here(inHall(hall))
	switch rapid.IntRange(0, 9).Draw(t, "what") {
	case 0:
		_, err := m.m.EndSession(m.ctx(), account, hall, "")
		require.Equal(t, len(present) == 0, errors.Is(err, ErrNotLive))
	case 1:
		m.m.CloseKey("key", fault.ApikeyDeactivatedDeactivated("key", "now"))
	default:
		known := slices.ContainsFunc(append(present, m.lobby(hall)...), func(a *client) bool { return a.name == id })
		_, err := m.m.RemoveParticipant(m.ctx(), account, hall, "", id)
		require.Equal(t, len(present) == 0, errors.Is(err, ErrNotLive))
		require.Equal(t, len(present) > 0 && !known, errors.Is(err, ErrNoParticipant))
	}
}

// Check compares all that is known about the meetings.
func (m *model) Check(t *rapid.T) {
	synctest.Wait()
	counted := map[wire.Mode]int{}
	peers := 0
	for _, hall := range []string{"hall-1", "hall-2"} {
		present := m.here(inHall(hall))
		peers += len(present)
		r := m.m.roomOfMeeting(hall)
		if r == nil {
			require.Empty(t, present)
			require.Empty(t, m.lobby(hall))
			continue
		}
		var failed any // a check that fails must end this goroutine and not the room's, for rapid to say how it came to it
		require.NoError(t, r.do(m.ctx(), func() {
			defer func() { failed = recover() }()
			m.checkRoom(r, present, counted)
		}))
		if failed != nil {
			panic(failed)
		}
	}
	require.Len(t, m.media.peers, peers)
	for mode, n := range counted {
		require.LessOrEqual(t, n, limitOf(modelLimits, mode))
	}
	if len(counted) == 0 {
		require.Empty(t, m.m.usage.accounts)
	} else {
		require.Equal(t, counted, m.m.usage.accounts[account])
	}
	m.media.set(func() { require.Empty(t, m.media.failures) })
	m.records.set(func() { require.Empty(t, m.records.failures) })
	for _, a := range m.all {
		closes, why := a.out()
		if a.p == nil {
			require.Zero(t, closes, "who was refused hears nothing")
		} else if closes > 0 {
			require.Equal(t, 1, closes)
			require.Equal(t, m.roles[a].byItself, why == nil, "%s: %v", a.name, why)
		}
	}
}

func (m *model) checkRoom(r *room, present []*client, counted map[wire.Mode]int) {
	t := m.t
	require.Len(t, r.people.order, len(present), "everybody inside believes so")
	require.Len(t, r.lobby.order, len(m.lobby(r.meetingID)))
	require.LessOrEqual(t, len(present), maxPeople)
	require.Equal(t, len(present) > 0, r.session.running())
	if r.session.running() {
		rec := m.records.session(r.session.id)
		require.False(t, rec.ended)
		open := 0
		for _, n := range rec.participations {
			open += n
		}
		require.Equal(t, len(present), open)
	}

	truth := map[string]wire.Participant{}
	speakers := 0
	for _, p := range r.people.order {
		truth[p.id] = p.describe()
		counted[p.mode]++
		if p.mode == wire.SendAndRecv {
			speakers++
		}
	}
	require.LessOrEqual(t, speakers, maxSpeakers)

	for _, subscribers := range r.session.topics.subscribers {
		require.NotEmpty(t, subscribers)
		for p := range subscribers {
			require.Same(t, p, r.people.get(p.id))
		}
	}

	presenter := ""
	for _, a := range present {
		v, err := a.replay()
		require.NoError(t, err)
		require.Same(t, a.p, r.people.get(a.name))
		require.Equal(t, m.roles[a].mode, a.p.mode)
		require.Equal(t, truth, v.participants, "what %s believes", a.name)
		require.Equal(t, r.session.speaker, v.speaker)
		require.Equal(t, r.session.presenter, v.presenter)
		require.Equal(t, len(r.session.pins), len(v.pins))
		for id, pin := range r.session.pins {
			require.Equal(t, pin, v.pins[id])
		}
		if a.req.MayJoin {
			waiting := map[string]bool{}
			for _, k := range r.lobby.order {
				waiting[k.id] = true
			}
			require.Equal(t, waiting, v.entries, "who %s believes to wait", a.name)
		} else {
			require.Empty(t, v.entries)
		}
		m.checkMedia(r, a)
		if slices.ContainsFunc(truth[a.name].Streams, func(s wire.Stream) bool { return s.Kind == wire.Share }) {
			presenter = a.name
		}
	}
	require.Equal(t, presenter == "", r.session.presenter == "", "somebody presents while somebody shares")
}

// checkMedia compares what media forwards for a, and to a, with what a was promised.
func (m *model) checkMedia(r *room, a *client) {
	t, peer := m.t, m.media.of(a.p.peer())
	require.NotNil(t, peer)
	for _, kind := range wire.Kinds {
		enabled, published := peer.streams[kind]
		require.Equal(t, slices.Contains(m.roles[a].published, kind), published, "%s of %s", kind, a.name)
		announced := slices.ContainsFunc(a.p.describe().Streams, func(s wire.Stream) bool { return s.Kind == kind })
		require.Equal(t, announced, enabled, "%s of %s", kind, a.name)
		require.False(t, enabled && m.roles[a].mode != wire.SendAndRecv)
	}
	var want []string
	if m.roles[a].mode != wire.SignallingOnly {
		for _, o := range m.here(inHall(a.req.MeetingID)) {
			for _, kind := range m.roles[o].published {
				if o != a && !m.roles[a].refused[choice{o, kind}] {
					want = append(want, fmt.Sprint(StreamRef{ParticipantID: o.name, Kind: kind}))
				}
			}
		}
	}
	var got []string
	for _, ref := range peer.subscribed {
		got = append(got, fmt.Sprint(ref))
	}
	require.ElementsMatch(t, want, got, "what %s receives", a.name)
}
