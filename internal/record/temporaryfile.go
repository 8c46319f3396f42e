package record

import "time"

// TemporaryFile is a file that a participant has uploaded. The record outlives the file for a while, so that who asks
// for it learns that it has expired.
type TemporaryFile struct {
	ID        string // cannot be guessed
	AccountID string
	MeetingID string
	Name      string // as it was uploaded
	Size      int64
	CreatedAt time.Time
	ExpiresAt time.Time
	RemovedAt time.Time // zero: the storage has it
}
