package cube

import (
	"context"
	"testing"
	"time"

	"inlay/internal/access"
)

// A request that isn't answered in time is told to ask again, and the next one joins what runs.
func TestALongQueryIsContinued(t *testing.T) {
	w := &waits{running: map[string]*wait{}}
	who, free, runs := access.Principal{Credential: "c"}, make(chan struct{}), 0
	work := func(context.Context) (any, error) { runs++; <-free; return "rows", nil }
	ask := func(patience time.Duration) any {
		found, err := w.load(t.Context(), who, asked{}, patience, work)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	for range 2 {
		if got := ask(time.Millisecond); got != (dataError{Error: "Continue wait"}) {
			t.Errorf("while it runs: %v", got)
		}
	}
	close(free)
	if got := ask(time.Minute); got != "rows" || runs != 1 || len(w.running) != 0 {
		t.Errorf("at last: %v, after %d runs, with %d left", got, runs, len(w.running))
	}
	if _, err := w.load(t.Context(), who, asked{}, time.Minute, func(context.Context) (any, error) { panic("no") }); err == nil {
		t.Error("a panic is an answer")
	}
}

// Only a session that asked stops a query, and only when none of its requests waits any more.
func TestACancelledQueryStops(t *testing.T) {
	w := &waits{running: map[string]*wait{}}
	stopped := make(chan struct{})
	work := func(ctx context.Context) (any, error) { <-ctx.Done(); close(stopped); return nil, ctx.Err() }
	who := access.Principal{Credential: "c"}
	for _, id := range []string{"a-span-1", "b-span-1", "a-span-2"} {
		if got, err := w.load(t.Context(), who, asked{request: id}, time.Millisecond, work); err != nil || got != (dataError{Error: "Continue wait"}) {
			t.Fatal(got, err)
		}
	}
	for _, step := range []struct {
		who  access.Principal
		id   string
		want int
	}{
		{access.Principal{Credential: "other"}, "a-span-1", 0}, {who, "unknown", 0}, {who, "a-span-3", 1}, {who, "a-span-3", 0},
	} {
		if got := w.cancel(step.who, step.id); len(got) != step.want || len(w.running) != 1 {
			t.Errorf("%q of %q: %v, with %d running", step.id, step.who.Credential, got, len(w.running))
		}
	}
	if got := w.cancel(who, "b"); len(got) != 1 || len(w.running) != 0 {
		t.Errorf("the last one: %v, with %d running", got, len(w.running))
	}
	<-stopped
}
