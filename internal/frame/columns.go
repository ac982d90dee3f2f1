package frame

import (
	"context"
	"io"
)

// WriteColumns writes a compact JSON object for charts: the names of the columns, then one array of raw values a
// column for each batch: {"columns": [names], "batches": [[[values of a column], …], …]}.
func WriteColumns(ctx context.Context, w io.Writer, rows Reader, views []View) error {
	out := append(make([]byte, 0, flushAt+4096), `{"columns":[`...)
	for i, view := range views {
		if i > 0 {
			out = append(out, ',')
		}
		out = AppendQuoted(out, view.ID)
	}
	out = append(out, `],"batches":[`...)
	first := true
	err := each(ctx, rows, func(batch *Batch) error {
		if !first {
			out = append(out, ',')
		}
		first = false
		out = appendBatch(out, batch, views)
		if len(out) < flushAt {
			return nil
		}
		_, err := w.Write(out)
		out = out[:0]
		return err
	})
	if err != nil {
		return err
	}
	_, err = w.Write(append(out, "]}"...))
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
