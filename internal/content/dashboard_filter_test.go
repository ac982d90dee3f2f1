package content_test

import (
	"encoding/json"
	"slices"
	"testing"

	"inlay/internal/content"
	"inlay/internal/metric"
)

func TestADashboardFilterTakesThePlaceOfTheChartsRuleOnTheSameField(t *testing.T) {
	for name, c := range map[string]struct {
		own  string   // the chart's filter on dimensions
		want []string // operators by field after narrowing, depth first
	}{
		"the chart has no filter":           {`null`, []string{"status equals"}},
		"the chart's filter is empty":       {`{}`, []string{"status equals"}},
		"the chart filters the same field":  {`{"id":"g","and":[{"id":"1","target":{"fieldId":"status"},"operator":"isNull"}]}`, []string{"status equals"}},
		"the chart filters another field":   {`{"id":"g","and":[{"id":"1","target":{"fieldId":"city"},"operator":"isNull"}]}`, []string{"city isNull", "status equals"}},
		"another field, in an alternative":  {`{"id":"g","or":[{"id":"1","target":{"fieldId":"city"},"operator":"isNull"}]}`, []string{"city isNull", "status equals"}},
		"the same field, in an alternative": {`{"id":"g","or":[{"id":"1","target":{"fieldId":"status"},"operator":"isNull"},{"id":"2","target":{"fieldId":"city"},"operator":"isNull"}]}`, []string{"status equals", "city isNull"}},
	} {
		t.Run(name, func(t *testing.T) {
			var q metric.Query
			if err := json.Unmarshal([]byte(`{"filters":{"dimensions":`+c.own+`}}`), &q); err != nil {
				t.Fatal(err)
			}
			filters := content.DashboardFilters{Dimensions: []json.RawMessage{
				[]byte(`{"id":"d","target":{"fieldId":"status","tableName":"orders"},"operator":"equals","values":["x"],"label":"Status"}`)}}
			before, err := json.Marshal(q)
			if err != nil {
				t.Fatal(err)
			}
			got := []string{}
			for _, rule := range filters.Narrow(q).Filters.Dimensions.Rules() {
				got = append(got, rule.Target.FieldID+" "+rule.Operator)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("the rules are %v, want %v", got, c.want)
			}
			if after, err := json.Marshal(q); err != nil || string(after) != string(before) {
				t.Errorf("the chart's own query was changed to %s", after)
			}
		})
	}
}
