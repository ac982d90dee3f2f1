package query

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"inlay/internal/fault"
	"inlay/internal/frame"
)

// flights are the queries that run now. Who asks for what already runs waits for it.
type flights struct {
	mu      sync.Mutex
	running map[key]*flight
}

// flight is one running query and those who wait for it. It ends when its rows are complete, or too many to share.
type flight struct {
	done    chan struct{}
	waiters int
	cancel  context.CancelFunc

	// after done
	stored *stored
	rest   frame.Reader // rows that are too many to share; for the first who takes it
	err    error
}

// join waits for the flight of a key, starting it when there is none. Whoever leaves early doesn't disturb the others;
// the last one who leaves stops the query. The reader is nil when the rows were too many and somebody else took them.
func (f *flights) join(ctx context.Context, k key, start func(ctx context.Context, fl *flight)) (*stored, frame.Reader, error) {
	f.mu.Lock()
	fl, ok := f.running[k]
	if !ok {
		running, cancel := context.WithCancel(context.WithoutCancel(ctx))
		fl = &flight{done: make(chan struct{}), cancel: cancel}
		f.running[k] = fl
		go func() {
			defer f.land(k, fl)
			defer fl.recover() // a defect of one query must not end the process
			start(running, fl)
		}()
	}
	fl.waiters++
	f.mu.Unlock()
	select {
	case <-fl.done:
		return f.take(fl)
	case <-ctx.Done():
		f.leave(k, fl)
		return nil, nil, ctx.Err()
	}
}

func (fl *flight) recover() {
	if trouble := recover(); trouble != nil {
		fl.stored, fl.rest = nil, nil
		fl.err = fault.Wrap(fault.Internal, fmt.Errorf("the query panicked: %v", trouble), "Something went wrong.")
	}
}

func (f *flights) land(k key, fl *flight) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.running[k] == fl {
		delete(f.running, k)
	}
	close(fl.done)
	if fl.waiters == 0 && fl.rest != nil {
		_ = fl.rest.Close() // nobody is left to read it
	}
	if fl.rest == nil {
		fl.cancel()
	}
}

func (f *flights) take(fl *flight) (*stored, frame.Reader, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	fl.waiters--
	rest := fl.rest
	fl.rest = nil
	return fl.stored, rest, fl.err
}

func (f *flights) leave(k key, fl *flight) {
	f.mu.Lock()
	defer f.mu.Unlock()
	fl.waiters--
	if fl.waiters > 0 {
		return
	}
	if f.running[k] == fl {
		delete(f.running, k) // who comes now starts anew
	}
	fl.cancel()
	select {
	case <-fl.done:
		if fl.rest != nil {
			_ = fl.rest.Close() // nobody is left to read it
			fl.rest = nil
		}
	default:
	}
}

// gather reads up to a number of bytes. It gives the complete table, or a reader of all rows when they are more.
func gather(ctx context.Context, rows frame.Reader, most int) (*frame.Table, frame.Reader, error) {
	table, size := &frame.Table{Fields: rows.Fields()}, 0
	for size <= most {
		batch, err := rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			return table, nil, rows.Close()
		}
		if err != nil {
			_ = rows.Close() // the first error says more
			return nil, nil, err
		}
		table.Batches = append(table.Batches, batch)
		size += batch.Size()
	}
	return nil, &joined{head: table.Batches, Reader: rows}, nil
}

// joined gives batches that were read already, then the rest.
type joined struct {
	head []*frame.Batch
	frame.Reader
}

func (j *joined) Next(ctx context.Context) (*frame.Batch, error) {
	if len(j.head) == 0 {
		return j.Reader.Next(ctx)
	}
	batch := j.head[0]
	j.head = j.head[1:]
	return batch, nil
}
