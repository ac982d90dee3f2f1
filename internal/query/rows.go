package query

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"

	"inlay/internal/frame"
)

// WriteRows writes a result's rows as a JSON array of {id: {value: {raw, formatted}}}, and closes them. Text that was
// made of a kept result is written again as it is.
func WriteRows(ctx context.Context, w io.Writer, r *Result) error {
	defer r.Rows.Close()
	views := r.Views()
	if r.stored == nil {
		return frame.WriteRows(ctx, w, r.Rows, views)
	}
	text, err := r.stored.rowsOf(spellViews(views), func() ([]byte, error) {
		var out bytes.Buffer
		err := frame.WriteRows(ctx, &out, r.Rows, views)
		return out.Bytes(), err
	})
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// WriteLines writes a result's rows as frame.WriteLines does, closes them, and counts them.
func WriteLines(ctx context.Context, w io.Writer, r *Result) (int, error) {
	defer r.Rows.Close()
	return frame.WriteLines(ctx, w, r.Rows, r.Views())
}

// spellViews writes how rows are shown, so that different ways never look the same.
func spellViews(views []frame.View) string {
	out := make([]byte, 0, 64*len(views))
	for _, v := range views {
		f := v.Format
		out = strconv.AppendInt(append(out, '#'), int64(f.Style), 10)
		out = strconv.AppendBool(out, v.Seconds)
		if f.Round != nil {
			out = strconv.AppendInt(append(out, 'r'), int64(*f.Round), 10)
		}
		for _, part := range []string{v.ID, f.Interval, f.Compact, f.Currency, f.Separator, f.Prefix, f.Suffix} {
			out = append(strconv.AppendInt(append(out, ' '), int64(len(part)), 10), ':')
			out = append(out, part...)
		}
	}
	return string(out)
}

// FirstRaw gives the raw values of the first row by id, as JSON, and closes the rows; nil when there is none.
func FirstRaw(ctx context.Context, r *Result) (map[string][]byte, error) {
	defer r.Rows.Close()
	batch, err := r.Rows.Next(ctx)
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	row := make(map[string][]byte, len(r.Columns))
	for i, id := range r.Columns {
		row[id] = frame.AppendRaw(nil, &batch.Columns[i], 0, false)
	}
	return row, nil
}

// FirstColumn gives the raw values of the first column, as JSON, and closes the rows.
func FirstColumn(ctx context.Context, r *Result) ([][]byte, error) {
	defer r.Rows.Close()
	values := [][]byte{}
	for {
		batch, err := r.Rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			return values, nil
		}
		if err != nil {
			return nil, err
		}
		for i := range batch.Rows {
			values = append(values, frame.AppendRaw(nil, &batch.Columns[0], i, false))
		}
	}
}
