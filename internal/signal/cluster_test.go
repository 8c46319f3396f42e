package signal_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
)

// Whoever comes in through another node than the meeting's sees and says the same: messages, requests, resumes, the
// code of the close frame.
func TestRelayedSocket(t *testing.T) {
	nodes := testserver.StartNodes(t, []string{"a", "b", "c"})
	account := nodes[0].Account(t, nil)
	meeting := account.Meeting(t, nil)
	sockets := make([]*testserver.Socket, len(nodes))
	joined := make([]wire.JoinResult, len(nodes))
	names := []string{"ann", "bob", "cam"}
	for i, n := range nodes { // two of the three are relayed, whichever node has the meeting
		sockets[i], joined[i] = n.Join(t, testserver.JoinParams(account.Token(t), meeting, names[i]))
		require.Equal(t, joined[0].SessionID, joined[i].SessionID)
		sockets[i].Do(t, wire.MethodSubscribeTopic, wire.SubscribeTopicParams{Topic: "CHAT"})
	}
	said := func(by *testserver.Socket, name, text string) {
		t.Helper()
		by.Do(t, wire.MethodPublishMessage, wire.PublishMessageParams{Topic: "CHAT", Message: text})
		for i := range sockets {
			var m wire.Message
			for m.Message != text {
				sockets[i].Event(t, "pubsub-message", &m)
			}
			require.Equal(t, name, m.SenderID)
		}
	}
	for i := range nodes {
		said(sockets[i], names[i], "hello from "+names[i])
	}
	dan, _ := nodes[0].Join(t, testserver.JoinParams(account.Token(t), meeting, "dan"))
	for i := range nodes { // through the next node than before
		seq := sockets[i].Seq()
		sockets[i].Cut()
		sockets[i] = nodes[(i+1)%len(nodes)].Dial(t)
		sockets[i].Do(t, wire.MethodResume, resuming(joined[i], seq))
		said(dan, "dan", "again "+names[i])
	}
	sockets[0].Do(t, wire.MethodPing, struct{}{})
	_, f := nodes[0].Dial(t).Call(t, wire.MethodResume, resuming(joined[0], 0))
	require.Equal(t, "SECRET_REUSED", f.Reason)
	forged := joined[1]
	forged.Secret = forged.Secret[:len(forged.Secret)-4] + "AAAA"
	for _, n := range nodes {
		_, f := n.Dial(t).Call(t, wire.MethodResume, resuming(forged, 0))
		require.Equal(t, "SESSION_UNKNOWN", f.Reason)
	}
	for i, n := range nodes[:2] { // one of them is not the owner
		status, answer := n.REST(t, account.Token(t), http.MethodPost, "/v2/sessions/participants/remove",
			map[string]any{"roomId": meeting, "participantId": names[i]})
		require.Equal(t, http.StatusOK, status, string(answer))
		require.Equal(t, 4103, sockets[i].Closed(t))
		status, answer = n.REST(t, account.Token(t), http.MethodPost, "/v2/sessions/participants/remove",
			map[string]any{"roomId": meeting, "participantId": "nobody"})
		require.Equal(t, http.StatusNotFound, status, string(answer))
	}
	dan.Do(t, wire.MethodLeave, struct{}{})
	require.Equal(t, 1000, dan.Closed(t))
}
