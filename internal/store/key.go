package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/klatch/klatch/internal/record"
)

const keyColumns = `k.id, k.account_id, k.label, k.expires_at, k.state, k.state_since, k.created_at, k.replaced_by,
	k.last_used_at`

func keyFields(k *record.Key) []any {
	return []any{&k.ID, &k.AccountID, &k.Label, msTime{&k.ExpiresAt}, keyState{k}, keyStateSince{k},
		msTime{&k.CreatedAt}, &k.ReplacedBy, msTime{&k.LastUsedAt}}
}

// keyState and keyStateSince scan the two columns of the state of a key, after that of its end: one whose end has come
// is revoked, and nobody writes that at the moment.
type (
	keyState      struct{ of *record.Key }
	keyStateSince struct{ of *record.Key }
)

func (s keyState) Scan(src any) error {
	var state sql.NullString
	if err := state.Scan(src); err != nil {
		return err
	}
	s.of.State = record.KeyState(state.String)
	if isOver(s.of) {
		s.of.State = record.KeyRevoked
	}
	return nil
}

func (s keyStateSince) Scan(src any) error {
	if err := (msTime{&s.of.StateSince}).Scan(src); err != nil {
		return err
	}
	if isOver(s.of) {
		s.of.StateSince = s.of.ExpiresAt
	}
	return nil
}

const secretBytes = 32 // HS256 wants a key as long as its hash: RFC 7518, section 3.2

func isOver(k *record.Key) bool { return !k.ExpiresAt.IsZero() && !time.Now().Before(k.ExpiresAt) }

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

// RotateKey stores a successor of a key, with its label, and returns its secret. The old key is revoked after overlap,
// or at once where that is 0. A key that is not active, or was rotated before, is a ConflictError.
func (s *Store) RotateKey(
	ctx context.Context, id string, overlap time.Duration, at time.Time,
) (record.Key, string, error) {
	const op = "the rotation of an API key"
	old, err := s.Key(ctx, id)
	if err != nil {
		return record.Key{}, "", err
	}
	secret := make([]byte, secretBytes)
	if _, err := rand.Read(secret); err != nil {
		return record.Key{}, "", opError(op, err)
	}
	next, text := uuid.NewString(), hex.EncodeToString(secret)
	err = s.tx(ctx, func(c conn) error {
		state, until := record.KeyActive, at.Add(overlap)
		if overlap == 0 {
			state = record.KeyRevoked
		}
		changed, err := s.exec(ctx, c, `UPDATE api_keys SET expires_at = ?, replaced_by = ?, state = ?,
			state_since = CASE WHEN CAST(? AS TEXT) = state THEN state_since ELSE ? END
			WHERE id = ? AND state = ? AND expires_at IS NULL`, toMs(until), next, state, state, toMs(at), id,
			record.KeyActive)
		if err != nil {
			return err
		}
		if changed == 0 {
			conflict := &record.ConflictError{Kind: "key", ID: id, State: string(old.State)}
			if old.State == record.KeyActive {
				conflict.State = "rotated"
			}
			return conflict
		}
		_, err = s.exec(ctx, c, `INSERT INTO api_keys (id, account_id, secret, label, state, state_since, created_at)
			VALUES (?, ?, ?, ?, ?, ?, ?)`, next, old.AccountID, s.sealer.seal(text, keyOwner(next)), old.Label,
			record.KeyActive, toMs(at), toMs(at))
		return err
	})
	if err != nil {
		return record.Key{}, "", opError(op, err)
	}
	key, err := s.Key(ctx, next)
	return key, text, err
}

// keyUse is when keys were used since it was last written. It has an entry for each key at most.
type keyUse struct {
	mu sync.Mutex // guards at
	at map[string]time.Time
}

// KeyUsed notes that a token of a key was accepted. SaveKeyUse writes it.
func (s *Store) KeyUsed(id string) {
	s.uses.mu.Lock()
	defer s.uses.mu.Unlock()
	if s.uses.at == nil {
		s.uses.at = map[string]time.Time{}
	}
	s.uses.at[id] = time.Now()
}

// SaveKeyUse writes when keys were used: one transaction for all of them.
func (s *Store) SaveKeyUse(ctx context.Context) error {
	s.uses.mu.Lock()
	used := s.uses.at
	s.uses.at = nil
	s.uses.mu.Unlock()
	if len(used) == 0 {
		return nil
	}
	return opError("the use of API keys", s.tx(ctx, func(c conn) error {
		for _, id := range slices.Sorted(maps.Keys(used)) {
			if _, err := s.exec(ctx, c, `UPDATE api_keys SET last_used_at = ? WHERE id = ?
				AND (last_used_at IS NULL OR last_used_at < ?)`, toMs(used[id]), id, toMs(used[id])); err != nil {
				return err
			}
		}
		return nil
	}))
}

// AccountCounts counts what these accounts have.
func (s *Store) AccountCounts(ctx context.Context, ids ...string) (map[string]record.AccountCounts, error) {
	const op = "the counts of accounts"
	out := map[string]record.AccountCounts{}
	if len(ids) == 0 {
		return out, nil
	}
	var f filter
	f.in(`account_id`, ids)
	count := func(into func(*record.AccountCounts) *int, query string, args ...any) error {
		return s.rows(ctx, s.read, func(row scanner) error {
			var id string
			var n int
			err := row.Scan(&id, &n)
			counts := out[id]
			*into(&counts) = n
			out[id] = counts
			return err
		}, query, args...)
	}
	err := count(func(c *record.AccountCounts) *int { return &c.Rooms },
		`SELECT account_id, COUNT(*) FROM meetings`+f.where()+` GROUP BY account_id`, f.args...)
	if err != nil {
		return out, opError(op, err)
	}
	f.add(`state <> ?`, record.KeyRevoked)
	f.add(`(expires_at IS NULL OR expires_at > ?)`, time.Now().UnixMilli())
	err = count(func(c *record.AccountCounts) *int { return &c.Keys },
		`SELECT account_id, COUNT(*) FROM api_keys`+f.where()+` GROUP BY account_id`, f.args...)
	return out, opError(op, err)
}
