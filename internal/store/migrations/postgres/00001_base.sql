-- Times are milliseconds since 1970, UTC.

-- +goose Up
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value BYTEA NOT NULL
);

CREATE TABLE accounts (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    email         TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('active', 'deactivated', 'discontinued')),
    state_message TEXT NOT NULL,
    state_since   BIGINT NOT NULL,
    settings      TEXT NOT NULL, -- JSON
    limits        TEXT NOT NULL, -- JSON
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL
);

CREATE TABLE api_keys (
    id          TEXT PRIMARY KEY,
    account_id  TEXT NOT NULL REFERENCES accounts (id),
    secret      BYTEA NOT NULL, -- AES-256-GCM, bound to the id
    label       TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('active', 'deactivated', 'revoked')),
    state_since BIGINT NOT NULL,
    created_at  BIGINT NOT NULL
);
CREATE INDEX api_keys_account ON api_keys (account_id);

CREATE TABLE meetings (
    id             TEXT PRIMARY KEY,
    account_id     TEXT NOT NULL REFERENCES accounts (id),
    custom_id      TEXT,
    disabled_since BIGINT,
    config         TEXT NOT NULL, -- JSON
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    UNIQUE (account_id, custom_id)
);
CREATE INDEX meetings_account ON meetings (account_id, created_at);

CREATE TABLE sessions (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    meeting_id TEXT NOT NULL REFERENCES meetings (id),
    started_at BIGINT NOT NULL,
    ended_at   BIGINT
);
CREATE INDEX sessions_account ON sessions (account_id, started_at);
CREATE INDEX sessions_meeting ON sessions (meeting_id, started_at);
CREATE INDEX sessions_open ON sessions (id) WHERE ended_at IS NULL;

CREATE TABLE stays (
    id             BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    session_id     TEXT NOT NULL REFERENCES sessions (id),
    participant_id TEXT NOT NULL,
    api_key        TEXT NOT NULL,
    name           TEXT NOT NULL,
    meta_data      TEXT NOT NULL, -- JSON or ''
    client         TEXT NOT NULL, -- JSON
    joined_at      BIGINT NOT NULL,
    left_at        BIGINT,
    leave_code     INTEGER
);
CREATE INDEX stays_session ON stays (session_id, participant_id);

-- What a participant did in a stay: a mode it had, a stream it published.
CREATE TABLE intervals (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stay_id    BIGINT NOT NULL REFERENCES stays (id),
    what       TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at   BIGINT
);
CREATE INDEX intervals_stay ON intervals (stay_id);

CREATE TABLE messages (
    seq         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          TEXT NOT NULL,
    session_id  TEXT NOT NULL REFERENCES sessions (id),
    topic       TEXT NOT NULL,
    sender_id   TEXT NOT NULL,
    sender_name TEXT NOT NULL,
    message     TEXT NOT NULL,
    payload     TEXT NOT NULL, -- JSON or ''
    at          BIGINT NOT NULL,
    UNIQUE (session_id, id)
);

CREATE TABLE faults (
    id             TEXT PRIMARY KEY,
    account_id     TEXT NOT NULL, -- '' for none
    code           INTEGER NOT NULL,
    reason         TEXT NOT NULL,
    meeting_id     TEXT NOT NULL,
    session_id     TEXT NOT NULL,
    participant_id TEXT NOT NULL,
    at             BIGINT NOT NULL,
    body           TEXT NOT NULL -- JSON, the whole fault
);
CREATE INDEX faults_at ON faults (at, id);
CREATE INDEX faults_meeting ON faults (meeting_id, at);
CREATE INDEX faults_account ON faults (account_id, at);
CREATE INDEX faults_code ON faults (code, reason, at);
