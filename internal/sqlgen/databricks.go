package sqlgen

import (
	"strconv"

	"inlay/internal/semantic"
)

func databricks() *Dialect {
	d := base("databricks")
	d.identQuote = "`"
	d.textBackslash, d.quoteByEscape = true, true
	d.percentile = func(x string, p float64) string { return "PERCENTILE(" + x + ", " + share(p) + ")" }
	d.trunc = func(interval, x string, _ semantic.Type, weekStart *int) string {
		if interval == "WEEK" && weekStart != nil {
			days := strconv.Itoa(*weekStart)
			return "DATEADD(DAY, " + days + ", DATE_TRUNC('WEEK', DATEADD(DAY, -" + days + ", " + x + ")))"
		}
		return "DATE_TRUNC('" + interval + "', " + x + ")"
	}
	d.inZone = func(x, zone string) string { return "FROM_UTC_TIMESTAMP(" + x + ", " + zone + ")" }
	d.name = func(of, x string, _ semantic.Type) string {
		return "DATE_FORMAT(" + x + ", '" + pick(of, "EEEE", "MMMM", "QQQ") + "')"
	}
	d.same = func(a, b string) string { return a + " <=> " + b }
	return d
}
