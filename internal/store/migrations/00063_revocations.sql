-- +goose Up
-- What was revoked lately. Every replica looks here, and stops what the revoked credentials asked it for; that they open
-- nothing any more is kept with each credential.
CREATE TABLE revocations (
  id TEXT PRIMARY KEY,
  at TIMESTAMPTZ NOT NULL,
  organization_id TEXT NOT NULL,
  level TEXT NOT NULL,
  target TEXT NOT NULL
);
CREATE INDEX revocations_at ON revocations (at);

-- +goose Down
DROP TABLE revocations;
