// Package warehousetest is the contract of a warehouse connection: every driver passes it.
package warehousetest

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/warehouse"
)

// Engine is how a driver spells what the contract asks for.
type Engine struct {
	// Types is a SELECT of one row: i = 7, f = 1.5, b = true, d = 2024-02-29, ts = 2024-12-31 00:15:30.123, s = it's, z = null.
	Types string
	// Numbers is a SELECT of one column n with the whole numbers from 1 to %d, in order.
	Numbers string
	// Slow is a SELECT that takes minutes; empty for a stand-in of an engine that can't stop one.
	Slow string
	// Relation is a table that exists.
	Relation warehouse.Relation
	// Writes are statements that must be refused.
	Writes []string
	// Wrong is a SELECT of the column nope on its second line, and the place of nope; empty for a stand-in that forgets
	// failed jobs.
	Wrong      string
	Line, Char int
}

// Run holds a connection to the contract.
func Run(t *testing.T, conn warehouse.Conn, e Engine) {
	ctx := context.Background()
	t.Run("answers a ping", func(t *testing.T) {
		if err := conn.Ping(ctx); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("gives values their types", func(t *testing.T) { types(t, conn, e) })
	t.Run("streams all rows in order", func(t *testing.T) { streams(t, conn, e) })
	t.Run("closes in the middle", func(t *testing.T) { closes(t, conn, e) })
	if e.Slow != "" {
		t.Run("stops when cancelled", func(t *testing.T) { cancels(t, conn, e) })
		t.Run("stops at a deadline", func(t *testing.T) { deadline(t, conn, e) })
	}
	if e.Wrong != "" {
		t.Run("says where a statement is wrong", func(t *testing.T) { wrong(t, conn, e) })
	}
	t.Run("H31_refuses_writes_and_several_statements", func(t *testing.T) { writes(t, conn, e) })
	t.Run("lists columns", func(t *testing.T) { columns(t, conn, e) })
}

func types(t *testing.T, conn warehouse.Conn, e Engine) {
	table := collect(t, conn, e.Types)
	var got []string
	for i := range table.Fields {
		got = append(got, table.Fields[i].Name+"="+string(frame.AppendRaw(nil, &table.Batches[0].Columns[i], 0, false)))
	}
	want := `i=7 f=1.5 b=true d="2024-02-29T00:00:00.000Z" ts="2024-12-31T00:15:30.123Z" s="it's" z=null`
	if text := strings.Join(got, " "); text != want && text != strings.Replace(want, "b=true", "b=1", 1) {
		t.Errorf("got  %s\nwant %s", text, want)
	}
}

func numbers(e Engine, n string) string { return strings.ReplaceAll(e.Numbers, "%d", n) }

func streams(t *testing.T, conn warehouse.Conn, e Engine) {
	rows, err := conn.Query(t.Context(), warehouse.Statement{SQL: numbers(e, "10000")})
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	next := int64(1)
	for {
		batch, err := rows.Next(t.Context())
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range batch.Columns[0].Ints {
			if n != next {
				t.Fatalf("row %d holds %d", next, n)
			}
			next++
		}
	}
	if next != 10001 {
		t.Fatalf("%d rows", next-1)
	}
}

func closes(t *testing.T, conn warehouse.Conn, e Engine) {
	for range 20 { // more than any pool holds
		rows, err := conn.Query(t.Context(), warehouse.Statement{SQL: numbers(e, "1000000")})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := rows.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	collect(t, conn, numbers(e, "1"))
}

func cancels(t *testing.T, conn warehouse.Conn, e Engine) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	if err := drain(ctx, conn, e.Slow); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled query ends with %v", err)
	}
	collect(t, conn, numbers(e, "1"))
}

func deadline(t *testing.T, conn warehouse.Conn, e Engine) {
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := drain(ctx, conn, e.Slow); fault.As(err).Code != "QueryTimeout" {
		t.Errorf("a query over its time ends with %v", err)
	}
}

// drain reads a query to its end, and fails when that takes longer than stopping should.
func drain(ctx context.Context, conn warehouse.Conn, sql string) error {
	start := time.Now()
	rows, err := conn.Query(ctx, warehouse.Statement{SQL: sql})
	if err == nil {
		_, err = frame.Collect(ctx, rows)
		_ = rows.Close() // the query's own error is what counts
	}
	if taken := time.Since(start); taken > 3*time.Second {
		return errors.New("stopping took " + taken.String())
	}
	return err
}

func wrong(t *testing.T, conn warehouse.Conn, e Engine) {
	err := drain(t.Context(), conn, e.Wrong)
	f := fault.As(err)
	if f.Kind != fault.Invalid || f.Code != "WarehouseQuery" || !strings.Contains(f.Message, "nope") {
		t.Fatalf("got %v (%s)", err, f.Code)
	}
	if e.Line > 0 && (f.Data["lineNumber"] != e.Line || f.Data["charNumber"] != e.Char) {
		t.Errorf("the place is %v, want %d:%d", f.Data, e.Line, e.Char)
	}
}

func writes(t *testing.T, conn warehouse.Conn, e Engine) {
	for _, sql := range append(e.Writes, "SELECT 1; SELECT 2") {
		if err := drain(t.Context(), conn, sql); err == nil {
			t.Errorf("%s was run", sql)
		}
	}
	if err := conn.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

func columns(t *testing.T, conn warehouse.Conn, e Engine) {
	found, err := conn.Columns(t.Context(), []warehouse.Relation{e.Relation})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 || found[0].Table != e.Relation.Table || found[0].Type == "" {
		t.Errorf("columns of %+v: %+v", e.Relation, found)
	}
}

func collect(t *testing.T, conn warehouse.Conn, sql string) *frame.Table {
	t.Helper()
	rows, err := conn.Query(t.Context(), warehouse.Statement{SQL: sql})
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	table, err := frame.Collect(t.Context(), rows)
	if err != nil {
		t.Fatal(err)
	}
	return table
}
