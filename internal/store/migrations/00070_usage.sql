-- +goose Up
-- How many queries somebody ran in a project on a day.
CREATE TABLE query_days (
    project_uuid TEXT NOT NULL,
    user_uuid TEXT NOT NULL,
    day TEXT NOT NULL,
    queries BIGINT NOT NULL,
    PRIMARY KEY (project_uuid, user_uuid, day)
);
CREATE INDEX query_days_day ON query_days (day);

-- +goose Down
DROP TABLE query_days;
