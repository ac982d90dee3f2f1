package frame

import (
	"bytes"
	"encoding/csv"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// shownBy shows a text as a value of the kind that it looks like.
func shownBy(f *Formatter, text string) string {
	if microseconds, ok := parseTime(text); ok && strings.Contains(text, "-") {
		return string(f.time(nil, microseconds))
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return string(f.int(nil, n))
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		return string(f.float(nil, n))
	}
	return string(f.text(nil, text))
}

// Each line of testdata/patterns.txt is a pattern, a value and how it is shown, or a pattern, "!" and why it is refused.
func TestPatternsShowValues(t *testing.T) {
	data, err := os.ReadFile("testdata/patterns.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		parts := strings.Split(strings.TrimSuffix(line, "\n"), " | ")
		if len(parts) != 3 {
			t.Fatalf("%q isn't a case", line)
		}
		pattern, value, want := parts[0], parts[1], parts[2]
		_, err := ReadPattern(pattern)
		if value == "!" {
			if err == nil || err.Error() != want {
				t.Errorf("%s: want the refusal %q, got %v", pattern, want, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", pattern, err)
			continue
		}
		if got := shownBy(NewFormatter(Format{Style: Number, Pattern: pattern}), value); got != want {
			t.Errorf("%s of %s: want %q, got %q", pattern, value, want, got)
		}
	}
}

// A library for spreadsheets shows the same, where it follows them.
func TestPatternsShowWhatSpreadsheetsShow(t *testing.T) {
	book := excelize.NewFile()
	defer book.Close()
	for _, pattern := range []string{
		`#,##0.00" kg"`, `0.0%`, `[$£]#,##0.00`, `[$€-407] #,##0.00;[Red]-#,##0`, `0.00E+00`, `#,##0,,"M"`, `0.0,"K"`, `General`,
		`$#,##0.00;($#,##0.00)`, `000-00-0000`, `\$0.0\%`, `#,##0`, `00000`, `0.000`, `0 "%"`,
	} {
		style, err := book.NewStyle(&excelize.Style{CustomNumFmt: &pattern})
		if err != nil {
			t.Fatal(err)
		}
		shown := NewFormatter(Format{Style: Number, Pattern: pattern})
		for _, value := range []float64{0, 1, -1, 0.5, -0.001, 1234.567, -1234567.891, 0.005, 999.995, 1e9, 45000.75, 123456789, 2.5} {
			_ = book.SetCellFloat("Sheet1", "A1", value, -1, 64)
			_ = book.SetCellStyle("Sheet1", "A1", "A1", style)
			want, err := book.GetCellValue("Sheet1", "A1")
			if err != nil {
				t.Fatal(err)
			}
			if got := string(shown.float(nil, value)); got != want {
				t.Errorf("%s of %v: want %q, got %q", pattern, value, want, got)
			}
		}
	}
}

func TestFilesHoldWhatPatternsShow(t *testing.T) {
	table := &Table{
		Fields:  []Field{{Name: "n", Kind: Float}, {Name: "d", Kind: Date}},
		Batches: []*Batch{{Rows: 2, Columns: []Column{{Kind: Float, Floats: []float64{1234.5, -0.25}}, {Kind: Date, Ints: []int64{19757, 19758}}}}},
	}
	picks := []Pick{
		{Index: 0, View: View{Label: "n", Format: Format{Style: Number, Pattern: `#,##0.00" kg"`}}},
		{Index: 1, View: View{Label: "d", Format: Format{Style: Day, Pattern: "d mmm yyyy"}}},
		{Index: 1, View: View{Label: "raw", Format: Format{Style: Day, Pattern: "d mmm yyyy"}}, Raw: true},
	}
	var out bytes.Buffer
	if _, err := WriteCSV(t.Context(), &out, table.Reader(), picks); err != nil {
		t.Fatal(err)
	}
	if want := "n,d,raw\n\"1,234.50 kg\",4 Feb 2024,2024-02-04\n-0.25 kg,5 Feb 2024,2024-02-05\n"; out.String() != want {
		t.Errorf("want\n%s\ngot\n%s", want, out.String())
	}
	out.Reset()
	if _, err := WriteXLSX(t.Context(), &out, table.Reader(), picks); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	for cell, want := range map[string]string{"A2": "1,234.50 kg", "B2": "4 Feb 2024", "C2": "2024-02-04"} {
		if got, err := book.GetCellValue("Sheet1", cell); got != want || err != nil {
			t.Errorf("%s: want %q, got %q, %v", cell, want, got, err)
		}
	}
}

func TestH121_no_format_makes_a_formula_of_a_number(t *testing.T) {
	table := &Table{Fields: []Field{{Name: "n", Kind: Float}}, Batches: []*Batch{{Rows: 1, Columns: []Column{{Kind: Float, Floats: []float64{-5}}}}}}
	for want, formats := range map[string][]Format{
		"'": {{Style: Number, Pattern: `"=HYPERLINK("0`}, {Style: Number, Pattern: `0;"+cmd|' /C calc'!A"0`}, {Style: Number, Prefix: "=1"},
			{Style: Number, Prefix: "@"}, {Style: Number, Suffix: "+cmd|' /C calc'!A0"}, {Style: Number, Pattern: `-0"+x(1)"`}},
		"-5": {{Style: Number, Suffix: " km"}, {Style: Number, Pattern: `0" kg"`}, {Style: Number}},
	} {
		for _, format := range formats {
			var out bytes.Buffer
			if _, err := WriteCSV(t.Context(), &out, table.Reader(), []Pick{{View: View{Label: "n", Format: format}}}); err != nil {
				t.Fatal(err)
			}
			lines, err := csv.NewReader(&out).ReadAll()
			if err != nil || !strings.HasPrefix(lines[1][0], want) {
				t.Errorf("%+v: %q, %v", format, lines, err)
			}
		}
	}
}
