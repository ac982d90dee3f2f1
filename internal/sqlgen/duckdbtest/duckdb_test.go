package duckdbtest

import (
	"database/sql"
	"testing"

	"inlay/internal/sqlgen/sqltest"

	_ "github.com/duckdb/duckdb-go/v2"
)

func open(t testing.TB) sqltest.Engine {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	fresh := func(t *testing.T, name string) {
		for _, statement := range []string{"DROP SCHEMA IF EXISTS " + name + " CASCADE", "CREATE SCHEMA " + name, "SET schema = '" + name + "'"} {
			if _, err := db.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
	}
	return sqltest.Engine{Dialect: "duckdb", DB: db, Fresh: fresh}
}

func TestTrapsGiveTheRightNumbersOnDuckDB(t *testing.T) {
	sqltest.Traps(t, "../../metric/testdata/traps", open(t))
}

func TestGoldensRunOnDuckDB(t *testing.T) {
	sqltest.RunGoldens(t, "../testdata", open(t))
}

func TestPoliciesShowWhatDeletingTheOtherRowsWouldOnDuckDB(t *testing.T) {
	sqltest.Isolation(t, "../../metric/testdata/traps", open(t))
}

func TestQuotedTextComesBackFromDuckDB(t *testing.T) { sqltest.Quoting(t, open(t)) }

func FuzzQuotingOnDuckDB(f *testing.F) { sqltest.FuzzQuoted(f, open(f), 1000) }

func TestTextFiltersMeanWhatTheySayOnDuckDB(t *testing.T) { sqltest.Patterns(t, open(t)) }

func TestRandomQueriesGiveWhatCountingByHandGivesOnDuckDB(t *testing.T) {
	seeds := 60
	if testing.Short() {
		seeds = 10
	}
	sqltest.Random(t, open(t), seeds)
}
