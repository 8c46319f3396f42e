package testbrowser

import (
	"github.com/chromedp/cdproto/network"
	"github.com/stretchr/testify/require"
)

// SlowUploads slows down what the page sends to addresses of a pattern (URLPattern), to that many bytes a second; 0
// ends it. Sockets stay as they are. Only Chromium does it.
func (p *Page) SlowUploads(pattern string, bytesPerSecond int) {
	p.t.Helper()
	c, ok := p.tab.(*chromiumTab)
	require.True(p.t, ok, "only Chromium slows uploads down")
	rules := []*network.Conditions{}
	if bytesPerSecond > 0 {
		rules = append(rules, &network.Conditions{
			URLPattern: pattern, DownloadThroughput: -1, UploadThroughput: float64(bytesPerSecond),
		})
	}
	err := c.do(call(network.Enable, network.EnableParams{}),
		call(network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: rules,
		}))
	require.NoError(p.t, err, "slow uploads down")
}
