package frame

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strconv"
	"strings"
)

// Pick is one column of a file: which column of the rows, and how it is shown.
type Pick struct {
	Index int
	View  View
	Raw   bool // values as they are, not as the format shows them
}

// WriteCSV writes a header and one line a row, and counts the rows. Text that a spreadsheet would run as a formula gets
// an apostrophe before it, unless the column is raw.
func WriteCSV(ctx context.Context, w io.Writer, rows Reader, picks []Pick) (int, error) {
	out := make([]byte, 0, flushAt+4096)
	for i, pick := range picks {
		out = appendField(out, i, harmless(nil, []byte(pick.View.Label)))
	}
	out = append(out, '\n')
	cells := make([]fileCell, len(picks))
	for i, pick := range picks {
		cells[i] = newFileCell(pick)
	}
	count := 0
	err := each(ctx, rows, func(batch *Batch) error {
		for i := range batch.Rows {
			for n := range cells {
				out = appendField(out, n, cells[n].text(&batch.Columns[cells[n].Index], i))
			}
			out = append(out, '\n')
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

// appendField adds a value to a line, quoted where it must be.
func appendField(out []byte, n int, text []byte) []byte {
	if n > 0 {
		out = append(out, ',')
	}
	if !bytes.ContainsAny(text, ",\"\n\r") {
		return append(out, text...)
	}
	out = append(out, '"')
	for _, c := range text {
		if c == '"' {
			out = append(out, '"')
		}
		out = append(out, c)
	}
	return append(out, '"')
}

// harmless writes text so that a spreadsheet doesn't take it for a formula, also not after blanks.
func harmless(dst, text []byte) []byte {
	start := bytes.TrimLeft(text, " \u00a0\ufeff")
	if len(start) > 0 && strings.IndexByte("=+-@\t\r\n", start[0]) >= 0 {
		dst = append(dst, '\'')
	}
	return append(dst, text...)
}

// fileCell writes the values of a column of a file.
type fileCell struct {
	Pick
	formatter *Formatter
	dates     bool // the column is a date, whatever its format: files hold whole dates
	moments   bool
	scratch   []byte
}

func newFileCell(pick Pick) fileCell {
	style := pick.View.Format.Style
	return fileCell{Pick: pick, formatter: NewFormatter(pick.View.Format), dates: style == Day, moments: style == Moment}
}

func (f *fileCell) text(c *Column, i int) []byte {
	f.scratch = f.scratch[:0]
	if c.Null(i) {
		return f.scratch
	}
	switch {
	case f.dates || f.moments:
		f.scratch = f.instant(f.scratch, c, i)
	case f.Raw:
		f.scratch = appendPlain(f.scratch, c, i)
	case c.Kind == String || c.Kind == JSON:
		f.scratch = f.words(f.scratch, c, i)
	default:
		f.scratch = f.formatter.Append(f.scratch, c, i)
	}
	return f.scratch
}

// words writes text; a number that an engine gives as text is a number.
func (f *fileCell) words(dst []byte, c *Column, i int) []byte {
	text := f.formatter.Append(nil, c, i)
	if style := f.View.Format.Style; style == Number || style == Money || style == Percent {
		if _, ok := scriptNumber(c.Strings[i]); ok {
			return append(dst, text...)
		}
	}
	return harmless(dst, text)
}

func (f *fileCell) instant(dst []byte, c *Column, i int) []byte {
	microseconds, ok := int64(0), true
	switch c.Kind {
	case Date:
		microseconds = c.Ints[i] * microsecondsOfDay
	case Timestamp:
		microseconds = c.Ints[i]
	case Int:
		microseconds = c.Ints[i] * 1000
	case String:
		microseconds, ok = parseTime(c.Strings[i])
	default:
		ok = false
	}
	switch {
	case !ok:
		return append(dst, "Invalid date"...)
	case f.dates:
		return timeOf(microseconds).AppendFormat(dst, "2006-01-02")
	}
	return timeOf(microseconds).AppendFormat(dst, "2006-01-02 15:04:05")
}

// appendPlain writes a value as it is, in the spelling that clients know: true is 1, false is nothing, an instant in a
// column that isn't a date is its milliseconds.
func appendPlain(dst []byte, c *Column, i int) []byte {
	switch c.Kind {
	case Bool:
		if c.Bools[i] {
			return append(dst, '1')
		}
		return dst
	case Date:
		return strconv.AppendInt(dst, c.Ints[i]*microsecondsOfDay/1000, 10)
	case Timestamp:
		return strconv.AppendInt(dst, c.Ints[i]/1000, 10)
	case Int:
		return strconv.AppendInt(dst, c.Ints[i], 10)
	case Float:
		return AppendScriptNumber(dst, c.Floats[i])
	case JSON:
		var compact bytes.Buffer
		if json.Compact(&compact, []byte(c.Strings[i])) == nil {
			return append(dst, compact.Bytes()...)
		}
	}
	return append(dst, c.Strings[i]...)
}
