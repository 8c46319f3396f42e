package conf

import (
	"flag"
	"log/slog"
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
	path := write(
		t,
		"http:\n  address: 127.0.0.1:1\n  publicUrl: https://a.example/\nmedia:\n  publicIps: [192.0.2.1, "+
			"'2001:db8::1']\nmeeting:\n  lobbyTimeout: 90s\n",
	)
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
		"misspelled setting": {
			file:    "http:\n  adress: :1\n",
			reason:  "UNKNOWN_SETTING",
			details: map[string]any{"key": "http.adress", "nearest": "http.address"},
		},
		"misspelled section": {
			file:    "htpp:\n  address: :1\n",
			reason:  "UNKNOWN_SETTING",
			details: map[string]any{"key": "htpp"},
		},
		"bad value": {
			file:    "\n\nmeeting:\n  lobbyTimeout: soon\n",
			reason:  "BAD_VALUE",
			details: map[string]any{"key": "meeting.lobbyTimeout", "value": "soon"},
		},
		"out of range":        {file: "limit:\n  restPerSecond: 0\n", reason: "BAD_VALUE"},
		"stops too late":      {file: "stop:\n  timeout: 2h\n", reason: "BAD_VALUE"},
		"stops too soon":      {file: "stop:\n  timeout: 0s\n", reason: "BAD_VALUE"},
		"a value for section": {file: "http: 4000\n", reason: "BAD_VALUE", details: map[string]any{"key": "http"}},
		"not a mapping":       {file: "hello", reason: "BAD_VALUE"},
		"a list":              {file: "- http\n", reason: "BAD_VALUE", details: map[string]any{"value": "a list"}},
		"UTF-16": {
			file: "\xff\xfeh\x00t\x00", reason: "SYNTAX",
			details: map[string]any{"problem": "the file is UTF-16; save it as UTF-8"},
		},
		"two documents": {
			file: "log:\n  level: debug\n---\nlog:\n  level: info\n", reason: "SYNTAX",
			details: map[string]any{"line": int64(4)},
		},
		"a port for two": {
			file: "http:\n  address: :4001\n", reason: "BAD_VALUE",
			details: map[string]any{"key": "media.address", "want": "at another port than http.address, which is :4001"},
		},
		"a port for two, at one address": {
			file:   "http:\n  address: 127.0.0.1:1935\ningest:\n  rtmpAddress: '[::]:1935'\n",
			reason: "BAD_VALUE", details: map[string]any{"key": "ingest.rtmpAddress"},
		},
		"not YAML": {file: "http:\n  address: [\n", reason: "SYNTAX"},
		"half of TLS": {file: "http:\n  certFile: a.pem\n", reason: "NEEDS_SETTING",
			details: map[string]any{"other": "http.keyFile"}},
		"misspelled variable": {
			environ: []string{"KLATCH_HTTP_ADRESS=:1"},
			reason:  "UNKNOWN_SETTING",
			details: map[string]any{"nearest": "KLATCH_HTTP_ADDRESS"},
		},
		"short admin token": {
			environ: []string{"KLATCH_ADMIN_TOKEN=hunter2"},
			reason:  "BAD_VALUE",
			details: map[string]any{"value": "7 characters"},
		},
		"foreign database": {
			file:    "database:\n  url: mysql://user:hunter2@host/name\n",
			reason:  "BAD_VALUE",
			details: map[string]any{"value": "30 characters"},
		},
		"bad public URL":          {file: "http:\n  publicUrl: ftp://x\n", reason: "BAD_VALUE"},
		"origin with a path":      {file: "http:\n  origins: [https://a.example.com/app]\n", reason: "BAD_VALUE"},
		"origin without a scheme": {environ: []string{"KLATCH_HTTP_ORIGINS=a.example.com"}, reason: "BAD_VALUE"},
		"origin of everything":    {environ: []string{"KLATCH_HTTP_ORIGINS=https://*"}, reason: "BAD_VALUE"},
		"admin address, no port":  {environ: []string{"KLATCH_HTTP_ADMIN_ADDRESS=127.0.0.1"}, reason: "BAD_VALUE"},
		"ACME and files": {
			file:   "http:\n  acme: meet.example.com\n  certFile: a.pem\n  keyFile: b.pem\n",
			reason: "EXCLUSIVE_SETTINGS", details: map[string]any{"key": "http.acme", "other": "http.certFile"},
		},
		"ACME of a wildcard": {file: "http:\n  acme: ['*.example.com']\n", reason: "BAD_VALUE"},
		"ACME of an address": {file: "http:\n  acme: 192.0.2.1\n", reason: "BAD_VALUE"},
		"ACME of a URL":      {file: "http:\n  acme: https://meet.example.com\n", reason: "BAD_VALUE"},
		"ACME email alone": {
			file:   "http:\n  acmeEmail: ops@example.com\n",
			reason: "NEEDS_SETTING", details: map[string]any{"key": "http.acmeEmail", "other": "http.acme"},
		},
		"ACME directory over HTTP": {
			file:   "http:\n  acme: meet.example.com\n  acmeDirectory: http://ca.example.com/dir\n",
			reason: "BAD_VALUE", details: map[string]any{"key": "http.acmeDirectory"},
		},
		"redirect without HTTPS": {
			file:   "http:\n  redirectAddress: :80\n",
			reason: "NEEDS_SETTING", details: map[string]any{"key": "http.redirectAddress"},
		},
		"no e-mail address": {file: "http:\n  acme: meet.example.com\n  acmeEmail: ops\n", reason: "BAD_VALUE"},
		"bad IP":            {file: "media:\n  publicIps: [example.com]\n", reason: "BAD_VALUE"},
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

// What is written otherwise and means the same is taken: a byte order mark, other line ends, a document that is begun,
// and two servers' worth of addresses.
func TestFilesThatLoad(t *testing.T) {
	for _, file := range []string{
		"\ufefflog:\r\n  level: debug\r\n", "---\nlog:\n  level: debug\n...\n", `{"log": {"level": "debug"}}`,
		"log:\n  level: debug\nhttp:\n  address: 127.0.0.1:9\nmedia:\n  address: 127.0.0.2:9\n",
		"log:\n  level: debug\nhttp:\n  address: 127.0.0.1:0\nmedia:\n  address: 127.0.0.1:0\n",
	} {
		c, err := Load(write(t, file), nil)
		require.NoError(t, err, "%q", file)
		require.Equal(t, slog.LevelDebug, c.Log.Level, "%q", file)
	}
}

func TestOriginsAreWrittenAsBrowsersDo(t *testing.T) {
	c, err := Load(
		"",
		[]string{"KLATCH_HTTP_ORIGINS=HTTPS://App.Example.com:443/, http://b.example:8080,https://*.c.example,null"},
	)
	require.NoError(t, err)
	require.Equal(
		t,
		[]string{"https://app.example.com", "http://b.example:8080", "https://*.c.example", "null"},
		c.HTTP.Origins,
	)
}

func TestServiceLinksOfKubernetesAreIgnored(t *testing.T) {
	links := []string{
		"KLATCH_SERVICE_HOST=10.96.0.12",
		"KLATCH_SERVICE_PORT=4000",
		"KLATCH_SERVICE_PORT_HTTP=4000",
		"KLATCH_PORT=tcp://10.96.0.12:4000",
		"KLATCH_PORT_4000_TCP=tcp://10.96.0.12:4000",
		"KLATCH_PORT_4000_TCP_PROTO=tcp",
		"KLATCH_PORT_4000_TCP_PORT=4000",
		"KLATCH_PORT_4000_TCP_ADDR=10.96.0.12",
		"KLATCH_PORT_4001_UDP=udp://[fd00::1]:4001",
		"KLATCH_PORT_4001_UDP_ADDR=fd00::1",
		"KLATCH_MEDIA_SERVICE_HOST=10.96.0.13",
		"KLATCH_MEDIA_PORT=udp://10.96.0.13:4001",
		"KLATCH_MEDIA_PORT_4001_UDP_PROTO=udp",
		"KLATCH_HTTP_PORT=tcp://10.96.0.12:80",
		"KLATCH_HTTP_SERVICE_PORT_WEB=80",
		"KLATCH_NAME=/web/klatch", // these three are of Docker
		"KLATCH_MEDIA_NAME=/web/klatch-media",
		"KLATCH_ENV_TZ=UTC",
	}
	c, err := Load("", append([]string{"KLATCH_HTTP_ADDRESS=127.0.0.1:1"}, links...))
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:1", c.HTTP.Address)
	require.Len(t, c.ServiceLinks, len(links))
	for name, nearest := range map[string]string{
		"KLATCH_PORT=4000": "KLATCH_HTTP_ADDRESS", "KLATCH_HTTP_PORT=4000": "", "KLATCH_SERVICE_HOST=meet": "",
		"KLATCH_LOG_LEVL=info": "KLATCH_LOG_LEVEL",
		"KLATCH_NAME=meet":     "", "KLATCH_NAME=/meet": "",
		"KLATCH_PORT_4000_TCP=4000": "", "KLATCH_SERVICE_PORTS=4000": "",
		"KLATCH_ADMIN_TOKN=a-token-of-admins": "KLATCH_ADMIN_TOKEN",
	} {
		_, err := Load("", []string{name})
		var f *fault.Error
		require.ErrorAs(t, err, &f, name)
		require.Equal(t, "UNKNOWN_SETTING", f.Reason)
		if nearest != "" {
			require.Equal(t, nearest, f.Details["nearest"])
		}
	}
}

// A secret that was read from a file has a newline at its end; what stands inside of it is no white space.
func TestSecretsAreTrimmed(t *testing.T) {
	s3 := []string{
		"KLATCH_STORAGE_S3_ENDPOINT=https://s3.example.org",
		"KLATCH_STORAGE_S3_BUCKET=b\n",
		"KLATCH_STORAGE_S3_ACCESS_KEY=access\r\n",
		"KLATCH_STORAGE_S3_SECRET_KEY= planted-secret \n",
		"KLATCH_ADMIN_TOKEN=adm_0123456789abcdef\n",
		"KLATCH_DATABASE_URL=postgres://a:b@c/d\n",
	}
	c, err := Load(write(t, "storage:\n  s3Region: \"eu-west-1\\n\"\n"), s3)
	require.NoError(t, err)
	require.Equal(t, "adm_0123456789abcdef", c.Admin.Token)
	require.Equal(t, "access", c.Storage.S3AccessKey)
	require.Equal(t, "planted-secret", c.Storage.S3SecretKey)
	require.Equal(t, "b", c.Storage.S3Bucket)
	require.Equal(t, "eu-west-1", c.Storage.S3Region)
	require.Equal(t, "postgres://a:b@c/d", c.Database.URL)
	for _, bad := range []string{"KLATCH_ADMIN_TOKEN=adm_0123456789 abcdef", "KLATCH_ADMIN_TOKEN=adm_0123456789\nabcdef",
		"KLATCH_ADMIN_TOKEN=adm_0123456789äbcdef",
		"KLATCH_STORAGE_S3_SECRET_KEY=planted secret", "KLATCH_STORAGE_S3_ACCESS_KEY=planted\nsecret",
		"KLATCH_DATABASE_URL=postgres://a:planted\nsecret@c/d"} {
		_, err := Load("", []string{bad})
		var f *fault.Error
		require.ErrorAs(t, err, &f, bad)
		require.Equal(t, "BAD_VALUE", f.Reason)
		require.NotContains(t, f.Detail, "planted")
		require.NotContains(t, f.Detail, "0123456789")
	}
}

// A password with characters that a URL reserves would be cut at them, and its rest be taken for the name of a host,
// which errors show.
func TestDatabasePasswordsAreEncoded(t *testing.T) {
	for _, bad := range []string{
		"postgres://klatch:plan@ted#planted/planted@db:5432/klatch", "postgres://klatch:planted/planted@db/klatch",
		"postgres://klatch:planted#planted@db/klatch", "postgresql://klatch:planted?planted@db/klatch",
		"postgres://klatch:pla@nted@db/klatch", "postgres://klatch:planted%@db/klatch",
	} {
		_, err := Load("", []string{"KLATCH_DATABASE_URL=" + bad})
		var f *fault.Error
		require.ErrorAs(t, err, &f, bad)
		require.Equal(t, "BAD_VALUE", f.Reason)
		require.NotContains(t, f.Detail, "ted")
		require.Contains(t, f.Detail, "%40")
	}
	for _, good := range []string{
		"postgres://klatch:p%40ss%2Fw%23@db:5432/klatch?sslmode=require", "postgres:///klatch?host=/run/postgresql",
		"postgres://db/klatch?user=a@b&password=c", "postgres://a:b@h1:5432,h2:5433/klatch", "sqlite:///srv/a@b#c.db",
		"/srv/a@b/c#d.db", "postgres://%2Frun%2Fpostgresql/klatch", "postgres://klatch:s3cret:x@[::1]:5432/klatch",
	} {
		_, err := Load("", []string{"KLATCH_DATABASE_URL=" + good})
		require.NoError(t, err, good)
	}
}

// With ACME the names are enough: ports and public address follow from them, unless they are set.
func TestACMEDefaults(t *testing.T) {
	c, err := Load(write(t, "http:\n  acme: [Meet.Example.com., bücher.example]\n"), nil)
	require.NoError(t, err)
	require.Equal(t, []string{"meet.example.com", "xn--bcher-kva.example"}, c.HTTP.ACME)
	require.Equal(t, ":443", c.HTTP.Address)
	require.Equal(t, ":80", c.HTTP.RedirectAddress)
	require.Equal(t, "https://meet.example.com", c.HTTP.PublicURL)
	require.True(t, c.IsTLS())

	c, err = Load("", []string{"KLATCH_HTTP_ACME=meet.example.com", "KLATCH_HTTP_ADDRESS=:4000",
		"KLATCH_HTTP_REDIRECT_ADDRESS=", "KLATCH_HTTP_PUBLIC_URL=https://example.com"})
	require.NoError(t, err)
	require.Equal(t, ":4000", c.HTTP.Address)
	require.Empty(t, c.HTTP.RedirectAddress)
	require.Equal(t, "https://example.com", c.HTTP.PublicURL)

	c, err = Load("", []string{"KLATCH_HTTP_ACME=meet.example.com", "KLATCH_HTTP_ADDRESS=:4000"})
	require.NoError(t, err)
	require.Equal(t, "https://meet.example.com:4000", c.HTTP.PublicURL)
}

func TestOneSettingForTheMediaPorts(t *testing.T) {
	c, err := Load("", []string{"KLATCH_MEDIA_ADDRESS=:5001"})
	require.NoError(t, err)
	udp, _ := c.MediaUDP()
	tcp, setting := c.MediaTCP()
	require.Equal(t, []string{":5001", ":5001", "media.address"}, []string{udp, tcp, setting})
	c, err = Load("", []string{"KLATCH_MEDIA_ADDRESS=:5001", "KLATCH_MEDIA_TCP_ADDRESS=:443"})
	require.NoError(t, err)
	udp, _ = c.MediaUDP()
	tcp, setting = c.MediaTCP()
	require.Equal(t, []string{":5001", ":443", "media.tcpAddress"}, []string{udp, tcp, setting})
}

func TestPublicIPs(t *testing.T) {
	c, err := Load("", []string{"KLATCH_MEDIA_PUBLIC_IPS=192.0.2.1, ::ffff:192.0.2.1,2001:db8::1"})
	require.NoError(t, err)
	require.Equal(t, []string{"192.0.2.1", "2001:db8::1"}, c.Media.PublicIPs)
	for _, bad := range []string{"0.0.0.0", "::", "224.0.0.1", "ff02::1", "255.255.255.255", "fe80::1%eth0",
		"192.0.2.1;192.0.2.2", "192.0.2.0/24"} {
		_, err := Load("", []string{"KLATCH_MEDIA_PUBLIC_IPS=192.0.2.7," + bad})
		require.ErrorContains(t, err, "media.publicIps", bad)
	}
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

func TestGeneratedFilesAreCurrent(t *testing.T) {
	for path, want := range map[string]string{
		"../../docs/configuration.md": Reference(),
		"../../deploy/klatch.yaml":    Packaged(),
	} {
		if *update {
			require.NoError(t, os.WriteFile(path, []byte(want), 0o644))
		}
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, want, string(got), "run go test ./internal/conf -update")
	}
	c, err := Load("../../deploy/klatch.yaml", nil)
	require.NoError(t, err)
	require.Equal(t, "/var/lib/klatch", c.Data.Dir)
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
