package sqlgen

import (
	"strconv"
	"strings"

	"inlay/internal/semantic"
)

func duckdb() *Dialect {
	d := base("duckdb")
	d.refusesLess = true
	d.mixesSubplans = true // 1.5: the common_subplan optimizer confuses keys of different tables over the same joins
	// CONCAT would skip nulls, and whole numbers that come out of FLOOR are written with a point.
	d.text = func(x string) string { return "REGEXP_REPLACE(CAST(" + x + " AS VARCHAR), '\\.0$', '')" }
	d.concat = func(parts []string) string { return "(" + strings.Join(parts, " || ") + ")" }
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
