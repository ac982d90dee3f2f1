package metric

import (
	"fmt"
	"slices"
	"strings"

	"inlay/internal/semantic"
)

// leaf is a metric that aggregates rows itself, or holds an aggregate in its own SQL. Its grain is the table whose
// rows it counts.
type leaf struct {
	id     string
	metric *semantic.Metric
	expr   Expr
	tables []string
	grain  string
}

// sensitive tells whether the number changes when rows are repeated.
func (l *leaf) sensitive() bool {
	switch l.metric.Type {
	case semantic.Min, semantic.Max, semantic.CountDistinct, semantic.SumDistinct, semantic.AverageDistinct:
		return false
	}
	return true
}

// distinct names the keys of which the leaf takes one value each; empty when it takes every row's.
func (l *leaf) distinct() string {
	aggregate, ok := l.expr.(*Aggregate)
	if !ok || len(aggregate.Distinct) == 0 {
		return ""
	}
	return l.metric.Table + ": " + strings.Join(l.metric.DistinctKeys, ", ")
}

// blocks decides where each metric is computed. Where no join repeats a metric's rows, one SELECT does; otherwise
// each table's metrics are computed by themselves, at their own grain, and merged by the keys. So are those that take
// one value of each distinct key.
func (b *builder) blocks() error {
	shared := b.sharedTables()
	leaves, err := b.leaves()
	if err != nil {
		return err
	}
	all := slices.Clone(shared)
	for i := range leaves {
		all = append(all, leaves[i].tables...)
	}
	edges, err := b.edges(all)
	if err != nil {
		return err
	}
	apart := false
	for i := range leaves {
		if err := b.grain(&leaves[i], edges); err != nil {
			return err
		}
		apart = apart || leaves[i].distinct() != "" || b.repeats(&leaves[i], edges)
	}
	for _, k := range b.keyList {
		b.plan.Output = append(b.plan.Output, k.ID)
	}
	b.plan.Output = append(b.plan.Output, b.columns...)
	if !apart {
		for i := range leaves {
			b.warn(&leaves[i], edges)
		}
		return b.single(edges)
	}
	return b.split(leaves, shared, edges)
}

// sharedTables are read by keys and conditions, whichever metric is computed.
func (b *builder) sharedTables() []string {
	var list []string
	add := func(alias string) {
		if !slices.Contains(list, alias) {
			list = append(list, alias)
		}
	}
	for _, k := range b.keyList {
		k.Expr.tables(add)
	}
	for _, c := range b.where {
		c.tables(add)
	}
	if b.sqlFilter != nil {
		b.sqlFilter.tables(add)
	}
	return list
}

// leaves resolves the metrics that the query's metrics come from.
func (b *builder) leaves() ([]leaf, error) {
	var list []leaf
	var visit func(m *semantic.Metric, id string) error
	visit = func(m *semantic.Metric, id string) error {
		if slices.ContainsFunc(list, func(l leaf) bool { return l.metric == m }) {
			return nil
		}
		inner, derived := b.parts(m)
		if derived {
			if err := b.enter(m.Table); err != nil {
				return err
			}
			defer b.leave()
			for _, each := range inner {
				if err := visit(each, semantic.FieldID(each.Table, each.Name)); err != nil {
					return err
				}
			}
			return nil
		}
		expr, err := b.inline(m)
		if err != nil {
			return err
		}
		tables := tablesOf(expr)
		if len(tables) == 0 {
			tables = []string{m.Table} // its SQL names columns without their table, or counts rows
		}
		list = append(list, leaf{id: id, metric: m, expr: expr, tables: tables})
		return nil
	}
	for i := range b.metrics {
		if err := visit(b.metrics[i].metric, b.metrics[i].id); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// parts lists the metrics that a metric is derived from. One that reads columns of its table too isn't derived: it
// must be computed where its rows are.
func (b *builder) parts(m *semantic.Metric) (inner []*semantic.Metric, derived bool) {
	if m.Type.Aggregates() {
		return nil, false
	}
	references, err := semantic.References(m.SQL)
	if err != nil {
		return nil, false
	}
	for _, ref := range references {
		switch ref.Kind {
		case semantic.ToTable:
			return nil, false
		case semantic.ToField:
			other := b.explore.Metric(m.Table, ref.Table, ref.Name)
			if other == nil || other == m {
				return nil, false
			}
			inner = append(inner, other)
		}
	}
	return inner, len(inner) > 0
}

// grain finds the table whose rows the leaf counts: the one of which a row fixes a row of every other table that the
// aggregate reads. Its filters must be fixed by that row too, or each row would count once for every row that passes.
func (b *builder) grain(l *leaf, edges []edgeOfJoin) error {
	read := l.tables
	if aggregate, ok := l.expr.(*Aggregate); ok {
		if of := tablesOf(aggregate.Of); len(of) > 0 {
			read = of
		}
	}
	candidates := read
	if i := slices.Index(read, l.metric.Table); i > 0 {
		candidates = append([]string{l.metric.Table}, read...)
	}
	for _, table := range candidates {
		fixed := determined(table, edges, true)
		if !containsAll(fixed, read) {
			continue
		}
		l.grain = table
		if l.sensitive() && !containsAll(fixed, l.tables) {
			return compileFault("Metric \"%s\" has a filter on a table of which several rows meet one row of \"%s\", so it would count that row several times. Filter the query instead, or count distinct keys.",
				label(l.metric), table)
		}
		return nil
	}
	l.grain = candidates[0]
	if !l.sensitive() {
		return nil
	}
	return compileFault("Metric \"%s\" mixes rows of %s, which the joins repeat for each other, so its number would be wrong. Split it into one metric a table.",
		label(l.metric), quotedList(read))
}

// repeats tells whether joins repeat the leaf's rows, and it is known how to undo it or that it must be refused.
func (b *builder) repeats(l *leaf, edges []edgeOfJoin) bool {
	if !l.sensitive() {
		return false
	}
	all := tablesIn(b.explore.BaseTable, edges)
	if !containsAll(determined(l.grain, edges, true), all) {
		return true
	}
	return len(b.explore.Tables[l.grain].PrimaryKey) > 0 && !containsAll(determined(l.grain, edges, false), all)
}

// warn tells about a metric whose rows may be repeated by joins that say nothing about it.
func (b *builder) warn(l *leaf, edges []edgeOfJoin) {
	if !l.sensitive() || containsAll(determined(l.grain, edges, false), tablesIn(b.explore.BaseTable, edges)) {
		return
	}
	b.plan.Warnings = append(b.plan.Warnings, fmt.Sprintf(
		"\"%s\" may be too high: nothing says whether join \"%s\" repeats rows of \"%s\". Declare the join's relationship and the primary_key of \"%s\".",
		label(l.metric), b.culprit(l.grain, edges, false), l.grain, l.grain))
}

// culprit is a join that repeats rows of the table.
func (b *builder) culprit(table string, edges []edgeOfJoin, hopeful bool) string {
	have := determined(table, edges, hopeful)
	for i := range edges {
		e := &edges[i]
		if slices.Contains(have, e.child) != containsAll(have, e.parents) {
			return e.child
		}
	}
	return ""
}

func quotedList(list []string) string { return `"` + strings.Join(list, `", "`) + `"` }
