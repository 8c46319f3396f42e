package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// A row of owners names the node on which a meeting lives. Transactions lock in this order: the row of owners, those of
// sessions, that of the meeting.

const ownerColumns = `meeting_id, account_id, node, incarnation, epoch`

func ownerFields(o *record.Owner) []any {
	return []any{&o.MeetingID, &o.AccountID, &o.Node.Name, &o.Node.Incarnation, &o.Epoch}
}

// Owner returns the node on which a meeting lives; false: on none.
func (s *Store) Owner(ctx context.Context, meetingID string) (record.Owner, bool, error) {
	o, found, err := s.ownerIn(ctx, s.read, meetingID, "")
	return o, found, opError("the query for the node of a meeting", err)
}

func (s *Store) ownerIn(ctx context.Context, c conn, meetingID, lock string) (o record.Owner, found bool, err error) {
	if !isStorable(meetingID) {
		return o, false, nil
	}
	err = s.row(ctx, c, `SELECT `+ownerColumns+` FROM owners WHERE meeting_id = ?`+lock, meetingID).
		Scan(ownerFields(&o)...)
	if errors.Is(err, sql.ErrNoRows) {
		return record.Owner{}, false, nil
	}
	return o, err == nil, err
}

// PlaceMeeting gives a meeting that lives on no node to o.Node, and returns its owner: that node, or whichever owns the
// meeting already. It returns *FencedError when o.Node is fenced, and *record.NotFoundError when the account has no
// such meeting. o.Epoch does not count.
func (s *Store) PlaceMeeting(ctx context.Context, o record.Owner) (record.Owner, error) {
	const op = "the node of a meeting"
	if owner, found, err := s.ownerIn(ctx, s.write, o.MeetingID, ""); found || err != nil {
		return owner, opError(op, err)
	}
	if !isStorable(o.MeetingID) {
		return record.Owner{}, notFound("meeting", o.MeetingID)
	}
	var owner record.Owner
	err := s.tx(ctx, func(c conn) error {
		if err := s.checkNode(ctx, c, o.Node); err != nil {
			return err
		}
		epoch, err := s.nextEpoch(ctx, c, o.MeetingID, o.AccountID)
		if err != nil {
			return err
		}
		if _, err := s.exec(ctx, c, `INSERT INTO owners (meeting_id, account_id, node, incarnation, epoch, since)
			VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (meeting_id) DO NOTHING`, o.MeetingID, o.AccountID, o.Node.Name,
			o.Node.Incarnation, epoch, toMs(time.Now())); err != nil {
			return err
		}
		owner, _, err = s.ownerIn(ctx, c, o.MeetingID, "")
		return err
	})
	return owner, opError(op, err)
}

// nextEpoch returns the next fencing token of a meeting. Those who ask wait for each other.
func (s *Store) nextEpoch(ctx context.Context, c conn, meetingID, accountID string) (epoch int64, err error) {
	err = s.row(ctx, c, `UPDATE meetings SET owner_epoch = owner_epoch + 1 WHERE id = ? AND account_id = ?
		RETURNING owner_epoch`, meetingID, accountID).Scan(&epoch)
	return epoch, orNotFound(err, "meeting", meetingID)
}

// MoveMeeting gives a meeting to another node, with the session that runs in it: from then on the database refuses what
// the node writes that had it. It reports whether it did, and returns the owner: it has no effect where from, with its
// epoch, is not the owner any more. It returns *FencedError when that node is fenced.
func (s *Store) MoveMeeting(
	ctx context.Context, from record.Owner, to record.NodeID,
) (owner record.Owner, moved bool, err error) {
	if !isStorable(from.MeetingID) {
		return record.Owner{}, false, nil
	}
	err = s.tx(ctx, func(c conn) error {
		moved = false
		var found bool
		var err error
		owner, found, err = s.ownerIn(ctx, c, from.MeetingID, s.engine.lockRow())
		if err != nil || !found || owner.Node != from.Node || owner.Epoch != from.Epoch {
			return err
		}
		if err := s.checkNode(ctx, c, to); err != nil {
			return err
		}
		if err := s.lockSessions(ctx, c, from.MeetingID); err != nil {
			return err
		}
		if owner.Epoch, err = s.nextEpoch(ctx, c, from.MeetingID, owner.AccountID); err != nil {
			return err
		}
		owner.Node, moved = to, true
		if _, err := s.exec(ctx, c, `UPDATE owners SET node = ?, incarnation = ?, epoch = ?, since = ? WHERE meeting_id = ?`,
			to.Name, to.Incarnation, owner.Epoch, toMs(time.Now()), from.MeetingID); err != nil {
			return err
		}
		return s.moveSessions(ctx, c, from, to)
	})
	if err != nil {
		return record.Owner{}, false, opError("the move of a meeting", err)
	}
	return owner, moved, nil
}

// lockSessions waits for what is being written of the open sessions of a meeting, and keeps anything else from being
// written until the transaction has ended.
func (s *Store) lockSessions(ctx context.Context, c conn, meetingID string) error {
	if !s.engine.postgres {
		return nil
	}
	return s.rows(ctx, c, func(row scanner) error { return row.Scan(new(string)) },
		`SELECT id FROM sessions WHERE meeting_id = ? AND ended_at IS NULL ORDER BY id FOR UPDATE`, meetingID)
}

// moveSessions gives the open sessions of a meeting to a node.
func (s *Store) moveSessions(ctx context.Context, c conn, from record.Owner, to record.NodeID) error {
	// A participant that was replaced by a newer connection of its own may not have been recorded as gone yet.
	at := toMs(time.Now())
	const older = ` FROM stays WHERE left_at IS NULL AND session_id IN
			(SELECT id FROM sessions WHERE meeting_id = ? AND ended_at IS NULL)
		AND EXISTS (SELECT 1 FROM stays n WHERE n.session_id = stays.session_id AND
			n.participant_id = stays.participant_id AND n.left_at IS NULL AND n.id > stays.id)`
	if _, err := s.exec(ctx, c, `UPDATE intervals SET ended_at = ? WHERE ended_at IS NULL AND stay_id IN
		(SELECT id`+older+`)`, at, from.MeetingID); err != nil {
		return err
	}
	if _, err := s.exec(ctx, c, `UPDATE stays SET left_at = ?, leave_code = ? WHERE id IN (SELECT id`+older+`)`,
		at, int(wire.DuplicateParticipantLeave.Reason().Code), from.MeetingID); err != nil {
		return err
	}
	// Only of a node that was fenced the last renewal says something: one that hands a meeting over is alive.
	_, err := s.exec(ctx, c, `UPDATE sessions SET node = ?, incarnation = ?, alive_at =
		(SELECT n.renewed_at FROM nodes n WHERE n.name = ? AND n.incarnation = ? AND n.fenced_at IS NOT NULL)
		WHERE meeting_id = ? AND ended_at IS NULL`, to.Name, to.Incarnation, from.Node.Name, from.Node.Incarnation,
		from.MeetingID)
	return err
}

// OwnedBy lists the meetings that live on a run of a server, those that it has had for longest first.
func (s *Store) OwnedBy(ctx context.Context, id record.NodeID) ([]record.Owner, error) {
	var owned []record.Owner
	err := s.rows(ctx, s.write, func(row scanner) error {
		var o record.Owner
		err := row.Scan(ownerFields(&o)...)
		owned = append(owned, o)
		return err
	}, `SELECT `+ownerColumns+` FROM owners WHERE incarnation = ? AND node = ? ORDER BY since, meeting_id`, id.Incarnation,
		id.Name)
	return owned, opError("the query for the meetings of a node", err)
}

// ReleaseMeeting makes a meeting live on no node. It has no effect where o, with its epoch, is not the owner any more,
// and returns *record.ConflictError while a session of it runs. The caller lets nobody into the meeting meanwhile.
func (s *Store) ReleaseMeeting(ctx context.Context, o record.Owner) error {
	return opError("the release of a meeting", s.tx(ctx, func(c conn) error {
		owner, found, err := s.ownerIn(ctx, c, o.MeetingID, s.engine.lockRow())
		if err != nil || !found || owner.Node != o.Node || owner.Epoch != o.Epoch {
			return err
		}
		var running bool
		if err := s.row(ctx, c, `SELECT EXISTS (SELECT 1 FROM sessions WHERE meeting_id = ? AND ended_at IS NULL)`,
			o.MeetingID).Scan(&running); err != nil {
			return err
		}
		if running {
			return &record.ConflictError{Kind: "meeting", ID: o.MeetingID, State: "in a session"}
		}
		_, err = s.exec(ctx, c, `DELETE FROM owners WHERE meeting_id = ?`, o.MeetingID)
		return err
	}))
}
