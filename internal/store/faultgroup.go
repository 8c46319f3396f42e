package store

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/record"
)

// groupsShown is how many groups are returned, the largest first.
const groupsShown = 100

// FaultGroups counts the faults that a filter selects by what they have in common. Without From it is that of the last
// 24 hours. Where nothing but time, code, reason, SDK and browser are filtered by, and of rooms nothing but time, all
// faults are counted, in whole hours; else the newest of those that the filter selects.
func (s *Store) FaultGroups(
	ctx context.Context,
	want record.FaultFilter,
	by record.FaultGroup,
	now time.Time,
) (record.FaultCounts, error) {
	trend := newTrend(want, now)
	want.From, want.To = trend.from, trend.to
	groups := map[record.FaultCount]*record.FaultCount{} // by what they have in common
	sampled := false
	add := func(key record.FaultCount, at int64, n int, first, last int64, lastID string) {
		g := groups[key]
		if g == nil {
			g = new(key)
			groups[key] = g
		}
		g.Count += n
		if t := time.UnixMilli(first).UTC(); g.First.IsZero() || t.Before(g.First) {
			g.First = t
		}
		if t := time.UnixMilli(last).UTC(); g.LastID == "" || t.After(g.Last) {
			g.Last, g.LastID = t, lastID
		}
		if i := (at/hourMs - trend.firstHour) / trend.stepHours; i >= 0 && i < record.FaultTrend {
			g.ByHours[i] += n
		}
	}
	var err error
	narrow := want.MeetingID + want.SessionID + want.ParticipantID + want.Text + want.CauseID
	switch kind := want.Reason + want.SDK + want.Browser; {
	case by == record.ByRoom && narrow+kind == "" && want.Code == 0:
		err = s.countedRooms(ctx, want, trend, add)
	case by != record.ByRoom && narrow == "":
		err = s.countedKinds(ctx, want, by, trend, add)
	default:
		sampled, err = s.countNewest(ctx, want, by, add)
	}
	if err != nil {
		return record.FaultCounts{}, opError("the query for groups of faults", err)
	}
	out := record.FaultCounts{
		From: time.UnixMilli(trend.firstHour * hourMs).UTC(), To: trend.to, Step: time.Duration(trend.stepHours) * time.Hour,
		Sampled: sampled, Groups: []record.FaultCount{},
	}
	for _, g := range groups {
		out.Groups = append(out.Groups, *g)
	}
	slices.SortFunc(out.Groups, func(a, b record.FaultCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), b.Last.Compare(a.Last), cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Key, b.Key))
	})
	if more := len(out.Groups) - groupsShown; more > 0 {
		out.Groups, out.More = out.Groups[:groupsShown], more
	}
	return out, nil
}

// trend is the time of the counts, in steps of whole hours, the last of which holds its end.
type trend struct {
	from, to             time.Time
	firstHour, stepHours int64
}

func newTrend(want record.FaultFilter, now time.Time) trend {
	t := trend{from: want.From, to: want.To}
	if t.to.IsZero() || t.to.After(now) {
		t.to = now
	}
	if t.from.IsZero() {
		t.from = t.to.Add(-(record.FaultTrend - 1) * time.Hour).Truncate(time.Hour)
	}
	first, last := t.from.UnixMilli()/hourMs, t.to.UnixMilli()/hourMs
	t.stepHours = max(1, (last-first+record.FaultTrend)/record.FaultTrend)
	t.firstHour = last + 1 - record.FaultTrend*t.stepHours
	return t
}

type addGroup func(key record.FaultCount, at int64, n int, first, last int64, lastID string)

// newest is the aggregate of the newest fault: its time in 13 digits and its id.
const newest = `MAX(CAST(last_at AS TEXT) || ' ' || last_id)`

// splitNewest returns the parts of newest.
func splitNewest(text string) (at int64, id string) {
	digits, id, _ := strings.Cut(text, " ")
	at, _ = strconv.ParseInt(digits, 10, 64) // our own
	return at, id
}

// countedKinds reads fault_counts.
func (s *Store) countedKinds(
	ctx context.Context,
	want record.FaultFilter,
	by record.FaultGroup,
	t trend,
	add addGroup,
) error {
	var f filter
	f.add(`account_id = ?`, cmp.Or(want.AccountID, allAccounts))
	f.add(`hour BETWEEN ? AND ?`, want.From.UnixMilli()/hourMs, want.To.UnixMilli()/hourMs)
	if want.Code != 0 {
		f.add(`code = ?`, want.Code)
	}
	if want.Reason != "" {
		f.add(`reason = ?`, sanitize(want.Reason))
	}
	for column, value := range map[string]string{"sdk": want.SDK, "browser": want.Browser} {
		switch {
		case strings.Contains(value, "/"):
			f.add(column+` = ?`, sanitize(value))
		case value != "": // every version: '0' follows '/'
			f.add(`(`+column+` = ? OR `+column+` > ? AND `+column+` < ?)`, sanitize(value), sanitize(value)+"/",
				sanitize(value)+"0")
		}
	}
	columns := map[record.FaultGroup]string{
		record.ByReason: `code, reason, ''`, record.ByCode: `code, '', ''`, record.BySDK: `0, '', sdk`,
		record.ByBrowser: `0, '', browser`,
	}[by]
	grouped := map[record.FaultGroup]string{
		record.ByReason: `code, reason`, record.ByCode: `code`, record.BySDK: `sdk`, record.ByBrowser: `browser`,
	}[by]
	return s.countRows(
		ctx,
		add,
		`SELECT `+columns+`, MIN(hour), SUM(n), MIN(first_at), `+newest+` FROM fault_counts`+f.where()+
			` GROUP BY `+grouped+`, (hour - ?) / ?`,
		append(f.args, t.firstHour, t.stepHours)...)
}

// countedRooms reads fault_room_counts: first which rooms have the most, and then their trends.
func (s *Store) countedRooms(ctx context.Context, want record.FaultFilter, t trend, add addGroup) error {
	var f filter
	if want.AccountID != "" {
		f.add(`account_id = ?`, want.AccountID)
	}
	f.add(`hour BETWEEN ? AND ?`, want.From.UnixMilli()/hourMs, want.To.UnixMilli()/hourMs)
	var rooms []string
	err := s.rows(ctx, s.read, func(row scanner) error {
		var room string
		err := row.Scan(&room)
		rooms = append(rooms, room)
		return err
	}, `SELECT meeting_id FROM fault_room_counts`+f.where()+
		` GROUP BY meeting_id ORDER BY SUM(n) DESC, meeting_id LIMIT ?`,
		append(slices.Clip(f.args), groupsShown)...)
	if err != nil || len(rooms) == 0 {
		return err
	}
	f.in(`meeting_id`, rooms)
	return s.countRows(ctx, add, `SELECT 0, '', meeting_id, MIN(hour), SUM(n), MIN(first_at), `+newest+
		` FROM fault_room_counts`+f.where()+` GROUP BY meeting_id, (hour - ?) / ?`,
		append(f.args, t.firstHour, t.stepHours)...)
}

func (s *Store) countRows(ctx context.Context, add addGroup, query string, args ...any) error {
	return s.rows(ctx, s.read, func(row scanner) error {
		var key record.FaultCount
		var hour, first int64
		var n int
		var last string
		if err := row.Scan(&key.Code, &key.Reason, &key.Key, &hour, &n, &first, &last); err != nil {
			return err
		}
		lastAt, lastID := splitNewest(last)
		add(key, hour*hourMs, n, first, lastAt, lastID)
		return nil
	}, query, args...)
}

// countNewest counts the newest faults themselves. It reports whether there are more.
func (s *Store) countNewest(
	ctx context.Context,
	want record.FaultFilter,
	by record.FaultGroup,
	add addGroup,
) (more bool, err error) {
	columns := map[record.FaultGroup]string{
		record.ByReason: `f.code, f.reason, ''`, record.ByCode: `f.code, '', ''`, record.BySDK: `0, '', f.sdk`,
		record.ByBrowser: `0, '', f.browser`, record.ByRoom: `0, '', f.meeting_id`,
	}[by]
	from, args := s.fromFaults(want, `f.code, f.reason, f.sdk, f.browser, f.meeting_id, f.body, f.at, f.id`)
	rows := 0
	err = s.rows(ctx, s.read, func(row scanner) error {
		var key record.FaultCount
		var at int64
		var id string
		if err := row.Scan(&key.Code, &key.Reason, &key.Key, &at, &id); err != nil {
			return err
		}
		rows++
		add(key, at, 1, at, at, id)
		return nil
	}, `SELECT `+columns+`, f.at, f.id`+from+` ORDER BY f.at DESC, f.id DESC LIMIT ?`, append(args, faultsSearched)...)
	return rows == faultsSearched, err
}
