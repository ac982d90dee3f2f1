package sqlgen

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/semantic"
)

// vectors are recorded inputs and outputs of pure functions.
type vectors struct {
	TimeInterval   map[string]map[string]map[string]string
	FilterSQL      [][]json.RawMessage `json:"filterSql"`
	FilterTimezone [][]string
}

func readVectors(t *testing.T) vectors {
	at := os.Getenv("INLAY_SHARED")
	for dir := "."; at == ""; dir = filepath.Join(dir, "..") {
		full, err := filepath.Abs(dir)
		if err != nil || full == "/" {
			t.Skip("the recordings aren't beside the repository (INLAY_SHARED names their folder)")
		}
		if _, err := os.Stat(filepath.Join(full, "shared", "conformance", "vectors.json")); err == nil {
			at = filepath.Join(full, "shared")
		}
	}
	text, err := os.ReadFile(filepath.Join(at, "conformance", "vectors.json"))
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestIntervalsAreCutAsRecorded(t *testing.T) {
	starts := map[string]int{"startMonday": 0, "startSunday": 6}
	for dialect, intervals := range readVectors(t).TimeInterval {
		d, err := For(dialect)
		if err != nil {
			t.Fatal(err)
		}
		for interval, forms := range intervals {
			for form, want := range forms {
				base, weekStart := semantic.Timestamp, (*int)(nil)
				if form == "date" {
					base = semantic.Date
				}
				if start, ok := starts[form]; ok {
					weekStart = &start
				}
				if got, err := d.Interval(interval, "X", base, weekStart); err != nil || got != want {
					t.Errorf("%s %s %s: want %s, got %s %v", dialect, interval, form, want, got, err)
				}
			}
		}
	}
}

// otherwise lists the recorded filters that we write differently, with the reason.
var otherwise = map[string]string{
	"number inBetween": "ranges of numbers are a later addition that clients of newer servers send",
}

func TestFiltersAreWrittenAsRecorded(t *testing.T) {
	v := readVectors(t)
	passed := 0
	for _, vector := range v.FilterSQL {
		var kind, dialect, operator, want string
		rule := metric.FilterRule{Target: metric.FilterTarget{FieldID: "t_f"}}
		for i, into := range []any{&kind, &dialect, &operator, &rule.Values, &rule.Settings, &want} {
			if err := json.Unmarshal(vector[i], into); err != nil {
				t.Fatal(err)
			}
		}
		rule.Operator = operator
		got := ruleSQL(dialect, semantic.Type(kind), rule, time.UTC)
		_, differs := otherwise[kind+" "+operator]
		if same(got, want) == differs {
			t.Errorf("%s %s %s %v %+v:\nwant %s\ngot  %s", kind, dialect, operator, rule.Values, rule.Settings, want, got)
			continue
		}
		passed++
	}
	t.Logf("%d of %d", passed, len(v.FilterSQL))
}

func TestCurrentUnitsFollowTheCalendarsZoneAsRecorded(t *testing.T) {
	for _, vector := range readVectors(t).FilterTimezone {
		zone, err := time.LoadLocation(vector[1])
		if err != nil {
			t.Fatal(err)
		}
		operator, unit, _ := strings.Cut(vector[2], " ")
		rule := metric.FilterRule{
			Target: metric.FilterTarget{FieldID: "t_f"}, Operator: operator, Values: []any{1},
			Settings: &metric.FilterSettings{UnitOfTime: unit},
		}
		if got := ruleSQL("postgres", semantic.Type(vector[0]), rule, zone); !same(got, vector[3]) {
			t.Errorf("%v: got %s", vector, got)
		}
	}
}

func same(a, b string) bool {
	squeeze := func(text string) string {
		return strings.Join(strings.Fields(strings.ReplaceAll(text, " )", ")")), " ")
	}
	return squeeze(a) == squeeze(b)
}

// ruleSQL writes one rule on a dimension whose SQL is X, on the day of the recordings.
func ruleSQL(dialect string, kind semantic.Type, rule metric.FilterRule, zone *time.Location) string {
	monday := 0
	e := &semantic.Explore{Name: "t", BaseTable: "t", Tables: map[string]*semantic.Table{"t": {
		Name: "t", Relation: "t", Dimensions: map[string]*semantic.Dimension{"f": {Table: "t", Name: "f", Type: kind, SQL: "X"}},
	}}}
	q := metric.Query{Dimensions: []string{"t_f"}, Filters: metric.Filters{Dimensions: &metric.FilterGroup{Rule: &rule}}}
	plan, err := metric.Build(e, q, metric.AllOpen([]string{"t"}, "test"), metric.Options{
		Now: time.Date(2026, 11, 23, 8, 10, 17, 0, time.UTC), Calendar: metric.Calendar{Zone: zone, WeekStart: &monday},
	})
	if err != nil {
		return "ERR " + fault.As(err).Message
	}
	d, err := For(dialect)
	if err != nil {
		return err.Error()
	}
	made, ok := plan.Blocks[0].Where[0].(*metric.Rule)
	if !ok {
		return fmt.Sprintf("%T", plan.Blocks[0].Where[0])
	}
	return (&writer{d: d, plan: plan}).rule(made)
}
