package cube

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"inlay/internal/access"
	"inlay/internal/fault"
)

// How long a request waits for its answer before the client is told to ask again, and how long an answer is kept for
// somebody who doesn't.
const (
	continueWait = 10 * time.Second
	orphanedIn   = 2 * time.Minute
)

// waits are the loads that take longer than one request: the same request of the same session joins the one that runs.
type waits struct {
	mu      sync.Mutex
	running map[string]*wait
}

type wait struct {
	done  chan struct{}
	stop  context.CancelFunc
	timer *time.Timer // stops what nobody asks for any more
	found any
	err   error
}

// load answers with what work finds, or with "Continue wait" when that isn't there in time.
func (w *waits) load(ctx context.Context, who access.Principal, a asked, patience time.Duration, work func(context.Context) (any, error)) (any, error) {
	key, err := json.Marshal([]any{who.Credential, who.IssuedBy, who.Organization, who.Project, a.queries, a.multi, a.list})
	if err != nil || who.Credential == "" {
		return work(ctx)
	}
	one := w.join(ctx, string(key), work)
	waiting := time.NewTimer(patience)
	defer waiting.Stop()
	select {
	case <-one.done:
		w.forget(string(key), one)
		return one.found, one.err
	case <-waiting.C:
		one.timer.Reset(orphanedIn)
		return dataError{Error: "Continue wait"}, nil
	case <-ctx.Done():
		one.timer.Reset(orphanedIn)
		return nil, fault.Wrap(fault.Unavailable, ctx.Err(), "The caller left")
	}
}

// join gives the work of a key that runs, or starts it. It outlives the request that started it.
func (w *waits) join(ctx context.Context, key string, work func(context.Context) (any, error)) *wait {
	w.mu.Lock()
	defer w.mu.Unlock()
	if one := w.running[key]; one != nil {
		return one
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	one := &wait{done: make(chan struct{}), stop: stop}
	one.timer = time.AfterFunc(continueWait+orphanedIn, func() { w.forget(key, one) })
	w.running[key] = one
	go func() {
		defer close(one.done)
		one.found, one.err = guarded(func() (any, error) { return work(ctx) })
	}()
	return one
}

func (w *waits) forget(key string, one *wait) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.running[key] == one {
		delete(w.running, key)
	}
	one.timer.Stop()
	one.stop()
}

// guarded turns a panic into a fault, where no front would.
func guarded(work func() (any, error)) (found any, err error) {
	defer func() {
		if trouble := recover(); trouble != nil {
			found, err = nil, fault.New(fault.Internal, "Something went wrong.")
		}
	}()
	return work()
}
