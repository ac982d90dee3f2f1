// Package sqlrows turns rows of database/sql into typed batches, for drivers that have no quicker way.
package sqlrows

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"inlay/internal/frame"
	"inlay/internal/warehouse"
)

// batchRows is how many rows are gathered.
const batchRows = 1024

// Rows is a running query.
type Rows struct {
	rows   *sql.Rows
	fields []frame.Field
	failed func(ctx context.Context, err error) error
	end    func(done bool)
	values []any
	done   bool
	once   sync.Once
}

// New wraps rows. kind says what a column becomes; failed makes a fault of the engine's error; end is called once, and
// told whether the rows were read to their end.
func New(rows *sql.Rows, kind func(*sql.ColumnType) frame.Kind, failed func(context.Context, error) error, end func(done bool)) (*Rows, error) {
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	r := &Rows{rows: rows, failed: failed, end: end, values: make([]any, len(types))}
	for i, t := range types {
		r.fields = append(r.fields, frame.Field{Name: t.Name(), Kind: kind(t), Type: t.DatabaseTypeName()})
		r.values[i] = new(any)
	}
	return r, nil
}

// Fields describes the columns.
func (r *Rows) Fields() []frame.Field { return r.fields }

// Next gathers a batch.
func (r *Rows) Next(ctx context.Context) (*frame.Batch, error) {
	if r.done {
		return nil, io.EOF
	}
	if ctx.Err() != nil {
		return nil, warehouse.Stopped(ctx, ctx.Err())
	}
	batch := &frame.Batch{Columns: make([]frame.Column, len(r.fields))}
	for i, field := range r.fields {
		batch.Columns[i] = frame.NewColumn(field.Kind, 64)
	}
	for batch.Rows < batchRows {
		if !r.rows.Next() {
			r.done = true
			break
		}
		if err := r.read(ctx, batch); err != nil {
			return nil, err
		}
	}
	if err := r.rows.Err(); r.done && err != nil {
		return nil, r.failed(ctx, err)
	}
	if batch.Rows == 0 {
		return nil, io.EOF
	}
	for i := range batch.Columns {
		batch.Columns[i].Seal()
	}
	return batch, nil
}

func (r *Rows) read(ctx context.Context, batch *frame.Batch) error {
	if err := r.rows.Scan(r.values...); err != nil {
		return r.failed(ctx, err)
	}
	for i, value := range r.values {
		if err := Add(&batch.Columns[i], *value.(*any)); err != nil {
			return warehouse.Rejected(err, fmt.Sprintf("The column %q holds a value that can't be read", r.fields[i].Name), 0, 0)
		}
	}
	batch.Rows++
	return nil
}

// Close ends the query.
func (r *Rows) Close() error {
	r.once.Do(func() {
		r.end(r.done)
		r.done = true
	})
	return nil
}

var errValue = errors.New("value doesn't fit its column")

// Add adds a value in any of the forms that drivers give to a column.
func Add(c *frame.Column, value any) error {
	value = plain(value)
	if value == nil {
		c.AppendNull()
		return nil
	}
	ok := false
	switch c.Kind {
	case frame.Int:
		ok = addInt(c, value)
	case frame.Float:
		ok = addFloat(c, value)
	case frame.Bool:
		ok = addBool(c, value)
	case frame.Date, frame.Timestamp:
		ok = addTime(c, value)
	case frame.JSON:
		ok = addJSON(c, value)
	default:
		c.Strings, ok = append(c.Strings, text(value)), true
	}
	if !ok {
		return errValue
	}
	return nil
}

// plain follows pointers, which stand for values that may be missing.
func plain(value any) any {
	if data, ok := value.([]byte); ok {
		return string(data)
	}
	p := reflect.ValueOf(value)
	switch _, spells := value.(fmt.Stringer); {
	case p.Kind() != reflect.Pointer:
		return value
	case p.IsNil():
		return nil
	case spells: // a number of any length
		return value
	}
	return plain(p.Elem().Interface())
}

func addInt(c *frame.Column, value any) bool {
	n, err := strconv.ParseInt(text(value), 10, 64)
	if err == nil {
		c.Ints = append(c.Ints, n)
		return true
	}
	f, err := strconv.ParseFloat(text(value), 64) // beyond 64 bits
	if err != nil || math.IsNaN(f) {
		return false
	}
	c.Ints = append(c.Ints, int64(max(min(f, math.MaxInt64), math.MinInt64)))
	return true
}

func addFloat(c *frame.Column, value any) bool {
	switch value := value.(type) {
	case float64:
		c.Floats = append(c.Floats, value)
		return true
	case *big.Int:
		f, _ := new(big.Float).SetInt(value).Float64()
		c.Floats = append(c.Floats, f)
		return true
	}
	f, err := strconv.ParseFloat(text(value), 64)
	if err != nil && !math.IsInf(f, 0) {
		return false
	}
	c.Floats = append(c.Floats, f)
	return true
}

func addBool(c *frame.Column, value any) bool {
	switch value := value.(type) {
	case bool:
		c.Bools = append(c.Bools, value)
		return true
	default:
		b, err := strconv.ParseBool(text(value))
		c.Bools = append(c.Bools, b)
		return err == nil
	}
}

const microsecondsOfDay = 86400 * 1_000_000

func addTime(c *frame.Column, value any) bool {
	at, ok := value.(time.Time)
	if !ok {
		at, ok = parse(text(value))
	}
	if !ok {
		return false
	}
	if at.IsZero() || at.Year() == 0 { // MySQL's date without a day
		c.AppendNull()
		return true
	}
	n := at.UnixMicro()
	if c.Kind == frame.Date {
		n = time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC).UnixMicro() / microsecondsOfDay
	}
	c.Ints = append(c.Ints, n)
	return true
}

func parse(text string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02", "2006-01-02 15:04:05.999999999", time.RFC3339Nano, "2006-01-02 15:04:05.999999999 MST"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

func addJSON(c *frame.Column, value any) bool {
	if already, ok := value.(string); ok && json.Valid([]byte(already)) {
		c.Strings = append(c.Strings, already)
		return true
	}
	data, err := json.Marshal(value)
	c.Strings = append(c.Strings, string(data))
	return err == nil
}

// text spells a value.
func text(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case time.Time:
		return value.UTC().Format("2006-01-02 15:04:05.999999")
	case int64:
		return strconv.FormatInt(value, 10)
	case float32:
		return strconv.FormatFloat(float64(value), 'g', -1, 32)
	case fmt.Stringer:
		return value.String()
	}
	switch kind := fmt.Sprintf("%T", value); {
	case strings.HasPrefix(kind, "[]"), strings.HasPrefix(kind, "map["):
		data, err := json.Marshal(value)
		if err == nil {
			return string(data)
		}
	}
	return fmt.Sprint(value)
}
