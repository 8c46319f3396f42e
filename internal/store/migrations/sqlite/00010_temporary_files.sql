-- +goose Up
-- Files that participants upload, until they expire. The file itself is in the storage, under meeting and id.
CREATE TABLE temporary_files (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    meeting_id TEXT NOT NULL REFERENCES meetings (id),
    name       TEXT NOT NULL,
    size       BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    removed_at BIGINT -- NULL: the storage has it
);
CREATE INDEX temporary_files_meeting ON temporary_files (meeting_id) WHERE removed_at IS NULL;
CREATE INDEX temporary_files_expiry ON temporary_files (expires_at);
