//go:build noduckdb

package drivers

import (
	"context"

	"inlay/internal/fault"
	"inlay/internal/warehouse"
)

func openDuckDB(context.Context, warehouse.Settings, Options) (warehouse.Conn, error) {
	return nil, fault.Coded(fault.Invalid, "Parameter", "This build has no DuckDB")
}
