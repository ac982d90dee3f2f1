package cube

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// span is a range of time by the clock on the wall of the query's zone, both ends within.
type span struct{ from, to time.Time }

const wallForm = "2006-01-02T15:04:05.000"

func (s span) texts() []string { return []string{s.from.Format(wallForm), s.to.Format(wallForm)} }

// after is the first second that isn't within: ends are whole seconds, or a millisecond before one.
func (s span) after() time.Time { return s.to.Truncate(time.Second).Add(time.Second) }

// readSpan reads ["from", "to"], ["day"] or a phrase such as "last 7 days".
func readSpan(raw json.RawMessage, zone *time.Location, now time.Time) (span, error) {
	var phrase string
	if json.Unmarshal(raw, &phrase) == nil {
		return phraseSpan(phrase, zone, now)
	}
	var ends []string
	if err := json.Unmarshal(raw, &ends); err != nil || len(ends) == 0 || len(ends) > 2 {
		return span{}, invalid(`Invalid query format: "dateRange" must be a text, or a list of one or two texts`)
	}
	return between(ends[0], ends[len(ends)-1])
}

func between(first, last string) (span, error) {
	from, _, err := wall(first)
	if err != nil {
		return span{}, err
	}
	to, day, err := wall(last)
	if err != nil {
		return span{}, err
	}
	if day {
		to = endOf(to.AddDate(0, 0, 1))
	}
	return span{from, to}, nil
}

// endOf is the last millisecond before a moment.
func endOf(next time.Time) time.Time { return next.Add(-time.Millisecond) }

// wall reads a date or a date with a time of day.
func wall(text string) (at time.Time, day bool, err error) {
	text = strings.TrimSuffix(strings.TrimSpace(text), "Z")
	if at, err := time.Parse("2006-01-02", text); err == nil {
		return at, true, nil
	}
	for _, form := range []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"} {
		if at, err := time.Parse(form, text); err == nil {
			return at, false, nil
		}
	}
	return at, false, invalid("Can't parse date: '%s'", text)
}

var (
	relativeUnit = regexp.MustCompile(`(this|last|next)\s+(day|week|month|year|quarter|hour|minute|second)\b`)
	relativeMany = regexp.MustCompile(`(last|next)\s+(\d{1,5})\s+(day|week|month|year|quarter|hour|minute|second)s?`)
	fromTo       = regexp.MustCompile(`^from (.+) to (.+)$`)
)

// phraseSpan reads a phrase. Units are whole ones, weeks begin on Monday, and the current unit isn't within "last N".
func phraseSpan(phrase string, zone *time.Location, now time.Time) (span, error) {
	text := strings.ToLower(strings.TrimSpace(phrase))
	local := now.In(zone)
	today := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)
	clock := today.Add(time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute + time.Duration(local.Second())*time.Second)
	switch text {
	case "today":
		return units(today, "day", 0, 1), nil
	case "yesterday":
		return units(today, "day", -1, 0), nil
	case "tomorrow":
		return units(today, "day", 1, 2), nil
	}
	if m := relativeUnit.FindStringSubmatch(text); m != nil {
		at := map[string]int{"this": 0, "last": -1, "next": 1}[m[1]]
		return units(clock, m[2], at, at+1), nil
	}
	if m := relativeMany.FindStringSubmatch(text); m != nil {
		n, err := strconv.Atoi(m[2])
		if err != nil {
			return span{}, invalid("Can't parse date: '%s'", phrase)
		}
		if m[1] == "last" {
			return units(clock, m[3], -n, 0), nil
		}
		return units(clock, m[3], 1, n+1), nil
	}
	if m := fromTo.FindStringSubmatch(text); m != nil {
		return between(strings.ToUpper(m[1]), strings.ToUpper(m[2]))
	}
	return between(phrase, phrase)
}

// units is the span of whole units from the from-th to before the to-th, counted from the one that holds a moment.
func units(at time.Time, unit string, from, to int) span {
	start := startOf(at, unit)
	return span{step(start, unit, from), endOf(step(start, unit, to))}
}

func startOf(at time.Time, unit string) time.Time {
	day := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
	switch unit {
	case "week":
		return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	case "month":
		return day.AddDate(0, 0, 1-day.Day())
	case "quarter":
		return time.Date(at.Year(), at.Month()-(at.Month()-1)%3, 1, 0, 0, 0, 0, time.UTC)
	case "year":
		return time.Date(at.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	case "hour":
		return at.Truncate(time.Hour)
	case "minute":
		return at.Truncate(time.Minute)
	case "second":
		return at.Truncate(time.Second)
	}
	return day
}

func step(at time.Time, unit string, n int) time.Time {
	switch unit {
	case "week":
		return at.AddDate(0, 0, 7*n)
	case "month":
		return at.AddDate(0, n, 0)
	case "quarter":
		return at.AddDate(0, 3*n, 0)
	case "year":
		return at.AddDate(n, 0, 0)
	case "hour":
		return at.Add(time.Duration(n) * time.Hour)
	case "minute":
		return at.Add(time.Duration(n) * time.Minute)
	case "second":
		return at.Add(time.Duration(n) * time.Second)
	}
	return at.AddDate(0, 0, n)
}

// instant turns a time on the wall into the moment it names in the zone.
func instant(at time.Time, zone *time.Location) time.Time {
	return time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, zone).UTC()
}
