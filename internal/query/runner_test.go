package query_test

import (
	"bytes"
	"strings"
	"testing"

	"inlay/internal/query"
	"inlay/internal/warehouse"
)

// attacks are statements that do more than read tables; of those that only one engine knows, the other says so.
var attacks = []string{
	"SELECT 1; DELETE FROM orders", "DELETE FROM orders", "WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone", "INSERT INTO orders (order_id) VALUES (9)",
	"UPDATE orders SET amount = 0", "CREATE TABLE x (a INTEGER)", "SELECT * INTO x FROM orders", "DROP TABLE orders", "ALTER TABLE orders ADD COLUMN x INTEGER", "TRUNCATE orders",
	"EXPLAIN ANALYZE DELETE FROM orders", "PREPARE x AS DELETE FROM orders", "EXECUTE x", "SET timezone = 'Asia/Tokyo'", "RESET ALL", "BEGIN", "COMMIT; DELETE FROM orders", "CALL x()",
	"(SELECT 1); DELETE FROM orders", "SELECT 1 /* ; */; DELETE FROM orders", "SELECT ';' ; DELETE FROM orders", "SELECT 1) AS x; DELETE FROM orders; SELECT * FROM (SELECT 1",
	"SELECT 1 /* /* */ ' */ ; DELETE FROM orders -- '", "SELECT 1 -- \n; DELETE FROM orders", "SELECT $$'$$; DELETE FROM orders --'", "SELECT e'\\''; DELETE FROM orders --'",
	// DuckDB
	"COPY orders TO '/tmp/inlay-attack'", "COPY (SELECT 1) TO '/tmp/inlay-attack'", "EXPORT DATABASE '/tmp/inlay-attack'", "ATTACH '/tmp/inlay-attack.duckdb' AS x", "INSTALL httpfs", "LOAD httpfs",
	"SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM '/etc/passwd'", `SELECT * FROM "/etc/hosts"`, "SELECT * FROM '/etc/*.csv'",
	"SELECT * FROM glob('/etc/*')", "SELECT * FROM sniff_csv('/etc/passwd')", "SELECT * FROM duckdb_settings()", "SELECT * FROM duckdb_secrets()", "SELECT getenv('HOME')",
	"SELECT * FROM query('DELETE FROM orders')", "SELECT * FROM query_table('/etc/passwd')", "PRAGMA database_list", "SELECT * FROM pragma_database_list()", "SELECT * FROM sqlite_scan('/etc/passwd', 'x')",
	"SELECT nextval('s')", "FROM read_csv('/etc/passwd')", "SELECT * FROM (FROM read_text('/etc/passwd'))", "SELECT * FROM 'https://example.com/x.csv'", "CHECKPOINT",
	"CREATE SECRET x (TYPE s3)", "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('DELETE FROM orders'))",
	// PostgreSQL
	"SELECT pg_read_file('/etc/passwd')", "SELECT pg_read_binary_file('/etc/passwd')", "SELECT pg_ls_dir('/etc')", "SELECT pg_stat_file('/etc/passwd')", "SELECT lo_import('/etc/passwd')",
	"COPY orders FROM PROGRAM 'id'", "COPY (SELECT 1) TO PROGRAM 'id'", "SELECT query_to_xml('DELETE FROM orders', true, true, '')", "SELECT set_config('transaction_read_only', 'off', false)",
	"SELECT pg_sleep(60)", `SELECT "pg_sleep"(60)`, `SELECT U&"pg\005fsleep"(60)`, "SELECT pg_catalog.pg_sleep(60)", "SELECT name'\\', pg_sleep(60), ''", "SELECT pg_terminate_backend(pg_backend_pid())",
	"SELECT * FROM dblink('host=127.0.0.1', 'SELECT 1') AS x(a INTEGER)", "DO $$ BEGIN DELETE FROM orders; END $$", "SELECT ts_stat('SELECT to_tsvector(pg_read_file(''/etc/passwd''))')",
	"SELECT pg_advisory_lock(1)", "SELECT pg_notify('a', 'b')", "LISTEN x", "LOCK TABLE orders", "SELECT * FROM orders FOR UPDATE", "VACUUM", "SELECT pg_reload_conf()", "SELECT lo_create(1)",
}

func TestH31_the_runner_only_reads_on_DuckDB(t *testing.T) { onlyReads(t, tenantDoor(t)) }

func TestH31_the_runner_only_reads_on_PostgreSQL(t *testing.T) {
	onlyReads(t, tenantDoorOver(t, tablesOnPostgreSQL(t, tenantTables), query.Options{}))
}

func onlyReads(t *testing.T, door *query.Service) {
	t.Helper()
	run := func(text string) (string, error) {
		result, err := door.RunSQL(t.Context(), admin, query.Statement{Project: "p", SQL: text, Limit: 10, Purpose: query.SQLRunner})
		if err != nil {
			return "", err
		}
		var out bytes.Buffer
		_, err = query.WriteLines(t.Context(), &out, result)
		return out.String(), err
	}
	const all = "SELECT COUNT(*) AS n, SUM(amount) AS total FROM main.orders"
	before, err := run(all)
	if err != nil || !strings.Contains(before, "6130") {
		t.Fatal(before, err)
	}
	for _, text := range attacks {
		if got, err := run(text); err == nil {
			t.Errorf("%s\nwas run: %.200s", text, got)
		}
	}
	if after, err := run(all); err != nil || after != before {
		t.Errorf("rows were changed: %s, before %s (%v)", after, before, err)
	}
	for _, text := range []string{"SELECT current_setting('TimeZone') AS zone", "SELECT 'a;b--c' AS x -- a comment; SELECT 2", "WITH x AS (SELECT 1 AS update) SELECT * FROM x;", "VALUES (1)", "(SELECT 1) UNION ALL SELECT 2"} {
		if got, err := run(text); err != nil {
			t.Errorf("%s: %s %v", text, got, err)
		}
	}
}

func TestH31_the_lock_behind_the_reader_holds_by_itself(t *testing.T) {
	conn := tablesOnPostgreSQL(t, tenantTables)
	rows, err := conn.Query(t.Context(), warehouse.Statement{SQL: "WITH gone AS (DELETE FROM main.orders RETURNING *) SELECT * FROM gone"})
	if err == nil {
		_, err = rows.Next(t.Context())
		rows.Close()
	}
	if err == nil {
		t.Error("the driver deletes")
	}
}
