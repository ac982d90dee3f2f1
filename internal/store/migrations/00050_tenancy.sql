-- +goose Up
-- Keys of the embedding fronts. Only the hash of a key is kept.
CREATE TABLE front_keys (
  id TEXT PRIMARY KEY,
  front TEXT NOT NULL,
  kind TEXT NOT NULL,
  organization_uuid TEXT NOT NULL,
  project_uuid TEXT NOT NULL,
  name TEXT NOT NULL,
  hint TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  enabled BOOLEAN NOT NULL,
  policy TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ,
  revoked_at TIMESTAMPTZ,
  last_used_at TIMESTAMPTZ
);
CREATE INDEX front_keys_organization ON front_keys (organization_uuid, front);

CREATE TABLE tenants (
  id TEXT PRIMARY KEY,
  front TEXT NOT NULL,
  organization_uuid TEXT NOT NULL,
  project_uuid TEXT NOT NULL,
  handle TEXT NOT NULL,
  name TEXT NOT NULL,
  policy TEXT NOT NULL,
  metadata TEXT NOT NULL,
  revision BIGINT NOT NULL,
  suspended BOOLEAN NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  UNIQUE (organization_uuid, project_uuid, front, handle)
);

-- Tokens that end before their time; rows are dropped once the token would have expired anyway.
CREATE TABLE revoked_tokens (
  id TEXT PRIMARY KEY,
  expires_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE embed_users (
  id TEXT PRIMARY KEY,
  organization_uuid TEXT NOT NULL,
  tenant_id TEXT NOT NULL,
  external_id TEXT NOT NULL,
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  picture TEXT NOT NULL,
  group_names TEXT NOT NULL,
  tenant_groups TEXT NOT NULL,
  attributes TEXT NOT NULL,
  ends_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL,
  last_login_at TIMESTAMPTZ,
  UNIQUE (organization_uuid, tenant_id, external_id)
);

CREATE TABLE embed_groups (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  UNIQUE (tenant_id, name)
);

CREATE TABLE embed_attributes (
  tenant_id TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  display_name TEXT NOT NULL,
  description TEXT NOT NULL,
  default_value TEXT NOT NULL,
  PRIMARY KEY (tenant_id, name)
);

CREATE TABLE embed_sessions (
  id TEXT PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  organization_uuid TEXT NOT NULL,
  project_uuid TEXT NOT NULL,
  tenant_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  key_id TEXT NOT NULL,
  identity TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  redeemed_at TIMESTAMPTZ,
  revoked_at TIMESTAMPTZ
);

CREATE TABLE trusted_tokens (
  hash TEXT PRIMARY KEY,
  organization_uuid TEXT NOT NULL,
  user_uuid TEXT NOT NULL,
  scope TEXT NOT NULL,
  key_id TEXT NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  revoked_at TIMESTAMPTZ
);

CREATE TABLE trusted_sessions (
  hash TEXT PRIMARY KEY,
  organization_uuid TEXT NOT NULL,
  user_uuid TEXT NOT NULL,
  scope TEXT NOT NULL,
  key_id TEXT NOT NULL,
  pinned BOOLEAN NOT NULL,
  every_organization BOOLEAN NOT NULL,
  remember BOOLEAN NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  seen_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX trusted_sessions_user ON trusted_sessions (user_uuid);

-- What a person chose or did last on the ThoughtSpot front.
CREATE TABLE trusted_users (
  user_uuid TEXT PRIMARY KEY,
  last_organization_uuid TEXT NOT NULL
);

CREATE TABLE home_liveboards (
  organization_uuid TEXT NOT NULL,
  user_uuid TEXT NOT NULL,
  dashboard_uuid TEXT NOT NULL,
  PRIMARY KEY (organization_uuid, user_uuid)
);

-- The integers by which fronts know organizations (kind org; the first is 0) and projects (kind deployment).
CREATE TABLE front_numbers (
  kind TEXT NOT NULL,
  number BIGINT NOT NULL,
  uuid TEXT NOT NULL,
  PRIMARY KEY (kind, number),
  UNIQUE (kind, uuid)
);

-- +goose Down
DROP TABLE front_numbers;
DROP TABLE home_liveboards;
DROP TABLE trusted_users;
DROP TABLE trusted_sessions;
DROP TABLE trusted_tokens;
DROP TABLE embed_sessions;
DROP TABLE embed_attributes;
DROP TABLE embed_groups;
DROP TABLE embed_users;
DROP TABLE revoked_tokens;
DROP TABLE tenants;
DROP TABLE front_keys;
