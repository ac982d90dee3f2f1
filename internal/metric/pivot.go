package metric

import (
	"slices"
	"strings"

	"inlay/internal/fault"
)

// Pivot turns rows into a table: one row for each value of Index, and for each value of Groups one column of each of
// Values. Rows and columns follow Sorts; what those leave open follows the values of Index and Groups.
type Pivot struct {
	Index  []string
	Groups []string
	Values []PivotValue
	Sorts  []Sort       // by an index, a group or a value; empty: the query's own
	Hidden []PivotValue // sorted by, and not shown

	Rows    int // the most rows; 0: the query's limit
	Columns int // the most columns of each value; 0 is 60
}

// PivotValue aggregates a column: sum, count, avg, min, max or any.
type PivotValue struct{ Column, Aggregation string }

// Limits of a pivot. More fields than that no table shows.
const (
	pivotFields  = 100
	pivotColumns = 60
	pivotRows    = 500
)

// Fold is a pivot of a plan's rows.
type Fold struct {
	Index, Groups []string
	Values        []PivotValue // shown ones first
	Shown         int
	Sorts         []FoldOrder
	Rows, Columns int
}

// FoldOrder sorts by an index, a group or a value. Order.ID may be a column beside it that holds its place.
type FoldOrder struct {
	Key string
	Order
}

// Check refuses a pivot that can't be made of any rows. Faults: Invalid with code Parameter, which name the field.
func (p *Pivot) Check() error {
	switch {
	case len(p.Values) == 0:
		return wrongPivot("valuesColumns must name at least one column")
	case len(p.Index)+len(p.Groups)+len(p.Values)+len(p.Hidden)+len(p.Sorts) > pivotFields:
		return wrongPivot("A pivot can have at most %d columns, groups, values and sorts", pivotFields)
	}
	keys := slices.Concat(p.Index, p.Groups)
	for i, id := range keys {
		if id == "" || slices.Contains(keys[:i], id) {
			return wrongPivot("indexColumn and groupByColumns must each name another column; %q doesn't", id)
		}
	}
	for _, v := range slices.Concat(p.Values, p.Hidden) {
		if v.Column == "" || !slices.Contains([]string{"sum", "count", "avg", "min", "max", "any"}, strings.ToLower(v.Aggregation)) {
			return wrongPivot("There is no aggregation %q in valuesColumns of %q", v.Aggregation, v.Column)
		}
	}
	for _, s := range p.Sorts {
		if !slices.Contains(keys, s.FieldID) && p.value(s.FieldID) < 0 {
			return wrongPivot("sortBy names %q, which is no index, group or value of the pivot", s.FieldID)
		}
	}
	return nil
}

func wrongPivot(format string, args ...any) error {
	return fault.Coded(fault.Invalid, "Parameter", "pivotConfiguration: "+format, args...)
}

// value finds the place of a value by its column, shown ones first.
func (p *Pivot) value(column string) int {
	return slices.IndexFunc(slices.Concat(p.Values, p.Hidden), func(v PivotValue) bool { return v.Column == column })
}

// Fold makes the pivot of rows whose columns are taken as they are named. Faults: as Check.
func (p *Pivot) Fold() (*Fold, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	f := &Fold{Index: p.Index, Groups: p.Groups, Values: slices.Concat(p.Values, p.Hidden), Shown: len(p.Values), Rows: p.Rows, Columns: p.Columns}
	for _, s := range p.Sorts {
		f.Sorts = append(f.Sorts, FoldOrder{s.FieldID, Order{ID: s.FieldID, Descending: s.Descending, NullsFirst: s.NullsFirst}})
	}
	if f.Rows <= 0 {
		f.Rows = pivotRows
	}
	if f.Columns <= 0 {
		f.Columns = pivotColumns
	}
	return f, nil
}

// narrow gives the query whose rows are the cells: only the dimensions that the pivot places, so that each metric is
// computed for its cell and not taken from one of several rows, sorted by all of them.
func (p *Pivot) narrow(q Query) (Query, error) {
	if err := p.Check(); err != nil {
		return q, err
	}
	keys := slices.Concat(p.Index, p.Groups)
	for _, id := range keys {
		if !slices.Contains(q.Dimensions, id) {
			return q, wrongPivot("%q is not one of the query's dimensions", id)
		}
	}
	for _, v := range slices.Concat(p.Values, p.Hidden) {
		calculated := slices.ContainsFunc(q.TableCalculations, func(c TableCalculation) bool { return c.Name == v.Column })
		if !calculated && !slices.Contains(q.Metrics, v.Column) {
			return q, wrongPivot("%q is not one of the query's metrics or table calculations", v.Column)
		}
	}
	q.Dimensions = keys
	sorts := slices.Clone(p.Sorts)
	if len(sorts) == 0 {
		sorts = slices.DeleteFunc(slices.Clone(q.Sorts), func(s Sort) bool {
			return !slices.Contains(keys, s.FieldID) && p.value(s.FieldID) < 0
		})
	}
	for _, id := range keys {
		if !slices.ContainsFunc(sorts, func(s Sort) bool { return s.FieldID == id }) {
			sorts = append(sorts, Sort{FieldID: id})
		}
	}
	q.Sorts = sorts
	return q, nil
}

// fold makes the plan's pivot. Order and limit are the pivot's then, and no longer those of the rows below it.
func (b *builder) fold() error {
	p := b.options.Pivot
	if p == nil {
		return nil
	}
	f, err := p.Fold()
	if err != nil {
		return err
	}
	f.Sorts = nil
	for i, order := range b.plan.Sorts {
		f.Sorts = append(f.Sorts, FoldOrder{b.query.Sorts[i].FieldID, order})
	}
	if p.Rows == 0 {
		f.Rows = *b.plan.Limit
	}
	if f.Rows < 0 {
		return fault.Coded(fault.Invalid, "WarehouseQuery", "LIMIT must not be negative")
	}
	b.plan.Fold, b.plan.Sorts, b.plan.Limit = f, nil, nil
	return nil
}
