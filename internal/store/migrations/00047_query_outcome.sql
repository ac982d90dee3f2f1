-- +goose Up
-- What came of a query: its columns, how they were pivoted, where the rows came from. Those of an hour are kept, so that
-- the older form is let expire.
UPDATE queries SET expires_at = created_at;
ALTER TABLE queries RENAME COLUMN columns_json TO outcome;

-- +goose Down
UPDATE queries SET expires_at = created_at;
ALTER TABLE queries RENAME COLUMN outcome TO columns_json;
