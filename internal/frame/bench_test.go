package frame

import (
	"context"
	"io"
	"math/rand/v2"
	"testing"
)

// orders are rows as a table of orders shows them.
func orders(rows int) (*Table, []View) {
	random, two := rand.New(rand.NewPCG(1, 2)), 2
	table := &Table{Fields: make([]Field, 5)}
	for left := rows; left > 0; left -= 2000 {
		b := &Batch{Rows: min(left, 2000), Columns: []Column{{Kind: Int}, {Kind: String}, {Kind: String}, {Kind: Timestamp}, {Kind: Float}}}
		for range b.Rows {
			c := b.Columns
			c[0].Ints = append(c[0].Ints, random.Int64N(1e7))
			c[1].Strings = append(c[1].Strings, []string{"web", "marketplace"}[random.IntN(2)])
			c[2].Strings = append(c[2].Strings, "delivered")
			c[3].Ints = append(c[3].Ints, 1.7e15+random.Int64N(1e13))
			c[4].Floats = append(c[4].Floats, float64(random.IntN(1e6))/100)
		}
		table.Batches = append(table.Batches, b)
	}
	return table, []View{
		{ID: "orders_order_id", Format: Format{Style: Identifier}}, {ID: "orders_channel"}, {ID: "orders_status"},
		{ID: "orders_ordered_at_raw", Format: Format{Style: Moment, Interval: "RAW"}},
		{ID: "orders_amount", Format: Format{Style: Money, Currency: "USD", Round: &two}},
	}
}

func BenchmarkRows(b *testing.B) {
	table, views := orders(10_000)
	for b.Loop() {
		if err := WriteRows(context.Background(), io.Discard, table.Reader(), views); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCSV(b *testing.B) {
	table, views := orders(10_000)
	picks := make([]Pick, len(views))
	for i, view := range views {
		picks[i] = Pick{Index: i, View: view}
	}
	for b.Loop() {
		if _, err := WriteCSV(context.Background(), io.Discard, table.Reader(), picks); err != nil {
			b.Fatal(err)
		}
	}
}
