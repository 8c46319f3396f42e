-- +goose Up
-- Where incidents are announced.
CREATE TABLE notification_channels (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    name       TEXT NOT NULL,
    type       TEXT NOT NULL, -- webhook or slack
    url        TEXT NOT NULL, -- may hold a secret
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX notification_channels_account ON notification_channels (account_id, created_at, id);

CREATE TABLE alert_rules (
    id                TEXT PRIMARY KEY,
    account_id        TEXT NOT NULL REFERENCES accounts (id),
    name              TEXT NOT NULL,
    severity          TEXT NOT NULL,
    description       TEXT NOT NULL,
    summary           TEXT NOT NULL,
    paused            BOOLEAN NOT NULL,
    armed             BOOLEAN NOT NULL DEFAULT TRUE, -- false: opens nothing before its condition has not held once
    category          TEXT NOT NULL,
    time_aggregation  TEXT NOT NULL,
    config            TEXT NOT NULL, -- JSON
    channel_ids       TEXT NOT NULL, -- JSON
    version           BIGINT NOT NULL,
    last_triggered_at BIGINT,
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL
);
CREATE INDEX alert_rules_account ON alert_rules (account_id, created_at, id);

-- They outlive their rule.
CREATE TABLE incidents (
    id              TEXT PRIMARY KEY,
    account_id      TEXT NOT NULL REFERENCES accounts (id),
    rule_id         TEXT NOT NULL,
    rule_name       TEXT NOT NULL,
    metric          TEXT NOT NULL,
    category        TEXT NOT NULL,
    severity        TEXT NOT NULL,
    summary         TEXT NOT NULL,
    description     TEXT NOT NULL,
    status          TEXT NOT NULL CHECK (status IN ('open', 'acknowledged', 'resolved')),
    fired_at        BIGINT NOT NULL,
    acknowledged_at BIGINT,
    resolved_at     BIGINT,
    updated_at      BIGINT NOT NULL,
    cause           TEXT NOT NULL, -- JSON
    events          TEXT NOT NULL -- JSON
);
CREATE UNIQUE INDEX incidents_going_on ON incidents (rule_id) WHERE status <> 'resolved';
CREATE INDEX incidents_account ON incidents (account_id, fired_at, id);
CREATE INDEX incidents_resolved ON incidents (resolved_at);
