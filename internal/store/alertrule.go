package store

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/record"
)

// Bounds of one account.
const (
	MaxAlertRules           = 50
	MaxNotificationChannels = 20
)

// AlertChanges returns a number that is another one after each change of an alert rule, and of an incident other than
// by the evaluation of its rule. Where other nodes may change them it is another one each time.
func (s *Store) AlertChanges() int64 {
	if s.cluster {
		return s.alertChanges.Add(1)
	}
	return s.alertChanges.Load()
}

const channelColumns = `c.id, c.account_id, c.name, c.type, c.url, c.created_at, c.updated_at`

func channelFields(c *record.NotificationChannel) []any {
	return []any{&c.ID, &c.AccountID, &c.Name, &c.Type, &c.URL, msTime{&c.CreatedAt}, msTime{&c.UpdatedAt}}
}

// fullError returns the error of an account that has as many things as it may have.
func fullError(kind string) error { return &record.ConflictError{Kind: kind, State: "full"} }

// CreateNotificationChannel stores a new channel. A ConflictError: the account has as many as it may have.
func (s *Store) CreateNotificationChannel(
	ctx context.Context, n record.NotificationChannel, at time.Time,
) (record.NotificationChannel, error) {
	n.ID, n.CreatedAt, n.UpdatedAt = "nch_"+strings.ToLower(rand.Text()[:16]), at, at
	err := s.tx(ctx, func(c conn) error {
		if err := s.checkRoom(ctx, c, "notification_channels", n.AccountID, MaxNotificationChannels); err != nil {
			return err
		}
		_, err := s.exec(ctx, c, `INSERT INTO notification_channels (id, account_id, name, type, url, created_at, updated_at)
			VALUES (?, ?, ?, ?, ?, ?, ?)`, n.ID, n.AccountID, sanitize(n.Name), string(n.Type), sanitize(n.URL), toMs(at),
			toMs(at))
		return err
	})
	if err != nil {
		return n, opError("the new notification channel", err)
	}
	return s.NotificationChannel(ctx, n.AccountID, n.ID)
}

// checkRoom returns a ConflictError where an account has as many rows of a table as it may have. The row of the account
// is locked, so that two requests do not both take the last place.
func (s *Store) checkRoom(ctx context.Context, c conn, table, accountID string, limit int) error {
	var id string
	if err := s.row(ctx, c, `SELECT id FROM accounts WHERE id = ?`+s.engine.lockRow(), accountID).Scan(&id); err != nil {
		return orNotFound(err, "account", accountID)
	}
	var n int
	err := s.row(ctx, c, `SELECT COUNT(*) FROM `+table+` WHERE account_id = ?`, accountID).Scan(&n)
	if err == nil && n >= limit {
		err = fullError(table)
	}
	return err
}

// NotificationChannel finds a channel of an account.
func (s *Store) NotificationChannel(ctx context.Context, accountID, id string) (record.NotificationChannel, error) {
	return s.notificationChannel(ctx, s.read, accountID, id, "")
}

func (s *Store) notificationChannel(
	ctx context.Context, c conn, accountID, id, suffix string,
) (record.NotificationChannel, error) {
	var n record.NotificationChannel
	if !isStorable(id) {
		return n, notFound("notification channel", id)
	}
	err := s.row(ctx, c, `SELECT `+channelColumns+` FROM notification_channels c WHERE c.account_id = ? AND c.id = ?`+
		suffix, accountID, id).Scan(channelFields(&n)...)
	return n, opError("the query for a notification channel", orNotFound(err, "notification channel", id))
}

// NotificationChannels lists the channels of an account, oldest first.
func (s *Store) NotificationChannels(
	ctx context.Context, accountID string, page record.Page,
) (record.List[record.NotificationChannel], error) {
	var f filter
	f.add(`c.account_id = ?`, accountID)
	return list(ctx, s, "the query for notification channels", channelColumns, ` FROM notification_channels c`,
		`c.created_at, c.id`, f, page, channelFields)
}

// ChangeNotificationChannel changes a channel. An address that it did not have before is told of incidents even where
// it has answered 410.
func (s *Store) ChangeNotificationChannel(
	ctx context.Context, accountID, id string, at time.Time, change func(*record.NotificationChannel),
) (record.NotificationChannel, error) {
	err := s.tx(ctx, func(c conn) error {
		n, err := s.notificationChannel(ctx, c, accountID, id, s.engine.lockRow())
		if err != nil {
			return err
		}
		change(&n)
		const update = `UPDATE notification_channels SET name = ?, type = ?, url = ?, updated_at = ? WHERE id = ?`
		if _, err := s.exec(ctx, c, update,
			sanitize(n.Name), string(n.Type), sanitize(n.URL), toMs(at), id); err != nil {
			return err
		}
		_, err = s.exec(ctx, c, `DELETE FROM webhooks_gone WHERE meeting_id = '' AND job_id = ?`, id)
		return err
	})
	if err != nil {
		return record.NotificationChannel{}, opError("the change of a notification channel", err)
	}
	return s.NotificationChannel(ctx, accountID, id)
}

// DeleteNotificationChannel removes a channel. A ConflictError names the rules that use it.
func (s *Store) DeleteNotificationChannel(ctx context.Context, accountID, id string) error {
	return opError("the removal of a notification channel", s.tx(ctx, func(c conn) error {
		if _, err := s.notificationChannel(ctx, c, accountID, id, s.engine.lockRow()); err != nil {
			return err
		}
		var users []string
		if err := s.rows(ctx, c, func(row scanner) error {
			var name string
			var ids []string
			err := row.Scan(&name, jsonText{&ids})
			if slices.Contains(ids, id) {
				users = append(users, name)
			}
			return err
		}, `SELECT id, channel_ids FROM alert_rules WHERE account_id = ?`, accountID); err != nil {
			return err
		}
		if len(users) > 0 {
			return &record.ConflictError{Kind: "notification channel", ID: id, State: "used by " + strings.Join(users, ", ")}
		}
		for _, statement := range []string{
			`DELETE FROM notification_channels WHERE id = ?`,
			`DELETE FROM webhooks_gone WHERE meeting_id = '' AND job_id = ?`,
		} {
			if _, err := s.exec(ctx, c, statement, id); err != nil {
				return err
			}
		}
		return nil
	}))
}

const ruleColumns = `r.id, r.account_id, r.name, r.severity, r.description, r.summary, r.paused, r.armed, r.category,
	r.time_aggregation, r.config, r.channel_ids, r.version, r.last_triggered_at, r.created_at, r.updated_at`

func ruleFields(r *record.AlertRule) []any {
	return []any{&r.ID, &r.AccountID, &r.Name, &r.Severity, &r.Description, &r.Summary, &r.Paused, &r.Armed, &r.Category,
		&r.TimeAggregation, jsonText{&r.Config}, jsonText{&r.ChannelIDs}, &r.Version, msTime{&r.LastTriggered},
		msTime{&r.CreatedAt}, msTime{&r.UpdatedAt}}
}

// CreateAlertRule stores a new rule. A ConflictError: the account has as many as it may have; a NotFoundError: it has
// no such channel.
func (s *Store) CreateAlertRule(ctx context.Context, r record.AlertRule, at time.Time) (record.AlertRule, error) {
	r.ID = "alr_" + strings.ToLower(rand.Text()[:16])
	err := s.tx(ctx, func(c conn) error {
		if err := s.checkRoom(ctx, c, "alert_rules", r.AccountID, MaxAlertRules); err != nil {
			return err
		}
		config, channels, err := s.ruleTexts(ctx, c, r)
		if err != nil {
			return err
		}
		_, err = s.exec(ctx, c, `INSERT INTO alert_rules (id, account_id, name, severity, description, summary, paused,
			category, time_aggregation, config, channel_ids, version, created_at, updated_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)`, r.ID, r.AccountID, sanitize(r.Name), r.Severity,
			sanitize(r.Description), sanitize(r.Summary), r.Paused, r.Category, r.TimeAggregation, config, channels, toMs(at),
			toMs(at))
		return err
	})
	if err != nil {
		return r, opError("the new alert rule", err)
	}
	s.alertChanges.Add(1)
	return s.AlertRule(ctx, r.AccountID, r.ID)
}

// ruleTexts returns what is kept of a rule as JSON, and checks that its channels are there.
func (s *Store) ruleTexts(ctx context.Context, c conn, r record.AlertRule) (config, channels string, err error) {
	for _, id := range r.ChannelIDs {
		if _, err := s.notificationChannel(ctx, c, r.AccountID, id, s.engine.lockRow()); err != nil {
			return "", "", err
		}
	}
	if config, err = toJSON(r.Config); err != nil {
		return "", "", err
	}
	channels, err = toJSON(r.ChannelIDs)
	return sanitize(config), sanitize(channels), err
}

// AlertRule finds a rule of an account.
func (s *Store) AlertRule(ctx context.Context, accountID, id string) (record.AlertRule, error) {
	return s.alertRule(ctx, s.read, accountID, id, "")
}

func (s *Store) alertRule(ctx context.Context, c conn, accountID, id, suffix string) (record.AlertRule, error) {
	var r record.AlertRule
	if !isStorable(id) {
		return r, notFound("alert rule", id)
	}
	err := s.row(ctx, c, `SELECT `+ruleColumns+` FROM alert_rules r WHERE r.account_id = ? AND r.id = ?`+suffix, accountID,
		id).Scan(ruleFields(&r)...)
	return r, opError("the query for an alert rule", orNotFound(err, "alert rule", id))
}

// AlertRules lists the rules of an account, oldest first.
func (s *Store) AlertRules(
	ctx context.Context, accountID string, want record.AlertRuleFilter, page record.Page,
) (record.List[record.AlertRule], error) {
	var f filter
	f.add(`r.account_id = ?`, accountID)
	if want.Status != "" {
		f.add(`r.paused = ?`, want.Status == "paused")
	}
	if want.Category != "" {
		f.add(`r.category = ?`, sanitize(want.Category))
	}
	return list(ctx, s, "the query for alert rules", ruleColumns, ` FROM alert_rules r`, `r.created_at, r.id`, f, page,
		ruleFields)
}

// WatchedRules lists the rules of all accounts that are not paused, with the incidents that go on.
func (s *Store) WatchedRules(ctx context.Context) ([]record.WatchedRule, error) {
	var out []record.WatchedRule
	err := s.rows(ctx, s.read, func(row scanner) error {
		var r record.WatchedRule
		err := row.Scan(append(ruleFields(&r.AlertRule), &r.IncidentID)...)
		out = append(out, r)
		return err
	}, `SELECT `+ruleColumns+`, COALESCE((SELECT i.id FROM incidents i WHERE i.rule_id = r.id AND i.status <> 'resolved'), '')
		FROM alert_rules r WHERE NOT r.paused ORDER BY r.id`)
	return out, opError("the query for alert rules", err)
}

// ChangeAlertRule changes a rule, whose version then is one more. An incident of it that goes on is resolved where the
// rule is paused.
func (s *Store) ChangeAlertRule(
	ctx context.Context, accountID, id string, at time.Time, change func(*record.AlertRule) error,
) (rule record.AlertRule, resolved *record.AlertIncident, err error) {
	err = s.txAnnouncing(ctx, func(c conn) error {
		r, err := s.alertRule(ctx, c, accountID, id, s.engine.lockRow())
		if err != nil {
			return err
		}
		if err := change(&r); err != nil {
			return err
		}
		config, channels, err := s.ruleTexts(ctx, c, r)
		if err != nil {
			return err
		}
		if _, err := s.exec(ctx, c, `UPDATE alert_rules SET name = ?, severity = ?, description = ?, summary = ?, paused = ?,
			armed = TRUE, category = ?, time_aggregation = ?, config = ?, channel_ids = ?, version = version + 1,
			updated_at = ? WHERE id = ?`, sanitize(r.Name), r.Severity, sanitize(r.Description), sanitize(r.Summary), r.Paused,
			r.Category, r.TimeAggregation, config, channels, toMs(at), id); err != nil || !r.Paused {
			return err
		}
		resolved, err = s.resolveOf(ctx, c, r, at, "The rule was paused.")
		return err
	})
	if err != nil {
		return rule, nil, opError("the change of an alert rule", err)
	}
	s.alertChanges.Add(1)
	rule, err = s.AlertRule(ctx, accountID, id)
	return rule, resolved, err
}

// DeleteAlertRule removes a rule. Its incidents stay; one that goes on is resolved and returned.
func (s *Store) DeleteAlertRule(
	ctx context.Context, accountID, id string, at time.Time,
) (resolved *record.AlertIncident, err error) {
	err = s.txAnnouncing(ctx, func(c conn) error {
		r, err := s.alertRule(ctx, c, accountID, id, s.engine.lockRow())
		if err != nil {
			return err
		}
		if resolved, err = s.resolveOf(ctx, c, r, at, "The rule was deleted."); err != nil {
			return err
		}
		_, err = s.exec(ctx, c, `DELETE FROM alert_rules WHERE id = ?`, id)
		return err
	})
	if err == nil {
		s.alertChanges.Add(1)
	}
	return resolved, opError("the removal of an alert rule", err)
}

// resolveOf resolves the incident of a rule that goes on, if there is one.
func (s *Store) resolveOf(
	ctx context.Context, c conn, r record.AlertRule, at time.Time, detail string,
) (*record.AlertIncident, error) {
	var id string
	err := s.row(ctx, c, `SELECT id FROM incidents WHERE rule_id = ? AND status <> 'resolved'`, r.ID).Scan(&id)
	if err = orNotFound(err, "incident", ""); err != nil {
		if _, none := errors.AsType[*record.NotFoundError](err); none {
			return nil, nil
		}
		return nil, err
	}
	i, err := s.resolve(
		ctx,
		c,
		r.AccountID,
		id,
		record.IncidentEvent{Type: "resolved", At: at, By: "rule", Detail: detail},
	)
	return &i, err
}

// ArmAlertRule lets a rule open incidents again.
func (s *Store) ArmAlertRule(ctx context.Context, accountID, id string) error {
	_, err := s.exec(ctx, s.write, `UPDATE alert_rules SET armed = TRUE WHERE account_id = ? AND id = ?`, accountID, id)
	return opError("an alert rule", err)
}
