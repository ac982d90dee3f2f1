//go:build !cloud

package drivers

import (
	"inlay/internal/fault"
	"inlay/internal/warehouse"
)

func openCloud(s warehouse.Settings, _ Options) (warehouse.Conn, error) {
	return nil, fault.Coded(fault.Invalid, "Parameter", "This build has no %s: build it with -tags cloud", s.Type())
}
