-- +goose Up
-- The key that a delegated key was made from; empty for keys that an administrator made.
ALTER TABLE front_keys ADD COLUMN parent_id TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE front_keys DROP COLUMN parent_id;
