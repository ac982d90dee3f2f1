package mysql

import (
	"net/url"
	"os"
	"strconv"
	"testing"

	"inlay/internal/warehouse"
	"inlay/internal/warehouse/warehousetest"
)

func TestContract(t *testing.T) {
	address := os.Getenv("INLAY_TEST_MYSQL")
	if address == "" {
		t.Skip("INLAY_TEST_MYSQL is not set to a mysql://user:password@host:port/ address")
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	port, _ := strconv.Atoi(u.Port())
	password, _ := u.User.Password()
	conn, err := Open(warehouse.Settings{"type": "mysql", "host": u.Hostname(), "port": float64(port), "user": u.User.Username(), "password": password,
		"sslmode": "disable"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	for _, sql := range []string{"CREATE DATABASE IF NOT EXISTS inlay_test", "CREATE TABLE IF NOT EXISTS inlay_test.orders (order_id INT)"} {
		if _, err := conn.db.Exec(sql); err != nil {
			t.Fatal(err)
		}
	}
	warehousetest.Run(t, conn, warehousetest.Engine{
		Types: `SELECT 7 AS i, 1.5 AS f, true AS b, DATE '2024-02-29' AS d, TIMESTAMP '2024-12-31 00:15:30.123' AS ts, 'it''s' AS s, NULL AS z`,
		Numbers: `WITH RECURSIVE d (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM d WHERE i < 999)
SELECT a.i * 1000 + b.i + 1 AS n FROM d a CROSS JOIN d b WHERE a.i * 1000 + b.i < %d ORDER BY n`,
		Slow:     "SELECT SLEEP(60)",
		Relation: warehouse.Relation{Schema: "inlay_test", Table: "orders"},
		Wrong:    "SELECT\n  nope FROM inlay_test.orders",
		Writes: []string{"INSERT INTO inlay_test.orders VALUES (2)", "DELETE FROM inlay_test.orders", "SELECT 1 INTO OUTFILE '/tmp/inlay-x'",
			"SET GLOBAL max_connections = 1", "SELECT * FROM inlay_test.orders INTO @x"},
	})
}
