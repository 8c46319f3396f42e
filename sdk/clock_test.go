package sdk_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/sdk"
)

// TestClockWrong has the server tell another time than this clock does, as one with another clock does; then its own.
func TestClockWrong(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	var right atomic.Bool
	proxy := p.house.Proxy(t)
	proxy.Edit(func(down bool, frame string) (string, bool) {
		if before, after, ok := strings.Cut(frame, `"result":{"serverTime":"`); down && ok && !right.Load() {
			at, end, _ := strings.Cut(after, `"`)
			if told, err := time.Parse(time.RFC3339Nano, at); err == nil {
				return before + `"result":{"serverTime":"` + told.Add(-90*time.Second).Format(time.RFC3339Nano) + `"` + end, true
			}
		}
		return frame, true
	})
	p.url = proxy.URL
	ann := p.joined("ann", nil)
	f := told(ann, func(e sdk.ErrorEvent) bool { return e.Fault.Code == 3106 }).Fault
	require.Equal(t, "CLOCK_WRONG", f.Reason)
	require.InDelta(t, 90, f.Details["offBySec"], 2)
	require.EqualValues(t, 60, f.Details["leewaySec"])
	right.Store(true)
	require.Equal(t, f.ID, told[sdk.FaultCleared](ann, nil).ID)
	require.Len(t, ann.all("error"), 1)
}
