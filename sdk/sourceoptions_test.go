package sdk

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCardOptions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		options CardOptions
		want    string
	}{
		{CardOptions{}, "test card 640x360"},
		{CardOptions{Width: 1280}, "test card 1280x720"},
		{CardOptions{Height: 180}, "test card 320x180"},
		{CardOptions{Width: 100}, "test card 100x56"},
		{CardOptions{Width: 320, Height: 240}, "test card 320x240"},
	} {
		require.Equal(t, c.want, TestCard(c.options).Name(), "%+v", c.options)
	}
	one, err := TestCard(CardOptions{Layers: 1, FPS: 5}).Open(Video)
	require.NoError(t, err)
	_, layered := one.(LayeredReader)
	require.False(t, layered)
	for _, wrong := range []CardOptions{{Width: -1}, {Height: 5000}, {FPS: -1}, {FPS: 121}, {Layers: 4}} {
		_, err := TestCard(wrong).Open(Video)
		require.ErrorAs(t, err, new(*FormatError), "%+v", wrong)
	}
}

func TestFileOptionsFPS(t *testing.T) {
	t.Parallel()
	for _, fps := range []int{-1, 121} {
		_, err := FileSource("any.h264", FileOptions{FPS: fps}).Open(Video)
		require.ErrorContains(t, err, "FileOptions.FPS")
	}
}
