package load

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testserver"
)

// TestLimitsOfAnAddress meets the limits that a server has for one address: the error names their settings.
func TestLimitsOfAnAddress(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		reason string
		set    func(*conf.Config)
	}{
		"joins":   {fault.ReasonAddressJoins, func(c *conf.Config) { c.Limit.JoinsPerAddress = 1 }},
		"sockets": {fault.ReasonAddressSockets, func(c *conf.Config) { c.Limit.SocketsPerAddress = 1 }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := testserver.Start(t, tt.set)
			account := h.Account(t, nil)
			h.Dial(t) // a socket that has not joined
			target, err := Klatch(h.URL, account.Token(t), account.Meeting(t, nil))
			require.NoError(t, err)
			_, err = Run(t.Context(), target, Scenario{Subscribers: 12, Duration: time.Millisecond}, func(string) {})
			require.True(t, fault.Is(err, fault.CodeRateLimited, tt.reason), "%v", err)
			require.ErrorContains(t, err, "limit.joinsPerAddress and limit.socketsPerAddress 0")
		})
	}
}
