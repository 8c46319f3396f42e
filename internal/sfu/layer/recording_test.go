package layer_test

import (
	"bytes"
	"encoding/gob"
	"os"
	"path/filepath"
	"testing"

	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"
)

func newRegistry(t *testing.T, engine *webrtc.MediaEngine) *interceptor.Registry {
	registry := &interceptor.Registry{}
	require.NoError(t, webrtc.RegisterDefaultInterceptors(engine, registry))
	return registry
}

func marshal(packets []recorded) []byte {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(packets); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func recording(t testing.TB, name string) (packets []recorded) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name+".rec"))
	require.NoError(t, err)
	require.NoError(t, gob.NewDecoder(bytes.NewReader(b)).Decode(&packets))
	return packets
}
