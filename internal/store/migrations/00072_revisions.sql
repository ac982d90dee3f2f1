-- +goose Up
-- How often what a project shows was changed. The row named '' counts changes that every project may show: names of
-- people, and their organization's colours. Triggers count; see revision.go. Rows stay when a project is gone, so that no
-- number comes twice.
CREATE TABLE revisions (
    scope TEXT PRIMARY KEY,
    number BIGINT NOT NULL
);

-- +goose Down
DROP TABLE revisions;
