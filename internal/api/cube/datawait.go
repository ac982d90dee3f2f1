package cube

import (
	"context"
	"encoding/json"
	"strings"
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
	owner string          // the session
	asks  map[string]bool // ids of the requests that wait
	done  chan struct{}
	stop  context.CancelFunc
	timer *time.Timer // stops what nobody asks for any more
	found any
	err   error
}

// ownerOf spells the session that a wait belongs to.
func ownerOf(who access.Principal) string {
	return strings.Join([]string{who.Credential, who.IssuedBy, who.Organization, who.Project}, "\n")
}

// requestOf is the part of a request's id that stays when the client asks again: it counts its tries after "-span-".
func requestOf(id string) string {
	id, _, _ = strings.Cut(id, "-span-")
	return id
}

// load answers with what work finds, or with "Continue wait" when that isn't there in time.
func (w *waits) load(ctx context.Context, who access.Principal, a asked, patience time.Duration, work func(context.Context) (any, error)) (any, error) {
	owner := ownerOf(who)
	key, err := json.Marshal([]any{owner, a.queries, a.multi, a.list})
	if err != nil || who.Credential == "" {
		return work(ctx)
	}
	one := w.join(ctx, string(key), owner, requestOf(a.request), work)
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
func (w *waits) join(ctx context.Context, key, owner, request string, work func(context.Context) (any, error)) *wait {
	w.mu.Lock()
	defer w.mu.Unlock()
	if one := w.running[key]; one != nil {
		one.asks[request] = true
		return one
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	one := &wait{owner: owner, asks: map[string]bool{request: true}, done: make(chan struct{}), stop: stop}
	one.timer = time.AfterFunc(continueWait+orphanedIn, func() { w.forget(key, one) })
	w.running[key] = one
	go func() {
		defer close(one.done)
		one.found, one.err = guarded(func() (any, error) { return work(ctx) })
	}()
	return one
}

// cancel takes a request of a session off what it waits for, and stops what nobody waits for then. It gives the ids of
// the requests that were found.
func (w *waits) cancel(who access.Principal, request string) []string {
	found, owner, request := []string{}, ownerOf(who), requestOf(request)
	w.mu.Lock()
	defer w.mu.Unlock()
	for key, one := range w.running {
		if one.owner != owner || !one.asks[request] {
			continue
		}
		found = append(found, request)
		if delete(one.asks, request); len(one.asks) == 0 {
			delete(w.running, key)
			one.timer.Stop()
			one.stop()
		}
	}
	return found
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
