package databricks

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"inlay/internal/frame"
	"inlay/internal/warehouse"
	"inlay/internal/warehouse/sqlrows"
)

// batchRows is how many rows are gathered.
const batchRows = 1024

// rows reads a result chunk by chunk; a chunk is an array of arrays of texts.
type rows struct {
	owner  *Conn
	id     string
	ctx    context.Context // of the query
	fields []frame.Field
	next   string // path of the next chunk
	body   io.ReadCloser
	values *json.Decoder // in the middle of a chunk; nil between chunks
	done   bool
}

func newRows(ctx context.Context, c *Conn, a *answer) (*rows, error) {
	r := &rows{owner: c, id: a.StatementID, ctx: ctx}
	for _, column := range a.Manifest.Schema.Columns {
		r.fields = append(r.fields, frame.Field{Name: column.Name, Kind: kindOf(column.Type), Type: column.Text})
	}
	if err := r.open(ctx, a.Result); err != nil {
		return nil, err
	}
	return r, nil
}

func kindOf(name string) frame.Kind {
	switch name {
	case "BYTE", "SHORT", "INT", "LONG":
		return frame.Int
	case "FLOAT", "DOUBLE", "DECIMAL":
		return frame.Float
	case "BOOLEAN":
		return frame.Bool
	case "DATE":
		return frame.Date
	case "TIMESTAMP", "TIMESTAMP_NTZ":
		return frame.Timestamp
	case "ARRAY", "MAP", "STRUCT", "VARIANT":
		return frame.JSON
	}
	return frame.String
}

// Fields describes the columns.
func (r *rows) Fields() []frame.Field { return r.fields }

// open begins a chunk. The link of one is a secret of its own and leads elsewhere: the access token stays out of it.
func (r *rows) open(ctx context.Context, c chunk) error {
	r.next = c.Next
	switch {
	case len(c.Links) > 0:
		r.next = c.Links[0].Next
		if !strings.HasPrefix(c.Links[0].Address, "https://") {
			return warehouse.Unreachable(nil, "Databricks gave a link that isn't encrypted")
		}
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Links[0].Address, nil)
		if err != nil {
			return warehouse.Unreachable(err, "Databricks gave a link that can't be read")
		}
		response, err := r.owner.client.Do(request) //nolint:bodyclose // Close closes it, with the rows
		if err != nil {
			return unreachable(ctx, err)
		}
		r.body = response.Body
		if response.StatusCode != http.StatusOK {
			return warehouse.Unreachable(nil, "The result's storage can't be read: status %d", response.StatusCode)
		}
	case len(c.Rows) > 0:
		r.body = io.NopCloser(bytes.NewReader(c.Rows))
	default:
		return nil
	}
	r.values = json.NewDecoder(r.body)
	_, err := r.values.Token() // the array's opening
	return r.broken(ctx, err)
}

func (r *rows) broken(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return warehouse.Stopped(ctx, err)
	}
	return warehouse.Unreachable(err, "The result broke off")
}

// Next gathers a batch.
func (r *rows) Next(ctx context.Context) (*frame.Batch, error) {
	if r.ctx.Err() != nil {
		return nil, warehouse.Stopped(r.ctx, r.ctx.Err())
	}
	batch := &frame.Batch{Columns: make([]frame.Column, len(r.fields))}
	for i, field := range r.fields {
		batch.Columns[i] = frame.NewColumn(field.Kind, 64)
	}
	for batch.Rows < batchRows && !r.done {
		if err := r.row(ctx, batch); err != nil {
			return nil, err
		}
	}
	if batch.Rows == 0 {
		return nil, io.EOF
	}
	for i := range batch.Columns {
		batch.Columns[i].Seal()
	}
	return batch, nil
}

// row adds a row, or goes on to the next chunk.
func (r *rows) row(ctx context.Context, batch *frame.Batch) error {
	if r.values == nil || !r.values.More() {
		return r.advance(ctx)
	}
	var row []*string
	if err := r.values.Decode(&row); err != nil {
		return r.broken(ctx, err)
	}
	if len(row) != len(r.fields) {
		return warehouse.Unreachable(nil, "The result holds a row of %d columns instead of %d", len(row), len(r.fields))
	}
	for i, value := range row {
		if err := sqlrows.Add(&batch.Columns[i], value); err != nil {
			return warehouse.Rejected(err, "The column \""+r.fields[i].Name+"\" holds a value that can't be read", 0, 0)
		}
	}
	batch.Rows++
	return nil
}

func (r *rows) advance(ctx context.Context) error {
	if r.values != nil {
		if _, err := r.values.Token(); err != nil { // the array's end: without it the chunk broke off
			return r.broken(ctx, err)
		}
		_ = r.body.Close() // read to its end
		r.values, r.body = nil, nil
	}
	if r.next == "" {
		r.done = true
		return nil
	}
	if !strings.HasPrefix(r.next, "/api/2.0/sql/statements/") {
		return warehouse.Unreachable(nil, "Databricks gave a link that can't be read")
	}
	a, err := r.owner.call(ctx, http.MethodGet, r.next, nil)
	if err != nil {
		return err
	}
	return r.open(ctx, a.chunk)
}

// Close drops what wasn't read.
func (r *rows) Close() error {
	if r.body != nil {
		_ = r.body.Close()
		r.body = nil
	}
	if !r.done {
		r.done = true
		r.owner.cancel(r.id) // keeps the rest of the result from being stored
	}
	return nil
}
