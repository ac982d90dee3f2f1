package sqlgen

import (
	"strconv"

	"inlay/internal/metric"
	"inlay/internal/semantic"
)

func trino() *Dialect {
	d := base("trino")
	d.text = func(x string, whole bool) string { // a double as VARCHAR would be 1.0E1
		if whole {
			return "CAST(CAST(" + x + " AS DECIMAL(38, 0)) AS VARCHAR)"
		}
		return "JSON_FORMAT(CAST(" + x + " AS JSON))"
	}
	d.percentile = func(x string, p float64) string { return "APPROX_PERCENTILE(" + x + ", " + share(p) + ")" }
	d.trunc = func(interval, x string, _ semantic.Type, weekStart *int) string {
		if interval == "WEEK" && weekStart != nil {
			days := strconv.Itoa(*weekStart)
			return "(DATE_TRUNC('WEEK', (" + x + " - interval '" + days + "' day)) + interval '" + days + "' day)"
		}
		return "DATE_TRUNC('" + interval + "', " + x + ")"
	}
	d.part = func(part, x string) string { return "EXTRACT(" + part + " FROM " + x + ")" }
	d.shift = func(x string, by metric.Shift, _ semantic.Type, _ bool) string {
		if by.Months != 0 {
			return "DATE_ADD('month', " + strconv.Itoa(by.Months) + ", " + x + ")"
		}
		return "DATE_ADD('day', " + strconv.Itoa(by.Days) + ", " + x + ")"
	}
	d.inZone = func(x, zone string) string {
		return "CAST(CAST(" + x + " AS TIMESTAMP WITH TIME ZONE) AT TIME ZONE " + zone + " AS TIMESTAMP)"
	}
	d.name = func(of, x string, _ semantic.Type) string {
		return pick(of, "date_format("+x+", '%W')", "date_format("+x+", '%M')",
			"CONCAT('Q', cast(extract(QUARTER from "+x+") as varchar))")
	}
	d.moment = func(quoted string) string { return "CAST(" + quoted + " AS timestamp)" }
	return d
}
