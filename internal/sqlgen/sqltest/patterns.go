package sqltest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"inlay/internal/metric"
	"inlay/internal/semantic"
	"inlay/internal/sqlgen"
)

var samples = []string{"", "50%_off", "50 off", "a_b", "axb", `back\slash`, "backslash", "it's", "It's", "!", "a!b", "%", "_", `\`, `tail\`, "ÄÖ", "line\nend", "[x]", "*", "null"}

var operators = map[string]func(text, value string) bool{
	"equals":         func(text, value string) bool { return text == value },
	"notEquals":      func(text, value string) bool { return text != value },
	"startsWith":     strings.HasPrefix,
	"endsWith":       strings.HasSuffix,
	"include":        func(text, value string) bool { return strings.Contains(lower(text), lower(value)) },
	"doesNotInclude": func(text, value string) bool { return !strings.Contains(lower(text), lower(value)) },
}

// lower folds what every engine folds, whatever its collation.
func lower(text string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, text)
}

// Patterns compares every text filter with what the operator means, over texts that hold wildcards and escapes.
func Patterns(t *testing.T, e Engine) {
	d, err := sqlgen.For(e.Dialect)
	if err != nil {
		t.Fatal(err)
	}
	e.Fresh(t, "patterns")
	execute(t, e, "CREATE TABLE texts (id INTEGER, body VARCHAR(40))")
	for i, text := range samples {
		execute(t, e, fmt.Sprintf("INSERT INTO texts VALUES (%d, %s)", i, d.Literal(text)))
	}
	explore := textExplore()
	for operator, holds := range operators {
		for _, value := range samples {
			rule := metric.FilterRule{Target: metric.FilterTarget{FieldID: "texts_body"}, Operator: operator, Values: []any{value}}
			q := metric.Query{Dimensions: []string{"texts_id"}, Limit: 500, Filters: metric.Filters{Dimensions: &metric.FilterGroup{Rule: &rule}}}
			plan, err := metric.Build(explore, q, Open(explore), metric.Options{Now: Day})
			if err != nil {
				t.Fatal(err)
			}
			query, err := sqlgen.Generate(e.Dialect, plan)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Rows(e.DB, query)
			if err != nil {
				t.Fatalf("%v\n%s", err, query)
			}
			var want []string
			for i, text := range samples {
				if holds(text, value) {
					want = append(want, fmt.Sprint(i))
				}
			}
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s %q: want %v, got %v\n%s", operator, value, want, got, query)
			}
		}
	}
}

func textExplore() *semantic.Explore {
	dimension := func(name string, kind semantic.Type) *semantic.Dimension {
		return &semantic.Dimension{Table: "texts", Name: name, Type: kind, SQL: semantic.SQL("${TABLE}." + name)}
	}
	return &semantic.Explore{Name: "texts", BaseTable: "texts", Tables: map[string]*semantic.Table{"texts": {
		Name: "texts", Relation: "texts",
		Dimensions: map[string]*semantic.Dimension{"id": dimension("id", semantic.Number), "body": dimension("body", semantic.String)},
	}}}
}
