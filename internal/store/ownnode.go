package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/klatch/klatch/internal/record"
)

// FencedError is returned to a node whose lease is lost, or to which a session does not belong any more.
type FencedError = record.FencedError

// ownNode is the node of a cluster that this store writes for. A server alone has none.
type ownNode struct {
	id    func() record.NodeID
	holds func() bool
}

// SetNode makes this store that of a node of a cluster: id returns the node's present incarnation, holds whether it
// holds its lease. The records of a session are refused with *FencedError from then on where the session belongs to
// another incarnation, or the lease is not held. It must be called before the first session starts.
func (s *Store) SetNode(id func() record.NodeID, holds func() bool) { s.owner = ownNode{id, holds} }

// node returns the incarnation that writes; zero: a server alone.
func (s *Store) node() record.NodeID {
	if s.owner.id == nil {
		return record.NodeID{}
	}
	return s.owner.id()
}

// checkSession refuses a write of a session that does not belong to this node, and keeps the session from being taken
// away until the transaction has ended. Of a session that is not in the database it judges nothing.
func (s *Store) checkSession(ctx context.Context, c conn, sessionID string) error {
	node := s.node()
	if node == (record.NodeID{}) {
		return nil
	}
	return s.checkOwner(ctx, c, node, `SELECT node, incarnation FROM sessions WHERE id = ?`, sessionID, false)
}

// checkMeeting is checkSession for a session that starts in a meeting: this node is the owner.
func (s *Store) checkMeeting(ctx context.Context, c conn, meetingID string) error {
	node := s.node()
	if node == (record.NodeID{}) {
		return nil
	}
	return s.checkOwner(ctx, c, node, `SELECT node, incarnation FROM owners WHERE meeting_id = ?`, meetingID, true)
}

func (s *Store) checkOwner(
	ctx context.Context, c conn, node record.NodeID, query, of string, needed bool,
) error {
	if !s.owner.holds() {
		return &FencedError{Node: node}
	}
	if s.engine.postgres {
		query += ` FOR KEY SHARE` // MoveMeeting takes FOR UPDATE
	}
	var owner record.NodeID
	err := s.row(ctx, c, query, of).Scan(&owner.Name, &owner.Incarnation)
	switch {
	case errors.Is(err, sql.ErrNoRows) && !needed:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return &FencedError{Node: node, Owner: record.NodeID{Name: "nobody"}}
	case err != nil:
		return err
	case owner != node:
		return &FencedError{Node: node, Owner: owner}
	}
	return nil
}

// inSession runs a statement that belongs to a session: in a transaction where a check goes before it.
func (s *Store) inSession(ctx context.Context, sessionID string, do func(conn) error) error {
	if s.node() == (record.NodeID{}) {
		return do(s.write)
	}
	return s.tx(ctx, func(c conn) error {
		if err := s.checkSession(ctx, c, sessionID); err != nil {
			return err
		}
		return do(c)
	})
}

// txInSession is txAnnouncing for what belongs to a session.
func (s *Store) txInSession(ctx context.Context, sessionID string, do func(conn) error) error {
	return s.txAnnouncing(ctx, func(c conn) error {
		if err := s.checkSession(ctx, c, sessionID); err != nil {
			return err
		}
		return do(c)
	})
}
