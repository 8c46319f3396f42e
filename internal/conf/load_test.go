package conf

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite docs/configuration.md")

func write(t *testing.T, content string) string {
	path := filepath.Join(t.TempDir(), "klatch.yaml")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func TestLaterSourcesWin(t *testing.T) {
	path := write(t, "http:\n  address: 127.0.0.1:1\n  publicUrl: https://a.example/\nmedia:\n  publicIps: [192.0.2.1, '2001:db8::1']\nmeeting:\n  lobbyTimeout: 90s\n")
	c, err := Load(path, []string{"KLATCH_HTTP_ADDRESS=127.0.0.1:2", "PATH=/bin", "KLATCH_LOG_LEVEL=debug"},
		Override{"http.address", "--port", "127.0.0.1:3"})
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:3", c.HTTP.Address)
	require.Equal(t, "https://a.example", c.HTTP.PublicURL)
	require.Equal(t, []string{"192.0.2.1", "2001:db8::1"}, c.Media.PublicIPs)
	require.Equal(t, 90*time.Second, c.Meeting.LobbyTimeout)
	require.Equal(t, "DEBUG", c.Log.Level.String())
	require.Equal(t, time.Minute, c.Meeting.ResumeWindow, "a setting that nobody sets keeps its default")
}

func TestSampleLoads(t *testing.T) {
	c, err := Load(write(t, Sample()), nil)
	require.NoError(t, err)
	require.Equal(t, Default(), c)
}

func TestBadConfiguration(t *testing.T) {
	tests := map[string]struct {
		file    string
		environ []string
		reason  string
		details map[string]any
	}{
		"misspelt setting":        {file: "http:\n  adress: :1\n", reason: "UNKNOWN_SETTING", details: map[string]any{"key": "http.adress", "nearest": "http.address"}},
		"misspelt section":        {file: "htpp:\n  address: :1\n", reason: "UNKNOWN_SETTING", details: map[string]any{"key": "htpp"}},
		"bad value":               {file: "\n\nmeeting:\n  lobbyTimeout: soon\n", reason: "BAD_VALUE", details: map[string]any{"key": "meeting.lobbyTimeout", "value": "soon"}},
		"out of range":            {file: "limit:\n  restPerSecond: 0\n", reason: "BAD_VALUE"},
		"a value for section":     {file: "http: 4000\n", reason: "BAD_VALUE", details: map[string]any{"key": "http"}},
		"not a mapping":           {file: "hello", reason: "BAD_VALUE"},
		"not YAML":                {file: "http:\n  address: [\n", reason: "SYNTAX"},
		"half of TLS":             {file: "http:\n  certFile: a.pem\n", reason: "BAD_VALUE"},
		"misspelt variable":       {environ: []string{"KLATCH_HTTP_ADRESS=:1"}, reason: "UNKNOWN_SETTING", details: map[string]any{"nearest": "KLATCH_HTTP_ADDRESS"}},
		"short admin token":       {environ: []string{"KLATCH_ADMIN_TOKEN=hunter2"}, reason: "BAD_VALUE", details: map[string]any{"value": "7 characters"}},
		"foreign database":        {file: "database:\n  url: mysql://user:hunter2@host/name\n", reason: "BAD_VALUE", details: map[string]any{"value": "30 characters"}},
		"bad public URL":          {file: "http:\n  publicUrl: ftp://x\n", reason: "BAD_VALUE"},
		"origin with a path":      {file: "http:\n  origins: [https://a.example.com/app]\n", reason: "BAD_VALUE"},
		"origin without a scheme": {environ: []string{"KLATCH_HTTP_ORIGINS=a.example.com"}, reason: "BAD_VALUE"},
		"origin of everything":    {environ: []string{"KLATCH_HTTP_ORIGINS=https://*"}, reason: "BAD_VALUE"},
		"admin address, no port":  {environ: []string{"KLATCH_HTTP_ADMIN_ADDRESS=127.0.0.1"}, reason: "BAD_VALUE"},
		"bad IP":                  {file: "media:\n  publicIps: [example.com]\n", reason: "BAD_VALUE"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Load(write(t, test.file), test.environ)
			var f *fault.Error
			require.ErrorAs(t, err, &f)
			require.Equal(t, 5104, f.Code)
			require.Equal(t, test.reason, f.Reason, f.Detail)
			require.NotContains(t, f.Detail, "hunter2")
			for key, want := range test.details {
				require.Equal(t, want, f.Details[key], f.Detail)
			}
		})
	}
}

func TestOriginsAreWrittenAsBrowsersDo(t *testing.T) {
	c, err := Load("", []string{"KLATCH_HTTP_ORIGINS=HTTPS://App.Example.com:443/, http://b.example:8080,https://*.c.example,null"})
	require.NoError(t, err)
	require.Equal(t, []string{"https://app.example.com", "http://b.example:8080", "https://*.c.example", "null"}, c.HTTP.Origins)
}

func TestFaultNamesTheLine(t *testing.T) {
	path := write(t, "http:\n  address: :1\n  cert: x\n")
	_, err := Load(path, nil)
	require.ErrorContains(t, err, path+", line 3")
}

func TestMissingFile(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), "none.yaml"), nil)
	var f *fault.Error
	require.ErrorAs(t, err, &f)
	require.Equal(t, "UNREADABLE", f.Reason)
}

func TestReferenceIsCurrent(t *testing.T) {
	const path = "../../docs/configuration.md"
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(Reference()), 0o644))
	}
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, Reference(), string(got), "run go test ./internal/conf -update")
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(Sample()))
	f.Add([]byte("a: &x [*x]\n? {b: c}\n: - d\n--- \n!!binary x"))
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(t.TempDir(), "c.yaml")
		require.NoError(t, os.WriteFile(path, content, 0o600))
		if _, err := Load(path, nil); err != nil {
			var coded *fault.Error
			require.ErrorAs(t, err, &coded)
		}
	})
}

// Any text as any setting, as a variable and in a file: the same judgement, and a value that is written back the same.
func FuzzSetting(f *testing.F) {
	keys := Default().settings()
	for i, s := range keys {
		f.Add(uint8(i), s.into.String())
	}
	f.Add(uint8(0), "[::1]:99999")
	f.Fuzz(func(t *testing.T, which uint8, value string) {
		key := keys[int(which)%len(keys)].key
		c, err := Load("", []string{envName(key) + "=" + value})
		if err != nil {
			var coded *fault.Error
			require.ErrorAs(t, err, &coded)
			require.Equal(t, 5104, coded.Code)
			return
		}
		once := c.find(key).into.String()
		again := Default()
		if _, ok := again.find(key).into.set(once); ok { // a secret is not shown
			require.Equal(t, once, again.find(key).into.String())
		}
	})
}
