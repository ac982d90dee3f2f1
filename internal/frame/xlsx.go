package frame

import (
	"context"
	"io"
	"math"

	"github.com/xuri/excelize/v2"
)

// sheetRows is how many rows a sheet holds, header included.
const sheetRows = 1 << 20

// WriteXLSX writes a workbook of one sheet: a header and one row a row. Numbers stay numbers where the column is raw;
// text is text, never a formula. What doesn't fit on the sheet is left out; the count tells how many rows were written.
func WriteXLSX(ctx context.Context, w io.Writer, rows Reader, picks []Pick) (int, error) {
	book := excelize.NewFile()
	defer func() { _ = book.Close() }() // it only removes temporary files
	sheet, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return 0, err
	}
	line := make([]any, len(picks))
	cells := make([]fileCell, len(picks))
	for i, pick := range picks {
		line[i], cells[i] = pick.View.Label, newFileCell(pick)
	}
	if err := sheet.SetRow("A1", line); err != nil {
		return 0, err
	}
	count := 0
	err = Each(ctx, rows, func(batch *Batch) error {
		for i := 0; i < batch.Rows && count+1 < sheetRows; i++ {
			for n := range cells {
				line[n] = cells[n].value(&batch.Columns[cells[n].Index], i)
			}
			count++
			at, err := excelize.CoordinatesToCellName(1, count+1)
			if err != nil {
				return err
			}
			if err := sheet.SetRow(at, line); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return count, err
	}
	if err := sheet.Flush(); err != nil {
		return count, err
	}
	return count, book.Write(w)
}

// value is a cell of a sheet, which knows numbers and truth beside text.
func (f *fileCell) value(c *Column, i int) any {
	if c.Null(i) {
		return nil
	}
	if f.Raw && !f.dates && !f.moments {
		switch c.Kind {
		case Int:
			return c.Ints[i]
		case Float:
			if value := c.Floats[i]; !math.IsNaN(value) && !math.IsInf(value, 0) {
				return value
			}
		case Bool:
			return c.Bools[i]
		}
	}
	if !f.dates && !f.moments && !f.Raw {
		return string(f.formatter.Append(nil, c, i)) // a text cell: no spreadsheet runs it
	}
	return string(f.append(nil, c, i))
}
