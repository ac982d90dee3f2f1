package frame

import (
	"context"
	"io"
)

// WriteLines writes one line a row: the object of its raw values, a tab, and the element that WriteRows would write.
// JSON holds no tab and no newline, so lines and halves can be taken apart. It counts the lines.
func WriteLines(ctx context.Context, w io.Writer, rows Reader, views []View) (int, error) {
	columns := show(views)
	keys := make([][]byte, len(views))
	for i, view := range views {
		keys[i] = append(AppendQuoted(nil, view.ID), ':')
	}
	out := make([]byte, 0, flushAt+4096)
	count := 0
	err := each(ctx, rows, func(batch *Batch) error {
		for i := range batch.Rows {
			out = append(out, '{')
			for n := range columns {
				if n > 0 {
					out = append(out, ',')
				}
				out = AppendRaw(append(out, keys[n]...), &batch.Columns[n], i, columns[n].Seconds)
			}
			out = append(out, "}\t{"...)
			for n := range columns {
				if n > 0 {
					out = append(out, ',')
				}
				out = columns[n].appendCell(out, &batch.Columns[n], i)
			}
			out = append(out, "}\n"...)
			if len(out) >= flushAt {
				if _, err := w.Write(out); err != nil {
					return err
				}
				out = out[:0]
			}
		}
		count += batch.Rows
		return nil
	})
	if err != nil {
		return count, err
	}
	_, err = w.Write(out)
	return count, err
}
