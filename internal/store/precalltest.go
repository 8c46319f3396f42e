package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/klatch/klatch/internal/record"
)

const preCallTestColumns = `p.id, p.account_id, p.created_at, p.outcome, p.failed, p.sdk, p.browser`

func preCallTestFields(t *record.PreCallTest) []any {
	return []any{
		&t.ID, &t.AccountID, msTime{&t.CreatedAt}, &t.Outcome, jsonText{&t.Failed}, &t.SDK, &t.Browser,
	}
}

// SavePreCallTest keeps the report of a pre-call test. What goes past limit of the account is removed, the oldest
// first.
func (s *Store) SavePreCallTest(ctx context.Context, t record.PreCallTest, limit int) error {
	failed, err := toJSON(t.Failed)
	if err != nil {
		return opError("a pre-call test", err)
	}
	return opError("a pre-call test", s.tx(ctx, func(c conn) error {
		if _, err := s.exec(ctx, c, `INSERT INTO pre_call_tests
			(id, account_id, created_at, outcome, failed, sdk, browser, report) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			t.ID, t.AccountID, toMs(t.CreatedAt), t.Outcome, failed, sanitize(t.SDK), sanitize(t.Browser),
			sanitize(string(t.Report))); err != nil {
			return err
		}
		_, err := s.exec(ctx, c, `DELETE FROM pre_call_tests WHERE account_id = ? AND id IN
			(SELECT id FROM pre_call_tests WHERE account_id = ? ORDER BY created_at DESC, id DESC LIMIT 1000 OFFSET ?)`,
			t.AccountID, t.AccountID, limit)
		return err
	}))
}

// PreCallTest finds a report by its id; accountID "" finds that of any account.
func (s *Store) PreCallTest(ctx context.Context, accountID, id string) (record.PreCallTest, error) {
	var (
		t      record.PreCallTest
		f      filter
		report string
	)
	if !isStorable(id) {
		return t, notFound("pre-call test", id)
	}
	f.add(`p.id = ?`, id)
	if accountID != "" {
		f.add(`p.account_id = ?`, accountID)
	}
	err := s.row(ctx, s.read, `SELECT `+preCallTestColumns+`, p.report FROM pre_call_tests p`+f.where(), f.args...).
		Scan(append(preCallTestFields(&t), &report)...)
	t.Report = json.RawMessage(report)
	return t, opError("the query for a pre-call test", orNotFound(err, "pre-call test", id))
}

// PreCallTests lists the reports of an account, or of all where accountID is "", newest first. outcome "" selects all.
func (s *Store) PreCallTests(
	ctx context.Context, accountID, outcome string, page record.Page,
) (record.List[record.PreCallTest], error) {
	var f filter
	if accountID != "" {
		f.add(`p.account_id = ?`, sanitize(accountID))
	}
	if outcome != "" {
		f.add(`p.outcome = ?`, outcome)
	}
	return list(ctx, s, "the query for pre-call tests", preCallTestColumns, ` FROM pre_call_tests p`,
		`p.created_at DESC, p.id DESC`, f, page, preCallTestFields)
}

// TrimPreCallTests removes reports that were made before a time.
func (s *Store) TrimPreCallTests(ctx context.Context, before time.Time) error {
	_, err := s.exec(ctx, s.write, `DELETE FROM pre_call_tests WHERE created_at < ?`, toMs(before))
	return opError("the removal of old pre-call tests", err)
}
