package encoder

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/guard"
)

// A writer that panics ends the encoding, which says so.
func TestAPanicEndsTheEncoding(t *testing.T) {
	e, err := Start(t.Context(), Config{FFmpeg: "ffmpeg", Stall: 200 * time.Millisecond})
	require.NoError(t, err)
	e.write("sound", func(*os.File) { panic("boom") }, nil)
	<-e.Done()
	var panicked *guard.PanicError
	require.ErrorAs(t, e.Close(t.Context()), &panicked)
	require.ErrorContains(t, panicked, "panic in the encoder's sound: boom")
}
