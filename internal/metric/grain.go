package metric

import (
	"fmt"
	"slices"
	"strings"

	"inlay/internal/fault"
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
	case semantic.Min, semantic.Max, semantic.CountDistinct:
		return false
	}
	return true
}

// blocks decides where each metric is computed. Where no join repeats a metric's rows, one SELECT does; otherwise
// each table's metrics are computed by themselves, at their own grain, and merged by the keys.
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
	repeated := false
	for i := range leaves {
		if err := b.grain(&leaves[i], edges); err != nil {
			return err
		}
		repeated = repeated || b.repeats(&leaves[i], edges)
	}
	for _, k := range b.keyList {
		b.plan.Output = append(b.plan.Output, k.ID)
	}
	for i := range b.metrics {
		b.plan.Output = append(b.plan.Output, b.metrics[i].id)
	}
	if !repeated {
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
			if b.depth++; b.depth > maxReferenceDepth {
				return compileFault("References of metric %q go round in a circle.", label(m))
			}
			defer func() { b.depth-- }()
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

// grain finds the table whose rows the leaf counts: the one of which a row fixes a row of every other table it reads.
func (b *builder) grain(l *leaf, edges []edgeOfJoin) error {
	candidates := l.tables
	if i := slices.Index(candidates, l.metric.Table); i > 0 {
		candidates = slices.Insert(slices.Delete(slices.Clone(candidates), i, i+1), 0, l.metric.Table)
	}
	for _, table := range candidates {
		if containsAll(determined(table, edges, true), l.tables) {
			l.grain = table
			return nil
		}
	}
	if !l.sensitive() {
		l.grain = candidates[0]
		return nil
	}
	return compileFault("Metric \"%s\" mixes rows of %s, which the joins repeat for each other, so its number would be wrong. Split it into one metric a table.",
		label(l.metric), quotedList(l.tables))
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

// single computes everything in one SELECT.
func (b *builder) single(edges []edgeOfJoin) error {
	block, err := b.block(edges)
	if err != nil {
		return err
	}
	for i := range b.metrics {
		expr, err := b.inline(b.metrics[i].metric)
		if err != nil {
			return err
		}
		block.Values = append(block.Values, Output{ID: b.metrics[i].id, Expr: expr})
	}
	b.plan.Blocks = []Block{block}
	return nil
}

// block is a SELECT of the keys over the tables of the joins.
func (b *builder) block(edges []edgeOfJoin) (Block, error) {
	from, err := b.table(b.explore.BaseTable)
	if err != nil {
		return Block{}, err
	}
	block := Block{From: from, Cross: b.cross, Where: b.where, Keys: b.keyList}
	if b.sqlFilter != nil {
		block.SQL = []*SQL{b.sqlFilter}
	}
	for i := range edges {
		join, err := b.join(&edges[i])
		if err != nil {
			return Block{}, err
		}
		block.Joins = append(block.Joins, join)
	}
	return block, nil
}

func (b *builder) join(e *edgeOfJoin) (Join, error) {
	table, err := b.table(e.child)
	if err != nil {
		return Join{}, err
	}
	join := Join{Table: table, Type: e.join.Type, On: e.on}
	if table.Source.SQLFilter == "" {
		return join, nil
	}
	filter, err := b.sql(e.child, table.Source.SQLFilter, "sql_filter", b.dimensionLookup(e.child))
	if err != nil {
		return Join{}, err
	}
	if read := tablesOf(filter); len(read) > 1 || len(read) == 1 && read[0] != e.child {
		return Join{}, fault.New(fault.Forbidden, "Table %q can't be joined, because its sql_filter reads other tables: %s.", e.child, strings.Join(read, ", "))
	}
	join.Table.Filter = filter
	return join, nil
}

// split computes the metrics of each grain in a block of its own, over no more tables than they need.
func (b *builder) split(leaves []leaf, shared []string, edges []edgeOfJoin) error {
	needed := slices.Clone(shared)
	for i := range edges {
		if t := edges[i].join.Type; t != semantic.Left { // these joins drop or add rows: leaving them out would change keys
			needed = append(needed, edges[i].child)
		}
	}
	for _, group := range b.groups(leaves, edges) {
		tables := slices.Clone(needed)
		for _, l := range group {
			tables = append(append(tables, l.tables...), l.grain)
		}
		block, err := b.groupBlock(group, tables)
		if err != nil {
			return err
		}
		b.plan.Blocks = append(b.plan.Blocks, block)
	}
	return b.derive(leaves)
}

// groups puts leaves together that can share a block: those that no join repeats, then those of each repeated table.
func (b *builder) groups(leaves []leaf, edges []edgeOfJoin) [][]*leaf {
	var order []string
	byGrain := map[string][]*leaf{}
	for i := range leaves {
		if l := &leaves[i]; b.repeats(l, edges) && !slices.Contains(order, l.grain) {
			order = append(order, l.grain)
		}
	}
	var plain []*leaf
	for i := range leaves {
		if l := &leaves[i]; slices.Contains(order, l.grain) {
			byGrain[l.grain] = append(byGrain[l.grain], l)
		} else {
			plain = append(plain, l)
		}
	}
	var groups [][]*leaf
	if len(plain) > 0 {
		groups = append(groups, plain)
	}
	for _, grain := range order {
		groups = append(groups, byGrain[grain])
	}
	return groups
}

func (b *builder) groupBlock(group []*leaf, tables []string) (Block, error) {
	edges, err := b.edges(tables)
	if err != nil {
		return Block{}, err
	}
	block, err := b.block(edges)
	if err != nil {
		return Block{}, err
	}
	grain := ""
	for _, l := range group {
		block.Values = append(block.Values, Output{ID: l.id, Expr: l.expr})
		if b.repeats(l, edges) {
			grain = l.grain
		}
	}
	block.Name = "cte_metrics_" + group[0].grain
	if grain != "" {
		block.Unique, err = b.unique(grain, group, edges)
		return block, err
	}
	for _, l := range group {
		b.warn(l, edges)
	}
	return block, nil
}

// unique makes a block read each row of the grain's table once for every combination of keys.
func (b *builder) unique(grain string, group []*leaf, edges []edgeOfJoin) (*Unique, error) {
	table, err := b.table(grain)
	if err != nil {
		return nil, err
	}
	if len(table.Source.PrimaryKey) == 0 {
		return nil, compileFault("\"%s\" would be too high: join \"%s\" repeats rows of \"%s\". Declare the primary_key of model \"%s\", so that each row is counted once.",
			label(group[0].metric), b.culprit(grain, edges, true), grain, table.Source.OriginalName)
	}
	unique := &Unique{Name: "cte_keys_" + grain, Table: table, Key: table.Source.PrimaryKey}
	var read []string
	for _, l := range group {
		read = append(read, l.tables...)
	}
	unique.Joins, err = b.again(grain, read, edges)
	return unique, err
}

// again joins, starting from the grain's table, the other tables that values read. A row of it fixes theirs.
func (b *builder) again(grain string, read []string, edges []edgeOfJoin) ([]Join, error) {
	have := []string{grain}
	var joins []Join
	for !containsAll(have, read) {
		grown := false
		for i := range edges {
			e := &edges[i]
			next, ok := e.step(have)
			if !ok {
				continue
			}
			table, err := b.table(next)
			if err != nil {
				return nil, err
			}
			joins = append(joins, Join{Table: table, Type: semantic.Left, On: e.on})
			have, grown = append(have, next), true
		}
		if !grown {
			return nil, compileFault("The metrics of table \"%s\" read other tables in a way whose rows can't be counted once.", grain)
		}
	}
	return joins, nil
}

// step gives the table that the join adds to those at hand, when it adds at most one row.
func (e *edgeOfJoin) step(have []string) (string, bool) {
	if !slices.Contains(have, e.child) && containsAll(have, e.parents) && e.down != many {
		return e.child, true
	}
	if slices.Contains(have, e.child) && len(e.parents) == 1 && !slices.Contains(have, e.parents[0]) && e.up != many {
		return e.parents[0], true
	}
	return "", false
}

// derive adds the metrics that are made of others, after these were merged.
func (b *builder) derive(leaves []leaf) error {
	column := func(m *semantic.Metric) (Expr, bool) {
		for i := range leaves {
			if leaves[i].metric == m {
				return Column{leaves[i].id}, true
			}
		}
		return nil, false
	}
	var merged func(m *semantic.Metric) (Expr, error)
	merged = func(m *semantic.Metric) (Expr, error) {
		if expr, ok := column(m); ok {
			return expr, nil
		}
		return b.metric(m, merged)
	}
	for i := range b.metrics {
		m := b.metrics[i].metric
		if _, ok := column(m); ok {
			continue
		}
		expr, err := b.metric(m, merged)
		if err != nil {
			return err
		}
		b.plan.Derived = append(b.plan.Derived, Output{ID: b.metrics[i].id, Expr: expr})
	}
	return nil
}

func quotedList(list []string) string { return `"` + strings.Join(list, `", "`) + `"` }
