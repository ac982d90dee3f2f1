package sqlgen_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/semantic"
	"inlay/internal/sqlgen"
	"inlay/internal/sqlgen/sqltest"
)

// FuzzQuery sends any document as a metric query. Whatever is taken becomes one statement in every dialect.
func FuzzQuery(f *testing.F) {
	explores := sqltest.Explores(f, "testdata/model", "postgres")
	for _, c := range goldenQueries(f) {
		f.Add(c)
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		var q metric.Query
		if json.Unmarshal(document, &q) == nil {
			oneStatement(t, explores, q)
		}
	})
}

// FuzzFilters sends any document as filters of a query that has every kind of field.
func FuzzFilters(f *testing.F) {
	explores := sqltest.Explores(f, "testdata/model", "postgres")
	for _, c := range goldenQueries(f) {
		var q struct{ Filters json.RawMessage }
		if json.Unmarshal(c, &q) == nil && len(q.Filters) > 2 {
			f.Add([]byte(q.Filters))
		}
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		q := manyFields()
		if json.Unmarshal(document, &q.Filters) == nil {
			oneStatement(t, explores, q)
		}
	})
}

// FuzzTemplates sends any document as the template of a table calculation.
func FuzzTemplates(f *testing.F) {
	explores := sqltest.Explores(f, "testdata/model", "postgres")
	for _, c := range goldenQueries(f) {
		var q metric.Query
		if json.Unmarshal(c, &q) != nil {
			continue
		}
		for _, calculation := range q.TableCalculations {
			if len(calculation.Template) > 0 {
				f.Add([]byte(calculation.Template), calculation.Name)
			}
		}
	}
	f.Fuzz(func(t *testing.T, template []byte, name string) {
		q := manyFields()
		q.TableCalculations = []metric.TableCalculation{{Name: name, DisplayName: name, Template: template}}
		oneStatement(t, explores, q)
	})
}

func manyFields() metric.Query {
	return metric.Query{
		ExploreName: "orders", Limit: 500, Sorts: []metric.Sort{{FieldID: "orders_revenue"}},
		Dimensions: []string{"orders_status", "orders_paid", "orders_amount", "orders_ordered_at_month", "customers_joined_day"},
		Metrics:    []string{"orders_revenue", "orders_order_count"},
	}
}

func goldenQueries(f *testing.F) [][]byte {
	paths, err := filepath.Glob("testdata/*/query.json")
	if err != nil {
		f.Fatal(err)
	}
	var all [][]byte
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		var c struct{ Query json.RawMessage }
		if err := json.Unmarshal(text, &c); err != nil {
			f.Fatal(err)
		}
		var small bytes.Buffer
		if err := json.Compact(&small, c.Query); err != nil {
			f.Fatal(err)
		}
		all = append(all, small.Bytes())
	}
	return all
}

// oneStatement plans and writes a query as somebody who may not write SQL.
func oneStatement(t *testing.T, explores map[string]*semantic.Explore, q metric.Query) {
	explore := explores[q.ExploreName]
	if explore == nil {
		explore = explores["orders"]
	}
	plan, err := metric.Build(explore, q, sqltest.Open(explore), metric.Options{Now: sqltest.Day})
	if err != nil {
		if fault.Is(err, fault.Internal) {
			t.Fatalf("%v", err)
		}
		return
	}
	for _, dialect := range sqlgen.Names() {
		text, err := sqlgen.Generate(dialect, plan)
		switch {
		case err != nil && fault.Is(err, fault.Internal):
			t.Fatalf("%s: %v", dialect, err)
		case err != nil:
			continue
		}
		if why := strayed(text, dialect); why != "" {
			t.Fatalf("%s: %s in\n%s", dialect, why, text)
		}
	}
}

// strayed reads a statement as an engine would and tells what, outside of quotes, must not be there.
func strayed(text, dialect string) string {
	backslashes := map[string]string{ // the quotes in which each dialect reads them
		"bigquery": "'`", "snowflake": "'", "databricks": "'", "redshift": "'", "clickhouse": "'\"", "mysql": "'",
	}[dialect]
	depth := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\'' || c == '"' || c == '`':
			end := closing(text, i, strings.ContainsRune(backslashes, rune(c)))
			if end < 0 {
				return "a quote that nothing closes"
			}
			i = end
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth < 0 {
				return "a bracket that nothing opens"
			}
		case c == ';' || c == '#' || c == '\\' || c == 0:
			return string(c)
		case strings.HasPrefix(text[i:], "--") || strings.HasPrefix(text[i:], "/*") || strings.HasPrefix(text[i:], "$$"):
			return text[i : i+2]
		}
	}
	if depth != 0 {
		return "a bracket that nothing closes"
	}
	return ""
}

// closing finds the quote that closes the one at start; a doubled quote closes and opens again.
func closing(text string, start int, backslash bool) int {
	for i := start + 1; i < len(text); i++ {
		switch {
		case backslash && text[i] == '\\':
			i++
		case text[i] == text[start]:
			return i
		}
	}
	return -1
}
