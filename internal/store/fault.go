package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// The fault timeline is bounded for each reason of each account, so that nothing anybody does takes from an account, or
// from another reason, what it has: not even whoever names its API key in tokens that do not hold.
const (
	faultsKept     = 1000 // of one reason of one account
	faultsKeptNone = 200  // of one reason, outside of all accounts
	faultsAge      = 30 * 24 * time.Hour
	trimEvery      = 50   // saves of one reason of one account between two trims of it
	trimAgeEvery   = 1000 // saves between two trims by age
)

// faultKind is what a bound of the timeline holds for.
type faultKind struct {
	accountID string
	code      int
	reason    string
}

func (k faultKind) keep() int {
	if k.accountID == "" {
		return faultsKeptNone
	}
	return faultsKept
}

// faultCounts counts saves, to know when to trim. It has an entry for each reason that an account has had.
type faultCounts struct {
	mu    sync.Mutex // guards everything below
	all   int
	saves map[faultKind]int
}

func (c *faultCounts) add(k faultKind) (trim, trimAge bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.saves == nil {
		c.saves = map[faultKind]int{}
	}
	c.all++
	c.saves[k]++
	return c.saves[k]%trimEvery == 0, c.all%trimAgeEvery == 0
}

// SaveFault puts a fault into the timeline; one incident, reported twice, is one entry. Its account is the one it
// carries, else that of its meeting, else that of the API key in its details. The webhook of the meeting is told where
// the catalogue says so, in the same transaction.
func (s *Store) SaveFault(ctx context.Context, f *fault.Error) error {
	const op = "a fault"
	body, err := toJSON(f)
	if err != nil {
		return opError(op, err)
	}
	apiKey, _ := f.Details["apikey"].(string)
	of := faultKind{code: f.Code, reason: f.Reason}
	known := false
	err = s.txAnnouncing(ctx, func(c conn) error {
		err := s.row(
			ctx, c, `INSERT INTO faults (id, account_id, code, reason, meeting_id, session_id, participant_id, at, body)
			VALUES (?, COALESCE(NULLIF(?, ''), (SELECT account_id FROM meetings WHERE id = ?),
			(SELECT account_id FROM api_keys WHERE id = ?), ''), ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING account_id`,
			sanitize(
				f.ID,
			), f.Account(), sanitize(f.MeetingID), sanitize(apiKey), f.Code, f.Reason, sanitize(f.MeetingID),
			sanitize(f.SessionID),
			sanitize(f.ParticipantID), toMs(f.At), sanitize(body),
		).
			Scan(&of.accountID)
		if known = errors.Is(err, sql.ErrNoRows); err != nil && !known {
			return err
		}
		if tells, err := s.wantsErrorEvent(ctx, c, f, known); err != nil || !tells {
			return err
		}
		return s.announce(ctx, c, record.Event{Name: "error", MeetingID: f.MeetingID, SessionID: f.SessionID, At: f.At,
			Data: map[string]any{"participantId": f.ParticipantID, "fault": f}})
	})
	if err != nil || known {
		return opError(op, err)
	}
	trim, trimAge := s.faults.add(of)
	if trim {
		if err := s.trimKind(ctx, of); err != nil {
			return err
		}
	}
	if trimAge {
		_, err = s.exec(ctx, s.write, `DELETE FROM faults WHERE at < ?`, toMs(time.Now().Add(-faultsAge)))
	}
	return opError("the trimming of faults", err)
}

// trimKind removes the oldest faults of one reason of one account.
func (s *Store) trimKind(ctx context.Context, k faultKind) error {
	_, err := s.exec(ctx, s.write, `DELETE FROM faults WHERE id IN (SELECT id FROM faults
		WHERE account_id = ? AND code = ? AND reason = ? ORDER BY at DESC, id DESC LIMIT ? OFFSET ?)`,
		k.accountID, k.code, k.reason, 20*trimEvery, k.keep())
	return opError("the trimming of faults", err)
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
				WHERE meeting_id = ? AND at > ? AND code = ? AND reason = ? AND session_id = '' AND id <> ?`,
			sanitize(f.MeetingID), toMs(f.At.Add(-refusalsEvery)), f.Code, f.Reason, sanitize(f.ID),
		).
			Scan(&others)
	}
	return others == 0, err
}

// TrimFaults removes faults older than before, and of each reason the oldest beyond keep, or keepNone outside of all
// accounts.
func (s *Store) TrimFaults(ctx context.Context, before time.Time, keep, keepNone int) error {
	_, err := s.exec(ctx, s.write, `DELETE FROM faults WHERE at < ? OR id IN (SELECT id FROM
		(SELECT id, account_id, ROW_NUMBER() OVER (PARTITION BY account_id, code, reason ORDER BY at DESC, id DESC) AS n FROM faults) ranked
		WHERE n > CASE WHEN account_id = '' THEN CAST(? AS INTEGER) ELSE CAST(? AS INTEGER) END)`, toMs(before),
		keepNone, keep)
	return opError("the trimming of faults", err)
}

// Fault finds a fault of the timeline by its id; of that account, where one is given.
func (s *Store) Fault(ctx context.Context, accountID, id string) (record.Fault, error) {
	entry := record.Fault{Error: &fault.Error{}}
	if !isStorable(id) {
		return entry, notFound("fault", id)
	}
	err := s.row(
		ctx, s.read, `SELECT f.account_id, f.body FROM faults f WHERE f.id = ? AND ? IN ('', f.account_id)`, id,
		accountID,
	).
		Scan(&entry.AccountID, jsonText{entry.Error})
	return entry, opError("the query for a fault", orNotFound(err, "fault", id))
}

// Faults lists the timeline, newest first.
func (s *Store) Faults(
	ctx context.Context,
	want record.FaultFilter,
	page record.Page,
) (record.List[record.Fault], error) {
	var f filter
	for column, value := range map[string]string{
		`f.account_id = ?`: want.AccountID, `f.meeting_id = ?`: want.MeetingID, `f.session_id = ?`: want.SessionID,
		`f.participant_id = ?`: want.ParticipantID, `f.reason = ?`: want.Reason,
	} {
		if value != "" {
			f.add(column, sanitize(value))
		}
	}
	if want.Code != 0 {
		f.add(`f.code = ?`, want.Code)
	}
	if !want.From.IsZero() {
		f.add(`f.at >= ?`, toMs(want.From))
	}
	if !want.To.IsZero() {
		f.add(`f.at <= ?`, toMs(want.To))
	}
	return list(
		ctx,
		s,
		"the query for faults",
		`f.account_id, f.body`,
		` FROM faults f`,
		`f.at DESC, f.id DESC`,
		f,
		page,
		func(entry *record.Fault) []any {
			entry.Error = &fault.Error{}
			return []any{&entry.AccountID, jsonText{entry.Error}}
		},
	)
}
