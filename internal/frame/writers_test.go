package frame

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/xuri/excelize/v2"
)

// small is two rows of a text and a number, the second one missing.
func small() *Table {
	return &Table{Fields: []Field{{Name: "a"}, {Name: "b"}}, Batches: []*Batch{{Rows: 2, Columns: []Column{
		{Kind: String, Strings: []string{"=1+1", `q"`}}, {Kind: Float, Floats: []float64{1234.5, 0}, Nulls: []bool{false, true}},
	}}}}
}

func TestEveryWriterGivesTheSameRows(t *testing.T) {
	views := []View{{ID: "a", Label: "A", Format: Format{Style: Text}}, {ID: "b", Label: "B", Format: Format{Style: Number}}}
	var out bytes.Buffer
	if err := WriteRows(t.Context(), &out, small().Reader(), views); err != nil {
		t.Fatal(err)
	}
	want := `[{"a":{"value":{"raw":"=1+1","formatted":"=1+1"}},"b":{"value":{"raw":1234.5,"formatted":"1,234.5"}}},` +
		`{"a":{"value":{"raw":"q\"","formatted":"q\""}},"b":{"value":{"raw":null,"formatted":"∅"}}}]`
	if out.String() != want {
		t.Errorf("rows: %s", out.String())
	}
	out.Reset()
	picks := []Pick{{Index: 0, View: views[0]}, {Index: 1, View: views[1]}}
	if n, err := WriteColumns(t.Context(), &out, small().Reader(), picks); err != nil || n != 2 || !json.Valid(out.Bytes()) ||
		out.String() != `{"columns":["A","B"],"batches":[[["=1+1","q\""],[1234.5,null]]]}` {
		t.Errorf("columns: %s %v", out.String(), err)
	}
	out.Reset()
	if err := WriteObjects(t.Context(), &out, small().Reader(), "\n"); err != nil ||
		out.String() != "{\"a\":\"=1+1\",\"b\":1234.5}\n{\"a\":\"q\\\"\",\"b\":null}" {
		t.Errorf("objects: %s %v", out.String(), err)
	}
}

func TestH121_a_sheet_holds_text_and_numbers_and_no_formulas(t *testing.T) {
	var out bytes.Buffer
	picks := []Pick{{Index: 0, View: View{Label: "A", Format: Format{Style: Text}}}, {Index: 1, View: View{Label: "B"}, Raw: true}}
	count, err := WriteXLSX(t.Context(), &out, small().Reader(), picks)
	if err != nil || count != 2 {
		t.Fatal(count, err)
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	formula, _ := book.GetCellFormula("Sheet1", "A2")
	text, _ := book.GetCellValue("Sheet1", "A2")
	number, _ := book.GetCellType("Sheet1", "B2")
	if formula != "" || text != "=1+1" || number == excelize.CellTypeInlineString {
		t.Errorf("formula %q, text %q, type %v", formula, text, number)
	}
}

func TestNumbersAreWrittenAsScriptsWriteThem(t *testing.T) {
	for value, want := range map[float64]string{1e21: "1e+21", 1e20: "100000000000000000000", 1e-7: "1e-7", 0.000001: "0.000001", -1.5e300: "-1.5e+300", 0: "0", 5e-324: "5e-324"} {
		if got := string(AppendScriptNumber(nil, value)); got != want {
			t.Errorf("%v: %s, want %s", value, got, want)
		}
	}
}
