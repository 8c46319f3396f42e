-- +goose Up
-- Reports of pre-call tests: what a client found out about its devices and its way to the server before a meeting.
CREATE TABLE pre_call_tests (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    created_at BIGINT NOT NULL,
    outcome    TEXT NOT NULL, -- passed, failed or aborted
    failed     TEXT NOT NULL, -- names of the checks that failed, as a JSON array
    sdk        TEXT NOT NULL,
    browser    TEXT NOT NULL,
    report     TEXT NOT NULL  -- as JSON
);
CREATE INDEX pre_call_tests_account ON pre_call_tests (account_id, created_at, id);
CREATE INDEX pre_call_tests_age ON pre_call_tests (created_at);
