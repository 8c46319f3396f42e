package gate

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ident"
	"github.com/klatch/klatch/internal/wire"
)

// Published permissions and roles.
const (
	AllowJoin = "allow_join" // enters, answers the lobby
	AskJoin   = "ask_join"   // asks to enter, from the lobby
	AllowMod  = "allow_mod"  // moderates

	RoleRTC     = "rtc"     // join only
	RoleCrawler = "crawler" // REST only
)

var (
	permissions = []string{AllowJoin, AskJoin, AllowMod}
	roles       = []string{RoleRTC, RoleCrawler}
)

// version is what REST v2 and the claims roomId, participantId and roles need.
const version = 2

// claims are those of a token whose signature holds.
type claims struct {
	permissions   []string
	meetingID     *string // roomId; may be a custom id
	participantID *string
	roles         []string // nil: no such claim; empty: one that names none, which restricts nothing
}

func (c claims) may(permission string) bool { return slices.Contains(c.permissions, permission) }

// times are the registered claims, for the validator of the jwt package.
type times map[string]*jwt.NumericDate

func (t times) GetExpirationTime() (*jwt.NumericDate, error) { return t["exp"], nil }
func (t times) GetIssuedAt() (*jwt.NumericDate, error)       { return t["iat"], nil }
func (t times) GetNotBefore() (*jwt.NumericDate, error)      { return t["nbf"], nil }
func (t times) GetIssuer() (string, error)                   { return "", nil }
func (t times) GetSubject() (string, error)                  { return "", nil }
func (t times) GetAudience() (jwt.ClaimStrings, error)       { return nil, nil }

// checkTimes judges exp, nbf and iat (RFC 7519, section 4.1). A token without them is accepted.
func (t *token) checkTimes(now time.Time, leeway time.Duration) error {
	times := times{}
	for _, name := range []string{"exp", "nbf", "iat"} {
		value, ok := t.claims[name]
		if !ok {
			continue
		}
		seconds, problem := numericDate(value)
		if problem != "" {
			return fault.InvalidTokenClaimType(name, problem, "a number, the seconds since 1970")
		}
		times[name] = jwt.NewNumericDate(time.Unix(seconds, 0))
	}
	err := jwt.NewValidator(jwt.WithLeeway(leeway), jwt.WithIssuedAt(), jwt.WithTimeFunc(func() time.Time { return now })).
		Validate(times)
	leewaySec := int64(leeway / time.Second)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, jwt.ErrTokenExpired):
		exp := times["exp"].Unix()
		return fault.InvalidTokenExpired(exp, now.Unix(), now.Unix()-exp, leewaySec)
	case errors.Is(err, jwt.ErrTokenNotValidYet):
		from := times["nbf"].Unix()
		return fault.InvalidTokenNotYetValid("nbf", from, now.Unix(), from-now.Unix(), leewaySec)
	case errors.Is(err, jwt.ErrTokenUsedBeforeIssued):
		from := times["iat"].Unix()
		return fault.InvalidTokenNotYetValid("iat", from, now.Unix(), from-now.Unix(), leewaySec)
	}
	return fmt.Errorf("gate: times of a token: %w", err)
}

// numericDate reads seconds, which may have a fraction (RFC 7519, section 2), or returns what the value is instead. A
// date past the year 9999 is no date but milliseconds, as Date.now() returns them: an exp of that kind would never
// pass.
func numericDate(value json.RawMessage) (seconds int64, problem string) {
	const latest = 253402300799
	if wire.TypeOf(value) != "a number" {
		return 0, wire.TypeOf(value)
	}
	number, err := strconv.ParseFloat(string(value), 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, wire.TypeOf(value)
	}
	if number > latest {
		return 0, "a date past the year 9999, as milliseconds are"
	}
	return int64(max(math.Floor(number), -latest)), ""
}

// readClaims judges the types of the published claims, and the version. restCall: version 2 is needed anyhow.
func (t *token) readClaims(restCall bool) (claims, error) {
	var (
		c   claims
		err error
	)
	if c.meetingID, err = t.stringClaim("roomId"); err != nil {
		return c, err
	}
	if c.participantID, err = t.stringClaim("participantId"); err != nil {
		return c, err
	}
	if value, ok := t.claims["roles"]; ok {
		list, problem := stringList(value)
		if problem != "" {
			return c, fault.InvalidTokenClaimType("roles", problem, "an array of strings")
		}
		c.roles = list
	}
	if err := t.checkVersion(restCall || c.roles != nil || c.meetingID != nil || c.participantID != nil); err != nil {
		return c, err
	}
	if c.permissions, err = t.readPermissions(); err != nil {
		return c, err
	}
	for _, role := range c.roles {
		if !slices.Contains(roles, role) {
			return c, fault.UnauthorizedRoleUnknownRole(visible(role), roles)
		}
	}
	return c, nil
}

// stringClaim reads a claim that is a string where present. An empty one stays a restriction: it matches nothing.
func (t *token) stringClaim(name string) (*string, error) {
	value, ok := t.claims[name]
	if !ok {
		return nil, nil
	}
	var text *string
	if err := json.Unmarshal(value, &text); err != nil || text == nil {
		return nil, fault.InvalidTokenClaimType(name, wire.TypeOf(value), "a string")
	}
	normal := ident.NFC(*text)
	return &normal, nil
}

func (t *token) checkVersion(needed bool) error {
	value, ok := t.claims["version"]
	if !ok {
		if needed {
			return fault.InvalidTokenVersion("missing", version)
		}
		return nil
	}
	number, err := strconv.ParseFloat(string(value), 64)
	if err != nil || wire.TypeOf(value) != "a number" {
		return fault.InvalidTokenClaimType("version", wire.TypeOf(value), "the number 2")
	}
	if needed && number != version {
		return fault.InvalidTokenVersion(string(value), version)
	}
	return nil
}

func (t *token) readPermissions() ([]string, error) {
	value, ok := t.claims["permissions"]
	if !ok || wire.IsNull(value) {
		return nil, fault.InvalidPermissionsPermissionsMissing()
	}
	list, problem := stringList(value)
	if problem != "" {
		return nil, fault.InvalidPermissionsNotAnArray(problem)
	}
	if len(list) == 0 {
		return nil, fault.InvalidPermissionsPermissionsMissing()
	}
	for _, permission := range list {
		if !slices.Contains(permissions, permission) {
			return nil, fault.InvalidPermissionsUnknownPermission(visible(permission), permissions)
		}
	}
	if slices.Contains(list, AskJoin) && (slices.Contains(list, AllowJoin) || slices.Contains(list, AllowMod)) {
		return nil, fault.InvalidPermissionsConflict(list)
	}
	return list, nil
}

// stringList reads an array of strings, or returns what the value is instead.
func stringList(value json.RawMessage) (list []string, problem string) {
	var items []json.RawMessage
	if err := json.Unmarshal(value, &items); err != nil || wire.IsNull(value) {
		return nil, wire.TypeOf(value)
	}
	list = make([]string, len(items))
	for i, item := range items {
		if err := json.Unmarshal(item, &list[i]); err != nil || wire.IsNull(item) {
			return nil, fmt.Sprintf("an array with %s at index %d", wire.TypeOf(item), i)
		}
	}
	return list, ""
}
