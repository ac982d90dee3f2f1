package metric

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"inlay/internal/semantic"
)

var timeOps = map[string]Op{
	"equals": Equal, "notEquals": NotEqual, "greaterThan": Greater, "greaterThanOrEqual": GreaterEq,
	"lessThan": Less, "lessThanOrEqual": LessEq,
}

// time makes a rule on dates or timestamps. Bounds are instants, written in UTC.
func (r *Rule) time(rule *FilterRule, t semantic.Type, o *Options) error {
	if op, ok := timeOps[rule.Operator]; ok {
		r.Op, r.Values = op, []Literal{o.literal(t, rule.Values, 0)}
		return nil
	}
	unit, completed := "days", false
	if rule.Settings != nil {
		if rule.Settings.UnitOfTime != "" {
			unit = rule.Settings.UnitOfTime
		}
		completed = rule.Settings.Completed
	}
	var from, to time.Time
	var err error
	op := Between
	if strings.HasPrefix(rule.Operator, "not") {
		op, r.Bare = NotBetween, rule.Operator == "notInThePast"
	}
	switch rule.Operator {
	case "inBetween", "notInBetween":
		r.Op, r.Values = op, []Literal{o.literal(t, rule.Values, 0), o.literal(t, rule.Values, 1)}
		return nil
	case "inThePast", "notInThePast":
		from, to, err = o.past(rule.Values, unit, completed)
		r.HalfOpen = completed
	case "inTheNext", "notInTheNext":
		from, to, err = o.next(rule.Values, unit, completed)
		r.HalfOpen = completed
	case "inTheCurrent", "notInTheCurrent":
		from, to, err = o.current(unit)
	default:
		return nil
	}
	if err == nil && !(inYears(from) && inYears(to)) {
		err = compileFault("The filter's dates are out of range.")
	}
	r.Op, r.Values = op, []Literal{timeLiteral(t, from), timeLiteral(t, to)}
	return err
}

// literal is the literal of a value; what is no date is left to the engine to refuse.
func (o *Options) literal(t semantic.Type, values []any, i int) Literal {
	at, ok := o.instant(values, i)
	if !ok {
		return Literal{Kind: UnreadableLiteral, Text: "Invalid date"}
	}
	return timeLiteral(t, at)
}

func timeLiteral(t semantic.Type, at time.Time) Literal {
	if t == semantic.Date {
		return Literal{Kind: DateLiteral, Text: at.UTC().Format("2006-01-02")}
	}
	return Literal{Kind: TimestampLiteral, Text: at.UTC().Format("2006-01-02 15:04:05")}
}

func (o *Options) past(values []any, unit string, completed bool) (from, to time.Time, err error) {
	n, err := count(values, unit)
	if err != nil {
		return
	}
	to = o.Now.UTC()
	if completed {
		to = startOf(to, unit, o.Calendar.WeekStart)
	}
	return addUnits(to, unit, -n), to, nil
}

func (o *Options) next(values []any, unit string, completed bool) (from, to time.Time, err error) {
	n, err := count(values, unit)
	if err != nil {
		return
	}
	from = o.Now.UTC()
	if completed {
		from = startOf(addUnits(from, unit, 1), unit, o.Calendar.WeekStart)
	}
	return from, addUnits(from, unit, n), nil
}

// current is the running unit of the calendar's zone; its end is the last instant inside.
func (o *Options) current(unit string) (from, to time.Time, err error) {
	if _, known := units[unit]; !known {
		return from, to, unknownUnit(unit)
	}
	zone := o.Calendar.Zone
	if zone == nil {
		zone = time.UTC
	}
	here := o.Now.In(zone)
	if length := units[unit]; length > 0 {
		from = startOf(here, unit, nil)
		return from, from.Add(length - time.Millisecond), nil
	}
	year, month, day := here.Date()
	first := startOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC), unit, o.Calendar.WeekStart)
	return dawn(first, zone), dawn(addUnits(first, unit, 1), zone).Add(-time.Millisecond), nil
}

// dawn is the first moment of a day, given as its midnight in UTC, in a zone; that isn't midnight where the zone skips it.
func dawn(day time.Time, zone *time.Location) time.Time {
	at := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone)
	landed := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
	switch start, end := at.ZoneBounds(); {
	case landed.Equal(day) && at.Hour() == 0:
		return at
	case landed.Before(day):
		return end
	default:
		return start
	}
}

// units with a fixed length have it; others have none.
var units = map[string]time.Duration{
	"milliseconds": time.Millisecond, "seconds": time.Second, "minutes": time.Minute, "hours": time.Hour,
	"days": 0, "weeks": 0, "months": 0, "quarters": 0, "years": 0,
}

func unknownUnit(unit string) error {
	return compileFault("%q is not a unit of time. Use one of milliseconds, seconds, minutes, hours, days, weeks, months, quarters, years.", unit)
}

// maxUnits keeps every bound inside the years that warehouses know.
const maxUnits = 100000

func count(values []any, unit string) (int, error) {
	if _, known := units[unit]; !known {
		return 0, unknownUnit(unit)
	}
	if len(values) == 0 {
		return 0, nil
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(asText(values[0])), 64)
	if err != nil || math.Abs(n) > maxUnits || math.IsNaN(n) {
		return 0, compileFault("Filter value %q is not a number of %s.", asText(values[0]), unit)
	}
	return int(math.Round(n)), nil
}

// addUnits adds units of the calendar; a day that the month doesn't have becomes its last.
func addUnits(t time.Time, unit string, n int) time.Time {
	if length := units[unit]; length > 0 {
		return t.Add(time.Duration(n) * length)
	}
	switch unit {
	case "days":
		return t.AddDate(0, 0, n)
	case "weeks":
		return t.AddDate(0, 0, 7*n)
	case "months":
		return addMonths(t, n)
	case "quarters":
		return addMonths(t, 3*n)
	}
	return addMonths(t, 12*n)
}

func addMonths(t time.Time, n int) time.Time {
	year, month, day := t.Date()
	first := time.Date(year, month, 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location()).AddDate(0, n, 0)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(day, last)-1)
}

func startOf(t time.Time, unit string, weekStart *int) time.Time {
	if length := units[unit]; length > 0 {
		_, offset := t.Zone() // hours of a zone may start in the middle of those of UTC
		shift := time.Duration(offset) * time.Second
		return t.Add(shift).Truncate(length).Add(-shift)
	}
	year, month, day := t.Date()
	switch unit {
	case "weeks":
		first := 6 // Sunday, where nothing is configured
		if weekStart != nil {
			first = *weekStart
		}
		sinceMonday := (int(t.Weekday()) + 6) % 7
		day -= ((sinceMonday-first)%7 + 7) % 7
	case "months":
		day = 1
	case "quarters":
		month, day = (month-1)/3*3+1, 1
	case "years":
		month, day = 1, 1
	}
	return time.Date(year, month, day, 0, 0, 0, 0, t.Location())
}

var timeForms = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05.999999999Z07:00",
	"2006-01-02 15:04:05.999999999", "2006-01-02 15:04", "2006-01-02", "2006-01", "2006", "20060102",
	"Mon, 02 Jan 2006 15:04:05 MST",
}

var digits = regexp.MustCompile(`^-?\d{9,15}$`)

// instant reads a value as a point in time: a number is milliseconds since 1970, text without a zone is UTC, and a
// value that isn't there is now.
func (o *Options) instant(values []any, i int) (at time.Time, ok bool) {
	if i >= len(values) {
		return o.Now, true
	}
	switch v := values[i].(type) {
	case time.Time:
		at = v
	case int64:
		at = time.UnixMilli(v)
	case int:
		at = time.UnixMilli(int64(v))
	case float64:
		at = time.UnixMilli(int64(max(min(v, 1e18), -1e18)))
	case string:
		if at, ok = readTime(v); !ok {
			return at, false
		}
	default:
		return at, false
	}
	return at, inYears(at)
}

func readTime(text string) (time.Time, bool) {
	for _, form := range timeForms {
		if at, err := time.Parse(form, text); err == nil {
			return at, true
		}
	}
	if digits.MatchString(text) {
		ms, err := strconv.ParseInt(text, 10, 64)
		return time.UnixMilli(ms), err == nil
	}
	return time.Time{}, false
}

// inYears tells whether every warehouse knows the year.
func inYears(at time.Time) bool {
	year := at.UTC().Year()
	return 1 <= year && year <= 9999
}
