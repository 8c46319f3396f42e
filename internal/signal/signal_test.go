package signal_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/store/pgtest"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Main{M: m}) }

// testMeeting is a meeting on a real server.
type testMeeting struct {
	t       *testing.T
	server  *testserver.Server
	account testserver.Account
	meeting string
}

func newTestMeeting(t *testing.T, changes ...func(*conf.Config)) *testMeeting {
	h := testserver.Start(t, changes...)
	account := h.Account(t, nil)
	return &testMeeting{t: t, server: h, account: account, meeting: account.Meeting(t, nil)}
}

func (p *testMeeting) join(id string, permissions ...string) (*testserver.Socket, wire.JoinResult) {
	p.t.Helper()
	return p.server.Join(p.t, testserver.JoinParams(p.account.Token(p.t, permissions...), p.meeting, id))
}

func resuming(joined wire.JoinResult, lastSeq int64) wire.ResumeParams {
	return wire.ResumeParams{
		Protocol:      wire.Version,
		SessionID:     joined.SessionID,
		ParticipantID: joined.ParticipantID,
		Secret:        joined.Secret,
		LastSeq:       lastSeq,
	}
}

// refusal is the fault with which a request was answered.
func refusal(t *testing.T, s *testserver.Socket, id int64) *fault.Error {
	t.Helper()
	answer := s.Reply(t, id)
	require.NotNil(t, answer.Error)
	return answer.Error.Data
}

// Whatever a joined client sends gets its precise fault, and nobody else notices.
func TestHostileFrames(t *testing.T) {
	p := newTestMeeting(t)
	witness, _ := p.join("witness")
	request := func(method, params string) string {
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":9,"method":%q,"params":%s}`, method, params)
	}
	for _, tt := range []struct{ name, frame, reason, field string }{
		{"half JSON", `{"jsonrpc":"2.0","id":9`, "NOT_JSON", ""},
		{"a batch", `[{"jsonrpc":"2.0","id":9,"method":"ping"}]`, "NOT_JSONRPC", ""},
		{"deep nesting", strings.Repeat("[", 100_000), "NOT_JSON", ""},
		{"unknown method", request("dance", `{}`), "UNKNOWN_METHOD", ""},
		{"second join", request("join", `{}`), "WRONG_ORDER", ""},
		{"resume of a joined socket", request("resume", `{}`), "WRONG_ORDER", ""},
		{"wrong type", request("consume", `{"participantId":5,"kind":"audio","enabled":true}`), "BAD_PARAMS",
			"participantId"},
		{"missing field", request("consume", `{"participantId":"x","kind":"audio"}`), "BAD_PARAMS", "enabled"},
		{"unknown kind", request("consume", `{"participantId":"x","kind":"smell","enabled":true}`), "BAD_PARAMS", "kind"},
		{"unknown decision", request("respondEntry", `{"participantId":"x","decision":"maybe"}`), "BAD_PARAMS", "decision"},
		{"share by request", request("requestStream", `{"participantId":"x","kind":"share","enabled":true}`), "BAD_PARAMS",
			"kind"},
		{"stream kind twice",
			request("publish", `{"sdp":"v=0","streams":[{"mid":"0","kind":"audio"},{"mid":"1","kind":"audio"}]}`),
			"BAD_PARAMS", "streams[1].kind"},
		{"stream without mid", request("publish", `{"sdp":"v=0","streams":[{"kind":"audio"}]}`), "BAD_PARAMS",
			"streams[0].mid"},
		{"nested wrong type", request("publish", `{"sdp":"v=0","streams":[{"mid":0}]}`), "BAD_PARAMS", "streams.mid"},
		{"SDP of nonsense", request("publish", `{"sdp":"hello","streams":[{"mid":"0","kind":"audio","enabled":true}]}`),
			"BAD_SDP", "sdp"},
		{"fault of the server in a report",
			request("report", `{"fault":{"code":4002,"reason":"EXPIRED","id":"flt_01JD0000000000000000000000",`+
				`"details":{"exp":1,"serverTime":2,"expiredForSec":1,"leewaySec":60}}}`),
			"BAD_PARAMS", "fault.reason"},
		{"made-up fault in a report",
			request("report", `{"fault":{"code":3011,"reason":"TIRED","id":"flt_01JD0000000000000000000000"}}`), "BAD_PARAMS",
			"fault"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			socket, _ := p.join("")
			socket.Send(t, tt.frame)
			var f *fault.Error
			if strings.Contains(tt.frame, `"id":9,"method"`) && tt.frame[0] == '{' {
				f = refusal(t, socket, 9)
			} else {
				f = socket.Refusal(t)
			}
			require.Equal(t, tt.reason, f.Reason, f.Detail)
			require.Equal(t, tt.field, f.Param, f.Detail)
			require.NotEmpty(t, f.Remedy)
			require.True(t, strings.HasPrefix(f.Docs, p.server.URL+"/errors/"), f.Docs)
			require.Equal(t, p.meeting, f.MeetingID)
			require.True(t, p.server.Logged(f.ID), "reported once, before it is sent")
			socket.Do(t, wire.MethodPing, struct{}{}) // the socket goes on
		})
	}
	for _, tt := range []struct {
		name, reason string
		kind         websocket.MessageType
		size         int
	}{
		{"10 MB", "TOO_LARGE", websocket.MessageText, 10 << 20},
		{"binary", "BINARY", websocket.MessageBinary, 100},
	} {
		t.Run(tt.name, func(t *testing.T) {
			socket, _ := p.join("")
			go func() { _ = socket.WS.Write(t.Context(), tt.kind, make([]byte, tt.size)) }() // the server hangs up within it
			f := socket.Refusal(t)
			require.Equal(t, tt.reason, f.Reason)
			require.Equal(t, 4107, socket.Closed(t))
		})
	}
	t.Run("calls before join", func(t *testing.T) {
		socket := p.server.Dial(t)
		_, f := socket.Call(t, wire.MethodSetMode, wire.SetModeParams{Mode: "RECV_ONLY"})
		require.Equal(t, "WRONG_ORDER", f.Reason)
		_, f = socket.Call(t, "dance", struct{}{})
		require.Equal(t, "UNKNOWN_METHOD", f.Reason)
		_, f = socket.Call(t, wire.MethodJoin, map[string]any{"protocol": 2})
		require.Equal(t, "protocol", f.Param)
		_, f = socket.Call(t, wire.MethodJoin, map[string]any{"protocol": 1, "metaData": []int{1}})
		require.Equal(t, "metaData", f.Param)
		_, f = socket.Call(t, wire.MethodJoin, map[string]any{"protocol": 1, "name": strings.Repeat("x", 257)})
		require.Equal(t, "name", f.Param)
		_, f = socket.Call(t, wire.MethodResume, map[string]any{"protocol": 1, "sessionId": "x"})
		require.Equal(t, "BAD_PARAMS", f.Reason)
	})
	witness.Do(t, wire.MethodPing, struct{}{})
}

// However often the socket is cut, each event comes once, in order.
func TestResumeDeliversEachEventOnce(t *testing.T) {
	p := newTestMeeting(t)
	ann, joined := p.join("ann")
	bob, _ := p.join("bob")
	ann.Do(t, wire.MethodSubscribeTopic, wire.SubscribeTopicParams{Topic: "chat"})
	var got []string
	var last int64
	take := func(until string) { // reads what the socket holds up to that message
		for {
			var m wire.Message
			e := ann.Event(t, "pubsub-message", &m)
			require.Greater(t, e.Seq, last)
			last = e.Seq
			got = append(got, m.Message)
			if m.Message == until {
				return
			}
		}
	}
	n := 0
	say := func(count int) string {
		for range count {
			n++
			bob.Do(t, wire.MethodPublishMessage, wire.PublishMessageParams{Topic: "chat", Message: fmt.Sprint(n)})
		}
		return fmt.Sprint(n)
	}
	for range 8 {
		take(say(1 + rand.IntN(5)))
		ann.Cut()
		say(rand.IntN(5))
		until := say(1)
		ann = p.server.Dial(t)
		ann.Do(t, wire.MethodResume, resuming(joined, last))
		take(until)
	}
	require.Len(t, got, n)
	for i, message := range got {
		require.Equal(t, fmt.Sprint(i+1), message)
	}
}

func TestResentRequestRunsOnce(t *testing.T) {
	p := newTestMeeting(t)
	ann, joined := p.join("ann")
	bob, _ := p.join("bob")
	bob.Do(t, wire.MethodSubscribeTopic, wire.SubscribeTopicParams{Topic: "chat"})
	const request = `{"jsonrpc":"2.0","id":50,"method":"pubsub.publish","params":{"topic":"chat","message":"hello"}}`
	ann.Send(t, request)
	first := ann.Reply(t, 50).Result
	ann.Send(t, request)
	require.Equal(t, fault.ReasonIDReused, refusal(t, ann, 50).Reason, "the same id twice on one socket is a mistake")
	ann.Cut()

	again := p.server.Dial(t)
	again.Do(t, wire.MethodResume, resuming(joined, 0))
	again.Send(t, request)
	require.JSONEq(t, string(first), string(again.Reply(t, 50).Result))
	again.Send(t, strings.Replace(request, "hello", "bye", 1))
	require.Equal(t, fault.ReasonIDReused, refusal(t, again, 50).Reason)
	again.Send(t, strings.NewReplacer("50", "51", "hello", "last").Replace(request))
	var m wire.Message
	bob.Event(t, "pubsub-message", &m)
	require.Equal(t, "hello", m.Message)
	bob.Event(t, "pubsub-message", &m)
	require.Equal(t, "last", m.Message)
}

func TestSecondResumeReplacesTheOlderSocket(t *testing.T) {
	p := newTestMeeting(t)
	first, joined := p.join("ann")
	second, secret := p.resumed(t, resuming(joined, 0))
	require.Equal(t, 1000, first.Closed(t))
	second.Do(t, wire.MethodPing, struct{}{})
	params := resuming(joined, 99)
	params.Secret = secret
	_, f := p.server.Dial(t).Call(t, wire.MethodResume, params)
	require.Equal(t, "lastSeq", f.Param)
}

// resumed takes up a session on a new socket and returns it with the secret for the next time.
func (p *testMeeting) resumed(t *testing.T, params wire.ResumeParams) (*testserver.Socket, string) {
	t.Helper()
	s := p.server.Dial(t)
	var result wire.ResumeResult
	require.NoError(t, json.Unmarshal(s.Do(t, wire.MethodResume, params), &result))
	require.NotEmpty(t, result.Secret)
	require.NotEqual(t, params.Secret, result.Secret)
	return s, result.Secret
}

// However a letter with an accent was typed, it is one: in ids, topics and names, and in what refers to them.
func TestUnicodeNormalization(t *testing.T) {
	const composed, decomposed = "jos\u00e9", "jose\u0301"
	p := newTestMeeting(t)
	host, _ := p.join("host")
	first, joined := p.join(decomposed)
	require.Equal(t, composed, joined.ParticipantID)
	second, again := p.join(composed)
	require.Equal(t, composed, again.ParticipantID)
	require.Equal(t, 4005, first.AwaitRemoval(t).Code, "it is the same one")

	second.Do(t, wire.MethodSubscribeTopic, wire.SubscribeTopicParams{Topic: "caf\u00e9"})
	host.Do(
		t,
		wire.MethodPublishMessage,
		wire.PublishMessageParams{Topic: "cafe\u0301", Message: decomposed, SendOnly: []string{decomposed}},
	)
	var m wire.Message
	second.Event(t, "pubsub-message", &m)
	require.Equal(t, "caf\u00e9", m.Topic)
	require.Equal(t, decomposed, m.Message, "what people say arrives as it was sent")
	host.Do(t, wire.MethodRemoveParticipant, wire.ParticipantParams{ParticipantID: decomposed})
	require.Equal(t, 4103, second.AwaitRemoval(t).Code)
}

func TestNameWithControlCharacters(t *testing.T) {
	p := newTestMeeting(t)
	for name, problem := range map[string]string{
		"Ann\x1b[2J":    "U+001B at character 3",
		"Ann\nBoss":     "U+000A at character 3",
		"\u202egnp.exe": "U+202E at character 0",
	} {
		params := testserver.JoinParams(p.account.Token(t), p.meeting, "ann")
		params.Name = name
		f := p.server.TryJoin(t, params)
		require.Equal(t, "BAD_PARAMS", f.Reason)
		require.Equal(t, "name", f.Param)
		require.Contains(t, f.Detail, problem)
	}
	params := testserver.JoinParams(p.account.Token(t), p.meeting, "ann")
	params.Name = "Jose\u0301 דוד\u200f"
	_, joined := p.server.Join(t, params)
	require.Equal(t, "José דוד\u200f", joined.Welcome.Participant.DisplayName)
}

// Each resume brings a new secret. Until its client shows that it has it, the old one is good too: a lost answer locks
// nobody out.
func TestSecretRotates(t *testing.T) {
	p := newTestMeeting(t)
	_, joined := p.join("ann")
	params := resuming(joined, 0)
	_, lost := p.resumed(t, params)
	_, second := p.resumed(t, params) // the answer before was lost
	require.NotEqual(t, lost, second)
	for range 70 { // more than are remembered
		params.Secret = second
		_, second = p.resumed(t, params)
	}
	ann, third := p.resumed(t, params)
	ann.Do(t, wire.MethodPing, struct{}{})
	ann.Cut()
	params.Secret = third
	p.resumed(t, params)

	params.Secret = joined.Secret // older than what is remembered: like any wrong one
	_, f := p.server.Dial(t).Call(t, wire.MethodResume, params)
	require.Equal(t, "SESSION_UNKNOWN", f.Reason)
}

// A secret that was replaced shows that two hold secrets of a session: none of them resumes it any more. The socket
// that is open goes on.
func TestSecretReused(t *testing.T) {
	for name, reuse := range map[string]func(joined wire.JoinResult, lost, held string) string{
		"the first one":                          func(joined wire.JoinResult, _, _ string) string { return joined.Secret },
		"one that never reached the next resume": func(_ wire.JoinResult, lost, _ string) string { return lost },
	} {
		t.Run(name, func(t *testing.T) {
			p := newTestMeeting(t)
			_, joined := p.join("ann")
			_, lost := p.resumed(t, resuming(joined, 0))
			ann, held := p.resumed(t, resuming(joined, 0))
			ann.Do(t, wire.MethodPing, struct{}{}) // it has read its answer
			params := resuming(joined, 0)
			for _, params.Secret = range []string{reuse(joined, lost, held), held, joined.Secret} {
				s := p.server.Dial(t)
				_, f := s.Call(t, wire.MethodResume, params)
				require.NotNil(t, f)
				require.Equal(t, "SECRET_REUSED", f.Reason)
				require.Equal(t, "ann", f.ParticipantID)
				require.NotContains(t, f.Error(), params.Secret)
				require.Equal(t, 3103, s.Closed(t))
			}
			ann.Do(t, wire.MethodPing, struct{}{})
			require.Eventually(t, func() bool { return p.server.Logged("SECRET_REUSED") }, 5*time.Second, 10*time.Millisecond)
		})
	}
}

// Somebody who was put out while its socket was cut still learns why.
func TestRemovedWhileDisconnected(t *testing.T) {
	p := newTestMeeting(t)
	host, _ := p.join("host")
	ann, joined := p.join("ann")
	ann.Cut()
	host.Do(t, wire.MethodRemoveParticipant, wire.ParticipantParams{ParticipantID: "ann"})
	host.Event(t, "participant-left", nil)
	again := p.server.Dial(t)
	again.Do(t, wire.MethodResume, resuming(joined, 0))
	f := again.AwaitRemoval(t)
	require.Equal(t, 4103, f.Code)
	require.Equal(t, "ann", f.ParticipantID)
}

func TestResumeInLobby(t *testing.T) {
	p := newTestMeeting(t)
	host, _ := p.join("host")
	waiting, joined := p.join("ann", "ask_join")
	require.Equal(t, wire.Waiting, joined.State)
	_, f := waiting.Call(t, wire.MethodPublishMessage, wire.PublishMessageParams{Topic: "chat", Message: "let me in"})
	require.Equal(t, "IN_LOBBY", f.Reason)
	waiting.Cut()
	host.Do(t, wire.MethodRespondEntry, wire.RespondEntryParams{ParticipantID: "ann", Decision: wire.Allowed})
	again := p.server.Dial(t)
	again.Do(t, wire.MethodResume, resuming(joined, 0))
	var in wire.MeetingJoined
	again.Event(t, "meeting-joined", &in)
	require.Equal(t, "ann", in.Welcome.Participant.ID)
	again.Send(t, `{"jsonrpc":"2.0","id":60,"method":"setMode","params":{"mode":"RECV_ONLY"}}`)
	require.Nil(t, again.Reply(t, 60).Error)
}

func TestLeaveIsAnsweredBeforeTheSocketCloses(t *testing.T) {
	p := newTestMeeting(t)
	ann, _ := p.join("ann")
	ann.Do(t, wire.MethodLeave, struct{}{})
	var left wire.MeetingLeft
	ann.Event(t, "meeting-left", &left)
	require.Equal(t, wire.ManualLeave, left.Reason.Code)
	require.Nil(t, left.Fault)
	require.Equal(t, 1000, ann.Closed(t))
}

func TestRateLimit(t *testing.T) {
	p := newTestMeeting(t, func(c *conf.Config) { c.Limit.MessagesPerSecond = 1 })
	ann, _ := p.join("ann")
	var f *fault.Error
	for n := 0; f == nil; n++ {
		require.Less(t, n, 20)
		_, f = ann.Call(t, wire.MethodPing, struct{}{})
	}
	require.Equal(t, "MESSAGES", f.Reason)
	require.Positive(t, f.RetryAfterMs)
	require.LessOrEqual(t, f.RetryAfterMs, int64(1100))
	require.False(t, f.Fatal)
	require.Eventually(t, func() bool {
		_, f := ann.Call(t, wire.MethodPing, struct{}{})
		return f == nil
	}, 10*time.Second, time.Duration(f.RetryAfterMs)*time.Millisecond)
}

func TestReportedFaultReachesTheLog(t *testing.T) {
	p := newTestMeeting(t)
	ann, _ := p.join("ann")
	f := fault.StartingVideoSourceAbsent("clip.ivf")
	ann.Do(t, wire.MethodReport, wire.ReportParams{Fault: *f})
	require.True(t, p.server.Logged(f.ID))
	refused := 0
	for range 40 {
		if _, f := ann.Call(t, wire.MethodReport, wire.ReportParams{Fault: *f}); f != nil {
			require.Equal(t, "MESSAGES", f.Reason)
			refused++
		}
	}
	require.Positive(t, refused)
}

// A client reports what lasts on its device and that it is over. What it does not end ends when it leaves, and nobody
// ends anything of others.
func TestReportedConditions(t *testing.T) {
	p := newTestMeeting(t)
	ann, _ := p.join("ann")
	eve, _ := p.join("eve")
	lost := func() *fault.Error { return fault.MediaConnectionLostPathLost("publish", time.Second, 3) }
	lasting := func() (ids []string) {
		status, body := p.server.REST(t, p.account.Token(t), http.MethodGet, "/v2/conditions?perPage=100", nil)
		require.Equal(t, http.StatusOK, status, string(body))
		var page struct {
			Data []struct {
				ID, ParticipantID string
				ForMs             int64
			}
		}
		require.NoError(t, json.Unmarshal(body, &page))
		for _, c := range page.Data {
			ids = append(ids, c.ID)
		}
		return ids
	}
	entry := func(id string) (e struct {
		At, ClearedAt time.Time
		ParticipantID string
		CauseID       string
	}) {
		_, body := p.server.REST(t, p.account.Token(t), http.MethodGet, "/v2/faults/"+id, nil)
		_ = json.Unmarshal(body, &e) // not yet
		return e
	}
	f := lost()
	ann.Do(t, wire.MethodReport, wire.ReportParams{Fault: *f, AgoMs: 60_000})
	require.Equal(t, []string{f.ID}, lasting())
	eve.Do(t, wire.MethodReportCleared, wire.ReportClearedParams{ID: f.ID})
	eve.Do(t, wire.MethodReport, wire.ReportParams{Fault: *f}) // the same id, of another participant
	eve.Do(t, wire.MethodReportCleared, wire.ReportClearedParams{ID: f.ID})
	require.Equal(t, []string{f.ID}, lasting())
	ann.Do(t, wire.MethodReportCleared, wire.ReportClearedParams{ID: f.ID, AgoMs: 20_000})
	require.Empty(t, lasting())
	require.Eventually(t, func() bool { return !entry(f.ID).ClearedAt.IsZero() }, testserver.Timeout, 10*time.Millisecond)
	got := entry(f.ID)
	require.Equal(t, "ann", got.ParticipantID)
	require.InDelta(t, 40, got.ClearedAt.Sub(got.At).Seconds(), 5)
	require.True(t, p.server.Logged(`"msg":"fault-cleared"`))
	ann.Do(t, wire.MethodReportCleared, wire.ReportClearedParams{ID: f.ID}) // it is over already

	var ids []string
	for range 18 {
		one := lost().CausedBy(f.ID)
		ann.Do(t, wire.MethodReport, wire.ReportParams{Fault: *one})
		ids = append(ids, one.ID)
	}
	require.ElementsMatch(t, ids[:16], lasting(), "more are kept as faults")
	require.Eventually(t, func() bool { return entry(ids[17]).CauseID == f.ID }, testserver.Timeout, 10*time.Millisecond)
	ann.Do(t, wire.MethodLeave, struct{}{})
	require.Eventually(t, func() bool { return len(lasting()) == 0 }, testserver.Timeout, 10*time.Millisecond)
	require.Eventually(t, func() bool { return !entry(ids[15]).ClearedAt.IsZero() }, testserver.Timeout,
		10*time.Millisecond)
	require.Zero(t, entry(ids[17]).ClearedAt)
}
