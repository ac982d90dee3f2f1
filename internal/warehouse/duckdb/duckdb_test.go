package duckdb

import (
	"os"
	"path/filepath"
	"testing"

	bindings "github.com/duckdb/duckdb-go-bindings"

	"inlay/internal/frame"
	"inlay/internal/warehouse"
	"inlay/internal/warehouse/warehousetest"
)

// file makes a database file from statements.
func file(t testing.TB, statements ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "other.duckdb")
	var db bindings.Database
	s := &session{}
	if bindings.Open(path, &db) == bindings.StateError || bindings.Connect(db, &s.conn) == bindings.StateError {
		t.Fatal("the file can't be made")
	}
	for _, sql := range statements {
		if err := s.exec(sql); err != nil {
			t.Fatal(err)
		}
	}
	bindings.Disconnect(&s.conn)
	bindings.Close(&db)
	return path
}

func open(t testing.TB, statements ...string) *Conn {
	t.Helper()
	c, err := Open(t.Context(), warehouse.Settings{"type": "duckdb", "path": file(t, statements...), "database": "postgres"}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestContract(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret.csv")
	if err := os.WriteFile(secret, []byte("a\n1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	conn := open(t, "CREATE SCHEMA jaffle", "CREATE TABLE jaffle.orders AS SELECT 1 AS order_id")
	warehousetest.Run(t, conn, warehousetest.Engine{
		Types: `SELECT 7 AS i, 1.5 AS f, true AS b, DATE '2024-02-29' AS d, TIMESTAMP '2024-12-31 00:15:30.123' AS ts, 'it''s' AS s, NULL AS z
FROM "postgres"."jaffle"."orders"`,
		Numbers:  "SELECT range AS n FROM range(1, %d + 1) ORDER BY n",
		Slow:     "SELECT count(*) FROM range(1000000000) a, range(1000000000) b WHERE a.range * 7 % 11 = b.range % 13",
		Relation: warehouse.Relation{Database: "postgres", Schema: "jaffle", Table: "orders"},
		Wrong:    "SELECT\n  nope FROM jaffle.orders", Line: 2, Char: 3,
		Writes: []string{
			"INSERT INTO jaffle.orders VALUES (2)", "CREATE TABLE x (a INTEGER)", "COPY jaffle.orders TO '/tmp/x.csv'", "ATTACH '/tmp/x.db'",
			"INSTALL httpfs", "LOAD httpfs", "SET threads = 1", "PRAGMA database_list", "SELECT * FROM read_csv('" + secret + "')",
			"SELECT * FROM '" + secret + "'", "SELECT * FROM read_text('" + secret + "')", "SELECT * FROM glob('/*')", "EXPORT DATABASE '/tmp/x'",
			"CALL pragma_version()", "USE main", "DETACH postgres", "SELECT * FROM sniff_csv('" + secret + "')",
		},
	})
}

func TestNestedAndRareTypesArriveAsJSON(t *testing.T) {
	conn := open(t)
	for sql, want := range map[string]string{
		"[1, NULL, 3]":                                     `[1,null,3]`,
		"{'a': 1, 'b': 'x'}":                               `{"a":1,"b":"x"}`,
		"MAP {'k': 1.5}":                                   `{"k":1.5}`,
		"array_value(1, 2)":                                `[1,2]`,
		"'{\"k\":1}'::JSON":                                `{"k":1}`,
		"INTERVAL '1 year 2 days 3 hours'":                 `{"years":1,"days":2,"hours":3}`,
		"TIME '10:00:00'":                                  `"10:00:00"`,
		"'\\xDE\\xAD'::BLOB":                               `{"type":"Buffer","data":[222,173]}`,
		"'6f9619ff-8b86-d011-b42d-00c04fc964ff'::UUID":     `"6f9619ff-8b86-d011-b42d-00c04fc964ff"`,
		"170141183460469231731687303715884105727::HUGEINT": "1.7014118346046923e+38",
		"sum(1)":                                  "1",
		"12345678901234567890.12::DECIMAL(30,2)":  "12345678901234567000",
		"0.1::FLOAT":                              "0.1",
		"'b'::ENUM('a','b')":                      `"b"`,
		"TIMESTAMPTZ '2024-01-02 03:04:05+02'":    `"2024-01-02T01:04:05.000Z"`,
		"'infinity'::TIMESTAMP":                   "null",
		"'a long text with ☃ that is not inline'": `"a long text with ☃ that is not inline"`,
	} {
		rows, err := conn.Query(t.Context(), warehouse.Statement{SQL: "SELECT " + sql})
		if err != nil {
			t.Errorf("%s: %v", sql, err)
			continue
		}
		table, err := frame.Collect(t.Context(), rows)
		_ = rows.Close()
		if err != nil {
			t.Errorf("%s: %v", sql, err)
			continue
		}
		if got := string(frame.AppendRaw(nil, &table.Batches[0].Columns[0], 0, false)); got != want {
			t.Errorf("%s: %s, want %s", sql, got, want)
		}
	}
}

func TestAnErrorInTheMiddleOfAStreamIsReported(t *testing.T) {
	conn := open(t)
	rows, err := conn.Query(t.Context(), warehouse.Statement{SQL: "SELECT CASE WHEN range > 50000 THEN error('broken') ELSE 1 END FROM range(100000)"})
	if err == nil {
		_, err = frame.Collect(t.Context(), rows)
		_ = rows.Close()
	}
	if err == nil {
		t.Fatal("the error was lost")
	}
}

func TestNoSessionRunsTheOptimizerThatMixesSubSelectsUp(t *testing.T) {
	conn := open(t)
	for range cap(conn.idle) { // sessions are used in turn
		rows, err := conn.Query(t.Context(), warehouse.Statement{SQL: "SELECT current_setting('disabled_optimizers')"})
		if err != nil {
			t.Fatal(err)
		}
		table, err := frame.Collect(t.Context(), rows)
		_ = rows.Close() // the first error says more
		if err != nil {
			t.Fatal(err)
		}
		if got := table.Batches[0].Columns[0].Strings[0]; got != "common_subplan" {
			t.Errorf("disabled_optimizers is %q", got)
		}
	}
}

func TestH103_a_path_outside_of_the_folder_is_refused(t *testing.T) {
	inside := file(t, "CREATE TABLE a (b INTEGER)")
	outside := file(t, "CREATE TABLE a (b INTEGER)")
	root := filepath.Dir(inside)
	if err := os.Symlink(outside, filepath.Join(root, "link.duckdb")); err != nil {
		t.Fatal(err)
	}
	for path, ok := range map[string]bool{inside: true, "other.duckdb": true, outside: false, "link.duckdb": false, "../x": false, "/etc/passwd": false} {
		c, err := Open(t.Context(), warehouse.Settings{"type": "duckdb", "path": path}, Limits{Root: root})
		if (err == nil) != ok {
			t.Errorf("%s: %v", path, err)
		}
		if err == nil {
			_ = c.Close()
		}
	}
	if _, err := Open(t.Context(), warehouse.Settings{"type": "duckdb", "path": inside, "init_sql": "x"}, Limits{}); err == nil {
		t.Error("an unknown setting was taken")
	}
}

func BenchmarkMillionRows(b *testing.B) {
	conn := open(b)
	for b.Loop() {
		rows, err := conn.Query(b.Context(), warehouse.Statement{SQL: "SELECT range, range * 1.5, 'text ' || range, DATE '2024-01-01' FROM range(1000000)"})
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for {
			batch, err := rows.Next(b.Context())
			if err != nil {
				break
			}
			n += batch.Rows
		}
		_ = rows.Close()
		if n != 1000000 {
			b.Fatal(n)
		}
	}
}
