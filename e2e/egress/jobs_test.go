package egress

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// stateList follows the states of a kind as a bot is told them.
type stateList struct {
	mu  sync.Mutex
	all []string
}

func (s *stateList) add(status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, status)
}

func (s *stateList) requireStates(t *testing.T, want ...string) {
	t.Helper()
	require.Eventually(t, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.all) >= len(want)
	}, waitLimit, 10*time.Millisecond, "%v", want)
	s.mu.Lock()
	defer s.mu.Unlock()
	require.Equal(t, want, s.all)
}

// The addresses of HLS_STARTED can be played when HLS_PLAYABLE comes, and after the end.
func TestHLSByTheServer(t *testing.T) {
	t.Parallel()
	s := open(t)
	ann := s.join(t, "ann", card("ann"), sdk.TestTone("ann"))
	var told stateList
	ann.OnHLSStateChanged(func(status string, _ sdk.HLSURLs) { told.add(status) })
	require.NoError(
		t,
		ann.StartHLS(t.Context(), sdk.HLSOptions{Config: &sdk.EgressConfig{Quality: sdk.QualityLow}}),
	)
	urls := ann.HLSURLs()
	require.Equal(t, urls.PlaybackHLSURL, urls.DownstreamURL)
	told.requireStates(t, "HLS_STARTING", "HLS_STARTED", "HLS_PLAYABLE")
	for _, url := range []string{urls.PlaybackHLSURL, urls.LivestreamURL} {
		require.Equal(t, []string{"h264", "aac"}, mediaprobe.Probe(t, url).Codecs())
	}
	require.NoError(t, ann.StopHLS(t.Context()))
	told.requireStates(t, "HLS_STARTING", "HLS_STARTED", "HLS_PLAYABLE", "HLS_STOPPING", "HLS_STOPPED")
	require.Empty(t, ann.HLSURLs())
	require.Greater(t, mediaprobe.Probe(t, urls.PlaybackHLSURL).Seconds(t), 2.0, "kept to be watched later")
}

// A server that speaks TLS for another name than the one its workers would use.
func TestRecordingBehindTLS(t *testing.T) {
	t.Parallel()
	certificate, key := selfSigned(t)
	h := testserver.Start(t, func(c *conf.Config) { c.HTTP.CertFile, c.HTTP.KeyFile = certificate, key })
	require.True(t, strings.HasPrefix(h.URL, "https://"))
	account, err := h.InProcess.Store.CreateAccount(t.Context(), record.Account{Name: "Ann"})
	require.NoError(t, err)
	_, secret, err := h.InProcess.Store.CreateKey(t.Context(), record.NewKey{AccountID: account.ID, ID: "key-of-ann"})
	require.NoError(t, err)
	made, _, err := h.InProcess.Store.CreateMeeting(t.Context(), record.Meeting{AccountID: account.ID})
	require.NoError(t, err)
	ann, err := sdk.InitMeeting(sdk.Options{
		URL: h.URL, Token: testserver.Account{ID: account.ID, Key: "key-of-ann", Secret: secret}.Token(t),
		MeetingID: made.ID, ParticipantID: "ann",
		TLS: &tls.Config{InsecureSkipVerify: true},
	})
	require.NoError(t, err)
	require.NoError(t, ann.Join(t.Context()))
	require.NoError(
		t,
		ann.StartRecording(t.Context(), sdk.RecordingOptions{Config: &sdk.EgressConfig{Mode: sdk.EgressAudioOnly}}),
	)
	require.NoError(t, ann.Leave(t.Context()))
}

// The server says it is at an address that it cannot reach itself, as behind a router that does not send back what
// comes from inside. Its workers are on its machine and know better.
func TestRecordingBehindNAT(t *testing.T) {
	t.Parallel()
	probe, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	media := probe.LocalAddr().String()
	require.NoError(t, probe.Close())
	// RFC 5737
	h := testserver.Start(t, func(c *conf.Config) { c.Media.PublicIPs, c.Media.UDPAddress = []string{"192.0.2.1"}, media })
	account := h.Account(t, nil)
	s := &fixture{server: h, account: account, meeting: account.Meeting(t, nil), token: account.Token(t)}
	ann, err := sdk.InitMeeting(sdk.Options{
		URL: h.URL, Token: s.token, MeetingID: s.meeting, ParticipantID: "ann", WebcamEnabled: true, Webcam: card("ann"),
		MediaAddress: media,
	})
	require.NoError(t, err)
	require.NoError(t, ann.Join(t.Context()))
	require.NoError(
		t,
		ann.StartRecording(t.Context(), sdk.RecordingOptions{Config: &sdk.EgressConfig{Quality: sdk.QualityLow}}),
	)
	path := s.onlyFile(t, "*.mp4")
	require.Eventually(
		t,
		func() bool { return mediaprobe.Recorded(t, path) > 2 },
		waitLimit,
		200*time.Millisecond,
	)
	mediaprobe.RequireShows(t, mediaprobe.Frame(t, path, time.Second), canvas, "ann")
	require.NoError(t, ann.Leave(t.Context()))
}

func selfSigned(t *testing.T) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		DNSNames:     []string{"meet.example.com"},
		NotAfter:     time.Now().Add(time.Hour),
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	require.NoError(t, err)
	rawKey, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	certificate, key = filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	require.NoError(t, os.WriteFile(certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}), 0o600))
	require.NoError(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: rawKey}), 0o600))
	return certificate, key
}

// When the last one leaves, the recording ends by itself and is whole.
func TestSessionEndFinishesTheRecording(t *testing.T) {
	t.Parallel()
	s := open(t)
	ann := s.join(t, "ann", card("ann"), sdk.TestTone("ann"))
	began := time.Now()
	require.NoError(t, ann.StartRecording(t.Context(), sdk.RecordingOptions{}))
	path := s.onlyFile(t, "*.mp4")
	recorded := 0.0
	require.Eventually(t, func() bool {
		recorded = mediaprobe.Recorded(t, path)
		return recorded > 1.5
	}, waitLimit, 200*time.Millisecond)
	require.NoError(t, ann.Leave(t.Context()))
	var ended record.Job
	require.Eventually(t, func() bool {
		jobs, err := s.server.InProcess.Store.Jobs(t.Context(), s.account.ID, record.JobFilter{}, record.Page{})
		if err != nil || len(jobs.Items) != 1 {
			return false
		}
		ended = jobs.Items[0]
		return ended.State.Over()
	}, waitLimit, 20*time.Millisecond)
	require.Equal(t, job.Stopped, ended.State)
	require.Nil(t, ended.Fault)
	require.Len(t, ended.Files, 1)
	require.GreaterOrEqual(t, float64(ended.Files[0].DurationMs)/1000, recorded)
	require.LessOrEqual(t, ended.Files[0].DurationMs, time.Since(began).Milliseconds())
	require.False(t, s.server.Logged(`"level":"ERROR"`))
}
