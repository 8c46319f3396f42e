// Package signin signs people in to the web console, and judges the cookie with which their browser then calls REST and
// the admin API.
//
// The operator signs in with the admin token, developers and support with a link that is good once. The package owns
// the routes under /console/v1, the cookie, the protection against requests that pages of others make with it (CSRF),
// the ends of sessions, and the writing of the audit log. What a role may call is decided by internal/rest, which asks
// here who calls; sessions and links are kept by the store, so that they outlive a restart. internal/server connects
// the three.
package signin

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ratelimit"
	"github.com/klatch/klatch/internal/record"
)

// CookieName is that of the cookie of a session.
const CookieName = "klatch_console"

// CSRFHeader is the header in which a page shows, with each change, that it could read an answer of this server.
const CSRFHeader = "X-Klatch-CSRF"

const cookieLength = 26 // of crypto/rand.Text: 130 random bits

// Store keeps sessions, links and the audit log.
type Store interface {
	Account(ctx context.Context, id string) (record.Account, error)
	FindInvite(ctx context.Context, secret string) (record.Invite, error)
	OpenConsoleSession(ctx context.Context, n record.NewConsoleSession) (record.ConsoleSession, string, error)
	FindConsoleSession(ctx context.Context, cookie string) (record.ConsoleSession, error)
	ConsoleSessionSeen(ctx context.Context, id string, at time.Time) error
	EndConsoleSession(ctx context.Context, id string, by record.EndedBy, at time.Time) (record.ConsoleSession, error)
	EndConsoleSessions(
		ctx context.Context, role record.Role, accountID string, by record.EndedBy, at time.Time,
	) (int, error)
	SaveChange(ctx context.Context, c record.Change, life time.Duration) error
}

// Options of New.
type Options struct {
	Store      Store
	Limiter    *ratelimit.Limiter
	AdminToken string

	SessionLife time.Duration // at most, from the sign-in
	IdleLife    time.Duration // without a request
	Sessions    int           // of one role of one account
	AuditLife   time.Duration

	PublicURL    string // at which browsers reach the server; "": not known
	HTTPS        bool   // they use https there
	AdminAddress bool   // the operator and support are accepted on requests of WithAdminAddress alone

	Refuse func(w http.ResponseWriter, r *http.Request, err error) // answers with a fault
	Report func(ctx context.Context, f *fault.Error)               // takes what nobody waits for
}

// SignIn serves the routes under /console/v1 and judges cookies. It holds no state of its own and is safe for
// concurrent use.
type SignIn struct {
	opts  Options
	cross *http.CrossOriginProtection
	mux   *http.ServeMux
}

// New returns a SignIn.
func New(o Options) *SignIn {
	s := &SignIn{opts: o, cross: http.NewCrossOriginProtection(), mux: http.NewServeMux()}
	if o.PublicURL != "" {
		// A public URL with a path is no origin, and is left out: the Host header decides then.
		_ = s.cross.AddTrustedOrigin(o.PublicURL)
	}
	s.routes()
	return s
}

type adminAddressKey struct{}

// WithAdminAddress returns the context of a request that came in on the address of http.adminAddress.
func WithAdminAddress(ctx context.Context) context.Context {
	return context.WithValue(ctx, adminAddressKey{}, true)
}

func onAdminAddress(ctx context.Context) bool { return ctx.Value(adminAddressKey{}) != nil }

// Session returns the session of the request's cookie; nil without a cookie. A request that may change something must
// come from a page of this server and carry the CSRF header of the session. Its error is a *fault.Error: 4105, or 5101
// for a store that fails.
func (s *SignIn) Session(r *http.Request) (*record.ConsoleSession, error) {
	session, cookie, err := s.find(r)
	if err != nil || session == nil {
		return nil, err
	}
	if f := s.refusal(r, session, cookie); f != nil {
		return nil, f.WithAccount(session.AccountID)
	}
	s.seen(r.Context(), session)
	return session, nil
}

// find returns the session of the request's cookie, whatever has become of it, with the value of the cookie.
func (s *SignIn) find(r *http.Request) (*record.ConsoleSession, string, error) {
	cookie, err := r.Cookie(CookieName)
	if err != nil { // no cookie is the only error there is
		return nil, "", nil
	}
	if len(cookie.Value) != cookieLength {
		return nil, "", fault.NotPermittedConsoleUnknown()
	}
	session, err := s.opts.Store.FindConsoleSession(r.Context(), cookie.Value)
	if isNotFound(err) {
		return nil, "", fault.NotPermittedConsoleUnknown()
	}
	if err != nil {
		return nil, "", storeFault("the query for a console session", err)
	}
	return &session, cookie.Value, nil
}

// refusal returns why a session does not hold for a request; nil where it does.
func (s *SignIn) refusal(r *http.Request, session *record.ConsoleSession, cookie string) *fault.Error {
	now := time.Now()
	idleEnd := session.SeenAt.Add(s.opts.IdleLife)
	method := r.Method + " " + r.URL.Path
	switch {
	case !session.EndedAt.IsZero():
		return fault.NotPermittedConsoleEnded(formatTime(session.EndedAt), string(session.EndedBy))
	case !now.Before(session.ExpiresAt):
		return fault.NotPermittedConsoleExpired(formatTime(session.ExpiresAt), fmt.Sprintf(
			"it lasts %v at most (console.sessionLife)", s.opts.SessionLife))
	case !now.Before(idleEnd):
		return fault.NotPermittedConsoleExpired(formatTime(idleEnd), fmt.Sprintf(
			"it was not used for %v (console.idleLife)", s.opts.IdleLife))
	case !s.mayUseAddress(r, session.Role):
		return fault.NotPermittedOperatorAddress(method, string(session.Role))
	case isSafe(r.Method):
		return nil
	case s.cross.Check(r) != nil:
		return fault.NotPermittedOtherOrigin(method, originOf(r))
	}
	switch given := r.Header.Get(CSRFHeader); {
	case given == "":
		return fault.NotPermittedCsrf(method, "is missing")
	case subtle.ConstantTimeCompare([]byte(given), []byte(csrfOf(cookie))) != 1:
		return fault.NotPermittedCsrf(method, "is not that of this console session")
	}
	return nil
}

// mayUseAddress reports whether a role is accepted on the address that a request came in on.
func (s *SignIn) mayUseAddress(r *http.Request, role record.Role) bool {
	return role == record.RoleDeveloper || !s.opts.AdminAddress || onAdminAddress(r.Context())
}

// seen notes that a session is used, once in a while.
func (s *SignIn) seen(ctx context.Context, session *record.ConsoleSession) {
	now := time.Now()
	if now.Sub(session.SeenAt) < min(time.Minute, s.opts.IdleLife/4) {
		return
	}
	if err := s.opts.Store.ConsoleSessionSeen(ctx, session.ID, now); err != nil && ctx.Err() == nil {
		s.opts.Report(ctx, fault.ServerUnavailableStore("the use of a console session").Because(err))
	}
}

// Record puts an entry into the audit log. The request has been served by then, so that a failure is reported and the
// answer stays.
func (s *SignIn) Record(ctx context.Context, c record.Change) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	c.At = time.Now()
	if addr := ratelimit.ClientOf(ctx); addr.IsValid() {
		c.Address = addr.String()
	}
	if err := s.opts.Store.SaveChange(ctx, c, s.opts.AuditLife); err != nil {
		s.opts.Report(ctx, fault.ServerUnavailableStore("an entry of the audit log").Because(err).WithAccount(c.AccountID))
	}
}

// csrfOf derives what the CSRF header must hold from the value of a cookie, which no page can read.
func csrfOf(cookie string) string {
	mac := hmac.New(sha256.New, []byte(cookie))
	mac.Write([]byte("klatch console csrf"))
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(mac.Sum(nil))[:cookieLength]
}

// isSafe reports whether requests with a method change nothing (RFC 9110, section 9.2.1).
func isSafe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// originOf names the page that made a request, for a fault.
func originOf(r *http.Request) string {
	origin := r.Header.Get("Origin")
	if origin == "" || origin == "null" {
		return "another site"
	}
	return fmt.Sprintf("%.200s", origin)
}

func storeFault(op string, err error) *fault.Error {
	return fault.ServerUnavailableStore(op).Because(err)
}

func isNotFound(err error) bool {
	_, ok := errors.AsType[*record.NotFoundError](err)
	return ok
}

func formatTime(t time.Time) string { return fault.InstantOf(t).String() }
