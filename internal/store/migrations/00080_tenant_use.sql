-- +goose Up
-- What each tenant with a quota took on each server today. Every server adds up what the others wrote.
CREATE TABLE tenant_use (
  server TEXT NOT NULL,
  tenant TEXT NOT NULL,
  day BIGINT NOT NULL,
  minute BIGINT NOT NULL,
  requests BIGINT NOT NULL,
  running BIGINT NOT NULL,
  rows_read BIGINT NOT NULL,
  bytes_read BIGINT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (server, tenant, day)
);
CREATE INDEX tenant_use_at ON tenant_use (at);

-- +goose Down
DROP TABLE tenant_use;
