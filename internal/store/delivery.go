package store

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

const deliveryColumns = `w.id, w.account_id, w.meeting_id, w.session_id, w.job_id, w.endpoint, w.event, w.body,
	w.made_at, w.next_at, w.attempts, w.problem, w.done_at, w.delivered, COALESCE(w.repeats, 0)`

func deliveryFields(d *record.DeliveryEntry) []any {
	return []any{&d.ID, &d.AccountID, &d.MeetingID, &d.SessionID, &d.JobID, &d.EndPoint, &d.Event, &d.Body,
		msTime{&d.MadeAt}, msTime{&d.NextAt}, &d.Attempts, &d.Problem, msTime{&d.DoneAt}, &d.Delivered, &d.Repeats}
}

// attemptsKept is how many attempts of a delivery are kept beside the first: the newest ones.
const attemptsKept = 20

// SaveWebhookAttempt keeps what an attempt brought.
func (s *Store) SaveWebhookAttempt(ctx context.Context, a record.Attempt) error {
	const op = "an attempt of a webhook"
	if _, err := s.exec(ctx, s.write, `INSERT INTO webhook_attempts (delivery_id, n, at, duration_ms, status, reason, answer)
		VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, a.DeliveryID, a.Number, toMs(a.At), a.Took.Milliseconds(),
		a.Status, a.Reason, sanitize(a.Answer)); err != nil ||
		a.Number <= attemptsKept {
		return opError(op, err)
	}
	_, err := s.exec(ctx, s.write, `DELETE FROM webhook_attempts WHERE delivery_id = ? AND n > 1 AND n <= ?`,
		a.DeliveryID, a.Number-attemptsKept)
	return opError(op, err)
}

// Deliveries lists deliveries to webhooks with their attempts, newest first.
func (s *Store) Deliveries(
	ctx context.Context, want record.DeliveryFilter, page record.Page,
) (record.List[record.DeliveryEntry], error) {
	var f filter
	f.add(`w.account_id = ?`, sanitize(want.AccountID))
	for column, value := range map[string]string{
		`w.meeting_id = ?`: want.MeetingID, `w.session_id = ?`: want.SessionID, `w.event = ?`: want.Event,
	} {
		if value != "" {
			f.add(column, sanitize(value))
		}
	}
	switch want.State {
	case record.DeliveryWaiting:
		f.add(`w.done_at IS NULL`)
	case record.DeliveryDelivered:
		f.add(`w.done_at IS NOT NULL AND w.delivered`)
	case record.DeliveryFailed:
		f.add(`w.done_at IS NOT NULL AND NOT w.delivered`)
	}
	if !want.From.IsZero() {
		f.add(`w.made_at >= ?`, toMs(want.From))
	}
	if !want.To.IsZero() {
		f.add(`w.made_at <= ?`, toMs(want.To))
	}
	out, err := list(ctx, s, "the query for webhook deliveries", deliveryColumns, ` FROM webhooks w`, `w.id DESC`, f,
		page, deliveryFields)
	if err != nil {
		return out, err
	}
	return out, s.addAttempts(ctx, out.Items)
}

// Delivery finds a delivery of an account, with its attempts.
func (s *Store) Delivery(ctx context.Context, accountID string, id int64) (record.DeliveryEntry, error) {
	var d record.DeliveryEntry
	err := s.row(ctx, s.read, `SELECT `+deliveryColumns+` FROM webhooks w WHERE w.account_id = ? AND w.id = ?`, accountID,
		id).Scan(deliveryFields(&d)...)
	if err != nil {
		return d, opError("the query for a webhook delivery", orNotFound(err, "delivery", ""))
	}
	one := []record.DeliveryEntry{d}
	err = s.addAttempts(ctx, one)
	return one[0], err
}

func (s *Store) addAttempts(ctx context.Context, deliveries []record.DeliveryEntry) error {
	if len(deliveries) == 0 {
		return nil
	}
	index := map[int64]int{}
	ids := make([]any, len(deliveries))
	for i, d := range deliveries {
		index[d.ID], ids[i] = i, d.ID
	}
	return opError("the query for attempts of webhooks", s.rows(ctx, s.read, func(row scanner) error {
		var a record.Attempt
		var ms int64
		err := row.Scan(&a.DeliveryID, &a.Number, msTime{&a.At}, &ms, &a.Status, &a.Reason, &a.Answer)
		a.Took = time.Duration(ms) * time.Millisecond
		to := &deliveries[index[a.DeliveryID]]
		to.Tries = append(to.Tries, a)
		return err
	}, `SELECT a.delivery_id, a.n, a.at, a.duration_ms, a.status, a.reason, a.answer FROM webhook_attempts a
		WHERE a.delivery_id IN (?`+strings.Repeat(", ?", len(ids)-1)+`) ORDER BY a.delivery_id, a.n`, ids...))
}

// RedeliverWebhook sends an event again: one that waits for its next attempt is due at once, and of one that is over
// another delivery is made, with the same body. It returns the delivery that is now waiting.
func (s *Store) RedeliverWebhook(
	ctx context.Context, accountID string, id int64, at time.Time,
) (record.DeliveryEntry, error) {
	const op = "the repetition of a webhook"
	waiting := id
	err := s.txAnnouncing(ctx, func(c conn) error {
		var d record.DeliveryEntry
		err := s.row(ctx, c, `SELECT `+deliveryColumns+` FROM webhooks w WHERE w.account_id = ? AND w.id = ?`+
			s.engine.lockRow(), accountID, id).Scan(deliveryFields(&d)...)
		if err != nil {
			return orNotFound(err, "delivery", "")
		}
		if d.State() != record.DeliveryWaiting {
			// Without the job: what REST shows of it counts each event once.
			err = s.row(ctx, c, `INSERT INTO webhooks
				(meeting_id, session_id, job_id, endpoint, event, body, made_at, next_at, account_id, repeats)
				SELECT meeting_id, session_id, '', endpoint, event, body, ?, ?, account_id, id FROM webhooks WHERE id = ?
				RETURNING id`, toMs(at), toMs(at), id).Scan(&waiting)
			if err != nil {
				return err
			}
		}
		return s.hasten(ctx, c, d.MeetingID, d.EndPoint, at)
	})
	if err != nil {
		return record.DeliveryEntry{}, opError(op, err)
	}
	return s.Delivery(ctx, accountID, waiting)
}

// hasten makes what waits first for an endpoint of a meeting due at once: later events wait for it.
func (s *Store) hasten(ctx context.Context, c conn, meetingID, endpoint string, at time.Time) error {
	_, err := s.exec(ctx, c, `UPDATE webhooks SET next_at = ? WHERE done_at IS NULL AND next_at > ? AND id =
		(SELECT MIN(id) FROM webhooks WHERE meeting_id = ? AND endpoint = ? AND done_at IS NULL)`, toMs(at), toMs(at),
		meetingID, endpoint)
	return err
}

// TestEvent is the name of the event that an integrator sends to its own webhook.
const TestEvent = "webhook-test"

// TestWebhook puts an event into the outbox for the webhook of a meeting, whichever events it asked for. A meeting
// without a webhook is a ConflictError.
func (s *Store) TestWebhook(
	ctx context.Context,
	accountID, meetingID string,
	at time.Time,
) (record.DeliveryEntry, error) {
	var id int64
	err := s.txAnnouncing(ctx, func(c conn) error {
		var config record.MeetingConfig
		err := s.row(ctx, c, `SELECT config FROM meetings WHERE id = ? AND account_id = ?`+s.engine.lockRow(), meetingID,
			accountID).Scan(jsonText{&config})
		if err != nil {
			return orNotFound(err, "meeting", meetingID)
		}
		if config.Webhook == nil || config.Webhook.EndPoint == "" {
			return &record.ConflictError{Kind: "webhook", ID: meetingID, State: "absent"}
		}
		body := record.WebhookBody{WebhookType: TestEvent, ID: "whk_" + rand.Text(), At: fault.InstantOf(at),
			Data: map[string]any{"meetingId": meetingID, "sessionId": ""}}
		if err := s.row(
			ctx, c, `UPDATE meetings SET webhook_sequence = webhook_sequence + 1 WHERE id = ? RETURNING webhook_sequence`,
			meetingID,
		).Scan(&body.Sequence); err != nil {
			return err
		}
		text, err := toJSON(body)
		if err != nil {
			return err
		}
		endpoint := sanitize(config.Webhook.EndPoint)
		if err := s.row(ctx, c, `INSERT INTO webhooks
			(meeting_id, session_id, job_id, endpoint, event, body, made_at, next_at, account_id)
			VALUES (?, '', '', ?, ?, ?, ?, ?, ?) RETURNING id`, meetingID, endpoint, TestEvent, text, toMs(at), toMs(at),
			accountID).Scan(&id); err != nil {
			return err
		}
		return s.hasten(ctx, c, meetingID, endpoint, at)
	})
	if err != nil {
		return record.DeliveryEntry{}, opError("the test of a webhook", err)
	}
	return s.Delivery(ctx, accountID, id)
}
