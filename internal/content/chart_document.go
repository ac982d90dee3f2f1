package content

import (
	"encoding/json"
	"slices"

	"inlay/internal/metric"
)

// ChartDocument is what a version of a chart holds.
type ChartDocument struct {
	Explore string
	Query   metric.Query
	Config  json.RawMessage
	Table   json.RawMessage
	Pivot   json.RawMessage // empty when there is none
}

// storedChart is how a version lies in the database.
type storedChart struct {
	Explore string          `json:"tableName"`
	Query   metric.Query    `json:"metricQuery"`
	Config  json.RawMessage `json:"chartConfig"`
	Table   json.RawMessage `json:"tableConfig"`
	Pivot   json.RawMessage `json:"pivotConfig,omitempty"`
}

func (d ChartDocument) store() (string, error) {
	data, err := json.Marshal(storedChart(d))
	return string(data), err
}

func chartDocument(text string) (ChartDocument, error) {
	var d storedChart
	err := json.Unmarshal([]byte(text), &d)
	return ChartDocument(d), err
}

// ordered puts the columns of a query in the order that the chart's table shows them; columns it doesn't know come
// first. The table in turn keeps only columns of the query. Custom metrics get an id, by which clients tell them apart.
func ordered(d ChartDocument) (ChartDocument, error) {
	order := columnOrder(d.Table)
	place := func(a, b string) int { return slices.Index(order, a) - slices.Index(order, b) }
	q := &d.Query
	q.Dimensions, q.Metrics = slices.Clone(q.Dimensions), slices.Clone(q.Metrics)
	slices.SortStableFunc(q.Dimensions, place)
	slices.SortStableFunc(q.Metrics, place)
	q.TableCalculations = slices.Clone(q.TableCalculations)
	slices.SortStableFunc(q.TableCalculations, func(a, b metric.TableCalculation) int { return place(a.Name, b.Name) })
	q.AdditionalMetrics = slices.Clone(q.AdditionalMetrics)
	for i := range q.AdditionalMetrics {
		if q.AdditionalMetrics[i].UUID == "" {
			q.AdditionalMetrics[i].UUID = newID()
		}
	}
	columns := []string{}
	for _, column := range columnsOf(*q) {
		if !slices.Contains(columns, column) {
			columns = append(columns, column)
		}
	}
	slices.SortStableFunc(columns, place)
	var err error
	d.Table, err = json.Marshal(map[string][]string{"columnOrder": columns})
	return d, err
}

func columnsOf(q metric.Query) []string {
	columns := slices.Concat(q.Dimensions, q.Metrics)
	for _, calculation := range q.TableCalculations {
		columns = append(columns, calculation.Name)
	}
	for _, custom := range q.CustomDimensions {
		columns = append(columns, custom.Name)
	}
	return columns
}

// columnOrder reads the order of columns from a chart's table configuration.
func columnOrder(table json.RawMessage) []string {
	var t struct {
		ColumnOrder []string `json:"columnOrder"`
	}
	_ = json.Unmarshal(table, &t) // a configuration without a usable order orders nothing
	return t.ColumnOrder
}
