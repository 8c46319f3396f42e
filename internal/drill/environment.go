package drill

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/rest/client"
	"github.com/klatch/klatch/sdk"
)

// environment is the account, the API key and the meeting of one drill, and what is to be undone.
type environment struct {
	o              Options
	wanted         string
	own            bool // the account is made for drills
	named          bool // the meeting was there before
	account        string
	meeting        string
	life           time.Duration // of tokens
	began          time.Time
	apiKey, secret string

	token, snippet string // with which the fault occurs again
	came           chan *fault.Error
	joined         []*sdk.Meeting
	targets        []string
	undo           []func(ctx context.Context) // the last one first
}

// make makes the fault happen and returns it. The error says why it did not come.
func (e *environment) make(ctx context.Context, d drill) (*fault.Error, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := e.open(ctx); err != nil {
		return nil, err
	}
	began := time.Now()
	failed := d.run(ctx, e)
	e.take(failed)
	wait := timeout
	if failed != nil {
		wait = afterFailure // the event may be on its way that tells the same more precisely
	}
	late := time.NewTimer(wait)
	defer late.Stop()
	select {
	case f := <-e.came:
		return f, nil
	case <-late.C:
	case <-ctx.Done():
	}
	if failed != nil {
		return nil, failed
	}
	return nil, fmt.Errorf("no fault came within %s", time.Since(began).Round(time.Second))
}

// problemOf describes an error in the words of its fault, where it has one.
func problemOf(err error) string {
	if f := asFault(err); f != nil {
		return fmt.Sprintf("%d %s came instead, %s", f.Code, f.Reason, strings.TrimSuffix(f.Detail, "."))
	}
	if err == nil {
		return "no fault came"
	}
	return err.Error()
}

func asFault(err error) *fault.Error {
	f, _ := errors.AsType[*fault.Error](err)
	return f
}

func (e *environment) open(ctx context.Context) error {
	if e.own {
		if err := e.openAccount(ctx); err != nil {
			return err
		}
	}
	e.apiKey, e.secret = "drill-"+strings.ToLower(rand.Text()), rand.Text()+rand.Text()
	now := time.Now()
	e.o.Causes.setKey(credential{secret: e.secret, key: record.Key{
		ID: e.apiKey, AccountID: e.account, Label: "drill", State: record.KeyActive, StateSince: now, CreatedAt: now,
	}})
	if e.named {
		return nil
	}
	meeting, err := e.newMeeting(ctx, record.MeetingConfig{})
	e.meeting = meeting
	return err
}

// openAccount makes the account of the drill, or the one of an earlier one as new.
func (e *environment) openAccount(ctx context.Context) error {
	fresh := record.Account{ID: e.account, Name: "Drill " + e.wanted, Settings: record.Settings{Drills: true}}
	_, err := e.o.Store.CreateAccount(ctx, fresh)
	if _, exists := errors.AsType[*record.ConflictError](err); !exists {
		return err
	}
	if _, err := e.o.Store.UpdateAccount(ctx, e.account, func(a *record.Account) {
		a.Settings, a.Limits = fresh.Settings, fresh.Limits
	}); err != nil {
		return err
	}
	_, err = e.o.Store.SetAccountState(ctx, e.account, record.AccountActive, "", time.Now())
	return err
}

// newMeeting returns the id of the meeting of this drill in the account: the same one each time, so that drills do not
// fill the list of meetings.
func (e *environment) newMeeting(ctx context.Context, config record.MeetingConfig) (string, error) {
	m, _, err := e.o.Store.CreateMeeting(ctx, record.Meeting{
		AccountID: e.account, CustomID: "drill-" + e.wanted, Config: config,
	})
	return m.ID, err
}

// close leaves everything as it was, but for the record of what happened.
func (e *environment) close(ctx context.Context) {
	for _, undo := range slices.Backward(e.undo) {
		undo(ctx)
	}
	for _, m := range e.joined {
		_ = m.Leave(ctx) // it may have ended
	}
	e.o.Causes.forget(e.apiKey, e.meeting, e.targets)
	if e.own {
		_ = e.closeAccount(ctx, record.AccountDeactivated, "") // it may be so already
	}
}

// closeAccount deactivates or discontinues the account of the drill, as the admin API does.
func (e *environment) closeAccount(ctx context.Context, state record.AccountState, message string) error {
	account, err := e.o.Store.SetAccountState(ctx, e.account, state, message, time.Now())
	if err != nil {
		return err
	}
	e.o.Meetings.CloseAccount(e.account, gate.AccountFault(account))
	return nil
}

// setUp changes the account of the drill.
func (e *environment) setUp(ctx context.Context, change func(*record.Account)) error {
	_, err := e.o.Store.UpdateAccount(ctx, e.account, change)
	return err
}

// setKeyState changes the drill's API key.
func (e *environment) setKeyState(state record.KeyState) record.Key {
	return e.o.Causes.setKeyState(e.apiKey, state)
}

// limit sets limits that hold for joins of the meeting while the drill lasts.
func (e *environment) limit(limits record.Limits) {
	e.o.Causes.change(e.meeting, func(m *meetingCauses) { m.limits = limits })
}

// rest calls REST with a token that may. The call is what makes the fault occur again, where no join is.
func (e *environment) rest(ctx context.Context, method, path string, body, out any) error {
	token, err := e.mint(gate.Grant{Roles: []string{gate.RoleCrawler}})
	if err != nil {
		return err
	}
	return e.restWith(ctx, token, method, path, body, out)
}

func (e *environment) restWith(ctx context.Context, token, method, path string, body, out any) error {
	api, err := client.New(e.o.URL, token)
	if err != nil {
		return err
	}
	path, query, _ := strings.Cut(path, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return err
	}
	return api.Call(ctx, method, path, values, body, out)
}

// curl is a call as a command for a shell.
func curl(method, path string, body any) string {
	text := "curl -X " + method + " '{server}" + path + "' -H 'Authorization: {token}'"
	if body != nil {
		raw, _ := json.Marshal(body) // values of this package
		text += " -H 'Content-Type: application/json' -d '" + string(raw) + "'"
	}
	return text
}

// mint makes a token of the drill's key, for its participants unless the grant says otherwise.
func (e *environment) mint(g gate.Grant) (string, error) {
	if g.APIKey == "" {
		g.APIKey = e.apiKey
	}
	if g.Permissions == nil {
		g.Permissions = []string{gate.AllowJoin}
	}
	if g.ExpiresIn == 0 {
		g.ExpiresIn = e.life
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
	m, err := e.prepare(token, change...)
	if err != nil {
		return nil, err
	}
	if err := m.Join(ctx); err != nil {
		return nil, err
	}
	return m, nil
}

// prepare makes a meeting of the SDK that can be joined; the faults that it meets are the drill's.
func (e *environment) prepare(token string, change ...func(*sdk.Options)) (*sdk.Meeting, error) {
	o := sdk.Options{URL: e.o.URL, Token: token, MeetingID: e.meeting, Name: "Drill", JoinAttempts: 1,
		ManualConsume: true, NoRejoin: true}
	for _, c := range change {
		c(&o)
	}
	e.token = o.Token
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
	e.joined = append(e.joined, m)
	return m, nil
}

// take keeps the fault that is wanted.
func (e *environment) take(err error) {
	f := asFault(err)
	if f == nil || strconv.Itoa(f.Code)+"."+f.Reason != e.wanted {
		return
	}
	select {
	case e.came <- f:
	default: // the call and the event bring the same
	}
}

// reported waits until the server has the fault in its timeline, and returns it.
func (e *environment) reported(ctx context.Context) error {
	code, reason, _ := strings.Cut(e.wanted, ".")
	query := url.Values{"code": {code}, "reason": {reason}, "since": {e.began.UTC().Format(time.RFC3339)}}
	for {
		var page struct{ Data []*fault.Error }
		if err := e.rest(ctx, "GET", "/v2/faults?"+query.Encode(), nil, &page); err != nil {
			return err
		}
		if len(page.Data) > 0 {
			return page.Data[0]
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// recordedWithin is how long a fault may take into the timeline; an SDK that finds one before the network tells nobody.
const (
	recordedWithin  = 2 * time.Second
	foundBySDKAlone = 100 * time.Millisecond
)

// recorded reports whether the timeline has a fault.
func (e *environment) recorded(ctx context.Context, f *fault.Error) bool {
	within := recordedWithin
	if entry, known := f.Entry(); !known || !entry.Reported() && (f.Local() || entry.SDK) {
		within = foundBySDKAlone
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	for {
		if _, err := e.o.Store.Fault(ctx, "", f.ID); err == nil {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(20 * time.Millisecond):
		}
	}
}
