package turn

import (
	"net"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	pion "github.com/pion/turn/v5"
	"github.com/stretchr/testify/require"
)

// coturn's own client makes relays and gets back what it sends, over UDP and TCP. It uses indications: with channels it
// first binds one to a port that is not the one it is told to send to, which is refused here.
func TestClientOfCoturn(t *testing.T) {
	t.Parallel()
	client, err := exec.LookPath("turnutils_uclient")
	if err != nil {
		t.Skip("turnutils_uclient is not installed: apt-get install coturn, or `make tools`")
	}
	r := start(t, nil)
	for name, flags := range map[string][]string{"udp": nil, "tcp": {"-t"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			user, password := r.credentials.Make(ann, time.Now())
			args := append(flags, "-u", user, "-w", password, "-p", strconv.Itoa(r.Port()), "-s", "-c", "-n", "5", "-m", "2",
				"-e", "127.0.0.1", "-r", strconv.Itoa(int(r.media.local().Port())), "127.0.0.1")
			out, err := exec.Command(client, args...).CombinedOutput()
			require.NoError(t, err, string(out))
			require.Contains(t, string(out), "Total lost packets 0 (0.000000%)")
			require.Regexp(t, `tot_recv_msgs=10\b`, string(out))
		})
	}
}

// coturn, as an operator's own TURN server, takes the credentials that are made of its secret, and no others.
func TestSharedSecretOfCoturn(t *testing.T) {
	t.Parallel()
	server, err := exec.LookPath("turnserver")
	if err != nil {
		t.Skip("coturn is not installed: apt-get install coturn, or `make tools`")
	}
	free, err := net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	address := free.LocalAddr().String()
	_, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	require.NoError(t, free.Close())
	dir := t.TempDir()
	command := exec.Command(server, "-n", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--listening-port="+port,
		"--use-auth-secret", "--static-auth-secret=north-wind", "--realm=example.com", "--no-tls", "--no-dtls", "--no-cli",
		"--allow-loopback-peers", "--log-file="+filepath.Join(dir, "log"), "--pidfile="+filepath.Join(dir, "pid"),
		"--userdb="+filepath.Join(dir, "db"))
	command.Dir = dir
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait() // killed
	})
	allocate := func(name, password string) error {
		conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
		require.NoError(t, err)
		defer func() { _ = conn.Close() }()
		c, err := pion.NewClient(&pion.ClientConfig{
			TURNServerAddr: address, Conn: conn, Username: name, Password: password, LoggerFactory: quiet{},
			RTO: 50 * time.Millisecond,
		})
		require.NoError(t, err)
		defer c.Close()
		require.NoError(t, c.Listen())
		relay, err := c.Allocate()
		if err == nil {
			_ = relay.Close() // the test is about the credentials
		}
		return err
	}
	require.Eventually(t, func() bool { return allocate(Shared("north-wind", time.Hour, time.Now())) == nil },
		10*time.Second, 50*time.Millisecond)
	require.ErrorContains(t, allocate(Shared("south-wind", time.Hour, time.Now())), "401")
	require.ErrorContains(t, allocate(Shared("north-wind", time.Hour, time.Now().Add(-2*time.Hour))), "401")
}
