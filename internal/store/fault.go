package store

import (
	"context"
	"slices"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// The fault timeline is bounded: a client that fails all day fills no disk.
const (
	faultsKept = 100_000
	faultsAge  = 30 * 24 * time.Hour
	trimEvery  = 1000 // saves between two trims
)

// SaveFault puts a fault into the timeline; one incident, reported twice, is one entry. Its account is the one it carries,
// else that of its meeting, else that of the API key in its details. The webhook of the meeting hears of it where the catalogue says so.
func (s *Store) SaveFault(ctx context.Context, f *fault.Error) error {
	const op = "a fault"
	body, err := toJSON(f)
	if err != nil {
		return failed(op, err)
	}
	apiKey, _ := f.Details["apikey"].(string)
	err = s.announcing(ctx, func(c conn) error {
		n, err := s.exec(ctx, c, `INSERT INTO faults (id, account_id, code, reason, meeting_id, session_id, participant_id, at, body)
			VALUES (?, COALESCE(NULLIF(?, ''), (SELECT account_id FROM meetings WHERE id = ?), (SELECT account_id FROM api_keys WHERE id = ?), ''),
			?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			plain(f.ID), f.Account(), plain(f.MeetingID), plain(apiKey), f.Code, f.Reason, plain(f.MeetingID), plain(f.SessionID),
			plain(f.ParticipantID), toMs(f.At), plain(body))
		if err != nil {
			return err
		}
		if tells, err := s.webhookHears(ctx, c, f, n == 0); err != nil || !tells {
			return err
		}
		return s.announce(ctx, c, record.Event{Name: "error", MeetingID: f.MeetingID, SessionID: f.SessionID, At: f.At,
			Data: map[string]any{"participantId": f.ParticipantID, "fault": f}})
	})
	if err != nil {
		return failed(op, err)
	}
	if s.saved.Add(1)%trimEvery == 0 {
		return s.TrimFaults(ctx, time.Now().Add(-faultsAge), faultsKept)
	}
	return nil
}

// refusalsEvery is how often the webhook of a meeting hears of refused joins of one reason: who is refused may try all day.
const refusalsEvery = time.Minute

// webhookHears reports whether the webhook of the fault's meeting is to hear of it: the catalogue says so, and it happened in
// a session of the meeting or, with a token of the meeting's account, at its door. known is a fault that the timeline has: one
// incident in several meetings is one entry, and each of them hears of it.
func (s *Store) webhookHears(ctx context.Context, c conn, f *fault.Error, known bool) (bool, error) {
	entry, listed := f.Entry()
	if !listed || f.MeetingID == "" || f.SessionID == "" && f.Account() == "" || !slices.Contains(entry.Tells, "webhook") {
		return false, nil
	}
	var others int
	var err error
	switch {
	case known:
		err = s.row(ctx, c, `SELECT COUNT(*) FROM faults WHERE id = ? AND meeting_id = ?`, plain(f.ID), plain(f.MeetingID)).Scan(&others)
	case f.SessionID == "":
		err = s.row(ctx, c, `SELECT COUNT(*) FROM faults WHERE meeting_id = ? AND at > ? AND code = ? AND reason = ? AND session_id = '' AND id <> ?`,
			plain(f.MeetingID), toMs(f.At.Add(-refusalsEvery)), f.Code, f.Reason, plain(f.ID)).Scan(&others)
	}
	return others == 0, err
}

// TrimFaults removes faults older than before, and the oldest beyond keep.
func (s *Store) TrimFaults(ctx context.Context, before time.Time, keep int) error {
	_, err := s.exec(ctx, s.write, `DELETE FROM faults WHERE at < ? OR id IN
		(SELECT id FROM faults ORDER BY at DESC, id DESC LIMIT ? OFFSET ?)`, toMs(before), trimEvery*10, keep)
	return failed("the trimming of faults", err)
}

// Fault finds a fault of the timeline by its id; of that account, where one is given.
func (s *Store) Fault(ctx context.Context, accountID, id string) (record.Fault, error) {
	entry := record.Fault{Error: &fault.Error{}}
	if !storable(id) {
		return entry, notFound("fault", id)
	}
	err := s.row(ctx, s.read, `SELECT f.account_id, f.body FROM faults f WHERE f.id = ? AND ? IN ('', f.account_id)`, id, accountID).
		Scan(&entry.AccountID, jsonText{entry.Error})
	return entry, failed("the query for a fault", orNotFound(err, "fault", id))
}

// Faults lists the timeline, newest first.
func (s *Store) Faults(ctx context.Context, want record.FaultFilter, page record.Page) (record.List[record.Fault], error) {
	var f filter
	for column, value := range map[string]string{
		`f.account_id = ?`: want.AccountID, `f.meeting_id = ?`: want.MeetingID, `f.session_id = ?`: want.SessionID,
		`f.participant_id = ?`: want.ParticipantID, `f.reason = ?`: want.Reason,
	} {
		if value != "" {
			f.add(column, plain(value))
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
	return list(ctx, s, "the query for faults", `f.account_id, f.body`, ` FROM faults f`, `f.at DESC, f.id DESC`, f, page,
		func(entry *record.Fault) []any {
			entry.Error = &fault.Error{}
			return []any{&entry.AccountID, jsonText{entry.Error}}
		})
}
