package sqlgen_test

import (
	"database/sql"
	"os"
	"testing"

	"inlay/internal/sqlgen/sqltest"

	_ "github.com/jackc/pgx/v5/stdlib"
)

// onPostgres opens the PostgreSQL server of the environment.
func onPostgres(t testing.TB) sqltest.Engine {
	url := os.Getenv("INLAY_TEST_POSTGRES")
	if url == "" {
		t.Skip("INLAY_TEST_POSTGRES isn't set")
	}
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1) // the search path belongs to the connection
	t.Cleanup(func() { db.Close() })
	if _, err := db.Exec("SET synchronous_commit = off"); err != nil { // tables of tests need not survive a crash
		t.Fatal(err)
	}
	fresh := func(t *testing.T, name string) {
		for _, statement := range []string{"DROP SCHEMA IF EXISTS " + name + " CASCADE", "CREATE SCHEMA " + name, "SET search_path = " + name} {
			if _, err := db.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		t.Cleanup(func() { _, _ = db.Exec("DROP SCHEMA IF EXISTS " + name + " CASCADE") })
	}
	return sqltest.Engine{Dialect: "postgres", DB: db, Fresh: fresh}
}

func TestTrapsGiveTheRightNumbersOnPostgreSQL(t *testing.T) {
	sqltest.Traps(t, "../metric/testdata/traps", onPostgres(t))
}

func TestPoliciesShowWhatDeletingTheOtherRowsWouldOnPostgreSQL(t *testing.T) {
	sqltest.Isolation(t, "../metric/testdata/traps", onPostgres(t))
}

func TestQuotedTextComesBackFromPostgreSQL(t *testing.T) { sqltest.Quoting(t, onPostgres(t)) }

func FuzzQuotingOnPostgreSQL(f *testing.F) { sqltest.FuzzQuoted(f, onPostgres(f), 63) }

func TestTextFiltersMeanWhatTheySayOnPostgreSQL(t *testing.T) { sqltest.Patterns(t, onPostgres(t)) }

func TestRandomQueriesGiveWhatCountingByHandGivesOnPostgreSQL(t *testing.T) {
	sqltest.Random(t, onPostgres(t), 5)
}
