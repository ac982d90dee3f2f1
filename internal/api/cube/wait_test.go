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
