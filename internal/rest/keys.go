package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/record"
)

// Key is an API key without its secret.
type Key struct {
	APIKey     string        `json:"apiKey"`
	AccountID  string        `json:"accountId"`
	Label      string        `json:"label"`
	State      string        `json:"state" enum:"active,deactivated,revoked"`
	StateSince fault.Instant `json:"stateSince"`
	CreatedAt  fault.Instant `json:"createdAt"`

	ExpiresAt  *fault.Instant `json:"expiresAt" doc:"When a key that was rotated is revoked; null for others."`
	ReplacedBy *string        `json:"replacedBy" doc:"The key that took its place; null where it was not rotated."`
	LastUsedAt *fault.Instant `json:"lastUsedAt" doc:"The last token of it that was accepted, to half a minute; null for never."`
}

// CreatedKey is a key with its secret, which is shown this once.
type CreatedKey struct {
	Key
	Secret string `json:"secret" doc:"The secret that tokens are signed with. It is shown only in this answer."`
}

// NewKey is what a key is made with.
type NewKey struct {
	AccountID string `json:"accountId" minLength:"1"`
	Label     string `json:"label,omitempty" maxLength:"200"`
	APIKey    string `json:"apiKey,omitempty" doc:"Generated if absent; give it to move a key from another server." pattern:"^[A-Za-z0-9._-]{1,64}$"`
	Secret    string `json:"secret,omitempty" doc:"Generated if absent." minLength:"16" maxLength:"512"`
}

type (
	// KeyPath names an API key.
	KeyPath struct {
		APIKey string `path:"apiKey"`
	}
	createKeyInput struct{ Body NewKey }
	listKeysInput  struct {
		PageQuery
		AccountID string `query:"accountId" doc:"Only the keys of this account."`
	}
)

func (a *API) keyRoutes() {
	tags := []string{"Admin: keys"}
	adminOnly(a, huma.Operation{
		OperationID: "admin-create-key", Method: http.MethodPost, Path: "/admin/v1/keys", Summary: "Create an API key",
		Tags: tags,
	}, a.createKey)
	adminOnly(a, huma.Operation{
		OperationID: "admin-list-keys", Method: http.MethodGet, Path: "/admin/v1/keys",
		Summary: "List API keys, oldest first", Tags: tags,
	}, a.listKeys)
	adminOnly(a, huma.Operation{
		OperationID: "admin-get-key", Method: http.MethodGet, Path: "/admin/v1/keys/{apiKey}",
		Summary: "Read an API key", Tags: tags,
	}, func(ctx context.Context, in *KeyPath) (*body[Key], error) {
		return keyBody(a.opts.Store.Key(ctx, in.APIKey))
	})
	adminOnly(a, huma.Operation{
		OperationID: "admin-activate-key", Method: http.MethodPost, Path: "/admin/v1/keys/{apiKey}/activate",
		Summary: "Activate an API key", Tags: tags,
	}, a.setKey(record.KeyActive))
	adminOnly(a, huma.Operation{
		OperationID: "admin-deactivate-key", Method: http.MethodPost, Path: "/admin/v1/keys/{apiKey}/deactivate",
		Summary: "Deactivate an API key", Tags: tags,
		Description: "Everybody who joined with it is put out at once, with 4053.",
	}, a.setKey(record.KeyDeactivated))
	adminOnly(a, huma.Operation{
		OperationID: "admin-revoke-key", Method: http.MethodPost, Path: "/admin/v1/keys/{apiKey}/revoke",
		Summary: "Revoke an API key permanently", Tags: tags,
		Description: "Running calls go on; new joins and REST calls are refused with 4001 KEY_REVOKED.",
	}, a.setKey(record.KeyRevoked))
}

func (a *API) createKey(ctx context.Context, in *createKeyInput) (*body[CreatedKey], error) {
	key, secret, err := a.opts.Store.CreateKey(ctx, record.NewKey{
		AccountID: in.Body.AccountID, Label: in.Body.Label, ID: in.Body.APIKey, Secret: in.Body.Secret,
	})
	if err != nil {
		return nil, adminFault(err)
	}
	return &body[CreatedKey]{CreatedKey{keyJSON(key), secret}}, nil
}

func (a *API) listKeys(ctx context.Context, in *listKeysInput) (*body[Page[Key]], error) {
	if in.AccountID != "" {
		if _, err := a.opts.Store.Account(ctx, in.AccountID); err != nil {
			return nil, adminFault(err)
		}
	}
	list, err := a.opts.Store.Keys(ctx, in.AccountID, in.page())
	if err != nil {
		return nil, adminFault(err)
	}
	page := Page[Key]{in.info(list.Total), []Key{}}
	for _, key := range list.Items {
		page.Data = append(page.Data, keyJSON(key))
	}
	return &body[Page[Key]]{page}, nil
}

func (a *API) setKey(state record.KeyState) func(context.Context, *KeyPath) (*body[Key], error) {
	return func(ctx context.Context, in *KeyPath) (*body[Key], error) {
		key, err := a.opts.Store.SetKeyState(ctx, in.APIKey, state, time.Now())
		if err == nil && state == record.KeyDeactivated {
			a.closeKey(key.ID, gate.KeyFault(key))
		}
		return keyBody(key, err)
	}
}

func keyBody(key record.Key, err error) (*body[Key], error) {
	if err != nil {
		return nil, adminFault(err)
	}
	return &body[Key]{keyJSON(key)}, nil
}

func keyJSON(k record.Key) Key {
	return Key{
		APIKey:     k.ID,
		AccountID:  k.AccountID,
		Label:      k.Label,
		State:      string(k.State),
		StateSince: fault.InstantOf(k.StateSince),
		CreatedAt:  fault.InstantOf(k.CreatedAt),
		ExpiresAt:  fault.InstantOrNull(k.ExpiresAt),
		ReplacedBy: nullIfEmpty(k.ReplacedBy),
		LastUsedAt: fault.InstantOrNull(k.LastUsedAt),
	}
}
