package rest

import (
	"context"
	"net/http"
	"strings"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// scope is the operation, account, meeting and session of a request, as far as they are known. A refusal carries them
// into the log and the timeline. It is written by the goroutine that serves the request.
type scope struct {
	operation                       string // method and path of the route; "" before one has matched
	accountID, meetingID, sessionID string

	console   *record.ConsoleSession // of the console; nil: a token was sent
	admin     bool                   // the admin token was sent
	pathValue func(name string) string
	body      []byte
	sent      *sent // to another node, which answers; nil: it is answered here
}

type scopeKey struct{}

// scopeOf returns the scope of a request; one that this API does not serve has an empty one.
func scopeOf(ctx context.Context) *scope {
	if p, ok := ctx.Value(scopeKey{}).(*scope); ok {
		return p
	}
	return &scope{}
}

// addScope puts the scope of a request into its refusal. A request that was refused for its shape, before its token was
// checked, belongs to the account of the token if that is good.
func (a *API) addScope(r *http.Request, f *fault.Error) *fault.Error {
	p := scopeOf(r.Context())
	if p.accountID == "" && f.Account() == "" &&
		(fault.Is(f, fault.CodeInvalidMessage) || fault.Is(f, fault.CodeNotFound) ||
			fault.Is(f, fault.CodeRequestNotOffered)) &&
		strings.HasPrefix(r.URL.Path, "/v2/") {
		if token := r.Header.Get("Authorization"); token != "" {
			if who, err := a.opts.Gate.REST(r.Context(), token); err == nil {
				p.accountID = who.Account.ID
			}
		} else if session, err := a.consoleSession(r); err == nil && session != nil {
			p.accountID = session.Bound()
		}
	}
	return f.WithAccount(p.accountID).WithDefaultMeeting(p.meetingID, p.sessionID, "")
}
