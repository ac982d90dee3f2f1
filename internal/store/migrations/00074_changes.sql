-- +goose Up
-- What each of the last revisions of a scope changed: the table, and of things that are kept in memory the id. Triggers
-- write and shorten it; see revision.go.
CREATE TABLE changes (
    scope TEXT NOT NULL,
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    item TEXT NOT NULL
);
CREATE INDEX changes_scope ON changes (scope, number);
-- Lists are made in memory.
DROP INDEX charts_latest;
DROP INDEX sql_charts_latest;
DROP INDEX dashboards_latest;
DROP INDEX spaces_decided;

-- +goose Down
CREATE INDEX spaces_decided ON spaces (project_uuid, tenant_id, is_private, parent_uuid, uuid);
CREATE INDEX dashboards_latest ON dashboards (project_uuid, updated_at DESC, uuid, space_uuid);
CREATE INDEX sql_charts_latest ON sql_charts (project_uuid, updated_at DESC, uuid, dashboard_uuid, space_uuid);
CREATE INDEX charts_latest ON charts (project_uuid, updated_at DESC, uuid, dashboard_uuid, space_uuid);
DROP TABLE changes;
