package sqlgen

import "inlay/internal/semantic"

// The session's WEEK_START says when a week starts, so the text doesn't.
func snowflake() *Dialect {
	d := base("snowflake")
	d.textBackslash, d.quoteByEscape, d.upper = true, true, true
	d.timestamp = func(x string) string { return "TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', " + x + "))" }
	d.inZone = func(x, zone string) string { return "CONVERT_TIMEZONE('UTC', " + zone + ", " + x + ")" }
	d.name = func(of, x string, _ semantic.Type) string {
		return pick(of,
			"DECODE(TO_CHAR("+x+", 'DY'), 'Mon', 'Monday', 'Tue', 'Tuesday', 'Wed', 'Wednesday', 'Thu', 'Thursday', 'Fri', 'Friday', 'Sat', 'Saturday', 'Sun', 'Sunday')",
			"TO_CHAR("+x+", 'MMMM')", "CONCAT('Q', DATE_PART('QUARTER', "+x+"))")
	}
	return d
}
