package faults

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
)

var sessionScenarios = scenarios{
	"4103.BY_API": func(t *T) {
		meeting := t.Meeting()
		ann := t.Join(meeting, "ann")
		status, body := t.Server.REST(t, t.Account().Token(t), http.MethodPost, "/v2/sessions/participants/remove",
			map[string]any{"roomId": meeting, "participantId": "ann"})
		require.Equal(t, http.StatusOK, status, string(body))
		t.Read(ann.AwaitRemoval(t))
	},
	"4104.BY_PARTICIPANT": func(t *T) {
		meeting := t.Meeting()
		ann, bob, host := t.Join(meeting, "ann"), t.Join(meeting, "bob"), t.Join(meeting, "host")
		host.Do(t, wire.MethodEnd, map[string]any{})
		t.sameIncident(ann.AwaitRemoval(t), bob.AwaitRemoval(t))
	},
	"4104.BY_API": func(t *T) {
		meeting := t.Meeting()
		ann, bob := t.Join(meeting, "ann"), t.Join(meeting, "bob")
		status, body := t.Server.REST(t, t.Account().Token(t), http.MethodPost, "/v2/sessions/end",
			map[string]any{"roomId": meeting})
		require.Equal(t, http.StatusOK, status, string(body))
		t.sameIncident(ann.AwaitRemoval(t), bob.AwaitRemoval(t))
	},
	"4104.AUTO_CLOSED": func(t *T) { // the shortest duration there is takes its minute
		meeting := t.meetingWith(map[string]any{"autoCloseConfig": map[string]any{"type": "session-ends", "duration": 1}})
		ann := t.Join(meeting, "ann")
		t.waits()
		select {
		case <-ann.Done():
		case <-time.After(75 * time.Second):
			t.Fatal("the session goes on")
		}
		t.Read(ann.AwaitRemoval(t))
	},
	"4087.TOO_LARGE": func(t *T) {
		t.refusedCall(t.Join(t.Meeting(), "ann"), wire.MethodPublishMessage,
			wire.PublishMessageParams{Topic: "CHAT", Message: strings.Repeat("x", wire.MaxMessageBytes+1)})
	},
	"4087.BAD_TOPIC": func(t *T) {
		t.refusedCall(t.Join(t.Meeting(), "ann"), wire.MethodPublishMessage,
			wire.PublishMessageParams{Topic: "", Message: "hello"})
	},
	"4087.HISTORY_FULL": func(t *T) {
		ann := t.Join(t.Meeting(), "ann")
		said := wire.PublishMessageParams{Topic: "CHAT", Message: strings.Repeat("x", 15<<10), Persist: true}
		var full *fault.Error
		for range 100 { // a megabyte fits
			if _, full = ann.Call(t, wire.MethodPublishMessage, said); full != nil {
				break
			}
		}
		t.Read(full)
	},
	"4106.MESSAGES": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Limit.MessagesPerSecond = 1 })
		ann := h.Dial(t)
		for range 30 {
			if _, f := ann.Call(t, wire.MethodPing, map[string]any{}); f != nil {
				require.Positive(t, f.RetryAfterMs)
				t.ReadFrom(h, f)
				return
			}
		}
		t.Fatal("nothing was refused")
	},
	"4106.SLOW_READER": func(t *T) {
		meeting := t.Meeting()
		bob := t.Server.DialSlow(t)
		bob.Do(t, wire.MethodJoin, testserver.JoinParams(t.Account().Token(t), meeting, "bob"))
		bob.Do(t, wire.MethodSubscribeTopic, wire.SubscribeTopicParams{Topic: "CHAT"})
		resume := bob.Pause(t)
		ann := t.Join(meeting, "ann")
		said := wire.PublishMessageParams{Topic: "CHAT", Message: strings.Repeat("x", 15<<10)}
		for range 100 { // quicker than the server's ping finds bob dead
			for range 20 {
				ann.Post(t, wire.MethodPublishMessage, said)
			}
			ann.Do(t, wire.MethodPing, map[string]any{})
			if t.Server.Logged(`"reason":"SLOW_READER"`) {
				break
			}
		}
		resume()
		t.Read(bob.Refusal(t))
	},
}

// raw sends one frame before any join, and reads the refusal.
func (t *T) raw(frame string) {
	t.Helper()
	s := t.Server.Dial(t)
	s.Send(t, frame)
	f := s.Refusal(t)
	t.Read(f)
	if f.Fatal {
		require.Equal(t, f.CloseCode(), s.Closed(t))
	}
}

var messageScenarios = scenarios{
	"4107.NOT_JSON":    func(t *T) { t.raw(`{"jsonrpc":"2.0","id":1,"meth`) },
	"4107.NOT_JSONRPC": func(t *T) { t.raw(`{"hello":"world"}`) },
	"4107.TOO_LARGE": func(t *T) {
		t.raw(`{"jsonrpc":"2.0","id":1,"method":"join","params":{"token":"` + strings.Repeat(".", 1<<20) + `"}}`)
		t.rest(t.Account().Token(t), http.MethodPost, "/v2/rooms", `{"customRoomId":"`+strings.Repeat("x", 10<<20)+`"}`)
	},
	"4107.BINARY": func(t *T) {
		s := t.Server.Dial(t)
		require.NoError(t, s.WS.Write(t.Context(), websocket.MessageBinary, []byte{1, 2, 3}))
		t.Read(s.Refusal(t))
		require.Equal(t, 4107, s.Closed(t))
	},
	"4107.NOT_WEBSOCKET": func(t *T) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, t.Server.URL+"/v1/signal", nil)
		require.NoError(t, err)
		req.Header.Set("Connection", "Upgrade")
		req.Header.Set("Upgrade", "websocket")
		req.Header.Set("Sec-WebSocket-Version", "8")
		res, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		defer res.Body.Close()
		require.Equal(t, http.StatusBadRequest, res.StatusCode)
		var f fault.Error
		require.NoError(t, json.NewDecoder(res.Body).Decode(&f))
		t.recordAnswer(&f)
		t.Read(&f)
	},
	"4107.UNKNOWN_METHOD": func(t *T) {
		t.refusedCall(t.Server.Dial(t), "dance", map[string]any{})
		t.refusedCall(t.Join(t.Meeting(), "ann"), "dance", map[string]any{})
	},
	"4107.BAD_PARAMS": func(t *T) {
		t.refusedCall(t.Join(t.Meeting(), "ann"), wire.MethodConsume,
			map[string]any{"participantId": 7, "kind": "audio", "enabled": true})
		t.rest(t.Account().Token(t), http.MethodPost, "/v2/rooms", map[string]any{"customRoomId": 7})
	},
	"4107.ID_REUSED": func(t *T) {
		ann := t.Join(t.Meeting(), "ann")
		const request = `{"jsonrpc":"2.0","id":50,"method":"pubsub.subscribe","params":{"topic":"CHAT"}}`
		ann.Send(t, request)
		require.Nil(t, ann.Reply(t, 50).Error)
		ann.Send(t, request)
		t.Read(ann.Reply(t, 50).Error.Data)
	},
	"4107.NOT_PUBLISHED": func(t *T) {
		t.refusedCall(t.Join(t.Meeting(), "ann"), wire.MethodSetStream, wire.SetStreamParams{Kind: wire.Audio, Enabled: true})
	},
	"4107.NO_SUCH_PARTICIPANT": func(t *T) {
		t.refusedCall(t.Join(t.Meeting(), "ann"), wire.MethodConsume,
			wire.ConsumeParams{ParticipantID: "nobody", Kind: wire.Audio, Enabled: true})
	},
	"4088.TOO_MANY_TOPICS": func(t *T) {
		ann := t.Join(t.Meeting(), "ann")
		var full *fault.Error
		for i := 0; i < 1000 && full == nil; i++ {
			_, full = ann.Call(t, wire.MethodSubscribeTopic, wire.SubscribeTopicParams{Topic: fmt.Sprint(i)})
		}
		t.Read(full)
	},
	"4107.WRONG_ORDER": func(t *T) {
		t.refusedCall(t.Server.Dial(t), wire.MethodLeave, map[string]any{})
		meeting := t.Meeting()
		t.refusedCall(t.Join(meeting, "ann"), wire.MethodJoin, testserver.JoinParams(t.Account().Token(t), meeting, "bob"))
	},
	"4107.JOIN_EXPECTED": func(t *T) {
		s := t.Server.Dial(t)
		t.waits()
		t.Read(s.Refusal(t))
		require.Equal(t, 4107, s.Closed(t))
	},
	"4107.BAD_SDP": func(t *T) {
		t.refusedCall(t.Join(t.Meeting(), "ann"), wire.MethodPublish,
			wire.PublishParams{SDP: "nonsense", Streams: []wire.PublishedStream{{MID: "0", Kind: wire.Audio, Enabled: true}}})
	},
}
