//go:build cloud

package bigquery

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"
	"regexp"
	"strconv"
	"time"

	"cloud.google.com/go/bigquery"
	"cloud.google.com/go/civil"
	"google.golang.org/api/iterator"

	"inlay/internal/frame"
	"inlay/internal/warehouse"
	"inlay/internal/warehouse/sqlrows"
)

// batchRows is how many rows are gathered.
const batchRows = 1024

type rows struct {
	found  *bigquery.RowIterator
	ctx    context.Context // of the query
	stop   func() bool
	fields []frame.Field
	done   bool
}

func newRows(ctx context.Context, found *bigquery.RowIterator, stop func() bool) (*rows, error) {
	r := &rows{found: found, ctx: ctx, stop: stop}
	for _, f := range found.Schema {
		field := frame.Field{Name: f.Name, Kind: kindOf(f), Type: string(f.Type)}
		r.fields = append(r.fields, field)
	}
	return r, nil
}

func kindOf(f *bigquery.FieldSchema) frame.Kind {
	if f.Repeated {
		return frame.JSON
	}
	switch f.Type {
	case bigquery.IntegerFieldType:
		return frame.Int
	case bigquery.FloatFieldType, bigquery.NumericFieldType, bigquery.BigNumericFieldType:
		return frame.Float
	case bigquery.BooleanFieldType:
		return frame.Bool
	case bigquery.DateFieldType:
		return frame.Date
	case bigquery.TimestampFieldType, bigquery.DateTimeFieldType:
		return frame.Timestamp
	case bigquery.RecordFieldType, bigquery.JSONFieldType:
		return frame.JSON
	}
	return frame.String
}

// Fields describes the columns.
func (r *rows) Fields() []frame.Field { return r.fields }

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
		var values []bigquery.Value
		err := r.found.Next(&values)
		if errors.Is(err, iterator.Done) {
			r.done = true
			break
		}
		if err != nil {
			return nil, rejected(r.ctx, err)
		}
		for i, value := range values {
			if err := sqlrows.Add(&batch.Columns[i], plain(value)); err != nil {
				return nil, warehouse.Rejected(err, fmt.Sprintf("The column %q holds a value that can't be read", r.fields[i].Name), 0, 0)
			}
		}
		batch.Rows++
	}
	if batch.Rows == 0 {
		return nil, io.EOF
	}
	for i := range batch.Columns {
		batch.Columns[i].Seal()
	}
	return batch, nil
}

// plain turns the client's own types into those of the language.
func plain(value bigquery.Value) any {
	switch value := value.(type) {
	case civil.Date:
		return value.In(time.UTC)
	case civil.DateTime:
		return value.In(time.UTC)
	case *big.Rat:
		return value.FloatString(18)
	}
	return value
}

// Close drops what wasn't read: a result lies in a table of its own that BigQuery deletes.
func (r *rows) Close() error {
	r.stop()
	r.done = true
	return nil
}

var placeText = regexp.MustCompile(`at \[(\d+):(\d+)\]`)

// place finds where a statement is wrong.
func place(message string) (line, char int) {
	if at := placeText.FindStringSubmatch(message); at != nil { // digits by the pattern
		line, _ = strconv.Atoi(at[1])
		char, _ = strconv.Atoi(at[2])
	}
	return line, char
}
