package sdk_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/sdk"
)

// TestRecovery meets each fault of the catalogue in each way in which a server can end a participation or refuse its
// resume or join. The browser SDK has the same test (web/sdk/test/recovery.test.ts), with the same expectation: the
// rules of the catalogue.
func TestRecovery(t *testing.T) {
	t.Parallel()
	for _, entry := range fault.Catalogue() {
		f := entryOf(entry)
		t.Run(entry.Key()+"/resume", func(t *testing.T) {
			t.Parallel()
			refused := false
			s := script(t, func(c *scriptedConn, r wire.Request) bool {
				if r.Method != wire.MethodResume || refused {
					return false
				}
				refused = true
				c.refuse(r, f)
				return true
			})
			m := s.join(nil)
			s.last().cut()
			next := map[fault.Recovery]string{fault.Retry: wire.MethodResume, fault.Rejoin: wire.MethodJoin}[entry.OnResume]
			recovers(t, s, m, entry, wire.MethodResume, next)
		})
		t.Run(entry.Key()+"/join", func(t *testing.T) {
			t.Parallel()
			refused := false
			s := script(t, func(c *scriptedConn, r wire.Request) bool {
				if r.Method != wire.MethodJoin || refused {
					return false
				}
				refused = true
				c.refuse(r, f)
				return true
			})
			m, err := sdk.InitMeeting(sdk.Options{URL: s.url, Token: "token", MeetingID: "abcd-efgh-ijkl"})
			require.NoError(t, err)
			err = m.Join(t.Context())
			if entry.Passes {
				require.NoError(t, err)
				require.NoError(t, m.Leave(t.Context()))
				require.Len(t, s.entries(), 2)
				return
			}
			require.True(t, fault.Is(err, entry.Code, entry.Reason), "%v", err)
			require.Len(t, s.entries(), 1)
		})
		if f.CloseCode() == f.Code || f.Code == 5101 || f.Code == 5102 { // the close code tells the code
			t.Run(entry.Key()+"/close", func(t *testing.T) {
				t.Parallel()
				s := script(t, nil)
				m := s.join(nil)
				s.last().close(f)
				next := map[fault.Recovery]string{fault.Retry: wire.MethodResume, fault.Rejoin: wire.MethodJoin}[entry.OnResume]
				recovers(t, s, m, entry, next)
			})
		}
		t.Run(entry.Key()+"/meeting-left", func(t *testing.T) {
			t.Parallel()
			s := script(t, nil)
			m := s.join(nil)
			s.last().event(wire.MeetingLeft{Reason: wire.RoomClose.Reason(), Fault: f})
			next := map[fault.Recovery]string{fault.Rejoin: wire.MethodJoin}[entry.OnResume]
			s.last().cut()
			recovers(t, s, m, entry, next)
		})
	}
}

// recovers waits until the client has sent these requests after its join and is connected again; where the last one is
// "" its participation ends with the fault. The fault is told once, and not at all where the client only tries again.
func recovers(t *testing.T, s *scripted, m *sdk.Meeting, entry fault.Entry, requests ...string) {
	t.Helper()
	want := []string{wire.MethodJoin}
	for _, request := range requests {
		if request != "" {
			want = append(want, request)
		}
	}
	ends := requests[len(requests)-1] == ""
	rejoins := requests[len(requests)-1] == wire.MethodJoin
	require.Eventually(t, func() bool {
		over := m.State() == sdk.Failed || m.State() == sdk.Disconnected
		back := len(s.entries()) >= len(want) && m.State() == sdk.Connected
		return (ends && over || !ends && back) && (!ends && !rejoins || len(s.told()) > 0)
	}, 10*time.Second, 5*time.Millisecond)
	require.Equal(t, want, s.entries())
	told := s.told()
	if !ends && !rejoins {
		require.Empty(t, told)
		return
	}
	require.Len(t, told, 1)
	require.Equal(t, entry.Code, told[0].Code)
	require.Equal(t, entry.Reason, told[0].Reason)
	require.Equal(t, "flt_01KAN2Z3QH8Y7M4V0C9T5W6XRD", told[0].ID)
	if rejoins {
		require.False(t, told[0].Fatal)
	}
}
