package native

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"inlay/internal/metric"
	"inlay/internal/query"
)

// pivotWire is a pivotConfiguration: how a query's rows become a table.
type pivotWire struct {
	Index pivotIndexes `json:"indexColumn,omitempty" null:"ok"`
	pivotCells
	MetricsAsRows bool         `json:"metricsAsRows,omitempty"` // how clients show it
	SortOnly      []pivotValue `json:"sortOnlyColumns,omitempty"`
}

type pivotCells struct {
	Values []pivotValue     `json:"valuesColumns"`
	Groups []pivotReference `json:"groupByColumns,omitempty" null:"ok"`
	Sorts  []pivotSort      `json:"sortBy,omitempty" null:"ok"`
}

type pivotIndex struct {
	Reference string `json:"reference"`
	Type      string `json:"type" enum:"time,category"`
}

type pivotValue struct {
	Reference   string `json:"reference"`
	Aggregation string `json:"aggregation" enum:"sum,count,avg,min,max,any"`
}

type pivotReference struct {
	Reference string `json:"reference"`
}

type pivotSort struct {
	Reference  string `json:"reference"`
	Direction  string `json:"direction" enum:"ASC,DESC"`
	NullsFirst *bool  `json:"nullsFirst,omitempty"`
}

// pivotIndexes are one index or a list of them; clients send both.
type pivotIndexes []pivotIndex

func (p *pivotIndexes) UnmarshalJSON(data []byte) error {
	if !bytes.HasPrefix(data, []byte("{")) {
		return json.Unmarshal(data, (*[]pivotIndex)(p))
	}
	*p = make(pivotIndexes, 1)
	return json.Unmarshal(data, &(*p)[0])
}

// MarshalJSON gives back the form that was sent: a list of one reads as one.
func (p pivotIndexes) MarshalJSON() ([]byte, error) {
	if len(p) == 1 {
		return json.Marshal(p[0])
	}
	return json.Marshal([]pivotIndex(p))
}

// pivot is the core's form; nil stays nil.
func (w *pivotWire) pivot() *metric.Pivot {
	if w == nil {
		return nil
	}
	p := &metric.Pivot{}
	for _, i := range w.Index {
		p.Index = append(p.Index, i.Reference)
	}
	for _, g := range w.Groups {
		p.Groups = append(p.Groups, g.Reference)
	}
	for _, v := range w.Values {
		p.Values = append(p.Values, metric.PivotValue{Column: v.Reference, Aggregation: v.Aggregation})
	}
	for _, v := range w.SortOnly {
		p.Hidden = append(p.Hidden, metric.PivotValue{Column: v.Reference, Aggregation: v.Aggregation})
	}
	for _, s := range w.Sorts {
		p.Sorts = append(p.Sorts, metric.Sort{FieldID: s.Reference, Descending: s.Direction == "DESC", NullsFirst: s.NullsFirst})
	}
	return p
}

// pivotDetails say what the columns of pivoted rows are.
type pivotDetails struct {
	Total    int                    `json:"totalColumnCount"`
	Index    pivotIndexes           `json:"indexColumn"`
	Values   []pivotColumn          `json:"valuesColumns"`
	Groups   []pivotReference       `json:"groupByColumns"`
	Sorts    []pivotSort            `json:"sortBy"`
	Original map[string]asyncColumn `json:"originalColumns"`
}

type pivotColumn struct {
	Reference   string      `json:"referenceField"`
	Name        string      `json:"pivotColumnName"`
	Aggregation string      `json:"aggregation"`
	Values      []pivotCell `json:"pivotValues"`
	Place       int         `json:"columnIndex"`
}

type pivotCell struct {
	Reference string          `json:"referenceField"`
	Value     json.RawMessage `json:"value"`
	Formatted string          `json:"formatted"`
}

func pivotToWire(p *query.Pivoted, sorts []metric.Sort) *pivotDetails {
	if p == nil {
		return nil
	}
	out := &pivotDetails{Total: p.Total, Index: pivotIndexes{}, Values: []pivotColumn{}, Groups: []pivotReference{}, Sorts: []pivotSort{},
		Original: map[string]asyncColumn{}}
	for _, field := range p.Before {
		kind := query.TypeOf(field)
		out.Original[field.Name] = asyncColumn{field.Name, kind}
		if slices.Contains(p.Index, field.Name) {
			index := pivotIndex{field.Name, "category"}
			if kind == "date" || kind == "timestamp" {
				index.Type = "time"
			}
			out.Index = append(out.Index, index)
		}
	}
	for _, id := range p.Groups {
		out.Groups = append(out.Groups, pivotReference{id})
	}
	for _, s := range sorts {
		direction := "ASC"
		if s.Descending {
			direction = "DESC"
		}
		out.Sorts = append(out.Sorts, pivotSort{s.FieldID, direction, s.NullsFirst})
	}
	for _, c := range p.Columns {
		column := pivotColumn{c.Value.Column, c.Name, strings.ToLower(c.Value.Aggregation), []pivotCell{}, c.Place}
		for i, g := range c.Groups {
			column.Values = append(column.Values, pivotCell{p.Groups[i], g.Raw, g.Formatted})
		}
		out.Values = append(out.Values, column)
	}
	return out
}
