package misuse

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
)

// member is in the meeting of those who misuse it.
func (w *environment) member(t *testing.T, id string, permissions ...string) (*testserver.Socket, wire.JoinResult) {
	t.Helper()
	return w.Server.Join(t, testserver.JoinParams(w.account.Token(t, permissions...), w.meeting, id))
}

// frames are sent one after another on a socket that is in a meeting; each is refused, and the next one still heard.
func frames(want, says string, list ...string) func(*testing.T, *environment) {
	return func(t *testing.T, w *environment) {
		for _, frame := range list {
			s, _ := w.member(t, "mal")
			s.Send(t, frame)
			w.check(t, s.Refusal(t), want, says)
			s.Do(t, wire.MethodLeave, struct{}{})
		}
	}
}

var sockets = misuses{
	"frames: ids that are no integers": frames(
		"4107.NOT_JSONRPC",
		`"id"`,
		`{"jsonrpc":"2.0","id":1e400,"method":"ping"}`,
		`{"jsonrpc":"2.0","id":-1,"method":"ping"}`,
		`{"jsonrpc":"2.0","id":1.5,"method":"ping"}`,
	),
	"frames: socket.io, HTTP and NUL bytes": frames(
		"4107.NOT_JSON",
		"",
		`42["join",{}]`,
		"GET / HTTP/1.1\r\n\r\n",
		"{}\x00",
		"\xff\xfe{}",
	),
	"frames: JSON nested 12000 levels": frames(
		"4107.NOT_JSON",
		"depth",
		`{"jsonrpc":"2.0","id":1,"method":"pin","params":`+strings.Repeat(`{"a":`, 12000)+"1"+strings.Repeat("}", 12001),
	),
	"three hundred silent sockets": func(t *testing.T, w *environment) {
		address := strings.TrimPrefix(w.URL, "http://")
		for i := range 300 {
			conn, err := net.Dial("tcp", address)
			require.NoError(t, err)
			t.Cleanup(func() { _ = conn.Close() })
			switch i % 3 { // nothing at all, half a request, and an upgrade without a word after it
			case 1:
				_, err = conn.Write([]byte(upgrade))
			case 2:
				_, err = conn.Write([]byte(upgrade))
			}
			require.NoError(t, err)
		}
		s, _ := w.member(t, "mal") // there is room for one more
		s.Do(t, wire.MethodLeave, struct{}{})
	},
	"join and leave without waiting for the answer": func(t *testing.T, w *environment) {
		s := w.Dial(t)
		params, err := json.Marshal(testserver.JoinParams(w.account.Token(t), w.meeting, "mal"))
		require.NoError(t, err)
		s.Send(t, `{"jsonrpc":"2.0","id":1,"method":"join","params":`+string(params)+`}`)
		s.Send(t, `{"jsonrpc":"2.0","id":2,"method":"leave"}`)
		require.Equal(t, 1000, s.Closed(t))
	},
	"two joins on one socket": func(t *testing.T, w *environment) {
		s, _ := w.member(t, "mal")
		_, f := s.Call(t, wire.MethodJoin, testserver.JoinParams(w.account.Token(t), w.meeting, "mal2"))
		w.check(t, f, "4107.WRONG_ORDER", "joined")
		s.Do(t, wire.MethodLeave, struct{}{})
	},
	"resume with another secret, a future sequence number, after leave": func(t *testing.T, w *environment) {
		mal, joined := w.member(t, "mal")
		_, other := w.member(t, "other")
		resume := func(participantID, secret string, lastSeq int64) (string, *testserver.Socket) {
			s := w.Dial(t)
			_, f := s.Call(t, wire.MethodResume, wire.ResumeParams{Protocol: wire.Version, SessionID: joined.SessionID,
				ParticipantID: participantID, Secret: secret, LastSeq: lastSeq})
			require.NotNil(t, f)
			require.NotContains(t, fmt.Sprintf("%+v", f), secret)
			return fmt.Sprintf("%d.%s", f.Code, f.Reason), s
		}
		got, _ := resume("mal", other.Secret, 0)
		require.Equal(t, "3103.SESSION_UNKNOWN", got)
		got, _ = resume("mal", joined.Secret, 1<<40)
		require.Equal(t, "4107.BAD_PARAMS", got)
		mal.Do(t, wire.MethodPing, struct{}{})
		mal.Do(t, wire.MethodLeave, struct{}{})
		require.Equal(t, 1000, mal.Closed(t))
		got, _ = resume("mal", joined.Secret, 0)
		require.Equal(t, "3103.SESSION_UNKNOWN", got)
	},
	"message rate above the limit": func(t *testing.T, w *environment) {
		s, _ := w.member(t, "mal")
		for i := range 1500 { // 100 a second over 10 s are free
			s.Send(t, fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"ping"}`, 1000+i))
		}
		_, f := s.Call(t, wire.MethodPin, wire.PinParams{ParticipantID: "mal"})
		w.check(t, f, "4106.MESSAGES", "")
	},
	"a meeting ends during joins": func(t *testing.T, w *environment) {
		room := w.account.Meeting(t, nil)
		token := w.account.Token(t)
		first, _ := w.Server.Join(t, testserver.JoinParams(token, room, "first"))
		var both sync.WaitGroup
		ended := make(chan int, 1)
		both.Go(func() {
			status, _ := w.REST(t, token, http.MethodPost, "/v2/sessions/end", map[string]any{"roomId": room})
			ended <- status
		})
		for i := range 8 { // each joins, before or after, or is refused with the reason
			s := w.Dial(t)
			if _, f := s.Call(t, wire.MethodJoin, testserver.JoinParams(token, room, fmt.Sprintf("p%d", i))); f != nil {
				w.check(t, f, "4104.BY_API", "")
			}
		}
		both.Wait()
		require.Equal(t, http.StatusOK, <-ended)
		w.check(t, first.AwaitRemoval(t), "4104.BY_API", "")
	},
}

// refused makes calls in a meeting that are refused, and checks that the caller is still in it.
func refused(want, says, method string, params ...any) func(*testing.T, *environment) {
	return func(t *testing.T, w *environment) {
		s, _ := w.member(t, "mal", "allow_join")
		for _, p := range params {
			_, f := s.Call(t, method, p)
			w.check(t, f, want, says)
		}
		s.Do(t, wire.MethodPing, struct{}{})
		s.Do(t, wire.MethodLeave, struct{}{})
	}
}

type object = map[string]any

var calls = misuses{
	"publish: 500 media sections": refused(
		"4107.BAD_SDP",
		"500 media sections",
		wire.MethodPublish,
		object{
			"sdp": "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n" + strings.Repeat(
				"m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:x\r\n",
				500,
			),
			"streams": []any{},
		},
	),
	"publish: an RTCSessionDescription object": refused("4107.BAD_PARAMS", "an object; it takes a string",
		wire.MethodPublish, object{"sdp": object{"type": "offer", "sdp": "v=0"}, "streams": []any{}}),
	"publish: a data channel": refused("4107.BAD_SDP", "data channel", wire.MethodPublish, object{"streams": []any{},
		"sdp": "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-ufrag:abcd\r\n" +
			"a=ice-pwd:0123456789012345678901\r\n" +
			"a=fingerprint:sha-256 " + strings.Repeat("AA:", 31) + "AA\r\n" +
			"m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n"}),
	"setStream: stream not published": refused(
		"4107.NOT_PUBLISHED",
		"has published none",
		wire.MethodSetStream,
		object{"kind": "video", "enabled": true},
	),
	"answer: no such offer": refused(
		"4107.BAD_PARAMS",
		"0 offers were made",
		wire.MethodAnswer,
		object{"offerId": 99, "sdp": "v=0"},
	),
	"setStream: kind in capitals": refused(
		"4107.BAD_PARAMS",
		`"VIDEO"`,
		wire.MethodSetStream,
		object{"kind": "VIDEO", "enabled": true},
	),
	"consume: own stream": refused(
		"4107.NO_SUCH_PARTICIPANT",
		"not another participant",
		wire.MethodConsume,
		object{"participantId": "mal", "kind": "video", "enabled": true},
	),
	"publishMessage: payload as text": refused(
		"4107.BAD_PARAMS",
		"not a JSON object",
		wire.MethodPublishMessage,
		object{"topic": "CHAT", "message": "x", "payload": `{"a":1}`},
	),
	"publishMessage: sendOnly as one id": refused(
		"4107.BAD_PARAMS",
		"takes an array",
		wire.MethodPublishMessage,
		object{"topic": "CHAT", "message": "x", "sendOnly": "ann"},
	),
	"removeParticipant: without permission": refused(
		"4066.NOT_PERMITTED",
		"",
		wire.MethodRemoveParticipant,
		object{"participantId": "mal"},
		object{"participantId": "nobody"},
	),
	"end: without permission": refused("4105.NEEDS_PERMISSION", "allow_mod", wire.MethodEnd, object{}),
	"report: a fault of the server": refused(
		"4107.BAD_PARAMS",
		"",
		wire.MethodReport,
		object{"fault": object{"code": 4006, "reason": "DEACTIVATED", "id": "flt_01JD0000000000000000000000"}},
		object{"fault": "boom"},
	),
}

// hostileMember is a member of the bystanders' meeting who does what is refused there, which the others must not
// notice. She joins before their events are watched.
func (w *environment) hostileMember(t *testing.T) (act func(*testing.T)) {
	in := w.bystanders
	eve, joined := w.Server.Join(t, testserver.JoinParams(in.account.Token(t, "allow_join"), in.meeting, "eve"))
	return func(t *testing.T) {
		for _, frame := range []string{`{`, `[]`, `{"jsonrpc":"2.0","id":"x","method":"ping"}`} {
			eve.Send(t, frame)
		}
		w.check(t, eve.Refusal(t), "4107.NOT_JSON", "")
		for method, params := range map[string]any{
			wire.MethodRemoveParticipant: object{"participantId": "bob"}, wire.MethodEnd: object{},
			wire.MethodRequestStream: object{"participantId": "bob", "kind": "audio", "enabled": false},
			wire.MethodRespondEntry:  object{"participantId": "ann", "decision": "denied"},
			wire.MethodPublish:       object{"sdp": "nonsense", "streams": []any{}},
			"no such method":         object{},
		} {
			_, f := eve.Call(t, method, params)
			require.NotNil(t, f, method)
		}
		eve.Cut() // and comes back in time
		again := w.Dial(t)
		again.Do(
			t,
			wire.MethodResume,
			wire.ResumeParams{
				Protocol:      wire.Version,
				SessionID:     joined.SessionID,
				ParticipantID: "eve",
				Secret:        joined.Secret,
				LastSeq:       eve.Seq(),
			},
		)
	}
}
