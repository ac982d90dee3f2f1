package frame

import (
	"context"
	"encoding/json"
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

// shown is a view with its formatter and its fixed text.
type shown struct {
	View
	formatter *Formatter
	key       []byte // "id":{"value":{"raw":
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
	_, err := stream(ctx, w, rows, "[", "]", eachRow(",", func(dst []byte, batch *Batch, i int) []byte {
		return appendShown(dst, columns, batch, i)
	}))
	return err
}

// appendShown writes a row as an object of {value: {raw, formatted}}.
func appendShown(dst []byte, columns []shown, batch *Batch, i int) []byte {
	dst = append(dst, '{')
	for n := range columns {
		if n > 0 {
			dst = append(dst, ',')
		}
		dst = columns[n].appendCell(dst, &batch.Columns[n], i)
	}
	return append(dst, '}')
}

func (s *shown) appendCell(dst []byte, c *Column, i int) []byte {
	dst = AppendRaw(append(dst, s.key...), c, i, s.Seconds)
	dst = append(dst, `,"formatted":"`...)
	start := len(dst)
	dst = s.formatter.Append(dst, c, i)
	if !plain(dst[start:]) {
		dst = AppendQuoted(dst[:start-1], string(dst[start:]))
		return append(dst, `}}`...)
	}
	return append(dst, `"}}`...)
}

// plain tells whether a text can stand in a JSON string as it is.
func plain(text []byte) bool {
	ascii := true
	for _, c := range text {
		if c < 0x20 || c == '"' || c == '\\' {
			return false
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	return ascii || utf8.Valid(text)
}

// WriteObjects writes one object of raw values a row: {column: raw}. between stands before each row but the first.
func WriteObjects(ctx context.Context, w io.Writer, rows Reader, between string) error {
	fields := rows.Fields()
	keys := make([][]byte, len(fields))
	for i, field := range fields {
		keys[i] = append(AppendQuoted(nil, field.Name), ':')
	}
	_, err := stream(ctx, w, rows, "", "", eachRow(between, func(dst []byte, batch *Batch, i int) []byte {
		dst = append(dst, '{')
		for n := range keys {
			if n > 0 {
				dst = append(dst, ',')
			}
			dst = AppendRaw(append(dst, keys[n]...), &batch.Columns[n], i, false)
		}
		return append(dst, '}')
	}))
	return err
}

// AppendObject writes row i of a batch as one object of raw values.
func AppendObject(dst []byte, views []View, batch *Batch, i int) []byte {
	dst = append(dst, '{')
	for n, view := range views {
		if n > 0 {
			dst = append(dst, ',')
		}
		dst = AppendRaw(append(AppendQuoted(dst, view.ID), ':'), &batch.Columns[n], i, view.Seconds)
	}
	return append(dst, '}')
}
