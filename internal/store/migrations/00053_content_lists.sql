-- +goose Up
-- What pages of content are counted and chosen by, without reading a row.
CREATE INDEX charts_latest ON charts (project_uuid, updated_at DESC, uuid, dashboard_uuid, space_uuid);
CREATE INDEX sql_charts_latest ON sql_charts (project_uuid, updated_at DESC, uuid, dashboard_uuid, space_uuid);
CREATE INDEX dashboards_latest ON dashboards (project_uuid, updated_at DESC, uuid, space_uuid);
-- Which spaces a list hides.
CREATE INDEX spaces_hidden ON spaces (project_uuid, tenant_id, is_private, uuid);

-- +goose Down
DROP INDEX spaces_hidden;
DROP INDEX dashboards_latest;
DROP INDEX sql_charts_latest;
DROP INDEX charts_latest;
