package frame

import (
	"context"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// WriteArrow writes an Apache Arrow IPC stream of raw values, one record batch a batch, and counts the rows. Columns
// keep their types: whole numbers are int64, others float64, dates date32, instants timestamps of microseconds in UTC.
func WriteArrow(ctx context.Context, w io.Writer, rows Reader, picks []Pick) (int, error) {
	table := newArrowTable(rows.Fields(), picks)
	out := ipc.NewWriter(w, ipc.WithSchema(table.schema))
	count, err := table.each(ctx, rows, out.Write)
	if closed := out.Close(); err == nil {
		err = closed
	}
	return count, err
}

// parquetRows is how many rows a group of a Parquet file has; a group is kept in memory until it is complete.
const parquetRows = 1 << 16

// WriteParquet writes an Apache Parquet file of raw values, with types as WriteArrow's, and counts the rows.
func WriteParquet(ctx context.Context, w io.Writer, rows Reader, picks []Pick) (int, error) {
	table := newArrowTable(rows.Fields(), picks)
	out, err := pqarrow.NewFileWriter(table.schema, struct{ io.Writer }{w}, // it would close what it can
		parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Snappy), parquet.WithMaxRowGroupLength(parquetRows)),
		pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
	if err != nil {
		return 0, err
	}
	count, err := table.each(ctx, rows, out.WriteBuffered)
	if closed := out.Close(); err == nil {
		err = closed
	}
	return count, err
}

// arrowTable turns batches into records.
type arrowTable struct {
	schema  *arrow.Schema
	columns []int // of the rows, for each field
}

func newArrowTable(fields []Field, picks []Pick) arrowTable {
	table := arrowTable{columns: make([]int, len(picks))}
	arrows := make([]arrow.Field, len(picks))
	for i, pick := range picks {
		table.columns[i] = pick.Index
		arrows[i] = arrow.Field{Name: pick.View.Label, Type: arrowType(fields[pick.Index].Kind), Nullable: true}
	}
	table.schema = arrow.NewSchema(arrows, nil)
	return table
}

func arrowType(kind Kind) arrow.DataType {
	switch kind {
	case Int:
		return arrow.PrimitiveTypes.Int64
	case Float:
		return arrow.PrimitiveTypes.Float64
	case Bool:
		return arrow.FixedWidthTypes.Boolean
	case Date:
		return arrow.FixedWidthTypes.Date32
	case Timestamp:
		return arrow.FixedWidthTypes.Timestamp_us
	}
	return arrow.BinaryTypes.String
}

func (t arrowTable) each(ctx context.Context, rows Reader, write func(arrow.RecordBatch) error) (int, error) {
	count := 0
	err := Each(ctx, rows, func(batch *Batch) error {
		columns := make([]arrow.Array, len(t.columns))
		for i, n := range t.columns {
			columns[i] = arrowArray(&batch.Columns[n], batch.Rows)
		}
		count += batch.Rows
		return write(array.NewRecordBatch(t.schema, columns, int64(batch.Rows)))
	})
	return count, err
}

// arrowArray copies the first rows of a column; those of a batch that was cut short are fewer than its values.
func arrowArray(c *Column, rows int) arrow.Array {
	var valid []bool // nil: all
	if c.Nulls != nil {
		valid = make([]bool, rows)
		for i := range valid {
			valid[i] = !c.Nulls[i]
		}
	}
	switch c.Kind {
	case Int:
		return filled(array.NewInt64Builder(memory.DefaultAllocator), c.Ints[:rows], valid)
	case Timestamp:
		b := array.NewTimestampBuilder(memory.DefaultAllocator, arrow.FixedWidthTypes.Timestamp_us.(*arrow.TimestampType))
		return filled(b, converted[arrow.Timestamp](c.Ints[:rows]), valid)
	case Date:
		return filled(array.NewDate32Builder(memory.DefaultAllocator), converted[arrow.Date32](c.Ints[:rows]), valid)
	case Float:
		return filled(array.NewFloat64Builder(memory.DefaultAllocator), c.Floats[:rows], valid)
	case Bool:
		return filled(array.NewBooleanBuilder(memory.DefaultAllocator), c.Bools[:rows], valid)
	}
	return filled(array.NewStringBuilder(memory.DefaultAllocator), c.Strings[:rows], valid)
}

func converted[T ~int32 | ~int64](values []int64) []T {
	out := make([]T, len(values))
	for i, value := range values {
		out[i] = T(value)
	}
	return out
}

// filled is the array of a builder that takes values with which of them are there.
func filled[T any](b interface {
	AppendValues([]T, []bool)
	NewArray() arrow.Array
}, values []T, valid []bool) arrow.Array {
	b.AppendValues(values, valid)
	return b.NewArray()
}
