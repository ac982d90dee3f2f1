package query

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

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

// spellViews writes how rows are shown, so that different ways never look the same.
func spellViews(views []frame.View) string {
	var out bytes.Buffer
	for _, v := range views {
		round := "-"
		if v.Format.Round != nil {
			round = fmt.Sprint(*v.Format.Round)
		}
		f := v.Format
		fmt.Fprintf(&out, "%q %d %t %q %s %q %q %q %q %q\n", v.ID, f.Style, v.Seconds, f.Interval, round, f.Compact, f.Currency,
			f.Separator, f.Prefix, f.Suffix)
	}
	return out.String()
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
