package testkit

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
)

// LoadDuckDB creates the tables of recording folders (schema.duckdb.sql and tables/) in an open DuckDB.
func LoadDuckDB(ctx context.Context, db *sql.DB, folders ...string) error {
	for _, folder := range folders {
		script, err := os.ReadFile(filepath.Join(folder, "schema.duckdb.sql"))
		if err != nil {
			return err
		}
		tables, err := filepath.Abs(filepath.Join(folder, "tables"))
		if err != nil {
			return err
		}
		if schema := createSchema.FindStringSubmatch(string(script)); schema != nil {
			if _, err := db.ExecContext(ctx, "DROP SCHEMA IF EXISTS "+schema[1]+" CASCADE"); err != nil {
				return err
			}
		}
		text := strings.ReplaceAll(string(script), "'tables/", "'"+strings.ReplaceAll(tables, "'", "''")+"/")
		if _, err := db.ExecContext(ctx, text); err != nil {
			return fmt.Errorf("testkit.LoadDuckDB %s: %w", folder, err)
		}
	}
	return nil
}

// copyLine is psql's way to fill a table from a file of the client.
var copyLine = regexp.MustCompile(`(?m)^\\copy\s+(.+?)\s+FROM\s+'([^']+)'\s+(.*)$`)

var createSchema = regexp.MustCompile(`(?m)^CREATE SCHEMA IF NOT EXISTS (\w+);`)

// LoadPostgres creates the tables of recording folders (schema.postgres.sql and tables/) in a PostgreSQL database.
func LoadPostgres(ctx context.Context, address string, folders ...string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }() // the load's own error counts
	for _, folder := range folders {
		if err := loadPostgres(ctx, conn, folder); err != nil {
			return fmt.Errorf("testkit.LoadPostgres %s: %w", folder, err)
		}
	}
	return nil
}

func loadPostgres(ctx context.Context, conn *pgx.Conn, folder string) error {
	data, err := os.ReadFile(filepath.Join(folder, "schema.postgres.sql"))
	if err != nil {
		return err
	}
	script := string(data)
	// A folder is loaded anew: what an earlier run left would be taken for its rows.
	if schema := createSchema.FindStringSubmatch(script); schema != nil {
		if _, err := conn.Exec(ctx, "DROP SCHEMA IF EXISTS "+schema[1]+" CASCADE"); err != nil {
			return err
		}
	}
	for {
		at := copyLine.FindStringSubmatchIndex(script)
		if at == nil {
			_, err := conn.Exec(ctx, script)
			return err
		}
		if _, err := conn.Exec(ctx, script[:at[0]]); err != nil {
			return err
		}
		rows, err := os.ReadFile(filepath.Join(folder, script[at[4]:at[5]]))
		if err != nil {
			return err
		}
		statement := "COPY " + script[at[2]:at[3]] + " FROM STDIN " + script[at[6]:at[7]]
		if _, err := conn.PgConn().CopyFrom(ctx, bytes.NewReader(rows), statement); err != nil {
			return err
		}
		script = script[at[1]:]
	}
}

// Shared finds the folder of recordings and specifications that lies beside the repository, from INLAY_SHARED or by
// walking up; it is empty where there is none, and tests that need it skip.
func Shared() string {
	if named := os.Getenv("INLAY_SHARED"); named != "" {
		return named
	}
	at, err := os.Getwd()
	if err != nil {
		return ""
	}
	for {
		candidate := filepath.Join(at, "shared")
		if _, err := os.Stat(filepath.Join(candidate, "conformance", "fixtures.json")); err == nil {
			return candidate
		}
		if filepath.Dir(at) == at {
			return ""
		}
		at = filepath.Dir(at)
	}
}
