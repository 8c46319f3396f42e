package server_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
)

// A participant is given credentials of its own, for the server's TURN and the operator's, and others when it resumes.
// None of them is logged.
func TestICEServers(t *testing.T) {
	t.Parallel()
	const secret = "the-secret-of-the-operator"
	s := testserver.Start(t, func(c *conf.Config) {
		c.TURN.Enabled, c.TURN.Address = true, "127.0.0.1:0"
		c.TURN.ExternalURLs, c.TURN.ExternalSecret = []string{"turn:turn.example.com"}, secret
		require.NoError(t, c.Log.Level.UnmarshalText([]byte("debug")))
	})
	account := s.Account(t, nil)
	meeting := account.Meeting(t, nil)
	join := func(id string) (*testserver.Socket, wire.JoinResult) {
		return s.Join(t, testserver.JoinParams(account.Token(t), meeting, id))
	}
	_, bob := join("bob")
	socket, ann := join("ann")
	servers := ann.Welcome.ICEServers
	require.Len(t, servers, 2)
	require.Regexp(t, `^turn:127\.0\.0\.1:\d+\?transport=udp$`, servers[0].URLs[0])
	require.Regexp(t, `^turn:127\.0\.0\.1:\d+\?transport=tcp$`, servers[0].URLs[1])
	require.Equal(t, []string{"turn:turn.example.com"}, servers[1].URLs)

	socket.Cut()
	again := s.Dial(t)
	again.Do(t, wire.MethodResume, wire.ResumeParams{
		Protocol: wire.Version, SessionID: ann.SessionID, ParticipantID: "ann", Secret: ann.Secret,
	})
	var changed wire.ICEServersChanged
	again.Event(t, "ice-servers-changed", &changed)
	require.Len(t, changed.ICEServers, 2)
	for i, server := range changed.ICEServers {
		require.Equal(t, servers[i].URLs, server.URLs)
		for _, other := range []wire.ICEServer{servers[i], bob.Welcome.ICEServers[i]} {
			require.NotEqual(t, other.Username, server.Username)
			require.NotEqual(t, other.Credential, server.Credential)
		}
		require.False(t, s.Logged(server.Credential))
	}
	require.False(t, s.Logged(secret))
}
