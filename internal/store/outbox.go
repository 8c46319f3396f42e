package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"maps"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// The outbox holds the events for webhooks until each endpoint has taken them. An event is put into it by
// the transaction that writes what it reports: neither exists without the other.

// txAnnouncing runs a write transaction that may announce events, and wakes the sender when it is committed.
func (s *Store) txAnnouncing(ctx context.Context, do func(conn) error) error {
	if err := s.tx(ctx, do); err != nil {
		return err
	}
	select {
	case s.announced <- struct{}{}:
	default: // it has been woken already
	}
	return nil
}

// Announced fires after a commit that may have put events into the outbox.
func (s *Store) Announced() <-chan struct{} { return s.announced }

// Announce puts an event into the outbox that no other write of the store goes with.
func (s *Store) Announce(ctx context.Context, e record.Event) error {
	return opError("an event", s.txAnnouncing(ctx, func(c conn) error { return s.announce(ctx, c, e) }))
}

// announce puts an event into the outbox, once for each endpoint that wants it: the meeting's, and that of the call.
func (s *Store) announce(ctx context.Context, c conn, e record.Event) error {
	var config record.MeetingConfig
	err := s.row(ctx, c, `SELECT config FROM meetings WHERE id = ?`+s.engine.lockRow(), e.MeetingID).
		Scan(jsonText{&config})
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	var endpoints []string
	if config.Webhook.Wants(e.Name) {
		if endpoints, err = s.appendSubscribed(
			ctx, c, endpoints, e.MeetingID, config.Webhook.EndPoint, "",
		); err != nil {
			return err
		}
	}
	if e.URL != "" && (config.Webhook == nil || config.Webhook.EndPoint != e.URL || !config.Webhook.Wants(e.Name)) {
		if endpoints, err = s.appendSubscribed(ctx, c, endpoints, e.MeetingID, e.URL, e.JobID); err != nil {
			return err
		}
	}
	if len(endpoints) == 0 {
		return nil
	}
	body := record.WebhookBody{WebhookType: e.Name, ID: "whk_" + rand.Text(), At: fault.InstantOf(e.At),
		Data: map[string]any{}}
	maps.Copy(body.Data, e.Data)
	if f, is := body.Data["fault"].(*fault.Error); is {
		body.Data["fault"] = s.presentation.Of(f)
	}
	body.Data["meetingId"], body.Data["sessionId"] = e.MeetingID, e.SessionID
	if err := s.row(
		ctx, c, `UPDATE meetings SET webhook_sequence = webhook_sequence + 1 WHERE id = ? RETURNING webhook_sequence`,
		e.MeetingID,
	).Scan(&body.Sequence); err != nil {
		return err
	}
	text, err := toJSON(body)
	if err != nil {
		return err
	}
	for _, endpoint := range endpoints {
		if _, err := s.exec(
			ctx, c, `INSERT INTO webhooks (meeting_id, session_id, job_id, endpoint, event, body, made_at, next_at, account_id)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, (SELECT account_id FROM meetings WHERE id = ?))`, e.MeetingID, e.SessionID,
			e.JobID, sanitize(endpoint), e.Name, sanitize(text), toMs(e.At), toMs(e.At), e.MeetingID,
		); err != nil {
			return err
		}
	}
	return nil
}

// appendSubscribed adds an endpoint to a list, unless it has unsubscribed.
func (s *Store) appendSubscribed(
	ctx context.Context,
	c conn,
	list []string,
	meetingID, endpoint, jobID string,
) ([]string, error) {
	var gone bool
	err := s.row(
		ctx, c, `SELECT EXISTS (SELECT 1 FROM webhooks_gone WHERE meeting_id = ? AND endpoint = ? AND job_id = ?)`,
		meetingID, sanitize(endpoint), jobID,
	).
		Scan(&gone)
	if err != nil || gone {
		return list, err
	}
	return append(list, endpoint), nil
}

// DueWebhooks lists deliveries whose next attempt is due, the longest due first: the first one of each meeting and
// endpoint, for the order of those is kept. Endpoints in except are left out.
func (s *Store) DueWebhooks(ctx context.Context, now time.Time, limit int, except []string) ([]record.Delivery, error) {
	var f filter
	f.add(`w.done_at IS NULL`)
	f.add(`w.next_at <= ?`, toMs(now))
	f.add(
		`NOT EXISTS (SELECT 1 FROM webhooks o
			WHERE o.meeting_id = w.meeting_id AND o.endpoint = w.endpoint AND o.account_id = w.account_id
			AND o.done_at IS NULL AND o.id < w.id)`,
	)
	for _, endpoint := range except {
		f.add(`w.endpoint <> ?`, endpoint)
	}
	var due []record.Delivery
	err := s.rows(ctx, s.read, func(row scanner) error {
		var d record.Delivery
		err := row.Scan(
			&d.ID,
			&d.AccountID,
			&d.MeetingID,
			&d.SessionID,
			&d.JobID,
			&d.EndPoint,
			&d.Event,
			&d.Body,
			msTime{&d.MadeAt},
			msTime{&d.NextAt},
			&d.Attempts,
		)
		due = append(due, d)
		return err
	}, `SELECT w.id, w.account_id, w.meeting_id, w.session_id, w.job_id, w.endpoint, w.event, w.body, w.made_at, w.next_at, w.attempts
		FROM webhooks w`+
		f.where()+` ORDER BY w.next_at, w.id LIMIT ?`, append(f.args, limit)...)
	return due, opError("the query for webhooks", err)
}

// ClaimWebhook takes a delivery for an attempt that ends before until; false when another server has it. Until then, or
// until this node is fenced, the later events of the meeting wait for it on all nodes.
func (s *Store) ClaimWebhook(ctx context.Context, d record.Delivery, until time.Time) (bool, error) {
	n, err := s.exec(ctx, s.write, `UPDATE webhooks SET next_at = ?, claimed_by = ?
		WHERE id = ? AND next_at = ? AND done_at IS NULL`, toMs(until), s.node().Incarnation, d.ID, toMs(d.NextAt))
	return n == 1, opError("the attempt of a webhook", err)
}

// WebhookDelivered ends a delivery.
func (s *Store) WebhookDelivered(ctx context.Context, id int64, at time.Time) error {
	_, err := s.exec(
		ctx,
		s.write,
		`UPDATE webhooks SET attempts = attempts + 1, problem = '', done_at = ?, delivered = TRUE WHERE id = ?`,
		toMs(at),
		id,
	)
	return opError("the delivery of a webhook", err)
}

// WebhookFailed sets when a delivery is tried again; with unreachable, whatever else waits for that endpoint waits as
// long. It has no effect where another node has the delivery now.
func (s *Store) WebhookFailed(
	ctx context.Context,
	d record.Delivery,
	problem string,
	next time.Time,
	unreachable bool,
) error {
	return opError("the failure of a webhook", s.tx(ctx, func(c conn) error {
		if s.engine.postgres && unreachable { // in one order, for other nodes may do the same
			if err := s.rows(ctx, c, func(row scanner) error { return row.Scan(new(int64)) }, `SELECT id FROM webhooks
				WHERE id = ? OR endpoint = ? AND done_at IS NULL AND next_at < ? ORDER BY id FOR UPDATE`,
				d.ID, d.EndPoint, toMs(next)); err != nil {
				return err
			}
		}
		n, err := s.exec(
			ctx, c, `UPDATE webhooks SET attempts = attempts + 1, problem = ?, next_at = ?, claimed_by = ''
			WHERE id = ? AND claimed_by = ?`, sanitize(problem), toMs(next), d.ID, s.node().Incarnation,
		)
		if err != nil || n == 0 || !unreachable {
			return err
		}
		_, err = s.exec(
			ctx,
			c,
			`UPDATE webhooks SET next_at = ? WHERE endpoint = ? AND done_at IS NULL AND next_at < ?`,
			toMs(next),
			d.EndPoint,
			toMs(next),
		)
		return err
	}))
}

// SetWebhookAside ends a delivery that its endpoint refuses, so that later ones are tried.
func (s *Store) SetWebhookAside(ctx context.Context, id int64, problem string, at time.Time) error {
	_, err := s.exec(
		ctx,
		s.write,
		`UPDATE webhooks SET attempts = attempts + 1, problem = ?, done_at = ? WHERE id = ?`,
		sanitize(problem),
		toMs(at),
		id,
	)
	return opError("the end of a webhook", err)
}

// UnsubscribeWebhook ends a delivery and all others that wait for its endpoint in the meeting, and announces nothing
// more to it there; to the address that a job was started with, nothing more of that job. It returns how many were
// dropped.
func (s *Store) UnsubscribeWebhook(
	ctx context.Context,
	d record.Delivery,
	problem string,
	at time.Time,
) (dropped int, err error) {
	err = s.tx(ctx, func(c conn) error {
		var config record.MeetingConfig
		if d.MeetingID != "" {
			if err := s.row(ctx, c, `SELECT config FROM meetings WHERE id = ?`, d.MeetingID).Scan(
				jsonText{&config},
			); err != nil {
				return err
			}
		}
		jobID, condition, args := d.JobID, ` AND job_id = ?`, []any{
			sanitize(problem),
			toMs(at),
			d.MeetingID,
			sanitize(d.EndPoint),
			d.JobID,
		}
		if config.Webhook != nil && config.Webhook.EndPoint == d.EndPoint {
			jobID, condition, args = "", "", args[:4]
		}
		if _, err := s.exec(
			ctx, c,
			`INSERT INTO webhooks_gone (meeting_id, endpoint, job_id, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			d.MeetingID, sanitize(d.EndPoint), jobID, toMs(at),
		); err != nil {
			return err
		}
		dropped, err = s.exec(
			ctx,
			c,
			`UPDATE webhooks SET problem = ?, done_at = ? WHERE done_at IS NULL AND meeting_id = ? AND endpoint = ?`+condition,
			args...)
		return err
	})
	return dropped, opError("the end of a webhook's subscription", err)
}

// ReleaseWebhook releases a claimed delivery whose attempt was cut off.
func (s *Store) ReleaseWebhook(ctx context.Context, d record.Delivery) error {
	_, err := s.exec(
		ctx,
		s.write,
		`UPDATE webhooks SET next_at = ?, claimed_by = '' WHERE id = ? AND done_at IS NULL AND claimed_by = ?`,
		toMs(d.NextAt),
		d.ID,
		s.node().Incarnation,
	)
	return opError("the attempt of a webhook", err)
}

// ExpireWebhooks ends the deliveries of what was announced before that time and is not delivered.
func (s *Store) ExpireWebhooks(ctx context.Context, before, at time.Time) ([]record.Expired, error) {
	var out []record.Expired
	err := s.tx(ctx, func(c conn) error {
		const old = ` FROM webhooks WHERE done_at IS NULL AND made_at < ?`
		if err := s.rows(ctx, c, func(row scanner) error {
			var e record.Expired
			err := row.Scan(&e.AccountID, &e.MeetingID, &e.EndPoint, &e.Events)
			out = append(out, e)
			return err
		}, `SELECT MIN(account_id), MIN(meeting_id), endpoint, COUNT(*)`+old+` GROUP BY endpoint`,
			toMs(before)); err != nil || len(out) == 0 {
			return err
		}
		_, err := s.exec(
			ctx,
			c,
			`UPDATE webhooks SET done_at = ? WHERE id IN (SELECT id`+old+`)`,
			toMs(at),
			toMs(before),
		)
		return err
	})
	return out, opError("the end of old webhooks", err)
}

// TrimWebhooks forgets deliveries that ended before that time.
func (s *Store) TrimWebhooks(ctx context.Context, before time.Time) error {
	_, err := s.exec(ctx, s.write, `DELETE FROM webhooks WHERE done_at < ?`, toMs(before))
	return opError("the trimming of webhooks", err)
}

// FailingWebhooks lists the endpoints that did not take what was last tried, with how many such events they have.
func (s *Store) FailingWebhooks(ctx context.Context) (map[string]int, error) {
	failing := map[string]int{}
	err := s.rows(ctx, s.read, func(row scanner) error {
		var endpoint string
		var n int
		err := row.Scan(&endpoint, &n)
		failing[endpoint] = n
		return err
	}, `SELECT endpoint, COUNT(*) FROM webhooks WHERE done_at IS NULL AND attempts > 0 GROUP BY endpoint`)
	return failing, opError("the query for failing webhooks", err)
}

// WaitingWebhooks counts what is not delivered yet.
func (s *Store) WaitingWebhooks(ctx context.Context) (int, error) {
	var n int
	err := s.row(ctx, s.read, `SELECT COUNT(*) FROM webhooks WHERE done_at IS NULL`).Scan(&n)
	return n, opError("the query for webhooks", err)
}

// JobWebhooks returns for each of these egress jobs which events were announced and how their deliveries went.
func (s *Store) JobWebhooks(ctx context.Context, jobIDs ...string) (map[string][]record.Delivered, error) {
	out := map[string][]record.Delivered{}
	if len(jobIDs) == 0 {
		return out, nil
	}
	var f filter
	f.in(`job_id`, jobIDs)
	err := s.rows(ctx, s.read, func(row scanner) error {
		var id string
		var d record.Delivered
		err := row.Scan(&id, &d.Event, &d.Success)
		out[id] = append(out[id], d)
		return err
	}, `SELECT job_id, event, delivered FROM webhooks`+f.where()+` ORDER BY id`, f.args...)
	return out, opError("the query for the webhooks of a job", err)
}
