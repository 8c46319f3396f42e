package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// Bounds of what a query of the timeline reads, whatever it asks for.
const (
	// FaultsPaged is how many of the newest faults that a filter selects are counted and can be paged through.
	FaultsPaged = 10_000
	// faultsSearched is how many of the newest faults that the rest of a filter selects are searched for a text, and
	// counted where no counts are kept.
	faultsSearched = 10_000
	causesShown    = 10
	effectsShown   = 50
	// longestText is how much may be searched for; no fault holds more. SQLite takes patterns of at most 50,000 bytes.
	longestText = 4096
)

const faultColumns = `f.account_id, f.sdk, f.browser, f.cleared_at, f.body`

// fields are the scan targets of faultColumns, and done completes the fault.
func faultFields(entry *record.Fault) (fields []any, done func()) {
	entry.Error = &fault.Error{}
	var client fault.Client
	return []any{&entry.AccountID, &client.SDK, &client.Browser, msTime{&entry.ClearedAt}, jsonText{entry.Error}},
		func() { entry.Error = entry.Error.WithClient(client) }
}

// Fault finds a fault of the timeline by its id; of that account, where one is given.
func (s *Store) Fault(ctx context.Context, accountID, id string) (record.Fault, error) {
	var entry record.Fault
	fields, done := faultFields(&entry)
	if !isStorable(id) {
		return entry, notFound("fault", id)
	}
	err := s.row(ctx, s.read, `SELECT `+faultColumns+` FROM faults f WHERE f.id = ? AND ? IN ('', f.account_id)`, id,
		accountID).Scan(fields...)
	done()
	return entry, opError("the query for a fault", orNotFound(err, "fault", id))
}

// Faults lists the timeline, newest first. Total is at most FaultsPaged, and nothing lies on a page beyond that.
func (s *Store) Faults(
	ctx context.Context,
	want record.FaultFilter,
	page record.Page,
) (record.List[record.Fault], error) {
	const op = "the query for faults"
	out := record.List[record.Fault]{Items: []record.Fault{}}
	from, args := s.fromFaults(want, faultColumns+`, f.at, f.id`)
	err := s.row(ctx, s.read, `SELECT COUNT(*) FROM (SELECT 1`+from+` LIMIT ?) counted`, append(args, FaultsPaged)...).
		Scan(&out.Total)
	if err != nil {
		return out, opError(op, err)
	}
	limit, offset := limitOffset(page)
	if limit = min(limit, FaultsPaged-offset); limit <= 0 {
		return out, nil
	}
	err = s.rows(ctx, s.read, func(row scanner) error {
		var entry record.Fault
		fields, done := faultFields(&entry)
		if err := row.Scan(fields...); err != nil {
			return err
		}
		done()
		out.Items = append(out.Items, entry)
		return nil
	}, `SELECT `+faultColumns+from+` ORDER BY f.at DESC, f.id DESC LIMIT ? OFFSET ?`, append(args, limit, offset)...)
	return out, opError(op, err)
}

// fromFaults returns FROM and WHERE of a query for faults. Where a text is searched, columns are what the query needs.
func (s *Store) fromFaults(want record.FaultFilter, columns string) (from string, args []any) {
	f := faultFilter(want)
	if len(want.Text) > longestText {
		f.add(`1 = ?`, 0)
		want.Text = ""
	}
	from = ` FROM faults AS f` + s.indexedBy(faultIndex(want)) + f.where()
	if want.Text == "" {
		return from, slices.Clip(f.args)
	}
	like := `LIKE`
	if s.engine.postgres {
		like = `ILIKE`
	}
	return ` FROM (SELECT ` + columns + from + ` ORDER BY f.at DESC, f.id DESC LIMIT ?) f WHERE f.body ` + like +
		` ? ESCAPE '!'`, slices.Clip(append(f.args, faultsSearched, pattern(want.Text)))
}

// pattern returns a LIKE pattern for the JSON of a fault that holds a text.
func pattern(text string) string {
	quoted, err := json.Marshal(sanitize(text))
	if err != nil {
		panic(err) // a string always encodes
	}
	inner := strings.TrimSuffix(strings.TrimPrefix(string(quoted), `"`), `"`)
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(inner) + "%"
}

// faultFilter returns the conditions of a filter, without its text.
func faultFilter(want record.FaultFilter) filter {
	var f filter
	for _, c := range []struct{ condition, value string }{
		{`f.account_id = ?`, want.AccountID}, {`f.reason = ?`, want.Reason},
		// Indexes of these have no empty ones, which SQLite must be shown.
		{`f.meeting_id <> '' AND f.meeting_id = ?`, want.MeetingID}, {`f.session_id <> '' AND f.session_id = ?`, want.SessionID},
		{`f.participant_id <> '' AND f.participant_id = ?`, want.ParticipantID},
		{`f.cause_id <> '' AND f.cause_id = ?`, want.CauseID},
		{`f.sdk_name = ?`, nameOf(want.SDK)}, {`f.browser_name = ?`, nameOf(want.Browser)},
		{`f.sdk = ?`, versioned(want.SDK)}, {`f.browser = ?`, versioned(want.Browser)},
	} {
		if c.value != "" {
			f.add(c.condition, sanitize(c.value))
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
	return f
}

// versioned returns a client that is asked for with its version, or "".
func versioned(client string) string {
	if strings.Contains(client, "/") {
		return client
	}
	return ""
}

// faultIndex returns the index that selects the fewest rows for a filter and has them in the order of the list. Within
// an account it is always one that nobody else's faults make longer.
func faultIndex(want record.FaultFilter) string {
	switch {
	case want.CauseID != "":
		return "faults_cause"
	case want.SessionID != "":
		return "faults_session"
	case want.MeetingID != "":
		return "faults_meeting"
	case want.AccountID != "" && want.Reason != "":
		return "faults_kind"
	case want.AccountID != "":
		return "faults_account"
	case want.ParticipantID != "":
		return "faults_participant"
	case want.Reason != "":
		return "faults_reason"
	case want.Code != 0:
		return "faults_code"
	case nameOf(want.SDK) != "":
		return "faults_sdk"
	case nameOf(want.Browser) != "":
		return "faults_browser"
	}
	return "faults_at"
}

// FaultCauses returns what led to a fault, the next cause first, and what it led to, the oldest first; of that account,
// where one is given.
func (s *Store) FaultCauses(
	ctx context.Context,
	accountID string,
	of *fault.Error,
) (causes, effects []record.Fault, err error) {
	seen := map[string]bool{of.ID: true}
	for id := of.CauseID; id != "" && !seen[id] && len(causes) < causesShown; {
		seen[id] = true
		cause, err := s.Fault(ctx, accountID, id)
		if _, gone := errors.AsType[*record.NotFoundError](err); gone {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		causes, id = append(causes, cause), cause.CauseID
	}
	list, err := s.Faults(ctx, record.FaultFilter{AccountID: accountID, CauseID: of.ID}, record.Page{Size: effectsShown})
	slices.Reverse(list.Items)
	return causes, list.Items, err
}

// FaultHistory returns how often a fault of this code and reason occurred in an account.
func (s *Store) FaultHistory(
	ctx context.Context,
	accountID string,
	code int,
	reason string,
	now time.Time,
) (record.FaultHistory, error) {
	const op = "the query for earlier faults"
	var h record.FaultHistory
	err := s.row(ctx, s.read, `SELECT COALESCE(SUM(n), 0) FROM fault_counts`+s.indexedBy("fault_counts_kind")+
		` WHERE account_id = ? AND reason = ? AND code = ? AND hour > ?`, accountID, reason, code, now.UnixMilli()/hourMs-24).
		Scan(&h.Count24h)
	if err != nil {
		return h, opError(op, err)
	}
	err = s.row(ctx, s.read, `SELECT first_at, sdk FROM fault_counts`+s.indexedBy("fault_counts_kind")+
		` WHERE account_id = ? AND reason = ? AND code = ? ORDER BY hour, first_at LIMIT 1`, accountID, reason, code).
		Scan(msTime{&h.FirstSeen}, &h.FirstSDK)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return h, opError(op, err)
}
