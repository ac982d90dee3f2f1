package query

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/sqlgen"
	"inlay/internal/warehouse"
)

// Pivot says how the rows of SQL become a table: one row for each value of Index, and for each value of the groups one
// column of each value.
type Pivot struct {
	Index  string
	Values []PivotValue
	Groups []string
	Sorts  []PivotSort
	Limit  int // rows; 0 is 500
}

// PivotValue aggregates a column: sum, count, avg, min, max or any.
type PivotValue struct{ Column, Aggregation string }

// PivotSort orders the rows by the index or a group.
type PivotSort struct {
	Column     string
	Descending bool
}

// Pivoted is a small table; values are JSON.
type Pivoted struct {
	Columns []string // of values, in the order of their first row
	Rows    []map[string][]byte
}

// The greatest pivot.
const (
	pivotRows    = 500
	pivotColumns = 10
)

// RunPivot runs SQL as RunSQL does, and pivots its rows. Faults: as RunSQL; Invalid for a pivot that can't be made.
func (s *Service) RunPivot(ctx context.Context, who access.Principal, project, sql string, p Pivot, purpose Purpose) (*Pivoted, error) {
	if _, err := s.enter(ctx, who, project); err != nil {
		return nil, err
	}
	conn, _, err := s.projects.Conn(ctx, project, who.Connection)
	if err != nil {
		return nil, err
	}
	text := strings.TrimRight(sql, "; \t\r\n")
	if err := guard(conn.Dialect(), text); err != nil { // by itself: it must not end the bracket that it will stand in
		return nil, err
	}
	if err := closed(conn.Dialect(), text); err != nil {
		return nil, err
	}
	statement, err := p.statement(conn.Dialect(), text)
	if err != nil {
		return nil, err
	}
	result, err := s.RunSQL(ctx, who, project, statement, -1, purpose)
	if err != nil {
		return nil, replaced(err, true)
	}
	defer result.Rows.Close()
	return p.fold(ctx, result.Rows)
}

// closed refuses text with brackets that don't match.
func closed(dialect, sql string) error {
	depth := 0
	for _, t := range warehouse.Tokens(dialect, sql) {
		switch {
		case t.Kind == warehouse.Symbol && t.Text == "(":
			depth++
		case t.Kind == warehouse.Symbol && t.Text == ")":
			depth--
		}
		if depth < 0 {
			return guarded(sql, t, "A bracket is closed that was never opened")
		}
	}
	if depth > 0 {
		return fault.Coded(fault.Invalid, "WarehouseQuery", "A bracket is not closed")
	}
	return nil
}

// statement writes the SQL; the text stands on lines of its own, from the second on.
func (p Pivot) statement(dialect, text string) (string, error) {
	d, err := sqlgen.For(dialect)
	if err != nil {
		return "", err
	}
	if p.Index == "" || len(p.Values) == 0 {
		return "", fault.Coded(fault.Invalid, "Parameter", "A pivot needs indexColumn and at least one of valuesColumns")
	}
	keys := make([]string, 0, len(p.Groups)+1)
	for _, name := range append(slices.Clone(p.Groups), p.Index) {
		keys = append(keys, d.Ident(name))
	}
	selected := slices.Clone(keys)
	for _, v := range p.Values {
		call, err := aggregate(dialect, v.Aggregation, d.Ident(v.Column))
		if err != nil {
			return "", err
		}
		selected = append(selected, call+" AS "+d.Ident(v.name()))
	}
	grouped := "SELECT " + strings.Join(selected, ", ") + " FROM (\n" + text + "\n) AS original_query GROUP BY " + strings.Join(keys, ", ")
	rank := "ORDER BY " + d.Ident(p.Index) + p.direction(p.Index)
	across := "1"
	if len(p.Groups) > 0 {
		across = "DENSE_RANK() OVER (ORDER BY " + d.Ident(p.Groups[0]) + p.direction(p.Groups[0]) + ")"
	}
	limit := p.Limit
	if limit <= 0 || limit > pivotRows {
		limit = pivotRows
	}
	return fmt.Sprintf("SELECT * FROM (SELECT group_by_query.*, DENSE_RANK() OVER (%s) AS row_index, %s AS column_index FROM (%s) AS group_by_query) AS ranked"+
		" WHERE row_index <= %d AND column_index <= %d ORDER BY row_index, column_index", rank, across, grouped, limit, pivotColumns), nil
}

func (v PivotValue) name() string { return v.Column + "_" + strings.ToLower(v.Aggregation) }

func (p Pivot) direction(column string) string {
	for _, sort := range p.Sorts {
		if sort.Column == column && sort.Descending {
			return " DESC"
		}
	}
	return ""
}

func aggregate(dialect, name, column string) (string, error) {
	switch strings.ToLower(name) {
	case "sum", "count", "avg", "min", "max":
		return strings.ToUpper(name) + "(" + column + ")", nil
	case "any":
		if dialect == "postgres" || dialect == "redshift" {
			return "(ARRAY_AGG(" + column + "))[1]", nil
		}
		return "ANY_VALUE(" + column + ")", nil
	}
	return "", fault.Coded(fault.Invalid, "Parameter", "There is no aggregation %q", name)
}

// fold makes one row of all rows with the same index.
func (p Pivot) fold(ctx context.Context, rows frame.Reader) (*Pivoted, error) {
	out := &Pivoted{Columns: []string{}}
	seen := map[string]bool{}
	var last []byte
	for {
		batch, err := rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		for i := range batch.Rows {
			index := frame.AppendRaw(nil, &batch.Columns[len(p.Groups)], i, false)
			if len(out.Rows) == 0 || string(index) != string(last) {
				last = index
				out.Rows = append(out.Rows, map[string][]byte{p.Index: index})
			}
			row := out.Rows[len(out.Rows)-1]
			for n, v := range p.Values {
				name := p.column(v, batch, i)
				if !seen[name] {
					seen[name] = true
					out.Columns = append(out.Columns, name)
				}
				row[name] = frame.AppendRaw(nil, &batch.Columns[len(p.Groups)+1+n], i, false)
			}
		}
	}
}

// column names a value's column: by its groups' values, or by its aggregation when there are none.
func (p Pivot) column(v PivotValue, batch *frame.Batch, i int) string {
	if len(p.Groups) == 0 {
		return v.name()
	}
	name := v.Column
	for n := range p.Groups {
		text := string(frame.AppendRaw(nil, &batch.Columns[n], i, false))
		if batch.Columns[n].Kind == frame.String && !batch.Columns[n].Null(i) {
			text = batch.Columns[n].Strings[i]
		}
		name += "_" + strings.Trim(text, `"`)
	}
	return name
}
