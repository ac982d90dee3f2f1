package sqlgen

import (
	"strconv"

	"inlay/internal/semantic"
)

func duckdb() *Dialect {
	d := base("duckdb")
	d.trunc = func(interval, x string, _ semantic.Type, weekStart *int) string {
		if interval == "WEEK" && weekStart != nil && *weekStart != 0 {
			days := strconv.Itoa(*weekStart)
			return "(DATE_TRUNC('WEEK', (" + x + " - INTERVAL '" + days + " days')) + INTERVAL '" + days + " days')"
		}
		return "DATE_TRUNC('" + interval + "', " + x + ")"
	}
	d.name = func(of, x string, _ semantic.Type) string {
		return pick(of, "DAYNAME("+x+")", "MONTHNAME("+x+")", "CONCAT('Q', QUARTER("+x+"))")
	}
	return d
}
