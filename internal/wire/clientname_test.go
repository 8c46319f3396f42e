package wire

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
)

func TestFaultClient(t *testing.T) {
	const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
	for agent, want := range map[string]string{
		chrome:                  "Chrome/141",
		chrome + " Edg/140.0.1": "Edge/140",
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox/140",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 " +
			"Mobile/15E148 Safari/604.1": "Safari/18",
		"curl/8.5.0": "", strings.Repeat("x", 5000) + chrome: "", "": "",
	} {
		got := ClientInfo{SDKType: "web", SDKVersion: "0.9.0", BrowserUserAgent: agent}.FaultClient()
		require.Equal(t, fault.Client{SDK: "web/0.9.0", Browser: want}, got, agent)
	}
	require.Equal(t, fault.Client{SDK: "go"}, ClientInfo{SDKType: "go", SDKVersion: "<b>"}.FaultClient())
	require.Equal(t, fault.Client{}, ClientInfo{SDKType: "JS\n"}.FaultClient())
	require.Equal(t, fault.Client{SDK: "axios/1.7.2"}, AgentClient("axios/1.7.2"))
	require.Equal(t, fault.Client{Browser: "Chrome/141"}, AgentClient(chrome))
	require.Equal(t, fault.Client{}, AgentClient("\x00/1"))
}
