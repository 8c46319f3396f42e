package rest

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/ident"
	"github.com/klatch/klatch/internal/record"
)

// Account owns keys, rooms and limits.
type Account struct {
	ID           string          `json:"id"`
	Name         string          `json:"name"`
	Email        string          `json:"email"`
	State        string          `json:"state" enum:"active,deactivated,discontinued"`
	StateMessage string          `json:"stateMessage" doc:"Text of the operator, used as the message of 4007."`
	StateSince   fault.Instant   `json:"stateSince"`
	Settings     record.Settings `json:"settings"`
	Limits       record.Limits   `json:"limits" doc:"0 means no limit."`
	CreatedAt    fault.Instant   `json:"createdAt"`
	UpdatedAt    fault.Instant   `json:"updatedAt"`
	Counts       *AccountCounts  `json:"counts,omitempty" doc:"Only where accounts are read and listed."`
}

// AccountCounts are how much an account has, and what it does now.
type AccountCounts struct {
	Keys         int `json:"keys" doc:"API keys that are not revoked."`
	Rooms        int `json:"rooms"`
	Sessions     int `json:"sessions" doc:"Running sessions."`
	Participants int `json:"participants" doc:"In running sessions."`
}

// counts counts what these accounts have.
func (a *API) counts(ctx context.Context, ids ...string) (map[string]AccountCounts, error) {
	kept, err := a.opts.Store.AccountCounts(ctx, ids...)
	if err != nil {
		return nil, storeFault(err)
	}
	out := map[string]AccountCounts{}
	for _, id := range ids {
		of := AccountCounts{Keys: kept[id].Keys, Rooms: kept[id].Rooms}
		for _, live := range a.live(ctx, id) {
			of.Sessions++
			of.Participants += live.Participants
		}
		out[id] = of
	}
	return out, nil
}

// NewAccount is what an account is made with.
type NewAccount struct {
	ID string `json:"id,omitempty" doc:"Generated if absent." pattern:"^[A-Za-z0-9._-]{1,64}$"`
	AccountChange
}

// AccountChange changes what is given and leaves the rest.
type AccountChange struct {
	Name     *string         `json:"name,omitempty" maxLength:"200"`
	Email    *string         `json:"email,omitempty" maxLength:"200"`
	Settings *SettingsChange `json:"settings,omitempty"`
	Limits   *LimitsChange   `json:"limits,omitempty"`
}

// SettingsChange changes settings.
type SettingsChange struct {
	EveryoneMayModerate *bool `json:"everyoneMayModerate,omitempty" doc:"Grants allow_mod to every participant."`
	EveryoneMayEnd      *bool `json:"everyoneMayEnd,omitempty" doc:"Lets every participant end the session."`
	EveryoneMayEgress   *bool `json:"everyoneMayEgress,omitempty" doc:"Lets every participant start and stop recording, livestream and HLS."`
	AddOnsDisabled      *bool `json:"addOnsDisabled,omitempty" doc:"Refuses recording, livestream and HLS: 4021."`
	RESTRequiresCrawler *bool `json:"restRequiresCrawler,omitempty" doc:"Refuses REST calls of tokens without roles: 4024."`
	Drills              *bool `json:"drills,omitempty" doc:"Lets drills make faults in meetings of the account; else 4105 DRILLS_OFF."`
	FaultDays           *int  `json:"faultDays,omitempty" minimum:"0" maximum:"366" doc:"For how many days faults of the account are kept; 0: as faults.keepFor of the server says."`
}

// LimitsChange changes limits; 0 takes one away.
type LimitsChange struct {
	Participants     *int `json:"participants,omitempty" minimum:"0" maximum:"1000000" doc:"In one meeting: 4009."`
	Speakers         *int `json:"speakers,omitempty" minimum:"0" maximum:"1000000" doc:"SEND_AND_RECV in one meeting: 4010."`
	AccountSpeakers  *int `json:"accountSpeakers,omitempty" minimum:"0" maximum:"1000000" doc:"SEND_AND_RECV in all meetings: 4026."`
	AccountViewers   *int `json:"accountViewers,omitempty" minimum:"0" maximum:"1000000" doc:"SIGNALLING_ONLY in all meetings: 4027."`
	AccountReceivers *int `json:"accountReceivers,omitempty" minimum:"0" maximum:"1000000" doc:"RECV_ONLY in all meetings: 4041."`
	Recordings       *int `json:"recordings,omitempty" minimum:"0" maximum:"1000000" doc:"Recordings of any form at once in all meetings: 4028."`
	HLS              *int `json:"hls,omitempty" minimum:"0" maximum:"1000000" doc:"HLS streams at once in all meetings: 4029."`
	Livestreams      *int `json:"livestreams,omitempty" minimum:"0" maximum:"1000000" doc:"Livestreams at once in all meetings: 4030."`
}

type (
	// AccountPath names an account.
	AccountPath struct {
		AccountID string `path:"accountId"`
	}
	createAccountInput struct{ Body NewAccount }
	updateAccountInput struct {
		AccountPath
		Body AccountChange
	}
	discontinueInput struct {
		AccountPath
		Body struct {
			Message string `json:"message" doc:"The message of 4007, which everybody of the account receives." minLength:"1" maxLength:"1000"`
		}
	}
)

func (a *API) accountRoutes() {
	tags := []string{"Admin: accounts"}
	adminOnly(a, huma.Operation{
		OperationID: "admin-create-account", Method: http.MethodPost, Path: "/admin/v1/accounts",
		Summary: "Create an account", Tags: tags,
	}, a.createAccount)
	adminOnly(a, huma.Operation{
		OperationID: "admin-list-accounts", Method: http.MethodGet, Path: "/admin/v1/accounts",
		Summary: "List accounts, oldest first", Tags: tags,
	}, a.listAccounts)
	adminOnly(a, huma.Operation{
		OperationID: "admin-get-account", Method: http.MethodGet, Path: "/admin/v1/accounts/{accountId}",
		Summary: "Read an account", Tags: tags,
	}, a.getAccount)
	adminOnly(a, huma.Operation{
		OperationID: "admin-update-account", Method: http.MethodPatch, Path: "/admin/v1/accounts/{accountId}",
		Summary: "Change name, settings and limits", Tags: tags,
		Description: "Limits and settings apply to the next join; participants who are in a meeting stay.",
	}, a.updateAccount)
	adminOnly(a, huma.Operation{
		OperationID: "admin-activate-account", Method: http.MethodPost, Path: "/admin/v1/accounts/{accountId}/activate",
		Summary: "Activate an account", Tags: tags,
	}, func(ctx context.Context, in *AccountPath) (*body[Account], error) {
		return a.setAccount(ctx, in.AccountID, record.AccountActive, "")
	})
	adminOnly(a, huma.Operation{
		OperationID: "admin-deactivate-account", Method: http.MethodPost,
		Path: "/admin/v1/accounts/{accountId}/deactivate", Summary: "Deactivate an account", Tags: tags,
		Description: "Ends the calls of everybody of the account at once, with 4006.",
	}, func(ctx context.Context, in *AccountPath) (*body[Account], error) {
		return a.setAccount(ctx, in.AccountID, record.AccountDeactivated, "")
	})
	adminOnly(a, huma.Operation{
		OperationID: "admin-discontinue-account", Method: http.MethodPost,
		Path: "/admin/v1/accounts/{accountId}/discontinue", Summary: "Discontinue an account with a message",
		Tags:        tags,
		Description: "Ends the calls of everybody of the account at once, with 4007 and the given message.",
	}, func(ctx context.Context, in *discontinueInput) (*body[Account], error) {
		return a.setAccount(ctx, in.AccountID, record.AccountDiscontinued, in.Body.Message)
	})
}

func (a *API) createAccount(ctx context.Context, in *createAccountInput) (*body[Account], error) {
	if err := in.Body.check("POST /admin/v1/accounts"); err != nil {
		return nil, err
	}
	account := record.Account{ID: in.Body.ID}
	in.Body.apply(&account)
	account, err := a.opts.Store.CreateAccount(ctx, account)
	return accountBody(account, err)
}

func (a *API) listAccounts(ctx context.Context, in *PageQuery) (*body[Page[Account]], error) {
	list, err := a.opts.Store.Accounts(ctx, in.page())
	if err != nil {
		return nil, adminFault(err)
	}
	page := Page[Account]{in.info(list.Total), []Account{}}
	ids := make([]string, 0, len(list.Items))
	for _, account := range list.Items {
		ids = append(ids, account.ID)
	}
	counts, err := a.counts(ctx, ids...)
	if err != nil {
		return nil, err
	}
	for _, account := range list.Items {
		shown, of := accountJSON(account), counts[account.ID]
		shown.Counts = &of
		page.Data = append(page.Data, shown)
	}
	return &body[Page[Account]]{page}, nil
}

func (a *API) getAccount(ctx context.Context, in *AccountPath) (*body[Account], error) {
	account, err := a.opts.Store.Account(ctx, in.AccountID)
	if err != nil {
		return nil, adminFault(err)
	}
	counts, err := a.counts(ctx, account.ID)
	if err != nil {
		return nil, err
	}
	shown, of := accountJSON(account), counts[account.ID]
	shown.Counts = &of
	return &body[Account]{shown}, nil
}

func (a *API) updateAccount(ctx context.Context, in *updateAccountInput) (*body[Account], error) {
	if err := in.Body.check("PATCH /admin/v1/accounts/{accountId}"); err != nil {
		return nil, err
	}
	account, err := a.opts.Store.UpdateAccount(ctx, in.AccountID, in.Body.apply)
	return accountBody(account, err)
}

// setAccount keeps the state first: a join that comes after it is refused by the gate, and one that came
// before is put out here.
func (a *API) setAccount(
	ctx context.Context,
	id string,
	state record.AccountState,
	message string,
) (*body[Account], error) {
	account, err := a.opts.Store.SetAccountState(ctx, id, state, message, time.Now())
	if err != nil {
		return nil, adminFault(err)
	}
	if f := gate.AccountFault(account); f != nil {
		a.closeAccount(account.ID, f)
	}
	return accountBody(account, err)
}

func accountBody(account record.Account, err error) (*body[Account], error) {
	if err != nil {
		return nil, adminFault(err)
	}
	return &body[Account]{accountJSON(account)}, nil
}

func accountJSON(a record.Account) Account {
	return Account{
		ID: a.ID, Name: a.Name, Email: a.Email, State: string(a.State), StateMessage: a.StateMessage,
		StateSince: fault.InstantOf(a.StateSince),
		Settings:   a.Settings, Limits: a.Limits, CreatedAt: fault.InstantOf(a.CreatedAt),
		UpdatedAt: fault.InstantOf(a.UpdatedAt),
	}
}

// check judges what the schema cannot say.
func (c AccountChange) check(method string) error {
	for _, text := range []struct {
		field string
		value *string
	}{{"name", c.Name}, {"email", c.Email}} {
		if text.value == nil {
			continue
		}
		if problem := ident.NameProblem(*text.value); problem != "" {
			return fault.InvalidMessageBadParams(method, text.field, problem)
		}
	}
	return nil
}

func (c AccountChange) apply(a *record.Account) {
	set(&a.Name, c.Name)
	set(&a.Email, c.Email)
	if s := c.Settings; s != nil {
		set(&a.Settings.EveryoneMayModerate, s.EveryoneMayModerate)
		set(&a.Settings.EveryoneMayEnd, s.EveryoneMayEnd)
		set(&a.Settings.EveryoneMayEgress, s.EveryoneMayEgress)
		set(&a.Settings.AddOnsDisabled, s.AddOnsDisabled)
		set(&a.Settings.RESTRequiresCrawler, s.RESTRequiresCrawler)
		set(&a.Settings.Drills, s.Drills)
		set(&a.Settings.FaultDays, s.FaultDays)
	}
	if l := c.Limits; l != nil {
		set(&a.Limits.Participants, l.Participants)
		set(&a.Limits.Speakers, l.Speakers)
		set(&a.Limits.AccountSpeakers, l.AccountSpeakers)
		set(&a.Limits.AccountViewers, l.AccountViewers)
		set(&a.Limits.AccountReceivers, l.AccountReceivers)
		set(&a.Limits.Recordings, l.Recordings)
		set(&a.Limits.HLS, l.HLS)
		set(&a.Limits.Livestreams, l.Livestreams)
	}
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

// adminFault returns the fault for what an operator did not find, or may not change.
func adminFault(err error) error {
	if missing, ok := errors.AsType[*record.NotFoundError](err); ok {
		switch missing.Kind {
		case "account":
			return fault.NotFoundAccount(missing.ID)
		case "key":
			return fault.NotFoundKey(missing.ID)
		}
	}
	if conflict, ok := errors.AsType[*record.ConflictError](err); ok {
		return fault.ConflictState("The "+conflict.Kind, conflict.ID, conflict.State)
	}
	return storeFault(err)
}
