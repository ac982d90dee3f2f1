package frame

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/xuri/excelize/v2"
)

// everyKind is a table of each kind, with a row of nulls; its last batch is cut short.
func everyKind() *Table {
	kinds := []Kind{String, Int, Float, Bool, Date, Timestamp, JSON}
	table := &Table{}
	batch := &Batch{Rows: 2}
	for i, kind := range kinds {
		table.Fields = append(table.Fields, Field{Name: string(rune('a' + i)), Kind: kind})
		c := Column{Kind: kind, Nulls: []bool{false, true, false},
			Ints: []int64{1<<53 + 1, 0, 3}, Floats: []float64{-0.25, 0, 1}, Strings: []string{`{"x":"ü"}`, "", "z"}, Bools: []bool{true, false, true}}
		if kind == Date {
			c.Ints[0] = -1 // 1969-12-31
		}
		batch.Columns = append(batch.Columns, c)
	}
	table.Batches = []*Batch{batch}
	return table
}

func everyPick(table *Table) []Pick {
	picks := make([]Pick, len(table.Fields))
	for i, field := range table.Fields {
		picks[i] = Pick{Index: i, View: View{ID: field.Name, Label: field.Name}, Raw: true}
	}
	return picks
}

var typesOfEveryKind = "utf8 int64 float64 bool date32 timestamp utf8"

const everyKindAsText = `[{"a":"{\"x\":\"ü\"}","b":9007199254740993,"c":-0.25,"d":true,"e":"1969-12-31","f":"2255-06-05T23:47:34.740993Z","g":"{\"x\":\"ü\"}"}
,{"a":null,"b":null,"c":null,"d":null,"e":null,"f":null,"g":null}
]`

func recordText(t *testing.T, record arrow.RecordBatch) string {
	t.Helper()
	text, err := record.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func typesOf(schema *arrow.Schema) string {
	var names []string
	for _, field := range schema.Fields() {
		names = append(names, field.Type.Name())
	}
	return strings.Join(names, " ")
}

func TestArrowKeepsTypesAndNulls(t *testing.T) {
	var out bytes.Buffer
	table := everyKind()
	if count, err := WriteArrow(t.Context(), &out, table.Reader(), everyPick(table)); count != 2 || err != nil {
		t.Fatal(count, err)
	}
	in, err := ipc.NewReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	if !in.Next() || typesOf(in.Schema()) != typesOfEveryKind {
		t.Fatal(in.Schema(), in.Err())
	}
	if got := recordText(t, in.RecordBatch()); got != everyKindAsText {
		t.Errorf("got\n%s\nwant\n%s", got, everyKindAsText)
	}
}

func TestParquetKeepsTypesAndNulls(t *testing.T) {
	var out bytes.Buffer
	table := everyKind()
	if count, err := WriteParquet(t.Context(), &out, table.Reader(), everyPick(table)); count != 2 || err != nil {
		t.Fatal(count, err)
	}
	in, err := file.NewParquetReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	reader, err := pqarrow.NewFileReader(in, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	read, err := reader.ReadTable(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	records := array.NewTableReader(read, 0)
	if !records.Next() || typesOf(read.Schema()) != typesOfEveryKind {
		t.Fatal(read.Schema())
	}
	if got := recordText(t, records.RecordBatch()); got != everyKindAsText {
		t.Errorf("got\n%s\nwant\n%s", got, everyKindAsText)
	}
}

func TestEveryFormWritesNoRows(t *testing.T) {
	table := everyKind()
	table.Batches = nil
	for _, form := range Forms() {
		if count, err := form.Write(t.Context(), closing{t, form.Name}, table.Reader(), everyPick(table)); count != 0 || err != nil {
			t.Errorf("%s: %d %v", form.Name, count, err)
		}
	}
	if _, ok := FormNamed("exe"); ok {
		t.Error("there is a form exe")
	}
}

// closing is a writer that belongs to somebody else.
type closing struct {
	t    *testing.T
	form string
}

func (c closing) Write(p []byte) (int, error) { return len(p), nil }

func (c closing) Close() error {
	c.t.Errorf("%s closes what it writes to", c.form)
	return nil
}

func TestH121_no_form_runs_text_as_a_formula(t *testing.T) {
	texts := []string{"=1+1", "+1", "-1+cmd", "@x", "\t=1", "\r=1", "  =1", "plain"}
	table := &Table{Fields: []Field{{Name: "t", Kind: String}}, Batches: []*Batch{{Rows: len(texts), Columns: []Column{{Kind: String, Strings: texts}}}}}
	pick := Pick{View: View{ID: "t", Label: "=t", Format: Format{Style: Text}}}
	var out bytes.Buffer
	if _, err := WriteCSV(t.Context(), &out, table.Reader(), []Pick{pick}); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range lines {
		if want := i < len(texts); strings.HasPrefix(line[0], "'") != want {
			t.Errorf("CSV: %q", line[0])
		}
	}
	out.Reset()
	if _, err := WriteXLSX(t.Context(), &out, table.Reader(), []Pick{pick}); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		cell, _ := excelize.CoordinatesToCellName(1, i+2)
		if formula, err := book.GetCellFormula("Sheet1", cell); formula != "" || err != nil {
			t.Errorf("XLSX: %q is the formula %q, %v", text, formula, err)
		}
	}
	out.Reset()
	pick.Raw = true
	if _, err := WriteJSONLines(t.Context(), &out, table.Reader(), []Pick{pick}); err != nil || !strings.HasPrefix(out.String(), `{"=t":"=1+1"}`) {
		t.Errorf("raw text for programs: %s %v", out.String(), err)
	}
}

// many gives batches without end of the same rows, and tells how much memory is in use at the worst.
type many struct {
	*Table
	left  int
	worst uint64
}

func (m *many) Fields() []Field { return m.Table.Fields }

func (m *many) Next(context.Context) (*Batch, error) {
	if m.left == 0 {
		return nil, io.EOF
	}
	if m.left--; m.left%100 == 0 {
		var now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&now)
		m.worst = max(m.worst, now.HeapAlloc)
	}
	return m.Batches[0], nil
}

func (m *many) Close() error { return nil }

func TestFormsHoldAFewBatchesWhateverTheirNumber(t *testing.T) {
	const rows = 2048
	table := &Table{Fields: []Field{{Name: "n", Kind: Int}, {Name: "t", Kind: String}}}
	numbers, texts := NewColumn(Int, rows), NewColumn(String, rows)
	for i := range rows {
		numbers.Ints, texts.Strings = append(numbers.Ints, int64(i)), append(texts.Strings, strings.Repeat("text ", 10))
	}
	table.Batches = []*Batch{{Rows: rows, Columns: []Column{numbers, texts}}}
	for _, form := range Forms() {
		var before runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		batches := 250 // half a million rows, some 30 MB
		if form.Name == "xlsx" {
			batches = 60 // the library takes its time
		}
		endless := &many{Table: table, left: batches}
		count, err := form.Write(t.Context(), io.Discard, endless, everyPick(table))
		if err != nil || count != batches*rows {
			t.Errorf("%s: %d %v", form.Name, count, err)
		}
		if took := int64(endless.worst) - int64(before.HeapAlloc); took > 24<<20 {
			t.Errorf("%s holds %d MB", form.Name, took>>20)
		}
	}
}
