package rest

import (
	"context"
	"net/http"
	"strings"

	"github.com/klatch/klatch/fault"
)

// place is what a request is about, as far as that is known: a refusal carries it into the log and the timeline. It is
// written by the goroutine that serves the request.
type place struct{ accountID, meetingID, sessionID string }

type placeKey struct{}

// placeOf returns the place of a request; one that this API does not serve has an empty one.
func placeOf(ctx context.Context) *place {
	if p, ok := ctx.Value(placeKey{}).(*place); ok {
		return p
	}
	return &place{}
}

// locate puts the place of a request into its refusal. A request that was refused for its shape, before its token was judged,
// belongs to the account of the token if that is good.
func (a *API) locate(r *http.Request, f *fault.Error) *fault.Error {
	p := placeOf(r.Context())
	shapeless := fault.Is(f, fault.CodeInvalidMessage) || fault.Is(f, fault.CodeNotFound)
	if p.accountID == "" && f.Account() == "" && shapeless && strings.HasPrefix(r.URL.Path, "/v2/") {
		if token := r.Header.Get("Authorization"); token != "" {
			if who, err := a.opts.Gate.REST(r.Context(), token); err == nil {
				p.accountID = who.Account.ID
			}
		}
	}
	return f.Of(p.accountID).Within(p.meetingID, p.sessionID, "")
}
