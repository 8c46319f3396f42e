package record

import "time"

// Role is what somebody who is signed in to the console may do.
type Role string

// The roles.
const (
	RoleOperator  Role = "operator"  // everything, of all accounts
	RoleDeveloper Role = "developer" // everything of one account that its API keys may do, and its keys
	RoleSupport   Role = "support"   // reads everything, of all accounts
)

// Roles lists all roles.
var Roles = []Role{RoleOperator, RoleDeveloper, RoleSupport}

// Invite is a sign-in link of the console: it holds once. The secret in the link is not kept.
type Invite struct {
	ID        string
	AccountID string
	Role      Role // developer or support
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    time.Time // zero: not used
	RevokedAt time.Time // zero: not revoked
}

// InviteState is whether a sign-in link can be used.
type InviteState string

// The states. All but the first are final.
const (
	InviteOpen    InviteState = "open"
	InviteUsed    InviteState = "used"
	InviteExpired InviteState = "expired"
	InviteRevoked InviteState = "revoked"
)

// State is that of an invite at a time.
func (i Invite) State(at time.Time) InviteState {
	switch {
	case !i.RevokedAt.IsZero():
		return InviteRevoked
	case !i.UsedAt.IsZero():
		return InviteUsed
	case !at.Before(i.ExpiresAt):
		return InviteExpired
	}
	return InviteOpen
}

// NewInvite asks for a sign-in link.
type NewInvite struct {
	AccountID string
	Role      Role
	ExpiresAt time.Time
}

// ConsoleSession is somebody who is, or was, signed in to the console. The value of the cookie is not kept.
type ConsoleSession struct {
	ID        string // is no secret: the cookie holds another value
	Role      Role
	AccountID string // of a developer and of support; "" for the operator
	InviteID  string // with which it began; "" for the operator
	Address   string // at the sign-in
	UserAgent string // at the sign-in
	CreatedAt time.Time
	SeenAt    time.Time // the last request, to the minute
	ExpiresAt time.Time // at the latest
	EndedAt   time.Time // zero: goes on, unless it has expired
	EndedBy   EndedBy
}

// EndedBy is what ended a console session before it expired.
type EndedBy string

// What ends a console session.
const (
	EndedBySignOut    EndedBy = "sign-out"            // of this session
	EndedByEverywhere EndedBy = "sign-out-everywhere" // of all sessions of the role and account
	EndedBySignIn     EndedBy = "sign-in"             // again, in the same browser
	EndedByLimit      EndedBy = "limit"               // of sessions of one account
	EndedByOperator   EndedBy = "operator"
	EndedByRevocation EndedBy = "invite-revoked"
)

// Bound is the account that the session may use alone; "" where it may use all.
func (s ConsoleSession) Bound() string {
	if s.Role == RoleDeveloper {
		return s.AccountID
	}
	return ""
}

// NewConsoleSession asks for a console session. Of the role and account at most Limit go on: the oldest ends.
type NewConsoleSession struct {
	Role      Role
	AccountID string
	InviteID  string
	Address   string
	UserAgent string
	At        time.Time
	ExpiresAt time.Time
	IdleSince time.Time // sessions that were not used since have expired
	Limit     int
}

// ConsoleSessionFilter selects console sessions; zero fields select everything.
type ConsoleSessionFilter struct {
	AccountID string
	Open      time.Time // only those that have not ended, nor expired at that time
	IdleSince time.Time // with Open: nor not been used since
}

// Change is an entry of the audit log: one request that changes something, with its result.
type Change struct {
	ID        int64
	At        time.Time
	AccountID string // that was changed; "" for none
	Actor     string // ActorAdminToken, or the role of a console session
	SessionID string // of the console; "" for the admin token
	Address   string
	Route     string            // POST /v2/rooms/{roomId}
	IDs       map[string]string // what it named, and what it made
	Status    int               // of HTTP
	Code      int               // of the fault; 0 for none
	Reason    string
	FaultID   string
}

// ActorAdminToken is who uses the admin token without a console session.
const ActorAdminToken = "admin-token"

// ChangeFilter selects entries of the audit log; zero fields select everything.
type ChangeFilter struct {
	AccountID string
	Actor     string
	SessionID string
	From, To  time.Time // both inclusive
}
