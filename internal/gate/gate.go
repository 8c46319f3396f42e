// Package gate decides who may join and who may call REST: it judges tokens, keys, accounts and claims.
//
// Signaling asks it before a meeting hears of a join, REST before a handler runs. It owns the order of checks,
// so that nothing about meetings or accounts is said before the signature of a token holds: shape of the token (4002),
// key known (4001), signature (4002), state of the key (4001, 4053), times (4002), claims (4002, 4008, 4022-4024),
// account (4006, 4007), meeting (4003, 4052), participant id (4004, 4023). The shape of the rest of a request is judged
// before, where it is decoded. Capacity (4009) depends on the running session and is judged by the meeting. The gate
// reads what it needs to know through Lookup and keeps nothing.
package gate

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// Lookup is what the gate reads. Both return *record.NotFoundError for what is not there, and any other error
// for a database that fails.
type Lookup interface {
	// Credential returns an API key with its secret and account.
	Credential(ctx context.Context, apiKey string) (record.Credential, error)
	// Meeting finds a meeting of an account by its id or custom id.
	Meeting(ctx context.Context, accountID, id string) (record.Meeting, error)
}

// DefaultLeeway is the clock difference allowed between who mints tokens and this server.
const DefaultLeeway = 60 * time.Second

// Options of a Gate.
type Options struct {
	Leeway time.Duration       // 0: the clocks must agree
	Now    func() time.Time    // nil: time.Now
	Used   func(apiKey string) // is called for each token whose signature and times hold; nil: nobody asks
}

// Gate judges. It is stateless and safe for concurrent use.
type Gate struct {
	lookup Lookup
	leeway time.Duration
	now    func() time.Time
	used   func(apiKey string)
}

// New makes a gate.
func New(lookup Lookup, options Options) *Gate {
	g := &Gate{lookup: lookup, leeway: options.Leeway, now: options.Now}
	if g.now == nil {
		g.now = time.Now
	}
	if g.used = options.Used; g.used == nil {
		g.used = func(string) {}
	}
	return g
}

// authenticate takes a token as far as its times: whoever passes holds the secret of cred. The credential is returned
// with an error, too, once the signature holds: from then on a refusal belongs to its account.
func (g *Gate) authenticate(ctx context.Context, raw string) (*token, record.Credential, error) {
	tok, err := parse(raw)
	if err != nil {
		return nil, record.Credential{}, err
	}
	apiKey, err := tok.apiKey()
	if err != nil {
		return nil, record.Credential{}, err
	}
	cred, err := g.lookup.Credential(ctx, apiKey)
	if err != nil {
		if isNotFound(err) {
			return nil, record.Credential{}, fault.InvalidAPIKeyUnknownKey(displayKey(apiKey)) // err would log the whole
		}
		return nil, record.Credential{}, fault.ServerUnavailableStore("the query for an API key").Because(err)
	}
	if err := tok.verify(apiKey, cred.Secret); err != nil {
		return nil, record.Credential{}, err
	}
	if f := KeyFault(cred.Key); f != nil {
		return nil, cred, f
	}
	if err := tok.checkTimes(g.now(), g.leeway); err != nil {
		return tok, cred, err
	}
	g.used(cred.Key.ID)
	return tok, cred, nil
}

// displayKey returns an API key that this server does not know, for a fault. What is longer than a key may be its
// secret in the wrong place, and is cut.
func displayKey(apiKey string) string {
	const keyLength = 36 // of a UUID; a secret has 64
	if characters := utf8.RuneCountInString(apiKey); characters > keyLength+4 {
		return fmt.Sprintf("%.4s… (%d characters; a key has %d)", apiKey, characters, keyLength)
	}
	return visible(apiKey)
}

// visible quotes a word for a fault where white space around it would not be seen.
func visible(word string) string {
	if strings.TrimSpace(word) != word {
		return strconv.Quote(word)
	}
	return word
}

func isNotFound(err error) bool {
	_, ok := errors.AsType[*record.NotFoundError](err)
	return ok
}

// KeyFault returns why a key is not accepted; nil when it is.
func KeyFault(k record.Key) *fault.Error {
	switch k.State {
	case record.KeyRevoked:
		return fault.InvalidAPIKeyKeyRevoked(k.ID, formatTime(k.StateSince))
	case record.KeyDeactivated:
		return fault.ApikeyDeactivatedDeactivated(k.ID, formatTime(k.StateSince))
	}
	return nil
}

// AccountFault returns why an account is not accepted; nil when it is.
func AccountFault(a record.Account) *fault.Error {
	switch a.State {
	case record.AccountDeactivated:
		return fault.AccountDeactivatedDeactivated(formatTime(a.StateSince))
	case record.AccountDiscontinued:
		return fault.AccountDiscontinuedDiscontinued(formatTime(a.StateSince)).WithMessage(a.StateMessage)
	}
	return nil
}

// MeetingFault returns why a meeting, asked for as requested, may not be joined; nil when it may.
func MeetingFault(m record.Meeting, requested string) *fault.Error {
	if m.Disabled() {
		return fault.MeetingIDDisabledDeactivated(requested, formatTime(m.DisabledSince))
	}
	return nil
}

func formatTime(t time.Time) string { return fault.InstantOf(t).String() }
