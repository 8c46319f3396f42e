package misuse

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testnet"
	"github.com/klatch/klatch/internal/testserver"
)

// environment is one server with the bystanders' meeting and an account of those who misuse it.
type environment struct {
	*testserver.Server
	account    testserver.Account
	meeting    string
	media      string // UDP and TCP address of the server's media
	bystanders *bystanders
}

// misuses maps what somebody does wrong to the doing of it, which asserts the fault.
type misuses map[string]func(*testing.T, *environment)

func TestMisuse(t *testing.T) {
	media := fmt.Sprint("127.0.0.1:", testnet.FreePort(t))
	h := testserver.Start(t, func(c *conf.Config) {
		c.Log.Level = slog.LevelDebug // no secret shows there either
		c.Media.UDPAddress, c.Media.TCPAddress = media, media
		c.Limit.MessagesPerSecond = 100
	})
	w := &environment{Server: h, account: h.Account(t, nil), media: media, bystanders: startBystanders(t, h)}
	w.meeting = w.account.Meeting(t, nil)
	eve := w.hostileMember(t)
	w.bystanders.watchEvents(t)
	for _, group := range []misuses{tokens, ids, sockets, calls, networks, programs} {
		for _, name := range slices.Sorted(maps.Keys(group)) {
			t.Run(name, func(t *testing.T) { group[name](t, w) })
			w.bystanders.checkFlow(t)
		}
	}
	eve(t)
	w.bystanders.checkFlow(t)
	require.False(t, h.Logged("panic"), "something panicked")
	for _, secret := range []string{
		w.account.Secret, w.bystanders.account.Secret, w.account.Token(t), h.InProcess.AdminToken(),
	} {
		require.False(t, h.Logged(secret), "a secret is in the log")
	}
}

// check asserts that a fault is this one, "4002.EXPIRED", that its detail contains a text, and that it holds no secret.
func (w *environment) check(t *testing.T, f *fault.Error, want, says string) {
	t.Helper()
	require.NotNil(t, f, "it went through")
	require.Equal(t, want, fmt.Sprintf("%d.%s", f.Code, f.Reason), f.Detail)
	require.Contains(t, f.Detail, says)
	require.NotEmpty(t, f.Remedy)
	require.NotContains(t, fmt.Sprintf("%+v %v", f, f.Details), w.account.Secret)
}
