package query

import (
	"encoding/json"
	"testing"

	"inlay/internal/frame"
	"inlay/internal/metric"
	"inlay/internal/semantic"
)

func TestAPatternIsThatOfTheWholeTimeAndOfCustomFormats(t *testing.T) {
	date := func(interval string) metric.Field {
		return metric.Field{Dimension: &semantic.Dimension{Type: semantic.Date, Format: "d mmm yyyy", TimeInterval: interval}}
	}
	custom := json.RawMessage(`{"type": "custom", "custom": "0.0%"}`)
	for name, c := range map[string]struct {
		field metric.Field
		want  frame.Format
	}{
		"a day":       {date("DAY"), frame.Format{Style: frame.Day, Interval: "DAY", Pattern: "d mmm yyyy"}},
		"a month":     {date("MONTH"), frame.Format{Style: frame.Day, Interval: "MONTH"}},
		"a number":    {metric.Field{Metric: &semantic.Metric{Type: semantic.Sum, Format: `0" kg"`}}, frame.Format{Style: frame.Number, Pattern: `0" kg"`}},
		"a date":      {metric.Field{Metric: &semantic.Metric{Type: semantic.MetricDate, Format: "yyyy"}}, frame.Format{Style: frame.Day, Pattern: "yyyy"}},
		"calculation": {metric.Field{Calculation: &metric.TableCalculation{Format: custom}}, frame.Format{Style: frame.Number, Pattern: "0.0%"}},
		"custom metric": {metric.Field{Metric: &semantic.Metric{Type: semantic.Sum}, Additional: &metric.AdditionalMetric{FormatOptions: custom}},
			frame.Format{Style: frame.Number, Pattern: "0.0%"}},
	} {
		if got := ViewOf(c.field).Format; got != c.want {
			t.Errorf("%s: want %+v, got %+v", name, c.want, got)
		}
	}
}
