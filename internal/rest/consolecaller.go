package rest

import (
	"context"
	"net/http"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/record"
)

// Console knows who is signed in to the console.
type Console interface {
	// Session returns the session of the request's cookie; nil without a cookie. Its error is a *fault.Error, such as for
	// a change without the CSRF header.
	Session(r *http.Request) (*record.ConsoleSession, error)
	// Record puts an entry into the audit log. It sets time and address.
	Record(ctx context.Context, c record.Change)
}

// AccountHeader names the account that a call of the operator or of support under /v2 is about.
const AccountHeader = "X-Klatch-Account"

// accountQuery is the same in the query of event streams, for which browsers set no header. Other operations do not
// declare it, and so refuse it.
const accountQuery = "account"

// consoleSession returns the session of a request with the cookie of the console; nil for one with a token.
func (a *API) consoleSession(r *http.Request) (*record.ConsoleSession, error) {
	if a.opts.Console == nil || r.Header.Get("Authorization") != "" {
		return nil, nil
	}
	return a.opts.Console.Session(r)
}

// requestedAccount returns the account that a request names beside its credential, or "".
func requestedAccount(ctx context.Context) (string, error) {
	r := requestOf(ctx)
	header, query := r.Header.Get(AccountHeader), r.URL.Query().Get(accountQuery)
	if header != "" && query != "" && header != query {
		return "", fault.InvalidMessageBadParams(methodOf(ctx), accountQuery, "it is not that of the header "+AccountHeader)
	}
	if header == "" {
		return query, nil
	}
	return header, nil
}

// consoleCaller returns who calls REST v2 with the cookie of the console. A developer has the account of the sign-in
// link; the operator and support name one.
func (a *API) consoleCaller(
	ctx context.Context, session *record.ConsoleSession, requested string,
) (Caller, error) {
	id := session.Bound()
	switch {
	case id != "" && requested != "" && requested != id:
		return Caller{}, fault.NotPermittedOtherAccount(requested, id).WithAccount(id)
	case id == "" && requested == "":
		return Caller{}, fault.InvalidMessageBadParams(methodOf(ctx), AccountHeader,
			"it is required with a console session of the role "+string(session.Role))
	case id == "":
		id = requested
	}
	if f := readOnlyRefusal(session, requestOf(ctx)); f != nil {
		return Caller{}, f
	}
	account, err := a.opts.Store.Account(ctx, id)
	if err != nil {
		return Caller{}, adminFault(err)
	}
	scope := scopeOf(ctx)
	scope.accountID, scope.console = account.ID, session
	if f := gate.AccountFault(account); f != nil && session.Role == record.RoleDeveloper {
		return Caller{}, f
	}
	if err := a.count(ctx, consoleBucket(session)); err != nil {
		return Caller{}, err
	}
	return Caller{Account: account}, nil
}

// consoleBucket is the name under which the requests of console sessions are counted: those of one role and account
// together.
func consoleBucket(session *record.ConsoleSession) string {
	return "console " + string(session.Role) + " " + session.AccountID
}

// adminRefusal returns why a console session may not make a request of the admin API; nil where it may.
func adminRefusal(session *record.ConsoleSession, r *http.Request) *fault.Error {
	if session.Role == record.RoleDeveloper {
		return fault.NotPermittedOperatorOnly(r.Method+" "+pattern(r), string(session.Role)).WithAccount(session.AccountID)
	}
	return readOnlyRefusal(session, r)
}

// readOnlyRefusal refuses changes of support.
func readOnlyRefusal(session *record.ConsoleSession, r *http.Request) *fault.Error {
	if session.Role != record.RoleSupport || isSafe(r.Method) {
		return nil
	}
	return fault.NotPermittedReadOnly(r.Method+" "+pattern(r), string(session.Role)).WithAccount(session.AccountID)
}

// isSafe reports whether requests with a method change nothing.
func isSafe(method string) bool { return method == http.MethodGet || method == http.MethodHead }
