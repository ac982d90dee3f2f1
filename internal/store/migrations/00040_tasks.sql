-- +goose Up
CREATE TABLE tasks (
    id TEXT PRIMARY KEY,
    task TEXT NOT NULL,
    organization_uuid TEXT NOT NULL,
    project_uuid TEXT NOT NULL,
    created_by TEXT NOT NULL,
    status TEXT NOT NULL,
    details TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX tasks_status ON tasks (status, updated_at);

CREATE TABLE task_files (
    token_hash TEXT PRIMARY KEY,
    project_uuid TEXT NOT NULL,
    created_by TEXT NOT NULL,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    place TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX task_files_expiry ON task_files (expires_at);

-- +goose Down
DROP TABLE task_files;
DROP TABLE tasks;
