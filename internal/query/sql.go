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
)

// RunSQL runs text of somebody who may write SQL for the project; limit < 0 is none. For saved text (purposes other
// than SQLRunner) the caller has checked that who may see what was saved. Nobody whose rows are confined gets in: text
// carries no row policy. Faults: Forbidden; WarehouseQuery with the place in the text.
func (s *Service) RunSQL(ctx context.Context, who access.Principal, project, sql string, limit int, purpose Purpose) (*Result, error) {
	start := s.options.Now()
	entered, err := s.enter(ctx, who, project)
	if err != nil {
		return nil, err
	}
	if who.Embedded() || confined(who) || (purpose == SQLRunner && !writesSQL(who, entered)) {
		return nil, fault.New(fault.Forbidden, "You don't have access to this resource or action")
	}
	conn, identity, err := s.projects.Conn(ctx, project, who.Connection)
	if err != nil {
		return nil, err
	}
	text := strings.TrimRight(sql, "; \t\r\n")
	if err := guard(conn.Dialect(), text); err != nil {
		return nil, err
	}
	p := &prepared{project: entered, plan: &metric.Plan{}, conn: conn, sql: text, timeout: s.options.Timeout}
	wrapped := wraps(conn.Dialect())
	if wrapped {
		p.sql = "SELECT * FROM (\n" + text + "\n) AS user_sql"
		if limit >= 0 {
			p.sql += fmt.Sprintf(" LIMIT %d", limit)
		}
	}
	p.key = keyOf(p.sql, []any{limit}, identity, entered.Zone, "")
	r := Request{Project: project, Purpose: purpose, Refresh: purpose == SQLRunner}
	result, err := s.answer(ctx, who, r, p, start)
	if err != nil {
		return nil, replaced(err, wrapped)
	}
	if !wrapped && limit >= 0 {
		result.Rows, result.stored = &limited{Reader: result.Rows, left: limit}, nil
	}
	return result, nil
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
