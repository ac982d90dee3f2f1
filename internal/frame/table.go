package frame

import (
	"context"
	"io"
)

// Table is a complete result in memory.
type Table struct {
	Fields  []Field
	Batches []*Batch
}

// Rows counts the rows.
func (t *Table) Rows() int {
	n := 0
	for _, batch := range t.Batches {
		n += batch.Rows
	}
	return n
}

// Reader streams the table; any number may read at once.
func (t *Table) Reader() Reader { return &tableReader{table: t} }

type tableReader struct {
	table *Table
	next  int
}

func (r *tableReader) Fields() []Field { return r.table.Fields }

func (r *tableReader) Next(ctx context.Context) (*Batch, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if r.next == len(r.table.Batches) {
		return nil, io.EOF
	}
	r.next++
	return r.table.Batches[r.next-1], nil
}

func (r *tableReader) Close() error { return nil }

// Collect reads a result to its end.
func Collect(ctx context.Context, rows Reader) (*Table, error) {
	table := &Table{Fields: rows.Fields()}
	err := Each(ctx, rows, func(batch *Batch) error {
		table.Batches = append(table.Batches, batch)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return table, nil
}

// Size estimates the memory of a batch in bytes.
func (b *Batch) Size() int {
	size := 64
	for i := range b.Columns {
		c := &b.Columns[i]
		size += 160 + len(c.Nulls) + 8*len(c.Ints) + 8*len(c.Floats) + len(c.Bools)
		for _, text := range c.Strings {
			size += 16 + len(text)
		}
	}
	return size
}

// NewColumn makes an empty column with room for n rows.
func NewColumn(kind Kind, n int) Column {
	c := Column{Kind: kind}
	switch kind {
	case Int, Date, Timestamp:
		c.Ints = make([]int64, 0, n)
	case Float:
		c.Floats = make([]float64, 0, n)
	case Bool:
		c.Bools = make([]bool, 0, n)
	default:
		c.Strings = make([]string, 0, n)
	}
	return c
}

// Len is the number of values.
func (c *Column) Len() int {
	switch c.Kind {
	case Int, Date, Timestamp:
		return len(c.Ints)
	case Float:
		return len(c.Floats)
	case Bool:
		return len(c.Bools)
	}
	return len(c.Strings)
}

// AppendNull adds a missing value.
func (c *Column) AppendNull() {
	n := c.Len()
	for len(c.Nulls) < n {
		c.Nulls = append(c.Nulls, false)
	}
	c.Nulls = append(c.Nulls, true)
	switch c.Kind {
	case Int, Date, Timestamp:
		c.Ints = append(c.Ints, 0)
	case Float:
		c.Floats = append(c.Floats, 0)
	case Bool:
		c.Bools = append(c.Bools, false)
	default:
		c.Strings = append(c.Strings, "")
	}
}

// Seal makes the null marks as long as the values; call it after the last value was added.
func (c *Column) Seal() {
	if c.Nulls == nil {
		return
	}
	for n := c.Len(); len(c.Nulls) < n; {
		c.Nulls = append(c.Nulls, false)
	}
}

// AppendNulls adds n missing values.
func (c *Column) AppendNulls(n int) {
	for range n {
		c.AppendNull()
	}
}

// AppendFrom adds row i of a column of the same kind.
func (c *Column) AppendFrom(from *Column, i int) {
	if from.Null(i) {
		c.AppendNull()
		return
	}
	switch c.Kind {
	case Int, Date, Timestamp:
		c.Ints = append(c.Ints, from.Ints[i])
	case Float:
		c.Floats = append(c.Floats, from.Floats[i])
	case Bool:
		c.Bools = append(c.Bools, from.Bools[i])
	default:
		c.Strings = append(c.Strings, from.Strings[i])
	}
	if c.Nulls != nil {
		c.Nulls = append(c.Nulls, false)
	}
}

// Int is row i of a column of numbers, cut to a whole one; 0 where there is none.
func (c *Column) Int(i int) int64 {
	switch {
	case c.Null(i):
		return 0
	case c.Kind == Int:
		return c.Ints[i]
	case c.Kind == Float:
		return int64(c.Floats[i])
	}
	return 0
}
