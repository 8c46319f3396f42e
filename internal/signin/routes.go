package signin

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/ratelimit"
	"github.com/klatch/klatch/internal/record"
)

// Path is the prefix of the routes that Handler serves.
const Path = "/console/v1/"

const (
	signInPath  = Path + "sign-in"
	mePath      = Path + "me"
	signOutPath = Path + "sign-out"
)

// maxBodyBytes bounds a request; a sign-in has one short secret.
const maxBodyBytes = 4 << 10

// Me is who is signed in: the answer to a sign-in and to GET /console/v1/me.
type Me struct {
	Role        record.Role   `json:"role"`
	AccountID   *string       `json:"accountId"` // null for the operator and support, who name the account with each request
	AccountName *string       `json:"accountName"`
	CSRF        string        `json:"csrf"` // for the header X-Klatch-CSRF of requests that change something
	ExpiresAt   fault.Instant `json:"expiresAt"`
}

// ServeHTTP serves the routes under /console/v1:
//
//	POST /console/v1/sign-in   {"adminToken": …} or {"invite": …}: sets the cookie and answers Me
//	GET  /console/v1/me        answers Me
//	POST /console/v1/sign-out  {} or {"everywhere": true}: ends this session, or all of its role and account; answers 204
func (s *SignIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	s.mux.ServeHTTP(w, r)
}

func (s *SignIn) routes() {
	for path, route := range map[string]struct {
		method string
		serve  func(http.ResponseWriter, *http.Request) error
	}{
		signInPath:  {http.MethodPost, s.signIn},
		mePath:      {http.MethodGet, s.me},
		signOutPath: {http.MethodPost, s.signOut},
	} {
		s.mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			if r.Method != route.method {
				s.opts.Refuse(w, r, fault.InvalidMessageMethodNotAllowed(r.Method, r.URL.Path, []string{route.method}))
				return
			}
			if err := route.serve(w, r); err != nil {
				s.opts.Refuse(w, r, err)
			}
		})
	}
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.opts.Refuse(w, r, fault.NotFoundRoute(r.Method, r.URL.Path))
	})
}

// signIn opens a session. A page of another site cannot sign a browser in (login CSRF). The order of refusals is
// origin, shape, limit, credential, account.
func (s *SignIn) signIn(w http.ResponseWriter, r *http.Request) error {
	if s.cross.Check(r) != nil {
		return fault.NotPermittedOtherOrigin(r.Method+" "+r.URL.Path, originOf(r))
	}
	var in struct {
		AdminToken string `json:"adminToken"`
		Invite     string `json:"invite"`
	}
	if err := readJSON(w, r, &in); err != nil {
		return err
	}
	if (in.AdminToken == "") == (in.Invite == "") {
		return fault.InvalidMessageBadParams(r.Method+" "+r.URL.Path, "adminToken",
			"exactly one of adminToken and invite is required")
	}
	client := ratelimit.ClientOf(r.Context())
	if f := s.opts.Limiter.TakeSignIn(client); f != nil {
		return f
	}
	now := time.Now()
	n := record.NewConsoleSession{
		Role: record.RoleOperator, UserAgent: fmt.Sprintf("%.200s", r.UserAgent()), At: now,
		ExpiresAt: now.Add(s.opts.SessionLife), IdleSince: now.Add(-s.opts.IdleLife), Limit: s.opts.Sessions,
	}
	if client.IsValid() {
		n.Address = client.String()
	}
	var account record.Account
	var err error
	if in.Invite == "" {
		err = s.judgeToken(r, in.AdminToken)
	} else {
		account, err = s.judgeInvite(r, in.Invite, &n)
	}
	if err != nil {
		return err
	}
	session, cookie, err := s.opts.Store.OpenConsoleSession(r.Context(), n)
	if _, taken := errors.AsType[*record.ConflictError](err); taken { // by a request at the same time
		if _, err := s.judgeInvite(r, in.Invite, &n); err != nil {
			return err
		}
	}
	if err != nil {
		return storeFault("the new console session", err).WithAccount(n.AccountID)
	}
	s.endEarlier(r)
	s.setCookie(w, r, cookie, s.opts.SessionLife)
	s.Record(r.Context(), change(r, &session))
	writeJSON(w, meOf(session, account, cookie))
	return nil
}

// judgeToken compares in constant time, and hides the length of the token as well. Where the operator signs in
// elsewhere, nothing is compared.
func (s *SignIn) judgeToken(r *http.Request, token string) error {
	if !s.mayUseAddress(r, record.RoleOperator) {
		return fault.NotPermittedOperatorAddress(r.Method+" "+r.URL.Path, string(record.RoleOperator))
	}
	given, want := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(s.opts.AdminToken))
	if subtle.ConstantTimeCompare(given[:], want[:]) != 1 || s.opts.AdminToken == "" {
		return fault.NotPermittedSignInToken()
	}
	return nil
}

// judgeInvite returns the account of a sign-in link that can be used now, and fills in n.
func (s *SignIn) judgeInvite(r *http.Request, secret string, n *record.NewConsoleSession) (record.Account, error) {
	invite, err := s.opts.Store.FindInvite(r.Context(), secret)
	if isNotFound(err) {
		return record.Account{}, fault.NotPermittedInviteUnknown()
	}
	if err != nil {
		return record.Account{}, storeFault("the query for a sign-in link", err)
	}
	n.Role, n.AccountID, n.InviteID = invite.Role, invite.AccountID, invite.ID
	if f := s.inviteFault(r, invite, n.At); f != nil {
		return record.Account{}, f.WithAccount(invite.AccountID)
	}
	account, err := s.opts.Store.Account(r.Context(), invite.AccountID)
	if err != nil {
		return record.Account{}, storeFault("the query for an account", err)
	}
	if f := gate.AccountFault(account); f != nil && invite.Role == record.RoleDeveloper {
		return record.Account{}, f.WithAccount(account.ID)
	}
	return account, nil
}

func (s *SignIn) inviteFault(r *http.Request, invite record.Invite, now time.Time) *fault.Error {
	switch invite.State(now) {
	case record.InviteRevoked:
		return fault.NotPermittedInviteRevoked(formatTime(invite.RevokedAt))
	case record.InviteUsed:
		return fault.NotPermittedInviteUsed(formatTime(invite.UsedAt))
	case record.InviteExpired:
		return fault.NotPermittedInviteExpired(formatTime(invite.ExpiresAt))
	}
	if !s.mayUseAddress(r, invite.Role) {
		return fault.NotPermittedOperatorAddress(r.Method+" "+r.URL.Path, string(invite.Role))
	}
	return nil
}

// endEarlier ends the session that the browser had before a sign-in.
func (s *SignIn) endEarlier(r *http.Request) {
	earlier, _, err := s.find(r)
	if err != nil || earlier == nil {
		return
	}
	if _, err := s.opts.Store.EndConsoleSession(
		r.Context(), earlier.ID, record.EndedBySignIn, time.Now(),
	); err != nil {
		s.opts.Report(r.Context(), storeFault("the end of a console session", err))
	}
}

func (s *SignIn) me(w http.ResponseWriter, r *http.Request) error {
	session, cookie, err := s.signedIn(r)
	if err != nil {
		return err
	}
	var account record.Account
	if id := session.Bound(); id != "" {
		if account, err = s.opts.Store.Account(r.Context(), id); err != nil {
			return storeFault("the query for an account", err)
		}
	}
	writeJSON(w, meOf(*session, account, cookie))
	return nil
}

func (s *SignIn) signOut(w http.ResponseWriter, r *http.Request) error {
	session, _, err := s.signedIn(r)
	if err != nil {
		return err
	}
	var in struct {
		Everywhere bool `json:"everywhere"`
	}
	if err := readJSON(w, r, &in); err != nil {
		return err
	}
	if in.Everywhere {
		_, err = s.opts.Store.EndConsoleSessions(
			r.Context(), session.Role, session.AccountID, record.EndedByEverywhere, time.Now())
	} else {
		_, err = s.opts.Store.EndConsoleSession(r.Context(), session.ID, record.EndedBySignOut, time.Now())
	}
	if err != nil {
		return storeFault("the end of a console session", err).WithAccount(session.AccountID)
	}
	s.Record(r.Context(), change(r, session))
	s.setCookie(w, r, "", -time.Second)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// signedIn is Session for a request that needs one, with the value of its cookie.
func (s *SignIn) signedIn(r *http.Request) (*record.ConsoleSession, string, error) {
	session, err := s.Session(r)
	if err != nil {
		return nil, "", err
	}
	if session == nil {
		return nil, "", fault.NotPermittedNotSignedIn(r.Method + " " + r.URL.Path)
	}
	cookie, err := r.Cookie(CookieName)
	if err != nil {
		return nil, "", err // Session found it
	}
	return session, cookie.Value, nil
}

// setCookie sets the cookie for that long, or removes it.
func (s *SignIn) setCookie(w http.ResponseWriter, r *http.Request, value string, life time.Duration) {
	https := r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" ||
		s.opts.HTTPS && !onAdminAddress(r.Context())
	http.SetCookie(w, &http.Cookie{
		Name: CookieName, Value: value, Path: "/", MaxAge: int(life / time.Second),
		HttpOnly: true, Secure: https, SameSite: http.SameSiteStrictMode,
	})
}

// change is the entry of the audit log for a request of this package that succeeded.
func change(r *http.Request, session *record.ConsoleSession) record.Change {
	ids := map[string]string{"consoleSessionId": session.ID}
	if session.InviteID != "" {
		ids["inviteId"] = session.InviteID
	}
	status := http.StatusOK
	if r.URL.Path == signOutPath {
		status = http.StatusNoContent
	}
	return record.Change{AccountID: session.AccountID, Actor: string(session.Role), SessionID: session.ID,
		Route: r.Method + " " + r.URL.Path, IDs: ids, Status: status}
}

func meOf(session record.ConsoleSession, account record.Account, cookie string) Me {
	me := Me{Role: session.Role, CSRF: csrfOf(cookie), ExpiresAt: fault.InstantOf(session.ExpiresAt)}
	if session.Bound() != "" {
		me.AccountID, me.AccountName = &account.ID, &account.Name
	}
	return me
}

// readJSON reads a body of one JSON object with the fields of into; an empty body is an empty object.
func readJSON(w http.ResponseWriter, r *http.Request, into any) error {
	method := r.Method + " " + r.URL.Path
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyBytes))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return fault.InvalidMessageTooLarge(maxBodyBytes)
	}
	if err != nil {
		return fault.InvalidMessageNotJSON(len(text), "the body breaks off").Because(err)
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	given := r.Header.Get("Content-Type")
	if kind, _, err := mime.ParseMediaType(given); err != nil || kind != "application/json" {
		return fault.InvalidMessageContentType(fmt.Sprintf("%.100q", given))
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(into)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fault.InvalidMessageNotJSON(int(syntax.Offset), syntax.Error())
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		field := wrong.Field
		if field == "" {
			field = "body"
		}
		return fault.InvalidMessageBadParams(method, field, "it takes a "+wrong.Type.String()+", got a "+wrong.Value)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fault.InvalidMessageNotJSON(len(text), "the body breaks off")
	}
	if err != nil { // its text has the name, which may be a secret in the wrong place
		return fault.InvalidMessageBadParams(method, "body", "it has a field that does not exist")
	}
	if decoder.More() {
		return fault.InvalidMessageNotJSON(int(decoder.InputOffset()), "something follows the object")
	}
	return nil
}

func writeJSON(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	_ = json.NewEncoder(w).Encode(body) // the client is gone, or has it
}
