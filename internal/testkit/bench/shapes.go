package main

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	_ "github.com/duckdb/duckdb-go/v2" // the driver "duckdb"

	"inlay/internal/access"
	"inlay/internal/demo"
	"inlay/internal/query"
	"inlay/internal/server"
)

//go:embed shapes/*.json shapes/*.sql
var shapeFiles embed.FS

// shape is a kind of query. Each run of it differs in one literal, which lets every row through, so that no cache answers.
type shape struct {
	name  string
	query map[string]any
	hand  string // the best SQL that we can write by hand; {n} is the literal
	raw   bool   // rows as they are
}

func readShapes() ([]shape, error) {
	names, err := fs.Glob(shapeFiles, "shapes/*.json")
	if err != nil {
		return nil, err
	}
	list := make([]shape, len(names))
	for i, path := range names {
		text, err := shapeFiles.ReadFile(path)
		if err != nil {
			return nil, err
		}
		hand, err := shapeFiles.ReadFile(strings.TrimSuffix(path, ".json") + ".sql")
		if err != nil {
			return nil, err
		}
		_, name, _ := strings.Cut(strings.TrimSuffix(filepath.Base(path), ".json"), "_")
		list[i] = shape{name: name, hand: string(hand), raw: strings.HasPrefix(name, "rows")}
		if err := json.Unmarshal(text, &list[i].query); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return list, nil
}

func (s shape) body(n int) string {
	rule := map[string]any{"id": "f", "target": map[string]any{"fieldId": "orders_order_id"}, "operator": "greaterThan", "values": []any{-n - 1}}
	s.query["filters"] = map[string]any{"dimensions": map[string]any{"id": "g", "and": []any{rule}}}
	text, _ := json.Marshal(s.query) // maps of plain values
	return string(text)
}

func (s shape) byHand(n int) string { return strings.ReplaceAll(s.hand, "{n}", strconv.Itoa(n+1)) }

// sizes are the numbers of orders, by the name of their folder.
var sizes = []struct {
	name   string
	orders int
}{{"1m", 1_000_000}, {"10m", 10_000_000}}

func (b *bench) shapes(ctx context.Context) error {
	shapes, err := readShapes()
	if err != nil {
		return err
	}
	for _, size := range sizes {
		if err := b.prepare(ctx, size.name, size.orders); err != nil {
			return err
		}
		if err := b.shapesOf(ctx, size.name, shapes); err != nil {
			return err
		}
	}
	return b.small(ctx, shapes[0])
}

// open opens a warehouse as the server does: read-only and with a thread for each processor.
func (b *bench) open(name string) (*sql.DB, error) {
	path := filepath.Join(b.folder(name), "warehouse.duckdb")
	return sql.Open("duckdb", fmt.Sprintf("%s?access_mode=read_only&threads=%d", path, runtime.NumCPU()))
}

func (b *bench) shapesOf(ctx context.Context, name string, shapes []shape) error {
	s, err := b.start(ctx, name, "--max-limit", "50000")
	if err != nil {
		return err
	}
	defer s.stop()
	direct, err := b.open(name)
	if err != nil {
		return err
	}
	defer func() { _ = direct.Close() }() // read only
	b.section("shapes, " + name + " orders")
	for _, shape := range shapes {
		var body, text, hand string
		prepare := func(n int) (err error) {
			body, hand = shape.body(n), shape.byHand(n)
			text, err = s.compile(ctx, body)
			return err
		}
		took, err := inTurns(2*b.span, prepare,
			func() error { return s.ask(ctx, "runQuery", body) },
			func() error { return drain(ctx, direct, text) },
			func() error { return drain(ctx, direct, hand) })
		if err != nil {
			return err
		}
		http, plain, best := median(took[0]), median(took[1]), median(took[2])
		more := median(added(took[0], took[1]))
		if shape.raw {
			b.judge(shape.name+": over its SQL", float64(http) <= 1.15*float64(plain), "≤ 1.15", "%.2f  (%s over HTTP, %s direct)", ratio(http, plain), http, plain)
		}
		b.within(shape.name+": added p50", more, time.Millisecond, "(%s over HTTP, %s direct)", http, plain)
		b.judge(shape.name+": SQL against the best by hand", float64(plain) <= 1.1*float64(best), "≤ 1.10", "%.2f  (%s, %s)", ratio(plain, best), plain, best)
	}
	b.note("resident memory after that", "%.0f MB", s.memory())
	return nil
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(max(b, 1)) }

func (s *running) ask(ctx context.Context, operation, body string) error {
	return s.native(ctx, "POST", s.project()+"/explores/orders/"+operation, body, nil)
}

func (s *running) compile(ctx context.Context, body string) (string, error) {
	var text string
	err := s.native(ctx, "POST", s.project()+"/explores/orders/compileQuery", body, &text)
	return text, err
}

// drain runs SQL and reads every cell, as any client of the warehouse must.
func drain(ctx context.Context, db *sql.DB, text string) error {
	rows, err := db.QueryContext(ctx, text)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // its error is rows.Err's
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	cells := make([]any, len(columns))
	for i := range cells {
		cells[i] = new(any)
	}
	for rows.Next() {
		if err := rows.Scan(cells...); err != nil {
			return err
		}
	}
	return rows.Err()
}

// small measures what is the server's own: its start, its memory, what it compiles, and answers that it kept.
func (b *bench) small(ctx context.Context, kpi shape) error {
	b.section("the server itself, 1m orders")
	cold, err := b.coldStarts(ctx, "1m", 7)
	if err != nil {
		return err
	}
	b.note("start to a healthy answer", "p50 %s, worst %s", median(cold), quantile(cold, 1))
	s, err := b.start(ctx, "1m")
	if err != nil {
		return err
	}
	defer s.stop()
	time.Sleep(time.Second)
	b.note("resident memory, idle", "%.0f MB", s.memory())
	body := kpi.body(0)
	for _, connections := range []int{1, 8} {
		took, rate, err := load(connections, b.span, func(int) error { return s.ask(ctx, "runQuery", body) })
		if err != nil {
			return err
		}
		b.note(fmt.Sprintf("kept answer, %d connections", connections), "p50 %s, p99 %s, %.0f requests/s", median(took), quantile(took, 0.99), rate)
	}
	if err := b.compiles(ctx); err != nil {
		return err
	}
	return b.manyFilters(ctx, s)
}

// manyFilters asks a small table for more results than anybody will ask for again.
func (b *bench) manyFilters(ctx context.Context, s *running) error {
	const requests, distinct = 50_000, 10_000
	begin := time.Now()
	err := all(8, requests, func(n int) error {
		return s.native(ctx, "POST", s.project()+"/explores/carriers/runQuery", fmt.Sprintf(`{"exploreName":"carriers","dimensions":["carriers_name"],
"metrics":["carriers_carrier_count"],"sorts":[],"limit":10,"tableCalculations":[],"filters":{"dimensions":{"id":"g","and":[
{"id":"f","target":{"fieldId":"carriers_promised_days"},"operator":"greaterThan","values":[%d]}]}}}`, -1-n%distinct), nil)
	})
	if err != nil {
		return err
	}
	b.note(fmt.Sprintf("%d requests, %d filters", requests, distinct), "%.0f requests/s, then %.0f MB resident", requests/time.Since(begin).Seconds(), s.memory())
	return nil
}

// compiles plans queries in this process, on one processor.
func (b *bench) compiles(ctx context.Context) error {
	shapes, err := readShapes()
	if err != nil {
		return err
	}
	s, facts, err := b.inProcess(ctx, "1m")
	if err != nil {
		return err
	}
	defer func() { _ = s.Close(ctx) }() // nothing was written
	who := access.Principal{Kind: access.User, Organization: facts.Organization, OrgRole: access.Admin}
	requests := make([]query.Request, len(shapes))
	for i, shape := range shapes {
		requests[i] = query.Request{Project: facts.Project, Explore: "orders"}
		if err := json.Unmarshal([]byte(shape.body(i)), &requests[i].Query); err != nil {
			return err
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	_, rate, err := load(1, b.span, func(n int) error {
		_, err := s.Query.Compile(ctx, who, requests[n%len(requests)])
		return err
	})
	if err != nil {
		return err
	}
	b.judge("queries compiled on one core", rate >= 20_000, "≥ 20,000/s", "%.0f/s", rate)
	return nil
}

// inProcess opens the demo's data in this process.
func (b *bench) inProcess(ctx context.Context, name string) (*server.Server, *demo.Facts, error) {
	folder := demo.Folder(b.folder(name))
	facts, err := readFacts(string(folder))
	if err != nil {
		return nil, nil, err
	}
	c := server.Defaults()
	c.Data, c.Metadata = string(folder), folder.Metadata()
	if c.Secret, err = folder.Secret(); err != nil {
		return nil, nil, err
	}
	s, err := server.Open(ctx, c)
	return s, facts, err
}
