package postgres

import (
	"context"
	"maps"
	"net/url"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/warehouse"
	"inlay/internal/warehouse/sshtunnel/sshtest"
	"inlay/internal/warehouse/warehousetest"
)

func open(t *testing.T) *Conn { return openThrough(t, nil) }

func openThrough(t *testing.T, tunnel warehouse.Settings) *Conn {
	t.Helper()
	address := os.Getenv("INLAY_TEST_POSTGRES")
	if address == "" {
		t.Skip("INLAY_TEST_POSTGRES is not set to a postgres:// address")
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	port, _ := strconv.Atoi(u.Port())
	password, _ := u.User.Password()
	settings := warehouse.Settings{"type": "postgres", "host": u.Hostname(), "port": float64(port), "user": u.User.Username(),
		"password": password, "dbname": u.Path[1:], "sslmode": "disable"}
	maps.Copy(settings, tunnel)
	c, err := Open(t.Context(), settings, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// makeOrders makes the table that the contract reads and must not be able to change.
func makeOrders(t *testing.T) {
	t.Helper()
	db, err := pgx.Connect(t.Context(), os.Getenv("INLAY_TEST_POSTGRES"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close(context.Background()) }()
	if _, err := db.Exec(t.Context(), "CREATE SCHEMA IF NOT EXISTS contract; CREATE TABLE IF NOT EXISTS contract.orders (order_id integer)"); err != nil {
		t.Fatal(err)
	}
}

func TestContract(t *testing.T) {
	conn := open(t)
	makeOrders(t)
	warehousetest.Run(t, conn, warehousetest.Engine{
		Types:    `SELECT 7 AS i, 1.5::numeric AS f, true AS b, DATE '2024-02-29' AS d, TIMESTAMP '2024-12-31 00:15:30.123' AS ts, 'it''s' AS s, NULL AS z`,
		Numbers:  "SELECT n FROM generate_series(1, %d) AS n",
		Slow:     "SELECT pg_sleep(60)",
		Relation: warehouse.Relation{Schema: "contract", Table: "orders"},
		Wrong:    "SELECT\n  nope FROM contract.orders", Line: 2, Char: 3,
		Writes: []string{"CREATE TABLE x (a int)", "DELETE FROM contract.orders", "WITH x AS (DELETE FROM contract.orders RETURNING 1) SELECT * FROM x",
			"SELECT set_config('transaction_read_only', 'off', false)", "COPY contract.orders TO PROGRAM 'true'"},
	})
}

func TestATunnelCarriesQueriesAndCancellations(t *testing.T) {
	conn := openThrough(t, sshtest.New(t).Settings())
	if err := conn.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	rows, err := conn.Query(ctx, warehouse.Statement{SQL: "SELECT pg_sleep(60)"})
	if err == nil {
		_, err = rows.Next(ctx)
		_ = rows.Close()
	}
	if fault.As(err).Code != "QueryTimeout" || time.Since(start) > 3*time.Second {
		t.Errorf("after %s: %v", time.Since(start), err)
	}
}

func TestTypesArriveAsRecorded(t *testing.T) {
	conn := open(t)
	for sql, want := range map[string]string{
		"9007199254740993::bigint": "9007199254740993", "2.5::float8": "2.5", "0.1::float4": "0.1", "-1234.5678::numeric": "-1234.5678",
		"'NaN'::numeric": "null", "0::numeric": "0", "1e30::numeric": "1e+30", "0.00012::numeric": "0.00012", "10000::numeric": "10000",
		"99999999999999999999.5::numeric": "100000000000000000000", "123456789012.345678::numeric": "123456789012.34567",
		"timestamptz '2024-01-02 03:04:05+02'": `"2024-01-02T01:04:05.000Z"`, `'{"a":1}'::jsonb`: `{"a": 1}`, "array[1,2]": "[1,2]",
		"interval '1 day'": `{"days":1}`, "time '10:00'": `"10:00:00"`, `'\xdead'::bytea`: `{"type":"Buffer","data":[222,173]}`,
		"'6f9619ff-8b86-d011-b42d-00c04fc964ff'::uuid": `"6f9619ff-8b86-d011-b42d-00c04fc964ff"`, "'infinity'::timestamp": "null",
		"date '1969-12-31'": `"1969-12-31T00:00:00.000Z"`, "'1.2.3.4'::inet": `"1.2.3.4/32"`, "array['a',null]": `["a",null]`,
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

func TestH103_unknown_settings_are_refused(t *testing.T) {
	for _, s := range []warehouse.Settings{{"host": "x", "options": "-c a=b"}, {"host": "/var/run"}, {"host": "x", "sslkey": "/etc/passwd"}} {
		s["type"] = "postgres"
		if _, err := Open(t.Context(), s, nil); err == nil {
			t.Errorf("%v was taken", s)
		}
	}
}

func TestATransactionLeavesNothingInItsSession(t *testing.T) {
	conn := open(t)
	for range 20 {
		rows, err := conn.Query(t.Context(), warehouse.Statement{SQL: "SELECT set_config('search_path', 'pg_temp', false)"})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = frame.Collect(t.Context(), rows)
		_ = rows.Close()
	}
	rows, err := conn.Query(t.Context(), warehouse.Statement{SQL: "SELECT current_setting('search_path')"})
	if err != nil {
		t.Fatal(err)
	}
	table, err := frame.Collect(t.Context(), rows)
	_ = rows.Close()
	if err != nil || table.Batches[0].Columns[0].Strings[0] == "pg_temp" {
		t.Errorf("search_path survived: %v", err)
	}
}
