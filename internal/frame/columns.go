package frame

import (
	"context"
	"io"
)

// WriteColumns writes a compact JSON object for charts: the names of the columns, then one array of raw values a
// column for each batch: {"columns": [names], "batches": [[[values of a column], …], …]}.
func WriteColumns(ctx context.Context, w io.Writer, rows Reader, views []View) error {
	head := []byte(`{"columns":[`)
	for i, view := range views {
		if i > 0 {
			head = append(head, ',')
		}
		head = AppendQuoted(head, view.ID)
	}
	head = append(head, `],"batches":[`...)
	_, err := stream(ctx, w, rows, string(head), "]}", func(dst []byte, batch *Batch, first bool) []byte {
		if !first {
			dst = append(dst, ',')
		}
		return appendBatch(dst, batch, views)
	})
	return err
}

func appendBatch(out []byte, batch *Batch, views []View) []byte {
	out = append(out, '[')
	for n, view := range views {
		if n > 0 {
			out = append(out, ',')
		}
		out = append(out, '[')
		for i := range batch.Rows {
			if i > 0 {
				out = append(out, ',')
			}
			out = AppendRaw(out, &batch.Columns[n], i, view.Seconds)
		}
		out = append(out, ']')
	}
	return append(out, ']')
}
