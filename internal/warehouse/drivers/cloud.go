//go:build cloud

package drivers

import (
	"inlay/internal/warehouse"
	"inlay/internal/warehouse/bigquery"
	"inlay/internal/warehouse/snowflake"
)

func openCloud(s warehouse.Settings, o Options) (warehouse.Conn, error) {
	if s.Type() == "bigquery" {
		return opened(bigquery.Open(s, o.Dial))
	}
	return opened(snowflake.Open(s, o.Dial))
}
