package query

import (
	"sync"
	"time"

	"inlay/internal/access"
	"inlay/internal/fault"
)

// meters count what each tenant takes. Every replica counts for itself.
type meters struct {
	now      func() time.Time
	standard access.Quota
	mu       sync.Mutex
	day      int64
	tenants  map[string]*meter
}

type meter struct {
	minute   int64
	requests int // in this minute
	running  int
	rows     int64 // today, by UTC
	bytes    int64
}

// usage is one request that was admitted; nil counts nothing.
type usage struct {
	meters *meters
	meter  *meter
}

// admit lets a request of a tenant in, or of somebody whom an embedding front vouches for. The organization's own
// people have no quota. Faults: TooMany, which says when to try again.
func (m *meters) admit(who access.Principal) (*usage, error) {
	if who.Tenant == "" && who.IssuedBy == "" && !who.Embedded() {
		return nil, nil
	}
	quota := who.Quota.Or(m.standard)
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	of := m.of(neighbour(who), now)
	minute := now.Unix() / 60
	if of.minute != minute {
		of.minute, of.requests = minute, 0
	}
	tomorrow := time.Duration(86400-now.Unix()%86400) * time.Second
	switch {
	case over(quota.Requests, of.requests):
		return nil, exceeded(time.Duration(60-now.Unix()%60)*time.Second, "requests in a minute", quota.Requests)
	case over(quota.Concurrent, of.running):
		return nil, exceeded(time.Second, "queries at a time", quota.Concurrent)
	case over(quota.Rows, of.rows):
		return nil, exceeded(tomorrow, "rows in a day", quota.Rows)
	case over(quota.Bytes, of.bytes):
		return nil, exceeded(tomorrow, "bytes in a day", quota.Bytes)
	}
	of.requests++
	of.running++
	return &usage{m, of}, nil
}

// of gives a tenant's meter. A new day starts all of them over, but for what runs.
func (m *meters) of(tenant string, now time.Time) *meter {
	if day := now.Unix() / 86400; day != m.day {
		m.day = day
		for name, old := range m.tenants {
			if old.rows, old.bytes = 0, 0; old.running == 0 {
				delete(m.tenants, name)
			}
		}
	}
	if m.tenants[tenant] == nil {
		m.tenants[tenant] = &meter{}
	}
	return m.tenants[tenant]
}

func over[N int | int64](most, taken N) bool { return most > 0 && taken >= most }

func exceeded[N int | int64](after time.Duration, of string, most N) error {
	f := fault.Coded(fault.TooMany, "QuotaExceeded", "The quota of %d %s is used up", most, of)
	f.Retry = after
	return f
}

func (u *usage) count(rows, bytes int) {
	if u == nil {
		return
	}
	u.meters.mu.Lock()
	defer u.meters.mu.Unlock()
	u.meter.rows += int64(rows)
	u.meter.bytes += int64(bytes)
}

func (u *usage) leave() {
	if u == nil {
		return
	}
	u.meters.mu.Lock()
	defer u.meters.mu.Unlock()
	u.meter.running--
}
