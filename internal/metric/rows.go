package metric

import (
	"regexp"
	"slices"

	"inlay/internal/semantic"
)

// A declared primary key spares the engine work: rows that it tells apart needn't be grouped, and a count of it is a
// count of rows. Both are trusted as everywhere: see decision 3.

// rowwise tells whether the keys hold the primary key of the base table and no join repeats a row of it or adds one
// without it: then each row is a group of its own.
func (b *builder) rowwise(edges []edgeOfJoin) bool {
	base := b.explore.BaseTable
	if len(b.metrics) > 0 || !keepsRows(edges) || !containsAll(determined(base, edges, false), tablesIn(base, edges)) {
		return false
	}
	var columns []string
	for _, k := range b.keyList {
		if d := b.plan.Fields[k.ID].Dimension; d != nil && d.Table == base && d.TimeInterval == "" {
			columns = append(columns, columnOf(d.SQL))
		}
	}
	return b.covers(base, columns)
}

// countsRows tells whether a metric counts the primary key of the base table, which is never null.
func (b *builder) countsRows(m *semantic.Metric, edges []edgeOfJoin) bool {
	key := b.explore.Tables[b.explore.BaseTable].PrimaryKey
	return m.Type == semantic.Count && len(m.Filters) == 0 && m.Table == b.explore.BaseTable && keepsRows(edges) &&
		len(key) == 1 && columnOf(m.SQL) == key[0]
}

// keepsRows tells whether every joined row has one of the base table.
func keepsRows(edges []edgeOfJoin) bool {
	return !slices.ContainsFunc(edges, func(e edgeOfJoin) bool { return e.join.Type == semantic.Right || e.join.Type == semantic.Full })
}

var plainColumn = regexp.MustCompile(`^\$\{TABLE\}\.("?)([A-Za-z_][A-Za-z0-9_]*)("?)$`)

// columnOf is the column that SQL names and nothing else; empty when it does more.
func columnOf(sql semantic.SQL) string {
	if column := plainColumn.FindStringSubmatch(string(sql)); column != nil {
		return column[2]
	}
	return ""
}
