package doors

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/mediaprobe"
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
	e.command = exec.Command("ffmpeg", append(all, "-c:a", "aac", "-ac", "2", "-f", "flv", url)...)
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
	requireRedAndBlue(t, file)
}

func requireRedAndBlue(t *testing.T, file string) {
	t.Helper()
	p := mediaprobe.Frame(t, file, 0)
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
