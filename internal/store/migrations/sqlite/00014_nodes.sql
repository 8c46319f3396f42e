-- +goose Up
-- Nodes of a cluster. One row for each run of a server; Klatch never compares its times with those of another machine.
CREATE TABLE nodes (
    name        TEXT NOT NULL,
    incarnation TEXT NOT NULL,
    version     BIGINT NOT NULL, -- grows with each renewal
    info        TEXT NOT NULL, -- JSON
    renewed_at  BIGINT NOT NULL, -- by the clock of the node
    fenced_at   BIGINT, -- by that of who fenced it; NULL: not fenced
    PRIMARY KEY (name, incarnation)
);

-- The node on which each meeting lives. A meeting that nobody is in has no row.
CREATE TABLE owners (
    meeting_id  TEXT PRIMARY KEY,
    account_id  TEXT NOT NULL,
    node        TEXT NOT NULL,
    incarnation TEXT NOT NULL,
    epoch       BIGINT NOT NULL, -- of meetings.owner_epoch
    since       BIGINT NOT NULL
);
CREATE INDEX owners_node ON owners (incarnation, node);

ALTER TABLE meetings ADD COLUMN owner_epoch BIGINT NOT NULL DEFAULT 0; -- grows with each change of the owner

ALTER TABLE sessions ADD COLUMN node TEXT NOT NULL DEFAULT ''; -- '' of a server alone
ALTER TABLE sessions ADD COLUMN incarnation TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN state TEXT NOT NULL DEFAULT ''; -- JSON, as the meeting last saved it
ALTER TABLE sessions ADD COLUMN alive_at BIGINT; -- last renewal of the node that it was taken from
CREATE INDEX sessions_open_meeting ON sessions (meeting_id) WHERE ended_at IS NULL;
CREATE INDEX sessions_open_account ON sessions (account_id, incarnation) WHERE ended_at IS NULL;

ALTER TABLE stays ADD COLUMN admission TEXT NOT NULL DEFAULT ''; -- JSON: what the participant may do
CREATE INDEX stays_open ON stays (session_id) WHERE left_at IS NULL;

ALTER TABLE messages ADD COLUMN readers TEXT NOT NULL DEFAULT ''; -- JSON list of participants; '': everybody

ALTER TABLE egress_jobs ADD COLUMN node TEXT NOT NULL DEFAULT ''; -- where it runs; '': a server alone, or nowhere yet
ALTER TABLE egress_jobs ADD COLUMN incarnation TEXT NOT NULL DEFAULT '';
CREATE INDEX egress_jobs_node ON egress_jobs (node, incarnation) WHERE ended_at IS NULL;
CREATE INDEX egress_jobs_open_account ON egress_jobs (account_id, kind) WHERE ended_at IS NULL;

-- How many participants of an account each node has; those of accounts with limits are exact, others some seconds old.
CREATE TABLE account_usage (
    account_id  TEXT NOT NULL,
    node        TEXT NOT NULL,
    incarnation TEXT NOT NULL,
    mode        TEXT NOT NULL,
    n           BIGINT NOT NULL,
    PRIMARY KEY (account_id, node, incarnation, mode)
);
CREATE INDEX account_usage_node ON account_usage (node, incarnation);

-- Claims of deliveries, so that those of a node that is lost are free at once.
ALTER TABLE webhooks ADD COLUMN claimed_by TEXT NOT NULL DEFAULT ''; -- incarnation; '': none, or a server alone

-- Periodic work that one node does for all.
CREATE TABLE tasks (
    name    TEXT PRIMARY KEY,
    done_at BIGINT NOT NULL -- begun, by the clock of the database server
);
