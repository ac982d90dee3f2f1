package semantic

// interval is one way to cut a date or a point in time.
type interval struct {
	name  string
	label string
	gives Type // empty: the type of what is cut
}

// In the order in which lists show them.
var allIntervals = []interval{
	{"RAW", "raw", ""},
	{"MILLISECOND", "millisecond", Timestamp},
	{"SECOND", "second", Timestamp},
	{"MINUTE", "minute", Timestamp},
	{"HOUR", "hour", Timestamp},
	{"DAY", "day", Date},
	{"WEEK", "week", Date},
	{"MONTH", "month", Date},
	{"QUARTER", "quarter", Date},
	{"YEAR", "year", Date},
	{"WEEK_NUM", "week (number)", Number},
	{"MONTH_NUM", "month (number)", Number},
	{"QUARTER_NUM", "quarter (number)", Number},
	{"YEAR_NUM", "year (number)", Number},
	{"DAY_OF_WEEK_INDEX", "day of the week (index)", Number},
	{"DAY_OF_MONTH_NUM", "day of the month (number)", Number},
	{"DAY_OF_YEAR_NUM", "day of the year (number)", Number},
	{"HOUR_OF_DAY_NUM", "hour of day (number)", Number},
	{"MINUTE_OF_HOUR_NUM", "minute of hour (number)", Number},
	{"DAY_OF_WEEK_NAME", "day of the week (name)", String},
	{"MONTH_NAME", "month (name)", String},
	{"QUARTER_NAME", "quarter (name)", String},
}

var (
	dateIntervals      = []string{"DAY", "WEEK", "MONTH", "YEAR"}
	timestampIntervals = []string{"RAW", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR"}
	defaultIntervals   = []string{"DAY", "WEEK", "MONTH", "QUARTER", "YEAR"} // that a default time may be cut to
)

func intervalOf(name string) *interval {
	for i := range allIntervals {
		if allIntervals[i].name == name {
			return &allIntervals[i]
		}
	}
	return nil
}

func intervalNames() []string {
	names := make([]string, len(allIntervals))
	for i := range allIntervals {
		names[i] = allIntervals[i].name
	}
	return names
}

// IntervalType is the type that an interval gives when it cuts a base of a type; ok is false for unknown names.
func IntervalType(name string, base Type) (t Type, ok bool) {
	found := intervalOf(name)
	switch {
	case found == nil:
		return "", false
	case found.gives == "":
		return base, true
	}
	return found.gives, true
}
