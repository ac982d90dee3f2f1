package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/uptrace/bun"
)

// everywhere is the scope of changes that count in every project, viewsOf that of a project's views, which don't count in it.
const (
	everywhere = "''"
	viewsOf    = "'views ' || ROW.project_uuid"
)

// watch says whose changes count as changes of what a project shows.
type watch struct {
	name  string // of its triggers, if a table has several
	table string
	scope string   // the project, as SQL over a ROW of the table; NULL counts nowhere
	item  string   // what is noted to have changed, as SQL over a ROW; empty for what nobody asks for singly
	quiet []string // columns that change without counting
	only  []string // if set, changes of these count, and that a row goes; one that is new shows nowhere yet
}

// watched are the tables that answers about content and models are made of. TestEveryTableIsWatchedOrNot has the others.
var watched = []watch{
	{table: "projects", scope: "ROW.uuid"},
	{table: "project_models", scope: "ROW.project_uuid"},
	{table: "virtual_views", scope: "ROW.project_uuid"},
	{table: "validations", scope: "ROW.project_uuid"},
	{table: "spaces", scope: "ROW.project_uuid", item: "ROW.uuid"},
	{table: "space_users", scope: "(SELECT project_uuid FROM spaces WHERE uuid = ROW.space_uuid)", item: "ROW.space_uuid"},
	{table: "space_groups", scope: "(SELECT project_uuid FROM spaces WHERE uuid = ROW.space_uuid)", item: "ROW.space_uuid"},
	{table: "dashboards", scope: "ROW.project_uuid", item: "ROW.uuid", quiet: []string{"views", "first_viewed_at"}},
	{table: "dashboard_versions", scope: "(SELECT project_uuid FROM dashboards WHERE uuid = ROW.dashboard_uuid)"},
	{table: "dashboard_tiles", scope: "(SELECT project_uuid FROM dashboards WHERE uuid = ROW.dashboard_uuid)"},
	{table: "dashboard_overlays", scope: "(SELECT project_uuid FROM dashboards WHERE uuid = ROW.dashboard_uuid)"},
	{table: "charts", scope: "ROW.project_uuid", item: "ROW.uuid", quiet: []string{"views", "first_viewed_at"}},
	{table: "chart_versions", scope: "(SELECT project_uuid FROM charts WHERE uuid = ROW.chart_uuid)"},
	{table: "sql_charts", scope: "ROW.project_uuid", item: "ROW.uuid", quiet: []string{"views", "first_viewed_at", "last_viewed_at"}},
	{table: "sql_chart_versions", scope: "(SELECT project_uuid FROM sql_charts WHERE uuid = ROW.sql_chart_uuid)"},
	{table: "pinned_lists", scope: "ROW.project_uuid"},
	{table: "pinned_items", scope: "(SELECT project_uuid FROM pinned_lists WHERE uuid = ROW.list_uuid)", item: "ROW.item_uuid"},
	{name: "chart_views", table: "charts", scope: viewsOf, item: "ROW.uuid", only: []string{"views", "first_viewed_at"}},
	{name: "sql_chart_views", table: "sql_charts", scope: viewsOf, item: "ROW.uuid", only: []string{"views", "first_viewed_at"}},
	{name: "dashboard_views", table: "dashboards", scope: viewsOf, item: "ROW.uuid", only: []string{"views", "first_viewed_at"}},
	{table: "users", scope: everywhere, only: []string{"first_name", "last_name"}},
	{table: "organizations", scope: everywhere, only: []string{"chart_colors"}},
}

// RevisionOf is SQL for the revision of a project, which is named by SQL too: a number that grows with every committed
// change of what the project shows, whichever process makes it; views don't count. Read it before you load what you keep
// in memory under it, and use that as long as the number you read for a request is the same.
func RevisionOf(project string) string {
	return "CAST(COALESCE((SELECT number FROM revisions WHERE scope = " + project + "), 0)" +
		" + COALESCE((SELECT number FROM revisions WHERE scope = ''), 0) AS BIGINT)"
}

// triggersSetting names the setting that holds a hash of the triggers that the database has.
const triggersSetting = "revision triggers"

// watchAll makes the triggers that count, unless the database has the very same.
func (db *DB) watchAll(ctx context.Context) error {
	triggers, err := db.triggers(ctx)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(triggers, ";"))))
	return db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		made, err := tx.NewRaw(`INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE
			SET value = EXCLUDED.value WHERE settings.value <> EXCLUDED.value`, triggersSetting, text).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := made.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return run(ctx, tx, slices.Concat(db.noTriggers(), triggers)...)
	})
}

// unwatch drops the triggers before migrations, whose changes of tables they would stand in the way of. What is held
// anywhere counts as old once they are back.
func (db *DB) unwatch(ctx context.Context) error {
	return db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		return run(ctx, tx, append(db.noTriggers(), "DELETE FROM settings WHERE name = '"+triggersSetting+"'")...)
	})
}

func run(ctx context.Context, tx bun.Tx, statements ...string) error {
	for _, statement := range statements {
		if _, err := tx.Tx.ExecContext(ctx, statement); err != nil { // not bun's own, which reads the text
			return fmt.Errorf("%w in %s", err, statement)
		}
	}
	return nil
}

var changes = []string{"insert", "update", "delete"}

func (db *DB) noTriggers() []string {
	var drop []string
	for _, w := range watched {
		if db.Postgres() {
			drop = append(drop, fmt.Sprintf("DROP FUNCTION IF EXISTS %s() CASCADE", w.trigger()))
			continue
		}
		for _, change := range changes {
			drop = append(drop, fmt.Sprintf("DROP TRIGGER IF EXISTS %s_%s", w.trigger(), change))
		}
	}
	return drop
}

// triggers are the statements that make them.
func (db *DB) triggers(ctx context.Context) ([]string, error) {
	text := sqliteTriggers
	var all []string
	if db.Postgres() {
		text, all = postgresTriggers, []string{strings.ReplaceAll(postgresCount, "KEPT", strconv.Itoa(changesKept))}
	}
	for _, w := range watched {
		columns, err := db.columns(ctx, w.table)
		if err != nil {
			return nil, err
		}
		all = append(all, text(w, w.changed(columns))...)
	}
	return append(all, "DELETE FROM changes", "INSERT INTO revisions (scope, number) VALUES ('', 1) ON CONFLICT (scope) DO UPDATE SET number = revisions.number + 1"), nil
}

func (db *DB) columns(ctx context.Context, table string) (names []string, err error) {
	rows, err := db.DB.DB.QueryContext(ctx, "SELECT * FROM "+table+" LIMIT 0")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // there are none
	if names, err = rows.Columns(); err != nil {
		return nil, err
	}
	return names, rows.Err()
}

// changed is the condition that an update of a row counts.
func (w watch) changed(columns []string) string {
	var differ []string
	for _, column := range columns {
		if !slices.Contains(w.quiet, column) && (w.only == nil || slices.Contains(w.only, column)) {
			differ = append(differ, fmt.Sprintf("OLD.%s IS DISTINCT FROM NEW.%[1]s", column))
		}
	}
	return strings.Join(differ, " OR ")
}

// trigger names what counts its changes.
func (w watch) trigger() string { return "revised_" + cmp.Or(w.name, w.table) }

// of is the scope of a trigger's row, OLD or NEW.
func (w watch) of(row string) string { return strings.ReplaceAll(w.scope, "ROW.", row+".") }

// itemOf is what is noted to have changed.
func (w watch) itemOf(row string) string {
	if w.item == "" {
		return "''"
	}
	return strings.ReplaceAll(w.item, "ROW.", row+".")
}

func (w watch) counts(change string) bool { return w.only == nil || change != "insert" }

// sqliteTriggers count where they stand: there is one writer, and nobody sees the number before the change.
func sqliteTriggers(w watch, changed string) []string {
	count := func(row string) string {
		return fmt.Sprintf(`INSERT INTO revisions (scope, number) SELECT scope, 1 FROM (SELECT %[1]s AS scope) WHERE scope IS NOT NULL
			ON CONFLICT (scope) DO UPDATE SET number = number + 1;
			INSERT INTO changes (scope, number, kind, item) SELECT scope, number, '%[2]s', %[3]s FROM revisions WHERE scope = %[1]s;
			DELETE FROM changes WHERE scope = %[1]s AND number <= (SELECT number FROM revisions WHERE scope = %[1]s) - %[4]d; `,
			w.of(row), w.table, w.itemOf(row), changesKept)
	}
	bodies := map[string]string{"insert": count("NEW"), "update": count("OLD") + count("NEW"), "delete": count("OLD")}
	var all []string
	for _, change := range changes {
		when := ""
		if change == "update" {
			when = "WHEN " + changed
		}
		if w.counts(change) {
			all = append(all, fmt.Sprintf("CREATE TRIGGER %s_%s AFTER %s ON %s %s BEGIN %sEND", w.trigger(), change,
				strings.ToUpper(change), w.table, when, bodies[change]))
		}
	}
	return all
}

// postgresCount counts once a transaction. It is called when one commits and locks nothing after it but what it notes
// under that lock, so that two writers wait for each other for the length of a commit, and can't wait in a circle.
const postgresCount = `CREATE OR REPLACE FUNCTION count_revision(changed TEXT, kind TEXT, item TEXT) RETURNS void LANGUAGE sql AS $$
	INSERT INTO revisions AS r (scope, number) SELECT changed, 1 WHERE changed IS NOT NULL
	ON CONFLICT (scope) DO UPDATE SET number = r.number + 1 WHERE r.xmin <> pg_current_xact_id()::xid;
	INSERT INTO changes (scope, number, kind, item) SELECT r.scope, r.number, count_revision.kind, count_revision.item
	FROM revisions AS r WHERE r.scope = changed;
	DELETE FROM changes AS c USING revisions AS r WHERE r.scope = changed AND c.scope = changed AND c.number <= r.number - KEPT $$`

func postgresTriggers(w watch, changed string) []string {
	all := []string{fmt.Sprintf(`CREATE OR REPLACE FUNCTION %[6]s() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		IF TG_OP <> 'INSERT' THEN PERFORM count_revision(%[2]s, '%[1]s', %[3]s); END IF;
		IF TG_OP <> 'DELETE' THEN PERFORM count_revision(%[4]s, '%[1]s', %[5]s); END IF;
		RETURN NULL; END $$`, w.table, w.of("OLD"), w.itemOf("OLD"), w.of("NEW"), w.itemOf("NEW"), w.trigger())}
	for _, change := range changes {
		when := ""
		if change == "update" {
			when = "WHEN (" + changed + ")"
		}
		if w.counts(change) {
			all = append(all, fmt.Sprintf(`CREATE CONSTRAINT TRIGGER %[1]s_%[2]s AFTER %[3]s ON %[5]s
				DEFERRABLE INITIALLY DEFERRED FOR EACH ROW %[4]s EXECUTE FUNCTION %[1]s()`, w.trigger(), change, strings.ToUpper(change), when, w.table))
		}
	}
	return all
}

// Revisions reads revisions of projects.
type Revisions struct{ read *Statement }

// Revisions gives the reader of a migrated database's revisions.
func (db *DB) Revisions() Revisions { return Revisions{db.Prepared("SELECT " + RevisionOf("?"))} }

// Of gives the revision of a project; see RevisionOf.
func (r Revisions) Of(ctx context.Context, project string) (revision int64, err error) {
	err = r.read.Row(ctx, []any{project}, &revision)
	return revision, err
}
