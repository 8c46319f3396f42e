-- +goose Up
-- Jobs that make a file of files: merges, and HLS streams as MP4.
ALTER TABLE egress_jobs DROP CONSTRAINT egress_jobs_kind_check;
ALTER TABLE egress_jobs ADD CONSTRAINT egress_jobs_kind_check CHECK (kind IN (
    'recording', 'livestream', 'hls', 'participant', 'track', 'composite', 'merge', 'hls-to-mp4'));
ALTER TABLE egress_jobs DROP CONSTRAINT egress_jobs_state_check;
ALTER TABLE egress_jobs ADD CONSTRAINT egress_jobs_state_check CHECK (state IN (
    'STARTING', 'STARTED', 'PLAYABLE', 'STOPPING', 'STOPPED', 'FAILED', 'CANCELLED'));
