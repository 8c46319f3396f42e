package sdk_test

import (
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/sdk"
)

// otherNode stands between a client and a real server. From takeOver on it answers a resume as another node of a
// cluster does that goes on with the session: it joins another meeting of the server in the client's place, and shows
// it as the same session. The media is real.
type otherNode struct {
	*testserver.Proxy
	token, meeting, self string
	others               []wire.Participant

	mu       sync.Mutex // guards everything below
	resuming *int64     // the id of the resume that was turned into a join
	answered time.Time
	requests []wire.Request // after takeOver
	silent   string         // the method that is not answered
}

func (p *place) otherNode(self, meeting string, others ...string) *otherNode {
	n := &otherNode{Proxy: p.house.Proxy(p.t), token: p.account.Token(p.t), meeting: meeting, self: self}
	for _, id := range others {
		n.others = append(n.others, wire.Participant{
			ID: id, DisplayName: id, Mode: wire.SendAndRecv, Streams: []wire.Stream{}, JoinedAt: fault.InstantOf(time.Now()),
			ConnectionState: wire.ConnectionReconnecting,
		})
	}
	n.Edit(n.pass)
	return n
}

// takeOver loses the node. The client is let through again at once.
func (n *otherNode) takeOver() {
	n.Cut()
	n.Mend()
}

func (n *otherNode) pass(down bool, frame string) (string, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if down {
		return n.answer(frame)
	}
	var r wire.Request
	if json.Unmarshal([]byte(frame), &r) != nil {
		return frame, true
	}
	n.requests = append(n.requests, r)
	if r.Method != wire.MethodResume {
		return frame, r.Method != n.silent
	}
	n.resuming = &r.ID
	return must(
		wire.Request{JSONRPC: "2.0", ID: r.ID, Method: wire.MethodJoin, Params: json.RawMessage(must(wire.JoinParams{
			Protocol: wire.Version, Token: n.token, MeetingID: n.meeting, ParticipantID: &n.self, Name: n.self,
		}))},
	), true
}

func (n *otherNode) answer(frame string) (string, bool) {
	if n.resuming == nil {
		return frame, true
	}
	var msg struct {
		wire.Response
		Method string           `json:"method,omitempty"`
		Params wire.EventParams `json:"params"`
	}
	if json.Unmarshal([]byte(frame), &msg) != nil {
		return frame, true
	}
	if msg.Method == "" && msg.ID != nil && *msg.ID == *n.resuming && msg.Error == nil {
		var joined wire.JoinResult
		if json.Unmarshal(msg.Result, &joined) != nil || joined.Welcome == nil {
			return frame, true
		}
		for _, p := range n.others {
			at := slices.IndexFunc(joined.Welcome.Participants, func(o wire.Participant) bool { return o.ID == p.ID })
			if at < 0 {
				joined.Welcome.Participants = append(joined.Welcome.Participants, p)
			}
		}
		joined.Welcome.SessionID = "" // as it was
		n.answered = time.Now()
		return must(wire.Response{JSONRPC: "2.0", ID: msg.ID, Result: json.RawMessage(must(
			wire.ResumeResult{Secret: joined.Secret, Welcome: joined.Welcome}))}), true
	}
	if msg.Params.Name == (wire.ParticipantJoined{}).EventName() { // it was there all the time
		var joined wire.ParticipantJoined
		_ = json.Unmarshal(msg.Params.Data, &joined)
		back := wire.ParticipantConnectionChanged{ParticipantID: joined.Participant.ID, State: wire.ConnectionConnected}
		return must(wire.Notification{JSONRPC: "2.0", Method: "event", Params: wire.EventParams{
			Seq: msg.Params.Seq, Name: back.EventName(), Data: json.RawMessage(must(back))}}), true
	}
	return frame, true
}

func must(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

func (n *otherNode) answeredAt() time.Time {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.answered
}

// Another node goes on with the session. Everybody stays, pictures go on, and what was chosen is chosen again.
func TestTakeover(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	next := p.account.Meeting(t, nil)
	nodes := map[string]*otherNode{"ann": p.otherNode("ann", next, "bob"), "bob": p.otherNode("bob", next, "ann")}
	join := func(id string) *person {
		return p.joined(id, func(o *sdk.Options) {
			o.URL, o.MicEnabled, o.WebcamEnabled = nodes[id].URL, true, true
		})
	}
	ann := join("ann")
	bob := join("bob")
	people := map[string]*person{"ann": ann, "bob": bob}
	other := map[string]string{"ann": "bob", "bob": "ann"}
	for id, one := range people {
		require.Eventually(t, func() bool {
			o := one.Participant(other[id])
			return o != nil && o.WebcamOn() && o.MicOn()
		}, 5*time.Second, 5*time.Millisecond)
		picture(t, one.Participant(other[id]).Stream(sdk.Video))
	}
	messages := make(chan sdk.Message, 8)
	_, err := bob.PubSub().Subscribe(t.Context(), "CHAT", func(m sdk.Message) { messages <- m }, sdk.SubscribeOptions{})
	require.NoError(t, err)
	session := ann.SessionID()
	before := map[string]int{"ann": len(ann.all("stream-enabled")), "bob": len(bob.all("stream-enabled"))}

	var arrivals sync.WaitGroup // of the first video packet at each
	for id, one := range people {
		arrivals.Add(1)
		first := sync.OnceFunc(func() {
			t.Logf("%s: picture %v after the answer", id, time.Since(nodes[id].answeredAt()))
			arrivals.Done()
		})
		one.OnStreamEnabled(func(p *sdk.Participant, s *sdk.Stream) {
			if !p.Local() && s.Kind() == sdk.Video {
				s.OnRTP(func(*rtp.Packet) { first() })
			}
		})
	}
	for _, n := range nodes {
		n.takeOver()
	}
	arrivals.Wait()
	for id, one := range people {
		enabled := func(kind sdk.Kind) (s *sdk.Stream) {
			require.Eventually(t, func() bool {
				for _, e := range one.all("stream-enabled")[before[id]:] {
					e := e.(sdk.StreamEnabled)
					if e.Stream.Kind() == kind && e.Participant.ID() == other[id] {
						s = e.Stream
					}
				}
				return s != nil
			}, 5*time.Second, time.Millisecond)
			return s
		}
		picture(t, enabled(sdk.Video))
		_, err := enabled(sdk.Audio).ReadRTP(t.Context())
		require.NoError(t, err)
	}
	_, err = ann.PubSub().Publish(t.Context(), "CHAT", "still here", sdk.PublishOptions{})
	require.NoError(t, err)
	require.Equal(t, "still here", (<-messages).Message)
	require.NoError(t, ann.DisableWebcam(t.Context()))
	require.NoError(t, ann.EnableWebcam(t.Context(), nil))
	for _, one := range people {
		require.Empty(t, one.all("error"))
		require.Empty(t, one.all("participant-left"))
		require.Empty(t, one.all("meeting-left"))
		require.Len(t, one.all("participant-joined"), map[bool]int{true: 1}[one == ann])
		require.Len(t, one.all("meeting-state-changed"), 4, "connecting, connected, reconnecting, connected")
		require.Equal(t, session, one.SessionID())
	}
	for _, e := range ann.all("stream-disabled") {
		require.Equal(t, "ann", e.(sdk.StreamDisabled).Participant.ID(), "what she did herself")
	}
}

// Requests under way go to the node that goes on with the session where they may be carried out twice. The others are
// answered.
func TestTakeoverWithRequestsUnderWay(t *testing.T) {
	t.Parallel()
	cut := make(chan struct{})
	var s *scripted
	s = script(t, func(c *scriptedConn, r wire.Request) bool {
		switch {
		case r.Method == wire.MethodResume:
			raw := must(wire.ResumeResult{Secret: "next", Welcome: &wire.Welcome{
				Participant: wire.Participant{ID: "ann", Mode: wire.SendAndRecv}}})
			c.send(wire.Response{JSONRPC: "2.0", ID: &r.ID, Result: json.RawMessage(raw)})
			c.event(wire.SpeakerChanged{ParticipantID: "ann"})
			return true
		case len(s.entries()) > 1 || r.Method == wire.MethodJoin || r.Method == wire.MethodLeave:
			return false
		case r.Method == wire.MethodPublishMessage:
			close(cut)
		}
		return true
	})
	ann := s.join(nil)
	speakers := make(chan string, 4)
	ann.OnSpeakerChanged(func(id string) { speakers <- id })
	s.last().event(wire.SpeakerChanged{ParticipantID: "bob"})
	require.Equal(t, "bob", <-speakers)
	value := "v"
	set := make(chan error, 1)
	go func() { set <- ann.RealtimeStore().SetValue(t.Context(), "k", &value) }()
	require.Eventually(t, func() bool { return s.sent(wire.MethodSetValue) == 1 }, 5*time.Second, time.Millisecond)
	published := make(chan error, 1)
	go func() {
		_, err := ann.PubSub().Publish(t.Context(), "CHAT", "x", sdk.PublishOptions{})
		published <- err
	}()
	<-cut
	s.last().cut()
	require.NoError(t, <-set)
	require.True(t, fault.Is(<-published, fault.CodeOperationTimedOut, fault.ReasonNoAnswer))
	require.Equal(t, []int{2, 1}, []int{s.sent(wire.MethodSetValue), s.sent(wire.MethodPublishMessage)})
	require.Empty(t, <-speakers, "as the welcome has it")
	require.Equal(t, "ann", <-speakers, "events count from 1 again")
	require.Equal(t, sdk.Connected, ann.State())
}

// sent returns how many requests of a method came so far.
func (s *scripted) sent(method string) (count int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.requests {
		if r.Method == method {
			count++
		}
	}
	return count
}
