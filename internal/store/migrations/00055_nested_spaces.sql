-- +goose Up
-- A space that lies in another one takes its access from there, unless it is private itself.
ALTER TABLE spaces ADD COLUMN parent_uuid TEXT REFERENCES spaces (uuid) ON DELETE CASCADE;
CREATE INDEX spaces_parent ON spaces (parent_uuid);
-- Which spaces a list hides or decides about singly.
DROP INDEX spaces_hidden;
CREATE INDEX spaces_decided ON spaces (project_uuid, tenant_id, is_private, parent_uuid, uuid);

-- +goose Down
DROP INDEX spaces_decided;
CREATE INDEX spaces_hidden ON spaces (project_uuid, tenant_id, is_private, uuid);
DROP INDEX spaces_parent;
ALTER TABLE spaces DROP COLUMN parent_uuid;
