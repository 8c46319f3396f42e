package egress

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// devServer is `klatch dev` in a process of its own.
type devServer struct {
	cmd *exec.Cmd

	URL, Token, MeetingID, AdminToken string
}

func startDevServer(t *testing.T, program, data string) *devServer {
	t.Helper()
	s := &devServer{cmd: testprocess.Command(program, "dev", "--port", "0", "--data", data, "--json")}
	out, err := s.cmd.StdoutPipe()
	require.NoError(t, err)
	log, err := os.OpenFile(filepath.Join(t.TempDir(), "log"), os.O_CREATE|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	defer log.Close()
	s.cmd.Stderr = log
	require.NoError(t, s.cmd.Start())
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(line, s))
	return s
}

// descendants returns the processes that a process has started, and those that they have.
func descendants(t *testing.T, pid int) []int {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	require.NoError(t, err)
	children := map[int][]int{}
	for _, name := range stats {
		raw, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended
		}
		_, rest, _ := strings.Cut(string(raw), ") ") // behind the name, which may hold anything
		fields := strings.Fields(rest)
		id, _ := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		parent, err := strconv.Atoi(fields[1])
		require.NoError(t, err)
		children[parent] = append(children[parent], id)
	}
	var found []int
	for next := []int{pid}; len(next) > 0; next = next[1:] {
		found = append(found, children[next[0]]...)
		next = append(next, children[next[0]]...)
	}
	return found
}

// A server that is killed while it records leaves no process behind and a file that plays; at its next start the
// recording ends, once.
func TestServerKilledWhileItRecords(t *testing.T) {
	t.Parallel()
	program := testserver.Program(t)
	data := filepath.Join(t.TempDir(), "data")

	first := startDevServer(t, program, data)
	bot, err := sdk.InitMeeting(sdk.Options{
		URL: first.URL, Token: first.Token, MeetingID: first.MeetingID, ParticipantID: "ann",
		WebcamEnabled: true, Webcam: card("ann"), MicEnabled: true, Mic: sdk.TestTone("ann"), ManualConsume: true,
	})
	require.NoError(t, err)
	require.NoError(t, bot.Join(t.Context()))
	defer func() { _ = bot.Leave(t.Context()) }()
	began := time.Now()
	require.NoError(t, bot.StartRecording(t.Context(), sdk.RecordingOptions{}))
	path, recorded := "", 0.0
	require.Eventually(t, func() bool {
		files, _ := filepath.Glob(filepath.Join(data, "egress", "recording", "*.mp4"))
		if len(files) == 1 {
			path = files[0]
			recorded = mediaprobe.Recorded(t, path)
		}
		return recorded > 3
	}, waitLimit, 200*time.Millisecond)
	processes := descendants(t, first.cmd.Process.Pid)
	require.GreaterOrEqual(t, len(processes), 2, "the worker and its encoder at least")
	require.NoError(t, first.cmd.Process.Kill())
	lasted := time.Since(began)
	_ = first.cmd.Wait() // killed
	require.Eventually(t, func() bool {
		for _, pid := range processes {
			if _, err := os.Stat(fmt.Sprintf("/proc/%d", pid)); err == nil {
				return false
			}
		}
		return true
	}, waitLimit, 10*time.Millisecond, "no process survives the server") // the last half second is encoded first
	seconds := mediaprobe.Probe(t, path).Seconds(t)
	require.GreaterOrEqual(t, seconds, recorded)
	require.LessOrEqual(t, seconds, lasted.Seconds()+1)

	again := startDevServer(t, program, data)
	var faults struct {
		Data []struct {
			Code   int    `json:"code"`
			Reason string `json:"reason"`
		} `json:"data"`
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, again.URL+"/admin/v1/faults?code=5001", nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+again.AdminToken)
	require.Eventually(t, func() bool {
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return false
		}
		defer res.Body.Close()
		return json.NewDecoder(res.Body).Decode(&faults) == nil && len(faults.Data) > 0
	}, waitLimit, 50*time.Millisecond)
	require.Len(t, faults.Data, 1)
	require.Equal(t, "SERVER_RESTARTED", faults.Data[0].Reason)
}
