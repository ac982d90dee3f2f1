-- +goose Up
-- source and warehouse are sealed JSON: they hold credentials.
CREATE TABLE projects (
    uuid TEXT PRIMARY KEY,
    organization_uuid TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    upstream_uuid TEXT,
    dbt_version TEXT NOT NULL,
    source TEXT NOT NULL,
    warehouse_type TEXT NOT NULL,
    warehouse TEXT NOT NULL,
    semantic_layer TEXT,
    scheduler_timezone TEXT NOT NULL,
    selection_type TEXT NOT NULL,
    selection_names TEXT NOT NULL,
    created_by TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX projects_organization ON projects (organization_uuid, created_at);

-- The compiled explores and the warehouse's columns they were compiled with, gzipped, so that a start needs neither the
-- model's source nor the warehouse. The revision tells other replicas that theirs are old.
CREATE TABLE project_models (
    project_uuid TEXT PRIMARY KEY REFERENCES projects (uuid) ON DELETE CASCADE,
    revision BIGINT NOT NULL,
    format BIGINT NOT NULL,
    explores TEXT NOT NULL,
    problems TEXT NOT NULL,
    columns TEXT NOT NULL,
    compiled_at TIMESTAMPTZ NOT NULL
);

-- One compile of a project at a time, on all replicas.
CREATE TABLE project_locks (
    project_uuid TEXT PRIMARY KEY REFERENCES projects (uuid) ON DELETE CASCADE,
    holder TEXT NOT NULL,
    held_until TIMESTAMPTZ NOT NULL
);

CREATE TABLE virtual_views (
    project_uuid TEXT NOT NULL REFERENCES projects (uuid) ON DELETE CASCADE,
    name TEXT NOT NULL,
    explore TEXT NOT NULL,
    PRIMARY KEY (project_uuid, name)
);

-- Connections beside a project's own, which tenants of an organization can be given.
CREATE TABLE connections (
    uuid TEXT PRIMARY KEY,
    organization_uuid TEXT NOT NULL,
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    overridable BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX connections_organization ON connections (organization_uuid);

CREATE TABLE warehouse_preferences (
    project_uuid TEXT NOT NULL REFERENCES projects (uuid) ON DELETE CASCADE,
    user_uuid TEXT NOT NULL,
    credentials_uuid TEXT NOT NULL,
    PRIMARY KEY (project_uuid, user_uuid)
);

-- Compile and create jobs. The request is sealed: it may hold credentials. The runner that holds the lease works on it.
CREATE TABLE project_jobs (
    uuid TEXT PRIMARY KEY,
    organization_uuid TEXT NOT NULL,
    project_uuid TEXT,
    user_uuid TEXT NOT NULL,
    type TEXT NOT NULL,
    status TEXT NOT NULL,
    steps TEXT NOT NULL,
    result_uuid TEXT,
    request TEXT NOT NULL,
    runner TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    leased_until TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX project_jobs_status ON project_jobs (status, leased_until);

CREATE TABLE tags (
    uuid TEXT PRIMARY KEY,
    project_uuid TEXT NOT NULL REFERENCES projects (uuid) ON DELETE CASCADE,
    name TEXT NOT NULL,
    color TEXT NOT NULL,
    created_by TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (project_uuid, name)
);

-- What people add to catalog items. An item's uuid is made from what it names, so compiling again keeps these.
CREATE TABLE catalog_icons (
    project_uuid TEXT NOT NULL REFERENCES projects (uuid) ON DELETE CASCADE,
    item_uuid TEXT NOT NULL,
    icon TEXT NOT NULL,
    PRIMARY KEY (project_uuid, item_uuid)
);
CREATE TABLE catalog_tags (
    project_uuid TEXT NOT NULL REFERENCES projects (uuid) ON DELETE CASCADE,
    item_uuid TEXT NOT NULL,
    tag_uuid TEXT NOT NULL REFERENCES tags (uuid) ON DELETE CASCADE,
    PRIMARY KEY (project_uuid, item_uuid, tag_uuid)
);

-- What the last validation found. job is empty for one that was started from the settings.
CREATE TABLE validations (
    id BIGINT PRIMARY KEY,
    project_uuid TEXT NOT NULL REFERENCES projects (uuid) ON DELETE CASCADE,
    job TEXT NOT NULL,
    source TEXT NOT NULL,
    item_uuid TEXT,
    name TEXT NOT NULL,
    error TEXT NOT NULL,
    error_type TEXT NOT NULL,
    field TEXT NOT NULL,
    chart TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX validations_project ON validations (project_uuid, job);

-- +goose Down
DROP TABLE validations;
DROP TABLE catalog_tags;
DROP TABLE catalog_icons;
DROP TABLE tags;
DROP TABLE project_jobs;
DROP TABLE warehouse_preferences;
DROP TABLE connections;
DROP TABLE virtual_views;
DROP TABLE project_locks;
DROP TABLE project_models;
DROP TABLE projects;
