-- +goose Up
CREATE TABLE spaces (
    uuid TEXT PRIMARY KEY,
    organization_uuid TEXT NOT NULL,
    project_uuid TEXT NOT NULL,
    name TEXT NOT NULL,
    slug TEXT NOT NULL,
    is_private BOOLEAN NOT NULL,
    created_by TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (project_uuid, slug)
);

CREATE TABLE space_users (
    space_uuid TEXT NOT NULL REFERENCES spaces (uuid) ON DELETE CASCADE,
    user_uuid TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (space_uuid, user_uuid)
);
CREATE INDEX space_users_user ON space_users (user_uuid);

CREATE TABLE space_groups (
    space_uuid TEXT NOT NULL REFERENCES spaces (uuid) ON DELETE CASCADE,
    group_uuid TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (space_uuid, group_uuid)
);
CREATE INDEX space_groups_group ON space_groups (group_uuid);

-- Documents are JSON. The columns beside a thing's current version are what lists show and sort by.
CREATE TABLE dashboards (
    uuid TEXT PRIMARY KEY,
    organization_uuid TEXT NOT NULL,
    project_uuid TEXT NOT NULL,
    space_uuid TEXT NOT NULL REFERENCES spaces (uuid) ON DELETE CASCADE,
    public_id TEXT NOT NULL UNIQUE,
    allow_embed BOOLEAN NOT NULL DEFAULT FALSE,
    name TEXT NOT NULL,
    description TEXT,
    slug TEXT NOT NULL,
    created_by TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    updated_by TEXT,
    updated_at TIMESTAMPTZ NOT NULL,
    views BIGINT NOT NULL DEFAULT 0,
    first_viewed_at TIMESTAMPTZ,
    UNIQUE (project_uuid, slug)
);
CREATE INDEX dashboards_space ON dashboards (space_uuid);

CREATE TABLE dashboard_versions (
    uuid TEXT PRIMARY KEY,
    dashboard_uuid TEXT NOT NULL REFERENCES dashboards (uuid) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    document TEXT NOT NULL,
    created_by TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (dashboard_uuid, number)
);

-- A chart that belongs to a dashboard has dashboard_uuid set; its space is always the dashboard's.
CREATE TABLE charts (
    uuid TEXT PRIMARY KEY,
    organization_uuid TEXT NOT NULL,
    project_uuid TEXT NOT NULL,
    space_uuid TEXT NOT NULL REFERENCES spaces (uuid) ON DELETE CASCADE,
    dashboard_uuid TEXT REFERENCES dashboards (uuid) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT,
    slug TEXT NOT NULL,
    explore TEXT NOT NULL,
    chart_type TEXT NOT NULL,
    chart_kind TEXT NOT NULL,
    created_by TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    updated_by TEXT,
    updated_at TIMESTAMPTZ NOT NULL,
    views BIGINT NOT NULL DEFAULT 0,
    first_viewed_at TIMESTAMPTZ,
    UNIQUE (project_uuid, slug)
);
CREATE INDEX charts_space ON charts (space_uuid);
CREATE INDEX charts_dashboard ON charts (dashboard_uuid);

CREATE TABLE chart_versions (
    uuid TEXT PRIMARY KEY,
    chart_uuid TEXT NOT NULL REFERENCES charts (uuid) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    document TEXT NOT NULL,
    created_by TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (chart_uuid, number)
);

CREATE TABLE sql_charts (
    uuid TEXT PRIMARY KEY,
    organization_uuid TEXT NOT NULL,
    project_uuid TEXT NOT NULL,
    space_uuid TEXT NOT NULL REFERENCES spaces (uuid) ON DELETE CASCADE,
    dashboard_uuid TEXT REFERENCES dashboards (uuid) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT,
    slug TEXT NOT NULL,
    chart_kind TEXT NOT NULL,
    created_by TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    updated_by TEXT,
    updated_at TIMESTAMPTZ NOT NULL,
    views BIGINT NOT NULL DEFAULT 0,
    first_viewed_at TIMESTAMPTZ,
    last_viewed_at TIMESTAMPTZ,
    UNIQUE (project_uuid, slug)
);
CREATE INDEX sql_charts_space ON sql_charts (space_uuid);

CREATE TABLE sql_chart_versions (
    uuid TEXT PRIMARY KEY,
    sql_chart_uuid TEXT NOT NULL REFERENCES sql_charts (uuid) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    sql_text TEXT NOT NULL,
    row_limit BIGINT NOT NULL,
    config TEXT NOT NULL,
    created_by TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (sql_chart_uuid, number)
);

-- The tiles of each dashboard's current version, for what has to be found by tile or by chart. A chart may be gone.
CREATE TABLE dashboard_tiles (
    dashboard_uuid TEXT NOT NULL REFERENCES dashboards (uuid) ON DELETE CASCADE,
    tile_uuid TEXT NOT NULL,
    tile_type TEXT NOT NULL,
    title TEXT NOT NULL,
    chart_uuid TEXT,
    PRIMARY KEY (dashboard_uuid, tile_uuid)
);
CREATE INDEX dashboard_tiles_chart ON dashboard_tiles (chart_uuid);

-- One row a view, for the activity of a project. Totals are kept beside the thing.
CREATE TABLE content_views (
    uuid TEXT PRIMARY KEY,
    project_uuid TEXT NOT NULL,
    kind TEXT NOT NULL,
    item_uuid TEXT NOT NULL,
    user_uuid TEXT,
    viewed_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX content_views_project ON content_views (project_uuid, viewed_at);

CREATE TABLE pinned_lists (
    uuid TEXT PRIMARY KEY,
    project_uuid TEXT NOT NULL UNIQUE
);

CREATE TABLE pinned_items (
    kind TEXT NOT NULL,
    item_uuid TEXT NOT NULL,
    list_uuid TEXT NOT NULL REFERENCES pinned_lists (uuid) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    pinned_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (kind, item_uuid)
);

CREATE TABLE comments (
    uuid TEXT PRIMARY KEY,
    dashboard_uuid TEXT NOT NULL REFERENCES dashboards (uuid) ON DELETE CASCADE,
    tile_uuid TEXT NOT NULL,
    reply_to TEXT REFERENCES comments (uuid) ON DELETE CASCADE,
    user_uuid TEXT NOT NULL,
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    mentions TEXT NOT NULL,
    resolved BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX comments_dashboard ON comments (dashboard_uuid);

CREATE TABLE notifications (
    uuid TEXT PRIMARY KEY,
    user_uuid TEXT NOT NULL,
    comment_uuid TEXT NOT NULL REFERENCES comments (uuid) ON DELETE CASCADE,
    dashboard_uuid TEXT NOT NULL,
    dashboard_name TEXT NOT NULL,
    tile_uuid TEXT NOT NULL,
    tile_name TEXT NOT NULL,
    message TEXT NOT NULL,
    viewed BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX notifications_user ON notifications (user_uuid, created_at);

CREATE TABLE share_links (
    id TEXT PRIMARY KEY,
    organization_uuid TEXT NOT NULL,
    created_by TEXT NOT NULL,
    path TEXT NOT NULL,
    params TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE deliveries (
    uuid TEXT PRIMARY KEY,
    organization_uuid TEXT NOT NULL,
    project_uuid TEXT NOT NULL,
    chart_uuid TEXT REFERENCES charts (uuid) ON DELETE CASCADE,
    dashboard_uuid TEXT REFERENCES dashboards (uuid) ON DELETE CASCADE,
    name TEXT NOT NULL,
    cron TEXT NOT NULL,
    timezone TEXT,
    enabled BOOLEAN NOT NULL,
    document TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX deliveries_project ON deliveries (project_uuid);
CREATE INDEX deliveries_chart ON deliveries (chart_uuid);
CREATE INDEX deliveries_dashboard ON deliveries (dashboard_uuid);

CREATE TABLE delivery_targets (
    uuid TEXT PRIMARY KEY,
    delivery_uuid TEXT NOT NULL REFERENCES deliveries (uuid) ON DELETE CASCADE,
    channel TEXT,
    recipient TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX delivery_targets_delivery ON delivery_targets (delivery_uuid);

-- +goose Down
DROP TABLE delivery_targets;
DROP TABLE deliveries;
DROP TABLE share_links;
DROP TABLE notifications;
DROP TABLE comments;
DROP TABLE pinned_items;
DROP TABLE pinned_lists;
DROP TABLE content_views;
DROP TABLE dashboard_tiles;
DROP TABLE sql_chart_versions;
DROP TABLE sql_charts;
DROP TABLE chart_versions;
DROP TABLE charts;
DROP TABLE dashboard_versions;
DROP TABLE dashboards;
DROP TABLE space_groups;
DROP TABLE space_users;
DROP TABLE spaces;
