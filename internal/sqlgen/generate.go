package sqlgen

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/semantic"
)

// Generate writes the SQL of a plan. Faults are Invalid: the engine can't do what is asked, or a value can't be
// written in it.
func Generate(dialect string, p *metric.Plan) (string, error) {
	d, err := For(dialect)
	if err != nil {
		return "", err
	}
	w := &writer{d: d, plan: p}
	text := w.query()
	if p.Fold != nil {
		text = w.fold(text, p.Fold)
	}
	return text + d.suffix, w.err
}

// Fields writes the SQL of every dimension and metric of an explore, by field id. A field whose SQL is broken is left
// out.
func Fields(dialect string, e *semantic.Explore) map[string]string {
	d, err := For(dialect)
	if err != nil {
		return nil
	}
	fields := metric.ResolveFields(e)
	texts := make(map[string]string, len(fields))
	for id, expr := range fields {
		w := &writer{d: d, plan: &metric.Plan{}}
		if text := w.expr(expr); w.err == nil {
			texts[id] = text
		}
	}
	return texts
}

// writer writes one plan. The first fault is kept in err.
type writer struct {
	d    *Dialect
	plan *metric.Plan
	err  error
}

func (w *writer) fail(err error) string {
	if w.err == nil {
		w.err = err
	}
	return ""
}

// ident quotes a name, which may come from a request.
func (w *writer) ident(name string) string {
	if name == "" || len(name) > 1000 || strings.ContainsRune(name, 0) || !utf8.ValidString(name) {
		return w.fail(fault.New(fault.Invalid, "%q can't be the name of a column.", name))
	}
	return w.d.Ident(name)
}

// literal quotes text, which may come from a request.
func (w *writer) literal(text string) string {
	if strings.ContainsRune(text, 0) || !utf8.ValidString(text) {
		return w.fail(fault.New(fault.Invalid, "Text values must be valid UTF-8 without NUL."))
	}
	return w.d.Literal(text)
}

// query writes the whole statement.
func (w *writer) query() string {
	p := w.plan
	tables, body := w.inner()
	if p.Wrapped || w.d.sortsAliases && slices.ContainsFunc(p.Sorts, func(s metric.Order) bool { return s.NullsFirst != nil }) {
		tables = append(tables, common("metrics", body))
		levels, calculated := w.calculated()
		tables, body = append(tables, levels...), calculated
		if p.CalcFilter != nil {
			tables = append(tables, common("table_calculations", body))
			body = "SELECT *\nFROM table_calculations\nWHERE " + w.condition(p.CalcFilter)
		}
	}
	return with(tables, body+w.tail())
}

func with(tables []string, body string) string {
	if len(tables) == 0 {
		return body
	}
	return "WITH " + strings.Join(tables, ",\n") + "\n" + body
}

// inner writes the query of keys and metrics, and the common tables that it reads.
func (w *writer) inner() (tables []string, body string) {
	p := w.plan
	for i := range p.Bins {
		tables = append(tables, w.extent(&p.Bins[i]))
	}
	if len(p.Blocks) == 1 && len(p.Derived) == 0 {
		before, text := w.prepared(&p.Blocks[0])
		tables, body = append(tables, before...), text
	} else {
		for i := range p.Blocks {
			tables = append(tables, w.commonBlock(&p.Blocks[i])...)
		}
		body = w.merge()
	}
	if len(p.Previous)+len(p.Absent) > 0 {
		return w.compared(tables, body)
	}
	return tables, body
}

func common(name, body string) string { return name + " AS (\n" + indent(body) + "\n)" }

func indent(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }

// calculated adds the calculations to the inner query's columns, for rows that pass the filter on metrics: one common
// table for each level but the last.
func (w *writer) calculated() (tables []string, body string) {
	p := w.plan
	top := 0
	for _, c := range p.Calculations {
		top = max(top, c.Level)
	}
	from := "metrics"
	for level := range top + 1 {
		body = selectList("SELECT", w.columns(level, top)) + "\nFROM " + from
		if level == 0 && p.Filter != nil {
			body += "\nWHERE " + w.condition(p.Filter)
		}
		if level < top {
			from = "calculations_" + strconv.Itoa(level+1)
			tables = append(tables, common(from, body))
		}
	}
	return tables, body
}

// columns are what is there already, with the calculations of a level; the last has all of them in their order.
func (w *writer) columns(level, top int) []string {
	var columns []string
	switch last := level > 0 && level == top; {
	case last:
		for _, id := range w.plan.Output {
			columns = append(columns, w.ident(id))
		}
	case len(w.plan.Output)+level > 0:
		columns = append(columns, "*")
	}
	for _, c := range w.plan.Calculations {
		switch {
		case c.Level == level:
			columns = append(columns, w.output(c.Output))
		case level > 0 && level == top:
			columns = append(columns, w.ident(c.ID))
		}
	}
	return columns
}

func (w *writer) output(o metric.Output) string { return w.expr(o.Expr) + " AS " + w.ident(o.ID) }

// tail writes the order and the limit.
func (w *writer) tail() string {
	text := ""
	for i, s := range w.plan.Sorts {
		text += separator(i, "\nORDER BY ") + w.order(s)
	}
	if limit := w.plan.Limit; limit != nil {
		if *limit < 0 && !w.d.refusesLess { // some engines read it as all, or count from the end
			return w.fail(refusal("LIMIT must not be negative"))
		}
		text += "\nLIMIT " + strconv.Itoa(*limit)
	}
	return text
}

// refusal is the fault for what other engines refuse by themselves; it has the name of theirs.
func refusal(format string, args ...any) error {
	return fault.Coded(fault.Invalid, "WarehouseQuery", format, args...)
}

func separator(i int, first string) string {
	if i == 0 {
		return first
	}
	return ", "
}

func (w *writer) order(s metric.Order) string { return w.orderBy(w.ident(s.ID), s) }

// orderBy is order by the SQL of a key.
func (w *writer) orderBy(key string, s metric.Order) string {
	if s.Names != nil {
		var text strings.Builder
		text.WriteString("(\n  CASE\n")
		for i, name := range s.Names {
			text.WriteString("    WHEN " + key + " = " + w.d.Literal(name) + " THEN " + strconv.Itoa(i+1) + "\n")
		}
		text.WriteString("    ELSE 0\n  END\n)")
		key = text.String()
	}
	switch {
	case s.NullsFirst != nil:
		return w.d.nullsFirst(key, s.Descending, *s.NullsFirst)
	case s.Descending:
		return key + " DESC"
	}
	return key
}

// block writes a SELECT, grouped unless each row is a group of its own.
func (w *writer) block(b *metric.Block) string {
	var columns []string
	for _, list := range [][]metric.Output{b.Keys, b.Values} {
		for _, o := range list {
			columns = append(columns, w.output(o))
		}
	}
	if len(columns) == 0 && !w.d.selectsNothing {
		columns = []string{"NULL"} // its rows are counted, and nobody looks at it
	}
	text := selectList("SELECT", columns) + w.from(b)
	if b.Rowwise {
		return text
	}
	return text + groupBy(len(b.Keys))
}

func selectList(verb string, columns []string) string {
	if len(columns) == 0 {
		return verb
	}
	return verb + "\n  " + strings.Join(columns, ",\n  ")
}

func groupBy(n int) string {
	text := ""
	for i := range n {
		if i == 0 {
			text = "\nGROUP BY 1"
			continue
		}
		text += "," + strconv.Itoa(i+1)
	}
	return text
}

// from writes the tables and conditions of a block.
func (w *writer) from(b *metric.Block) string {
	text := "\nFROM " + w.table(&b.From)
	for i := range b.Joins {
		text += "\n" + w.join(&b.Joins[i])
	}
	for _, name := range b.Cross {
		text += "\nCROSS JOIN " + w.ident(name)
	}
	var conditions []string
	for _, sql := range b.SQL {
		conditions = append(conditions, "("+w.expr(sql)+")")
	}
	for _, c := range b.Where {
		conditions = append(conditions, w.condition(c))
	}
	if len(conditions) > 0 {
		text += "\nWHERE " + strings.Join(conditions, " AND ")
	}
	return text
}

var joinWords = map[semantic.JoinType]string{
	semantic.Left: "LEFT OUTER JOIN ", semantic.Inner: "INNER JOIN ", semantic.Right: "RIGHT OUTER JOIN ", semantic.Full: "FULL OUTER JOIN ",
}

func (w *writer) join(j *metric.Join) string {
	word, ok := joinWords[j.Type]
	if !ok {
		word = joinWords[semantic.Left]
	}
	if j.Type == semantic.Full && w.d.noFullJoin {
		return w.fail(fault.Coded(fault.Invalid, "Compile", "This warehouse (%s) has no full joins, which %q needs.", w.d.Name, j.Table.Alias))
	}
	on := w.expr(j.On)
	if j.On.Substituted {
		on = "(" + on + ")"
	}
	return word + w.table(&j.Table) + "\n  ON " + on
}

// commonBlock writes a block as common tables.
func (w *writer) commonBlock(b *metric.Block) []string {
	before, body := w.prepared(b)
	return append(before, common(w.ident(b.Name), body))
}

// prepared writes a block: its keys first, as a common table, when each row or each distinct key must count once.
func (w *writer) prepared(b *metric.Block) (before []string, body string) {
	keys := ""
	switch {
	case b.Unique != nil:
		keys, body = w.unique(b)
	case b.Once != nil:
		keys, body = w.once(b)
	default:
		return nil, w.block(b)
	}
	return []string{keys}, body
}

// once writes the common table with one value of each distinct key, and the SELECT that aggregates those.
func (w *writer) once(b *metric.Block) (keysTable, values string) {
	name := w.ident(b.Once.Name)
	var inner, outer []string
	for _, k := range b.Keys {
		inner = append(inner, w.output(k))
		outer = append(outer, name+"."+w.ident(k.ID)+" AS "+w.ident(k.ID))
	}
	for i, key := range b.Once.Keys {
		inner = append(inner, w.expr(key)+" AS "+w.ident("key_"+strconv.Itoa(i+1)))
	}
	grouped := groupBy(len(inner))
	for _, v := range b.Values {
		aggregate, ok := v.Expr.(*metric.Aggregate)
		if !ok {
			return "", w.fail(fault.New(fault.Internal, "Only aggregates can count once for each distinct key."))
		}
		id := w.ident(v.ID)
		inner = append(inner, "MAX("+w.aggregated(aggregate)+") AS "+id)
		outer = append(outer, w.aggregation(aggregate, name+"."+id)+" AS "+id)
	}
	if w.d.mixesSubplans {
		inner = append(inner, w.literal(b.Once.Name)+" AS "+w.ident("key_of"))
	}
	return common(name, selectList("SELECT", inner)+w.from(b)+grouped), selectList("SELECT", outer) + "\nFROM " + name + groupBy(len(b.Keys))
}

// unique writes the common table of a block's keys, and the SELECT that takes the values by them.
func (w *writer) unique(b *metric.Block) (keysTable, values string) {
	u := b.Unique
	keysName := w.ident(u.Name)
	var keys, again, on []string
	for _, k := range b.Keys {
		keys = append(keys, w.output(k))
		again = append(again, keysName+"."+w.ident(k.ID)+" AS "+w.ident(k.ID))
	}
	for i, column := range u.Key {
		id := w.ident("key_" + strconv.Itoa(i+1))
		own := w.ident(u.Table.Alias) + "." + w.column(&u.Table, column)
		keys = append(keys, own+" AS "+id)
		on = append(on, own+" = "+keysName+"."+id)
	}
	if w.d.mixesSubplans {
		keys = append(keys, w.literal(u.Table.Alias)+" AS "+w.ident("key_of"))
	}
	for _, v := range b.Values {
		again = append(again, w.output(v))
	}
	text := selectList("SELECT", again) + "\nFROM " + keysName + "\nLEFT OUTER JOIN " + w.table(&u.Table) + "\n  ON " + strings.Join(on, " AND ")
	for i := range u.Joins {
		text += "\n" + w.join(&u.Joins[i])
	}
	return common(keysName, selectList("SELECT DISTINCT", keys)+w.from(b)), text + groupBy(len(b.Keys))
}

// merge writes the inner query over the blocks: their keys meet, also where they are null.
func (w *writer) merge() string {
	p := w.plan
	first := w.ident(p.Blocks[0].Name)
	var columns []string
	from := "\nFROM " + first
	for _, k := range p.Blocks[0].Keys {
		key := w.ident(k.ID)
		columns = append(columns, first+"."+key+" AS "+key)
	}
	for _, id := range p.Output[len(p.Blocks[0].Keys):] {
		if !p.Compares(id) {
			columns = append(columns, w.merged(id))
		}
	}
	for i := 1; i < len(p.Blocks); i++ {
		name := w.ident(p.Blocks[i].Name)
		var on []string
		for _, k := range p.Blocks[i].Keys {
			key := w.ident(k.ID)
			on = append(on, w.d.same(first+"."+key, name+"."+key))
		}
		if len(on) == 0 {
			from += "\nCROSS JOIN " + name
			continue
		}
		from += "\nINNER JOIN " + name + "\n  ON " + strings.Join(on, " AND ")
	}
	return selectList("SELECT", columns) + from
}

// merged writes one value of the merged blocks.
func (w *writer) merged(id string) string {
	for _, d := range w.plan.Derived {
		if d.ID == id {
			return w.output(d)
		}
	}
	return w.ident(id)
}
