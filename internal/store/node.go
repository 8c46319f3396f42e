package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/klatch/klatch/internal/record"
)

// fencedListed is how long a fenced node stays in the list of leases, where it owns nothing any more; fencedKept is how
// long its row refuses it.
const (
	fencedListed = time.Hour
	fencedKept   = 30 * 24 * time.Hour
)

// RenewNode renews the lease of a run of a server, which begins with the first renewal. It returns *FencedError when
// another node has fenced it.
func (s *Store) RenewNode(ctx context.Context, id record.NodeID, info json.RawMessage) error {
	n, err := s.exec(ctx, s.write, `INSERT INTO nodes (name, incarnation, version, info, renewed_at) VALUES (?, ?, 1, ?, ?)
		ON CONFLICT (name, incarnation) DO UPDATE SET version = nodes.version + 1, info = excluded.info,
		renewed_at = excluded.renewed_at WHERE nodes.fenced_at IS NULL`,
		id.Name, id.Incarnation, sanitize(string(info)), toMs(time.Now()))
	if err == nil && n == 0 {
		err = &FencedError{Node: id}
	}
	return opError("the renewal of a lease", err)
}

// NodeLeases lists the leases of all runs of servers that were not fenced, and of those that were fenced within the
// last hour or still own meetings.
func (s *Store) NodeLeases(ctx context.Context) ([]record.NodeLease, error) {
	var leases []record.NodeLease
	err := s.rows(ctx, s.write, func(row scanner) error {
		var l record.NodeLease
		var info string
		err := row.Scan(&l.ID.Name, &l.ID.Incarnation, &l.Version, &info, msTime{&l.RenewedAt}, &l.Fenced)
		if info != "" {
			l.Info = json.RawMessage(info)
		}
		leases = append(leases, l)
		return err
	}, `SELECT n.name, n.incarnation, n.version, n.info, n.renewed_at, n.fenced_at IS NOT NULL FROM nodes n
		WHERE n.fenced_at IS NULL OR n.fenced_at > ?
		OR EXISTS (SELECT 1 FROM owners o WHERE o.incarnation = n.incarnation AND o.node = n.name)
		ORDER BY n.name, n.incarnation`, toMs(time.Now().Add(-fencedListed)))
	return leases, opError("the query for leases", err)
}

// FenceNode ends the lease of a run of a server for good, and reports whether this call did: it has no effect when the
// lease was renewed since that version, or is fenced already, which NodeLeases tells apart. The deliveries of webhooks
// that it had claimed are free, and its participants do not count against the limits of accounts any more. Version 0 is
// that of a run without a lease, such as one that has never reached this database: it gets a row that is fenced.
func (s *Store) FenceNode(ctx context.Context, id record.NodeID, version int64) (fenced bool, err error) {
	statement, at := `UPDATE nodes SET fenced_at = ?
		WHERE name = ? AND incarnation = ? AND version = ? AND fenced_at IS NULL`, toMs(time.Now())
	args := []any{at, id.Name, id.Incarnation, version}
	if version == 0 {
		statement = `INSERT INTO nodes (name, incarnation, version, info, renewed_at, fenced_at)
			VALUES (?, ?, 1, '', ?, ?) ON CONFLICT (name, incarnation) DO NOTHING`
		args = []any{id.Name, id.Incarnation, at, at}
	}
	err = s.tx(ctx, func(c conn) error {
		n, err := s.exec(ctx, c, statement, args...)
		if fenced = n == 1; err != nil || !fenced {
			return err
		}
		if _, err := s.exec(ctx, c, `UPDATE webhooks SET next_at = ?, claimed_by = ''
			WHERE claimed_by = ? AND done_at IS NULL`, at, id.Incarnation); err != nil {
			return err
		}
		_, err = s.exec(ctx, c, `DELETE FROM account_usage WHERE node = ? AND incarnation = ?`, id.Name, id.Incarnation)
		return err
	})
	return fenced && err == nil, opError("the fencing of a node", err)
}

// TrimNodes forgets the nodes that were fenced long ago and own nothing, counts of participants that are zero, and
// what was noted long ago.
func (s *Store) TrimNodes(ctx context.Context, at time.Time) error {
	if err := errors.Join(s.trimUsage(ctx, at), s.trimTasks(ctx)); err != nil {
		return opError("the trimming of nodes", err)
	}
	_, err := s.exec(ctx, s.write, `DELETE FROM nodes WHERE fenced_at < ? AND NOT EXISTS
		(SELECT 1 FROM owners o WHERE o.incarnation = nodes.incarnation AND o.node = nodes.name)`,
		toMs(at.Add(-fencedKept)))
	return opError("the trimming of nodes", err)
}

// checkNode refuses to give something to a run of a server that is fenced.
func (s *Store) checkNode(ctx context.Context, c conn, id record.NodeID) error {
	var fenced bool
	err := s.row(ctx, c, `SELECT fenced_at IS NOT NULL FROM nodes WHERE name = ? AND incarnation = ?`,
		id.Name, id.Incarnation).Scan(&fenced)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // it has not renewed here yet
	}
	if err == nil && fenced {
		return &FencedError{Node: id}
	}
	return err
}
