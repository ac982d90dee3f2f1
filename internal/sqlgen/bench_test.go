package sqlgen_test

import (
	"encoding/json"
	"os"
	"testing"

	"inlay/internal/metric"
	"inlay/internal/sqlgen"
	"inlay/internal/sqlgen/sqltest"
)

// BenchmarkCompile plans and writes queries of the golden cases, on one core.
func BenchmarkCompile(b *testing.B) {
	explores := sqltest.Explores(b, "testdata/model", "postgres")
	for _, name := range []string{"several_dimensions_and_metrics", "fan_out", "filter_nested", "table_calculation_templates"} {
		document, err := os.ReadFile("testdata/" + name + "/query.json")
		if err != nil {
			b.Fatal(err)
		}
		var c sqltest.Case
		if err := json.Unmarshal(document, &c); err != nil {
			b.Fatal(err)
		}
		explore := explores[c.Query.ExploreName]
		policy := sqltest.Open(explore)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				plan, err := metric.Build(explore, c.Query, policy, metric.Options{Now: sqltest.Day})
				if err != nil {
					b.Fatal(err)
				}
				if _, err := sqlgen.Generate("postgres", plan); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "queries/s")
		})
	}
}
