package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// RotateKey asks for a successor of a key.
type RotateKey struct {
	OverlapSeconds *int `json:"overlapSeconds,omitempty" minimum:"0" maximum:"2592000" default:"86400" doc:"How long the old key holds beside the new one; 0 revokes it at once."`
}

// NewOwnKey is what a key of one's own account is made with.
type NewOwnKey struct {
	Label string `json:"label,omitempty" maxLength:"200"`
}

// OwnAccount is the account of the caller.
type OwnAccount struct {
	ID       string          `json:"id"`
	Name     string          `json:"name"`
	State    string          `json:"state" enum:"active,deactivated,discontinued"`
	Settings record.Settings `json:"settings"`
	Limits   record.Limits   `json:"limits" doc:"0 means no limit."`
	Counts   AccountCounts   `json:"counts"`
}

type (
	rotateKeyInput struct {
		KeyPath
		Body RotateKey
	}
	createOwnKeyInput struct{ Body NewOwnKey }
)

// accountKeyRoutes are those with which the developers of an account administer its keys, and see its limits. Keys take
// a console session: who holds the secret of a key could otherwise make one that outlives it.
func (a *API) accountKeyRoutes() {
	const path = "/v2/keys"
	tags := []string{"Account"}
	adminOnly(a, huma.Operation{
		OperationID: "admin-rotate-key", Method: http.MethodPost, Path: "/admin/v1/keys/{apiKey}/rotate",
		Summary: "Create a successor of an API key; the old one is revoked after overlapSeconds",
		Tags:    []string{"Admin: keys"},
	}, func(ctx context.Context, in *rotateKeyInput) (*body[CreatedKey], error) {
		return a.rotate(ctx, "", in)
	})
	secured(a, huma.Operation{
		OperationID: "get-account", Method: http.MethodGet, Path: "/v2/account", Tags: tags,
		Summary: "Read the account with its limits",
	}, func(ctx context.Context, who Caller, _ *struct{}) (*body[OwnAccount], error) {
		if err := mayUse(who, record.Meeting{}, "the whole account"); err != nil {
			return nil, err
		}
		counts, err := a.counts(ctx, who.Account.ID)
		if err != nil {
			return nil, err
		}
		return &body[OwnAccount]{OwnAccount{
			ID: who.Account.ID, Name: who.Account.Name, State: string(who.Account.State), Settings: who.Account.Settings,
			Limits: who.Account.Limits, Counts: counts[who.Account.ID],
		}}, nil
	})
	secured(a, huma.Operation{
		OperationID: "list-keys", Method: http.MethodGet, Path: path, Tags: tags,
		Summary: "List the API keys of the account, oldest first",
	}, func(ctx context.Context, who Caller, in *PageQuery) (*body[Page[Key]], error) {
		if err := a.needsConsole(ctx); err != nil {
			return nil, err
		}
		return a.listKeys(ctx, &listKeysInput{PageQuery: *in, AccountID: who.Account.ID})
	})
	secured(a, huma.Operation{
		OperationID: "create-key", Method: http.MethodPost, Path: path, Tags: tags, Summary: "Create an API key",
	}, func(ctx context.Context, who Caller, in *createOwnKeyInput) (*body[CreatedKey], error) {
		if err := a.needsConsole(ctx); err != nil {
			return nil, err
		}
		return a.createKey(ctx, &createKeyInput{NewKey{AccountID: who.Account.ID, Label: in.Body.Label}})
	})
	secured(a, huma.Operation{
		OperationID: "rotate-key", Method: http.MethodPost, Path: path + "/{apiKey}/rotate", Tags: tags,
		Summary: "Create a successor of an API key; the old one is revoked after overlapSeconds",
	}, func(ctx context.Context, who Caller, in *rotateKeyInput) (*body[CreatedKey], error) {
		if err := a.needsConsole(ctx); err != nil {
			return nil, err
		}
		return a.rotate(ctx, who.Account.ID, in)
	})
	secured(a, huma.Operation{
		OperationID: "revoke-key", Method: http.MethodPost, Path: path + "/{apiKey}/revoke", Tags: tags,
		Summary:     "Revoke an API key permanently",
		Description: "Running calls go on; new joins and REST calls are refused with 4001 KEY_REVOKED.",
	}, func(ctx context.Context, who Caller, in *KeyPath) (*body[Key], error) {
		if err := a.needsConsole(ctx); err != nil {
			return nil, err
		}
		if err := a.ownsKey(ctx, who.Account.ID, in.APIKey); err != nil {
			return nil, err
		}
		return a.setKey(record.KeyRevoked)(ctx, in)
	})
}

// needsConsole refuses tokens.
func (a *API) needsConsole(ctx context.Context) error {
	if scopeOf(ctx).console == nil {
		return fault.NotPermittedNotSignedIn(methodOf(ctx))
	}
	return nil
}

// ownsKey refuses the keys of other accounts as if they were not there.
func (a *API) ownsKey(ctx context.Context, accountID, id string) error {
	key, err := a.opts.Store.Key(ctx, id)
	if err != nil {
		return adminFault(err)
	}
	if key.AccountID != accountID {
		return fault.NotFoundKey(id)
	}
	return nil
}

// rotate makes the successor of a key; of that account, where one is given.
func (a *API) rotate(ctx context.Context, accountID string, in *rotateKeyInput) (*body[CreatedKey], error) {
	if accountID != "" {
		if err := a.ownsKey(ctx, accountID, in.APIKey); err != nil {
			return nil, err
		}
	}
	overlap := 24 * time.Hour
	if in.Body.OverlapSeconds != nil {
		overlap = time.Duration(*in.Body.OverlapSeconds) * time.Second
	}
	key, secret, err := a.opts.Store.RotateKey(ctx, in.APIKey, overlap, time.Now())
	if err != nil {
		return nil, adminFault(err)
	}
	return &body[CreatedKey]{CreatedKey{keyJSON(key), secret}}, nil
}

// activeKey returns an API key of an account that holds, for what a console session makes and that joins with a key.
func (a *API) activeKey(ctx context.Context, accountID string) (string, error) {
	for number := 1; ; number++ {
		list, err := a.opts.Store.Keys(ctx, accountID, record.Page{Number: number, Size: 100})
		if err != nil {
			return "", storeFault(err)
		}
		for _, key := range list.Items {
			if key.State == record.KeyActive && key.ExpiresAt.IsZero() {
				return key.ID, nil
			}
		}
		if len(list.Items) == 0 {
			return "", fault.ConflictState("The account", accountID, "without an active API key")
		}
	}
}
