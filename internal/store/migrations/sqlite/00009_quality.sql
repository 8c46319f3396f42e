-- +goose Up
-- Measurements of quality: a row has about a minute of one participant, packed (internal/quality). The day comes first,
-- so that removing old ones is one range at the beginning of the table and needs no other index.
CREATE TABLE quality (
    day            INTEGER NOT NULL, -- days since 1970, UTC
    session_id     TEXT NOT NULL,
    participant_id TEXT NOT NULL,
    at             BIGINT NOT NULL,
    samples        BLOB NOT NULL,
    PRIMARY KEY (day, session_id, participant_id, at)
) WITHOUT ROWID;
