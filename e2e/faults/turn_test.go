package faults

import (
	"fmt"
	"net"
	"net/http"
	"regexp"

	"github.com/pion/turn/v5"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/sdk"
)

// withTURN opens a server with a TURN server.
func (t *T) withTURN(changes ...func(*conf.Config)) {
	t.Helper()
	t.Server = testserver.Start(t, append([]func(*conf.Config){func(c *conf.Config) {
		c.TURN.Enabled, c.TURN.Address = true, "127.0.0.1:0"
	}}, changes...)...)
}

// withForeignTURN opens a server whose media nobody reaches, and that names a TURN server which has another secret.
func (t *T) withForeignTURN() *testserver.Server {
	t.Helper()
	t.withTURN()
	_, urls := t.iceServers()
	return testserver.Start(t, func(c *conf.Config) {
		c.Media.PublicIPs = []string{"127.0.0.2"}
		c.TURN.ExternalURLs, c.TURN.ExternalSecret = urls[:1], "not-the-secret-of-that-server"
	})
}

var turnURL = regexp.MustCompile(`^turn:(127\.0\.0\.1:\d+)\?transport=udp$`)

// iceServers joins, and returns the credentials for the TURN server and its addresses.
func (t *T) iceServers() (wire.ICEServer, []string) {
	t.Helper()
	account := t.Server.Account(t, nil)
	_, in := t.Server.Join(t, testserver.JoinParams(account.Token(t), account.Meeting(t, nil), "ann"))
	require.Len(t, in.Welcome.ICEServers, 1)
	return in.Welcome.ICEServers[0], in.Welcome.ICEServers[0].URLs
}

// turnClient makes a client of the TURN server, which ends with the test.
func (t *T) turnClient(server wire.ICEServer) *turn.Client {
	t.Helper()
	address := turnURL.FindStringSubmatch(server.URLs[0])
	require.NotNil(t, address, server.URLs[0])
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	c, err := turn.NewClient(&turn.ClientConfig{
		TURNServerAddr: address[1], Conn: conn, Username: server.Username, Password: server.Credential,
	})
	require.NoError(t, err)
	require.NoError(t, c.Listen())
	t.Cleanup(func() {
		c.Close()
		_ = conn.Close()
	})
	return c
}

// allocations makes two relays, of which the second is one too many.
func (t *T) allocations(change func(*conf.Config)) {
	t.Helper()
	t.withTURN(change)
	server, _ := t.iceServers()
	_, err := t.turnClient(server).Allocate()
	require.NoError(t, err)
	for range 3 {
		_, err = t.turnClient(server).Allocate()
		require.ErrorContains(t, err, "486", "RFC 8656, section 7.2")
	}
	t.inTimeline()
	require.Len(t, t.timeline(), 1, "told once")
}

var turnScenarios = scenarios{
	"3101.TURN_AUTH_FAILED": func(t *T) {
		h := t.withForeignTURN()
		f := t.publishesWithoutPath(h, nil)
		require.EqualValues(t, 401, f.Details["status"])
		require.Contains(t, f.Details["problem"], "not one that this server has made")

		// What a client keeps in a long call without new credentials.
		t.withTURN(func(c *conf.Config) {
			c.Media.PublicIPs, c.TURN.CredentialLife = []string{"127.0.0.2"}, 1
		})
		f = t.publishesWithoutPath(t.Server, func(o *sdk.Options) {})
		require.Contains(t, f.Details["problem"], "they expired at ")
		require.Contains(t, f.Details["server"], "127.0.0.1:")
	},
	"4105.RELAY_PEER": func(t *T) {
		t.withTURN()
		server, _ := t.iceServers()
		c := t.turnClient(server)
		_, err := c.Allocate()
		require.NoError(t, err)
		for _, peer := range []string{"10.0.0.1", "169.254.169.254", "8.8.8.8"} {
			require.ErrorContains(t, c.CreatePermission(&net.UDPAddr{IP: net.ParseIP(peer), Port: 80}), "403")
		}
		f := t.inTimeline()
		require.Equal(t, "10.0.0.1", f.Details["peer"])
		require.Equal(t, "ann", f.ParticipantID)
		require.Len(t, t.timeline(), 1, "told once")
		_, metrics := t.Server.Admin(t, http.MethodGet, "/metrics", nil)
		require.Contains(t, string(metrics), "klatch_turn_peers_refused_total 3")
	},
	"4106.ADDRESS_RELAYS":     func(t *T) { t.allocations(func(c *conf.Config) { c.Limit.RelaysPerAddress = 1 }) },
	"4106.PARTICIPANT_RELAYS": func(t *T) { t.allocations(func(c *conf.Config) { c.Limit.RelaysPerParticipant = 1 }) },
	"4106.ADDRESS_TURN_REQUESTS": func(t *T) {
		t.withTURN(func(c *conf.Config) { c.Limit.TURNRequestsPerAddress = 1 })
		server, _ := t.iceServers()
		conn, err := net.Dial("udp", turnURL.FindStringSubmatch(server.URLs[0])[1])
		require.NoError(t, err)
		defer func() { _ = conn.Close() }()
		for i := range 100 {
			// Allocate without attributes: RFC 8489, section 5.
			_, err := conn.Write([]byte(fmt.Sprintf("\x00\x03\x00\x00\x21\x12\xa4\x42%012d", i)))
			require.NoError(t, err)
		}
		t.inTimeline()
		require.Len(t, t.timeline(), 1, "told once")
	},
}
