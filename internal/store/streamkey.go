package store

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/record"
)

const streamKeyColumns = `k.id, k.account_id, k.api_key, k.meeting_id, k.participant_id, k.name, k.created_at, ` +
	`k.expires_at, k.revoked_at`

func streamKeyFields(k *record.StreamKey) []any {
	return []any{
		&k.ID, &k.AccountID, &k.APIKey, &k.MeetingID, &k.ParticipantID, &k.Name, msTime{&k.CreatedAt},
		msTime{&k.ExpiresAt}, msTime{&k.RevokedAt},
	}
}

// CreateStreamKey stores a new stream key and returns it, which nothing shows again.
func (s *Store) CreateStreamKey(ctx context.Context, n record.NewStreamKey) (record.StreamKey, string, error) {
	id, key := "sk_"+strings.ToLower(rand.Text()[:16]), strings.ToLower(rand.Text())
	if n.ParticipantID == "" {
		n.ParticipantID = "rtmp-" + strings.TrimPrefix(id, "sk_")
	}
	_, err := s.exec(ctx, s.write, `INSERT INTO stream_keys
		(id, account_id, api_key, meeting_id, participant_id, name, hash, created_at, expires_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, n.AccountID, n.APIKey, n.MeetingID, sanitize(n.ParticipantID), sanitize(n.Name), hashRandom(key),
		time.Now().UnixMilli(), toMs(n.ExpiresAt))
	if err != nil {
		return record.StreamKey{}, "", opError("the new stream key", err)
	}
	made, err := s.StreamKey(ctx, n.AccountID, id)
	return made, key, err
}

// StreamKey finds a stream key of an account by its id.
func (s *Store) StreamKey(ctx context.Context, accountID, id string) (record.StreamKey, error) {
	if !isStorable(id) {
		return record.StreamKey{}, notFound("stream key", id)
	}
	return s.oneStreamKey(ctx, id, `k.account_id = ? AND k.id = ?`, accountID, id)
}

// FindStreamKey finds the record of a stream key that an encoder has sent.
func (s *Store) FindStreamKey(ctx context.Context, key string) (record.StreamKey, error) {
	return s.oneStreamKey(ctx, "", `k.hash = ?`, hashRandom(key))
}

func (s *Store) oneStreamKey(ctx context.Context, id, condition string, args ...any) (record.StreamKey, error) {
	var k record.StreamKey
	err := s.row(ctx, s.read, `SELECT `+streamKeyColumns+` FROM stream_keys k WHERE `+condition, args...).
		Scan(streamKeyFields(&k)...)
	return k, opError("the query for a stream key", orNotFound(err, "stream key", id))
}

// StreamKeys lists the stream keys of an account, or of one of its meetings, oldest first.
func (s *Store) StreamKeys(
	ctx context.Context, accountID, meetingID string, page record.Page,
) (record.List[record.StreamKey], error) {
	var f filter
	f.add(`k.account_id = ?`, accountID)
	if meetingID != "" {
		f.add(`k.meeting_id = ?`, meetingID)
	}
	return list(ctx, s, "the query for stream keys", streamKeyColumns, ` FROM stream_keys k`, `k.created_at, k.id`, f,
		page, streamKeyFields)
}

// RevokeStreamKey ends a stream key for good. One that was revoked before keeps its time.
func (s *Store) RevokeStreamKey(ctx context.Context, accountID, id string, at time.Time) (record.StreamKey, error) {
	if !isStorable(id) {
		return record.StreamKey{}, notFound("stream key", id)
	}
	if _, err := s.exec(ctx, s.write,
		`UPDATE stream_keys SET revoked_at = ? WHERE account_id = ? AND id = ? AND revoked_at IS NULL`,
		toMs(at), accountID, id); err != nil {
		return record.StreamKey{}, opError("the end of a stream key", err)
	}
	return s.StreamKey(ctx, accountID, id)
}
