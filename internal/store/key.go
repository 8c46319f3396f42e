package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"time"

	"github.com/google/uuid"

	"github.com/klatch/klatch/internal/record"
)

const keyColumns = `k.id, k.account_id, k.label, k.state, k.state_since, k.created_at`

func keyFields(k *record.Key) []any {
	return []any{&k.ID, &k.AccountID, &k.Label, &k.State, msTime{&k.StateSince}, msTime{&k.CreatedAt}}
}

const secretBytes = 32 // HS256 wants a key as long as its hash: RFC 7518, section 3.2

// CreateKey stores a new, active key and returns its secret, which no list shows again. A taken ID is a ConflictError.
func (s *Store) CreateKey(ctx context.Context, n record.NewKey) (record.Key, string, error) {
	const op = "the new API key"
	if n.ID == "" {
		n.ID = uuid.NewString()
	}
	n.ID = sanitize(n.ID)
	if n.Secret == "" {
		secret := make([]byte, secretBytes)
		if _, err := rand.Read(secret); err != nil {
			return record.Key{}, "", opError(op, err)
		}
		n.Secret = hex.EncodeToString(secret)
	}
	if _, err := s.Account(ctx, n.AccountID); err != nil {
		return record.Key{}, "", err
	}
	now := time.Now().UnixMilli()
	changed, err := s.exec(
		ctx,
		s.write,
		`INSERT INTO api_keys (id, account_id, secret, label, state, state_since, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		n.ID,
		n.AccountID,
		s.sealer.seal(n.Secret, keyOwner(n.ID)),
		sanitize(n.Label),
		record.KeyActive,
		now,
		now,
	)
	if err != nil {
		return record.Key{}, "", opError(op, err)
	}
	if changed == 0 {
		return record.Key{}, "", &record.ConflictError{Kind: "key", ID: n.ID, State: "exists"}
	}
	key, err := s.Key(ctx, n.ID)
	return key, n.Secret, err
}

func keyOwner(id string) string { return "api-key:" + id }

// Key finds a key.
func (s *Store) Key(ctx context.Context, id string) (record.Key, error) {
	var k record.Key
	if !isStorable(id) {
		return k, notFound("key", id)
	}
	err := s.row(ctx, s.read, `SELECT `+keyColumns+` FROM api_keys k WHERE k.id = ?`, id).Scan(keyFields(&k)...)
	return k, opError("the query for an API key", orNotFound(err, "key", id))
}

// Keys lists the keys of an account, or of all for "", oldest first.
func (s *Store) Keys(ctx context.Context, accountID string, page record.Page) (record.List[record.Key], error) {
	var f filter
	if accountID != "" {
		f.add(`k.account_id = ?`, sanitize(accountID))
	}
	return list(
		ctx,
		s,
		"the query for API keys",
		keyColumns,
		` FROM api_keys k`,
		`k.created_at, k.id`,
		f,
		page,
		keyFields,
	)
}

// SetKeyState sets the state of a key. Revoked is final: leaving it is a ConflictError. A state that is set
// again keeps its since.
func (s *Store) SetKeyState(ctx context.Context, id string, state record.KeyState, at time.Time) (record.Key, error) {
	const op = "the new state of an API key"
	if !isStorable(id) {
		return record.Key{}, notFound("key", id)
	}
	n, err := s.exec(
		ctx,
		s.write,
		`UPDATE api_keys SET state = ?, state_since = ? WHERE id = ? AND state NOT IN (?, ?)`,
		state,
		toMs(at),
		id,
		state,
		record.KeyRevoked,
	)
	if err != nil {
		return record.Key{}, opError(op, err)
	}
	key, err := s.Key(ctx, id)
	if err != nil {
		return record.Key{}, err
	}
	if n == 0 && key.State != state {
		return record.Key{}, &record.ConflictError{Kind: "key", ID: id, State: string(key.State)}
	}
	return key, nil
}

// Credential returns a key with its secret and its account, in one indexed query: it runs for every join and
// every REST call.
func (s *Store) Credential(ctx context.Context, keyID string) (record.Credential, error) {
	const op = "the query for an API key"
	var (
		cred   record.Credential
		sealed []byte
	)
	if !isStorable(keyID) {
		return cred, notFound("key", keyID)
	}
	targets := append(keyFields(&cred.Key), accountFields(&cred.Account)...)
	err := s.row(ctx, s.read, `SELECT `+keyColumns+`, `+accountColumns+`, k.secret
		FROM api_keys k JOIN accounts a ON a.id = k.account_id WHERE k.id = ?`, keyID).Scan(append(targets, &sealed)...)
	if err != nil {
		return record.Credential{}, opError(op, orNotFound(err, "key", keyID))
	}
	if cred.Secret, err = s.sealer.open(sealed, keyOwner(keyID)); err != nil {
		return record.Credential{}, opError(op, err)
	}
	return cred, nil
}
