package content

import (
	"bytes"
	"encoding/json"
	"slices"

	"inlay/internal/fault"
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

// check refuses configurations of another form than clients read. Faults: Invalid.
func (d ChartDocument) check() error {
	for name, document := range map[string]json.RawMessage{"chartConfig": d.Config, "tableConfig": d.Table, "pivotConfig": d.Pivot} {
		if !object(document) && (name != "pivotConfig" || len(document) > 0) {
			return fault.New(fault.Invalid, "%s must be an object", name)
		}
	}
	return nil
}

func object(document json.RawMessage) bool {
	document = bytes.TrimSpace(document)
	return len(document) > 0 && document[0] == '{'
}

// complete writes lists that a client left out as empty ones: documents as code have them all.
func complete(q metric.Query) metric.Query {
	q.Dimensions, q.Metrics, q.Sorts = filled(q.Dimensions), filled(q.Metrics), filled(q.Sorts)
	q.TableCalculations = filled(q.TableCalculations)
	return q
}

// filled is a copy that isn't nil.
func filled[T any](items []T) []T { return append([]T{}, items...) }

// ordered puts the columns of a query in the order that the chart's table shows them; columns it doesn't know come
// first. The table in turn keeps only columns of the query. Custom metrics get an id, by which clients tell them apart.
// Faults: Invalid.
func ordered(d ChartDocument) (ChartDocument, error) {
	if err := d.check(); err != nil {
		return d, err
	}
	order := columnOrder(d.Table)
	place := func(a, b string) int { return slices.Index(order, a) - slices.Index(order, b) }
	d.Query = complete(d.Query)
	q := &d.Query
	slices.SortStableFunc(q.Dimensions, place)
	slices.SortStableFunc(q.Metrics, place)
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
