-- +goose Up
-- Jobs that compose recordings of participants, and that join recordings of a room. SQLite changes no constraint of a
-- table that exists.
CREATE TABLE egress_jobs_new (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN ('recording', 'livestream', 'hls', 'participant', 'track', 'composite', 'merge', 'hls-to-mp4', 'composite-merge', 'meeting-recording-merge')),
    account_id  TEXT NOT NULL REFERENCES accounts (id),
    meeting_id  TEXT NOT NULL REFERENCES meetings (id),
    session_id  TEXT NOT NULL REFERENCES sessions (id),
    state       TEXT NOT NULL CHECK (state IN ('STARTING', 'STARTED', 'PLAYABLE', 'STOPPING', 'STOPPED', 'FAILED', 'CANCELLED')),
    config      TEXT NOT NULL, -- JSON
    sources     TEXT NOT NULL, -- JSON: participants and kinds of streams
    participant TEXT NOT NULL, -- of a participant or track job; of hls-to-mp4 the id of the stream; else ''
    format      TEXT NOT NULL,
    targets     TEXT NOT NULL, -- JSON
    on_failure  TEXT NOT NULL,
    webhook_url TEXT NOT NULL,
    dir         TEXT NOT NULL,
    started_by  TEXT NOT NULL, -- JSON
    path        TEXT NOT NULL,
    files       TEXT NOT NULL, -- JSON
    fault       TEXT NOT NULL, -- JSON or ''
    created_at  BIGINT NOT NULL,
    started_at  BIGINT,
    stopped_at  BIGINT,
    ended_at    BIGINT,
    updated_at  BIGINT NOT NULL,
    node        TEXT NOT NULL DEFAULT '', -- where it runs; '': a server alone, or nowhere yet
    incarnation TEXT NOT NULL DEFAULT ''
);
INSERT INTO egress_jobs_new SELECT * FROM egress_jobs;
DROP TABLE egress_jobs;
ALTER TABLE egress_jobs_new RENAME TO egress_jobs;
CREATE INDEX egress_jobs_account ON egress_jobs (account_id, kind, created_at);
CREATE INDEX egress_jobs_meeting ON egress_jobs (meeting_id, kind, created_at);
CREATE INDEX egress_jobs_session ON egress_jobs (session_id);
CREATE INDEX egress_jobs_open ON egress_jobs (id) WHERE ended_at IS NULL;
CREATE INDEX egress_jobs_node ON egress_jobs (node, incarnation) WHERE ended_at IS NULL;
CREATE INDEX egress_jobs_open_account ON egress_jobs (account_id, kind) WHERE ended_at IS NULL;
