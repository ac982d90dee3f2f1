package frame

import (
	"context"
	"io"
)

// Form is a form that a table of rows can be written in.
type Form struct {
	Name, Ending, ContentType string
	// Write writes the rows and counts them. It holds a few batches at a time, whatever their number.
	Write func(ctx context.Context, w io.Writer, rows Reader, picks []Pick) (int, error)
}

// Forms lists the forms of files. The first is what is meant by an empty name.
func Forms() []Form {
	return []Form{
		{"csv", "csv", "text/csv", WriteCSV},
		{"xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", WriteXLSX},
		{"jsonl", "jsonl", "application/x-ndjson", WriteJSONLines},
		{"arrow", "arrows", "application/vnd.apache.arrow.stream", WriteArrow},
		{"columns", "json", "application/vnd.inlay.columns+json", WriteColumns},
		{"parquet", "parquet", "application/vnd.apache.parquet", WriteParquet},
	}
}

// FormNamed finds a form by its name; false for one that there isn't.
func FormNamed(name string) (Form, bool) {
	for i, form := range Forms() {
		if form.Name == name || i == 0 && name == "" {
			return form, true
		}
	}
	return Form{}, false
}

// WriteJSONLines writes one object of raw values a row, by the labels of the columns, each on a line of its own.
func WriteJSONLines(ctx context.Context, w io.Writer, rows Reader, picks []Pick) (int, error) {
	keys := make([][]byte, len(picks))
	for i, pick := range picks {
		keys[i] = append(AppendQuoted(nil, pick.View.Label), ':')
	}
	return stream(ctx, w, rows, "", "", eachRow("", func(dst []byte, batch *Batch, i int) []byte {
		dst = append(dst, '{')
		for n, pick := range picks {
			if n > 0 {
				dst = append(dst, ',')
			}
			dst = AppendRaw(append(dst, keys[n]...), &batch.Columns[pick.Index], i, pick.View.Seconds)
		}
		return append(dst, "}\n"...)
	}))
}
