package drill_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/drill"
	"github.com/klatch/klatch/internal/rest/client"
	"github.com/klatch/klatch/internal/testserver"
)

// Every drill makes its fault happen on a real server, and the timeline has those that a server can know.
func TestDrills(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	admin, err := client.New(h.URL, h.InProcess.AdminToken())
	require.NoError(t, err)
	known := map[string]bool{}
	for _, e := range fault.Catalogue() {
		known[strconv.Itoa(e.Code)+"."+e.Reason] = true
	}
	for _, d := range drill.All() {
		t.Run(d.Key, func(t *testing.T) {
			t.Parallel()
			require.True(t, known[d.Key])
			result, err := d.Run(t.Context(), drill.Options{URL: h.URL, Admin: admin})
			require.NoError(t, err)
			require.NotEmpty(t, result.Fault.ID)
			require.NotEmpty(t, result.Fault.Detail)
			require.NotEmpty(t, result.Fault.Remedy)
		})
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	d, ok := drill.Find("4009.limit")
	require.True(t, ok)
	require.Equal(t, "4009.LIMIT", d.Key)
	d, ok = drill.Find("5103")
	require.True(t, ok)
	require.Equal(t, "5103.DNS", d.Key)
	_, ok = drill.Find("9999")
	require.False(t, ok)
}

// What is kept can be made to happen again by its link.
func TestKeep(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	admin, err := client.New(h.URL, h.InProcess.AdminToken())
	require.NoError(t, err)
	d, _ := drill.Find("4002.EXPIRED")
	for _, keep := range []bool{true, false} {
		result, err := d.Run(t.Context(), drill.Options{URL: h.URL, Admin: admin, Keep: keep})
		require.NoError(t, err)
		require.Contains(t, result.Link, h.URL+"/meet/"+result.MeetingID+"#token=")
		var account struct{ State string }
		require.NoError(t, admin.Call(t.Context(), "GET", "/admin/v1/accounts/"+result.AccountID, nil, nil, &account))
		require.Equal(t, map[bool]string{true: "active", false: "deactivated"}[keep], account.State)
	}
}
