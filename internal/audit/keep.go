package audit

import (
	"context"

	"inlay/internal/fault"
	"inlay/internal/store"
)

// The databases themselves refuse to change or remove an event, whoever asks with the server's own connection. This is
// the one thing that SQLite and PostgreSQL say too differently for one migration.
var keeps = map[bool][]string{
	false: {
		`CREATE TRIGGER IF NOT EXISTS audit_events_unchanged BEFORE UPDATE ON audit_events BEGIN SELECT RAISE(ABORT, 'audit events are kept'); END`,
		`CREATE TRIGGER IF NOT EXISTS audit_events_undeleted BEFORE DELETE ON audit_events BEGIN SELECT RAISE(ABORT, 'audit events are kept'); END`,
	},
	true: {
		`CREATE OR REPLACE FUNCTION audit_events_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'audit events are kept'; END $$`,
		`CREATE OR REPLACE TRIGGER audit_events_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION audit_events_keep()`,
	},
}

// Keep makes the migrated database refuse to change or remove events. Faults: Unavailable.
func Keep(ctx context.Context, db *store.DB) error {
	for _, statement := range keeps[db.Postgres()] {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return fault.Wrap(fault.Unavailable, err, "The audit log could not be protected")
		}
	}
	return nil
}
