package content

import (
	"encoding/json"
	"slices"

	"inlay/internal/metric"
)

// Pivoted is the pivot that a chart shows: its columns by the fields it is grouped by, and one row for each value of
// the x axis, or of all other dimensions where there is none. Nil for a chart that isn't grouped.
func (d ChartDocument) Pivoted() *metric.Pivot {
	var pivot struct {
		Columns []string `json:"columns"`
	}
	var config struct {
		Config struct {
			Layout struct {
				X string   `json:"xField"`
				Y []string `json:"yField"`
			} `json:"layout"`
		} `json:"config"`
	}
	if json.Unmarshal(d.Pivot, &pivot) != nil || len(pivot.Columns) == 0 {
		return nil
	}
	_ = json.Unmarshal(d.Config, &config) // what can't be read is a table
	layout := config.Config.Layout
	p := &metric.Pivot{}
	for _, id := range d.Query.Dimensions {
		switch {
		case slices.Contains(pivot.Columns, id):
			p.Groups = append(p.Groups, id)
		case layout.X == "" || layout.X == id:
			p.Index = append(p.Index, id)
		}
	}
	values := slices.Clone(d.Query.Metrics)
	for _, c := range d.Query.TableCalculations {
		values = append(values, c.Name)
	}
	for _, id := range values {
		v := metric.PivotValue{Column: id, Aggregation: "any"}
		switch {
		case len(layout.Y) == 0 || slices.Contains(layout.Y, id):
			p.Values = append(p.Values, v)
		case slices.ContainsFunc(d.Query.Sorts, func(s metric.Sort) bool { return s.FieldID == id }):
			p.Hidden = append(p.Hidden, v)
		}
	}
	if len(p.Groups) == 0 || len(p.Values) == 0 {
		return nil
	}
	return p
}
