package sqlgen

import (
	"strings"

	"inlay/internal/metric"
)

// compared adds the columns of earlier periods to the rows of a query. A row without an earlier one keeps nulls.
func (w *writer) compared(tables []string, body string) ([]string, string) {
	p := w.plan
	current := w.ident(metric.CurrentTable)
	if len(p.Blocks) == 1 && len(p.Blocks[0].Keys)+len(p.Blocks[0].Values) == 0 {
		body = "SELECT 1 AS one_row" // for what is read beside it
	}
	tables = append(tables, common(current, body))
	from := "\nFROM " + current
	values := map[string]string{}
	for i := range p.Previous {
		previous := &p.Previous[i]
		name := w.ident(previous.Name)
		tables = append(tables, common(name, w.earlier(previous.Plan)))
		from += w.meet(current, name, previous)
		for _, v := range previous.Values {
			values[v.ID] = name + "." + w.ident(v.Of)
		}
	}
	columns := make([]string, len(p.Output))
	for i, id := range p.Output {
		value, earlier := values[id]
		switch {
		case earlier:
		case p.Compares(id):
			value = "NULL"
		default:
			value = current + "." + w.ident(id)
		}
		columns[i] = value + " AS " + w.ident(id)
	}
	return tables, selectList("SELECT", columns) + from
}

// earlier writes the query of an earlier period, whose common tables are its own.
func (w *writer) earlier(p *metric.Plan) string {
	inner := &writer{d: w.d, plan: p}
	text := with(inner.inner())
	if inner.err != nil {
		w.fail(inner.err)
	}
	return text
}

// meet writes the join of a row to the one of the earlier period. Rows without a time have none.
func (w *writer) meet(current, name string, previous *metric.Previous) string {
	var on []string
	if previous.Time != nil {
		on = append(on, name+"."+w.ident(previous.TimeID)+" = "+w.shifted(previous.Time))
	}
	for _, id := range previous.Keys {
		on = append(on, w.d.same(current+"."+w.ident(id), name+"."+w.ident(id)))
	}
	if len(on) == 0 {
		return "\nCROSS JOIN " + name // both are one row
	}
	return "\nLEFT OUTER JOIN " + name + "\n  ON " + strings.Join(on, " AND ")
}
