-- +goose Up
-- Roles that an organization makes itself; abilities is a JSON list of names.
CREATE TABLE custom_roles (
  id TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  description TEXT,
  abilities TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  UNIQUE (organization_id, name)
);

-- Who has one: a user or a group, in a project, or, where project_id is empty, in the whole organization.
CREATE TABLE custom_role_grants (
  role_id TEXT NOT NULL REFERENCES custom_roles (id) ON DELETE CASCADE,
  project_id TEXT NOT NULL,
  user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
  group_id TEXT REFERENCES user_groups (id) ON DELETE CASCADE,
  created_at TIMESTAMPTZ NOT NULL,
  UNIQUE (project_id, user_id),
  UNIQUE (project_id, group_id)
);
CREATE INDEX custom_role_grants_role ON custom_role_grants (role_id);
CREATE INDEX custom_role_grants_user ON custom_role_grants (user_id);
CREATE INDEX custom_role_grants_group ON custom_role_grants (group_id);

-- +goose Down
DROP TABLE custom_role_grants;
DROP TABLE custom_roles;
