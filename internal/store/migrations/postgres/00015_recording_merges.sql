-- +goose Up
-- Jobs that compose recordings of participants, and that join recordings of a room.
ALTER TABLE egress_jobs DROP CONSTRAINT egress_jobs_kind_check;
ALTER TABLE egress_jobs ADD CONSTRAINT egress_jobs_kind_check CHECK (kind IN (
    'recording', 'livestream', 'hls', 'participant', 'track', 'composite', 'merge', 'hls-to-mp4', 'composite-merge',
    'meeting-recording-merge'));
