package faults

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/signin"
	"github.com/klatch/klatch/internal/testserver"
)

// consolePage is a page of the console as its server sees it: an address, a cookie and the CSRF token.
type consolePage struct {
	t      *T
	server *testserver.Server
	base   string
	cookie *http.Cookie
	csrf   string
}

// consolePage returns a page that is not signed in.
func (t *T) consolePage(h *testserver.Server) *consolePage {
	return &consolePage{t: t, server: h, base: h.URL}
}

// do sends a request as the page does; headers come in pairs.
func (p *consolePage) do(method, path, body string, headers ...string) (int, []byte) {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.base+path, strings.NewReader(body))
	require.NoError(p.t, err)
	req.Header.Set("Content-Type", "application/json")
	if p.cookie != nil {
		req.AddCookie(p.cookie)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(p.t, err)
	defer func() { _ = res.Body.Close() }() // read to its end
	answer, err := io.ReadAll(res.Body)
	require.NoError(p.t, err)
	for _, cookie := range res.Cookies() {
		p.cookie = cookie
	}
	if res.StatusCode >= 400 {
		var f struct{ ID string }
		require.NoError(p.t, json.Unmarshal(answer, &f))
		testserver.DeliveriesIn(p.t).Answered(f.ID)
	}
	return res.StatusCode, answer
}

// refused is do for a request that must be refused.
func (p *consolePage) refused(method, path, body string, headers ...string) *fault.Error {
	p.t.Helper()
	status, answer := p.do(method, path, body, headers...)
	f := testserver.Refused(p.t, status, answer)
	p.t.ReadFrom(p.server, f)
	return f
}

// signIn signs the page in.
func (p *consolePage) signIn(body string) *consolePage {
	p.t.Helper()
	status, answer := p.do(http.MethodPost, "/console/v1/sign-in", body)
	require.Equal(p.t, http.StatusOK, status, string(answer))
	var me signin.Me
	require.NoError(p.t, json.Unmarshal(answer, &me))
	p.csrf = me.CSRF
	return p
}

// invite makes a sign-in link and returns its secret with its id.
func (t *T) invite(h *testserver.Server, accountID string, role record.Role) (secret, id string) {
	t.Helper()
	status, answer := h.Admin(t, http.MethodPost, "/admin/v1/accounts/"+accountID+"/invites",
		map[string]any{"role": role})
	require.Equal(t, http.StatusOK, status, string(answer))
	var made struct{ Link, InviteID string }
	require.NoError(t, json.Unmarshal(answer, &made))
	_, secret, found := strings.Cut(made.Link, "/console#invite=")
	require.True(t, found, made.Link)
	return secret, made.InviteID
}

func inviteBody(secret string) string { return `{"invite":"` + secret + `"}` }

// signedIn returns a page that is signed in with a link.
func (t *T) signedIn(role record.Role) *consolePage {
	t.Helper()
	secret, _ := t.invite(t.Server, t.Account().ID, role)
	return t.consolePage(t.Server).signIn(inviteBody(secret))
}

const signInPath = "/console/v1/sign-in"

var signInScenarios = scenarios{
	"4105.NOT_SIGNED_IN": func(t *T) {
		t.consolePage(t.Server).refused(http.MethodGet, "/console/v1/me", "")
		t.consolePage(t.Server).refused(http.MethodPost, "/console/v1/sign-out", "")
	},
	"4105.SIGN_IN_TOKEN": func(t *T) {
		t.consolePage(t.Server).refused(http.MethodPost, signInPath, `{"adminToken":"adm_wrong"}`)
	},
	"4105.INVITE_UNKNOWN": func(t *T) {
		t.consolePage(t.Server).refused(http.MethodPost, signInPath, inviteBody("NOSUCHLINK"))
	},
	"4105.INVITE_EXPIRED": func(t *T) {
		_, secret, err := t.Server.InProcess.Store.CreateInvite(t.Context(), record.NewInvite{
			AccountID: t.Account().ID, Role: record.RoleDeveloper, ExpiresAt: time.Now().Add(-time.Minute)})
		require.NoError(t, err)
		t.consolePage(t.Server).refused(http.MethodPost, signInPath, inviteBody(secret))
	},
	"4105.INVITE_USED": func(t *T) {
		secret, _ := t.invite(t.Server, t.Account().ID, record.RoleDeveloper)
		t.consolePage(t.Server).signIn(inviteBody(secret))
		t.consolePage(t.Server).refused(http.MethodPost, signInPath, inviteBody(secret))
	},
	"4105.INVITE_REVOKED": func(t *T) {
		secret, id := t.invite(t.Server, t.Account().ID, record.RoleDeveloper)
		t.Server.MustAdmin(t, http.MethodPost, "/admin/v1/accounts/"+t.Account().ID+"/invites/"+id+"/revoke", nil)
		t.consolePage(t.Server).refused(http.MethodPost, signInPath, inviteBody(secret))
	},
	"4105.CONSOLE_EXPIRED": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Console.SessionLife = time.Second })
		account := h.Account(t, nil)
		secret, _ := t.invite(h, account.ID, record.RoleDeveloper)
		page := t.consolePage(h).signIn(inviteBody(secret))
		require.Eventually(t, func() bool {
			status, _ := page.do(http.MethodGet, "/console/v1/me", "")
			return status == http.StatusUnauthorized
		}, testserver.Timeout, 50*time.Millisecond)
		page.refused(http.MethodGet, "/v2/rooms", "")
	},
	"4105.CONSOLE_ENDED": func(t *T) {
		page := t.signedIn(record.RoleDeveloper)
		cookie := page.cookie
		status, answer := page.do(http.MethodPost, "/console/v1/sign-out", "{}", signin.CSRFHeader, page.csrf)
		require.Equal(t, http.StatusNoContent, status, string(answer))
		require.Negative(t, page.cookie.MaxAge, "the browser drops the cookie")
		page.cookie = cookie
		f := page.refused(http.MethodGet, "/console/v1/me", "")
		require.Equal(t, "sign-out", f.Details["by"])
	},
	"4105.CONSOLE_UNKNOWN": func(t *T) {
		page := t.consolePage(t.Server)
		for _, value := range []string{"x", strings.Repeat("A", 26), strings.Repeat("A", 4000)} {
			page.cookie = &http.Cookie{Name: signin.CookieName, Value: value}
			page.refused(http.MethodGet, "/v2/rooms", "")
		}
	},
	"4105.CSRF": func(t *T) {
		page := t.signedIn(record.RoleDeveloper)
		page.refused(http.MethodPost, "/v2/rooms", "{}")
		page.refused(http.MethodPost, "/v2/rooms", "{}", signin.CSRFHeader, "wrong")
		page.refused(http.MethodPost, "/console/v1/sign-out", "{}")
		status, answer := page.do(http.MethodPost, "/v2/rooms", "{}", signin.CSRFHeader, page.csrf)
		require.Equal(t, http.StatusOK, status, string(answer))
	},
	"4105.OTHER_ORIGIN": func(t *T) {
		page := t.signedIn(record.RoleDeveloper)
		page.refused(http.MethodPost, "/v2/rooms", "{}", signin.CSRFHeader, page.csrf, "Origin", "https://evil.example")
		page.refused(http.MethodPost, "/v2/rooms", "{}", signin.CSRFHeader, page.csrf, "Sec-Fetch-Site", "same-site")
		secret, _ := t.invite(t.Server, t.Account().ID, record.RoleDeveloper)
		t.consolePage(t.Server).refused(http.MethodPost, signInPath, inviteBody(secret), "Sec-Fetch-Site", "cross-site")
	},
	"4105.READ_ONLY": func(t *T) {
		page := t.signedIn(record.RoleSupport)
		page.refused(http.MethodPost, "/v2/rooms", "{}", signin.CSRFHeader, page.csrf, "X-Klatch-Account", t.Account().ID)
		page.refused(http.MethodPost, "/admin/v1/accounts", "{}", signin.CSRFHeader, page.csrf)
	},
	"4105.OPERATOR_ONLY": func(t *T) {
		t.signedIn(record.RoleDeveloper).refused(http.MethodGet, "/admin/v1/accounts", "")
	},
	"4105.OTHER_ACCOUNT": func(t *T) {
		other := t.Server.Account(t, nil)
		t.signedIn(record.RoleDeveloper).refused(http.MethodGet, "/v2/rooms", "", "X-Klatch-Account", other.ID)
		t.consolePage(t.Server).refused(http.MethodGet, "/v2/rooms", "", "X-Klatch-Account", other.ID,
			"Authorization", t.Account().Token(t))
	},
	"4105.OPERATOR_ADDRESS": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.HTTP.AdminAddress = "127.0.0.1:0" })
		token := `{"adminToken":"` + h.InProcess.AdminToken() + `"}`
		page := t.consolePage(h)
		page.refused(http.MethodPost, signInPath, token)
		page.base = h.InProcess.AdminURL()
		page.signIn(token)
		status, answer := page.do(http.MethodGet, "/admin/v1/accounts", "")
		require.Equal(t, http.StatusOK, status, string(answer))
		page.base = h.URL // browsers send cookies to every port of a host
		page.refused(http.MethodGet, "/console/v1/me", "")
	},
	"4106.ADDRESS_SIGN_INS": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Limit.SignInsPerAddress = 1 })
		t.tooManySignIns(h)
	},
	"4106.SERVER_SIGN_INS": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Limit.SignIns = 1 })
		t.tooManySignIns(h)
	},
	"4108.INVITE": func(t *T) {
		t.admin(http.MethodPost, "/admin/v1/accounts/"+t.Account().ID+"/invites/nosuch/revoke", nil)
	},
	"4108.WEBHOOK_DELIVERY": func(t *T) {
		t.rest(t.Account().Token(t), http.MethodGet, "/v2/webhook-deliveries/7777777", nil)
		t.rest(t.Account().Token(t), http.MethodPost, "/v2/webhook-deliveries/x/redeliver", nil)
	},
	"4109.NO_WEBHOOK": func(t *T) {
		t.rest(t.Account().Token(t), http.MethodPost, "/v2/webhooks/"+t.Meeting()+"/test", nil)
	},
	"4108.CONSOLE_SESSION": func(t *T) { t.admin(http.MethodPost, "/admin/v1/console-sessions/nosuch/end", nil) },
}

// tooManySignIns tries tokens until none is checked any more, not even the right one.
func (t *T) tooManySignIns(h *testserver.Server) {
	t.Helper()
	page := t.consolePage(h)
	for range 30 {
		status, _ := page.do(http.MethodPost, signInPath, `{"adminToken":"adm_wrong"}`)
		if status != http.StatusTooManyRequests {
			continue
		}
		f := page.refused(http.MethodPost, signInPath, `{"adminToken":"`+h.InProcess.AdminToken()+`"}`)
		require.Positive(t, f.RetryAfterMs)
		return
	}
	t.Fatal("nothing was refused")
}
