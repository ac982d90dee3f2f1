//go:build !noduckdb

package drivers

import (
	"context"

	"inlay/internal/warehouse"
	"inlay/internal/warehouse/duckdb"
)

func openDuckDB(ctx context.Context, s warehouse.Settings, o Options) (warehouse.Conn, error) {
	return opened(duckdb.Open(ctx, s, duckdb.Limits{Root: o.Files, Memory: o.Memory}))
}
