package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// A node keeps how many participants of each mode of an account it has in account_usage, so that the others can count
// them without counting participations: what an account has costs one row for each node and mode.

const usageClass = lockClass + 1 // of the advisory locks of accounts

// othersUsage is the condition of the rows that count against a node: those of all other runs that are not fenced.
const othersUsage = `u.account_id = ? AND NOT (u.node = ? AND u.incarnation = ?) AND NOT EXISTS (SELECT 1 FROM nodes n
	WHERE n.name = u.node AND n.incarnation = u.incarnation AND n.fenced_at IS NOT NULL)`

// TakePlaces makes known that this node has count participants of a mode of an account, unless they are more than limit
// together with those of the other nodes; it returns how many these are, and whether the places are taken. Nodes that
// ask for places of one account wait for each other.
func (s *Store) TakePlaces(
	ctx context.Context, accountID string, mode wire.Mode, count, limit int,
) (others int, taken bool, err error) {
	err = s.tx(ctx, func(c conn) error {
		taken = false
		node := s.node()
		if err := s.checkHolds(node); err != nil {
			return err
		}
		if s.engine.postgres {
			if _, err := s.exec(ctx, c, `SELECT pg_advisory_xact_lock(CAST(? AS int), hashtext(?))`, usageClass,
				accountID); err != nil {
				return err
			}
		}
		if err := s.row(ctx, c, `SELECT COALESCE(SUM(u.n), 0) FROM account_usage u WHERE `+othersUsage+` AND u.mode = ?`,
			accountID, node.Name, node.Incarnation, mode).Scan(&others); err != nil {
			return err
		}
		if others+count > limit {
			return nil
		}
		taken = true
		return s.noteUsage(ctx, c, node, []record.UsageCount{{AccountID: accountID, Mode: mode, Participants: count}})
	})
	return others, taken && err == nil, opError("a place of an account", err)
}

// NotePlaces makes known how many participants of accounts this node has, in place of what it made known before.
func (s *Store) NotePlaces(ctx context.Context, counts []record.UsageCount) error {
	return opError("the participants of accounts", s.tx(ctx, func(c conn) error {
		node := s.node()
		if err := s.checkHolds(node); err != nil {
			return err
		}
		for len(counts) > 0 {
			n := min(len(counts), usagePerInsert)
			if err := s.noteUsage(ctx, c, node, counts[:n]); err != nil {
				return err
			}
			counts = counts[n:]
		}
		return nil
	}))
}

// usagePerInsert is how many rows one statement inserts.
const usagePerInsert = 100

func (s *Store) noteUsage(ctx context.Context, c conn, node record.NodeID, counts []record.UsageCount) error {
	args := make([]any, 0, 5*len(counts))
	for _, u := range counts {
		args = append(args, u.AccountID, node.Name, node.Incarnation, u.Mode, u.Participants)
	}
	_, err := s.exec(ctx, c, `INSERT INTO account_usage (account_id, node, incarnation, mode, n) VALUES (?, ?, ?, ?, ?)`+
		strings.Repeat(`, (?, ?, ?, ?, ?)`, len(counts)-1)+`
		ON CONFLICT (account_id, node, incarnation, mode) DO UPDATE SET n = excluded.n`, args...)
	return err
}

func (s *Store) checkHolds(node record.NodeID) error {
	if node != (record.NodeID{}) && !s.owner.holds() {
		return &FencedError{Node: node}
	}
	return nil
}

// AccountUsage returns what an account has on all nodes but one: the participants that those have made known, the
// sessions that run, and the jobs that are not over.
func (s *Store) AccountUsage(ctx context.Context, accountID string, except record.NodeID) (record.AccountUsage, error) {
	out := record.AccountUsage{Participants: map[wire.Mode]int{}, Jobs: map[job.Kind]int{}}
	participants := s.rows(ctx, s.read, func(row scanner) error {
		var mode wire.Mode
		var n int
		err := row.Scan(&mode, &n)
		if n > 0 {
			out.Participants[mode] = n
		}
		return err
	}, `SELECT u.mode, SUM(u.n) FROM account_usage u WHERE `+othersUsage+` GROUP BY u.mode`, accountID, except.Name,
		except.Incarnation)
	sessions := s.row(ctx, s.read, `SELECT COUNT(*) FROM sessions WHERE account_id = ? AND ended_at IS NULL
		AND NOT (node = ? AND incarnation = ?)`, accountID, except.Name, except.Incarnation).Scan(&out.Sessions)
	jobs := s.rows(ctx, s.read, func(row scanner) error {
		var kind job.Kind
		var n int
		err := row.Scan(&kind, &n)
		out.Jobs[kind] = n
		return err
	}, `SELECT kind, COUNT(*) FROM egress_jobs WHERE account_id = ? AND ended_at IS NULL
		AND NOT (node = ? AND incarnation = ?) GROUP BY kind`, accountID, except.Name, except.Incarnation)
	return out, opError("the query for what an account has", errors.Join(participants, sessions, jobs))
}

// LiveUsage returns the sessions and participants that each account has on all nodes.
func (s *Store) LiveUsage(ctx context.Context) (map[string]record.LiveUsage, error) {
	out := map[string]record.LiveUsage{}
	sessions := s.rows(ctx, s.read, func(row scanner) error {
		var id string
		var n int
		err := row.Scan(&id, &n)
		out[id] = record.LiveUsage{Sessions: n}
		return err
	}, `SELECT account_id, COUNT(*) FROM sessions WHERE ended_at IS NULL GROUP BY account_id`)
	participants := s.rows(ctx, s.read, func(row scanner) error {
		var id string
		var n int
		err := row.Scan(&id, &n)
		if u := out[id]; u.Sessions > 0 {
			u.Participants = n
			out[id] = u
		}
		return err
	}, `SELECT u.account_id, SUM(u.n) FROM account_usage u WHERE NOT EXISTS (SELECT 1 FROM nodes n
		WHERE n.name = u.node AND n.incarnation = u.incarnation AND n.fenced_at IS NOT NULL) GROUP BY u.account_id`)
	return out, opError("the query for what accounts have", errors.Join(sessions, participants))
}

// trimUsage forgets the counts of nodes that are gone.
func (s *Store) trimUsage(ctx context.Context, at time.Time) error {
	_, err := s.exec(ctx, s.write, `DELETE FROM account_usage WHERE n = 0 OR EXISTS (SELECT 1 FROM nodes n
		WHERE n.name = account_usage.node AND n.incarnation = account_usage.incarnation AND n.fenced_at < ?)`,
		toMs(at.Add(-fencedListed)))
	return err
}
