-- +goose Up
CREATE TABLE letters (
  id TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  recipient TEXT NOT NULL,
  sealed TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  error TEXT NOT NULL,
  due_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  UNIQUE (purpose, recipient)
);
CREATE INDEX letters_due ON letters (due_at);

-- +goose Down
DROP TABLE letters;
