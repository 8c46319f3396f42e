package doors

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/sdk"
	"github.com/klatch/klatch/sdk/testcard"
)

// obsVariable has the tests of OBS run, which needs obs-studio and xvfb; `make obs` sets it.
const obsVariable = "TEST_OBS"

// TestOBS: OBS itself publishes, as it is set when it is new (with B-frames) and as docs/rtmp-in.md advises, its
// connection breaks, and a key that is revoked is in its log with the fault.
func TestOBS(t *testing.T) {
	if os.Getenv(obsVariable) == "" {
		t.Skip(obsVariable + " is not set: `make obs` sets it")
	}
	for name, profile := range map[string]string{
		"as it is new": "[Output]\nMode=Simple\n[SimpleOutput]\nVBitrate=800\nStreamEncoder=x264\n",
		"as advised":   "[Output]\nMode=Advanced\n[AdvOut]\nEncoder=obs_x264\nTrackIndex=1\n",
	} {
		t.Run(name, func(t *testing.T) {
			s := openStudio(t)
			key := s.key(t, map[string]any{"participantId": "cam", "name": "OBS"})
			o := startOBS(t, profile, key.URLs[0], key.StreamKey)
			video := s.stream(t, "cam", sdk.Video)
			t.Logf("shown after %v", time.Since(o.began))
			require.Equal(t, "OBS", video.Participant().DisplayName())
			requireSeen(t, video)
			sound := requireFlow(t, s.stream(t, "cam", sdk.Audio), 100)
			for n, packet := range sound[1:] {
				require.EqualValues(t, 960, packet.Timestamp-sound[n].Timestamp)
			}
			status, answer := s.server.REST(t, s.account.Token(t), "POST", "/v2/recordings/participant/start",
				map[string]any{"roomId": s.room, "participantId": "cam", "fileFormat": "mp4"})
			require.Equal(t, 200, status, string(answer))
			<-time.After(5 * time.Second) // of picture and sound
			status, answer = s.server.REST(t, s.account.Token(t), "POST", "/v2/recordings/participant/stop",
				map[string]any{"roomId": s.room, "participantId": "cam"})
			require.Equal(t, 200, status, string(answer))
			file := s.recorded(t, 1)[0]
			requireRedAndBlue(t, file, 2*time.Second)
			mediaprobe.RequireTones(t, mediaprobe.Sound(t, file), time.Second, 3*time.Second, "cam")

			status, answer = s.server.REST(t, s.account.Token(t), "DELETE", "/v2/stream-keys/"+key.KeyID, nil)
			require.Equal(t, 200, status, string(answer))
			require.Eventually(t, func() bool { return s.bot.Participant("cam") == nil }, rtmpLimit, 10*time.Millisecond)
			require.Eventually(t, func() bool { return strings.Contains(o.log(t), "4112 KEY_REVOKED") }, rtmpLimit,
				100*time.Millisecond, "OBS writes the fault into its log")
		})
	}
}

// obs is an OBS that streams.
type obs struct {
	process *testprocess.Process
	home    string
	began   time.Time
}

// startOBS has OBS stream a scene whose left half is red and whose right half is blue, with the tone of cam.
func startOBS(t *testing.T, profile, server, key string) *obs {
	t.Helper()
	o := &obs{home: t.TempDir(), began: time.Now()}
	tone := filepath.Join(o.home, "tone.wav")
	_, hz := testcard.Tone("cam")
	mediaprobe.Command(t, "ffmpeg", "-v", "error", "-f", "lavfi", "-i", fmt.Sprintf("sine=f=%d:r=48000:d=60", hz), tone)
	write := func(name string, content any) {
		path := filepath.Join(o.home, ".config/obs-studio", name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		data, ok := content.(string)
		if !ok {
			whole, err := json.Marshal(content)
			require.NoError(t, err)
			data = string(whole)
		}
		require.NoError(t, os.WriteFile(path, []byte(data), 0o600))
	}
	type object = map[string]any
	write("global.ini", "[General]\nFirstRun=true\nEnableAutoUpdates=false\n"+
		"[Basic]\nProfile=P\nProfileDir=P\nSceneCollection=S\nSceneCollectionFile=S\n[BasicWindow]\nShowTrayIcon=false\n")
	write("basic/profiles/P/basic.ini", "[General]\nName=P\n"+profile+
		"[Video]\nBaseCX=320\nBaseCY=180\nOutputCX=320\nOutputCY=180\nFPSType=0\nFPSCommon=30\n[Audio]\nSampleRate=48000\n")
	write("basic/profiles/P/service.json", object{
		"type": "rtmp_custom", "settings": object{"server": server, "key": key, "use_auth": false},
	})
	write("basic/profiles/P/streamEncoder.json", object{
		"rate_control": "CBR", "bitrate": 800, "keyint_sec": 2, "preset": "veryfast", "tune": "zerolatency",
	})
	half := func(name string, color uint32) object { // 0xAABBGGRR
		return object{
			"id": "color_source", "versioned_id": "color_source_v3", "name": name,
			"settings": object{"color": color, "width": 160, "height": 180},
		}
	}
	item := func(id int, name string, x int) object {
		return object{
			"id": id, "name": name, "visible": true, "align": 5, "pos": object{"x": x, "y": 0}, "scale": object{"x": 1, "y": 1},
		}
	}
	write("basic/scenes/S.json", object{
		"name": "S", "current_scene": "Scene", "current_program_scene": "Scene", "scene_order": []object{{"name": "Scene"}},
		"sources": []object{
			half("red", 0xff0000ff), half("blue", 0xffff0000),
			{
				"id": "ffmpeg_source", "versioned_id": "ffmpeg_source", "name": "tone", "mixers": 255, "volume": 1,
				"settings": object{"local_file": tone, "is_local_file": true, "looping": true},
			},
			{
				"id": "scene", "versioned_id": "scene", "name": "Scene",
				"settings": object{
					"id_counter": 3, "items": []object{item(1, "red", 0), item(2, "blue", 160), item(3, "tone", 0)},
				},
			},
		},
	})
	command := testprocess.Command("xvfb-run", "-a", "obs", "--multi", "--disable-updater", "--startstreaming",
		"--profile", "P", "--collection", "S")
	command.Env = append(os.Environ(), "HOME="+o.home, "XDG_CONFIG_HOME="+filepath.Join(o.home, ".config"),
		"XDG_RUNTIME_DIR="+o.home, "LIBGL_ALWAYS_SOFTWARE=1", "QT_QPA_PLATFORM=xcb")
	output, err := os.Create(filepath.Join(o.home, "output"))
	require.NoError(t, err)
	command.Stdout, command.Stderr = output, output
	o.process = testprocess.Start(t, command)
	t.Cleanup(func() {
		o.process.Kill()
		_ = output.Close()
		if t.Failed() {
			t.Logf("OBS:\n%s", o.log(t))
		}
	})
	return o
}

// log returns what OBS has written.
func (o *obs) log(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(o.home, "output"))
	require.NoError(t, err)
	return string(text)
}
