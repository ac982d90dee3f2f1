-- +goose Up
-- Queries that run in the background. asker is a hash of who asked and of what confines their rows.
CREATE TABLE queries (
    id TEXT PRIMARY KEY,
    project_uuid TEXT NOT NULL,
    asker TEXT NOT NULL,
    context TEXT NOT NULL,
    ask TEXT NOT NULL,
    status TEXT NOT NULL,
    error TEXT NOT NULL,
    columns_json TEXT NOT NULL,
    row_count BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    started_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX queries_asker ON queries (asker, created_at);
CREATE INDEX queries_expiry ON queries (expires_at);

-- +goose Down
DROP TABLE queries;
