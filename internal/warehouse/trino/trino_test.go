package trino

import (
	"net/url"
	"os"
	"strconv"
	"testing"

	"inlay/internal/warehouse"
	"inlay/internal/warehouse/warehousetest"
)

func TestContract(t *testing.T) {
	address := os.Getenv("INLAY_TEST_TRINO")
	if address == "" {
		t.Skip("INLAY_TEST_TRINO is not set to a http://user@host:port/catalog address")
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	port, _ := strconv.Atoi(u.Port())
	conn, err := Open(warehouse.Settings{"type": "trino", "host": u.Hostname(), "port": port, "user": u.User.Username(), "dbname": u.Path[1:],
		"schema": "default", "http_scheme": u.Scheme}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := conn.db.ExecContext(t.Context(), "CREATE TABLE IF NOT EXISTS inlay_contract (order_id INTEGER)"); err != nil {
		t.Fatal(err)
	}
	numbers := `SELECT n FROM (SELECT a * 1000 + b + 1 AS n FROM UNNEST(sequence(0, 999)) AS x (a) CROSS JOIN UNNEST(sequence(0, 999)) AS y (b)) WHERE n <= %d ORDER BY n`
	warehousetest.Run(t, conn, warehousetest.Engine{
		Types:    `SELECT 7 AS i, DECIMAL '1.5' AS f, true AS b, DATE '2024-02-29' AS d, TIMESTAMP '2024-12-31 00:15:30.123' AS ts, 'it''s' AS s, NULL AS z`,
		Numbers:  numbers,
		Slow:     `SELECT count(*) FROM UNNEST(sequence(1, 10000)) AS x (a) CROSS JOIN UNNEST(sequence(1, 10000)) AS y (b) CROSS JOIN UNNEST(sequence(1, 10000)) AS z (c) WHERE a * b % 7 = c % 5`,
		Relation: warehouse.Relation{Schema: "default", Table: "inlay_contract"},
		Wrong:    "SELECT\n  nope FROM inlay_contract", Line: 2, Char: 3,
		Writes: []string{"INSERT INTO inlay_contract VALUES (1)", "DROP TABLE inlay_contract", "EXPLAIN ANALYZE INSERT INTO inlay_contract VALUES (1)"},
	})
}

func TestSettingsThatCantBeUsedAreRefused(t *testing.T) {
	for _, s := range []warehouse.Settings{
		{"host": "x", "http_scheme": "ftp"}, {"host": "x/y"}, {}, {"host": "x", "password": "y", "http_scheme": "http"}, {"host": "x", "session": "a=b"},
	} {
		if _, err := Open(s, nil); err == nil {
			t.Errorf("%v was taken", s)
		}
	}
}
