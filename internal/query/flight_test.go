package query

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"inlay/internal/fault"
	"inlay/internal/frame"
)

func TestQueriesForTheSameRowsRunOnce(t *testing.T) {
	f := flights{running: map[key]*flight{}}
	var runs atomic.Int32
	release := make(chan struct{})
	start := func(ctx context.Context, fl *flight) {
		runs.Add(1)
		select {
		case <-release:
			fl.stored = &stored{table: &frame.Table{}}
		case <-ctx.Done():
			fl.err = ctx.Err()
		}
	}
	var wait sync.WaitGroup
	leaving, leave := context.WithCancel(t.Context())
	for i := range 20 {
		ctx := t.Context()
		if i%2 == 0 {
			ctx = leaving
		}
		wait.Go(func() {
			found, _, err := f.join(ctx, key{}, start)
			if i%2 == 0 && !errors.Is(err, context.Canceled) {
				t.Errorf("who left got %v", err)
			}
			if i%2 == 1 && (err != nil || found == nil) {
				t.Errorf("who stayed got %v", err)
			}
		})
	}
	for waiters(&f) < 20 {
		time.Sleep(time.Millisecond)
	}
	leave()
	for waiters(&f) > 10 {
		time.Sleep(time.Millisecond)
	}
	close(release)
	wait.Wait()
	if runs.Load() != 1 {
		t.Errorf("%d runs", runs.Load())
	}
}

func waiters(f *flights) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if fl := f.running[key{}]; fl != nil {
		return fl.waiters
	}
	return 0
}

func TestH131_the_last_one_to_leave_stops_the_query(t *testing.T) {
	f := flights{running: map[key]*flight{}}
	stopped := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel)
	_, _, err := f.join(ctx, key{}, func(running context.Context, fl *flight) {
		<-running.Done()
		fl.err = running.Err()
		close(stopped)
	})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	select {
	case <-stopped:
	case <-time.After(time.Second):
		t.Fatal("the query runs on")
	}
}

func TestH130_tenants_take_turns_at_the_gate(t *testing.T) {
	g := gates{byConn: map[string]*gate{}, running: 1, waiting: 3}
	gate := g.of("c")
	if err := gate.enter(t.Context(), "flood"); err != nil {
		t.Fatal(err)
	}
	order := make(chan string, 10)
	var wait sync.WaitGroup
	enter := func(tenant, name string, queued int) {
		wait.Go(func() {
			if err := gate.enter(t.Context(), tenant); err == nil {
				order <- name
				gate.leave()
			}
		})
		for length(gate) < queued {
			time.Sleep(time.Millisecond)
		}
	}
	for i := range 3 {
		enter("flood", fmt.Sprint("flood ", i), i+1)
	}
	enter("other", "other", 4)
	if err := gate.enter(t.Context(), "flood"); !fault.Is(err, fault.TooMany) {
		t.Errorf("a full queue gives %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := gate.enter(gone, "third"); !errors.Is(err, context.Canceled) {
		t.Errorf("who left got %v", err)
	}
	gate.leave()
	wait.Wait()
	close(order)
	var got []string
	for name := range order {
		got = append(got, name)
	}
	if fmt.Sprint(got) != "[flood 0 other flood 1 flood 2]" {
		t.Error(got)
	}
	if gate.free != 1 || len(gate.order) != 0 {
		t.Errorf("the gate is left with %d free, %v waiting", gate.free, gate.order)
	}
}

func length(g *gate) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := 0
	for _, queue := range g.queues {
		n += len(queue)
	}
	return n
}

func TestH130_a_query_that_panics_is_an_error(t *testing.T) {
	f := flights{running: map[key]*flight{}}
	_, _, err := f.join(t.Context(), key{}, func(context.Context, *flight) { panic("broken") })
	if !fault.Is(err, fault.Internal) || len(f.running) != 0 {
		t.Errorf("%v, %d left", err, len(f.running))
	}
}
