// Package frame holds results as batches of typed columns, and writes them. It doesn't know where rows came from.
package frame

import (
	"context"
)

// Kind is the physical type of a column.
type Kind uint8

// Kinds of column. Decimals arrive as Float; 128-bit integers as Int where they fit and as Float where they don't.
const (
	String Kind = iota
	Int
	Float
	Bool
	Date      // days since 1970-01-01, in Ints
	Timestamp // microseconds since 1970-01-01 UTC, in Ints
	JSON      // text of a JSON value, in Strings
)

// Field names a column and its physical type.
type Field struct {
	Name string
	Kind Kind
	Type string // the warehouse's own name of the type, such as "DECIMAL(18,2)"
}

// Column holds one column of a batch; only the slice of its kind is set.
type Column struct {
	Kind    Kind
	Nulls   []bool // nil: no nulls
	Ints    []int64
	Floats  []float64
	Strings []string
	Bools   []bool
}

// Null tells whether row i is null.
func (c *Column) Null(i int) bool { return c.Nulls != nil && c.Nulls[i] }

// Batch is a run of rows.
type Batch struct {
	Rows    int
	Columns []Column
}

// Reader streams batches. Next gives io.EOF at the end. Close releases the query, also in the middle.
type Reader interface {
	Fields() []Field
	Next(ctx context.Context) (*Batch, error)
	Close() error
}
