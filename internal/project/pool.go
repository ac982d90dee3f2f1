package project

import (
	"context"
	"sync"
	"time"

	"inlay/internal/fault"
	"inlay/internal/warehouse"
)

// idle is how long a connection stays open that nobody asks for. It is far longer than any query may run.
const idle = 2 * time.Hour

// pool holds open connections by the identity of their settings, so that projects with the same settings share one.
type pool struct {
	mu     sync.Mutex
	open   map[string]*connection
	closed bool
}

type connection struct {
	ready chan struct{} // closed when conn and err are set
	conn  warehouse.Conn
	err   error
	used  time.Time
}

// get opens the connection or gives the open one. Opening isn't cut short by the caller who happened to be first.
func (p *pool) get(ctx, life context.Context, l link, open warehouse.Opener, now time.Time) (warehouse.Conn, error) {
	c, err := p.entry(l.id, now, func(c *connection) {
		c.conn, c.err = open(life, l.settings)
		if c.err != nil {
			p.drop(l.id, c)
		}
		close(c.ready)
	})
	if err != nil {
		return nil, err
	}
	select {
	case <-c.ready:
		return c.conn, c.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pool) entry(id string, now time.Time, start func(*connection)) (*connection, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, fault.New(fault.Unavailable, "The server is shutting down")
	}
	if c := p.open[id]; c != nil {
		c.used = now
		return c, nil
	}
	p.closeIdle(now)
	c := &connection{ready: make(chan struct{}), used: now}
	if p.open == nil {
		p.open = map[string]*connection{}
	}
	p.open[id] = c
	go start(c)
	return c, nil
}

// closeIdle runs when a connection is added: the pool only grows then.
func (p *pool) closeIdle(now time.Time) {
	for id, c := range p.open {
		if now.Sub(c.used) > idle {
			delete(p.open, id)
			go c.close()
		}
	}
}

// drop forgets a connection that failed, so that the next request tries again.
func (p *pool) drop(id string, c *connection) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open[id] == c {
		delete(p.open, id)
	}
}

func (p *pool) close() {
	p.mu.Lock()
	all := p.open
	p.open, p.closed = nil, true
	p.mu.Unlock()
	for _, c := range all {
		c.close()
	}
}

func (c *connection) close() {
	<-c.ready
	if c.conn != nil {
		_ = c.conn.Close() // nothing reads from it any more
	}
}
