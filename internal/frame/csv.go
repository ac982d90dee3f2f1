package frame

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
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
	var head []byte
	cells := make([]fileCell, len(picks))
	for i, pick := range picks {
		cells[i] = newFileCell(pick)
		if i > 0 {
			head = append(head, ',')
		}
		start := len(head)
		head = quote(harmless(append(head, pick.View.Label...), start), start)
	}
	return stream(ctx, w, rows, string(head)+"\n", "", eachRow("", func(dst []byte, batch *Batch, i int) []byte {
		for n := range cells {
			if n > 0 {
				dst = append(dst, ',')
			}
			start := len(dst)
			dst = quote(cells[n].append(dst, &batch.Columns[cells[n].Index], i), start)
		}
		return append(dst, '\n')
	}))
}

// quote puts what was written from start on in quotes, where a line of CSV needs them.
func quote(dst []byte, start int) []byte {
	for _, c := range dst[start:] {
		if c <= ',' && (c == ',' || c == '"' || c == '\n' || c == '\r') {
			text := bytes.ReplaceAll(dst[start:], []byte(`"`), []byte(`""`)) // a copy
			return append(append(append(dst[:start], '"'), text...), '"')
		}
	}
	return dst
}

// harmless makes what was written from start on a text that a spreadsheet doesn't take for a formula, also not after
// blanks.
func harmless(dst []byte, start int) []byte {
	if len(dst) == start {
		return dst
	}
	if c := dst[start]; c >= 'A' && c < utf8.RuneSelf || c >= '0' && c <= '9' { // as most texts
		return dst
	}
	text := bytes.TrimLeft(dst[start:], " \u00a0\ufeff")
	if len(text) > 0 && strings.IndexByte("=+-@\t\r\n", text[0]) >= 0 {
		return slices.Insert(dst, start, '\'')
	}
	return dst
}

// fileCell writes the values of a column of a file.
type fileCell struct {
	Pick
	formatter *Formatter
	dates     bool // the column is a date: files hold whole dates, unless a pattern says how
	moments   bool
	words     bool // the format brings text of its own
}

func newFileCell(pick Pick) fileCell {
	format := pick.View.Format
	made := fileCell{Pick: pick, formatter: NewFormatter(format), words: format.Prefix+format.Suffix+format.Pattern != ""}
	if whole := pick.Raw || made.formatter.pattern == nil || made.formatter.pattern.ofTime() == nil; whole {
		made.dates, made.moments = format.Style == Day, format.Style == Moment
	}
	return made
}

func (f *fileCell) append(dst []byte, c *Column, i int) []byte {
	switch {
	case c.Null(i):
		return dst
	case f.dates || f.moments:
		return f.instant(dst, c, i)
	case f.Raw:
		return appendPlain(dst, c, i)
	case c.Kind == String || c.Kind == JSON:
		return f.text(dst, c, i)
	case f.words:
		start := len(dst)
		return calm(f.formatter.Append(dst, c, i), start)
	}
	return f.formatter.Append(dst, c, i)
}

// calm is harmless for numbers with words around them: a minus may stand before one, but before nothing that a
// spreadsheet runs.
func calm(dst []byte, start int) []byte {
	if text := dst[start:]; len(text) > 0 && text[0] == '-' && !bytes.ContainsAny(text, "|!=@\"'(\t\r\n") {
		return dst
	}
	return harmless(dst, start)
}

// text writes text; a number that an engine gives as text is a number.
func (f *fileCell) text(dst []byte, c *Column, i int) []byte {
	start := len(dst)
	dst = f.formatter.Append(dst, c, i)
	if style := f.View.Format.Style; style == Number || style == Money || style == Percent {
		if _, ok := scriptNumber(c.Strings[i]); ok && f.words {
			return calm(dst, start)
		} else if ok {
			return dst
		}
	}
	return harmless(dst, start)
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
		return appendDate(dst, microseconds)
	}
	return appendSeconds(dst, microseconds, " ")
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
