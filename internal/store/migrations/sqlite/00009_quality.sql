-- +goose Up
-- Measurements of quality: a row has about a minute of one participant, packed (internal/quality). The day comes first,
-- so that the old ones are one range of the index, and then the time, so that what is
-- read together lies together.
CREATE TABLE quality (
    day            INTEGER NOT NULL, -- days since 1970, UTC
    session_id     TEXT NOT NULL,
    participant_id TEXT NOT NULL,
    at             BIGINT NOT NULL,
    samples        BLOB NOT NULL,
    PRIMARY KEY (day, session_id, at, participant_id)
);
