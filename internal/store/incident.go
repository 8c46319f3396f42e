package store

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/record"
)

// MaxIncidents is how many incidents of an account are kept; the oldest ones that are resolved go first.
const MaxIncidents = 1000

const incidentColumns = `i.id, i.account_id, i.rule_id, i.rule_name, i.metric, i.category, i.severity, i.summary,
	i.description, i.status, i.fired_at, i.acknowledged_at, i.resolved_at, i.updated_at, i.cause, i.events`

func incidentFields(i *record.AlertIncident) []any {
	return []any{&i.ID, &i.AccountID, &i.RuleID, &i.RuleName, &i.Metric, &i.Category, &i.Severity, &i.Summary,
		&i.Description, &i.Status, msTime{&i.FiredAt}, msTime{&i.AcknowledgedAt}, msTime{&i.ResolvedAt},
		msTime{&i.UpdatedAt}, jsonText{&i.Cause}, jsonText{&i.Events}}
}

// OpenIncident stores a new incident of a rule and announces it in the channels of the rule. opened is false where the
// rule has one that goes on, or is not what it was.
func (s *Store) OpenIncident(
	ctx context.Context, rule record.AlertRule, i record.AlertIncident,
) (opened bool, err error) {
	err = s.txAnnouncing(ctx, func(c conn) error {
		n, err := s.exec(ctx, c, `UPDATE alert_rules SET last_triggered_at = ? WHERE id = ? AND version = ? AND NOT paused
			AND armed AND NOT EXISTS (SELECT 1 FROM incidents WHERE rule_id = ? AND status <> 'resolved')`,
			toMs(i.FiredAt), rule.ID, rule.Version, rule.ID)
		if err != nil || n == 0 {
			return err
		}
		cause, err := toJSON(i.Cause)
		if err != nil {
			return err
		}
		events, err := toJSON(i.Events)
		if err != nil {
			return err
		}
		if _, err := s.exec(ctx, c, `INSERT INTO incidents (id, account_id, rule_id, rule_name, metric, category, severity,
			summary, description, status, fired_at, updated_at, cause, events)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, i.ID, i.AccountID, i.RuleID, sanitize(i.RuleName), i.Metric,
			i.Category, i.Severity, sanitize(i.Summary), sanitize(i.Description), string(i.Status), toMs(i.FiredAt),
			toMs(i.FiredAt), sanitize(cause), sanitize(events)); err != nil {
			return err
		}
		if _, err := s.exec(ctx, c, `DELETE FROM incidents WHERE status = 'resolved' AND id IN (SELECT id FROM incidents
			WHERE account_id = ? ORDER BY fired_at DESC, id DESC LIMIT ? OFFSET ?)`, i.AccountID, trimBatch,
			MaxIncidents); err != nil {
			return err
		}
		opened = true
		return s.notify(ctx, c, rule.ChannelIDs, i, "incident-opened", i.FiredAt, 1)
	})
	return opened && err == nil, opError("a new incident", err)
}

// AcknowledgeIncident notes that somebody looks after an incident. A ConflictError: it is resolved. One that is
// acknowledged stays as it is.
func (s *Store) AcknowledgeIncident(
	ctx context.Context, accountID, id string, event record.IncidentEvent,
) (incident record.AlertIncident, changed bool, err error) {
	err = s.tx(ctx, func(c conn) error {
		i, err := s.incident(ctx, c, accountID, id, s.engine.lockRow())
		if err != nil || i.Status == record.IncidentAcknowledged {
			incident = i
			return err
		}
		if i.Status == record.IncidentResolved {
			return &record.ConflictError{Kind: "incident", ID: id, State: string(i.Status)}
		}
		i.Status, i.AcknowledgedAt, changed = record.IncidentAcknowledged, event.At, true
		incident, err = s.saveIncident(ctx, c, i, event)
		return err
	})
	return incident, changed, opError("the acknowledgement of an incident", err)
}

// ResolveIncident ends an incident and announces that. A ConflictError: it is resolved. Where it is not the evaluation
// that resolves it, its rule opens another one only when its condition has not held meanwhile.
func (s *Store) ResolveIncident(
	ctx context.Context, accountID, id string, event record.IncidentEvent,
) (incident record.AlertIncident, err error) {
	err = s.txAnnouncing(ctx, func(c conn) error {
		incident, err = s.resolve(ctx, c, accountID, id, event)
		return err
	})
	if err == nil && event.By != "evaluation" {
		s.alertChanges.Add(1)
	}
	return incident, opError("the end of an incident", err)
}

func (s *Store) resolve(
	ctx context.Context, c conn, accountID, id string, event record.IncidentEvent,
) (record.AlertIncident, error) {
	i, err := s.incident(ctx, c, accountID, id, s.engine.lockRow())
	if err != nil {
		return i, err
	}
	if i.Status == record.IncidentResolved {
		return i, &record.ConflictError{Kind: "incident", ID: id, State: string(i.Status)}
	}
	i.Status, i.ResolvedAt = record.IncidentResolved, event.At
	if i, err = s.saveIncident(ctx, c, i, event); err != nil {
		return i, err
	}
	if event.By == "user" {
		if err := s.disarm(ctx, c, i.RuleID); err != nil {
			return i, err
		}
	}
	var channels []string
	err = s.row(ctx, c, `SELECT channel_ids FROM alert_rules WHERE id = ?`, i.RuleID).Scan(jsonText{&channels})
	if err != nil {
		return i, err
	}
	return i, s.notify(ctx, c, channels, i, "incident-resolved", event.At, 2)
}

func (s *Store) disarm(ctx context.Context, c conn, ruleID string) error {
	_, err := s.exec(ctx, c, `UPDATE alert_rules SET armed = FALSE WHERE id = ?`, ruleID)
	return err
}

func (s *Store) saveIncident(
	ctx context.Context, c conn, i record.AlertIncident, event record.IncidentEvent,
) (record.AlertIncident, error) {
	i.Events, i.UpdatedAt = append(slices.Clip(i.Events), event), event.At
	events, err := toJSON(i.Events)
	if err != nil {
		return i, err
	}
	_, err = s.exec(
		ctx,
		c,
		`UPDATE incidents SET status = ?, acknowledged_at = ?, resolved_at = ?, updated_at = ?, events = ?
		WHERE id = ?`,
		string(i.Status),
		toMs(i.AcknowledgedAt),
		toMs(i.ResolvedAt),
		toMs(i.UpdatedAt),
		sanitize(events),
		i.ID,
	)
	return i, err
}

// DeleteIncident removes an incident. One that goes on is no more, without being announced.
func (s *Store) DeleteIncident(ctx context.Context, accountID, id string) error {
	err := s.tx(ctx, func(c conn) error {
		i, err := s.incident(ctx, c, accountID, id, s.engine.lockRow())
		if err != nil {
			return err
		}
		if i.Status != record.IncidentResolved {
			if err := s.disarm(ctx, c, i.RuleID); err != nil {
				return err
			}
		}
		_, err = s.exec(ctx, c, `DELETE FROM incidents WHERE id = ?`, id)
		return err
	})
	if err == nil {
		s.alertChanges.Add(1)
	}
	return opError("the removal of an incident", err)
}

// Incident finds an incident of an account.
func (s *Store) Incident(ctx context.Context, accountID, id string) (record.AlertIncident, error) {
	return s.incident(ctx, s.read, accountID, id, "")
}

func (s *Store) incident(ctx context.Context, c conn, accountID, id, suffix string) (record.AlertIncident, error) {
	var i record.AlertIncident
	if !isStorable(id) {
		return i, notFound("incident", id)
	}
	query := `SELECT ` + incidentColumns + ` FROM incidents i WHERE i.account_id = ? AND i.id = ?` + suffix
	err := s.row(ctx, c, query, accountID,
		id).
		Scan(incidentFields(&i)...)
	return i, opError("the query for an incident", orNotFound(err, "incident", id))
}

// Incidents lists the incidents of an account, newest first.
func (s *Store) Incidents(
	ctx context.Context, accountID string, want record.IncidentFilter, page record.Page,
) (record.List[record.AlertIncident], error) {
	var f filter
	f.add(`i.account_id = ?`, accountID)
	for column, value := range map[string]string{
		`i.status = ?`: want.Status, `i.severity = ?`: want.Severity, `i.category = ?`: want.Category,
	} {
		if value != "" {
			f.add(column, sanitize(value))
		}
	}
	if want.Text != "" {
		text := "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(strings.ToLower(sanitize(want.Text))) + "%"
		f.add(`(LOWER(i.rule_name) LIKE ? ESCAPE '!' OR LOWER(i.summary) LIKE ? ESCAPE '!'
			OR LOWER(i.description) LIKE ? ESCAPE '!' OR i.metric LIKE ? ESCAPE '!' OR i.id LIKE ? ESCAPE '!')`,
			text, text, text, text, text)
	}
	return list(ctx, s, "the query for incidents", incidentColumns, ` FROM incidents i`, `i.fired_at DESC, i.id DESC`, f,
		page, incidentFields)
}

// TrimIncidents removes incidents that were resolved before a time.
func (s *Store) TrimIncidents(ctx context.Context, before time.Time) error {
	_, err := s.exec(ctx, s.write, `DELETE FROM incidents WHERE id IN
		(SELECT id FROM incidents WHERE resolved_at < ? LIMIT ?)`, toMs(before), trimBatch)
	return opError("the removal of old incidents", err)
}

// notify puts what happened to an incident into the outbox, for each of the channels.
func (s *Store) notify(
	ctx context.Context, c conn, channelIDs []string, i record.AlertIncident, event string, at time.Time, sequence int64,
) error {
	for _, id := range channelIDs {
		channel, err := s.notificationChannel(ctx, c, i.AccountID, id, "")
		if err != nil {
			return err
		}
		endpoints, err := s.appendSubscribed(ctx, c, nil, "", channel.URL, channel.ID)
		if err != nil {
			return err
		}
		text, err := toJSON(i.Announced(channel.Type, event, "whk_"+rand.Text(), at, sequence))
		if err != nil {
			return err
		}
		for _, endpoint := range endpoints {
			if _, err := s.exec(ctx, c, `INSERT INTO webhooks
				(meeting_id, session_id, job_id, endpoint, event, body, made_at, next_at, account_id)
				VALUES ('', '', ?, ?, ?, ?, ?, ?, ?)`, channel.ID, sanitize(endpoint), event, sanitize(text), toMs(at), toMs(at),
				i.AccountID); err != nil {
				return err
			}
		}
	}
	return nil
}

// FaultSteps counts the faults of an account in steps of time, by the number of the step since 1970.
func (s *Store) FaultSteps(ctx context.Context, want record.FaultSteps) (map[int64]int, error) {
	counts := map[int64]int{}
	f := stepFilter(want)
	size := want.Step.Milliseconds()
	err := s.rows(ctx, s.read, func(row scanner) error {
		var step int64
		var n int
		err := row.Scan(&step, &n)
		counts[step] = n
		return err
	}, `SELECT f.at / ?, COUNT(*) FROM faults AS f`+s.indexedBy(stepIndex(want))+f.where()+` GROUP BY 1`,
		append([]any{size}, f.args...)...)
	return counts, opError("the count of faults", err)
}

// FaultPeople counts the participants that faults belong to.
func (s *Store) FaultPeople(ctx context.Context, want record.FaultSteps) (n int, err error) {
	f := stepFilter(want)
	f.add(`f.participant_id <> ''`)
	err = s.row(ctx, s.read, `SELECT COUNT(DISTINCT f.participant_id) FROM faults AS f`+s.indexedBy(stepIndex(want))+
		f.where(), f.args...).Scan(&n)
	return n, opError("the count of participants", err)
}

// NewestFault returns the id of the newest fault of a time; "" for none.
func (s *Store) NewestFault(ctx context.Context, want record.FaultSteps) (string, error) {
	f := stepFilter(want)
	id := ""
	err := s.rows(ctx, s.read, func(row scanner) error { return row.Scan(&id) },
		`SELECT f.id FROM faults AS f`+s.indexedBy(stepIndex(want))+f.where()+` ORDER BY f.at DESC, f.id DESC LIMIT 1`,
		f.args...)
	return id, opError("the query for a fault", err)
}

func stepIndex(want record.FaultSteps) string {
	if want.Reason != "" {
		return "faults_kind"
	}
	return "faults_account"
}

func stepFilter(want record.FaultSteps) filter {
	var f filter
	f.add(`f.account_id = ?`, want.AccountID)
	f.add(`f.at >= ?`, toMs(want.From))
	f.add(`f.at <= ?`, toMs(want.To))
	if want.MeetingID != "" {
		f.add(`f.meeting_id = ?`, sanitize(want.MeetingID))
	}
	if want.Reason != "" {
		f.add(`f.reason = ?`, sanitize(want.Reason))
	}
	if len(want.Codes) > 0 {
		args := make([]any, len(want.Codes))
		for i, code := range want.Codes {
			args[i] = code
		}
		f.add(`f.code IN (?`+strings.Repeat(", ?", len(args)-1)+`)`, args...)
	}
	return f
}
