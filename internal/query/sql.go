package query

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/metric"
	"inlay/internal/sqlgen"
	"inlay/internal/warehouse"
)

// RunSQL runs text of somebody who may write SQL for the project. Nobody whose rows are confined gets in: text carries no
// row policy. Faults: Forbidden; WarehouseQuery with the place in the text; Invalid for a pivot that can't be made.
func (s *Service) RunSQL(ctx context.Context, who access.Principal, st Statement) (*Result, error) {
	start := s.options.Now()
	entered, err := s.enter(ctx, who, st.Project)
	if err != nil {
		return nil, err
	}
	if who.Embedded() || confined(who) || (st.Purpose == SQLRunner && !writesSQL(who, entered)) {
		return nil, fault.New(fault.Forbidden, "You don't have access to this resource or action")
	}
	conn, identity, err := s.projects.Conn(ctx, st.Project, who.Connection)
	if err != nil {
		return nil, err
	}
	text := strings.TrimRight(st.SQL, "; \t\r\n")
	if err := guard(conn.Dialect(), text); err != nil {
		return nil, err
	}
	p := &prepared{project: entered, plan: &metric.Plan{}, conn: conn, sql: text, timeout: s.options.Timeout}
	wrapped := st.Pivot != nil || wraps(conn.Dialect())
	switch {
	case st.Pivot != nil:
		if err := p.foldText(conn.Dialect(), text, st.Pivot); err != nil {
			return nil, err
		}
	case wrapped:
		p.sql = "SELECT * FROM (\n" + text + "\n) AS user_sql"
		if st.Limit >= 0 {
			p.sql += fmt.Sprintf(" LIMIT %d", st.Limit)
		}
	}
	p.key = keyOf(p.sql, []any{st.Limit}, identity, entered.Zone, "")
	r := Request{Project: st.Project, Purpose: st.Purpose, Refresh: st.Purpose == SQLRunner}
	result, err := s.answer(ctx, who, r, p, start)
	if err != nil {
		return nil, replaced(err, wrapped)
	}
	if !wrapped && st.Limit >= 0 {
		result.Rows, result.stored = &limited{Reader: result.Rows, left: st.Limit}, nil
	}
	return result, nil
}

// foldText puts text into a pivot, out of which it must not break.
func (p *prepared) foldText(dialect, text string, pivot *metric.Pivot) (err error) {
	if err := closed(dialect, text); err != nil {
		return err
	}
	if p.plan.Fold, err = pivot.Fold(); err != nil {
		return err
	}
	p.sql, err = sqlgen.Folded(dialect, text, p.plan.Fold)
	return err
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

// wraps tells whether an engine keeps the order of a sub-select's rows, so that text can stand in one.
func wraps(dialect string) bool {
	return dialect == "duckdb" || dialect == "postgres" || dialect == "redshift"
}

// replaced moves an error's place from the wrapped text to the text itself.
func replaced(err error, wrapped bool) error {
	f, ok := errors.AsType[*fault.Fault](err)
	line, placed := 0, false
	if ok {
		line, placed = f.Data["lineNumber"].(int)
	}
	if !wrapped || !placed {
		return err
	}
	data := maps.Clone(f.Data)
	data["lineNumber"] = max(line-1, 1)
	return f.With(data)
}

// limited gives a number of rows at most.
type limited struct {
	frame.Reader
	left int
}

func (l *limited) Next(ctx context.Context) (*frame.Batch, error) {
	if l.left == 0 {
		return nil, io.EOF
	}
	batch, err := l.Reader.Next(ctx)
	if err != nil {
		return nil, err
	}
	if batch.Rows > l.left {
		copied := *batch
		copied.Rows = l.left
		batch = &copied
	}
	l.left -= batch.Rows
	return batch, nil
}

// TypeOf is the model's type of a result column.
func TypeOf(f frame.Field) string {
	switch f.Kind {
	case frame.Int, frame.Float:
		return "number"
	case frame.Bool:
		return "boolean"
	case frame.Date:
		return "date"
	case frame.Timestamp:
		return "timestamp"
	}
	switch strings.ToLower(f.Type) {
	case "time", "timetz":
		return "timestamp"
	}
	return "string"
}
