-- +goose Up
CREATE TABLE organizations (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  chart_colors TEXT,
  default_project TEXT,
  domain_role TEXT NOT NULL DEFAULT 'viewer',
  ran_query_at TIMESTAMPTZ,
  shown_success_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL
);

-- One row for each organization, and one named '' for users without any: bumped by every write that changes what
-- somebody may do, so that replicas drop the principals they hold in memory.
CREATE TABLE identity_revisions (
  organization_id TEXT PRIMARY KEY,
  revision BIGINT NOT NULL
);
INSERT INTO identity_revisions (organization_id, revision) VALUES ('', 1);

CREATE TABLE users (
  id TEXT PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE,
  organization_id TEXT REFERENCES organizations (id) ON DELETE CASCADE,
  role TEXT NOT NULL DEFAULT '',
  email TEXT UNIQUE,
  email_verified BOOLEAN NOT NULL DEFAULT FALSE,
  username TEXT UNIQUE,
  tenant_id TEXT,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  password TEXT,
  pending BOOLEAN NOT NULL DEFAULT FALSE,
  active BOOLEAN NOT NULL DEFAULT TRUE,
  tracking_anonymized BOOLEAN NOT NULL DEFAULT TRUE,
  marketing_opted_in BOOLEAN NOT NULL DEFAULT FALSE,
  setup_complete BOOLEAN NOT NULL DEFAULT FALSE,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX users_organization ON users (organization_id);

-- Organizations that a user belongs to beside their own; only embedding fronts know of such.
CREATE TABLE guest_members (
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (organization_id, user_id)
);
CREATE INDEX guest_members_user ON guest_members (user_id);

CREATE TABLE passcodes (
  user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  hash TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE invites (
  hash TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
  expires_at TIMESTAMPTZ NOT NULL,
  created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE password_resets (
  user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  hash TEXT NOT NULL UNIQUE,
  expires_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE user_identities (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  issuer_type TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  email TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (issuer, subject)
);
CREATE INDEX user_identities_user ON user_identities (user_id);

CREATE TABLE sessions (
  hash TEXT PRIMARY KEY,
  id TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  issued_by TEXT NOT NULL,
  cross_site BOOLEAN NOT NULL,
  persistent BOOLEAN NOT NULL,
  idle_seconds BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE access_tokens (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  hash TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL,
  auto_generated BOOLEAN NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ,
  rotated_at TIMESTAMPTZ,
  last_used_at TIMESTAMPTZ
);
CREATE INDEX access_tokens_user ON access_tokens (user_id);

CREATE TABLE user_groups (
  id TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  created_by TEXT,
  created_at TIMESTAMPTZ NOT NULL,
  updated_by TEXT,
  updated_at TIMESTAMPTZ NOT NULL,
  UNIQUE (organization_id, name)
);

CREATE TABLE group_members (
  group_id TEXT NOT NULL REFERENCES user_groups (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_members_user ON group_members (user_id);

CREATE TABLE project_members (
  project_id TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (project_id, user_id)
);
CREATE INDEX project_members_user ON project_members (user_id);

CREATE TABLE project_groups (
  project_id TEXT NOT NULL,
  group_id TEXT NOT NULL REFERENCES user_groups (id) ON DELETE CASCADE,
  role TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (project_id, group_id)
);
CREATE INDEX project_groups_group ON project_groups (group_id);

CREATE TABLE user_attributes (
  id TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  description TEXT,
  default_value TEXT,
  created_at TIMESTAMPTZ NOT NULL,
  UNIQUE (organization_id, name)
);

CREATE TABLE user_attribute_users (
  attribute_id TEXT NOT NULL REFERENCES user_attributes (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  value TEXT NOT NULL,
  PRIMARY KEY (attribute_id, user_id)
);
CREATE INDEX user_attribute_users_user ON user_attribute_users (user_id);

CREATE TABLE user_attribute_groups (
  attribute_id TEXT NOT NULL REFERENCES user_attributes (id) ON DELETE CASCADE,
  group_id TEXT NOT NULL REFERENCES user_groups (id) ON DELETE CASCADE,
  value TEXT NOT NULL,
  PRIMARY KEY (attribute_id, group_id)
);

CREATE TABLE warehouse_logins (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  sealed TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX warehouse_logins_user ON warehouse_logins (user_id);

CREATE TABLE email_domains (
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  domain TEXT NOT NULL,
  PRIMARY KEY (organization_id, domain)
);
CREATE INDEX email_domains_domain ON email_domains (domain);

CREATE TABLE email_domain_projects (
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  project_id TEXT NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY (organization_id, project_id)
);

CREATE TABLE ssh_keys (
  public_key TEXT PRIMARY KEY,
  organization_id TEXT REFERENCES organizations (id) ON DELETE CASCADE,
  sealed TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL
);

-- +goose Down
DROP TABLE ssh_keys;
DROP TABLE email_domain_projects;
DROP TABLE email_domains;
DROP TABLE warehouse_logins;
DROP TABLE user_attribute_groups;
DROP TABLE user_attribute_users;
DROP TABLE user_attributes;
DROP TABLE project_groups;
DROP TABLE project_members;
DROP TABLE group_members;
DROP TABLE user_groups;
DROP TABLE access_tokens;
DROP TABLE sessions;
DROP TABLE user_identities;
DROP TABLE password_resets;
DROP TABLE invites;
DROP TABLE passcodes;
DROP TABLE guest_members;
DROP TABLE users;
DROP TABLE identity_revisions;
DROP TABLE organizations;
