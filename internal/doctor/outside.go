package doctor

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/certificate"
	"github.com/klatch/klatch/sdk"
)

// Outside checks a server as clients reach it.
type Outside struct {
	URL string // of the server, without a slash at its end
	// AdminToken has the server say why it is not ready and what lasts; "": it says only that. AdminURL is where it is
	// taken, when http.adminAddress is another place than URL.
	AdminToken, AdminURL string
	MeetingID, Token     string // both set: joining and media are checked, too
	// Media checks media with Token in a pre-call test, so that no meeting is needed, and measures for longer.
	Media bool
	Tell  Tell

	test string // id of the pre-call test
}

// Examine makes the checks in the order in which they need each other and stops where the rest cannot work. It reports
// whether all is well.
func (o *Outside) Examine(ctx context.Context) bool {
	if !all(ctx, o.name) || !all(ctx, o.signaling) {
		return false
	}
	well := all(ctx, o.certificate, o.readiness, o.metrics, o.conditions)
	if o.Media {
		o.MeetingID, o.test = "", rand.Text()
	} else if o.MeetingID == "" || o.Token == "" {
		return well
	}
	return o.media(ctx) && well
}

// name looks the server up.
func (o *Outside) name(ctx context.Context) bool {
	const check = "dns"
	u, err := url.Parse(o.URL)
	if err != nil || u.Hostname() == "" {
		return true // signaling says what is wrong with the address
	}
	host := u.Hostname()
	addresses, err := net.DefaultResolver.LookupHost(ctx, host)
	if err != nil {
		return o.Tell.failed(check, fault.ServerCheckFailedDNS(host, lookupProblem(err)).Because(err))
	}
	return o.Tell.ok(check, host+" leads to "+strings.Join(addresses, ", "))
}

func lookupProblem(err error) string {
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return dns.Err
	}
	return err.Error()
}

// signaling joins without a usable token: the server that refuses it is Klatch, and its socket passes every proxy.
func (o *Outside) signaling(ctx context.Context) bool {
	const check = "signaling"
	began := time.Now()
	m, err := sdk.InitMeeting(sdk.Options{URL: o.URL, Token: "-", MeetingID: "doctor", JoinAttempts: 1})
	if err == nil {
		err = m.Join(ctx)
	}
	if err == nil {
		_ = m.Leave(ctx) // whatever let it in
		return o.Tell.failed(check, fault.ServerCheckFailedUnreadableAnswer(o.URL, "it let in somebody without a token"))
	}
	if fault.Is(err, fault.CodeInvalidToken) {
		return o.Tell.ok(check, fmt.Sprintf("%s answers over a WebSocket in %d ms", o.URL, time.Since(began).Milliseconds()))
	}
	return o.Tell.failed(check, err)
}

// certificate looks at the certificate that the server shows to a client.
func (o *Outside) certificate(ctx context.Context) bool {
	const check = "certificate"
	u, err := url.Parse(o.URL)
	if err != nil || u.Scheme != "https" {
		return true
	}
	host := u.Host
	if u.Port() == "" {
		host = net.JoinHostPort(u.Hostname(), "443")
	}
	conn, err := (&tls.Dialer{}).DialContext(ctx, "tcp", host)
	if err != nil {
		return o.Tell.failed(check, fault.ServerCheckFailedUnreadableAnswer(host, err.Error()).Because(err))
	}
	defer func() { _ = conn.Close() }() // nothing was written
	leaf := conn.(*tls.Conn).ConnectionState().PeerCertificates[0]
	return o.Tell.judge(check, fmt.Sprintf("of %s, until %s", leaf.Issuer.CommonName,
		fault.InstantOf(leaf.NotAfter).String()), certificate.Expiry(leaf, time.Now()))
}

// allowedSkew is what a token's times survive: the default of token.leeway.
const allowedSkew = time.Minute

// readiness asks the server what it can do, and compares the clocks by its Date header.
func (o *Outside) readiness(ctx context.Context) bool {
	const check = "readiness"
	var ready struct {
		Ready        bool `json:"ready"`
		Capabilities map[string]struct {
			Ready  bool   `json:"ready"`
			Detail string `json:"detail"`
		} `json:"capabilities"`
	}
	res, f := o.get(ctx, "/readyz", o.AdminToken, &ready)
	if f != nil {
		return o.Tell.failed(check, f)
	}
	well := true
	for _, name := range slices.Sorted(maps.Keys(ready.Capabilities)) {
		c := ready.Capabilities[name]
		if !c.Ready {
			well = o.Tell.failed(name, fault.ServerCheckFailedNotReady(name, strings.TrimSuffix(c.Detail, ".")))
		}
	}
	if well {
		o.Tell.ok(check, "the server has all it needs: "+
			strings.Join(slices.Sorted(maps.Keys(ready.Capabilities)), ", "))
	}
	served, err := http.ParseTime(res.Header.Get("Date"))
	if err != nil {
		return well
	}
	skew := time.Since(served).Truncate(time.Second)
	if skew.Abs() >= allowedSkew {
		return o.Tell.failed("clock", fault.ServerCheckFailedClock(skew, allowedSkew))
	}
	return o.Tell.ok("clock", fmt.Sprintf("this machine is %s from the server; tokens allow %s", skew, allowedSkew)) &&
		well
}

// metrics checks that Prometheus gets them.
func (o *Outside) metrics(ctx context.Context) bool {
	const check, path = "metrics", "/metrics"
	if o.AdminToken == "" {
		return true
	}
	res, f := o.do(ctx, o.admin(), path, o.AdminToken)
	if f != nil {
		return o.Tell.failed(check, f)
	}
	defer func() { _ = res.Body.Close() }() // read-only
	if res.StatusCode != http.StatusOK {
		return o.Tell.failed(check, fault.ServerCheckFailedMetrics(o.admin()+path, res.Status))
	}
	return o.Tell.ok(check, o.admin()+path+" answers with the admin token")
}

// conditions reads which faults last on the server.
func (o *Outside) conditions(ctx context.Context) bool {
	const check = "conditions"
	if o.AdminToken == "" {
		return true
	}
	var lasting struct {
		Data []struct {
			fault.Error
			Since time.Time `json:"since"`
		} `json:"data"`
	}
	if _, f := o.get(ctx, "/admin/v1/conditions", o.AdminToken, &lasting); f != nil {
		return o.Tell.failed(check, f)
	}
	for i := range lasting.Data {
		o.Tell.failed(check, &lasting.Data[i].Error)
	}
	return len(lasting.Data) == 0 && o.Tell.ok(check, "no fault lasts")
}

// maxAnswer bounds what is read of an answer.
const maxAnswer = 1 << 20

// get reads an answer in JSON.
func (o *Outside) get(ctx context.Context, path, token string, into any) (*http.Response, *fault.Error) {
	base := o.URL
	if token != "" {
		base = o.admin()
	}
	res, f := o.do(ctx, base, path, token)
	if f != nil {
		return nil, f
	}
	defer func() { _ = res.Body.Close() }() // read-only
	raw, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err == nil && res.StatusCode >= 400 && res.StatusCode != http.StatusServiceUnavailable {
		var refusal fault.Error
		if json.Unmarshal(raw, &refusal) == nil && refusal.Code != 0 {
			return nil, &refusal
		}
		return nil, fault.ServerCheckFailedUnreadableAnswer(base+path, res.Status)
	}
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		return nil, fault.ServerCheckFailedUnreadableAnswer(base+path, "the answer is not JSON").Because(err)
	}
	return res, nil
}

func (o *Outside) do(ctx context.Context, base, path, token string) (*http.Response, *fault.Error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+path, nil)
	if err != nil {
		return nil, fault.ServerCheckFailedUnreadableAnswer(base+path, "it is not an address").Because(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		problem := err
		if wrapped, ok := errors.AsType[*url.Error](err); ok {
			problem = wrapped.Err // without the address, which the text has already
		}
		return nil, fault.ServerCheckFailedUnreadableAnswer(base+path, problem.Error()).Because(err)
	}
	return res, nil
}

func (o *Outside) admin() string {
	if o.AdminURL != "" {
		return o.AdminURL
	}
	return o.URL
}
