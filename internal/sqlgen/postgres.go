package sqlgen

import (
	"strconv"
	"strings"

	"inlay/internal/metric"
	"inlay/internal/semantic"
)

// sessionZone takes instants without a zone for those of the session, which is UTC, and keeps those that have one.
func sessionZone(x, zone string) string {
	return "(CAST(" + x + " AS TIMESTAMPTZ) AT TIME ZONE " + zone + ")"
}

// addInterval moves a time by an interval of months or days.
func addInterval(x string, by metric.Shift, _ semantic.Type, _ bool) string {
	n, unit, sign := by.Days, " days", " + "
	if by.Months != 0 {
		n, unit = by.Months, " months"
	}
	if n < 0 {
		n, sign = -n, " - "
	}
	return "(" + x + sign + "INTERVAL '" + strconv.Itoa(n) + unit + "')"
}

func postgres() *Dialect {
	d := base("postgres")
	d.shift = addInterval
	d.refusesLess, d.selectsNothing = true, true
	d.inZone = sessionZone
	d.concat = func(parts []string) string { return "(" + strings.Join(parts, " || ") + ")" }
	d.any = func(x string) string { return "(ARRAY_AGG(" + x + "))[1]" } // ANY_VALUE came with version 16
	d.average = func(x string) string { return "AVG(" + x + "::DOUBLE PRECISION)" }
	d.trunc = func(interval, x string, _ semantic.Type, weekStart *int) string {
		if interval == "WEEK" && weekStart != nil {
			days := strconv.Itoa(*weekStart)
			return "(DATE_TRUNC('WEEK', (" + x + " - interval '" + days + " days')) + interval '" + days + " days')"
		}
		return "DATE_TRUNC('" + interval + "', " + x + ")"
	}
	d.name = func(of, x string, _ semantic.Type) string {
		return "TO_CHAR(" + x + ", '" + pick(of, "FMDay", "FMMonth", `FM"Q"Q`) + "')"
	}
	return d
}
