package sqlgen

import (
	"slices"
	"strconv"
	"strings"

	"inlay/internal/fault"
	"inlay/internal/metric"
)

// Folded writes SQL that pivots the rows of text, which must be one statement that reads. Its columns are the groups,
// the indexes and the values of the fold, by their places, and then the number of the row, the number of the group of
// columns, and how many of those there would be without the limit. The text stands on lines of its own, from the second on.
func Folded(dialect, text string, f *metric.Fold) (string, error) {
	d, err := For(dialect)
	if err != nil {
		return "", err
	}
	w := &writer{d: d}
	return w.fold(text, f) + d.suffix, w.err
}

// fold takes each name of the rows once, and goes on with names of its own.
func (w *writer) fold(text string, f *metric.Fold) string {
	tables := []string{"original_query AS (\n" + text + "\n)", common("cells", w.cells(f))}
	from := "cells"
	if anchors := w.anchors(f); len(anchors) > 0 {
		tables, from = append(tables, common("anchored", selectList("SELECT", append([]string{"cells.*"}, anchors...))+"\nFROM cells")), "anchored"
	}
	ranks := []string{from + ".*", w.rank(f, f.Index, "index_", "row") + " AS row_index", w.rank(f, f.Groups, "group_", "column") + " AS column_index"}
	tables = append(tables, common("ranked", selectList("SELECT", ranks)+"\nFROM "+from),
		common("counted", "SELECT\n  ranked.*,\n  MAX(column_index) OVER () AS total_columns\nFROM ranked"))
	shown := slices.Concat(numbered("group_", len(f.Groups)), numbered("index_", len(f.Index)), numbered("value_", f.Shown))
	return "WITH " + strings.Join(tables, ",\n") + "\n" +
		selectList("SELECT", append(shown, "row_index", "column_index", "total_columns")) + "\nFROM counted" +
		"\nWHERE row_index <= " + strconv.Itoa(f.Rows) + " AND column_index <= " + strconv.Itoa(f.Columns) +
		"\nORDER BY row_index, column_index"
}

func numbered(name string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = name + strconv.Itoa(i+1)
	}
	return list
}

// cells groups the rows: one of each index and group.
func (w *writer) cells(f *metric.Fold) string {
	var columns []string
	add := func(name string, ids []string) {
		for i, id := range ids {
			columns = append(columns, w.ident(id)+" AS "+name+strconv.Itoa(i+1))
		}
	}
	add("group_", f.Groups)
	add("index_", f.Index)
	for i, s := range f.Sorts {
		if s.ID != s.Key {
			columns = append(columns, w.ident(s.ID)+" AS order_"+strconv.Itoa(i+1))
		}
	}
	keys := len(columns)
	for i, v := range f.Values {
		columns = append(columns, w.cell(v)+" AS value_"+strconv.Itoa(i+1))
	}
	return selectList("SELECT", columns) + "\nFROM original_query" + groupBy(keys)
}

func (w *writer) cell(v metric.PivotValue) string {
	x := w.ident(v.Column)
	switch strings.ToLower(v.Aggregation) {
	case "avg":
		return w.d.average(x)
	case "any":
		return w.d.any(x)
	case "sum", "count", "min", "max":
		return strings.ToUpper(v.Aggregation) + "(" + x + ")"
	}
	return w.fail(fault.Coded(fault.Invalid, "Parameter", "There is no aggregation %q", v.Aggregation))
}

// anchors are what sorts by a value go by: the first in that order of the whole row, and of the whole column.
func (w *writer) anchors(f *metric.Fold) []string {
	var anchors []string
	for i, s := range f.Sorts {
		value := slices.IndexFunc(f.Values, func(v metric.PivotValue) bool { return v.Column == s.Key })
		if slices.Contains(f.Index, s.Key) || slices.Contains(f.Groups, s.Key) || value < 0 {
			continue
		}
		first := "MIN("
		if s.Descending {
			first = "MAX("
		}
		x := first + "value_" + strconv.Itoa(value+1) + ") OVER ("
		n := strconv.Itoa(i + 1)
		anchors = append(anchors, x+partition("index_", len(f.Index))+") AS row_anchor_"+n, x+partition("group_", len(f.Groups))+") AS column_anchor_"+n)
	}
	return anchors
}

func partition(name string, n int) string {
	if n == 0 {
		return ""
	}
	return "PARTITION BY " + strings.Join(numbered(name, n), ", ")
}

// rank numbers the rows or the columns of the table.
func (w *writer) rank(f *metric.Fold, keys []string, name, axis string) string {
	if len(keys) == 0 {
		return "1"
	}
	var order []string
	sorted := map[string]bool{}
	for i, s := range f.Sorts {
		n := strconv.Itoa(i + 1)
		at := slices.Index(keys, s.Key)
		switch {
		case at >= 0 && s.ID != s.Key:
			order = append(order, w.orderBy("order_"+n, s.Order))
		case at >= 0:
			order = append(order, w.orderBy(name+strconv.Itoa(at+1), s.Order))
		case !slices.Contains(f.Index, s.Key) && !slices.Contains(f.Groups, s.Key):
			order = append(order, w.orderBy(axis+"_anchor_"+n, s.Order))
		}
		sorted[s.Key] = true
	}
	for i, key := range keys {
		if !sorted[key] {
			order = append(order, name+strconv.Itoa(i+1))
		}
	}
	return "DENSE_RANK() OVER (ORDER BY " + strings.Join(order, ", ") + ")"
}
