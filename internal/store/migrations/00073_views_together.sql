-- +goose Up
-- Somebody's views of one thing that were written together are one row.
ALTER TABLE content_views ADD COLUMN times BIGINT NOT NULL DEFAULT 1;

-- +goose Down
ALTER TABLE content_views DROP COLUMN times;
