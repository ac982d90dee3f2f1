package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

// watched are the tables whose changes count as changes of what a project shows, parents before children, each with the
// columns that may change without counting.
var watched = []struct{ table, quiet string }{
	{"organizations", "all but chart_colors"}, {"users", "all but first_name last_name"},
	{"projects", ""}, {"project_models", ""}, {"virtual_views", ""}, {"validations", ""}, {"spaces", ""}, {"space_users", ""},
	{"space_groups", ""}, {"dashboards", "views first_viewed_at"}, {"dashboard_versions", ""}, {"dashboard_tiles", ""},
	{"dashboard_overlays", ""}, {"charts", "views first_viewed_at"}, {"chart_versions", ""},
	{"sql_charts", "views first_viewed_at last_viewed_at"}, {"sql_chart_versions", ""}, {"pinned_lists", ""}, {"pinned_items", ""},
}

// unwatched are all other tables, with what makes them so.
var unwatched = map[string]string{
	"the people of an organization and what they may do, which counts in identity_revisions": `guest_members user_groups
		group_members project_members project_groups user_attributes user_attribute_users user_attribute_groups custom_roles
		custom_role_grants email_domains email_domain_projects user_identities identity_revisions`,
	"credentials, and what the embedding fronts know of their own people": `passcodes invites password_resets sessions
		access_tokens warehouse_logins ssh_keys sign_ons front_keys front_numbers tenants revoked_tokens revocations embed_users
		embed_groups embed_attributes embed_sessions trusted_tokens trusted_sessions trusted_users home_liveboards`,
	"read whenever they are asked for": `connections warehouse_preferences tags catalog_icons catalog_tags comments notifications
		share_links deliveries delivery_targets trash`,
	"written by looking and working, not by changing": `settings goose_db_version revisions changes project_locks project_jobs content_views
		tasks task_files queries query_days tenant_use letters delivery_log audit_events`,
}

func tables(t *testing.T, db *store.DB) []string {
	query := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
	if db.Postgres() {
		query = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
	}
	var names []string
	if err := db.NewRaw(query).Scan(t.Context(), &names); err != nil {
		t.Fatal(err)
	}
	return names
}

func TestEveryTableIsWatchedOrNot(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		decided := strings.Fields(strings.Join(slices.Collect(maps.Values(unwatched)), " "))
		for _, w := range watched {
			decided = append(decided, w.table)
		}
		there := tables(t, db)
		for _, table := range decided {
			if !slices.Contains(there, table) {
				t.Errorf("there is no table %s any more", table)
			}
		}
		for _, table := range there {
			if !slices.Contains(decided, table) {
				t.Errorf("say of the table %s whether its changes count, in revision.go or here", table)
			}
		}
	})
}

// alone drops what would keep rows without the rows they refer to from being there.
func alone(t *testing.T, db *store.DB) {
	if !db.Postgres() {
		return
	}
	var drop []string
	err := db.NewRaw(`SELECT 'ALTER TABLE ' || conrelid::regclass || ' DROP CONSTRAINT ' || conname FROM pg_constraint WHERE contype = 'f'`).
		Scan(t.Context(), &drop)
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range drop {
		exec(t, db.DB.DB, statement)
	}
}

type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func exec(t *testing.T, on execer, statement string) {
	t.Helper()
	if _, err := on.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// columns gives the columns of a table with a value and another one, as SQL.
func columns(t *testing.T, db *store.DB, table string) (names []string, values [][2]string) {
	rows, err := db.DB.DB.QueryContext(t.Context(), "SELECT * FROM "+table+" LIMIT 0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	types, err := rows.ColumnTypes()
	if err := errors.Join(err, rows.Err()); err != nil {
		t.Fatal(err)
	}
	for _, c := range types {
		names = append(names, c.Name())
		switch kind := c.DatabaseTypeName(); kind {
		case "TEXT":
			values = append(values, [2]string{"'p'", "'q'"})
		case "BIGINT", "INT8":
			values = append(values, [2]string{"1", "2"})
		case "BOOLEAN", "BOOL":
			values = append(values, [2]string{"FALSE", "TRUE"})
		case "TIMESTAMPTZ":
			values = append(values, [2]string{"'2024-02-29 00:00:00+00:00'", "'2024-03-01 00:00:00+00:00'"})
		default:
			t.Fatalf("%s.%s is a %s", table, c.Name(), kind)
		}
	}
	return names, values
}

// TestEveryChangeOfAWatchedTableCounts writes every column of every watched table, where all ids are the project's.
func TestEveryChangeOfAWatchedTableCounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		alone(t, db)
		on, err := db.DB.DB.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = on.Close() }()
		if !db.Postgres() {
			exec(t, on, "PRAGMA foreign_keys = OFF")
		}
		revisions := db.Revisions()
		counts := func(statement string, want bool) {
			t.Helper()
			before := revision(t, revisions, "p")
			exec(t, on, statement)
			if after := revision(t, revisions, "p"); after > before != want {
				t.Errorf("%s: counted %t, want %t", statement, !want, want)
			}
		}
		for _, w := range watched {
			names, values := columns(t, db, w.table)
			var first []string
			for _, v := range values {
				first = append(first, v[0])
			}
			but, limited := strings.CutPrefix(w.quiet, "all but ")
			counts(fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", w.table, strings.Join(names, ", "), strings.Join(first, ", ")), !limited)
			for i, name := range names {
				noticed := slices.Contains(strings.Fields(but), name) == limited
				counts(fmt.Sprintf("UPDATE %s SET %s = %s", w.table, name, values[i][1]), noticed)
				counts(fmt.Sprintf("UPDATE %s SET %s = %s", w.table, name, values[i][1]), false)
				counts(fmt.Sprintf("UPDATE %s SET %s = %s", w.table, name, values[i][0]), noticed)
			}
		}
		for _, w := range slices.Backward(watched) {
			counts("DELETE FROM "+w.table, true)
		}
	})
}

func revision(t *testing.T, r store.Revisions, project string) int64 {
	t.Helper()
	n, err := r.Of(t.Context(), project)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

const newSpace = `INSERT INTO spaces (uuid, organization_uuid, project_uuid, name, slug, is_private, created_at)
	VALUES ('%s', 'o', '%s', 'A', '%[1]s', FALSE, '2024-02-29 00:00:00+00:00')`

func TestAChangeCountsWhenItIsCommittedAndOnlyInItsProject(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		revisions := db.Revisions()
		was, other := revision(t, revisions, "p"), revision(t, revisions, "other")
		tx, err := db.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		exec(t, tx.Tx, fmt.Sprintf(newSpace, "a", "p"))
		if now := revision(t, revisions, "p"); now != was {
			t.Errorf("%d became %d before anything was committed", was, now)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		if now := revision(t, revisions, "p"); now <= was {
			t.Errorf("%d stayed %d after a commit", was, now)
		}
		if now := revision(t, revisions, "other"); now != other {
			t.Errorf("%d became %d in another project", other, now)
		}
	})
}

// TestWritersOfOneProjectDontBlockEachOther writes in two transactions at a time, in orders that would wait in a circle if
// a change locked the number.
func TestWritersOfOneProjectDontBlockEachOther(t *testing.T) {
	db := storetest.Postgres(t)
	for _, id := range []string{"a", "b"} {
		exec(t, db.DB.DB, fmt.Sprintf(newSpace, id, "p"))
	}
	before := revision(t, db.Revisions(), "p")
	var writers [2]bun.Tx
	for i, id := range []string{"a", "b"} {
		var err error
		if writers[i], err = db.BeginTx(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		exec(t, writers[i].Tx, "UPDATE spaces SET name = 'B' WHERE uuid = '"+id+"'")
	}
	for i, id := range []string{"a", "b"} {
		exec(t, writers[i].Tx, "UPDATE spaces SET name = 'C' WHERE uuid = '"+id+"'")
		if err := writers[i].Commit(); err != nil {
			t.Fatal(err)
		}
	}
	if after := revision(t, db.Revisions(), "p"); after != before+2 {
		t.Errorf("two transactions counted from %d to %d", before, after)
	}
}

func TestMigratingAgainMakesTriggersThatAreMissing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		exec(t, db.DB.DB, "DELETE FROM goose_db_version WHERE version_id = 72")
		exec(t, db.DB.DB, "DROP TABLE revisions")
		if !db.Postgres() {
			exec(t, db.DB.DB, "DROP TRIGGER revised_spaces_insert")
		}
		if err := db.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		was := revision(t, db.Revisions(), "p")
		exec(t, db.DB.DB, fmt.Sprintf(newSpace, "a", "p"))
		if now := revision(t, db.Revisions(), "p"); now <= was {
			t.Errorf("%d stayed %d", was, now)
		}
	})
}
