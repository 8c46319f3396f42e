package wire

import (
	"regexp"
	"strings"

	"github.com/klatch/klatch/fault"
)

// What the names of clients may look like: they come from outside, and stand in lists and counts.
var (
	sdkName    = regexp.MustCompile(`^[a-z][a-z0-9-]{0,15}$`)
	sdkVersion = regexp.MustCompile(`^[0-9][0-9A-Za-z.+-]{0,19}$`)
	product    = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9._-]{0,23})/([0-9]{1,5}(\.[0-9]{1,5}){0,3})`) // RFC 9110, 10.1.5
)

// browsers finds a browser in a user agent, the first that matches: most of them call themselves Chrome and Safari,
// too.
var browsers = []struct {
	name string
	form *regexp.Regexp
}{
	{"Edge", regexp.MustCompile(`\bEdg(?:A|iOS)?/([0-9]{1,4})`)},
	{"Opera", regexp.MustCompile(`\bOPR/([0-9]{1,4})`)},
	{"Samsung", regexp.MustCompile(`\bSamsungBrowser/([0-9]{1,4})`)},
	{"Firefox", regexp.MustCompile(`\b(?:Firefox|FxiOS)/([0-9]{1,4})`)},
	{"Chrome", regexp.MustCompile(`\b(?:HeadlessChrome|Chrome|CriOS)/([0-9]{1,4})`)},
	{"Safari", regexp.MustCompile(`\bVersion/([0-9]{1,4})[0-9.]* (?:Mobile/\S+ )?Safari/`)},
}

// maxUserAgent bytes are looked at.
const maxUserAgent = 512

// FaultClient returns the names under which faults of this client are listed: the SDK with its version, and the browser
// with its main version. What has another form is left out.
func (c ClientInfo) FaultClient() fault.Client {
	var out fault.Client
	if sdkName.MatchString(c.SDKType) {
		out.SDK = c.SDKType
		if sdkVersion.MatchString(c.SDKVersion) {
			out.SDK += "/" + c.SDKVersion
		}
	}
	out.Browser = browserOf(c.BrowserUserAgent)
	return out
}

func browserOf(userAgent string) string {
	userAgent = userAgent[:min(len(userAgent), maxUserAgent)]
	for _, b := range browsers {
		if found := b.form.FindStringSubmatch(userAgent); found != nil {
			return b.name + "/" + found[1]
		}
	}
	return ""
}

// AgentClient returns the names under which faults of an HTTP client are listed: its browser, or its first product.
func AgentClient(userAgent string) fault.Client {
	out := fault.Client{Browser: browserOf(userAgent)}
	if found := product.FindString(userAgent); found != "" && !strings.HasPrefix(found, "Mozilla/") {
		out.SDK = found
	}
	return out
}
