package gate

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/klatch/klatch/internal/record"
)

// FileCaller is who uploads or fetches a file of a meeting.
type FileCaller struct {
	Account record.Account
	APIKey  string
	Meeting record.Meeting
	// MayJoin is whether the token alone opens the files. Otherwise (ask_join) somebody who was let in with that token
	// must be in the session: TokenSum.
	MayJoin  bool
	TokenSum [sha256.Size]byte
}

// Files judges the token of a call about the files of a meeting: one with which a participant joins it, or one that may
// call REST. The error is a *fault.Error.
func (g *Gate) Files(ctx context.Context, authorization, meetingID string) (FileCaller, error) {
	raw := authorization
	if rest, ok := cutPrefixFold(raw, "Bearer "); ok {
		raw = strings.TrimLeft(rest, " ")
	}
	tok, cred, err := g.authenticate(ctx, raw)
	target := &target{gate: g, accountID: cred.Account.ID, requested: meetingID}
	if err != nil {
		return FileCaller{}, target.locate(ctx, err, nil)
	}
	caller := FileCaller{Account: cred.Account, APIKey: cred.Key.ID, TokenSum: sha256.Sum256([]byte(raw))}
	caller.Meeting, caller.MayJoin, err = authorizeFiles(ctx, tok, cred, target)
	if err != nil {
		return FileCaller{}, target.locate(ctx, err, nil)
	}
	return caller, nil
}

func authorizeFiles(
	ctx context.Context, tok *token, cred record.Credential, target *target,
) (m record.Meeting, mayJoin bool, err error) {
	c, err := tok.readClaims(false)
	if err != nil {
		return m, false, err
	}
	mayJoin = c.may(AllowJoin) || slices.Contains(c.roles, RoleCrawler)
	if !mayJoin && !c.may(AskJoin) {
		if f := c.mayCallREST(cred.Account); f != nil {
			return m, false, f
		}
		mayJoin = true
	}
	if err := target.checkClaim(ctx, c.meetingID); err != nil {
		return m, false, err
	}
	if f := AccountFault(cred.Account); f != nil {
		return m, false, f
	}
	if m, err = target.find(ctx); err != nil {
		return m, false, err
	}
	if f := MeetingFault(m, target.requested); f != nil {
		return m, false, f.WithMeeting(m.ID, "", "")
	}
	return m, mayJoin, nil
}
