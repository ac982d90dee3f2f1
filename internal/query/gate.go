package query

import (
	"context"
	"slices"
	"sync"

	"inlay/internal/fault"
)

// gates hold one gate for each connection.
type gates struct {
	mu               sync.Mutex
	byConn           map[string]*gate
	running, waiting int
}

func (g *gates) of(conn string) *gate {
	g.mu.Lock()
	defer g.mu.Unlock()
	found, ok := g.byConn[conn]
	if !ok {
		found = &gate{free: g.running, waiting: g.waiting, queues: map[string][]*turn{}}
		g.byConn[conn] = found
	}
	return found
}

// gate lets some queries run at a time, and serves those who wait in turn by tenant, so that one tenant's flood
// delays the others by one query each.
type gate struct {
	mu      sync.Mutex
	free    int
	waiting int // greatest length of one tenant's queue
	queues  map[string][]*turn
	order   []string // tenants that wait, next one first
}

type turn struct{ ready chan struct{} }

// enter waits for a turn. Faults: TooMany when the tenant's queue is full.
func (g *gate) enter(ctx context.Context, tenant string) error {
	g.mu.Lock()
	if g.free > 0 {
		g.free--
		g.mu.Unlock()
		return nil
	}
	if len(g.queues[tenant]) >= g.waiting {
		g.mu.Unlock()
		return fault.New(fault.TooMany, "Too many of your queries are waiting for this connection; try again in a moment")
	}
	mine := &turn{make(chan struct{})}
	if len(g.queues[tenant]) == 0 {
		g.order = append(g.order, tenant)
	}
	g.queues[tenant] = append(g.queues[tenant], mine)
	g.mu.Unlock()
	select {
	case <-mine.ready:
		return nil
	case <-ctx.Done():
		g.giveUp(tenant, mine)
		return ctx.Err()
	}
}

func (g *gate) giveUp(tenant string, mine *turn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-mine.ready: // it came just now
		g.next()
		return
	default:
	}
	queue := slices.DeleteFunc(g.queues[tenant], func(t *turn) bool { return t == mine })
	g.queues[tenant] = queue
	if len(queue) == 0 {
		g.forget(tenant)
	}
}

func (g *gate) forget(tenant string) {
	delete(g.queues, tenant)
	g.order = slices.DeleteFunc(g.order, func(t string) bool { return t == tenant })
}

// leave ends a turn.
func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.next()
}

// next gives the free place to the first of the tenant whose turn it is.
func (g *gate) next() {
	if len(g.order) == 0 {
		g.free++
		return
	}
	tenant := g.order[0]
	queue := g.queues[tenant]
	g.order = g.order[1:]
	close(queue[0].ready)
	if len(queue) == 1 {
		delete(g.queues, tenant)
		return
	}
	g.queues[tenant] = queue[1:]
	g.order = append(g.order, tenant)
}
