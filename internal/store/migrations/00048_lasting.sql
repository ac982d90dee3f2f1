-- +goose Up
-- Tasks that outlive the server which began them have a key; of one key there is only one task.
ALTER TABLE tasks ADD COLUMN task_key TEXT;
ALTER TABLE tasks ADD COLUMN payload TEXT NOT NULL DEFAULT '';
ALTER TABLE tasks ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tasks ADD COLUMN leased_until TIMESTAMPTZ;
CREATE UNIQUE INDEX tasks_key ON tasks (task_key);

-- Up to when a delivery's times were looked at; NULL is the time when it was last changed.
ALTER TABLE deliveries ADD COLUMN looked_until TIMESTAMPTZ;

-- What became of deliveries. A job is a run, or one of its targets; its group is the run's job.
CREATE TABLE delivery_log (
    job_id TEXT NOT NULL,
    status TEXT NOT NULL,
    job_group TEXT NOT NULL,
    organization_uuid TEXT NOT NULL,
    project_uuid TEXT NOT NULL,
    delivery_uuid TEXT,
    task TEXT NOT NULL,
    target TEXT,
    target_type TEXT,
    scheduled_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    details TEXT NOT NULL,
    PRIMARY KEY (job_id, status)
);
CREATE INDEX delivery_log_project ON delivery_log (project_uuid, created_at);
CREATE INDEX delivery_log_age ON delivery_log (created_at);

-- +goose Down
DROP TABLE delivery_log;
ALTER TABLE deliveries DROP COLUMN looked_until;
DROP INDEX tasks_key;
ALTER TABLE tasks DROP COLUMN leased_until;
ALTER TABLE tasks DROP COLUMN attempts;
ALTER TABLE tasks DROP COLUMN payload;
ALTER TABLE tasks DROP COLUMN task_key;
