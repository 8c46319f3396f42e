-- +goose Up
-- Keys with which encoders publish over RTMP. Of the key itself only its hash is kept.
CREATE TABLE stream_keys (
    id             TEXT PRIMARY KEY,
    account_id     TEXT NOT NULL REFERENCES accounts (id),
    api_key        TEXT NOT NULL REFERENCES api_keys (id), -- with which it was made, and joins
    meeting_id     TEXT NOT NULL REFERENCES meetings (id),
    participant_id TEXT NOT NULL,
    name           TEXT NOT NULL,
    hash           TEXT NOT NULL UNIQUE, -- SHA-256, hexadecimal
    created_at     BIGINT NOT NULL,
    expires_at     BIGINT, -- NULL: never
    revoked_at     BIGINT
);
CREATE INDEX stream_keys_account ON stream_keys (account_id, created_at, id);
