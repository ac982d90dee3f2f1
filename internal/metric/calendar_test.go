package metric

import (
	"database/sql"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"inlay/internal/semantic"
)

// bounds of the filters on dates, as PostgreSQL computes them: of an instant $1, a zone $2, the first day of weeks $3 (0 is
// Monday), a unit $4, its length $5, and a number of units $6. Only what is current is asked for in a zone of its own.
const bounds = `
WITH given AS (SELECT $1::timestamptz AS now, $2::text AS zone, make_interval(days => $3) AS shift, $4::text AS unit, $5::interval AS step, $6::int AS n),
utc AS (SELECT *, now AT TIME ZONE 'UTC' AS at FROM given),
spans (name, low, high) AS (
	SELECT 'inTheCurrent', begin AT TIME ZONE zone, ((begin + step) AT TIME ZONE zone) - interval '1 millisecond'
	FROM (SELECT *, date_trunc(unit, (now AT TIME ZONE zone) - shift) + shift AS begin FROM given WHERE unit NOT IN ('hour', 'minute')) AS here
	UNION ALL SELECT 'inTheCurrent', begin, begin + step - interval '1 millisecond'
	FROM (SELECT *, date_trunc(unit, now, zone) AS begin FROM given WHERE unit IN ('hour', 'minute')) AS clock
	UNION ALL SELECT 'inThePast', (at - n * step) AT TIME ZONE 'UTC', now FROM utc
	UNION ALL SELECT 'inTheNext', now, (at + n * step) AT TIME ZONE 'UTC' FROM utc
	UNION ALL SELECT 'inThePast, completed', (begin - n * step) AT TIME ZONE 'UTC', begin AT TIME ZONE 'UTC'
	FROM (SELECT *, date_trunc(unit, at - shift) + shift AS begin FROM utc) AS past
	UNION ALL SELECT 'inTheNext, completed', begin AT TIME ZONE 'UTC', (begin + n * step) AT TIME ZONE 'UTC'
	FROM (SELECT *, date_trunc(unit, at + step - shift) + shift AS begin FROM utc) AS next
)
SELECT name, to_char(low AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), to_char(high AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') FROM spans`

// lengths are the units by PostgreSQL's names, and what one is.
var lengths = map[string][2]string{
	"minutes": {"minute", "1 minute"}, "hours": {"hour", "1 hour"}, "days": {"day", "1 day"}, "weeks": {"week", "7 days"}, "months": {"month", "1 month"},
	"quarters": {"quarter", "3 months"}, "years": {"year", "1 year"},
}

// instants lie around the hours that zones skip or repeat, the ends of months and leap days, and anywhere.
func instants() []time.Time {
	var all []time.Time
	for _, edge := range []string{"2024-03-31T00:00:00Z", "2024-10-27T00:00:00Z", "2024-03-10T06:00:00Z", "2024-11-03T05:00:00Z", "2018-11-04T02:00:00Z", "2018-02-18T02:00:00Z", "2011-12-30T09:00:00Z",
		"2024-10-05T15:00:00Z", "2024-02-29T12:00:00Z", "2023-12-31T23:00:00Z", "2025-01-31T10:00:00Z"} {
		at, err := time.Parse(time.RFC3339, edge)
		if err != nil {
			panic(err)
		}
		for quarters := -12; quarters <= 12; quarters++ {
			all = append(all, at.Add(time.Duration(quarters)*15*time.Minute))
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		all = append(all, time.Unix(1_500_000_000+random.Int64N(300_000_000), 0).UTC())
	}
	return all
}

func TestH136_filters_on_dates_have_the_bounds_that_PostgreSQL_computes(t *testing.T) {
	address := os.Getenv("INLAY_TEST_POSTGRES")
	if address == "" {
		t.Skip("INLAY_TEST_POSTGRES is not set, so there is no PostgreSQL to compute them")
	}
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }() // only read
	compute, err := db.Prepare(bounds)
	if err != nil {
		t.Fatal(err)
	}
	zones := []string{"UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia"}
	for i, now := range instants() {
		zone := zones[i%len(zones)]
		for unit, length := range lengths {
			first, n := i%7, 1+i%5
			o := options(t, now, zone, first)
			rows, err := compute.Query(now, zone, firstOf(unit, first), length[0], length[1], n)
			if err != nil {
				t.Fatal(err)
			}
			for rows.Next() {
				var name, low, high string
				if err := rows.Scan(&name, &low, &high); err != nil {
					t.Fatal(err)
				}
				if got := bound(t, o, name, unit, n); got != [2]string{low, high} {
					t.Errorf("%s %d %s, weeks from %d, at %s in %s: %v, PostgreSQL says %v", name, n, unit, first, now.Format(time.RFC3339), zone, got, [2]string{low, high})
				}
			}
			if err := rows.Err(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// firstOf is the day that a unit is shifted by: only weeks are.
func firstOf(unit string, first int) int {
	if unit == "weeks" {
		return first
	}
	return 0
}

func options(t *testing.T, now time.Time, zone string, first int) *Options {
	location, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return &Options{Now: now, Calendar: Calendar{Zone: location, WeekStart: &first}}
}

// bound is what we make of a filter: its lower and upper bound.
func bound(t *testing.T, o *Options, name, unit string, n int) [2]string {
	operator, completed := strings.CutSuffix(name, ", completed")
	rule := Rule{}
	err := rule.time(&FilterRule{Operator: operator, Values: []any{n}, Settings: &FilterSettings{UnitOfTime: unit, Completed: completed}}, semantic.Timestamp, o)
	if err != nil {
		t.Fatal(err)
	}
	return [2]string{rule.Values[0].Text, rule.Values[1].Text}
}
