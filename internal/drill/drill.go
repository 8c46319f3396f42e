// Package drill makes faults happen for their real causes on a running server, in an account and a meeting of their
// own: an expired token, a full meeting, an RTMP server that does not exist. It uses the admin API, REST and the Go
// SDK, as an operator and an app do, so that what it shows is what they see.
package drill

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/rest/client"
	"github.com/klatch/klatch/sdk"
)

// Drill makes one fault happen.
type Drill struct {
	Key string // CODE.REASON
	How string // what it does, in a sentence for people
	run func(ctx context.Context, e *environment) error
}

// Result is what a drill did.
type Result struct {
	Key       string       `json:"key"`
	How       string       `json:"how"`
	Fault     *fault.Error `json:"fault"` // that came; it has the id under which the server knows it
	AccountID string       `json:"accountId"`
	MeetingID string       `json:"meetingId"`
	// Link is where the same fault occurs in a browser, while the account is kept; "": only calls of a program reach it.
	Link string `json:"link,omitempty"`
}

// Options of Run.
type Options struct {
	URL   string
	Admin *client.Client
	// Keep leaves the account of the drill as it is, to make the fault again by hand. Else it is deactivated.
	Keep bool
}

const (
	timeout      = 40 * time.Second // of one drill
	afterFailure = 2 * time.Second  // how long the fault may come behind a call that failed with another error
)

// All returns the drills in the order of their codes.
func All() []Drill { return slices.Clone(drills) }

// Find returns the drill of a CODE.REASON, or of a code that has one.
func Find(key string) (Drill, bool) {
	key = strings.ToUpper(key)
	for _, d := range drills {
		if code, _, _ := strings.Cut(d.Key, "."); d.Key == key || code == key {
			return d, true
		}
	}
	return Drill{}, false
}

// Run makes the fault happen and returns it. An error says why it did not come.
func (d Drill) Run(ctx context.Context, o Options) (Result, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	e := &environment{options: o, wanted: d.Key, came: make(chan *fault.Error, 1)}
	result := Result{Key: d.Key, How: d.How}
	if err := e.open(ctx); err != nil {
		return result, err
	}
	defer e.close(context.WithoutCancel(ctx))
	result.AccountID, result.MeetingID = e.account, e.meeting
	began := time.Now()
	failed := d.run(ctx, e)
	e.take(failed)
	wait := timeout
	if failed != nil {
		wait = afterFailure // the event may be on its way that says the same more precisely
	}
	late := time.NewTimer(wait)
	defer late.Stop()
	select {
	case result.Fault = <-e.came:
		result.Link = e.link
		return result, nil
	case <-late.C:
	case <-ctx.Done():
	}
	if failed != nil {
		return result, fmt.Errorf("drill %s: something else failed: %w", d.Key, failed)
	}
	return result, fmt.Errorf("drill %s: no fault came within %s", d.Key, time.Since(began).Round(time.Second))
}

// environment is the account, the key and the meeting of one drill.
type environment struct {
	options        Options
	wanted         string
	account        string
	apiKey, secret string
	meeting        string
	link           string
	came           chan *fault.Error
	joined         []*sdk.Meeting
}

func (e *environment) open(ctx context.Context) error {
	var account struct{ ID string }
	named := map[string]any{"name": "drill " + e.wanted}
	if err := e.admin(ctx, "POST", "/admin/v1/accounts", named, &account); err != nil {
		return err
	}
	e.account = account.ID
	if err := e.newKey(ctx); err != nil {
		return err
	}
	meeting, err := e.newMeeting(ctx, map[string]any{})
	e.meeting = meeting
	return err
}

// close leaves all meetings and, unless the account is kept, lets nobody use it.
func (e *environment) close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for _, m := range e.joined {
		_ = m.Leave(ctx) // it may have ended
	}
	if !e.options.Keep {
		_ = e.admin(ctx, "POST", "/admin/v1/accounts/"+e.account+"/deactivate", nil, nil) // it may be so already
	}
}

func (e *environment) newKey(ctx context.Context) error {
	var key struct{ APIKey, Secret string }
	err := e.admin(ctx, "POST", "/admin/v1/keys", map[string]any{"accountId": e.account, "label": "drill"}, &key)
	e.apiKey, e.secret = key.APIKey, key.Secret
	return err
}

func (e *environment) newMeeting(ctx context.Context, config map[string]any) (id string, err error) {
	var room struct{ RoomID string }
	err = e.rest(ctx, "POST", "/v2/rooms", config, &room)
	return room.RoomID, err
}

// limit sets limits of the account.
func (e *environment) limit(ctx context.Context, name string, n int) error {
	return e.admin(ctx, "PATCH", "/admin/v1/accounts/"+e.account, map[string]any{"limits": map[string]int{name: n}}, nil)
}

func (e *environment) admin(ctx context.Context, method, path string, body, out any) error {
	return e.options.Admin.Call(ctx, method, path, nil, body, out)
}

// rest calls with a token that may.
func (e *environment) rest(ctx context.Context, method, path string, body, out any) error {
	token, err := e.mint(gate.Grant{Roles: []string{"crawler"}})
	if err != nil {
		return err
	}
	return e.restWith(ctx, token, method, path, body, out)
}

func (e *environment) restWith(ctx context.Context, token, method, path string, body, out any) error {
	path, query, _ := strings.Cut(path, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return err
	}
	api, err := client.New(e.options.URL, token)
	if err != nil {
		return err
	}
	return api.Call(ctx, method, path, values, body, out)
}

// mint makes a token of the drill's key, for its participants unless the grant says otherwise.
func (e *environment) mint(g gate.Grant) (string, error) {
	if g.APIKey == "" {
		g.APIKey = e.apiKey
	}
	if g.Permissions == nil {
		g.Permissions = []string{"allow_join"}
	}
	if g.ExpiresIn == 0 {
		g.ExpiresIn = time.Hour
	}
	return gate.Mint(g, e.secret)
}

// join joins the drill's meeting with a token of the grant. The fault that refuses it is the drill's.
func (e *environment) join(ctx context.Context, g gate.Grant, change ...func(*sdk.Options)) (*sdk.Meeting, error) {
	token, err := e.mint(g)
	if err != nil {
		return nil, err
	}
	return e.joinWith(ctx, token, change...)
}

func (e *environment) joinWith(ctx context.Context, token string, change ...func(*sdk.Options)) (*sdk.Meeting, error) {
	o := sdk.Options{URL: e.options.URL, Token: token, MeetingID: e.meeting, Name: "Drill", JoinAttempts: 1,
		ManualConsume: true, NoRejoin: true}
	for _, c := range change {
		c(&o)
	}
	e.link = strings.TrimRight(o.URL, "/") + "/meet/" + url.PathEscape(o.MeetingID) + "#token=" + o.Token
	m, err := sdk.InitMeeting(o)
	if err != nil {
		return nil, err
	}
	m.OnError(func(f *fault.Error) { e.take(f) })
	m.OnMeetingLeft(func(_ sdk.LeaveReason, f *fault.Error) {
		if f != nil {
			e.take(f)
		}
	})
	if err := m.Join(ctx); err != nil {
		return nil, err
	}
	e.joined = append(e.joined, m)
	return m, nil
}

// take keeps the fault that is wanted.
func (e *environment) take(err error) {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f == nil {
		return
	}
	if strconv.Itoa(f.Code)+"."+f.Reason != e.wanted {
		return
	}
	select {
	case e.came <- f:
	default: // the call and the event bring the same
	}
}

// reported waits until the server has a fault of the account in its timeline.
func (e *environment) reported(ctx context.Context) error {
	code, reason, _ := strings.Cut(e.wanted, ".")
	for {
		var page struct{ Data []*fault.Error }
		if err := e.rest(ctx, "GET", "/v2/faults?code="+code+"&reason="+reason, nil, &page); err != nil {
			return err
		}
		if len(page.Data) > 0 {
			return page.Data[0]
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}
