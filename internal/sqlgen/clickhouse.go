package sqlgen

import (
	"strconv"
	"strings"

	"inlay/internal/metric"
	"inlay/internal/semantic"
)

func clickhouse() *Dialect {
	d := base("clickhouse")
	d.identBackslash = true
	d.suffix = "\nSETTINGS join_use_nulls = 1" // without it, rows that met nothing hold zeros instead of nulls
	d.textBackslash, d.quoteByEscape, d.likeBackslash = true, true, true
	d.percentile = func(x string, p float64) string {
		return "quantileExactInclusive(" + share(p) + ")(toFloat64(" + x + "))"
	}
	d.trunc = func(interval, x string, _ semantic.Type, weekStart *int) string {
		if interval == "WEEK" && weekStart != nil && *weekStart != 0 {
			days := strconv.Itoa(*weekStart)
			return "addDays(date_trunc('week', subtractDays(" + x + ", " + days + ")), " + days + ")"
		}
		return "date_trunc('" + strings.ToLower(interval) + "', " + x + ")"
	}
	d.part = func(part, x string) string {
		switch part {
		case "DOW":
			return "toDayOfWeek(" + x + ") % 7"
		case "DOY":
			return "toDayOfYear(" + x + ")"
		case "WEEK":
			return "toISOWeek(" + x + ")"
		}
		return "EXTRACT(" + part + " FROM " + x + ")"
	}
	d.name = func(of, x string, _ semantic.Type) string {
		return pick(of, "dateName('weekday', "+x+")", "dateName('month', "+x+")", "concat('Q', toString(toQuarter("+x+")))")
	}
	d.shift = func(x string, by metric.Shift, _ semantic.Type, _ bool) string {
		if by.Months != 0 {
			return "addMonths(" + x + ", " + strconv.Itoa(by.Months) + ")"
		}
		return "addDays(" + x + ", " + strconv.Itoa(by.Days) + ")"
	}
	d.inZone = func(x, zone string) string { // as text, because an instant would be shown in UTC again
		return "toDateTime64(toString(toTimeZone(" + x + ", " + zone + ")), 3, 'UTC')"
	}
	d.same = func(a, b string) string { return "isNotDistinctFrom(" + a + ", " + b + ")" }
	return d
}
