-- +goose Up
-- What the account that made a file might see then, as a hash: who may see less now can't fetch it any more.
ALTER TABLE task_files ADD COLUMN organization_uuid TEXT NOT NULL DEFAULT '';
ALTER TABLE task_files ADD COLUMN rights TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE task_files DROP COLUMN rights;
ALTER TABLE task_files DROP COLUMN organization_uuid;
