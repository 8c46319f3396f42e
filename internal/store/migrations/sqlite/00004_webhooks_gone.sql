-- +goose Up
-- Endpoints that answered 410: they are told nothing more of the meeting, or of the one job that named them.
CREATE TABLE webhooks_gone (
    meeting_id TEXT NOT NULL, -- '' for a notification channel
    endpoint   TEXT NOT NULL,
    job_id     TEXT NOT NULL, -- or notification channel; '' for the endpoint of the meeting
    at         BIGINT NOT NULL,
    PRIMARY KEY (meeting_id, endpoint, job_id)
);
