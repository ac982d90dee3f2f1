package sqltest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"inlay/internal/metric"
	"inlay/internal/semantic"
	"inlay/internal/sqlgen"
)

// world is a random schema with data: tables t0, t1, … in a tree of joins. Every table has a key, a group and a value.
type world struct {
	random *rand.Rand
	tables []table
}

type table struct {
	parent int  // index of the table it is joined to; -1 for the base
	toMany bool // rows of it carry the parent's key; otherwise rows of the parent carry its key
	inner  bool
	rows   []row
}

// row holds its columns; -1 is null. refs are keys of the tables joined to it as to-one.
type row struct {
	id, parent, group, value int
	refs                     map[int]int
}

// Random compares the planner with brute force over random schemas, data and queries: the joined rows are made one by
// one, and each metric counts every row of its own table once in each group.
func Random(t *testing.T, e Engine, seeds int) {
	for seed := range seeds {
		w := newWorld(rand.New(rand.NewPCG(uint64(seed), 7)))
		e.Fresh(t, "random")
		execute(t, e, w.script())
		explore := w.explore()
		for range 6 {
			q := w.query()
			plan, err := metric.Build(explore, q.Query, Open(explore), metric.Options{Now: Day})
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			text, err := sqlgen.Generate(e.Dialect, plan)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			got, err := Rows(e.DB, text)
			if err != nil {
				t.Fatalf("seed %d: %v\n%s", seed, err, text)
			}
			if want := w.answer(q); !slices.Equal(got, want) {
				t.Fatalf("seed %d: want\n%s\ngot\n%s\nby\n%s", seed, strings.Join(want, "\n"), strings.Join(got, "\n"), text)
			}
		}
	}
}

func newWorld(r *rand.Rand) *world {
	w := &world{random: r, tables: make([]table, 2+r.IntN(4))}
	for i := range w.tables {
		t := &w.tables[i]
		t.parent = -1
		for id := range 2 + r.IntN(5) {
			t.rows = append(t.rows, row{id: id, parent: -1, group: r.IntN(4) - 1, value: r.IntN(9) - 1, refs: map[int]int{}})
		}
		if i == 0 {
			continue
		}
		t.parent, t.toMany, t.inner = r.IntN(i), r.IntN(3) > 0, r.IntN(5) == 0
		parent := &w.tables[t.parent]
		if t.toMany {
			for k := range t.rows {
				t.rows[k].parent = r.IntN(len(parent.rows)+2) - 1
			}
			continue
		}
		for k := range parent.rows {
			parent.rows[k].refs[i] = r.IntN(len(t.rows)+2) - 1
		}
	}
	return w
}

func null(v int) string {
	if v < 0 {
		return "NULL"
	}
	return strconv.Itoa(v)
}

// toOne lists the tables that are joined to table i as to-one.
func (w *world) toOne(i int) []int {
	var list []int
	for j := range w.tables {
		if w.tables[j].parent == i && !w.tables[j].toMany {
			list = append(list, j)
		}
	}
	return list
}

func (w *world) script() string {
	var text strings.Builder
	for i, t := range w.tables {
		fmt.Fprintf(&text, "CREATE TABLE t%d (id INTEGER, parent_id INTEGER, grp INTEGER, val INTEGER", i)
		for _, j := range w.toOne(i) {
			fmt.Fprintf(&text, ", ref%d INTEGER", j)
		}
		text.WriteString(");\n")
		for _, r := range t.rows {
			fmt.Fprintf(&text, "INSERT INTO t%d VALUES (%d, %s, %s, %s", i, r.id, null(r.parent), null(r.group), null(r.value))
			for _, j := range w.toOne(i) {
				text.WriteString(", " + null(r.refs[j]))
			}
			text.WriteString(");\n")
		}
	}
	return text.String()
}

func (w *world) explore() *semantic.Explore {
	e := &semantic.Explore{Name: "t0", BaseTable: "t0", Tables: map[string]*semantic.Table{}}
	for i, t := range w.tables {
		name := "t" + strconv.Itoa(i)
		made := &semantic.Table{Name: name, OriginalName: name, Relation: semantic.SQL(name), PrimaryKey: []string{"id"},
			Dimensions: map[string]*semantic.Dimension{}, Metrics: map[string]*semantic.Metric{}}
		columns := []string{"id", "parent_id", "grp", "val"}
		for _, j := range w.toOne(i) {
			columns = append(columns, "ref"+strconv.Itoa(j))
		}
		for _, column := range columns {
			made.Dimensions[column] = &semantic.Dimension{Table: name, Name: column, Type: semantic.Number, SQL: semantic.SQL("${TABLE}." + column)}
		}
		for metricName, m := range map[string]semantic.Metric{
			"total": {Type: semantic.Sum, SQL: "${val}"}, "number": {Type: semantic.Count, SQL: "${TABLE}.id"},
			"mean": {Type: semantic.Average, SQL: "${TABLE}.val"}, "most": {Type: semantic.Max, SQL: "${TABLE}.val"},
			"kinds": {Type: semantic.CountDistinct, SQL: "${TABLE}.grp"},
			"mixed": {Type: semantic.MetricNumber, SQL: "${t0.number} * 100 + ${number}"},
		} {
			m.Table, m.Name = name, metricName
			made.Metrics[metricName] = &m
		}
		e.Tables[name] = made
		if i > 0 {
			e.Joins = append(e.Joins, w.join(i, t))
		}
	}
	return e
}

func (w *world) join(i int, t table) semantic.Join {
	join := semantic.Join{Table: "t" + strconv.Itoa(i), Type: semantic.Left, Relationship: semantic.ManyToOne,
		On: semantic.SQL(fmt.Sprintf("${t%d.ref%d} = ${t%d.id}", t.parent, i, i))}
	if t.toMany {
		join.Relationship = semantic.OneToMany
		join.On = semantic.SQL(fmt.Sprintf("${t%d.id} = ${t%d.parent_id}", t.parent, i))
	}
	if t.inner {
		join.Type = semantic.Inner
	}
	if w.random.IntN(3) == 0 {
		join.Relationship = "" // the keys must do
	}
	return join
}

// asked is a query with what brute force needs to know of it.
type asked struct {
	metric.Query
	keys    []int
	metrics []aggregateOf
	filter  int // table whose group must be 1; -1 is none
}

type aggregateOf struct {
	name  string
	table int
}

func (w *world) query() asked {
	a := asked{Query: metric.Query{ExploreName: "t0", Limit: 5000}, filter: -1}
	for range w.random.IntN(3) {
		if i := w.random.IntN(len(w.tables)); !slices.Contains(a.keys, i) {
			a.keys = append(a.keys, i)
			a.Dimensions = append(a.Dimensions, fmt.Sprintf("t%d_grp", i))
		}
	}
	names := []string{"total", "number", "mean", "most", "kinds", "mixed"}
	for range 1 + w.random.IntN(4) {
		m := aggregateOf{names[w.random.IntN(len(names))], w.random.IntN(len(w.tables))}
		if !slices.Contains(a.metrics, m) {
			a.metrics = append(a.metrics, m)
			a.Metrics = append(a.Metrics, fmt.Sprintf("t%d_%s", m.table, m.name))
		}
	}
	if w.random.IntN(2) == 0 {
		a.filter = w.random.IntN(len(w.tables))
		a.Filters.Dimensions = &metric.FilterGroup{Rule: &metric.FilterRule{
			Target: metric.FilterTarget{FieldID: fmt.Sprintf("t%d_grp", a.filter)}, Operator: "equals", Values: []any{1}}}
	}
	return a
}

// joined makes the joined rows of the tables that the query needs: for each the index of a row by table, -1 for none.
func (w *world) joined(a asked) [][]int {
	needed := make([]bool, len(w.tables))
	need := func(i int) {
		for ; i > 0; i = w.tables[i].parent {
			needed[i] = true
		}
	}
	for _, i := range a.keys {
		need(i)
	}
	for _, m := range a.metrics {
		need(m.table)
	}
	need(a.filter)
	var rows [][]int
	for k := range w.tables[0].rows {
		first := make([]int, len(w.tables))
		for i := range first {
			first[i] = -1
		}
		first[0] = k
		rows = append(rows, first)
	}
	for i := 1; i < len(w.tables); i++ {
		if needed[i] {
			rows = w.extend(rows, i)
		}
	}
	return rows
}

func (w *world) extend(rows [][]int, i int) [][]int {
	t := w.tables[i]
	var out [][]int
	for _, r := range rows {
		met := false
		for k, candidate := range t.rows {
			if r[t.parent] < 0 {
				break
			}
			parent := w.tables[t.parent].rows[r[t.parent]]
			if t.toMany && candidate.parent == parent.id || !t.toMany && parent.refs[i] == candidate.id {
				next := slices.Clone(r)
				next[i], met = k, true
				out = append(out, next)
			}
		}
		if !met && !t.inner {
			out = append(out, r)
		}
	}
	return out
}

func (w *world) groupOf(i, index int) int {
	if index < 0 {
		return -1
	}
	return w.tables[i].rows[index].group
}

func (w *world) answer(a asked) []string {
	groups := map[string][][]int{}
	if len(a.keys) == 0 {
		groups[""] = nil
	}
	for _, r := range w.joined(a) {
		if a.filter >= 0 && w.groupOf(a.filter, r[a.filter]) != 1 {
			continue
		}
		key := ""
		for _, i := range a.keys {
			key += strings.ToLower(null(w.groupOf(i, r[i]))) + " | "
		}
		groups[key] = append(groups[key], r)
	}
	var list []string
	for key, rows := range groups {
		var cells []string
		for _, m := range a.metrics {
			cells = append(cells, w.aggregate(m, rows))
		}
		list = append(list, key+strings.Join(cells, " | "))
	}
	slices.Sort(list)
	return list
}

// aggregate counts each row of the metric's table once.
func (w *world) aggregate(m aggregateOf, rows [][]int) string {
	seen := map[int]bool{}
	kinds := map[int]bool{}
	total, values, most := 0, 0, -1
	for _, r := range rows {
		index := r[m.table]
		if index < 0 || seen[index] {
			continue
		}
		seen[index] = true
		own := w.tables[m.table].rows[index]
		if own.group >= 0 {
			kinds[own.group] = true
		}
		if own.value >= 0 {
			total, values, most = total+own.value, values+1, max(most, own.value)
		}
	}
	switch {
	case m.name == "number":
		return strconv.Itoa(len(seen))
	case m.name == "kinds":
		return strconv.Itoa(len(kinds))
	case m.name == "mixed":
		bases := map[int]bool{}
		for _, r := range rows {
			bases[r[0]] = true
		}
		return strconv.Itoa(len(bases)*100 + len(seen))
	case values == 0:
		return "null"
	case m.name == "total":
		return strconv.Itoa(total)
	case m.name == "most":
		return strconv.Itoa(most)
	}
	return number(float64(total) / float64(values))
}
