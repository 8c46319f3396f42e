package gate

import (
	"context"
	"slices"
	"strings"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// Caller is who calls REST.
type Caller struct {
	Account record.Account
	APIKey  string

	meetingID *string // the token's roomId
}

// REST judges the Authorization header of a REST call: the token alone, or after the `Bearer ` of old
// examples. Its error is a *fault.Error.
func (g *Gate) REST(ctx context.Context, authorization string) (Caller, error) {
	raw := authorization
	if rest, ok := cutPrefixFold(raw, "Bearer "); ok {
		raw = strings.TrimLeft(rest, " ")
	}
	tok, cred, err := g.authenticate(ctx, raw)
	if err != nil {
		return Caller{}, fault.From(err).WithAccount(cred.Account.ID)
	}
	caller, err := authorizeCaller(tok, cred)
	if err != nil {
		return Caller{}, fault.From(err).WithAccount(cred.Account.ID)
	}
	return caller, nil
}

// authorizeCaller judges the claims of a token whose signature holds.
func authorizeCaller(tok *token, cred record.Credential) (Caller, error) {
	c, err := tok.readClaims(true)
	if err != nil {
		return Caller{}, err
	}
	if f := c.mayCallREST(cred.Account); f != nil {
		return Caller{}, f
	}
	if f := AccountFault(cred.Account); f != nil {
		return Caller{}, f
	}
	return Caller{Account: cred.Account, APIKey: cred.Key.ID, meetingID: c.meetingID}, nil
}

// mayCallREST judges the roles for a REST call. A token without roles may call, as published: servers sign such tokens
// for themselves. It may not where a claim shows that it was given to a participant, whatever else it permits.
func (c claims) mayCallREST(account record.Account) *fault.Error {
	switch {
	case slices.Contains(c.roles, RoleCrawler):
		return nil
	case len(c.roles) > 0:
		return fault.UnauthorizedRoleRESTNeedsCrawler(c.roles)
	case c.may(AskJoin):
		return fault.UnauthorizedRoleRESTParticipantToken("holds `ask_join`")
	case c.participantID != nil:
		return fault.UnauthorizedRoleRESTParticipantToken("names a participant (participantId)")
	case c.meetingID != nil:
		return fault.UnauthorizedRoleRESTParticipantToken("names a room (roomId)")
	case account.Settings.RESTRequiresCrawler:
		return fault.UnauthorizedRoleRESTRolesMissing(account.ID)
	}
	return nil
}

// Bound reports whether the caller's token is good for one meeting only.
func (c Caller) Bound() bool { return c.meetingID != nil }

// MayUse returns 4022 for a meeting that the caller's token is not good for, and nil for others. requested is how it
// was asked for.
func (c Caller) MayUse(m record.Meeting, requested string) *fault.Error {
	if c.meetingID == nil || hasID(m, *c.meetingID) {
		return nil
	}
	return fault.UnauthorizedMeetingIDMismatch(*c.meetingID, requested)
}
