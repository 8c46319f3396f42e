package decoder

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/picture"
)

// What waits to be shown is bounded in bytes, too.
func TestKeepsFewLargePictures(t *testing.T) {
	require.Equal(t, maxAhead, maxAheadOf(picture.New(1280, 720)))
	require.Equal(t, 7, maxAheadOf(picture.New(4096, 2304)))
}
