package metric

import (
	"slices"
	"strconv"
	"strings"

	"inlay/internal/fault"
	"inlay/internal/semantic"
)

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
		if b.countsRows(b.metrics[i].metric, edges) {
			expr = &Aggregate{Type: semantic.Count, Of: &SQL{Parts: []Part{{Text: "*"}}}}
		}
		block.Values = append(block.Values, Output{ID: b.metrics[i].id, Expr: expr})
	}
	block.Rowwise = b.rowwise(edges)
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

// groups puts leaves together that can share a block: those that no join repeats, then those of each repeated table,
// then those of the same distinct keys.
func (b *builder) groups(leaves []leaf, edges []edgeOfJoin) [][]*leaf {
	var repeated []string
	for i := range leaves {
		if l := &leaves[i]; b.repeats(l, edges) && !slices.Contains(repeated, l.grain) {
			repeated = append(repeated, l.grain)
		}
	}
	type place struct{ grain, distinct string }
	order := []place{{}}
	for _, grain := range repeated {
		order = append(order, place{grain: grain})
	}
	groups := map[place][]*leaf{}
	for i := range leaves {
		l := &leaves[i]
		at := place{distinct: l.distinct()}
		if at.distinct == "" && slices.Contains(repeated, l.grain) {
			at.grain = l.grain
		}
		if !slices.Contains(order, at) {
			order = append(order, at)
		}
		groups[at] = append(groups[at], l)
	}
	var list [][]*leaf
	for _, at := range order {
		if len(groups[at]) > 0 {
			list = append(list, groups[at])
		}
	}
	return list
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
	if aggregate, ok := group[0].expr.(*Aggregate); ok && len(aggregate.Distinct) > 0 {
		n := strconv.Itoa(len(b.plan.Blocks) + 1)
		block.Name, block.Once = "cte_distinct_metrics_"+n, &Once{Name: "cte_distinct_keys_" + n, Keys: aggregate.Distinct}
		return block, nil
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
	fixed := determined(grain, edges, false)
	for _, l := range group {
		read = append(read, l.tables...)
		if !containsAll(fixed, l.tables) {
			b.warn(l, edges)
		}
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
