-- +goose Up
-- Which software a fault came from ("web/0.9.0"; the name alone beside it), what caused it, and when it was over.
ALTER TABLE faults ADD COLUMN sdk TEXT NOT NULL DEFAULT '';
ALTER TABLE faults ADD COLUMN sdk_name TEXT NOT NULL DEFAULT '';
ALTER TABLE faults ADD COLUMN browser TEXT NOT NULL DEFAULT '';
ALTER TABLE faults ADD COLUMN browser_name TEXT NOT NULL DEFAULT '';
ALTER TABLE faults ADD COLUMN cause_id TEXT NOT NULL DEFAULT '';
ALTER TABLE faults ADD COLUMN cleared_at BIGINT; -- of a condition that is over

-- Each filter of the console has an index in the order in which faults are listed; within an account one that holds all
-- columns that are filtered by. What most faults do not have is in no index.
DROP INDEX faults_at;
DROP INDEX faults_meeting;
DROP INDEX faults_account;
DROP INDEX faults_code;
CREATE INDEX faults_at ON faults (at, id);
CREATE INDEX faults_account ON faults (account_id, at, id, code, participant_id, sdk, sdk_name, browser, browser_name);
CREATE INDEX faults_kind ON faults (account_id, reason, at, id, code);
CREATE INDEX faults_meeting ON faults (meeting_id, at, id) WHERE meeting_id <> '';
CREATE INDEX faults_session ON faults (session_id, at, id) WHERE session_id <> '';
CREATE INDEX faults_participant ON faults (participant_id, at, id) WHERE participant_id <> '';
CREATE INDEX faults_code ON faults (code, at, id);
CREATE INDEX faults_reason ON faults (reason, at, id);
CREATE INDEX faults_sdk ON faults (sdk_name, at, id, sdk);
CREATE INDEX faults_browser ON faults (browser_name, at, id, browser);
CREATE INDEX faults_cause ON faults (cause_id, at, id) WHERE cause_id <> '';

-- How many faults there were in each hour since 1970, counted as they are written, so that groups do not read them all.
-- account_id '*' counts those of all accounts.
CREATE TABLE fault_counts (
    account_id TEXT NOT NULL,
    hour       BIGINT NOT NULL,
    code       INTEGER NOT NULL,
    reason     TEXT NOT NULL,
    sdk        TEXT NOT NULL,
    browser    TEXT NOT NULL,
    n          BIGINT NOT NULL,
    first_at   BIGINT NOT NULL,
    last_at    BIGINT NOT NULL,
    last_id    TEXT NOT NULL,
    PRIMARY KEY (account_id, hour, code, reason, sdk, browser)
);
CREATE INDEX fault_counts_kind ON fault_counts (account_id, reason, code, hour);
CREATE INDEX fault_counts_hour ON fault_counts (hour);

CREATE TABLE fault_room_counts (
    account_id TEXT NOT NULL,
    hour       BIGINT NOT NULL,
    meeting_id TEXT NOT NULL,
    n          BIGINT NOT NULL,
    first_at   BIGINT NOT NULL,
    last_at    BIGINT NOT NULL,
    last_id    TEXT NOT NULL,
    PRIMARY KEY (account_id, hour, meeting_id)
);
CREATE INDEX fault_room_counts_hour ON fault_room_counts (hour);
