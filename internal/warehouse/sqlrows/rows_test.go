package sqlrows

import (
	"math/big"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"inlay/internal/frame"
)

func TestValuesOfAllDriversFitTheirColumns(t *testing.T) {
	number, text, missing, huge := int32(7), "it's", (*int32)(nil), decimal.RequireFromString("1.5")
	at := time.Date(2024, 12, 31, 0, 15, 30, 123e6, time.UTC)
	for _, c := range []struct {
		kind  frame.Kind
		value any
		want  string
	}{
		{frame.Int, &number, "7"}, {frame.Int, missing, "null"}, {frame.Int, uint8(3), "3"}, {frame.Int, nil, "null"}, {frame.String, &text, `"it's"`},
		{frame.Float, huge, "1.5"}, {frame.Float, &huge, "1.5"}, {frame.Float, big.NewInt(12), "12"}, {frame.Float, []byte("2.50"), "2.5"},
		{frame.Float, (*decimal.Decimal)(nil), "null"}, {frame.Bool, "true", "true"}, {frame.Timestamp, at, `"2024-12-31T00:15:30.123Z"`},
		{frame.Timestamp, "2024-12-31T00:15:30.123Z", `"2024-12-31T00:15:30.123Z"`}, {frame.Date, "2024-02-29", `"2024-02-29T00:00:00.000Z"`},
		{frame.JSON, []string{"a", "b"}, `["a","b"]`}, {frame.JSON, `{"a":1}`, `{"a":1}`},
	} {
		column := frame.NewColumn(c.kind, 1)
		if err := Add(&column, c.value); err != nil {
			t.Errorf("%T %v: %v", c.value, c.value, err)
			continue
		}
		column.Seal()
		if got := string(frame.AppendRaw(nil, &column, 0, false)); got != c.want {
			t.Errorf("%T %v became %s, want %s", c.value, c.value, got, c.want)
		}
	}
}

func TestAValueThatDoesntFitIsAnError(t *testing.T) {
	column := frame.NewColumn(frame.Int, 1)
	if err := Add(&column, "seven"); err == nil {
		t.Error("a word became a number")
	}
}
