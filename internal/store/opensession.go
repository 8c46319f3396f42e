package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/klatch/klatch/internal/record"
)

// maxOpenMessages bounds the messages of a session that goes on; a meeting keeps no more.
const maxOpenMessages = 1000

// SessionSaved keeps what a meeting needs to go on with its session elsewhere, in place of what it saved before.
func (s *Store) SessionSaved(ctx context.Context, sessionID string, state json.RawMessage) error {
	return opError("the state of a session", s.inSession(ctx, sessionID, func(c conn) error {
		_, err := s.exec(ctx, c, `UPDATE sessions SET state = ? WHERE id = ? AND ended_at IS NULL`, sanitize(string(state)),
			sessionID)
		return err
	}))
}

// OpenSession returns the newest session of a meeting that has not ended; nil: there is none.
func (s *Store) OpenSession(ctx context.Context, meetingID string) (*record.OpenSession, error) {
	const op = "the query for a session that runs"
	if !isStorable(meetingID) {
		return nil, nil
	}
	var out record.OpenSession
	var state string
	err := s.row(ctx, s.read, `SELECT id, account_id, meeting_id, started_at, alive_at, state FROM sessions
		WHERE meeting_id = ? AND ended_at IS NULL ORDER BY started_at DESC, id LIMIT 1`, meetingID).
		Scan(&out.ID, &out.AccountID, &out.MeetingID, msTime{&out.StartedAt}, msTime{&out.AliveAt}, &state)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, opError(op, err)
	}
	if state != "" {
		out.State = json.RawMessage(state)
	}
	if out.Participants, err = s.openStays(ctx, out.ID); err != nil {
		return nil, opError(op, err)
	}
	out.Messages, err = s.openMessages(ctx, out.ID)
	return &out, opError(op, err)
}

// openStays lists the newest open participation of each participant in a session, oldest first.
func (s *Store) openStays(ctx context.Context, sessionID string) ([]record.OpenParticipation, error) {
	var f filter
	f.in(`i.what`, modeNames)
	var out []record.OpenParticipation
	err := s.rows(ctx, s.read, func(row scanner) error {
		var p record.OpenParticipation
		var metaData, admission string
		err := row.Scan(&p.SessionID, &p.ParticipantID, &p.APIKey, &p.Name, &metaData, jsonText{&p.Client},
			msTime{&p.JoinedAt}, &admission, &p.Mode)
		if metaData != "" {
			p.MetaData = json.RawMessage(metaData)
		}
		if admission != "" {
			p.Admission = json.RawMessage(admission)
		}
		out = append(out, p)
		return err
	}, `SELECT t.session_id, t.participant_id, t.api_key, t.name, t.meta_data, t.client, t.joined_at, t.admission, i.what
		FROM stays t JOIN intervals i ON i.stay_id = t.id AND i.ended_at IS NULL AND `+f.conditions[0]+`
		WHERE t.session_id = ? AND t.left_at IS NULL AND NOT EXISTS (SELECT 1 FROM stays n WHERE n.session_id = t.session_id
			AND n.participant_id = t.participant_id AND n.left_at IS NULL AND n.id > t.id)
		ORDER BY t.id`, append(f.args, sessionID)...)
	return out, err
}

func (s *Store) openMessages(ctx context.Context, sessionID string) ([]record.OpenMessage, error) {
	var out []record.OpenMessage
	err := s.rows(ctx, s.read, func(row scanner) error {
		var m record.OpenMessage
		var payload string
		err := row.Scan(&m.ID, &m.Topic, &m.SenderID, &m.SenderName, &m.Message.Message, &payload, msTime{&m.Timestamp.Time},
			jsonText{&m.Readers}, &m.Object)
		if payload != "" {
			m.Payload = json.RawMessage(payload)
		}
		out = append(out, m)
		return err
	}, `SELECT id, topic, sender_id, sender_name, message, payload, at, readers, object FROM messages WHERE session_id = ?
		ORDER BY seq LIMIT ?`, sessionID, maxOpenMessages)
	return out, err
}
