package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/klatch/klatch/internal/record"
)

const accountColumns = `a.id, a.name, a.email, a.state, a.state_message, a.state_since, a.settings, a.limits,
	a.created_at, a.updated_at`

func accountFields(a *record.Account) []any {
	return []any{
		&a.ID, &a.Name, &a.Email, &a.State, &a.StateMessage, msTime{&a.StateSince},
		jsonText{&a.Settings}, jsonText{&a.Limits}, msTime{&a.CreatedAt}, msTime{&a.UpdatedAt},
	}
}

// CreateAccount keeps a new account, active. An empty ID is made; an ID that is taken is a ConflictError.
// State and times of a are not read.
func (s *Store) CreateAccount(ctx context.Context, a record.Account) (record.Account, error) {
	if a.ID == "" {
		a.ID = uuid.NewString()
	}
	settings, limits, err := accountJSON(a)
	if err != nil {
		return record.Account{}, opError("the new account", err)
	}
	now := time.Now().UnixMilli()
	n, err := s.exec(ctx, s.write, `INSERT INTO accounts
		(id, name, email, state, state_message, state_since, settings, limits, created_at, updated_at)
		VALUES (?, ?, ?, ?, '', ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		sanitize(a.ID), sanitize(a.Name), sanitize(a.Email), record.AccountActive, now, settings, limits, now, now)
	if err != nil {
		return record.Account{}, opError("the new account", err)
	}
	if n == 0 {
		return record.Account{}, &record.ConflictError{Kind: "account", ID: a.ID, State: "exists"}
	}
	return s.Account(ctx, sanitize(a.ID))
}

func accountJSON(a record.Account) (settings, limits string, err error) {
	if settings, err = toJSON(a.Settings); err != nil {
		return "", "", err
	}
	limits, err = toJSON(a.Limits)
	return settings, limits, err
}

// Account finds an account.
func (s *Store) Account(ctx context.Context, id string) (record.Account, error) {
	return s.account(ctx, s.read, id, "")
}

func (s *Store) account(ctx context.Context, c conn, id, suffix string) (record.Account, error) {
	var a record.Account
	if !isStorable(id) {
		return a, notFound("account", id)
	}
	err := s.row(ctx, c, `SELECT `+accountColumns+` FROM accounts a WHERE a.id = ?`+suffix, id).
		Scan(accountFields(&a)...)
	return a, opError("the query for an account", orNotFound(err, "account", id))
}

// Accounts lists accounts, oldest first.
func (s *Store) Accounts(ctx context.Context, page record.Page) (record.List[record.Account], error) {
	return list(
		ctx,
		s,
		"the query for accounts",
		accountColumns,
		` FROM accounts a`,
		`a.created_at, a.id`,
		filter{},
		page,
		accountFields,
	)
}

// UpdateAccount changes name, email, settings and limits of an account; change sees it as it is and may
// run again. State has a call of its own.
func (s *Store) UpdateAccount(ctx context.Context, id string, change func(*record.Account)) (record.Account, error) {
	return s.changeAccount(ctx, "the change of an account", id, func(a *record.Account) { change(a) },
		`name = ?, email = ?, settings = ?, limits = ?`, func(a record.Account) ([]any, error) {
			settings, limits, err := accountJSON(a)
			return []any{sanitize(a.Name), sanitize(a.Email), settings, limits}, err
		})
}

// SetAccountState sets state and the operator's words. A state that is set again keeps its since.
func (s *Store) SetAccountState(
	ctx context.Context,
	id string,
	state record.AccountState,
	message string,
	at time.Time,
) (record.Account, error) {
	return s.changeAccount(ctx, "the new state of an account", id, func(a *record.Account) {
		if a.State != state {
			a.State, a.StateSince = state, at
		}
		a.StateMessage = message
	}, `state = ?, state_message = ?, state_since = ?`, func(a record.Account) ([]any, error) {
		return []any{a.State, sanitize(a.StateMessage), toMs(a.StateSince)}, nil
	})
}

func (s *Store) changeAccount(
	ctx context.Context,
	op, id string,
	change func(*record.Account),
	set string,
	args func(record.Account) ([]any, error),
) (record.Account, error) {
	var a record.Account
	err := s.tx(ctx, func(c conn) (err error) {
		if a, err = s.account(ctx, c, id, s.engine.lockRow()); err != nil {
			return err
		}
		change(&a)
		values, err := args(a)
		if err != nil {
			return err
		}
		_, err = s.exec(ctx, c, `UPDATE accounts SET `+set+`, updated_at = ? WHERE id = ?`,
			append(values, time.Now().UnixMilli(), id)...)
		return err
	})
	if err != nil {
		return record.Account{}, opError(op, err)
	}
	return s.Account(ctx, id)
}
