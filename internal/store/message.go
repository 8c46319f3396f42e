package store

import (
	"context"
	"encoding/json"

	"github.com/klatch/klatch/internal/wire"
)

// MessagePersisted keeps a pubsub message for the session, with who may read it; nil: everybody. The same message twice
// is kept once.
func (s *Store) MessagePersisted(ctx context.Context, sessionID string, m wire.Message, readers []string) error {
	const op = "a message"
	only := ""
	if readers != nil {
		var err error
		if only, err = toJSON(readers); err != nil {
			return opError(op, err)
		}
	}
	return opError(op, s.inSession(ctx, sessionID, func(c conn) error {
		_, err := s.exec(
			ctx,
			c,
			`INSERT INTO messages (id, session_id, topic, sender_id, sender_name, message, payload, at, readers, object)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			m.ID,
			sessionID,
			sanitize(m.Topic),
			m.SenderID,
			sanitize(m.SenderName),
			sanitize(m.Message),
			sanitize(string(m.Payload)),
			toMs(m.Timestamp.Time),
			sanitize(only),
			m.Object,
		)
		return err
	}))
}

// Messages returns the persisted messages that everybody in a session of an account may read, oldest first. Meetings
// bound their number.
func (s *Store) Messages(ctx context.Context, accountID, sessionID string) ([]wire.Message, error) {
	const op = "the query for messages"
	if err := s.owns(ctx, accountID, sessionID); err != nil {
		return nil, opError(op, err)
	}
	messages := []wire.Message{}
	err := s.rows(ctx, s.read, func(row scanner) error {
		var (
			m       wire.Message
			payload string
		)
		if err := row.Scan(
			&m.ID, &m.Topic, &m.SenderID, &m.SenderName, &m.Message, &payload, msTime{&m.Timestamp.Time}, &m.Object,
		); err != nil {
			return err
		}
		if payload != "" {
			m.Payload = json.RawMessage(payload)
		}
		messages = append(messages, m)
		return nil
	}, `SELECT id, topic, sender_id, sender_name, message, payload, at, object FROM messages
		WHERE session_id = ? AND readers = '' ORDER BY seq`, sessionID)
	return messages, opError(op, err)
}
