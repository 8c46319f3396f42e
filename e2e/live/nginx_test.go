package live

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testprocess"
)

// nginx is the real RTMP server (Debian: nginx, libnginx-mod-rtmp). It keeps what it is sent in records.
type nginx struct {
	*testprocess.Process
	port    string
	records string
}

func startNginx(t *testing.T, port string) *nginx {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		program = "/usr/sbin/nginx" // not in the path of ordinary users
	}
	dir := t.TempDir()
	s := &nginx{port: port, records: filepath.Join(dir, "records")}
	require.NoError(t, os.Mkdir(s.records, 0o700))
	config := fmt.Sprintf(`load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
user root; daemon off; master_process off; pid %[1]s/pid; error_log %[1]s/error.log info;
events { worker_connections 64; }
rtmp { server {
	listen 127.0.0.1:%[2]s;
	application live { live on; wait_key on; record all; record_path %[1]s/records; }
} }
`, dir, port)
	file := filepath.Join(dir, "nginx.conf")
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
	var words bytes.Buffer
	command := testprocess.Command(program, "-c", file, "-p", dir, "-e", filepath.Join(dir, "error.log"))
	command.Stdout, command.Stderr = &words, &words
	s.Process = testprocess.Start(t, command)
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", "127.0.0.1:"+port)
		return err == nil && conn.Close() == nil
	}, waitLimit, 20*time.Millisecond, "nginx does not start: %s", &words)
	return s
}

func (s *nginx) url() string { return "rtmp://127.0.0.1:" + s.port + "/live" }

// record is what it has kept of a stream.
func (s *nginx) record(key string) string { return filepath.Join(s.records, key+".flv") }
