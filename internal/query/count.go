package query

import (
	"sync"
	"time"
)

// CacheCounts are how an organization's queries were answered by this process since it started: with kept results, with
// those of a query that somebody else was waiting for already, or by asking the warehouse.
type CacheCounts struct {
	Hits, Shared, Misses int64
	Since                time.Time
}

// counts keeps those of every organization.
type counts struct {
	mu    sync.Mutex
	since time.Time
	of    map[string]*CacheCounts
}

func (c *counts) add(organization string, hit, shared bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	own := c.of[organization]
	if own == nil {
		own = &CacheCounts{}
		c.of[organization] = own
	}
	switch {
	case hit:
		own.Hits++
	case shared:
		own.Shared++
	default:
		own.Misses++
	}
}

// CacheCounts tells how the queries of an organization were answered.
func (s *Service) CacheCounts(organization string) CacheCounts {
	s.counts.mu.Lock()
	defer s.counts.mu.Unlock()
	out := CacheCounts{}
	if own := s.counts.of[organization]; own != nil {
		out = *own
	}
	out.Since = s.counts.since
	return out
}
