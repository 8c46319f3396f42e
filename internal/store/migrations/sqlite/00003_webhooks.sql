-- +goose Up
ALTER TABLE meetings ADD COLUMN webhook_sequence BIGINT NOT NULL DEFAULT 0;

-- One event on its way to one endpoint. Those of a meeting and endpoint go in the order of id.
CREATE TABLE webhooks (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    meeting_id TEXT NOT NULL, -- '' for what belongs to an account alone
    session_id TEXT NOT NULL,
    job_id     TEXT NOT NULL, -- or notification channel; '' for none
    endpoint   TEXT NOT NULL,
    event      TEXT NOT NULL,
    body       TEXT NOT NULL, -- JSON, as it is signed
    made_at    BIGINT NOT NULL,
    next_at    BIGINT NOT NULL, -- of the next attempt
    attempts   BIGINT NOT NULL DEFAULT 0,
    problem    TEXT NOT NULL DEFAULT '', -- of the last attempt; '' for none
    done_at    BIGINT,
    delivered  BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX webhooks_queue ON webhooks (meeting_id, endpoint, id) WHERE done_at IS NULL;
CREATE INDEX webhooks_due ON webhooks (next_at, id) WHERE done_at IS NULL;
CREATE INDEX webhooks_job ON webhooks (job_id, id);
CREATE INDEX webhooks_done ON webhooks (done_at);
