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
	return stream(ctx, w, rows, "", "", eachRow("", func(dst []byte, batch *Batch, i int) []byte {
		dst = append(dst, '{')
		for n := range columns {
			if n > 0 {
				dst = append(dst, ',')
			}
			dst = AppendRaw(append(dst, keys[n]...), &batch.Columns[n], i, columns[n].Seconds)
		}
		dst = appendShown(append(dst, "}\t"...), columns, batch, i)
		return append(dst, '\n')
	}))
}
