package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// shape is a kind of query; each run of it differs in one literal, so that no cache answers.
type shape struct {
	name    string
	explore string
	query   map[string]any
}

func shapes() []shape {
	return []shape{
		{"small (1 row)", "orders", query(nil, []string{"orders_order_count", "orders_revenue"}, "", 1)},
		{"365 days", "orders", query([]string{"orders_ordered_at_day"}, []string{"orders_order_count", "orders_revenue"}, "orders_ordered_at_day", 365)},
		{"10,000 rows", "orders", query([]string{"orders_order_id", "orders_channel", "orders_status", "orders_ordered_at_raw"}, []string{"orders_revenue"}, "", 10000)},
	}
}

func query(dimensions, metrics []string, sort string, limit int) map[string]any {
	sorts := []any{}
	if sort != "" {
		sorts = append(sorts, map[string]any{"fieldId": sort, "descending": false})
	}
	if dimensions == nil {
		dimensions = []string{}
	}
	return map[string]any{"exploreName": "orders", "dimensions": dimensions, "metrics": metrics, "sorts": sorts,
		"limit": limit, "tableCalculations": []any{}}
}

// body is the query with a filter that lets everything through and is different for each n.
func (s shape) body(n int) []byte {
	q := map[string]any{"filters": map[string]any{"dimensions": map[string]any{"id": "g", "and": []any{map[string]any{
		"id": "f", "target": map[string]any{"fieldId": "orders_order_id"}, "operator": "greaterThan", "values": []any{-n}}}}}}
	for key, value := range s.query {
		q[key] = value
	}
	text, _ := json.Marshal(q) // maps of plain values
	return text
}

func shapesAgainstDirect(ctx context.Context, s *server, direct *sql.DB, rounds int) error {
	fmt.Printf("%-16s %10s %10s %7s %12s %12s %9s\n", "uncached", "HTTP p50", "direct p50", "ratio", "added p50", "added p99", "CPU ratio")
	for _, shape := range shapes() {
		var over, plain, added []time.Duration
		var serverCPU, ownCPU time.Duration
		for n := range rounds + 5 {
			body := shape.body(n + 1)
			text, err := s.compile(ctx, shape.explore, body)
			if err != nil {
				return err
			}
			viaHTTP := run{cpu: s.cpu, call: func() error {
				_, err := s.post(ctx, "runQuery", shape.explore, body)
				return err
			}}
			straight := run{cpu: selfCPU, call: func() error { return drain(ctx, direct, text) }}
			if err := inTurns(n, &viaHTTP, &straight); err != nil {
				return err
			}
			if n < 5 {
				continue // both warm up
			}
			over, plain, added = append(over, viaHTTP.took), append(plain, straight.took), append(added, viaHTTP.took-straight.took)
			serverCPU, ownCPU = serverCPU+viaHTTP.used, ownCPU+straight.used
		}
		fmt.Printf("%-16s %10s %10s %7.2f %12s %12s %9.2f\n", shape.name, quantile(over, 0.5), quantile(plain, 0.5),
			float64(quantile(over, 0.5))/float64(quantile(plain, 0.5)), quantile(added, 0.5), quantile(added, 0.99),
			float64(serverCPU)/float64(max(ownCPU, 1)))
	}
	fmt.Println()
	return nil
}

// run is one timed call, with the processor time of whoever works for it.
type run struct {
	cpu        func() time.Duration
	call       func() error
	took, used time.Duration
}

func (r *run) do() error {
	used, begin := r.cpu(), time.Now()
	err := r.call()
	r.took, r.used = time.Since(begin), r.cpu()-used
	return err
}

// inTurns runs a pair; every other time the second goes first, as what goes first finds the processor's caches cold.
func inTurns(n int, a, b *run) error {
	if n%2 == 1 {
		a, b = b, a
	}
	if err := a.do(); err != nil {
		return err
	}
	return b.do()
}

func (s *server) compile(ctx context.Context, explore string, body []byte) (string, error) {
	answer, err := s.post(ctx, "compileQuery", explore, body)
	if err != nil {
		return "", err
	}
	var reply struct{ Results json.RawMessage }
	if err := json.Unmarshal(answer, &reply); err != nil {
		return "", err
	}
	var text string
	if json.Unmarshal(reply.Results, &text) == nil {
		return text, nil
	}
	var object struct{ Query string }
	return object.Query, json.Unmarshal(reply.Results, &object)
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

func cachedAnswers(ctx context.Context, s *server) error {
	body := shapes()[0].body(1)
	for _, connections := range []int{1, 8} {
		took, rate, err := load(ctx, connections, 3*time.Second, func(int) error {
			_, err := s.post(ctx, "runQuery", "orders", body)
			return err
		})
		if err != nil {
			return err
		}
		fmt.Printf("cached, %d connection(s)          p50 %s, p99 %s, %.0f requests/s\n", connections, quantile(took, 0.5), quantile(took, 0.99), rate)
	}
	return nil
}

func compiles(ctx context.Context, s *server) error {
	shape := shapes()[1]
	var n atomic.Int64
	_, rate, err := load(ctx, 4, 3*time.Second, func(int) error {
		_, err := s.post(ctx, "compileQuery", "orders", shape.body(int(n.Add(1))))
		return err
	})
	if err != nil {
		return err
	}
	fmt.Printf("compileQuery through HTTP        %.0f queries/s\n", rate)
	return nil
}

func manyFilters(ctx context.Context, s *server, requests, distinct int) error {
	before := s.memory()
	work := make(chan int)
	var group sync.WaitGroup
	var failed atomic.Value
	for range 8 {
		group.Go(func() {
			for n := range work {
				if _, err := s.post(ctx, "runQuery", "carriers", carrierBody(n%distinct)); err != nil {
					failed.Store(err)
				}
			}
		})
	}
	begin := time.Now()
	for n := range requests {
		work <- n
	}
	close(work)
	group.Wait()
	if err, ok := failed.Load().(error); ok {
		return err
	}
	fmt.Printf("%d requests, %d filters     %.0f requests/s; resident memory %.0f MB before, %.0f MB after\n", requests, distinct,
		float64(requests)/time.Since(begin).Seconds(), before, s.memory())
	return nil
}

func carrierBody(n int) []byte {
	q := query([]string{"carriers_name"}, []string{"carriers_carrier_count"}, "", 10)
	q["exploreName"] = "carriers"
	q["filters"] = map[string]any{"dimensions": map[string]any{"id": "g", "and": []any{map[string]any{
		"id": "f", "target": map[string]any{"fieldId": "carriers_promised_days"}, "operator": "greaterThan", "values": []any{-n - 1}}}}}
	text, _ := json.Marshal(q) // maps of plain values
	return text
}

// load calls f from a number of workers for a time; it returns how long each call took, and calls a second.
func load(_ context.Context, workers int, span time.Duration, f func(worker int) error) ([]time.Duration, float64, error) {
	took := make([][]time.Duration, workers)
	errs := make([]error, workers)
	var group sync.WaitGroup
	begin := time.Now()
	for w := range workers {
		group.Go(func() {
			for time.Since(begin) < span && errs[w] == nil {
				at := time.Now()
				errs[w] = f(w)
				took[w] = append(took[w], time.Since(at))
			}
		})
	}
	group.Wait()
	all := slices.Concat(took...)
	for _, err := range errs {
		if err != nil {
			return nil, 0, err
		}
	}
	return all, float64(len(all)) / time.Since(begin).Seconds(), nil
}

func quantile(took []time.Duration, q float64) time.Duration {
	if len(took) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(took))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))].Round(time.Microsecond)
}

func selfCPU() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
