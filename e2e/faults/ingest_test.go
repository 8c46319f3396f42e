package faults

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/internal/testserver"
)

// ingestScenarios are encoders that publish over RTMP and may not, or break off. They read the status that they are
// told, which names the fault by its id.
var ingestScenarios = scenarios{
	"4112.UNKNOWN_KEY": func(t *T) {
		t.takesRTMP()
		for _, key := range []string{"", "nosuchkeynosuchkeynosuchke", strings.Repeat("x", 2000), "a\x00b", "\xff\xfe"} {
			t.encoderRefused(t.rtmpAddress(), key)
		}
	},
	"4112.KEY_EXPIRED": func(t *T) {
		t.takesRTMP()
		soon := time.Now().Add(1100 * time.Millisecond).UTC()
		key := t.streamKey(map[string]any{"expiresAt": soon.Format(time.RFC3339Nano)})
		require.Eventually(t, func() bool {
			var now rtmpKey
			t.getREST("/v2/stream-keys/"+key.KeyID, &now)
			return now.State == "expired"
		}, testserver.Timeout, 50*time.Millisecond)
		t.encoderRefused(key.URLs[0], key.StreamKey)
	},
	"4112.KEY_REVOKED": func(t *T) {
		t.takesRTMP()
		key := t.streamKey(nil)
		encoder, refusal := testpeer.DialRTMP(t, key.URLs[0], key.StreamKey)
		require.Empty(t, refusal)
		status, answer := t.Server.REST(t, t.Account().Token(t), http.MethodDelete, "/v2/stream-keys/"+key.KeyID, nil)
		require.Equal(t, http.StatusOK, status, string(answer))
		t.readStatus(encoder.Refused(), "NetStream.Failed")
		t.encoderRefused(key.URLs[0], key.StreamKey)
	},
	"4112.APPLICATION": func(t *T) {
		t.takesRTMP()
		key := t.streamKey(nil)
		for _, app := range []string{"stream", "live/" + key.StreamKey, ""} {
			t.readStatus(t.dialRTMP(strings.TrimSuffix(key.URLs[0], "live")+app, key.StreamKey),
				"NetConnection.Connect.Rejected")
		}
	},
	"4112.NOT_PUBLISHING": func(t *T) {
		t.takesRTMP()
		key := t.streamKey(nil)
		said, err := exec.Command("ffmpeg", "-v", "error", "-i", key.URLs[0]+"/"+key.StreamKey, "-f", "null", "-").
			CombinedOutput()
		require.Error(t, err)
		t.readID(testpeer.FaultID(string(said)))
	},
	"4112.NOT_RTMP": func(t *T) {
		t.takesRTMP()
		for _, words := range []string{
			"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "SSH-2.0-x\r\n", "\x00\x00",
		} {
			conn := t.dialTCP(t.rtmpAddress())
			_, err := io.WriteString(conn, words)
			require.NoError(t, err)
			_, _ = io.ReadAll(conn) // until the server has closed it
			t.readLatest(conn)
		}
	},
	"4112.HANDSHAKE_TIMEOUT": func(t *T) {
		t.takesRTMP()
		silent, half := t.dialTCP(t.rtmpAddress()), t.dialTCP(t.rtmpAddress())
		_, err := half.Write(append([]byte{3}, make([]byte, 1536)...))
		require.NoError(t, err)
		t.waits()
		for _, conn := range []net.Conn{silent, half} {
			_, err = io.ReadAll(conn)
			require.NoError(t, err)
			t.readLatest(conn)
		}
	},
	"4112.MALFORMED": func(t *T) {
		t.takesRTMP()
		conn := t.dialTCP(t.rtmpAddress())
		hello := append([]byte{3}, make([]byte, 2*1536)...)
		_, err := conn.Write(append(hello, 3, 0, 0, 0, 0xff, 0xff, 0xff, 20, 0, 0, 0, 0)) // 16 MiB
		require.NoError(t, err)
		said, _ := io.ReadAll(conn)
		t.readID(testpeer.FaultID(string(said)))

		key := t.streamKey(nil)
		encoder, refusal := testpeer.DialRTMP(t, key.URLs[0], key.StreamKey)
		require.Empty(t, refusal)
		encoder.Video(0, testpeer.AVCHeader[:12]) // its parameter sets are cut off
		t.readStatus(encoder.Refused(), "NetStream.Failed")
	},
	"4112.ALREADY_PUBLISHING": func(t *T) {
		t.takesRTMP()
		key := t.streamKey(nil)
		_, refusal := testpeer.DialRTMP(t, key.URLs[0], key.StreamKey)
		require.Empty(t, refusal)
		t.encoderRefused(key.URLs[0], key.StreamKey)
	},
	"4112.PUBLISHER_LIMIT": func(t *T) {
		t.ownRTMP(func(c *conf.Config) { c.Limit.RTMPPublishers = 1 })
		one, two := t.streamKey(nil), t.streamKey(nil)
		encoder, refusal := testpeer.DialRTMP(t, one.URLs[0], one.StreamKey)
		require.Empty(t, refusal)
		t.encoderRefused(two.URLs[0], two.StreamKey)
		encoder.Stop(one.StreamKey)
		require.Eventually(t, func() bool { // as the remedy says
			_, refusal = testpeer.DialRTMP(t, two.URLs[0], two.StreamKey)
			return refusal == ""
		}, testserver.Timeout, 50*time.Millisecond)
	},
	"4112.CODEC": func(t *T) {
		t.takesRTMP()
		for _, send := range []func(*testpeer.RTMPEncoder){
			func(e *testpeer.RTMPEncoder) { e.Video(0, testpeer.HEVCHeader) },
			func(e *testpeer.RTMPEncoder) { e.Audio(0, testpeer.MP3Frame) },
		} {
			key := t.streamKey(nil)
			encoder, refusal := testpeer.DialRTMP(t, key.URLs[0], key.StreamKey)
			require.Empty(t, refusal)
			send(encoder)
			t.readStatus(encoder.Refused(), "NetStream.Failed")
		}
	},
	"4112.NO_KEY_FRAME": func(t *T) {
		t.takesRTMP()
		key := t.streamKey(nil)
		encoder, refusal := testpeer.DialRTMP(t, key.URLs[0], key.StreamKey)
		require.Empty(t, refusal)
		encoder.Video(0, testpeer.AVCHeader)
		t.waits()
		ended := make(chan string, 1)
		go func() { ended <- encoder.Refused() }()
		ticker := time.NewTicker(500 * time.Millisecond)
		defer ticker.Stop()
		for at := uint32(0); ; at += 500 {
			select {
			case status := <-ended:
				t.readStatus(status, "NetStream.Failed")
				return
			case <-ticker.C:
				encoder.Video(at, testpeer.AVCFrame)
			}
		}
	},
	"4112.STALLED": func(t *T) {
		t.takesRTMP()
		key := t.streamKey(nil)
		encoder, refusal := testpeer.DialRTMP(t, key.URLs[0], key.StreamKey)
		require.Empty(t, refusal)
		t.waits()
		t.readStatus(encoder.Refused(), "NetConnection.Connect.IdleTimeout")
	},
	"4112.LOST": func(t *T) {
		t.ownRTMP(func(c *conf.Config) { c.Ingest.ReconnectWindow = time.Second })
		key := t.streamKey(nil)
		encoder, refusal := testpeer.DialRTMP(t, key.URLs[0], key.StreamKey)
		require.Empty(t, refusal)
		encoder.Cut()
		t.readPosted()
	},
	"4112.KEY_FRAME_INTERVAL": func(t *T) {
		t.takesRTMP()
		key := t.streamKey(nil)
		encoder, refusal := testpeer.DialRTMP(t, key.URLs[0], key.StreamKey)
		require.Empty(t, refusal)
		encoder.Video(0, testpeer.AVCHeader)
		encoder.Video(0, testpeer.AVCKeyFrame)
		for at := uint32(1000); at < 5000; at += 1000 {
			encoder.Video(at, testpeer.AVCFrame)
		}
		encoder.Video(5000, testpeer.AVCKeyFrame)
		t.readPosted()
		encoder.Stop(key.StreamKey)
	},
	"4112.OFF": func(t *T) {
		t.rest(t.Account().Token(t), http.MethodPost, "/v2/stream-keys", map[string]any{"roomId": t.Meeting()})
	},
	"4108.STREAM_KEY": func(t *T) {
		t.takesRTMP()
		key := t.streamKey(nil)
		for _, id := range []string{"sk_none", key.StreamKey} { // the key itself is not shown again
			t.secret(key.StreamKey)
			t.rest(t.Account().Token(t), http.MethodGet, "/v2/stream-keys/"+id, nil)
			t.rest(t.Account().Token(t), http.MethodDelete, "/v2/stream-keys/"+id, nil)
		}
	},
	"5107.WORKER_DIED": func(t *T) { t.signalIngest(syscall.SIGKILL) },
	"5107.WORKER_STALLED": func(t *T) {
		t.signalIngest(syscall.SIGSTOP)
	},
	"5107.TRANSCODER": func(t *T) {
		t.ownRTMP(func(c *conf.Config) { c.Egress.FFmpeg = "/nowhere/ffmpeg" })
		key := t.streamKey(nil)
		encoder, refusal := testpeer.DialRTMP(t, key.URLs[0], key.StreamKey)
		require.Empty(t, refusal)
		encoder.Audio(0, testpeer.AACHeader)
		encoder.Audio(0, testpeer.AACSilence)
		t.readStatus(encoder.Refused(), "NetStream.Failed")
	},
}

// signalIngest sends a signal to the worker of a publisher.
func (t *T) signalIngest(signal syscall.Signal) {
	t.onOwnProcess("ingest.rtmpAddress", "127.0.0.1:0")
	key := t.streamKey(nil)
	encoder, refusal := testpeer.DialRTMP(t, key.URLs[0], key.StreamKey)
	require.Empty(t, refusal)
	workers := testserver.Children(t, t.Server.PID(), "ingest-worker")
	require.Len(t, workers, 1)
	require.NoError(t, syscall.Kill(workers[0], signal))
	if signal == syscall.SIGSTOP {
		t.waits()
		stop := make(chan struct{})
		defer close(stop)
		go keepSending(encoder, stop)
	}
	t.readStatus(encoder.Refused(), "NetStream.Failed")
	again, refusal := testpeer.DialRTMP(t, key.URLs[0], key.StreamKey) // as the remedy says
	require.Empty(t, refusal)
	again.Stop(key.StreamKey)
}

// keepSending sends sound, so that the encoder does not count as stalled itself.
func keepSending(encoder *testpeer.RTMPEncoder, stop chan struct{}) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for at := uint32(0); ; at += 1000 {
		select {
		case <-stop:
			return
		case <-ticker.C:
			encoder.Audio(at, testpeer.AACHeader)
		}
	}
}

// takesRTMP moves the scenario to the shared server that takes RTMP.
func (t *T) takesRTMP() {
	t.Helper()
	t.onShared("that takes RTMP", func(t *testing.T) *testserver.Server { return testserver.Start(t, withRTMP) })
}

func (t *T) ownRTMP(change func(*conf.Config)) {
	t.Helper()
	t.Server = testserver.Start(t, withRTMP, change)
}

func withRTMP(c *conf.Config) {
	c.Ingest.RTMPAddress = "127.0.0.1:0"
	c.Webhook.AllowPrivateTargets = true
}

// rtmpKey is what the server answers when a stream key is made.
type rtmpKey struct {
	KeyID, StreamKey, State string
	URLs                    []string
}

func (t *T) streamKey(more map[string]any) (key rtmpKey) {
	t.Helper()
	body := map[string]any{"roomId": t.Meeting()}
	for field, value := range more {
		body[field] = value
	}
	status, answer := t.Server.REST(t, t.Account().Token(t), http.MethodPost, "/v2/stream-keys", body)
	require.Equal(t, http.StatusOK, status, string(answer))
	require.NoError(t, json.Unmarshal(answer, &key))
	t.secret(key.StreamKey)
	return key
}

func (t *T) getREST(path string, into any) {
	t.Helper()
	status, answer := t.Server.REST(t, t.Account().Token(t), http.MethodGet, path, nil)
	require.Equal(t, http.StatusOK, status, string(answer))
	require.NoError(t, json.Unmarshal(answer, into))
}

// rtmpAddress is where the server takes RTMP.
func (t *T) rtmpAddress() string {
	t.Helper()
	return t.streamKey(nil).URLs[0]
}

func (t *T) dialTCP(address string) net.Conn {
	t.Helper()
	at, err := url.Parse(address)
	require.NoError(t, err)
	conn, err := net.Dial("tcp", at.Host)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(2*testserver.Timeout)))
	return conn
}

func (t *T) dialRTMP(address, key string) (refusal string) {
	t.Helper()
	_, refusal = testpeer.DialRTMP(t, address, key)
	require.NotEmpty(t, refusal)
	return refusal
}

// encoderRefused lets an encoder try to publish.
func (t *T) encoderRefused(address, key string) {
	t.Helper()
	t.readStatus(t.dialRTMP(address, key), "NetStream.Publish.BadName")
}

// readStatus takes the status that an encoder was told.
func (t *T) readStatus(status, code string) {
	t.Helper()
	require.True(t, strings.HasPrefix(status, code+": "+strings.ReplaceAll(t.Entry.Key(), ".", " ")), "%q", status)
	for _, secret := range t.secrets {
		if secret != "" {
			require.NotContains(t, status, secret)
		}
	}
	t.readID(testpeer.FaultID(status))
}

// readID takes a fault of which the id was told.
func (t *T) readID(id string) {
	t.Helper()
	require.NotEmpty(t, id, "no id of a fault was told")
	testserver.DeliveriesIn(t).Answered(id)
	var found *timelineEntry
	require.Eventually(t, func() bool {
		found = t.entry(t.Server, id)
		return found != nil
	}, testserver.Timeout, 20*time.Millisecond, "%s is not in the timeline", id)
	t.Read(&found.Error)
}

// readLatest takes the fault of this reason that names the address of a connection.
func (t *T) readLatest(conn net.Conn) {
	t.Helper()
	var ids []string
	require.Eventually(t, func() bool {
		status, answer := t.Server.Admin(t, http.MethodGet, "/admin/v1/faults?code=4112&perPage=100", nil)
		require.Equal(t, http.StatusOK, status, string(answer))
		var page struct{ Data []fault.Error }
		require.NoError(t, json.Unmarshal(answer, &page))
		for _, f := range page.Data {
			if f.Reason == t.Entry.Reason {
				ids = append(ids, f.ID)
			}
		}
		return len(ids) > 0
	}, testserver.Timeout, 50*time.Millisecond)
	for _, id := range ids {
		t.readID(id)
	}
}

// readPosted takes the fault that the webhook was told.
func (t *T) readPosted() {
	t.Helper()
	id := ""
	require.Eventually(t, func() bool {
		t.sink.mu.Lock()
		defer t.sink.mu.Unlock()
		for _, body := range t.sink.bodies {
			if strings.Contains(body, `"`+t.Entry.Reason+`"`) {
				id = testpeer.FaultID(body)
			}
		}
		return id != ""
	}, testserver.Timeout, 20*time.Millisecond, "the webhook is not told")
	t.readID(id)
}
