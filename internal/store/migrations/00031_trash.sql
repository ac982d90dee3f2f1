-- +goose Up
-- What was deleted, as one document each with everything that went with it. It can be put back until it is purged.
CREATE TABLE trash (
    uuid TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    organization_uuid TEXT NOT NULL,
    project_uuid TEXT NOT NULL,
    space_uuid TEXT NOT NULL,
    name TEXT NOT NULL,
    deleted_by TEXT,
    deleted_at TIMESTAMPTZ NOT NULL,
    document TEXT NOT NULL
);
CREATE INDEX trash_project ON trash (project_uuid, deleted_at);
CREATE INDEX trash_age ON trash (deleted_at);

-- +goose Down
DROP TABLE trash;
