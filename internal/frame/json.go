package frame

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strconv"
	"unicode/utf8"
)

// View says how one column is shown and written.
type View struct {
	ID     string
	Label  string // header of a file
	Format Format
	// Seconds: instants are written raw as ISO without milliseconds, as fields of a date type are; else with them.
	Seconds bool
}

// AppendRaw writes row i of a column as a JSON value. What JSON can't hold is null.
func AppendRaw(dst []byte, c *Column, i int, seconds bool) []byte {
	if c.Null(i) {
		return append(dst, "null"...)
	}
	switch c.Kind {
	case Int:
		return strconv.AppendInt(dst, c.Ints[i], 10)
	case Float:
		if value := c.Floats[i]; !math.IsNaN(value) && !math.IsInf(value, 0) {
			return AppendScriptNumber(dst, value)
		}
		return append(dst, "null"...)
	case Bool:
		return strconv.AppendBool(dst, c.Bools[i])
	case Date:
		return appendQuotedISO(dst, c.Ints[i]*microsecondsOfDay, seconds)
	case Timestamp:
		return appendQuotedISO(dst, c.Ints[i], seconds)
	case JSON:
		if json.Valid([]byte(c.Strings[i])) {
			return append(dst, c.Strings[i]...)
		}
	}
	if seconds {
		return appendTextInstant(dst, c.Strings[i])
	}
	return AppendQuoted(dst, c.Strings[i])
}

func appendQuotedISO(dst []byte, microseconds int64, seconds bool) []byte {
	return append(appendISO(append(dst, '"'), microseconds, !seconds), '"')
}

// appendTextInstant writes a text in a column that the model calls a date.
func appendTextInstant(dst []byte, text string) []byte {
	microseconds, ok := parseTime(text)
	if !ok {
		return append(dst, `"Invalid Date"`...)
	}
	return appendQuotedISO(dst, microseconds, true)
}

// AppendQuoted writes a text as a JSON string; broken UTF-8 becomes the replacement character.
func AppendQuoted(dst []byte, text string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if c >= 0x20 && c != '"' && c != '\\' {
				i++
				continue
			}
			dst = append(dst, text[start:i]...)
			switch c {
			case '"', '\\':
				dst = append(dst, '\\', c)
			case '\n':
				dst = append(dst, '\\', 'n')
			case '\r':
				dst = append(dst, '\\', 'r')
			case '\t':
				dst = append(dst, '\\', 't')
			default:
				dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
			}
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			dst = append(append(dst, text[start:i]...), "\ufffd"...)
			start = i + 1
		}
		i += size
	}
	return append(append(dst, text[start:]...), '"')
}

// flushAt is how much text is gathered before it is handed on.
const flushAt = 32 << 10

// each calls f with every batch.
func each(ctx context.Context, rows Reader, f func(*Batch) error) error {
	for {
		batch, err := rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := f(batch); err != nil {
			return err
		}
	}
}

// shown is a view with its formatter and its fixed text.
type shown struct {
	View
	formatter *Formatter
	key       []byte // "id":{"value":{"raw":
	scratch   []byte
}

func show(views []View) []shown {
	out := make([]shown, len(views))
	for i, view := range views {
		key := append(AppendQuoted(nil, view.ID), `:{"value":{"raw":`...)
		out[i] = shown{View: view, formatter: NewFormatter(view.Format), key: key}
	}
	return out
}

// WriteRows writes a JSON array of {id: {value: {raw, formatted}}}, one element a row.
func WriteRows(ctx context.Context, w io.Writer, rows Reader, views []View) error {
	columns := show(views)
	out := append(make([]byte, 0, flushAt+4096), '[')
	first := true
	err := each(ctx, rows, func(batch *Batch) error {
		for i := range batch.Rows {
			if !first {
				out = append(out, ',')
			}
			first = false
			out = append(out, '{')
			for n := range columns {
				if n > 0 {
					out = append(out, ',')
				}
				out = columns[n].appendCell(out, &batch.Columns[n], i)
			}
			out = append(out, '}')
			if len(out) >= flushAt {
				if _, err := w.Write(out); err != nil {
					return err
				}
				out = out[:0]
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, err = w.Write(append(out, ']'))
	return err
}

func (s *shown) appendCell(out []byte, c *Column, i int) []byte {
	out = AppendRaw(append(out, s.key...), c, i, s.Seconds)
	s.scratch = s.formatter.Append(s.scratch[:0], c, i)
	out = append(out, `,"formatted":`...)
	return append(appendQuotedBytes(out, s.scratch), `}}`...)
}

// appendQuotedBytes is AppendQuoted with a short way for plain ASCII.
func appendQuotedBytes(dst, text []byte) []byte {
	for _, c := range text {
		if c < 0x20 || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			return AppendQuoted(dst, string(text))
		}
	}
	return append(append(append(dst, '"'), text...), '"')
}

// WriteObjects writes one object of raw values a row: {column: raw}. between stands before each row but the first.
func WriteObjects(ctx context.Context, w io.Writer, rows Reader, between string) error {
	fields := rows.Fields()
	keys := make([][]byte, len(fields))
	for i, field := range fields {
		keys[i] = append(AppendQuoted(nil, field.Name), ':')
	}
	out, first := make([]byte, 0, flushAt+4096), true
	err := each(ctx, rows, func(batch *Batch) error {
		for i := range batch.Rows {
			if !first {
				out = append(out, between...)
			}
			first = false
			out = append(out, '{')
			for n := range keys {
				if n > 0 {
					out = append(out, ',')
				}
				out = AppendRaw(append(out, keys[n]...), &batch.Columns[n], i, false)
			}
			out = append(out, '}')
			if len(out) >= flushAt {
				if _, err := w.Write(out); err != nil {
					return err
				}
				out = out[:0]
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, err = w.Write(out)
	return err
}
