package frame

import (
	"bytes"
	"testing"
)

func csvOf(t *testing.T, raw bool, style Style, c Column) string {
	t.Helper()
	table := &Table{Fields: []Field{{Name: "a", Kind: c.Kind}}, Batches: []*Batch{{Rows: c.Len(), Columns: []Column{c}}}}
	var out bytes.Buffer
	if _, err := WriteCSV(t.Context(), &out, table.Reader(), []Pick{{View: View{Label: "A", Format: Format{Style: style}}, Raw: raw}}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestH121_formulas_are_text_in_files(t *testing.T) {
	evil := Column{Kind: String, Strings: []string{"=1+1", "+1", "-1", "@x", "\tx", "\rx", "  =1", "fine", "a=b", `=HYPERLINK("http://e","x")`}}
	want := "A\n'=1+1\n'+1\n'-1\n'@x\n'\tx\n\"'\rx\"\n'  =1\nfine\na=b\n\"'=HYPERLINK(\"\"http://e\"\",\"\"x\"\")\"\n"
	if got := csvOf(t, false, Text, evil); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := csvOf(t, false, Number, Column{Kind: Float, Floats: []float64{-1.5}}); got != "A\n-1.5\n" {
		t.Errorf("a negative number became %q", got)
	}
	if got := csvOf(t, true, Text, Column{Kind: String, Strings: []string{"=1"}}); got != "A\n=1\n" {
		t.Errorf("a raw value became %q", got)
	}
}
