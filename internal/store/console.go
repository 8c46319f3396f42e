package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/record"
)

const (
	inviteColumns = `i.id, i.account_id, i.role, i.created_at, i.expires_at, i.used_at, i.revoked_at`

	consoleSessionColumns = `c.id, c.role, c.account_id, c.invite_id, c.address, c.user_agent, c.created_at, c.seen_at,
		c.expires_at, c.ended_at, c.ended_by`
)

func inviteFields(i *record.Invite) []any {
	return []any{&i.ID, &i.AccountID, &i.Role, msTime{&i.CreatedAt}, msTime{&i.ExpiresAt}, msTime{&i.UsedAt},
		msTime{&i.RevokedAt}}
}

func consoleSessionFields(c *record.ConsoleSession) []any {
	return []any{&c.ID, &c.Role, &c.AccountID, &c.InviteID, &c.Address, &c.UserAgent, msTime{&c.CreatedAt},
		msTime{&c.SeenAt}, msTime{&c.ExpiresAt}, msTime{&c.EndedAt}, &c.EndedBy}
}

// hashRandom is how a secret of at least 128 random bits is kept: a plain hash of it cannot be reversed by trying.
func hashRandom(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// CreateInvite stores a new sign-in link of the console and returns its secret, which nothing shows again.
func (s *Store) CreateInvite(ctx context.Context, n record.NewInvite) (record.Invite, string, error) {
	if _, err := s.Account(ctx, n.AccountID); err != nil {
		return record.Invite{}, "", err
	}
	id, secret := "inv_"+strings.ToLower(rand.Text()[:16]), rand.Text()
	_, err := s.exec(ctx, s.write, `INSERT INTO console_invites (id, account_id, role, hash, created_at, expires_at)
		VALUES (?, ?, ?, ?, ?, ?)`, id, n.AccountID, n.Role, hashRandom(secret), time.Now().UnixMilli(),
		toMs(n.ExpiresAt))
	if err != nil {
		return record.Invite{}, "", opError("the new sign-in link", err)
	}
	made, err := s.invite(ctx, `i.id = ?`, id)
	return made, secret, err
}

func (s *Store) invite(ctx context.Context, condition, arg string) (record.Invite, error) {
	var i record.Invite
	err := s.row(ctx, s.read, `SELECT `+inviteColumns+` FROM console_invites i WHERE `+condition, arg).
		Scan(inviteFields(&i)...)
	return i, opError("the query for a sign-in link", orNotFound(err, "invite", ""))
}

// FindInvite finds a sign-in link by its secret.
func (s *Store) FindInvite(ctx context.Context, secret string) (record.Invite, error) {
	return s.invite(ctx, `i.hash = ?`, hashRandom(secret))
}

// Invites lists the sign-in links of an account, newest first.
func (s *Store) Invites(ctx context.Context, accountID string, page record.Page) (record.List[record.Invite], error) {
	var f filter
	f.add(`i.account_id = ?`, sanitize(accountID))
	return list(ctx, s, "the query for sign-in links", inviteColumns, ` FROM console_invites i`,
		`i.created_at DESC, i.id`, f, page, inviteFields)
}

// RevokeInvite ends a sign-in link of an account for good, and the sessions that began with it. One that was revoked
// before keeps its time.
func (s *Store) RevokeInvite(ctx context.Context, accountID, id string, at time.Time) (record.Invite, error) {
	const op = "the end of a sign-in link"
	if !isStorable(id) || !isStorable(accountID) {
		return record.Invite{}, notFound("invite", id)
	}
	var found record.Invite
	err := s.tx(ctx, func(c conn) error {
		if _, err := s.exec(ctx, c, `UPDATE console_invites SET revoked_at = ?
			WHERE id = ? AND account_id = ? AND revoked_at IS NULL`, toMs(at), id, accountID); err != nil {
			return err
		}
		err := s.row(ctx, c, `SELECT `+inviteColumns+` FROM console_invites i WHERE i.id = ? AND i.account_id = ?`,
			id, accountID).Scan(inviteFields(&found)...)
		if err != nil {
			return orNotFound(err, "invite", id)
		}
		_, err = s.exec(ctx, c, `UPDATE console_sessions SET ended_at = ?, ended_by = ?
			WHERE invite_id = ? AND ended_at IS NULL`, toMs(at), record.EndedByRevocation, id)
		return err
	})
	return found, opError(op, err)
}

// OpenConsoleSession stores a new session of the console and returns the value of its cookie, which is not kept. What
// goes past n.Limit is ended, the oldest first; sessions that expired more than a day ago are removed. The sign-in link
// n.InviteID is used up in the same transaction; a ConflictError is one that is open no more.
func (s *Store) OpenConsoleSession(
	ctx context.Context, n record.NewConsoleSession,
) (record.ConsoleSession, string, error) {
	const op = "the new console session"
	id, cookie := "cs_"+strings.ToLower(rand.Text()[:16]), rand.Text()
	err := s.tx(ctx, func(c conn) error {
		if n.InviteID != "" {
			taken, err := s.exec(ctx, c, `UPDATE console_invites SET used_at = ?
				WHERE id = ? AND used_at IS NULL AND revoked_at IS NULL AND expires_at > ?`, toMs(n.At), n.InviteID, toMs(n.At))
			if err == nil && taken == 0 {
				err = &record.ConflictError{Kind: "invite", ID: n.InviteID, State: "taken"}
			}
			if err != nil {
				return err
			}
		}
		if _, err := s.exec(ctx, c, `DELETE FROM console_sessions WHERE expires_at < ?`,
			toMs(n.At.Add(-24*time.Hour))); err != nil {
			return err
		}
		if _, err := s.exec(ctx, c, `UPDATE console_sessions SET ended_at = ?, ended_by = ? WHERE id IN (SELECT id
			FROM console_sessions WHERE role = ? AND account_id = ? AND ended_at IS NULL AND expires_at > ? AND seen_at > ?
			ORDER BY created_at DESC, id LIMIT 1000000 OFFSET ?)`, toMs(n.At), record.EndedByLimit, n.Role, n.AccountID,
			toMs(n.At), toMs(n.IdleSince), max(n.Limit-1, 0)); err != nil {
			return err
		}
		_, err := s.exec(ctx, c, `INSERT INTO console_sessions
			(id, hash, role, account_id, invite_id, address, user_agent, created_at, seen_at, expires_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, id, hashRandom(cookie), n.Role, n.AccountID, n.InviteID, n.Address,
			sanitize(n.UserAgent), toMs(n.At), toMs(n.At), toMs(n.ExpiresAt))
		return err
	})
	if err != nil {
		return record.ConsoleSession{}, "", opError(op, err)
	}
	made, err := s.consoleSession(ctx, `c.id = ?`, id)
	return made, cookie, err
}

func (s *Store) consoleSession(ctx context.Context, condition, arg string) (record.ConsoleSession, error) {
	var found record.ConsoleSession
	err := s.row(ctx, s.read, `SELECT `+consoleSessionColumns+` FROM console_sessions c WHERE `+condition, arg).
		Scan(consoleSessionFields(&found)...)
	return found, opError("the query for a console session", orNotFound(err, "console session", ""))
}

// FindConsoleSession finds the session of a cookie, also one that has ended or expired.
func (s *Store) FindConsoleSession(ctx context.Context, cookie string) (record.ConsoleSession, error) {
	return s.consoleSession(ctx, `c.hash = ?`, hashRandom(cookie))
}

// ConsoleSessions lists sessions of the console, newest first.
func (s *Store) ConsoleSessions(
	ctx context.Context, want record.ConsoleSessionFilter, page record.Page,
) (record.List[record.ConsoleSession], error) {
	var f filter
	if want.AccountID != "" {
		f.add(`c.account_id = ?`, sanitize(want.AccountID))
	}
	if !want.Open.IsZero() {
		f.add(`c.ended_at IS NULL AND c.expires_at > ? AND c.seen_at > ?`, toMs(want.Open), toMs(want.IdleSince))
	}
	return list(ctx, s, "the query for console sessions", consoleSessionColumns, ` FROM console_sessions c`,
		`c.created_at DESC, c.id`, f, page, consoleSessionFields)
}

// ConsoleSessionSeen notes that a session was used.
func (s *Store) ConsoleSessionSeen(ctx context.Context, id string, at time.Time) error {
	_, err := s.exec(ctx, s.write, `UPDATE console_sessions SET seen_at = ? WHERE id = ? AND seen_at < ?`, toMs(at), id,
		toMs(at))
	return opError("the use of a console session", err)
}

// EndConsoleSession ends a session. One that has ended keeps its end.
func (s *Store) EndConsoleSession(
	ctx context.Context, id string, by record.EndedBy, at time.Time,
) (record.ConsoleSession, error) {
	if !isStorable(id) {
		return record.ConsoleSession{}, notFound("console session", id)
	}
	if _, err := s.exec(ctx, s.write, `UPDATE console_sessions SET ended_at = ?, ended_by = ?
		WHERE id = ? AND ended_at IS NULL`, toMs(at), by, id); err != nil {
		return record.ConsoleSession{}, opError("the end of a console session", err)
	}
	found, err := s.consoleSession(ctx, `c.id = ?`, id)
	if _, absent := errors.AsType[*record.NotFoundError](err); absent {
		return found, notFound("console session", id)
	}
	return found, err
}

// EndConsoleSessions ends all sessions of a role and account, and returns their number.
func (s *Store) EndConsoleSessions(
	ctx context.Context, role record.Role, accountID string, by record.EndedBy, at time.Time,
) (int, error) {
	n, err := s.exec(ctx, s.write, `UPDATE console_sessions SET ended_at = ?, ended_by = ?
		WHERE role = ? AND account_id = ? AND ended_at IS NULL AND expires_at > ?`, toMs(at), by, role, accountID, toMs(at))
	return n, opError("the end of console sessions", err)
}

const auditColumns = `u.id, u.at, u.account_id, u.actor, u.session_id, u.address, u.route, u.ids, u.status, u.code,
	u.reason, u.fault_id`

func auditFields(c *record.Change) []any {
	return []any{&c.ID, msTime{&c.At}, &c.AccountID, &c.Actor, &c.SessionID, &c.Address, &c.Route, jsonText{&c.IDs},
		&c.Status, &c.Code, &c.Reason, &c.FaultID}
}

// The audit log is bounded for each actor of each account, so that nothing one of them does removes what another has
// done.
const (
	auditKept      = 10_000
	auditTrimEvery = 100 // entries between two trims
)

// SaveChange puts an entry into the audit log, and now and then removes what is older than life or goes past the
// bound.
func (s *Store) SaveChange(ctx context.Context, c record.Change, life time.Duration) error {
	const op = "an entry of the audit log"
	ids, err := toJSON(c.IDs)
	if err != nil {
		return opError(op, err)
	}
	var id int64
	if err := s.row(ctx, s.write, `INSERT INTO audit
		(at, account_id, actor, session_id, address, route, ids, status, code, reason, fault_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, toMs(c.At), sanitize(c.AccountID), c.Actor, c.SessionID,
		c.Address, sanitize(c.Route), sanitize(ids), c.Status, c.Code, c.Reason, c.FaultID).Scan(&id); err != nil {
		return opError(op, err)
	}
	if id%auditTrimEvery != 0 {
		return nil
	}
	if _, err := s.exec(ctx, s.write, `DELETE FROM audit WHERE at < ?`, toMs(c.At.Add(-life))); err != nil {
		return opError(op, err)
	}
	var oldest int64
	err = s.row(ctx, s.read, `SELECT u.id FROM audit u WHERE u.account_id = ? AND u.actor = ?
		ORDER BY u.id DESC LIMIT 1 OFFSET ?`, sanitize(c.AccountID), c.Actor, auditKept-1).Scan(&oldest)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil {
		_, err = s.exec(ctx, s.write, `DELETE FROM audit WHERE account_id = ? AND actor = ? AND id < ?`,
			sanitize(c.AccountID), c.Actor, oldest)
	}
	return opError(op, err)
}

// Changes lists the audit log, newest first.
func (s *Store) Changes(
	ctx context.Context, want record.ChangeFilter, page record.Page,
) (record.List[record.Change], error) {
	var f filter
	for column, value := range map[string]string{
		`u.account_id = ?`: want.AccountID, `u.actor = ?`: want.Actor, `u.session_id = ?`: want.SessionID,
	} {
		if value != "" {
			f.add(column, sanitize(value))
		}
	}
	if !want.From.IsZero() {
		f.add(`u.at >= ?`, toMs(want.From))
	}
	if !want.To.IsZero() {
		f.add(`u.at <= ?`, toMs(want.To))
	}
	return list(ctx, s, "the query for the audit log", auditColumns, ` FROM audit u`, `u.id DESC`, f, page, auditFields)
}
