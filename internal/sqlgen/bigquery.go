package sqlgen

import (
	"math"
	"strconv"

	"inlay/internal/metric"
	"inlay/internal/semantic"
)

func bigquery() *Dialect {
	d := base("bigquery")
	d.identQuote, d.identBackslash = "`", true
	d.textBackslash, d.quoteByEscape, d.textNewlines, d.likeBackslash = true, true, true, true
	d.text = func(x string, _ bool) string { return "CAST(" + x + " AS STRING)" }
	d.percentile = func(x string, p float64) string {
		if p == math.Trunc(p) {
			return "APPROX_QUANTILES(" + x + ", 100)[OFFSET(" + strconv.Itoa(int(p)) + ")]"
		}
		return "APPROX_QUANTILES(" + x + ", 10000)[OFFSET(" + strconv.Itoa(int(math.Round(p*100))) + ")]"
	}
	weekdays := []string{"MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"}
	d.trunc = func(interval, x string, base semantic.Type, weekStart *int) string {
		if interval == "WEEK" && weekStart != nil {
			interval = "WEEK(" + weekdays[*weekStart%7] + ")"
		}
		kind := "DATE"
		if base == semantic.Timestamp {
			kind = "TIMESTAMP"
		}
		return kind + "_TRUNC(" + x + ", " + interval + ")"
	}
	d.part = func(part, x string) string {
		switch part {
		case "DOW":
			part = "DAYOFWEEK"
		case "DOY":
			part = "DAYOFYEAR"
		}
		return "EXTRACT(" + part + " FROM " + x + ")"
	}
	d.name = func(of, x string, base semantic.Type) string {
		function := "FORMAT_DATE"
		if base == semantic.Timestamp {
			function = "FORMAT_DATETIME"
		}
		return function + "('" + pick(of, "%A", "%B", "Q%Q") + "', " + x + ")"
	}
	d.shift = func(x string, by metric.Shift, base semantic.Type, local bool) string {
		n, unit := by.Days, "DAY"
		if by.Months != 0 {
			n, unit = by.Months, "MONTH"
		}
		moved := "_ADD(" + x + ", INTERVAL " + strconv.Itoa(n) + " " + unit + ")"
		switch {
		case base == semantic.Date:
			return "DATE" + moved
		case local:
			return "DATETIME" + moved
		}
		return "TIMESTAMP(DATETIME_ADD(DATETIME(" + x + "), INTERVAL " + strconv.Itoa(n) + " " + unit + "))" // instants have no months
	}
	d.inZone = func(x, zone string) string { return "DATETIME(" + x + ", " + zone + ")" }
	d.same = bothNull // an outer join needs an equality here
	return d
}
