-- +goose Up
ALTER TABLE tenants ADD COLUMN quota TEXT NOT NULL DEFAULT '{}';
-- Tokens say which generation they are of; those of an older one are refused.
ALTER TABLE tenants ADD COLUMN generation BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE tenants DROP COLUMN generation;
ALTER TABLE tenants DROP COLUMN quota;
