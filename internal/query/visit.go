package query

import (
	"context"
	"errors"
	"sync"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/frame"
)

// visits are the answers that are on their way now.
type visits struct {
	mu  sync.Mutex
	now map[*visit]bool
}

// visit is one answer on its way: it counts against its reader's quota, and stops when their right to read ends.
type visit struct {
	who   access.Principal
	ctx   context.Context
	stop  context.CancelCauseFunc
	usage *usage
	all   *visits

	discreet bool // what an engine says of its rows isn't passed on
}

// visit admits a request within its quota. Its end must be called. Faults: TooMany.
func (s *Service) visit(ctx context.Context, who access.Principal) (*visit, error) {
	usage, err := s.meters.admit(who)
	if err != nil {
		return nil, err
	}
	v := &visit{who: who, usage: usage, all: &s.visits}
	v.ctx, v.stop = context.WithCancelCause(ctx)
	s.visits.mu.Lock()
	s.visits.now[v] = true
	s.visits.mu.Unlock()
	return v, nil
}

func (v *visit) end() {
	v.all.mu.Lock()
	open := v.all.now[v]
	delete(v.all.now, v)
	v.all.mu.Unlock()
	if open {
		v.stop(nil)
		v.usage.leave()
	}
}

// fault says why the visit was stopped, where that is why something failed; and to guests that something failed, but not on
// which value.
func (v *visit) fault(err error) error {
	if stopped, ok := errors.AsType[*fault.Fault](context.Cause(v.ctx)); ok && err != nil {
		return stopped
	}
	if said, ok := errors.AsType[*fault.Fault](err); ok && v.discreet && said.Code == "WarehouseQuery" && said.Cause != nil {
		return &fault.Fault{Kind: said.Kind, Code: said.Code, Message: "The warehouse can't compute this query", Cause: said.Cause}
	}
	return err
}

// Readers are those to whom answers are on their way.
func (s *Service) Readers() []access.Principal {
	s.visits.mu.Lock()
	defer s.visits.mu.Unlock()
	all := make([]access.Principal, 0, len(s.visits.now))
	for v := range s.visits.now {
		all = append(all, v.who)
	}
	return all
}

// Stop ends the answers that are on their way to everybody who matches, tells them why, and says how many those were. A
// query that somebody else waits for too goes on for them.
func (s *Service) Stop(why *fault.Fault, matches func(access.Principal) bool) int {
	s.visits.mu.Lock()
	defer s.visits.mu.Unlock()
	count := 0
	for v := range s.visits.now {
		if matches(v.who) {
			v.stop(why)
			count++
		}
	}
	return count
}

// watched are rows that are counted as they go, and that stop with their visit.
type watched struct {
	frame.Reader
	visit *visit
}

func (w *watched) Next(ctx context.Context) (*frame.Batch, error) {
	if w.visit.ctx.Err() != nil {
		return nil, w.visit.fault(w.visit.ctx.Err())
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(w.visit.ctx, cancel)()
	batch, err := w.Reader.Next(ctx)
	if err != nil {
		return nil, w.visit.fault(err)
	}
	w.visit.usage.count(batch.Rows, batch.Size())
	return batch, nil
}

func (w *watched) Close() error {
	defer w.visit.end()
	return w.Reader.Close()
}
