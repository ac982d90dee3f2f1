-- +goose Up
-- What was done or refused, in the order of id. Rows are added and read, never changed; no foreign key, so that they
-- outlive what they speak of.
CREATE TABLE audit_events (
  id TEXT PRIMARY KEY,
  at TIMESTAMPTZ NOT NULL,
  organization_id TEXT NOT NULL,
  who TEXT NOT NULL,
  credential TEXT NOT NULL,
  act TEXT NOT NULL,
  target TEXT NOT NULL,
  refused BOOLEAN NOT NULL
);
CREATE INDEX audit_events_organization ON audit_events (organization_id, id);

-- +goose Down
DROP TABLE audit_events;
