package sqlgen

import (
	"strconv"
	"strings"

	"inlay/internal/semantic"
)

func duckdb() *Dialect {
	d := base("duckdb")
	d.refusesLess = true
	d.inZone = sessionZone
	d.shift = addInterval
	d.mixesSubplans = true // 1.5: the common_subplan optimizer confuses keys of different tables over the same joins
	d.text = func(x string, whole bool) string {
		x = "CAST(" + x + " AS VARCHAR)"
		if whole { // what comes out of FLOOR is written with a point
			return "REGEXP_REPLACE(" + x + ", '\\.0$', '')"
		}
		return x
	}
	// CONCAT would skip nulls.
	d.concat = func(parts []string) string { return "(" + strings.Join(parts, " || ") + ")" }
	d.percentile = func(x string, p float64) string { // decimals would be rounded to their own scale
		return "PERCENTILE_CONT(" + share(p) + ") WITHIN GROUP (ORDER BY CAST(" + x + " AS DOUBLE))"
	}
	d.trunc = func(interval, x string, _ semantic.Type, weekStart *int) string {
		if interval == "WEEK" && weekStart != nil && *weekStart != 0 {
			days := strconv.Itoa(*weekStart)
			return "(DATE_TRUNC('WEEK', (" + x + " - INTERVAL '" + days + " days')) + INTERVAL '" + days + " days')"
		}
		if interval == "DAY" { // twice as fast as DATE_TRUNC
			return "CAST(" + x + " AS DATE)"
		}
		return "DATE_TRUNC('" + interval + "', " + x + ")"
	}
	d.name = func(of, x string, _ semantic.Type) string {
		return pick(of, "DAYNAME("+x+")", "MONTHNAME("+x+")", "('Q' || QUARTER("+x+"))")
	}
	return d
}
