package gate

import (
	"context"
	"crypto/sha256"
	"slices"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// Tester is who may run a pre-call test, and report it.
type Tester struct {
	Account  record.Account
	APIKey   string
	TokenSum [sha256.Size]byte
}

// PreCallTest judges the token of a pre-call test. Whoever may join a meeting, or ask to enter one, may test before;
// so may a token for REST, with which the published SDK runs its test. A test is in no meeting and its participants
// get their ids from the server: the claims roomId and participantId restrict nothing here. The error is a
// *fault.Error.
func (g *Gate) PreCallTest(ctx context.Context, raw string) (Tester, error) {
	tok, cred, err := g.authenticate(ctx, raw)
	if err != nil {
		return Tester{}, fault.From(err).WithAccount(cred.Account.ID)
	}
	who := Tester{Account: cred.Account, APIKey: cred.Key.ID, TokenSum: sha256.Sum256([]byte(raw))}
	if err := mayTest(tok, cred); err != nil {
		return Tester{}, fault.From(err).WithAccount(cred.Account.ID)
	}
	return who, nil
}

func mayTest(tok *token, cred record.Credential) error {
	c, err := tok.readClaims(false)
	if err != nil {
		return err
	}
	if !slices.Contains(c.roles, RoleCrawler) && !c.may(AllowJoin) && !c.may(AskJoin) {
		return fault.InvalidPermissionsNoEntry(c.permissions)
	}
	if f := AccountFault(cred.Account); f != nil {
		return f
	}
	return nil
}
