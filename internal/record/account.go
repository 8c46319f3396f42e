package record

import "time"

// AccountState is whether an account may be used.
type AccountState string

const (
	AccountActive       AccountState = "active"
	AccountDeactivated  AccountState = "deactivated"  // 4006
	AccountDiscontinued AccountState = "discontinued" // 4007, with the operator's words
)

// AccountStates lists all states.
var AccountStates = []AccountState{AccountActive, AccountDeactivated, AccountDiscontinued}

// Account owns keys, meetings and limits.
type Account struct {
	ID           string
	Name         string
	Email        string
	State        AccountState
	StateMessage string // the operator's words, shown to whoever is refused
	StateSince   time.Time
	Settings     Settings
	Limits       Limits
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// Settings give rights of allow_mod to every participant of the account, or take services and rights away.
type Settings struct {
	EveryoneMayModerate bool `json:"everyoneMayModerate"` // all of allow_mod
	EveryoneMayEnd      bool `json:"everyoneMayEnd"`      // end() only
	EveryoneMayEgress   bool `json:"everyoneMayEgress"`   // recording, livestream and HLS only
	AddOnsDisabled      bool `json:"addOnsDisabled"`      // no recording, livestream and HLS: 4021
	RESTRequiresCrawler bool `json:"restRequiresCrawler"` // a token without roles does not call REST: 4024
	Drills              bool `json:"drills"`              // faults may be made in its meetings on purpose; else 4105 DRILLS_OFF
	FaultDays           int  `json:"faultDays"`           // for which faults are kept; 0: faults.keepFor of the server
}

// KeyState is whether tokens of an API key are accepted.
type KeyState string

const (
	KeyActive      KeyState = "active"
	KeyDeactivated KeyState = "deactivated" // 4053; ends running calls
	KeyRevoked     KeyState = "revoked"     // 4001 KEY_REVOKED; final; running calls go on
)

// KeyStates lists all states.
var KeyStates = []KeyState{KeyActive, KeyDeactivated, KeyRevoked}

// Key is an API key without its secret.
type Key struct {
	ID         string // what the claim `apikey` names
	AccountID  string
	Label      string
	State      KeyState
	StateSince time.Time
	CreatedAt  time.Time
	ExpiresAt  time.Time // of a key that was rotated: it is revoked then; zero for others
	ReplacedBy string    // the key that took its place
	LastUsedAt time.Time // zero: never
}

// AccountCounts are how much an account has.
type AccountCounts struct {
	Keys  int // that are not revoked
	Rooms int
}

// NewKey asks for a key; empty ID and Secret are made by the store.
type NewKey struct {
	AccountID string
	Label     string
	ID        string
	Secret    string
}

// Credential is what a token is judged by. Secret never leaves the process.
type Credential struct {
	Key     Key
	Secret  string
	Account Account
}
