package metric

import (
	"regexp"
	"slices"

	"inlay/internal/semantic"
)

// edgeOfJoin is a join with what it says about how many rows meet.
type edgeOfJoin struct {
	join    *semantic.Join
	on      *SQL
	child   string
	parents []string // other tables that the condition reads
	down    meets    // how many rows of the child meet a row of the parents
	up      meets    // how many rows of the parents meet a row of the child
}

// meets says how many rows a row meets.
type meets uint8

const (
	unknown meets = iota
	one           // at most one
	many
)

// edges resolves the joins that the tables need, in declared order: those of the tables themselves, those that their
// conditions read, and those that the model always wants.
func (b *builder) edges(tables []string) ([]edgeOfJoin, error) {
	e := b.explore
	needed := make([]bool, len(e.Joins))
	resolved := make([]*edgeOfJoin, len(e.Joins))
	var include func(alias string) error
	include = func(alias string) error {
		i := slices.IndexFunc(e.Joins, func(j semantic.Join) bool { return j.Table == alias })
		if i < 0 || needed[i] {
			return nil
		}
		needed[i] = true
		edge, err := b.edge(&e.Joins[i])
		if err != nil {
			return err
		}
		resolved[i] = edge
		for _, parent := range edge.parents {
			if err := include(parent); err != nil {
				return err
			}
		}
		return nil
	}
	for _, alias := range tables {
		if err := include(alias); err != nil {
			return nil, err
		}
	}
	for i := range e.Joins {
		if j := &e.Joins[i]; j.Always != nil && *j.Always {
			if err := include(j.Table); err != nil {
				return nil, err
			}
		}
	}
	var list []edgeOfJoin
	for i := range resolved {
		if resolved[i] != nil {
			list = append(list, *resolved[i])
		}
	}
	return list, nil
}

// edge resolves one join, once a query.
func (b *builder) edge(j *semantic.Join) (*edgeOfJoin, error) {
	if known := b.joined[j.Table]; known != nil {
		return known, nil
	}
	on, err := b.sql(j.Table, j.On, "sql_on", b.dimensionLookup(j.Table))
	if err != nil {
		return nil, err
	}
	edge := &edgeOfJoin{join: j, on: on, child: j.Table}
	for _, alias := range tablesOf(on) {
		if alias != j.Table {
			edge.parents = append(edge.parents, alias)
		}
	}
	switch j.Relationship {
	case semantic.OneToOne:
		edge.down, edge.up = one, one
	case semantic.OneToMany:
		edge.down, edge.up = many, one
	case semantic.ManyToOne:
		edge.down, edge.up = one, many
	case semantic.ManyToMany:
		edge.down, edge.up = many, many
	default:
		b.infer(edge)
	}
	if b.joined == nil {
		b.joined = map[string]*edgeOfJoin{}
	}
	b.joined[j.Table] = edge
	return edge, nil
}

// infer reads from primary keys how many rows meet, where nothing is declared: a condition that fixes the whole key
// of a table meets at most one of its rows.
func (b *builder) infer(edge *edgeOfJoin) {
	columns, ok := b.equated(edge)
	if !ok {
		return
	}
	if b.covers(edge.child, columns[edge.child]) {
		edge.down = one
	}
	if len(edge.parents) == 1 && b.covers(edge.parents[0], columns[edge.parents[0]]) {
		edge.up = one
	}
}

func (b *builder) covers(alias string, columns []string) bool {
	key := b.explore.Tables[alias].PrimaryKey
	return len(key) > 0 && !slices.ContainsFunc(key, func(column string) bool { return !slices.Contains(columns, column) })
}

var betweenEquals = regexp.MustCompile(`(?i)^[\s()]*(=|and)?[\s()]*$`)

// equated lists the columns by table that a condition sets equal, when it does nothing else.
func (b *builder) equated(edge *edgeOfJoin) (map[string][]string, bool) {
	references, err := semantic.References(edge.join.On)
	if err != nil || len(references) == 0 || len(references)%2 == 1 {
		return nil, false
	}
	columns := map[string][]string{}
	done := 0
	for _, ref := range references {
		if ref.Kind != semantic.ToField || !betweenEquals.MatchString(string(edge.join.On[done:ref.Start])) {
			return nil, false
		}
		done = ref.End
		d := b.explore.Dimension(edge.child, ref.Table, ref.Name)
		if d == nil || d.TimeInterval != "" {
			return nil, false
		}
		column := columnOf(d.SQL)
		if column == "" {
			return nil, false
		}
		columns[d.Table] = append(columns[d.Table], column)
	}
	return columns, betweenEquals.MatchString(string(edge.join.On[done:]))
}

// tablesIn lists base and joined tables of edges.
func tablesIn(base string, edges []edgeOfJoin) []string {
	list := []string{base}
	for i := range edges {
		list = append(list, edges[i].child)
	}
	return list
}

// determined lists the tables of which a row of the table meets at most one row: those that don't repeat it. Joins
// that say nothing count as meeting one row when hopeful, and as many otherwise.
func determined(table string, edges []edgeOfJoin, hopeful bool) []string {
	single := func(m meets) bool { return m == one || m == unknown && hopeful }
	have := []string{table}
	for grown := true; grown; {
		grown = false
		for i := range edges {
			e := &edges[i]
			if !slices.Contains(have, e.child) && containsAll(have, e.parents) && single(e.down) {
				have, grown = append(have, e.child), true
			}
			if slices.Contains(have, e.child) && !containsAll(have, e.parents) && single(e.up) {
				for _, parent := range e.parents {
					if !slices.Contains(have, parent) {
						have = append(have, parent)
					}
				}
				grown = true
			}
		}
	}
	return have
}

func containsAll(list, wanted []string) bool {
	for _, each := range wanted {
		if !slices.Contains(list, each) {
			return false
		}
	}
	return true
}
