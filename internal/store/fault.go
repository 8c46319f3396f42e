package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// The fault timeline is bounded for each account, and for each reason of each account, so that nothing anybody does
// takes from an account, or from another reason, what it has: not even whoever names its API key in tokens that do not
// hold. These are the bounds where Options names none.
var defaultRetention = record.FaultRetention{
	KeepFor:       30 * 24 * time.Hour,
	PerAccount:    100_000,
	PerReason:     1000,
	PerReasonNone: 200,
}

// How often faults are trimmed, in saves of one reason of one account, and in saves of one account.
const (
	trimEvery        = 50
	trimAccountEvery = 500
	trimBatch        = 2000 // rows that one statement deletes, so that other writes come between
)

// faultKind is what a bound of the timeline holds for.
type faultKind struct {
	accountID string
	code      int
	reason    string
}

// maxClients of one account are counted apart in an hour; past that they are one, for a client names itself.
const maxClients = 200

// faultCounts counts saves, to know when to trim, and the clients of an hour. It has an entry for each reason that an
// account has had. Shape: mutex.
type faultCounts struct {
	mu       sync.Mutex // guards everything below
	saves    map[faultKind]int
	accounts map[string]int
	hour     int64
	clients  map[string]map[fault.Client]struct{} // by account, of this hour
}

// add reports whether the faults of that reason, and those of that account, are to be trimmed. The first one of each
// after a start is, too.
func (c *faultCounts) add(k faultKind) (trim, trimAccount bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.saves == nil {
		c.saves, c.accounts = map[faultKind]int{}, map[string]int{}
	}
	trim, trimAccount = c.saves[k]%trimEvery == 0, c.accounts[k.accountID]%trimAccountEvery == 0
	c.saves[k]++
	c.accounts[k.accountID]++
	return trim, trimAccount
}

// otherClient is what clients beyond maxClients are counted as.
var otherClient = fault.Client{SDK: "other", Browser: "other"}

// counted returns the client that a fault is counted as.
func (c *faultCounts) counted(accountID string, hour int64, client fault.Client) fault.Client {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.hour != hour || c.clients == nil {
		c.hour, c.clients = hour, map[string]map[fault.Client]struct{}{}
	}
	known := c.clients[accountID]
	if known == nil {
		known = map[fault.Client]struct{}{}
		c.clients[accountID] = known
	}
	if _, is := known[client]; !is && len(known) >= maxClients {
		return otherClient
	}
	known[client] = struct{}{}
	return client
}

// SaveFault puts a fault into the timeline; one incident, reported twice, is one entry. Its account is the one it
// carries, else that of its meeting, else that of the API key in its details. The webhook of the meeting is told where
// the catalogue says so, in the same transaction.
func (s *Store) SaveFault(ctx context.Context, f *fault.Error) error {
	_, _, err := s.KeepFault(ctx, f)
	return err
}

// KeepFault is SaveFault. It returns the account of the fault, and whether it is new in the timeline.
func (s *Store) KeepFault(ctx context.Context, f *fault.Error) (accountID string, added bool, err error) {
	const op = "a fault"
	body, err := toJSON(f)
	if err != nil {
		return "", false, opError(op, err)
	}
	apiKey, _ := f.Details["apikey"].(string)
	of := faultKind{code: f.Code, reason: f.Reason}
	known := false
	err = s.txAnnouncing(ctx, func(c conn) error {
		client := f.Client()
		err := s.row(
			ctx, c, `INSERT INTO faults (id, account_id, code, reason, meeting_id, session_id, participant_id, at, body,
				cause_id, sdk, sdk_name, browser, browser_name)
			VALUES (?, COALESCE(NULLIF(?, ''), (SELECT account_id FROM meetings WHERE id = ?),
			(SELECT account_id FROM api_keys WHERE id = ?), ''), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT DO NOTHING RETURNING account_id`,
			sanitize(f.ID), f.Account(), sanitize(f.MeetingID), sanitize(apiKey), f.Code, f.Reason, sanitize(f.MeetingID),
			sanitize(f.SessionID), sanitize(f.ParticipantID), toMs(f.At.Time), sanitize(body), sanitize(f.CauseID),
			sanitize(client.SDK), sanitize(nameOf(client.SDK)), sanitize(client.Browser), sanitize(nameOf(client.Browser)),
		).
			Scan(&of.accountID)
		if known = errors.Is(err, sql.ErrNoRows); err != nil && !known {
			return err
		}
		if !known {
			if err := s.countFault(ctx, c, of.accountID, f); err != nil {
				return err
			}
		}
		if tells, err := s.wantsErrorEvent(ctx, c, f, known); err != nil || !tells {
			return err
		}
		return s.announce(ctx, c, record.Event{Name: "error", MeetingID: f.MeetingID, SessionID: f.SessionID, At: f.At.Time,
			Data: map[string]any{"participantId": f.ParticipantID, "fault": f}})
	})
	if err != nil || known {
		return f.Account(), false, opError(op, err)
	}
	trim, trimAccount := s.faults.add(of)
	if trim {
		keep := s.retention.PerReason
		if of.accountID == "" {
			keep = s.retention.PerReasonNone
		}
		_, err = s.exec(ctx, s.write, `DELETE FROM faults WHERE id IN (SELECT id FROM faults`+s.indexedBy("faults_kind")+`
			WHERE account_id = ? AND reason = ? AND code = ? ORDER BY at DESC, id DESC LIMIT ? OFFSET ?)`,
			of.accountID, of.reason, of.code, trimBatch, keep)
	}
	if trimAccount && err == nil {
		_, err = s.exec(ctx, s.write, `DELETE FROM faults WHERE id IN (SELECT id FROM faults`+s.indexedBy("faults_account")+`
			WHERE account_id = ? ORDER BY at DESC, id DESC LIMIT ? OFFSET ?)`,
			of.accountID, trimBatch, s.retention.PerAccount)
	}
	return of.accountID, true, opError("the trimming of faults", err)
}

// nameOf returns the name of a client without its version.
func nameOf(client string) string {
	name, _, _ := strings.Cut(client, "/")
	return name
}

// indexedBy makes SQLite use an index: it keeps no statistics that would tell it which one is the best. Postgres does.
func (s *Store) indexedBy(index string) string {
	if s.engine.postgres {
		return ""
	}
	return " INDEXED BY " + index
}

// allAccounts is under what fault_counts counts the faults of all accounts.
const allAccounts = "*"

const hourMs = int64(time.Hour / time.Millisecond)

// countFault counts a new fault: for its account, for all, and for its room, if whoever was refused did not just name
// any.
func (s *Store) countFault(ctx context.Context, c conn, accountID string, f *fault.Error) error {
	at := f.At.UnixMilli()
	hour := at / hourMs
	for _, account := range []string{accountID, allAccounts} {
		client := s.faults.counted(account, hour, f.Client())
		if _, err := s.exec(ctx, c, `INSERT INTO fault_counts
			(account_id, hour, code, reason, sdk, browser, n, first_at, last_at, last_id) VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?)
			ON CONFLICT (account_id, hour, code, reason, sdk, browser)
			DO UPDATE SET n = fault_counts.n + 1, last_at = excluded.last_at, last_id = excluded.last_id`,
			account, hour, f.Code, f.Reason, sanitize(client.SDK), sanitize(client.Browser), at, at, sanitize(f.ID),
		); err != nil {
			return err
		}
	}
	if accountID == "" || f.MeetingID == "" || f.Account() == "" && f.SessionID == "" {
		return nil
	}
	_, err := s.exec(ctx, c, `INSERT INTO fault_room_counts
		(account_id, hour, meeting_id, n, first_at, last_at, last_id) VALUES (?, ?, ?, 1, ?, ?, ?)
		ON CONFLICT (account_id, hour, meeting_id)
		DO UPDATE SET n = fault_room_counts.n + 1, last_at = excluded.last_at, last_id = excluded.last_id`,
		accountID, hour, sanitize(f.MeetingID), at, at, sanitize(f.ID))
	return err
}

// ClearFault records that a condition is over. The webhook that was told of it is told, in the same transaction.
func (s *Store) ClearFault(ctx context.Context, cleared record.Cleared) error {
	f := cleared.Fault
	return opError("the end of a fault", s.txAnnouncing(ctx, func(c conn) error {
		// A client chooses the ids of what it reports: it ends nothing of others.
		n, err := s.exec(ctx, c, `UPDATE faults SET cleared_at = ?
			WHERE id = ? AND session_id = ? AND participant_id = ? AND cleared_at IS NULL`,
			toMs(cleared.At), sanitize(f.ID), sanitize(f.SessionID), sanitize(f.ParticipantID))
		if err != nil || n == 0 || !f.Webhook() {
			return err
		}
		return s.announce(ctx, c, record.Event{
			Name: "error-cleared", MeetingID: f.MeetingID, SessionID: f.SessionID, At: cleared.At,
			Data: map[string]any{
				"participantId": f.ParticipantID, "id": f.ID, "code": f.Code, "name": f.Name, "reason": f.Reason,
				"forMs": cleared.For.Milliseconds(),
			},
		})
	}))
}

// refusalsEvery is how often the webhook of a meeting is told of refused joins of one reason: a client may retry all
// day.
const refusalsEvery = time.Minute

// wantsErrorEvent reports whether the webhook of the fault's meeting is to be told of it, and has not been told. known
// is a fault that the timeline has: one incident in several meetings is one entry, and each of them is told.
func (s *Store) wantsErrorEvent(ctx context.Context, c conn, f *fault.Error, known bool) (bool, error) {
	if !f.Webhook() {
		return false, nil
	}
	var others int
	var err error
	switch {
	case known:
		err = s.row(
			ctx, c, `SELECT COUNT(*) FROM faults WHERE id = ? AND meeting_id = ?`, sanitize(f.ID),
			sanitize(f.MeetingID),
		).
			Scan(&others)
	case f.SessionID == "":
		err = s.row(
			ctx, c,
			`SELECT COUNT(*) FROM faults
				WHERE meeting_id <> '' AND meeting_id = ? AND at > ? AND code = ? AND reason = ? AND session_id = '' AND id <> ?`,
			sanitize(f.MeetingID), toMs(f.At.Add(-refusalsEvery)), f.Code, f.Reason, sanitize(f.ID),
		).
			Scan(&others)
	}
	return others == 0, err
}

// TrimFaults removes what is older than it is kept: faults, for as long as their account or the server says, and
// counts. It works in small steps, so that other writes come between.
func (s *Store) TrimFaults(ctx context.Context, now time.Time) error {
	const op = "the trimming of faults"
	var others filter
	before := now.Add(-s.retention.KeepFor)
	oldest := before
	others.add(`at < ?`, toMs(before))
	own := map[string]time.Time{}
	err := s.rows(ctx, s.read, func(row scanner) error {
		var id string
		var settings record.Settings
		if err := row.Scan(&id, jsonText{&settings}); err != nil {
			return err
		}
		if settings.FaultDays > 0 {
			own[id] = now.AddDate(0, 0, -settings.FaultDays)
		}
		return nil
	}, `SELECT id, settings FROM accounts`)
	if err != nil {
		return opError(op, err)
	}
	for id, before := range own {
		others.add(`account_id <> ?`, id)
		if before.Before(oldest) {
			oldest = before
		}
		var f filter
		f.add(`account_id = ?`, id)
		f.add(`at < ?`, toMs(before))
		if err := s.deleteFaults(ctx, "faults_account", f); err != nil {
			return opError(op, err)
		}
	}
	if err := s.deleteFaults(ctx, "faults_at", others); err != nil {
		return opError(op, err)
	}
	for _, table := range []string{"fault_counts", "fault_room_counts"} {
		if _, err := s.exec(ctx, s.write, `DELETE FROM `+table+` WHERE hour < ?`, oldest.UnixMilli()/hourMs); err != nil {
			return opError(op, err)
		}
	}
	return nil
}

// deleteFaults deletes what a filter selects, the oldest first.
func (s *Store) deleteFaults(ctx context.Context, index string, f filter) error {
	for {
		n, err := s.exec(ctx, s.write, `DELETE FROM faults WHERE id IN (SELECT id FROM faults`+s.indexedBy(index)+f.where()+
			` ORDER BY at, id LIMIT ?)`, append(f.args[:len(f.args):len(f.args)], trimBatch)...)
		if err != nil || n < trimBatch {
			return err
		}
	}
}
