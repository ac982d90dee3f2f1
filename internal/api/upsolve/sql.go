package upsolve

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/query"
)

type sqlIn struct {
	Body map[string]json.RawMessage `body:"body,loose"`
}

type sqlOut struct {
	Columns []sqlColumn                  `json:"columns"`
	Rows    []map[string]json.RawMessage `json:"rows"`
}

type sqlColumn struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// runSQL answers a tenant's SELECT. Which connection and which rows it reads is the token's to say, not the body's.
func (f front) runSQL(ctx context.Context, who access.Principal, in sqlIn) (sqlOut, error) {
	fields := reader{object: in.Body}
	connection := fields.text("connectionId", false)
	var text string
	if raw, given := in.Body["sqlQuery"]; !given {
		fields.fail("sqlQuery", "Required")
	} else if json.Unmarshal(raw, &text) != nil {
		fields.fail("sqlQuery", "Expected string")
	}
	if filters := string(in.Body["filters"]); filters != "" && filters != "null" && filters != "[]" && filters != "{}" {
		fields.fail("filters", "Conditions belong into the statement")
	}
	if fields.err != nil {
		return sqlOut{}, fields.err
	}
	if connection != "" && who.Connection != "" && connection != who.Connection {
		return sqlOut{}, fault.New(fault.NotFound, "connectionId: there is no such connection")
	}
	result, err := f.runner.RunTenantSQL(ctx, who, text)
	if err != nil {
		return sqlOut{}, err
	}
	return readRows(ctx, result)
}

// readRows gathers the rows, whose number the door bounds.
func readRows(ctx context.Context, result *query.Result) (sqlOut, error) {
	defer result.Rows.Close()
	out := sqlOut{Columns: []sqlColumn{}, Rows: []map[string]json.RawMessage{}}
	for i, field := range result.Rows.Fields() {
		out.Columns = append(out.Columns, sqlColumn{result.Columns[i], query.TypeOf(field)})
	}
	for {
		batch, err := result.Rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return sqlOut{}, err
		}
		for row := range batch.Rows {
			object := make(map[string]json.RawMessage, len(out.Columns))
			for i, column := range out.Columns {
				object[column.Name] = frame.AppendRaw(nil, &batch.Columns[i], row, false)
			}
			out.Rows = append(out.Rows, object)
		}
	}
}
