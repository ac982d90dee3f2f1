// Package warehouse is the port to the databases that hold the data: run SQL, stream batches, list tables, cancel.
// It doesn't know what an explore is. Drivers live below it, one package an engine.
package warehouse

import (
	"context"

	"inlay/internal/frame"
)

// Statement is SQL with its arguments and a tag that names who asked and what for.
type Statement struct {
	SQL  string
	Args []any
	Tag  map[string]string // organization, project, purpose, request; no secrets, no row values
}

// Column is one column of the catalogue.
type Column struct {
	Database, Schema, Table, Name string
	Type                          string // the engine's own name
}

// Relation names a table for which columns are wanted.
type Relation struct{ Database, Schema, Table string }

// Conn is an open connection (a pool) to one database. Cancelling ctx cancels the query in the engine. Errors of the
// engine are faults of kind Invalid with code "WarehouseQuery" and the engine's text, and lineNumber and charNumber in
// Data where it gives a position; failing to connect is code "WarehouseConnection".
type Conn interface {
	// Dialect names the SQL that the engine speaks: duckdb, postgres, redshift, snowflake, bigquery, databricks, trino,
	// clickhouse, mysql.
	Dialect() string
	Query(ctx context.Context, s Statement) (frame.Reader, error)
	// Columns lists the columns of the given relations, or of all tables when none is given.
	Columns(ctx context.Context, relations []Relation) ([]Column, error)
	// Ping tells why the connection can't be used.
	Ping(ctx context.Context) error
	Close() error
}

// Settings are the fields of a connection as the API names them (type, host, user, dbname, schema, …), with secrets.
type Settings map[string]any

// Type is the engine's name in the settings.
func (s Settings) Type() string { t, _ := s["type"].(string); return t }

// Opener opens a connection; cmd wires one that knows every driver.
type Opener func(ctx context.Context, s Settings) (Conn, error)
