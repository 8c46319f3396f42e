package readme

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/blob/s3test"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// TestEgress runs the commands of docs/egress.md on a server whose files go to a bucket, by examples/s3.
func TestEgress(t *testing.T) {
	t.Parallel()
	bucket := s3test.Start(t)
	text, err := os.ReadFile(examples + "s3/klatch.yaml")
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "klatch.yaml")
	text = []byte(strings.NewReplacer(
		"https://s3.eu-central-1.amazonaws.com", bucket.Endpoint, "eu-central-1", "us-east-1",
		"acme-recordings", bucket.Name, "AKIAIOSFODNN7EXAMPLE", bucket.AccessKey,
	).Replace(string(text)))
	require.NoError(t, os.WriteFile(file, text, 0o600))
	secret := "KLATCH_STORAGE_S3_SECRET_KEY=" + bucket.SecretKey
	loaded, err := conf.Load(file, []string{secret})
	require.NoError(t, err)
	page, err := conf.Load(pageConfig(t, "egress.md"), []string{secret})
	require.NoError(t, err, "the settings of the page can be used")
	require.Equal(t, "acme-recordings", page.Storage.S3Bucket)

	doctor := exec.CommandContext(t.Context(), testserver.Program(t), "doctor", "--config", file, "--json")
	doctor.Env = append(os.Environ(), secret, "KLATCH_DATA_DIR="+t.TempDir())
	found, _ := doctor.CombinedOutput() // other checks speak of this machine
	require.Contains(t, string(found), `{"check":"storage","ok":true`)

	h := testserver.Start(t, func(c *conf.Config) { c.Storage = loaded.Storage })
	account := h.Account(t, nil)
	room := account.Meeting(t, map[string]any{"customRoomId": "standup"})
	ann, err := sdk.InitMeeting(sdk.Options{
		URL: h.URL, Token: account.Token(t), MeetingID: room, ParticipantID: "ann", Name: "Ann",
		MicEnabled: true, WebcamEnabled: true,
	})
	require.NoError(t, err)
	require.NoError(t, ann.Join(t.Context()))
	t.Cleanup(func() { _ = ann.Leave(t.Context()) })

	token := account.Grant(t, gate.Grant{
		Permissions: []string{"allow_join"}, Roles: []string{"crawler"}, ExpiresIn: 10 * time.Minute,
	})
	commands := blocks(t, "egress.md", "sh", "")
	require.Len(t, commands, 3)
	shell := exec.CommandContext(t.Context(), "sh", "-eu", "-c", strings.Join(commands, "\n"))
	shell.Env = append(os.Environ(), "KLATCH_URL="+h.URL, "TOKEN="+token, "ROOM=standup")
	out, err := shell.CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), `"playbackHlsUrl"`)

	var list struct {
		Data []struct {
			Status string
			File   struct {
				FilePath, FileURL string
				UserStorage       bool
				Size              int
			}
		}
	}
	require.Eventually(t, func() bool {
		_, answer := h.REST(t, token, http.MethodGet, "/v2/recordings?roomId="+room, nil)
		require.NoError(t, json.Unmarshal(answer, &list))
		return len(list.Data) == 1 && list.Data[0].Status == "STOPPED" && list.Data[0].File.UserStorage
	}, time.Minute, 100*time.Millisecond, "the bucket has the recording: %+v", &list)
	recording := list.Data[0].File
	require.True(t, strings.HasPrefix(recording.FilePath, "calls/2026/"), recording.FilePath)
	require.True(t, strings.HasPrefix(recording.FileURL, bucket.Endpoint), recording.FileURL)
	response, err := http.Get(recording.FileURL)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.EqualValues(t, recording.Size, response.ContentLength)
}

// pageConfig returns a file with the settings that a page of the docs shows.
func pageConfig(t *testing.T, page string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "klatch.yaml")
	text := strings.Join(blocks(t, page, "yaml", ""), "")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}
