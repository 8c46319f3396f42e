-- +goose Up
-- A message may be an object: then it is kept as its JSON text.
ALTER TABLE messages ADD COLUMN object BOOLEAN NOT NULL DEFAULT FALSE;
