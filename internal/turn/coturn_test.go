package turn

import (
	"os/exec"
	"strconv"
	"testing"
	"time"

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
