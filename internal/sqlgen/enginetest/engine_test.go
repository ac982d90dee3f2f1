package enginetest

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	_ "github.com/duckdb/duckdb-go/v2"
	_ "github.com/go-sql-driver/mysql"
	_ "github.com/trinodb/trino-go-client/trino"

	"inlay/internal/sqlgen/sqltest"
)

// engines are by their names in the environment.
var engines = map[string]func(t *testing.T, address *url.URL) sqltest.Engine{
	"MYSQL": onMySQL, "CLICKHOUSE": onClickHouse, "TRINO": onTrino,
}

func each(t *testing.T, test func(t *testing.T, e sqltest.Engine)) {
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			text := os.Getenv("INLAY_TEST_" + name)
			if text == "" {
				t.Skipf("INLAY_TEST_%s isn't set: scripts/with-engines starts it", name)
			}
			address, err := url.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			e := open(t, address)
			e.DB.SetMaxOpenConns(1) // the current schema belongs to the connection
			e.Checks = reference(t)
			t.Cleanup(func() { _ = e.DB.Close() })
			test(t, e)
		})
	}
}

// reference is DuckDB, for the independent queries: they are plain SQL that not every engine knows.
func reference(t *testing.T) *sqltest.Engine {
	db := connect(t, "duckdb", "")
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return &sqltest.Engine{Dialect: "duckdb", DB: db, Fresh: func(t *testing.T, name string) {
		run(t, db, "CREATE OR REPLACE SCHEMA "+name, "SET schema = '"+name+"'")
	}}
}

func connect(t *testing.T, driver, address string) *sql.DB {
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func run(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%v\n%s", err, statement)
		}
	}
}

func onMySQL(t *testing.T, address *url.URL) sqltest.Engine {
	password, _ := address.User.Password()
	db := connect(t, "mysql", fmt.Sprintf("%s:%s@tcp(%s)/?parseTime=true", address.User.Username(), password, address.Host))
	return sqltest.Engine{Dialect: "mysql", DB: db, Tolerance: 1e-4,
		Fresh: func(t *testing.T, name string) {
			run(t, db, "DROP DATABASE IF EXISTS "+name, "CREATE DATABASE "+name, "USE "+name)
		},
		Differs: map[string]string{"same_table_under_an_alias": "its collation groups Ann and ann together"},
		Spell:   func(s string) string { return strings.ReplaceAll(s, "TIMESTAMP", "DATETIME") }, // which every text becomes as it is
	}
}

func onClickHouse(t *testing.T, address *url.URL) sqltest.Engine {
	password, _ := address.User.Password()
	db := clickhouse.OpenDB(&clickhouse.Options{Protocol: clickhouse.HTTP, Addr: []string{address.Host},
		Auth:     clickhouse.Auth{Username: address.User.Username(), Password: password},
		Settings: clickhouse.Settings{"session_id": fmt.Sprint("inlay-", time.Now().UnixNano())}}) // the session holds what USE says
	spelled := strings.NewReplacer("INTEGER", "Nullable(Int32)", "NUMERIC(12,2)", "Nullable(Decimal(12,2))", "BOOLEAN", "Nullable(Bool)",
		"TIMESTAMP", "Nullable(DateTime64(3))", "DOUBLE PRECISION", "Nullable(Float64)", " DATE", " Nullable(Date32)", "O''Neil", `O\'Neil`)
	text := regexp.MustCompile(`VARCHAR\(\d+\)`)
	return sqltest.Engine{Dialect: "clickhouse", DB: db, Tolerance: 1e-9,
		Fresh: func(t *testing.T, name string) {
			run(t, db, "DROP DATABASE IF EXISTS "+name, "CREATE DATABASE "+name, "USE "+name)
		},
		Spell: func(s string) string {
			if !strings.HasPrefix(strings.TrimSpace(s), "CREATE TABLE") {
				return s
			}
			return strings.TrimSuffix(strings.TrimSpace(spelled.Replace(text.ReplaceAllString(s, "Nullable(String)"))), ";") + " ENGINE = Memory"
		},
	}
}

func onTrino(t *testing.T, address *url.URL) sqltest.Engine {
	db := connect(t, "trino", fmt.Sprintf("%s://%s@%s?catalog=%s&schema=default", address.Scheme, address.User.Username(), address.Host, address.Path[1:]))
	moment, day := regexp.MustCompile(`'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d'`), regexp.MustCompile(`'\d{4}-\d\d-\d\d'`)
	return sqltest.Engine{Dialect: "trino", DB: db, Tolerance: 1e-4,
		Differs: map[string]string{
			"fan_out/median": "percentiles are approximate: a value that is there, not one between two",
			"non_additive_and_semi_additive_measures/by_branch":   "whole numbers divide to whole numbers",
			"period_comparisons_over_gaps/change_over_a_calendar": "decimals divide to as many digits as they have",
			"row_policy": "a text isn't compared with a number: the column's type must be known, and this case has no catalogue",
		},
		Fresh: func(t *testing.T, _ string) { dropTables(t, db) }, // the client forgets what USE says
		Spell: func(s string) string {
			s = strings.ReplaceAll(strings.TrimSuffix(strings.TrimSpace(s), ";"), "NUMERIC", "DECIMAL")
			return day.ReplaceAllString(moment.ReplaceAllString(s, "TIMESTAMP $0"), "DATE $0")
		},
	}
}

func dropTables(t *testing.T, db *sql.DB) {
	tables, err := sqltest.Rows(db, "SHOW TABLES")
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		run(t, db, "DROP TABLE "+table)
	}
}

func TestTrapsGiveTheRightNumbers(t *testing.T) {
	each(t, func(t *testing.T, e sqltest.Engine) { sqltest.Traps(t, "../../metric/testdata/traps", e) })
}

func TestGoldensRun(t *testing.T) {
	each(t, func(t *testing.T, e sqltest.Engine) { sqltest.RunGoldens(t, "../testdata", e) })
}

func TestQuotedTextComesBack(t *testing.T) { each(t, sqltest.Quoting) }
