package query

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/metric"
)

// Pivoted says what the columns of a pivoted result are: its index columns, and then these.
type Pivoted struct {
	Index   []string
	Groups  []string
	Columns []PivotedColumn
	Total   int           // how many groups of columns there are, also beyond the pivot's limit
	Before  []frame.Field // the columns before they were pivoted, by their ids
}

// PivotedColumn is a value for one combination of the groups' values.
type PivotedColumn struct {
	Name   string
	Value  metric.PivotValue
	Groups []GroupValue // one for each of the groups
	Place  int          // of the groups' combination, from 1; columns stand in this order
	Seen   int          // when it first had a value, among the columns
}

// GroupValue is a group's value in the head of a column.
type GroupValue struct {
	Raw       json.RawMessage
	Formatted string
}

// maxCombinations bounds the groups of columns that a pivot may have, shown or not. Nobody reads a table that wide, and
// whoever asks for one grouped by the wrong field.
const maxCombinations = 10000

// pivot folds the rows of a result, and closes them. Faults: Invalid when there would be too many columns.
func (r *Result) pivot(ctx context.Context, fold *metric.Fold) error {
	defer r.Rows.Close()
	f := &folder{fold: fold, fields: r.Fields, fromRow: -1}
	f.begin(r.Rows.Fields())
	for {
		batch, err := r.Rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		for i := range batch.Rows {
			if err := f.add(batch, i); err != nil {
				return err
			}
		}
	}
	r.Rows, r.Pivot, r.stored = f.table().Reader(), f.out, nil
	r.Columns, r.Fields = append([]string{}, fold.Index...), maps.Clone(r.Fields)
	for _, c := range f.out.Columns {
		r.Columns = append(r.Columns, c.Name)
		if r.Fields != nil && !strings.EqualFold(c.Value.Aggregation, "count") {
			r.Fields[c.Name] = r.Fields[c.Value.Column]
		}
	}
	return nil
}

// folder makes one row of all cells with the same number of the row.
type folder struct {
	fold    *metric.Fold
	fields  map[string]metric.Field
	out     *Pivoted
	format  []*frame.Formatter // of the groups
	index   []frame.Column
	kinds   []frame.Field // of the values
	values  []frame.Column
	places  map[int]int // number of the combination → its first column
	names   map[string]bool
	rows    int
	fromRow int
}

func (f *folder) begin(fields []frame.Field) {
	f.out = &Pivoted{Index: f.fold.Index, Groups: f.fold.Groups, Columns: []PivotedColumn{}}
	f.places, f.names = map[int]int{}, map[string]bool{}
	for _, id := range f.fold.Index {
		f.names[id] = true
	}
	groups, index := len(f.fold.Groups), len(f.fold.Index)
	for n, field := range fields[:groups+index+f.fold.Shown] {
		switch {
		case n < groups:
			field.Name = f.fold.Groups[n]
			f.format = append(f.format, frame.NewFormatter(ViewOf(f.fields[field.Name]).Format))
		case n < groups+index:
			field.Name = f.fold.Index[n-groups]
			f.index = append(f.index, frame.NewColumn(field.Kind, 0))
		default:
			field.Name = f.fold.Values[n-groups-index].Column
			f.kinds = append(f.kinds, field)
		}
		f.out.Before = append(f.out.Before, field)
	}
}

// add puts a cell into the table.
func (f *folder) add(batch *frame.Batch, i int) error {
	groups, index, values := len(f.fold.Groups), len(f.fold.Index), f.fold.Shown
	number := func(n int) int { return int(batch.Columns[groups+index+values+n].Int(i)) }
	row, column := number(0), number(1)
	if f.out.Total = number(2); f.out.Total > maxCombinations {
		return fault.Coded(fault.Invalid, "Parameter", "The pivot would have %d columns for each value, and a table can have %d at most. "+
			"Group it by a field with fewer values, or filter that field", f.out.Total, maxCombinations)
	}
	if row != f.fromRow {
		f.fromRow = row
		f.rows++
		for n := range f.index {
			f.index[n].AppendFrom(&batch.Columns[groups+n], i)
		}
	}
	first, ok := f.places[column]
	if !ok {
		first = f.open(batch, i, column)
	}
	for n := range values {
		c := &f.values[first+n]
		c.AppendNulls(f.rows - 1 - c.Len())
		c.AppendFrom(&batch.Columns[groups+index+n], i)
	}
	return nil
}

// open makes the columns of a combination of groups that wasn't there before.
func (f *folder) open(batch *frame.Batch, i, place int) int {
	first := len(f.values)
	f.places[place] = first
	head := make([]GroupValue, len(f.fold.Groups))
	for n := range head {
		c := &batch.Columns[n]
		head[n] = GroupValue{frame.AppendRaw(nil, c, i, ViewOf(f.fields[f.fold.Groups[n]]).Seconds), string(f.format[n].Append(nil, c, i))}
	}
	for n, v := range f.fold.Values[:f.fold.Shown] {
		f.values = append(f.values, frame.NewColumn(f.kinds[n].Kind, 0))
		f.out.Columns = append(f.out.Columns, PivotedColumn{f.name(v, head), v, head, place, len(f.out.Columns)})
	}
	return first
}

// name is a column's: of its value, its aggregation and the groups' values, as the reference's clients look for it.
func (f *folder) name(v metric.PivotValue, head []GroupValue) string {
	name := v.Column + "_" + strings.ToLower(v.Aggregation)
	for _, group := range head {
		name += "_" + group.Text()
	}
	for n, unique := 2, name; f.names[name]; n++ { // "a_b" and "c" read like "a" and "b_c"
		name = fmt.Sprintf("%s_%d", unique, n)
	}
	f.names[name] = true
	return name
}

// Text is a value as it stands in the names of columns.
func (g GroupValue) Text() string {
	var text string
	if json.Unmarshal(g.Raw, &text) == nil && string(g.Raw) != "null" {
		return text
	}
	return string(g.Raw)
}

func (f *folder) table() *frame.Table {
	batch := &frame.Batch{Rows: f.rows, Columns: append([]frame.Column{}, f.index...)}
	fields := append([]frame.Field{}, f.out.Before[len(f.fold.Groups):len(f.fold.Groups)+len(f.index)]...)
	slices.SortStableFunc(f.out.Columns, func(a, b PivotedColumn) int { return a.Place - b.Place })
	for _, column := range f.out.Columns {
		c := &f.values[column.Seen]
		c.AppendNulls(f.rows - c.Len())
		batch.Columns = append(batch.Columns, *c)
		field := f.kinds[column.Seen%f.fold.Shown]
		field.Name = column.Name
		fields = append(fields, field)
	}
	for n := range batch.Columns {
		batch.Columns[n].Seal()
	}
	if f.rows == 0 {
		return &frame.Table{Fields: fields}
	}
	return &frame.Table{Fields: fields, Batches: []*frame.Batch{batch}}
}
