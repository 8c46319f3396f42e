package conf

import (
	"testing"

	"github.com/klatch/klatch/fault"
	"github.com/stretchr/testify/require"
)

func TestTURNURLs(t *testing.T) {
	for given, want := range map[string]string{
		"turn:turn.example.com":                           "turn:turn.example.com",
		"TURNS:Turn.Example.com:443?transport=tcp":        "turns:turn.example.com:443?transport=tcp",
		"turn:192.0.2.1:3478?transport=udp":               "turn:192.0.2.1:3478?transport=udp",
		"turn:[2001:db8::1]:3478":                         "turn:[2001:db8::1]:3478",
		"turn:[2001:db8::1]":                              "turn:[2001:db8::1]",
		"turn:bücher.example":                             "turn:xn--bcher-kva.example",
		"":                                                "",
		"https://turn.example.com":                        "refused",
		"turn.example.com:3478":                           "refused",
		"turn:":                                           "refused",
		"turn:turn.example.com:0":                         "refused",
		"turn:turn.example.com:70000":                     "refused",
		"turn:turn.example.com:":                          "refused",
		"turn:turn.example.com:3478?transport=sctp":       "refused",
		"turns:turn.example.com:3478?transport=udp":       "refused",
		"turn:turn.example.com?transport=tcp&x=1":         "refused",
		"turn:user:secret@turn.example.com":               "refused",
		"turn://turn.example.com":                         "refused",
		"turn:2001:db8::1":                                "refused",
		"turn:0.0.0.0":                                    "refused",
		"stun:stun.example.com":                           "refused",
		"turn:a.example,turn:b.example ,  turn:a.example": "turn:a.example,turn:b.example",
		"turn:a.b,turn:b.b,turn:c.b,turn:d.b,turn:e.b,turn:f.b,turn:g.b,turn:h.b,turn:i.b": "refused",
	} {
		var list []string
		v := turnURLs{&list}
		want0, ok := v.set(given)
		if want == "refused" {
			require.False(t, ok, given)
			require.NotEmpty(t, want0)
			continue
		}
		require.True(t, ok, given)
		require.Equal(t, want, v.String())
	}
}

func TestTURNSettingsBelongTogether(t *testing.T) {
	const urls, secret = "KLATCH_TURN_EXTERNAL_URLS=turn:turn.example.com", "KLATCH_TURN_EXTERNAL_SECRET=north-wind"
	const name, password = "KLATCH_TURN_EXTERNAL_USERNAME=ann", "KLATCH_TURN_EXTERNAL_PASSWORD=south-wind"
	for _, test := range []struct {
		environ []string
		reason  string // "": it loads
		key     string
	}{
		{[]string{urls, secret}, "", ""},
		{[]string{urls, name, password}, "", ""},
		{[]string{"KLATCH_TURN_ENABLED=true"}, "", ""},
		{[]string{
			"KLATCH_TURN_ENABLED=true", "KLATCH_TURN_ADDRESS=", "KLATCH_HTTP_CERT_FILE=a", "KLATCH_HTTP_KEY_FILE=b",
		}, "", ""},
		{[]string{"KLATCH_TURN_ENABLED=true", "KLATCH_TURN_ADDRESS="}, "NEEDS_SETTING", "turn.enabled"},
		{[]string{"KLATCH_TURN_ADDRESS=:3478"}, "NEEDS_SETTING", "turn.address"},
		{[]string{"KLATCH_TURN_HOST=turn.example.com"}, "NEEDS_SETTING", "turn.host"},
		{[]string{"KLATCH_TURN_ENABLED=true", "KLATCH_TURN_HOST=turn.example.com:3478"}, "BAD_VALUE", "turn.host"},
		{[]string{"KLATCH_TURN_ENABLED=true", "KLATCH_TURN_CREDENTIAL_LIFE=1s"}, "BAD_VALUE", "turn.credentialLife"},
		{[]string{urls}, "NEEDS_SETTING", "turn.externalUrls"},
		{[]string{secret}, "NEEDS_SETTING", "turn.externalSecret"},
		{[]string{urls, name}, "NEEDS_SETTING", "turn.externalUsername"},
		{[]string{urls, password}, "NEEDS_SETTING", "turn.externalPassword"},
		{[]string{name, password}, "NEEDS_SETTING", "turn.externalUsername"},
		{[]string{"KLATCH_TURN_EXTERNAL_URLS=turn:ann:south-wind@turn.example.com"}, "BAD_VALUE", "turn.externalUrls"},
		{[]string{urls, "KLATCH_TURN_EXTERNAL_SECRET=south-wind and more"}, "BAD_VALUE", "turn.externalSecret"},
	} {
		_, err := Load("", test.environ)
		if test.reason == "" {
			require.NoError(t, err, test.environ)
			continue
		}
		f := fault.From(err)
		require.Equal(t, test.reason, f.Reason, test.environ)
		require.Equal(t, test.key, f.Details["key"], test.environ)
		require.NotContains(t, f.Error()+f.Detail+f.Remedy, "-wind", "no secret is shown")
	}
	_, err := Load("", []string{urls, secret, name, password})
	require.Equal(t, "EXCLUSIVE_SETTINGS", fault.From(err).Reason)
}
