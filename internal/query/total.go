package query

import (
	"slices"

	"inlay/internal/fault"
	"inlay/internal/metric"
)

// TotalKind says which rows of a query, or of its pivot, become one.
type TotalKind string

// Kinds of totals.
const (
	GrandTotal     TotalKind = "grandTotal"     // all of them
	ColumnTotal    TotalKind = "columnTotal"    // those of each combination of the pivot's groups
	RowTotal       TotalKind = "rowTotal"       // those of each index of the pivot
	ColumnSubtotal TotalKind = "columnSubtotal" // those of each group of some dimensions, for each combination of the pivot's groups
	RowSubtotal    TotalKind = "rowSubtotal"    // those of each index of the pivot, for each group of some of its groups
)

// totalRows is the most rows that totals have.
const totalRows = 5000

// Total is the request for the totals of a query. They are asked of the warehouse, and not made of the query's rows:
// distinct counts, averages and percentiles don't add up. within are the dimensions of a subtotal. Faults: Invalid for
// a query whose rows are chosen by their numbers, as its totals would be of other rows.
func (r Request) Total(kind TotalKind, within []string) (Request, error) {
	for name, group := range map[string]*metric.FilterGroup{"metrics": r.Query.Filters.Metrics, "table calculations": r.Query.Filters.TableCalculations} {
		if slices.ContainsFunc(group.Rules(), func(rule *metric.FilterRule) bool { return !rule.Disabled }) {
			return r, fault.Coded(fault.Invalid, "Parameter", "The query filters by %s, so that its totals would be those of other rows. Remove these filters", name)
		}
	}
	for _, id := range within {
		if !slices.Contains(r.Query.Dimensions, id) {
			return r, fault.Coded(fault.Invalid, "Parameter", "subtotalDimensions: %q is not one of the query's dimensions", id)
		}
	}
	if subtotal := kind == ColumnSubtotal || kind == RowSubtotal; subtotal != (len(within) > 0) {
		return r, fault.Coded(fault.Invalid, "Parameter", "subtotalDimensions go with the kinds columnSubtotal and rowSubtotal, and only with them")
	}
	index, groups := r.Query.Dimensions, []string(nil)
	if r.Pivot != nil {
		index, groups = r.Pivot.Index, r.Pivot.Groups
	}
	pivot := r.Pivot
	r = r.Whole()
	r.Query.Limit, r.MaxLimit = totalRows, totalRows
	switch kind {
	case GrandTotal:
		r.Query.Limit = 1
	case ColumnTotal:
		r.Query.Dimensions = groups
		r.Pivot = columnsOf(pivot, r.Query.Metrics)
	case RowTotal:
		r.Query.Dimensions = index
	case ColumnSubtotal:
		r.Query.Dimensions = union(within, groups)
	case RowSubtotal:
		r.Query.Dimensions = union(index, within)
	default:
		return r, fault.Coded(fault.Invalid, "Parameter", "There is no kind of totals %q", kind)
	}
	return r, nil
}

// Whole is the request without what divides its rows and what is computed over them: one row.
func (r Request) Whole() Request {
	r.Purpose, r.Pivot = Total, nil
	r.Query.Dimensions, r.Query.Sorts, r.Query.TableCalculations = []string{}, []metric.Sort{}, []metric.TableCalculation{}
	r.Query.Filters.TableCalculations, r.Query.Limit = nil, 1
	return r
}

// columnsOf is a pivot to one row of the same columns, in the same order where that goes by the groups.
func columnsOf(p *metric.Pivot, metrics []string) *metric.Pivot {
	if p == nil {
		return nil
	}
	total := &metric.Pivot{Groups: p.Groups, Columns: p.Columns}
	for _, v := range p.Values {
		if slices.Contains(metrics, v.Column) { // calculations have no totals
			total.Values = append(total.Values, v)
		}
	}
	for _, s := range p.Sorts {
		if slices.Contains(p.Groups, s.FieldID) {
			total.Sorts = append(total.Sorts, s)
		}
	}
	return total
}

func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, id := range b {
		if !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

// Subtotals lists the groups of dimensions that a table has subtotals of: the first of its rows' dimensions, the first
// two, and so on; not all of them, which are the rows themselves. order is that of the table's columns.
func Subtotals(dimensions, order, pivoted []string) [][]string {
	rows := slices.DeleteFunc(slices.Clone(order), func(id string) bool { return !slices.Contains(dimensions, id) })
	rows = slices.DeleteFunc(union(rows, dimensions), func(id string) bool { return slices.Contains(pivoted, id) })
	var groups [][]string
	for n := 1; n < len(rows); n++ {
		groups = append(groups, rows[:n])
	}
	return groups
}
