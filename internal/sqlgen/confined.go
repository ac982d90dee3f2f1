package sqlgen

import (
	"strconv"
	"strings"

	"inlay/internal/fault"
	"inlay/internal/metric"
)

// Confined writes a confined statement. The tables that it reads are materialized before anything that it computes, so
// that no error and no order of evaluation tells of rows that they don't hold. Faults: Unimplemented for engines on
// which this hasn't been tried.
func Confined(dialect string, c *metric.Confined, limit int) (string, error) {
	if dialect != "duckdb" && dialect != "postgres" {
		return "", fault.New(fault.Unimplemented, "SQL of tenants can't be run on this warehouse (%s).", dialect)
	}
	d, err := For(dialect)
	if err != nil {
		return "", err
	}
	w := &writer{d: d, plan: &metric.Plan{}}
	var tables []string
	for i := range c.Tables {
		tables = append(tables, w.confinedTable(&c.Tables[i]))
	}
	text := "SELECT * FROM (\n" + w.sql(c.Text) + "\n) AS " + w.ident(metric.ConfinedPrefix) + "\nLIMIT " + strconv.Itoa(limit)
	if len(tables) > 0 {
		text = "WITH " + strings.Join(tables, ",\n") + "\n" + text
	}
	return text, w.err
}

func (w *writer) confinedTable(t *metric.ConfinedTable) string {
	columns := make([]string, len(t.Columns))
	for i, name := range t.Columns {
		columns[i] = w.column(&t.Table, name) + " AS " + w.ident(metric.ConfinedPrefix+name)
	}
	return w.ident(metric.ConfinedPrefix+t.Name) + " AS MATERIALIZED (\n" + indent(selectList("SELECT", columns)+"\nFROM "+w.table(&t.Table)) + "\n)"
}
