// Package storetest opens fresh metadata databases for tests. It knows nothing of the tables in them.
package storetest

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"inlay/internal/secret"
	"inlay/internal/store"
)

// Env names the variable with the address of a PostgreSQL server that tests may make databases on.
const Env = "INLAY_TEST_POSTGRES"

// Each runs a test on a fresh, migrated database of every kind. PostgreSQL is skipped, with the reason, where no
// server is known.
func Each(t *testing.T, f func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) { f(t, SQLite(t)) })
	t.Run("PostgreSQL", func(t *testing.T) { f(t, Postgres(t)) })
}

// SQLite opens a fresh, migrated database file.
func SQLite(t testing.TB) *store.DB {
	t.Helper()
	return Open(t, filepath.Join(t.TempDir(), "inlay.db"))
}

// Postgres makes a database of its own for the test, and drops it afterwards.
func Postgres(t testing.TB) *store.DB {
	t.Helper()
	return Open(t, PostgresAddress(t))
}

// PostgresAddress makes an empty database for the test, and drops it afterwards.
func PostgresAddress(t testing.TB) string {
	t.Helper()
	server := os.Getenv(Env)
	if server == "" {
		t.Skip(Env + " is not set, so there is no PostgreSQL to test on")
	}
	address, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	name := "inlay_" + strings.ToLower(strings.NewReplacer("-", "0", "_", "1").Replace(secret.Token(9)))
	execOn(t, server, "CREATE DATABASE "+name)
	t.Cleanup(func() { execOn(t, server, "DROP DATABASE "+name+" WITH (FORCE)") })
	address.Path = "/" + name
	return address.String()
}

// Open opens and migrates a database for the test, and closes it afterwards.
func Open(t testing.TB, address string) *store.DB {
	t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	return db
}

func execOn(t testing.TB, server, statement string) {
	t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, server)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(ctx, statement); err != nil {
		t.Fatal(err)
	}
}
