package rest

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/ident"
	"github.com/klatch/klatch/internal/ratelimit"
	"github.com/klatch/klatch/internal/record"
)

// Caller is who calls REST v2.
type Caller = gate.Caller

type requestKey struct{}

// requestOf returns the HTTP request that a handler serves.
func requestOf(ctx context.Context) *http.Request { return ctx.Value(requestKey{}).(*http.Request) }

// methodOf returns the operation that serves the request, for faults: "POST /v2/rooms/{roomId}".
func methodOf(ctx context.Context) string { return scopeOf(ctx).operation }

// secured registers an operation of REST v2. The shape of the request has been judged when the token is: the
// order of all refusals is shape, key, signature and times, claims, account, rate, and then what is asked for.
func secured[I, O any](a *API, op huma.Operation, handle func(context.Context, Caller, *I) (*O, error)) {
	op.Security = []map[string][]string{{"token": {}}, {"console": {}}}
	op.BodyReadTimeout = -1 // the router has read it
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		who, err := a.authorize(ctx)
		if err != nil {
			return nil, err
		}
		ident.Normalize(in)
		out, err := handle(ctx, who, in)
		a.audit(ctx, out, err)
		return out, err
	})
}

// authorize returns who makes a request, or why the token, or the cookie of the console, does not allow it now. A token
// counts more than a cookie: pages cannot send one by accident.
func (a *API) authorize(ctx context.Context) (Caller, error) {
	r := requestOf(ctx)
	session, err := a.consoleSession(r)
	if err != nil {
		return Caller{}, err
	}
	requested, err := requestedAccount(ctx)
	if err != nil {
		return Caller{}, err
	}
	if session != nil {
		return a.consoleCaller(ctx, session, requested)
	}
	client := ratelimit.ClientOf(ctx)
	if err := a.opts.Limiter.CheckToken(client); err != nil {
		return Caller{}, err
	}
	who, err := a.opts.Gate.REST(ctx, r.Header.Get("Authorization"))
	if err != nil {
		return Caller{}, a.opts.Limiter.Refused(client, err)
	}
	scopeOf(ctx).accountID = who.Account.ID
	if requested != "" && requested != who.Account.ID {
		return Caller{}, fault.NotPermittedOtherAccount(requested, who.Account.ID)
	}
	if err := a.count(ctx, who.APIKey); err != nil {
		return Caller{}, err
	}
	return who, nil
}

// adminOnly registers an operation of the admin API.
func adminOnly[I, O any](a *API, op huma.Operation, handle func(context.Context, *I) (*O, error)) {
	op.Security = []map[string][]string{{"admin": {}}, {"console": {}}}
	op.BodyReadTimeout = -1
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		session, f := a.checkAdmin(requestOf(ctx))
		if f != nil {
			return nil, f
		}
		scope := scopeOf(ctx)
		scope.console, scope.admin = session, session == nil
		if session != nil {
			if err := a.count(ctx, consoleBucket(session)); err != nil {
				return nil, err
			}
		}
		out, err := handle(ctx, in)
		a.audit(ctx, out, err)
		return out, err
	})
}

// CheckAdmin returns why a request is not the operator's, or nil for one with the admin token or the cookie of a
// console session that may make it.
func (a *API) CheckAdmin(r *http.Request) *fault.Error {
	_, f := a.checkAdmin(r)
	return f
}

// checkAdmin is CheckAdmin, and returns the session of a cookie.
func (a *API) checkAdmin(r *http.Request) (*record.ConsoleSession, *fault.Error) {
	session, err := a.consoleSession(r)
	switch {
	case err != nil:
		return nil, fault.From(err)
	case session != nil:
		return session, adminRefusal(session, r)
	}
	client := ratelimit.ClientOf(r.Context())
	if f := a.opts.Limiter.Check(client, ratelimit.FailedAdmin); f != nil {
		return nil, f
	}
	if !a.admin(r.Header.Get("Authorization")) {
		_ = a.opts.Limiter.Take(client, ratelimit.FailedAdmin)
		return nil, fault.NotPermittedAdminCredential()
	}
	return nil, nil
}

// admin compares in constant time, and hides the length of the token as well.
func (a *API) admin(authorization string) bool {
	token, bearer := strings.CutPrefix(authorization, "Bearer ")
	given, want := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(a.opts.AdminToken))
	return subtle.ConstantTimeCompare(given[:], want[:]) == 1 && bearer && a.opts.AdminToken != ""
}

// meeting finds a room by either id. An unknown one and another account's look the same; a token for one room
// learns nothing of the others.
func (a *API) meeting(ctx context.Context, who Caller, id string) (record.Meeting, error) {
	room, err := a.opts.Gate.Meeting(ctx, who.Account.ID, id)
	if f := fault.From(err); f != nil {
		if wrong := who.MayUse(record.Meeting{ID: id}, id); wrong != nil &&
			fault.Is(f, fault.CodeInvalidMeetingID, fault.ReasonNotFound) {
			return room, wrong
		}
		return room, f
	}
	if err := mayUse(who, room, id); err != nil {
		return room, err
	}
	scopeOf(ctx).meetingID = room.ID
	return room, nil
}

// mayUse is who.MayUse as an error.
func mayUse(who Caller, room record.Meeting, requested string) error {
	if f := who.MayUse(room, requested); f != nil {
		return f
	}
	return nil
}
