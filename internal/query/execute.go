package query

import (
	"context"
	"sync"
	"time"

	"inlay/internal/access"
	"inlay/internal/frame"
	"inlay/internal/warehouse"
)

// answer gives rows from the cache, from a query that runs already, or from one that starts now.
func (s *Service) answer(ctx context.Context, who access.Principal, r Request, p *prepared, start time.Time) (*Result, error) {
	result := &Result{Query: p.query, Explore: p.explore, Fields: p.plan.Fields, SQL: p.sql, Warnings: p.plan.Warnings,
		Compiled: s.seen.compiled(p.conn.Dialect(), p.explore)}
	found, hit := (*stored)(nil), false
	if !r.Refresh {
		found, hit = s.results.get(p.key)
	}
	var rows frame.Reader
	visit, err := s.visit(ctx, who)
	if err != nil {
		s.record(who, r, Event{SQL: p.sql, Took: s.options.Now().Sub(start), Err: err})
		return nil, err
	}
	// Whose rows are confined may not learn of values by what fails; in a statement of a tenant's own, only theirs can.
	visit.discreet = (who.Embedded() || confined(who)) && r.Purpose != SQLRunner
	if !hit {
		found, rows, err = s.fetch(visit, r, p)
	}
	event := Event{SQL: p.sql, Hit: hit, Rows: -1, Took: s.options.Now().Sub(start), Err: err}
	if found != nil {
		event.Rows = found.table.Rows()
		visit.usage.count(event.Rows, found.size)
		visit.end()
		result.stored, result.Cache = found, s.results.origin(found, hit, p.shared)
		rows = found.table.Reader()
	}
	s.record(who, r, event)
	if err != nil {
		return nil, err
	}
	s.counts.add(p.project.Organization, hit, p.shared)
	if result.Cache.AsOf.IsZero() {
		result.Cache.AsOf = s.options.Now()
	}
	result.Timing = Timing{p.queued, event.Took}
	result.Rows, result.Columns = rows, columns(p.plan.Columns, rows.Fields())
	if p.plan.Fold != nil {
		return result, result.pivot(ctx, p.plan.Fold)
	}
	return result, nil
}

// fetch asks the warehouse: for complete rows, or for a reader of them. A visit that comes to nothing ends here.
func (s *Service) fetch(v *visit, r Request, p *prepared) (found *stored, rows frame.Reader, err error) {
	if r.Purpose != Export && r.Purpose != Delivery {
		found, rows, err = s.share(v.ctx, v.who, r, p)
	}
	if err == nil && found == nil && rows == nil {
		rows, err = s.stream(v.ctx, v.who, r, p)
	}
	if err != nil {
		v.end()
		return nil, nil, v.fault(err)
	}
	if rows != nil {
		rows = &watched{rows, v}
	}
	return found, rows, nil
}

// columns are the ids of the row columns: as planned, or as the engine names them where it gives another number. A query
// without any field has rows without values, though most engines must select something.
func columns(planned []string, fields []frame.Field) []string {
	if len(planned) == len(fields) || planned != nil && len(planned) == 0 {
		return planned
	}
	names := make([]string, len(fields))
	for i, field := range fields {
		names[i] = field.Name
	}
	return names
}

// share runs a query for everybody who asks for the same rows now, and keeps them when they are few enough.
func (s *Service) share(ctx context.Context, who access.Principal, r Request, p *prepared) (*stored, frame.Reader, error) {
	k := p.key
	if r.Refresh {
		k.conn += "\x00refresh" // doesn't join a query that began before
	}
	p.shared = true
	return s.flights.join(ctx, k, func(running context.Context, fl *flight) {
		p.shared = false
		rows, err := s.stream(running, who, r, p)
		if err != nil {
			fl.err = err
			return
		}
		table, rest, err := gather(running, rows, s.options.CacheEntry)
		if err != nil || rest != nil {
			fl.rest, fl.err = rest, err
			return
		}
		fl.stored = &stored{table: table, asOf: s.options.Now(), size: tableSize(table)}
		s.results.put(p.key, fl.stored)
	})
}

// stream runs a query for one reader; its place at the gate is kept until the rows are closed.
func (s *Service) stream(ctx context.Context, who access.Principal, r Request, p *prepared) (frame.Reader, error) {
	gate := s.gates.of(p.key.conn)
	asked := s.options.Now()
	if err := gate.enter(ctx, neighbour(who)); err != nil {
		return nil, err
	}
	p.queued = s.options.Now().Sub(asked)
	limited, cancel := context.WithTimeout(ctx, p.timeout)
	rows, err := p.conn.Query(limited, warehouse.Statement{SQL: p.sql, Tag: map[string]string{
		"organization": p.project.Organization, "project": p.project.UUID, "purpose": string(r.Purpose), "request": r.RequestID,
	}})
	if err != nil {
		cancel()
		gate.leave()
		return nil, err
	}
	return &admitted{Reader: rows, limited: limited, cancel: cancel, end: sync.OnceFunc(func() { cancel(); gate.leave() })}, nil
}

// neighbour is who shares a queue: a tenant, or else a user.
func neighbour(who access.Principal) string {
	if who.Tenant != "" {
		return who.Tenant
	}
	return who.User
}

// admitted gives back its place at the gate when it is closed, and ends with the query's time.
type admitted struct {
	frame.Reader
	limited context.Context // of the query: with its time limit
	cancel  func()
	end     func()
}

func (a *admitted) Next(ctx context.Context) (*frame.Batch, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	defer context.AfterFunc(ctx, a.cancel)()
	return a.Reader.Next(a.limited)
}

func (a *admitted) Close() error {
	defer a.end()
	return a.Reader.Close()
}
