-- +goose Up
-- The space of what a tenant made for itself; everybody else's have no tenant. A tenant has at most one in a project.
ALTER TABLE spaces ADD COLUMN tenant_id TEXT;
CREATE UNIQUE INDEX spaces_tenant ON spaces (project_uuid, tenant_id);

-- What a tenant changed of a dashboard that everybody has.
CREATE TABLE dashboard_overlays (
    dashboard_uuid TEXT NOT NULL REFERENCES dashboards (uuid) ON DELETE CASCADE,
    tenant_id TEXT NOT NULL,
    document TEXT NOT NULL,
    revision BIGINT NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (dashboard_uuid, tenant_id)
);
CREATE INDEX dashboard_overlays_tenant ON dashboard_overlays (tenant_id);

-- +goose Down
DROP TABLE dashboard_overlays;
DROP INDEX spaces_tenant;
ALTER TABLE spaces DROP COLUMN tenant_id;
