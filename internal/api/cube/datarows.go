package cube

import (
	"encoding/json"

	"inlay/internal/frame"
)

// dataWriter writes rows in one of the three formats of an answer.
type dataWriter struct {
	format string
	cells  []cell
	extra  [2]string // a name and a text that every row carries; nothing when empty
	keys   [][]byte  // of the default format
	out    []byte
	rows   int
	lists  [][]byte // one a column, of the columnar format
}

func newDataWriter(format string, cells []cell, extra [2]string) *dataWriter {
	w := &dataWriter{format: format, cells: cells, extra: extra}
	for _, c := range cells {
		w.keys = append(w.keys, append(frame.AppendQuoted(nil, c.name), ':'))
	}
	w.lists = make([][]byte, len(w.members()))
	return w
}

func (w *dataWriter) members() []string {
	names := []string{}
	for _, c := range w.cells {
		names = append(names, c.name)
	}
	if w.extra[0] != "" {
		names = append(names, w.extra[0])
	}
	return names
}

func (w *dataWriter) row(batch *frame.Batch, row int) {
	comma := w.rows > 0
	w.rows++
	if w.format == "columnar" {
		w.columns(batch, row, comma)
		return
	}
	open, end := byte('{'), byte('}')
	if w.format == "compact" {
		open, end = '[', ']'
	}
	if comma {
		w.out = append(w.out, ',')
	}
	w.out = append(w.out, open)
	for i, c := range w.cells {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		if open == '{' {
			w.out = append(w.out, w.keys[i]...)
		}
		w.out = appendCell(w.out, &batch.Columns[c.column], row)
	}
	if w.extra[0] != "" {
		w.out = append(w.out, ',')
		if open == '{' {
			w.out = append(frame.AppendQuoted(w.out, w.extra[0]), ':')
		}
		w.out = frame.AppendQuoted(w.out, w.extra[1])
	}
	w.out = append(w.out, end)
}

func (w *dataWriter) columns(batch *frame.Batch, row int, comma bool) {
	for i := range w.lists {
		if comma {
			w.lists[i] = append(w.lists[i], ',')
		}
		if i < len(w.cells) {
			w.lists[i] = appendCell(w.lists[i], &batch.Columns[w.cells[i].column], row)
		} else {
			w.lists[i] = frame.AppendQuoted(w.lists[i], w.extra[1])
		}
	}
}

func (w *dataWriter) end() json.RawMessage {
	if w.format != "compact" && w.format != "columnar" {
		return append(append([]byte{'['}, w.out...), ']')
	}
	members, err := json.Marshal(w.members())
	if err != nil {
		members = []byte("[]") // names are texts, which can always be written
	}
	text := append([]byte(`{"members":`), members...)
	if w.format == "compact" {
		text = append(append(text, `,"dataset":[`...), w.out...)
		return append(text, "]}"...)
	}
	text = append(text, `,"columns":[`...)
	for i, list := range w.lists {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(append(append(text, '['), list...), ']')
	}
	return append(text, "]}"...)
}
