package query

import (
	"cmp"
	"maps"
	"slices"

	"inlay/internal/metric"
	"inlay/internal/semantic"
)

// Filterable gives the visible dimensions of an explore, in the order that clients know: by the length of their names,
// then by the names.
func Filterable(e *semantic.Explore) []*semantic.Dimension {
	byLength := func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }
	found := []*semantic.Dimension{}
	for _, table := range slices.SortedFunc(maps.Keys(e.Tables), byLength) {
		dimensions := e.Tables[table].Dimensions
		for _, name := range slices.SortedFunc(maps.Keys(dimensions), byLength) {
			if d := dimensions[name]; !d.Hidden {
				found = append(found, d)
			}
		}
	}
	return found
}

// Behind lists the dimensions that show the rows behind an item of a query: those that its metric names, or else all
// of the tables that the query selects from.
func Behind(e *semantic.Explore, q metric.Query, item string) []string {
	shown, tables := []string{}, []string{}
	for alias, table := range e.Tables {
		for name, m := range table.Metrics {
			id := semantic.FieldID(alias, name)
			if id == item {
				shown = m.ShowUnderlyingValues
			}
			if slices.Contains(q.Metrics, id) {
				tables = append(tables, alias)
			}
		}
		for name := range table.Dimensions {
			if slices.Contains(q.Dimensions, semantic.FieldID(alias, name)) {
				tables = append(tables, alias)
			}
		}
	}
	for _, custom := range q.AdditionalMetrics {
		tables = append(tables, custom.Table)
	}
	ids := []string{}
	for _, d := range Filterable(e) {
		named := slices.Contains(shown, d.Name) || slices.Contains(shown, d.Table+"."+d.Name)
		if named || len(shown) == 0 && slices.Contains(tables, d.Table) {
			ids = append(ids, semantic.FieldID(d.Table, d.Name))
		}
	}
	return ids
}
