package frame

import (
	"context"
	"io"
)

// WriteColumns writes a compact JSON object for charts, and counts the rows: the labels of the columns, then one array of
// raw values a column for each batch: {"columns": [labels], "batches": [[[values of a column], …], …]}.
func WriteColumns(ctx context.Context, w io.Writer, rows Reader, picks []Pick) (int, error) {
	head := []byte(`{"columns":[`)
	for i, pick := range picks {
		if i > 0 {
			head = append(head, ',')
		}
		head = AppendQuoted(head, pick.View.Label)
	}
	head = append(head, `],"batches":[`...)
	return stream(ctx, w, rows, string(head), "]}", func(dst []byte, batch *Batch, first bool) []byte {
		if !first {
			dst = append(dst, ',')
		}
		return appendBatch(dst, batch, picks)
	})
}

func appendBatch(out []byte, batch *Batch, picks []Pick) []byte {
	out = append(out, '[')
	for n, pick := range picks {
		if n > 0 {
			out = append(out, ',')
		}
		out = append(out, '[')
		for i := range batch.Rows {
			if i > 0 {
				out = append(out, ',')
			}
			out = AppendRaw(out, &batch.Columns[pick.Index], i, pick.View.Seconds)
		}
		out = append(out, ']')
	}
	return append(out, ']')
}
