-- +goose Up
-- Logins at other providers that have begun; a row is taken away by whoever ends it.
CREATE TABLE sign_ons (
  hash TEXT PRIMARY KEY,
  sealed TEXT NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX sign_ons_expiry ON sign_ons (expires_at);

-- +goose Down
DROP TABLE sign_ons;
