package tenancy

import (
	"context"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/store"
)

// batchSize is how many writes share one transaction.
const batchSize = 256

// batch lets concurrent writes share transactions, so that many small durable writes cost one flush of the disk: the
// first caller runs what has gathered, then hands over to the next one that waits.
type batch struct {
	db      *store.DB
	mu      sync.Mutex
	running bool
	waiting []*write
}

type write struct {
	do   func(ctx context.Context, tx bun.Tx) error
	err  error
	done chan struct{} // closed when err is set
	lead chan struct{} // closed when this caller is to run the next batch
}

// run performs a write in a transaction with others. It returns after the transaction is durable.
func (b *batch) run(do func(ctx context.Context, tx bun.Tx) error) error {
	w := &write{do: do, done: make(chan struct{}), lead: make(chan struct{})}
	b.mu.Lock()
	b.waiting = append(b.waiting, w)
	if b.running {
		b.mu.Unlock()
		select {
		case <-w.done:
			return w.err
		case <-w.lead:
			b.mu.Lock()
		}
	}
	b.running = true
	taken := b.waiting
	if len(taken) > batchSize {
		taken = taken[:batchSize]
	}
	b.waiting = b.waiting[len(taken):]
	b.mu.Unlock()
	b.commit(taken)
	b.mu.Lock()
	if len(b.waiting) > 0 {
		close(b.waiting[0].lead)
	} else {
		b.running = false
	}
	b.mu.Unlock()
	return w.err
}

// commit runs the writes together, or one by one when they can't be committed together. It doesn't end with any one
// caller's request: the others still wait for it.
func (b *batch) commit(writes []*write) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	err := b.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		for _, w := range writes {
			if err := w.do(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	for _, w := range writes {
		if err != nil {
			w.err = err
			if len(writes) > 1 {
				w.err = b.db.Tx(ctx, w.do)
			}
		}
		close(w.done)
	}
}
