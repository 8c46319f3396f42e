package fault_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
)

func TestRebuildKeepsIDAndMakesWordsAnew(t *testing.T) {
	told := fault.MediaConnectionLostUDPBlocked("publish", "192.0.2.1", []string{"host"}, nil, nil, 15*time.Second)
	raw, err := json.Marshal(told)
	require.NoError(t, err)
	var got fault.Error
	require.NoError(t, json.Unmarshal(raw, &got))
	got.Detail, got.Remedy, got.Message, got.Fatal = "<script>", "", "ours", true

	again, err := fault.Rebuild(got)
	require.NoError(t, err)
	require.Equal(t, told.ID, again.ID)
	require.Equal(t, told.Detail, again.Detail)
	require.Equal(t, told.Remedy, again.Remedy)
	require.Equal(t, told.Message, again.Message)
	require.False(t, again.Fatal)
}

func TestRebuildRefuses(t *testing.T) {
	good := *fault.StartingVideoSourceFormat("a.ivf", "VP8", "H264")
	for name, spoil := range map[string]func(*fault.Error){
		"unknown reason":   func(f *fault.Error) { f.Reason = "MADE_UP" },
		"foreign id":       func(f *fault.Error) { f.ID = "x" },
		"foreign cause":    func(f *fault.Error) { f.CauseID = "x" },
		"missing detail":   func(f *fault.Error) { f.Details = map[string]any{"source": "a"} },
		"other detail":     func(f *fault.Error) { f.Details = map[string]any{"source": "a", "got": "b", "wish": "c"} },
		"detail of a type": func(f *fault.Error) { f.Details = map[string]any{"source": 1.0, "got": "b", "want": "c"} },
	} {
		t.Run(name, func(t *testing.T) {
			bad := good
			spoil(&bad)
			_, err := fault.Rebuild(bad)
			require.Error(t, err)
		})
	}
}
