-- +goose Up
-- Sign-in links of the console. Of the secret in a link only its hash is kept.
CREATE TABLE console_invites (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    role       TEXT NOT NULL CHECK (role IN ('developer', 'support')),
    hash       TEXT NOT NULL UNIQUE, -- SHA-256, hexadecimal
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT,
    revoked_at BIGINT
);
CREATE INDEX console_invites_account ON console_invites (account_id, created_at, id);

-- Who is signed in to the console. Of the cookie only its hash is kept.
CREATE TABLE console_sessions (
    id         TEXT PRIMARY KEY,
    hash       TEXT NOT NULL UNIQUE, -- SHA-256, hexadecimal
    role       TEXT NOT NULL CHECK (role IN ('operator', 'developer', 'support')),
    account_id TEXT NOT NULL, -- '' for the operator
    invite_id  TEXT NOT NULL, -- '' for the operator
    address    TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at   BIGINT,
    ended_by   TEXT NOT NULL DEFAULT ''
);
CREATE INDEX console_sessions_of ON console_sessions (role, account_id, created_at);
CREATE INDEX console_sessions_expires ON console_sessions (expires_at);

-- Changes made over the console and with the admin token. No secret is in here.
CREATE TABLE audit (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         BIGINT NOT NULL,
    account_id TEXT NOT NULL, -- that was changed; '' for none
    actor      TEXT NOT NULL, -- admin-token, or the role of a session
    session_id TEXT NOT NULL, -- of the console; '' for none
    address    TEXT NOT NULL,
    route      TEXT NOT NULL,
    ids        TEXT NOT NULL, -- JSON
    status     INTEGER NOT NULL,
    code       INTEGER NOT NULL, -- of the fault; 0 for none
    reason     TEXT NOT NULL,
    fault_id   TEXT NOT NULL
);
CREATE INDEX audit_account ON audit (account_id, id);
CREATE INDEX audit_of ON audit (account_id, actor, id);
CREATE INDEX audit_at ON audit (at);

ALTER TABLE api_keys ADD COLUMN expires_at BIGINT; -- of a key that was rotated
ALTER TABLE api_keys ADD COLUMN replaced_by TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN last_used_at BIGINT;

ALTER TABLE intervals ADD COLUMN codec TEXT NOT NULL DEFAULT ''; -- of a stream

ALTER TABLE webhooks ADD COLUMN account_id TEXT NOT NULL DEFAULT '';
ALTER TABLE webhooks ADD COLUMN repeats BIGINT; -- the delivery that this one makes again
UPDATE webhooks SET account_id = (SELECT m.account_id FROM meetings m WHERE m.id = webhooks.meeting_id);
CREATE INDEX webhooks_account ON webhooks (account_id, id);
CREATE INDEX webhooks_session ON webhooks (session_id, id);

CREATE TABLE webhook_attempts (
    delivery_id BIGINT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    n           INTEGER NOT NULL,
    at          BIGINT NOT NULL,
    duration_ms BIGINT NOT NULL,
    status      INTEGER NOT NULL, -- of the answer; 0 for none
    reason      TEXT NOT NULL, -- of 5103; '' when it was taken
    answer      TEXT NOT NULL, -- its first bytes, without secrets
    PRIMARY KEY (delivery_id, n)
);
