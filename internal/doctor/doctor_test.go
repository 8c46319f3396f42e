package doctor_test

import (
	"net"
	"net/http/httptest"
	"testing"

	"github.com/klatch/klatch/internal/doctor"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/stretchr/testify/require"
)

func examine(t *testing.T, o doctor.Outside) (findings map[string]doctor.Finding, well bool) {
	findings = map[string]doctor.Finding{}
	o.Tell = func(f doctor.Finding) { findings[f.Check] = f }
	well = o.Examine(t.Context())
	return findings, well
}

func TestHealthyServer(t *testing.T) {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	findings, well := examine(t, doctor.Outside{
		URL: h.URL, MeetingID: account.Meeting(t, nil), Token: account.Token(t), AdminToken: h.InProcess.AdminToken(),
	})
	require.True(t, well, findings)
	for _, check := range []string{
		"dns", "signaling", "readiness", "clock", "metrics", "conditions", "join", "udp", "tcp", "turn",
	} {
		require.True(t, findings[check].OK, check)
	}
	require.Contains(t, findings["tcp"].Detail, "over TCP")
}

func TestMediaWithoutAMeeting(t *testing.T) {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	findings, well := examine(t, doctor.Outside{URL: h.URL, Media: true, Token: account.Token(t, "ask_join")})
	require.True(t, well, findings)
	for _, check := range []string{"join", "udp", "tcp", "turn"} {
		require.True(t, findings[check].OK, check)
	}
	require.Regexp(t, `round trip \d+ ms, jitter \d+ ms, lost [\d.]+ %, [1-9]\d* kbit/s up and [1-9]\d* down`,
		findings["udp"].Detail)
	_, sessions := h.REST(t, account.Token(t), "GET", "/v2/sessions", nil)
	require.Contains(t, string(sessions), `"total":0`, "nothing is recorded of it")
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	findings, well := examine(t, doctor.Outside{URL: "http://" + closed.Addr().String()})
	require.False(t, well)
	require.Equal(t, "REFUSED", findings["signaling"].Fault.Reason)

	other := httptest.NewServer(nil)
	defer other.Close()
	findings, well = examine(t, doctor.Outside{URL: other.URL})
	require.False(t, well)
	require.Equal(t, "NOT_KLATCH", findings["signaling"].Fault.Reason)

	h := testserver.Start(t)
	account := h.Account(t, nil)
	findings, well = examine(t, doctor.Outside{URL: h.URL, MeetingID: "no-such-room", Token: account.Token(t)})
	require.False(t, well)
	require.Equal(t, 4003, findings["join"].Fault.Code)
}
