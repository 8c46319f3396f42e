package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"time"

	"github.com/klatch/klatch/internal/record"
)

const meetingColumns = `m.id, COALESCE(m.custom_id, ''), m.account_id, m.disabled_since, m.config,
	m.created_at, m.updated_at`

func meetingFields(m *record.Meeting) []any {
	return []any{
		&m.ID, &m.CustomID, &m.AccountID, msTime{&m.DisabledSince}, jsonText{&m.Config},
		msTime{&m.CreatedAt}, msTime{&m.UpdatedAt},
	}
}

// CreateMeeting stores a new meeting of an account under a new id. With a CustomID that the account already
// has, as a custom id or as the id of a meeting, it returns that meeting, unchanged, and created is false: a second one
// could not be reached under that name. ID, times and state of m are not read.
func (s *Store) CreateMeeting(ctx context.Context, m record.Meeting) (meeting record.Meeting, created bool, err error) {
	const op = "the new meeting"
	if _, err := s.Account(ctx, m.AccountID); err != nil {
		return record.Meeting{}, false, err
	}
	config, err := toJSON(m.Config)
	if err != nil {
		return record.Meeting{}, false, opError(op, err)
	}
	m.CustomID = sanitize(m.CustomID)
	custom := sql.NullString{String: m.CustomID, Valid: m.CustomID != ""}
	if custom.Valid {
		named, err := s.Meeting(ctx, m.AccountID, m.CustomID)
		if _, absent := errors.AsType[*record.NotFoundError](err); !absent {
			return named, false, err
		}
	}
	for {
		id, err := newMeetingID()
		if err != nil {
			return record.Meeting{}, false, opError(op, err)
		}
		now := time.Now().UnixMilli()
		n, err := s.exec(ctx, s.write, `INSERT INTO meetings (id, account_id, custom_id, config, created_at, updated_at)
			VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, id, m.AccountID, custom, config, now, now)
		if err != nil {
			return record.Meeting{}, false, opError(op, err)
		}
		if n == 1 {
			meeting, err := s.Meeting(ctx, m.AccountID, id)
			return meeting, true, err
		}
		if custom.Valid {
			meeting, err := s.meeting(ctx, m.AccountID, `m.custom_id = ?`, m.CustomID)
			if _, absent := errors.AsType[*record.NotFoundError](err); !absent {
				return meeting, false, err
			}
		}
		// The random id was taken: another one.
	}
}

// newMeetingID makes xxxx-xxxx-xxxx of random letters and digits: 62 bits.
func newMeetingID() (string, error) {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	id := []byte("xxxx-xxxx-xxxx")
	one := make([]byte, 1)
	for i := 0; i < len(id); {
		if id[i] == '-' {
			i++
			continue
		}
		if _, err := rand.Read(one); err != nil {
			return "", err
		}
		if int(one[0]) < 256/len(letters)*len(letters) { // else some letters would be likelier
			id[i] = letters[int(one[0])%len(letters)]
			i++
		}
	}
	return string(id), nil
}

// Meeting finds a meeting of an account by its id or its custom id.
func (s *Store) Meeting(ctx context.Context, accountID, id string) (record.Meeting, error) {
	return s.meeting(
		ctx,
		accountID,
		`(m.id = ? OR m.custom_id = ?) ORDER BY CASE WHEN m.id = ? THEN 0 ELSE 1 END LIMIT 1`,
		id,
		id,
		id,
	)
}

func (s *Store) meeting(ctx context.Context, accountID, condition string, id ...string) (record.Meeting, error) {
	var m record.Meeting
	args := []any{accountID}
	for _, v := range id {
		if !isStorable(v) {
			return m, notFound("meeting", v)
		}
		args = append(args, v)
	}
	err := s.row(ctx, s.read, `SELECT `+meetingColumns+` FROM meetings m WHERE m.account_id = ? AND `+condition, args...).
		Scan(meetingFields(&m)...)
	return m, opError("the query for a meeting", orNotFound(err, "meeting", id[0]))
}

// Meetings lists the meetings of an account, newest first.
func (s *Store) Meetings(ctx context.Context, accountID string, page record.Page) (record.List[record.Meeting], error) {
	var f filter
	f.add(`m.account_id = ?`, accountID)
	return list(
		ctx,
		s,
		"the query for meetings",
		meetingColumns,
		` FROM meetings m`,
		`m.created_at DESC, m.id`,
		f,
		page,
		meetingFields,
	)
}

// SetMeetingDisabled switches a meeting, named by either id, off or on. Off twice keeps its since.
func (s *Store) SetMeetingDisabled(
	ctx context.Context,
	accountID, id string,
	disabled bool,
	at time.Time,
) (record.Meeting, error) {
	m, err := s.Meeting(ctx, accountID, id)
	if err != nil {
		return m, err
	}
	var since time.Time
	condition := ` AND disabled_since IS NOT NULL`
	if disabled {
		since, condition = at, ` AND disabled_since IS NULL`
	}
	_, err = s.exec(ctx, s.write, `UPDATE meetings SET disabled_since = ?, updated_at = ? WHERE id = ?`+condition,
		toMs(since), at.UnixMilli(), m.ID)
	if err != nil {
		return record.Meeting{}, opError("the new state of a meeting", err)
	}
	return s.Meeting(ctx, accountID, m.ID)
}

// SetMeetingWebhook replaces the webhook of a meeting, named by either id, and subscribes its endpoint again if that
// has unsubscribed. Events that wait for an endpoint are still sent there.
func (s *Store) SetMeetingWebhook(
	ctx context.Context,
	accountID, id string,
	webhook record.Webhook,
	at time.Time,
) (record.Meeting, error) {
	m, err := s.Meeting(ctx, accountID, id)
	if err != nil {
		return m, err
	}
	err = s.tx(ctx, func(c conn) error {
		row := s.row(ctx, c, `SELECT config FROM meetings WHERE id = ?`+s.engine.lockRow(), m.ID)
		if err := row.Scan(jsonText{&m.Config}); err != nil {
			return err
		}
		m.Config.Webhook = &webhook
		config, err := toJSON(m.Config)
		if err != nil {
			return err
		}
		_, err = s.exec(
			ctx,
			c,
			`UPDATE meetings SET config = ?, updated_at = ? WHERE id = ?`,
			config,
			at.UnixMilli(),
			m.ID,
		)
		if err != nil {
			return err
		}
		_, err = s.exec(ctx, c, `DELETE FROM webhooks_gone WHERE meeting_id = ? AND endpoint = ? AND job_id = ''`,
			m.ID, sanitize(webhook.EndPoint))
		return err
	})
	if err != nil {
		return record.Meeting{}, opError("the webhook of a meeting", err)
	}
	return s.Meeting(ctx, accountID, m.ID)
}

// MeetingDisabled switches a meeting off: autoCloseConfig session-end-and-deactivate.
func (s *Store) MeetingDisabled(ctx context.Context, accountID, meetingID string, at time.Time) error {
	_, err := s.SetMeetingDisabled(ctx, accountID, meetingID, true, at)
	return err
}
