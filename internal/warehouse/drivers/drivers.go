// Package drivers opens connections of every engine that is built in. Only cmd and tests choose by it.
package drivers

import (
	"context"

	"inlay/internal/fault"
	"inlay/internal/warehouse"
	"inlay/internal/warehouse/clickhouse"
	"inlay/internal/warehouse/databricks"
	"inlay/internal/warehouse/mysql"
	"inlay/internal/warehouse/postgres"
	"inlay/internal/warehouse/trino"
)

// Options are the operator's limits for all connections.
type Options struct {
	Files  string // directory that DuckDB files must lie in; empty is anywhere
	Memory string // of one DuckDB file, such as "1GB"
	// Dial opens network connections; nil is the network itself. The server passes the one that keeps to allowed addresses.
	Dial warehouse.Dial
}

// Open opens a connection by the type in its settings. Faults: Invalid.
func (o Options) Open(ctx context.Context, s warehouse.Settings) (warehouse.Conn, error) {
	switch s.Type() {
	case "duckdb":
		return openDuckDB(ctx, s, o)
	case "postgres", "redshift":
		return opened(postgres.Open(ctx, s, o.Dial))
	case "mysql", "mariadb":
		return opened(mysql.Open(s, o.Dial))
	case "trino":
		return opened(trino.Open(s, o.Dial))
	case "clickhouse":
		return opened(clickhouse.Open(s, o.Dial))
	case "databricks":
		return opened(databricks.Open(s, o.Dial))
	case "bigquery", "snowflake":
		return openCloud(s, o)
	}
	return nil, fault.Coded(fault.Invalid, "Parameter", "Warehouses of type %q are not supported", s.Type())
}

// opened keeps a nil pointer from becoming an interface that isn't nil.
func opened[C warehouse.Conn](conn C, err error) (warehouse.Conn, error) {
	if err != nil {
		return nil, err
	}
	return conn, nil
}
