// Package s3test runs a real S3-compatible server for tests: versitygw, which keeps objects as files in a directory.
// `make tools` installs it.
package s3test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testprocess"
)

// Bucket is an empty bucket of a running server, and who may use it.
type Bucket struct {
	Endpoint  string
	Name      string
	AccessKey string
	SecretKey string
}

// SecretKey is what no log, answer or database may hold.
const SecretKey = "planted-s3-secret"

// Start runs a server until the test ends. Without the program the test is skipped, aloud.
func Start(t testing.TB) Bucket {
	t.Helper()
	program := find(t)
	if program == "" {
		t.Skip("NO S3 SERVER: run `make tools`, or `go install github.com/versity/versitygw/cmd/versitygw@v1.8.0`")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	b := Bucket{Endpoint: "http://" + address, Name: "recordings", AccessKey: "test-access", SecretKey: SecretKey}

	server := testprocess.Command(program, "--port", address, "posix", t.TempDir())
	server.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+b.AccessKey, "ROOT_SECRET_KEY="+b.SecretKey)
	server.Dir = t.TempDir()
	testprocess.Start(t, server)
	client, err := minio.New(address, &minio.Options{Creds: credentials.NewStaticV4(b.AccessKey, b.SecretKey, "")})
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		return client.MakeBucket(t.Context(), b.Name, minio.MakeBucketOptions{}) == nil
	}, 20*time.Second, 50*time.Millisecond, "the S3 server does not answer")
	return b
}

func find(t testing.TB) string {
	if program, err := exec.LookPath("versitygw"); err == nil {
		return program
	}
	gopath, err := exec.CommandContext(t.Context(), "go", "env", "GOPATH").Output()
	require.NoError(t, err)
	program, err := exec.LookPath(filepath.Join(strings.TrimSpace(string(gopath)), "bin", "versitygw"))
	if err != nil {
		return ""
	}
	return program
}
