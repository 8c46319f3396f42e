package doors

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"image"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/certificate/pebbletest"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
	"github.com/klatch/klatch/sdk/testcard"
)

// rtmpLimit is how long these tests wait for what must come, on a machine that does much else.
const rtmpLimit = 45 * time.Second

// studio is a server that takes RTMP, with a meeting and somebody who watches it.
type studio struct {
	server  *testserver.Server
	account testserver.Account
	room    string
	bot     *sdk.Meeting

	mu           sync.Mutex // guards everything below
	joined, left []string
}

func openStudio(t *testing.T, changes ...func(*conf.Config)) *studio {
	t.Helper()
	s := &studio{}
	s.server = testserver.Start(t, append([]func(*conf.Config){func(c *conf.Config) {
		c.Ingest.RTMPAddress = "127.0.0.1:0"
		c.Webhook.AllowPrivateTargets = true
	}}, changes...)...)
	s.account = s.server.Account(t, nil)
	s.room = s.account.Meeting(t, nil)
	var err error
	s.bot, err = sdk.InitMeeting(sdk.Options{
		URL: s.server.URL, Token: s.account.Token(t), MeetingID: s.room, ParticipantID: "bot", Name: "bot",
	})
	require.NoError(t, err)
	s.bot.OnParticipantJoined(func(p *sdk.Participant) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.joined = append(s.joined, p.ID())
	})
	s.bot.OnParticipantLeft(func(p *sdk.Participant, _ sdk.LeaveReason) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.left = append(s.left, p.ID())
	})
	require.NoError(t, s.bot.Join(t.Context()))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = s.bot.Leave(ctx) // the server may have gone first
	})
	return s
}

func (s *studio) leftSoFar() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.left)
}

// streamKey is what the server answers when a stream key is made.
type streamKey struct {
	KeyID, StreamKey, State string
	URLs                    []string
}

func (s *studio) key(t *testing.T, body map[string]any) streamKey {
	t.Helper()
	whole := map[string]any{"roomId": s.room}
	for k, v := range body {
		whole[k] = v
	}
	status, answer := s.server.REST(t, s.account.Token(t), "POST", "/v2/stream-keys", whole)
	require.Equal(t, 200, status, string(answer))
	var key streamKey
	require.NoError(t, json.Unmarshal(answer, &key))
	require.NotEmpty(t, key.URLs)
	return key
}

// encoder is an ffmpeg that publishes.
type encoder struct {
	command *exec.Cmd
	words   bytes.Buffer
	ended   chan struct{}
}

// publish publishes a picture whose left half is red and whose right half is blue, and the tone of cam.
func publish(t *testing.T, url string, args ...string) *encoder {
	t.Helper()
	_, hz := testcard.Tone("cam")
	if len(args) == 0 {
		args = []string{"-preset", "ultrafast", "-tune", "zerolatency", "-g", "30"}
	}
	all := append([]string{
		"-v", "error", "-re", "-f", "lavfi", "-i", "color=red:s=160x180:r=30[l];color=blue:s=160x180:r=30[r];[l][r]hstack",
		"-f", "lavfi", "-i", fmt.Sprintf("sine=f=%d:r=44100", hz), "-c:v", "libx264",
	}, args...)
	e := &encoder{ended: make(chan struct{})}
	e.command = testprocess.Command("ffmpeg", append(all, "-c:a", "aac", "-ac", "2", "-f", "flv", url)...)
	e.command.Stderr = &e.words
	require.NoError(t, e.command.Start())
	go func() {
		defer close(e.ended)
		_ = e.command.Wait() // it was killed, or put out
	}()
	t.Cleanup(e.kill)
	return e
}

func (e *encoder) kill() {
	_ = e.command.Process.Kill() // it may have ended
	<-e.ended
}

// says waits until the encoder has ended, and returns what it said.
func (e *encoder) says(t *testing.T) string {
	t.Helper()
	select {
	case <-e.ended:
	case <-time.After(rtmpLimit):
		t.Fatal("the encoder goes on")
	}
	return e.words.String()
}

// stream waits for a stream of a participant.
func (s *studio) stream(t *testing.T, participantID string, kind sdk.Kind) *sdk.Stream {
	t.Helper()
	var stream *sdk.Stream
	require.Eventually(t, func() bool {
		if p := s.bot.Participant(participantID); p != nil {
			stream = p.Stream(kind)
		}
		return stream != nil
	}, rtmpLimit, 10*time.Millisecond, "no %s of %s", kind, participantID)
	return stream
}

// requireSeen receives the pictures of a stream until they can be decoded, and looks at one.
func requireSeen(t *testing.T, stream *sdk.Stream) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), rtmpLimit)
	defer cancel()
	var raw []byte
	depacketizer := &codecs.H264Packet{}
	for pictures := 0; pictures < 20; {
		packet, err := stream.ReadRTP(ctx)
		require.NoError(t, err)
		if len(packet.Payload) == 0 {
			continue
		}
		units, err := depacketizer.Unmarshal(packet.Payload)
		require.NoError(t, err)
		if len(raw) > 0 || bytes.Contains(units, []byte{0, 0, 0, 1, 0x67}) || bytes.Contains(units, []byte{0, 0, 1, 0x67}) {
			raw = append(raw, units...)
			if packet.Marker {
				pictures++
			}
		}
	}
	file := filepath.Join(t.TempDir(), "seen.h264")
	require.NoError(t, os.WriteFile(file, raw, 0o600))
	requireRedAndBlue(t, file, 0)
}

func requireRedAndBlue(t *testing.T, file string, at time.Duration) {
	t.Helper()
	p := mediaprobe.Frame(t, file, at)
	require.Equal(t, image.Pt(320, 180), image.Pt(p.Width, p.Height))
	left, right := mediaprobe.Color(p, image.Pt(80, 90)), mediaprobe.Color(p, image.Pt(240, 90))
	require.Greater(t, int(left.V), 200, "red: %v", left)
	require.Greater(t, int(right.U), 200, "blue: %v", right)
}

// requireFlow receives packets of a stream whose times grow.
func requireFlow(t *testing.T, stream *sdk.Stream, packets int) (all []*rtp.Packet) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), rtmpLimit)
	defer cancel()
	for range packets {
		packet, err := stream.ReadRTP(ctx)
		require.NoError(t, err)
		all = append(all, packet)
	}
	return all
}

// ffmpeg publishes as it does by default for low delay, and with B-frames, which browsers do not decode.
func TestRTMPPublisher(t *testing.T) {
	t.Parallel()
	s := openStudio(t)
	for name, args := range map[string][]string{
		"passed on":    nil,
		"encoded anew": {"-preset", "veryfast", "-g", "60"},
	} {
		t.Run(name, func(t *testing.T) {
			key := s.key(t, map[string]any{"participantId": "cam", "name": "Hall camera"})
			began := time.Now()
			e := publish(t, key.URLs[0]+"/"+key.StreamKey, args...)
			video := s.stream(t, "cam", sdk.Video)
			t.Logf("shown after %v", time.Since(began))
			require.Equal(t, "H264", video.Codec())
			require.Equal(t, "Hall camera", video.Participant().DisplayName())
			requireSeen(t, video)
			t.Logf("seen after %v", time.Since(began))
			sound := requireFlow(t, s.stream(t, "cam", sdk.Audio), 100)
			for n, packet := range sound[1:] {
				require.EqualValues(t, 960, packet.Timestamp-sound[n].Timestamp)
			}
			require.NoError(t, e.command.Process.Signal(os.Interrupt)) // as q does: it unpublishes
			require.Eventually(t, func() bool { return s.bot.Participant("cam") == nil }, 3*time.Second, 10*time.Millisecond,
				"it leaves at once")
		})
	}
}

// An encoder whose connection breaks comes back, and others see no leave. It is moderated as anybody.
func TestRTMPCutAndModerated(t *testing.T) {
	t.Parallel()
	s := openStudio(t, func(c *conf.Config) { c.Ingest.ReconnectWindow = rtmpLimit })
	key := s.key(t, map[string]any{"participantId": "cam"})
	url := key.URLs[0] + "/" + key.StreamKey
	first := publish(t, url)
	video := s.stream(t, "cam", sdk.Video)
	before := requireFlow(t, video, 60)
	first.kill() // nothing is unpublished
	silence := requireFlow(t, s.stream(t, "cam", sdk.Audio), 50)
	require.Len(t, silence, 50, "silence takes the place of the sound")

	second := publish(t, url)
	require.Same(t, video, s.stream(t, "cam", sdk.Video))
	after := requireFlow(t, video, 120)
	require.Greater(t, int32(after[119].Timestamp-before[59].Timestamp), int32(0), "time goes on")
	requireSeen(t, video)
	require.Zero(t, s.leftSoFar())

	cam := s.bot.Participant("cam")
	require.NoError(t, cam.DisableMic(t.Context()))
	require.Eventually(t, func() bool { return !cam.MicOn() }, rtmpLimit, 10*time.Millisecond)
	requireFlow(t, video, 10)
	require.NoError(t, cam.EnableMic(t.Context()))
	requireFlow(t, s.stream(t, "cam", sdk.Audio), 20)
	require.NoError(t, cam.DisableWebcam(t.Context()))
	require.Eventually(t, func() bool { return !cam.WebcamOn() }, rtmpLimit, 10*time.Millisecond)
	require.NoError(t, cam.EnableWebcam(t.Context()))
	requireSeen(t, s.stream(t, "cam", sdk.Video))

	require.NoError(t, cam.Remove(t.Context()))
	require.Contains(t, second.says(t), "4103 BY_MODERATOR flt_")
	require.Eventually(t, func() bool { return s.leftSoFar() == 1 }, rtmpLimit, 10*time.Millisecond)
	require.Contains(t, publish(t, url).says(t), "4103 BY_MODERATOR flt_", "it does not come back by itself")
}

// What stands in the way of a join is told to the encoder, as it is told to others.
func TestRTMPJoinRefused(t *testing.T) {
	t.Parallel()
	s := openStudio(t)
	key := s.key(t, nil)
	s.server.MustAdmin(t, "PATCH", "/admin/v1/accounts/"+s.account.ID,
		map[string]any{"limits": map[string]any{"participants": 1}})
	_, refusal := testpeer.DialRTMP(t, key.URLs[0], key.StreamKey)
	require.Contains(t, refusal, "NetStream.Publish.BadName: 4009 LIMIT flt_")
	s.server.MustAdmin(t, "PATCH", "/admin/v1/accounts/"+s.account.ID,
		map[string]any{"limits": map[string]any{"participants": 0}})
	encoder, refusal := testpeer.DialRTMP(t, key.URLs[0], key.StreamKey)
	require.Empty(t, refusal)
	require.NoError(t, s.bot.End(t.Context()))
	require.Contains(t, encoder.Refused(), "NetStream.Failed: 4104 BY_PARTICIPANT flt_")
	_, refusal = testpeer.DialRTMP(t, key.URLs[0], key.StreamKey)
	require.Contains(t, refusal, "NetStream.Publish.BadName: 4104 BY_PARTICIPANT flt_", "it does not come back by itself")

	key = s.key(t, nil)
	status, answer := s.server.REST(t, s.account.Token(t), "POST", "/v2/rooms/deactivate",
		map[string]any{"roomId": s.room})
	require.Equal(t, 200, status, string(answer))
	_, refusal = testpeer.DialRTMP(t, key.URLs[0], key.StreamKey)
	require.Contains(t, refusal, "NetStream.Publish.BadName: 4052 DEACTIVATED flt_")
}

// OBS publishes after it has run for hours, so that its timestamps need more than 24 bits. What it sends is recorded,
// and takes less than a second to those who watch.
func TestRTMPFromOBS(t *testing.T) {
	t.Parallel()
	s := openStudio(t)
	key := s.key(t, map[string]any{"participantId": "cam"})
	_, hz := testcard.Tone("cam")
	file := filepath.Join(t.TempDir(), "obs.flv")
	mediaprobe.Command(t, "ffmpeg", "-v", "error", "-f", "lavfi", "-i",
		"color=red:s=160x180:r=30:d=6[l];color=blue:s=160x180:r=30:d=6[r];[l][r]hstack",
		"-f", "lavfi", "-i", fmt.Sprintf("sine=f=%d:r=48000:d=6", hz),
		"-c:v", "libx264", "-preset", "veryfast", "-bf", "0", "-g", "60", "-c:a", "aac", "-ac", "2", "-f", "flv", file)
	encoder, refusal := testpeer.DialRTMP(t, key.URLs[0], key.StreamKey)
	require.Empty(t, refusal)

	sent := make(chan time.Time, 1000) // of each picture
	done := make(chan struct{})
	go func() {
		defer close(done)
		const hours = 20 * 3600 * 1000
		began := time.Now()
		for _, tag := range flvTags(file) {
			time.Sleep(time.Until(began.Add(time.Duration(tag.at) * time.Millisecond)))
			if tag.kind == 8 {
				encoder.Audio(hours+tag.at, tag.body)
				continue
			}
			if tag.body[1] == 1 {
				sent <- time.Now()
			}
			encoder.Video(hours+tag.at, tag.body)
		}
	}()
	video := s.stream(t, "cam", sdk.Video)
	var mu sync.Mutex
	var pictures []arrival // guarded by mu
	defer video.OnRTP(func(packet *rtp.Packet) {
		mu.Lock()
		defer mu.Unlock()
		if packet.Marker {
			pictures = append(pictures, arrival{time.Now(), packet.Timestamp})
		}
	})()
	status, answer := s.server.REST(t, s.account.Token(t), "POST", "/v2/recordings/participant/start",
		map[string]any{"roomId": s.room, "participantId": "cam", "fileFormat": "mp4"})
	require.Equal(t, 200, status, string(answer))

	<-done
	// The last picture that comes is the last one that was sent: from there each can be named.
	const some = 60
	require.Eventually(t, func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(pictures) >= some && time.Since(pictures[len(pictures)-1].at) > time.Second
	}, rtmpLimit, 10*time.Millisecond)
	var times []time.Time
	for len(sent) > 0 {
		times = append(times, <-sent)
	}
	mu.Lock()
	var delays []time.Duration
	last := pictures[len(pictures)-1]
	for _, p := range pictures[len(pictures)-some:] {
		back := int(last.timestamp-p.timestamp+1500) / 3000 // pictures of 1/30 s
		delays = append(delays, p.at.Sub(times[len(times)-1-back]))
	}
	mu.Unlock()
	slices.Sort(delays)
	t.Logf("from the encoder to the watcher: median %v, longest %v", delays[some/2], delays[some-1])
	require.Less(t, delays[some/2], time.Second)
	status, answer = s.server.REST(t, s.account.Token(t), "POST", "/v2/recordings/participant/stop",
		map[string]any{"roomId": s.room, "participantId": "cam"})
	require.Equal(t, 200, status, string(answer))
	encoder.Stop(key.StreamKey)
	file = s.recorded(t, 1)[0]
	require.Len(t, mediaprobe.Probe(t, file).Codecs(), 2, "both streams")
	mediaprobe.RequireTones(t, mediaprobe.Sound(t, file), time.Second, 2*time.Second, "cam")
	requireRedAndBlue(t, file, time.Second)
}

// recorded waits until so many files have been recorded.
func (s *studio) recorded(t *testing.T, count int) (files []string) {
	t.Helper()
	require.Eventually(t, func() bool {
		files = nil
		_ = filepath.WalkDir(filepath.Join(s.server.Dir, "files"), func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.Type().IsRegular() && !strings.HasPrefix(entry.Name(), ".") { // one being written
				files = append(files, path)
			}
			return nil
		})
		return len(files) == count
	}, rtmpLimit, 50*time.Millisecond, "%d files are recorded", count)
	return files
}

// arrival is when a picture was complete.
type arrival struct {
	at        time.Time
	timestamp uint32
}

type flvTag struct {
	kind byte
	at   uint32
	body []byte
}

// flvTags reads a file of ffmpeg.
func flvTags(file string) (tags []flvTag) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	for b := raw[13:]; len(b) > 11; {
		n := int(b[1])<<16 | int(b[2])<<8 | int(b[3])
		if b[0] == 8 || b[0] == 9 {
			tags = append(tags, flvTag{b[0], uint32(b[7])<<24 | uint32(b[4])<<16 | uint32(b[5])<<8 | uint32(b[6]), b[11 : 11+n]})
		}
		b = b[11+n+4:]
	}
	return tags
}

// An nginx of the operator relays what it is sent.
func TestRTMPFromRelay(t *testing.T) {
	t.Parallel()
	s := openStudio(t)
	key := s.key(t, map[string]any{"participantId": "relayed"})
	publish(t, startRelay(t, key.URLs[0]+"/"+key.StreamKey)+"/any")
	requireSeen(t, s.stream(t, "relayed", sdk.Video))
	requireFlow(t, s.stream(t, "relayed", sdk.Audio), 20)
}

// RTMPS has the certificate of HTTPS.
func TestRTMPS(t *testing.T) {
	t.Parallel()
	cert, privateKey := pebbletest.Pair(t, time.Hour, "127.0.0.1")
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	require.NoError(t, os.WriteFile(certFile, cert, 0o600))
	require.NoError(t, os.WriteFile(keyFile, privateKey, 0o600))
	address := freeAddress(t)
	server := testserver.Start(t, func(c *conf.Config) {
		c.HTTP.AdminAddress = "127.0.0.1:0" // plain HTTP
		c.HTTP.CertFile, c.HTTP.KeyFile = certFile, keyFile
		c.Ingest.RTMPSAddress = address
	})
	s := &studio{server: server, account: server.Account(t, nil)}
	room, _, err := server.InProcess.Store.CreateMeeting(t.Context(), record.Meeting{AccountID: s.account.ID})
	require.NoError(t, err)
	_, key, err := server.InProcess.Store.CreateStreamKey(t.Context(), record.NewStreamKey{
		AccountID: s.account.ID, APIKey: s.account.Key, MeetingID: room.ID, ParticipantID: "cam",
	})
	require.NoError(t, err)
	s.bot, err = sdk.InitMeeting(sdk.Options{
		URL: server.URL, Token: s.account.Token(t), MeetingID: room.ID, ParticipantID: "bot",
		TLS: &tls.Config{InsecureSkipVerify: true},
	})
	require.NoError(t, err)
	require.NoError(t, s.bot.Join(t.Context()))
	publish(t, "rtmps://"+address+"/live/"+key)
	requireSeen(t, s.stream(t, "cam", sdk.Video))
	require.NoError(t, s.bot.Leave(t.Context()))
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return l.Addr().String()
}

// startRelay starts an nginx (Debian: libnginx-mod-rtmp) that relays to an address, and returns its own.
func startRelay(t *testing.T, to string) string {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		program = "/usr/sbin/nginx" // not in the path of ordinary users
	}
	address, dir := freeAddress(t), t.TempDir()
	config := fmt.Sprintf(`load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
user root; daemon off; master_process off; pid %[1]s/pid; error_log %[1]s/error.log info;
events { worker_connections 64; }
rtmp { access_log off; server { listen %[2]s; application in { live on; push %[3]s; } } }
`, dir, address, to)
	file := filepath.Join(dir, "nginx.conf")
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
	command := testprocess.Command(program, "-c", file, "-p", dir, "-e", filepath.Join(dir, "error.log"))
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait() // it was killed
	})
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", address)
		return err == nil && conn.Close() == nil
	}, rtmpLimit, 20*time.Millisecond, "nginx does not start")
	return "rtmp://" + address + "/in"
}
