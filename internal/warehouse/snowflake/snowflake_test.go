//go:build cloud

package snowflake

import (
	"net/url"
	"os"
	"testing"

	"inlay/internal/warehouse"
	"inlay/internal/warehouse/warehousetest"
)

func TestContract(t *testing.T) {
	address := os.Getenv("INLAY_TEST_SNOWFLAKE")
	if address == "" {
		t.Skip("INLAY_TEST_SNOWFLAKE is not set to a http://user:password@host:port/database/schema address")
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	conn, err := Open(warehouse.Settings{"type": "snowflake", "account": "test", "accessUrl": u.Scheme + "://" + u.Host, "user": u.User.Username(),
		"password": password, "database": "DB1", "schema": "SCHEMA1", "warehouse": "WH"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := conn.db.ExecContext(t.Context(), "CREATE TABLE IF NOT EXISTS INLAY_CONTRACT (ORDER_ID INTEGER)"); err != nil {
		t.Fatal(err)
	}
	warehousetest.Run(t, conn, warehousetest.Engine{
		Types:    `SELECT 7 AS "i", 1.5 AS "f", true AS "b", DATE '2024-02-29' AS "d", TIMESTAMP '2024-12-31 00:15:30.123' AS "ts", 'it''s' AS "s", NULL AS "z"`,
		Numbers:  `SELECT ROW_NUMBER() OVER (ORDER BY NULL) AS n FROM TABLE(GENERATOR(ROWCOUNT => %d)) ORDER BY n`,
		Relation: warehouse.Relation{Schema: "SCHEMA1", Table: "INLAY_CONTRACT"},
		Wrong:    "SELECT\n  \"nope\" FROM INLAY_CONTRACT",
		Writes:   []string{"INSERT INTO INLAY_CONTRACT VALUES (2)", "CALL X()", "PUT file:///etc/passwd @~", "ALTER SESSION SET TIMEZONE = 'UTC'"},
	})
}

func TestSettingsThatCantBeUsedAreRefused(t *testing.T) {
	for _, s := range []warehouse.Settings{
		{}, {"account": "a/b", "user": "u", "password": "p"}, {"account": "a", "user": "u"}, {"account": "a", "user": "u", "privateKey": "x"},
		{"account": "a", "user": "u", "password": "p", "accessUrl": "file:///x"}, {"account": "a", "user": "u", "password": "p", "tracing": "debug"},
	} {
		if _, err := Open(s, nil); err == nil {
			t.Errorf("%v was taken", s)
		}
	}
}

func TestWeeksStartWhereTheConnectionSays(t *testing.T) {
	for start, want := range map[any]string{0: "1", float64(6): "7", nil: ""} {
		c, err := configure(warehouse.Settings{"account": "a", "user": "u", "password": "p", "startOfWeek": start})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if value := c.Params["WEEK_START"]; value != nil {
			got = *value
		}
		if got != want {
			t.Errorf("%v: WEEK_START is %q, want %q", start, got, want)
		}
	}
}
