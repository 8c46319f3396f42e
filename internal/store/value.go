package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// Times are milliseconds since 1970 in a BIGINT; a zero time is NULL.

func toMs(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// msTime scans such a column.
type msTime struct{ to *time.Time }

func (m msTime) Scan(src any) error {
	var v sql.NullInt64
	if err := v.Scan(src); err != nil {
		return err
	}
	*m.to = time.Time{}
	if v.Valid {
		*m.to = time.UnixMilli(v.Int64).UTC()
	}
	return nil
}

// publishedTime returns a time as webhooks have it: RFC 3339 in UTC, always with milliseconds.
func publishedTime(t time.Time) string { return fault.InstantOf(t).String() }

// jsonText scans a TEXT column with JSON into to.
type jsonText struct{ to any }

func (j jsonText) Scan(src any) error {
	var text sql.NullString
	if err := text.Scan(src); err != nil {
		return err
	}
	if !text.Valid || text.String == "" {
		return nil
	}
	return json.Unmarshal([]byte(text.String), j.to)
}

func toJSON(v any) (string, error) {
	data, err := json.Marshal(v)
	return string(data), err
}

// Postgres takes no NUL and no broken UTF-8 in text. An id with either was never stored; other text keeps
// its place with U+FFFD.

func isStorable(id string) bool { return utf8.ValidString(id) && !strings.ContainsRune(id, 0) }

func sanitize(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// opError returns err as the *Error of an operation; an error that is meant for the caller stays as it is.
func opError(op string, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*record.NotFoundError](err); ok {
		return err
	}
	if _, ok := errors.AsType[*record.ConflictError](err); ok {
		return err
	}
	if _, ok := errors.AsType[*record.FencedError](err); ok {
		return err
	}
	return &Error{Op: op, err: err}
}

func notFound(kind, id string) error { return &record.NotFoundError{Kind: kind, ID: id} }

// orNotFound turns the absence of a row into a NotFoundError.
func orNotFound(err error, kind, id string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return notFound(kind, id)
	}
	return err
}

const (
	defaultPageSize = 20  // published
	maxPageSize     = 100 // ours
)

// limitOffset returns LIMIT and OFFSET of a page.
func limitOffset(p record.Page) (limit, offset int) {
	size := p.Size
	if size <= 0 {
		size = defaultPageSize
	}
	size = min(size, maxPageSize)
	// Past two thousand million rows every page is empty; the product must not overflow.
	number := min(max(p.Number, 1), 1<<31/size)
	return size, (number - 1) * size
}

// filter collects the conditions of a list.
type filter struct {
	conditions []string
	args       []any
}

func (f *filter) add(condition string, args ...any) {
	f.conditions = append(f.conditions, condition)
	f.args = append(f.args, args...)
}

func (f *filter) where() string {
	if len(f.conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(f.conditions, " AND ")
}

// in makes "column IN (?, ?, ...)"; ids is not empty.
func (f *filter) in(column string, ids []string) {
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	f.add(column+" IN (?"+strings.Repeat(", ?", len(ids)-1)+")", args...)
}
