package drill

import (
	"context"
	"net/url"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// Causes are what drills change on the server while they last. The server asks for them at one place each: Limits and
// Refusal where a join is admitted, Credential where a token is judged, MinFree and OwnTarget where a recording or
// livestream starts. Nothing of it is stored, so that nothing is left when a drill or the server ends.
//
// Shape: mutex. The zero value has no causes.
type Causes struct {
	mu       sync.Mutex // guards everything below
	keys     map[string]credential
	meetings map[string]meetingCauses
	targets  map[string]bool // host and port of RTMP listeners
}

// credential is an API key that exists while a drill lasts.
type credential struct {
	key    record.Key
	secret string
}

// meetingCauses are those of one meeting. Zero values change nothing.
type meetingCauses struct {
	limits  record.Limits
	minFree int64
	drained bool
}

// Lookup is where keys and meetings are looked for.
type Lookup interface {
	Credential(ctx context.Context, apiKey string) (record.Credential, error)
	Meeting(ctx context.Context, accountID, id string) (record.Meeting, error)
	Account(ctx context.Context, id string) (record.Account, error)
}

// Keys is a Lookup that knows the API keys of drills as well.
type Keys struct {
	Lookup
	Causes *Causes
}

// Credential returns an API key with its secret and account.
func (k Keys) Credential(ctx context.Context, apiKey string) (record.Credential, error) {
	k.Causes.mu.Lock()
	own, found := k.Causes.keys[apiKey]
	k.Causes.mu.Unlock()
	if !found {
		return k.Lookup.Credential(ctx, apiKey)
	}
	account, err := k.Account(ctx, own.key.AccountID)
	return record.Credential{Key: own.key, Secret: own.secret, Account: account}, err
}

// Limits returns the limits of a join: those of the account, or lower ones of a drill in the meeting.
func (c *Causes) Limits(meetingID string, of record.Limits) record.Limits {
	c.mu.Lock()
	defer c.mu.Unlock()
	own := c.meetings[meetingID].limits
	for _, limit := range []struct {
		n   int
		own *int
	}{
		{own.Participants, &of.Participants}, {own.Speakers, &of.Speakers},
		{own.AccountSpeakers, &of.AccountSpeakers}, {own.AccountViewers, &of.AccountViewers},
		{own.AccountReceivers, &of.AccountReceivers},
	} {
		if limit.n > 0 {
			*limit.own = limit.n
		}
	}
	return of
}

// Refusal returns why nobody may join a meeting: a drill of a server that shuts down. nil: everybody may.
func (c *Causes) Refusal(meetingID string) *fault.Error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.meetings[meetingID].drained {
		return fault.ServerUnavailableDraining()
	}
	return nil
}

// MinFree returns how many bytes must be free for a job of a meeting, where n are needed without a drill.
func (c *Causes) MinFree(meetingID string, n int64) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return max(n, c.meetings[meetingID].minFree)
}

// OwnTarget reports whether an RTMP address leads to a listener of a drill.
func (c *Causes) OwnTarget(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.targets[u.Host]
}

func (c *Causes) setKey(k credential) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.keys == nil {
		c.keys = map[string]credential{}
	}
	c.keys[k.key.ID] = k
}

// setKeyState changes the state of an API key of a drill, and returns the key.
func (c *Causes) setKeyState(id string, state record.KeyState) record.Key {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.keys[id]
	k.key.State, k.key.StateSince = state, time.Now()
	c.keys[id] = k
	return k.key
}

func (c *Causes) change(meetingID string, f func(*meetingCauses)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.meetings == nil {
		c.meetings = map[string]meetingCauses{}
	}
	m := c.meetings[meetingID]
	f(&m)
	c.meetings[meetingID] = m
}

func (c *Causes) addTarget(address string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.targets == nil {
		c.targets = map[string]bool{}
	}
	c.targets[address] = true
}

// forget ends the causes of one drill. A meeting has one drill at a time.
func (c *Causes) forget(apiKey, meetingID string, targets []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.keys, apiKey)
	delete(c.meetings, meetingID)
	for _, t := range targets {
		delete(c.targets, t)
	}
}

// empty reports whether nothing is changed.
func (c *Causes) empty() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.keys) == 0 && len(c.meetings) == 0 && len(c.targets) == 0
}
