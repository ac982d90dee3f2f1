package frame

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// recordings finds the folder of recordings, or skips.
func recordings(t testing.TB, name string) string {
	t.Helper()
	root := os.Getenv("INLAY_SHARED")
	for dir := "."; root == "" && len(dir) < 40; dir = filepath.Join("..", dir) {
		if _, err := os.Stat(filepath.Join(dir, "shared", "conformance")); err == nil {
			root = filepath.Join(dir, "shared")
		}
	}
	if root == "" {
		t.Skip("the recordings (shared/conformance) are not here; set INLAY_SHARED")
	}
	return filepath.Join(root, "conformance", name)
}

type recordedItem struct {
	Type, FieldType, TimeInterval, Format, Compact string
	Round                                          *int
	FormatOptions                                  *struct {
		Type, Currency, Separator, Prefix, Suffix, Compact string
		Round                                              *int
	}
}

func (r recordedItem) format() Format {
	f := Format{Round: r.Round, Compact: r.Compact, Interval: r.TimeInterval, Style: Number}
	switch r.Type {
	case "boolean":
		f.Style = YesNo
	case "date":
		f.Style = Day
	case "timestamp":
		f.Style = Moment
	case "string":
		f.Style = Text
	}
	if o := r.FormatOptions; o != nil {
		return Format{Style: StyleNamed(o.Type), Round: o.Round, Compact: o.Compact, Currency: o.Currency,
			Separator: o.Separator, Prefix: o.Prefix, Suffix: o.Suffix}
	}
	if r.Format != "" {
		return Named(r.Format, r.Round, r.Compact)
	}
	return f
}

func TestValuesAreShownAsRecorded(t *testing.T) {
	data, err := os.ReadFile(recordings(t, "vectors.json"))
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct{ Format [][]json.RawMessage }
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	for _, vector := range vectors.Format {
		var item recordedItem
		var want string
		var value any
		for i, into := range []any{&item, &value, &want} {
			if err := json.Unmarshal(vector[i], into); err != nil {
				t.Fatal(err)
			}
		}
		if value == "__undefined__" {
			continue // a row never lacks a selected column
		}
		if got := string(NewFormatter(item.format()).Append(nil, cell(value), 0)); got != want {
			t.Errorf("%s of %s: %q, recorded %q", vector[0], vector[1], got, want)
		}
	}
}

func cell(value any) *Column {
	switch value := value.(type) {
	case float64:
		return &Column{Kind: Float, Floats: []float64{value}}
	case string:
		return &Column{Kind: String, Strings: []string{value}}
	case bool:
		return &Column{Kind: Bool, Bools: []bool{value}}
	}
	return &Column{Kind: String, Strings: []string{""}, Nulls: []bool{true}}
}

func TestNumbersRoundToZeroAndUp(t *testing.T) {
	two := 2
	for _, c := range []struct {
		format Format
		value  float64
		want   string
	}{
		{Format{Style: Number, Compact: "billions"}, 494550, "0B"}, {Format{Style: Number}, 0.9999, "1"}, {Format{Style: Number}, 999.9999, "1,000"},
		{Format{Style: Number}, -0.0001, "-0"}, {Format{Style: Number, Round: &two}, 0.005, "0.01"}, {Format{Style: Number, Round: &two}, 1.005, "1.01"},
		{Format{Style: Money, Currency: "CHF"}, 5, "CHF 5.00"}, {Format{Style: Plain}, 1e21, "1,000,000,000,000,000,000,000"},
	} {
		if got := string(NewFormatter(c.format).Append(nil, cell(c.value), 0)); got != c.want {
			t.Errorf("%v as %+v: %q, want %q", c.value, c.format, got, c.want)
		}
	}
}
