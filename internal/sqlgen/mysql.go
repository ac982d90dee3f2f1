package sqlgen

import (
	"strconv"

	"inlay/internal/metric"
	"inlay/internal/semantic"
)

func mysql() *Dialect {
	d := base("mysql")
	d.identQuote, d.textBackslash = "`", true
	d.any = func(x string) string { return "MAX(" + x + ")" } // MariaDB has no ANY_VALUE
	d.percentile = nil
	// inZone stays unknown: CONVERT_TZ gives nulls wherever nobody loaded the server's tables of zones.
	d.exactly = func(column, list string) string { // collations take A for a; the first half is for indexes
		return "(" + column + " IN (" + list + ") AND CAST(CONVERT(" + column + " USING utf8mb4) AS BINARY) IN (" + list + "))"
	}
	d.noFullJoin, d.sortsAliases, d.lax = true, true, true
	d.trunc = func(interval, x string, _ semantic.Type, weekStart *int) string {
		switch interval {
		case "DAY":
			return "DATE(" + x + ")"
		case "WEEK":
			first := 0
			if weekStart != nil {
				first = *weekStart
			}
			return "DATE_SUB(DATE(" + x + "), INTERVAL MOD(WEEKDAY(" + x + ") + " + strconv.Itoa(7-first) + ", 7) DAY)"
		case "MONTH":
			return "DATE(DATE_FORMAT(" + x + ", '%Y-%m-01'))"
		case "QUARTER":
			return "DATE_ADD(MAKEDATE(YEAR(" + x + "), 1), INTERVAL QUARTER(" + x + ") - 1 QUARTER)"
		case "YEAR":
			return "MAKEDATE(YEAR(" + x + "), 1)"
		}
		if interval == "MILLISECOND" {
			return "DATE_SUB(" + x + ", INTERVAL MICROSECOND(" + x + ") % 1000 MICROSECOND)"
		}
		forms := map[string]string{"HOUR": "%Y-%m-%d %H:00:00", "MINUTE": "%Y-%m-%d %H:%i:00", "SECOND": "%Y-%m-%d %H:%i:%s"}
		return "CAST(DATE_FORMAT(" + x + ", '" + forms[interval] + "') AS DATETIME)"
	}
	d.shift = func(x string, by metric.Shift, _ semantic.Type, _ bool) string {
		if by.Months != 0 {
			return "DATE_ADD(" + x + ", INTERVAL " + strconv.Itoa(by.Months) + " MONTH)"
		}
		return "DATE_ADD(" + x + ", INTERVAL " + strconv.Itoa(by.Days) + " DAY)"
	}
	d.part = func(part, x string) string {
		switch part {
		case "DOW":
			return "DAYOFWEEK(" + x + ") - 1"
		case "DOY":
			return "DAYOFYEAR(" + x + ")"
		case "WEEK":
			return "WEEK(" + x + ", 3)"
		}
		return "EXTRACT(" + part + " FROM " + x + ")"
	}
	d.name = func(of, x string, _ semantic.Type) string {
		return pick(of, "DAYNAME("+x+")", "MONTHNAME("+x+")", "CONCAT('Q', QUARTER("+x+"))")
	}
	d.same = func(a, b string) string { return a + " <=> " + b }
	d.nullsFirst = func(x string, descending, first bool) string {
		key := x + " IS NULL"
		if first {
			key += " DESC"
		}
		if descending {
			x += " DESC"
		}
		return key + ", " + x
	}
	return d
}
