package query

import (
	"sync"
	"time"

	"inlay/internal/access"
	"inlay/internal/fault"
)

// meters count what each tenant takes here, and know what was taken on other servers a moment ago.
type meters struct {
	now       func() time.Time
	standard  access.Quota
	mu        sync.Mutex
	day       int64
	tenants   map[string]*meter
	elsewhere map[string]Taken
}

type meter struct {
	bounded  bool // by a quota, so that other servers want to know
	minute   int64
	requests int // in this minute
	running  int
	rows     int64 // today, by UTC
	bytes    int64
}

// Taken is what one tenant took of its quota.
type Taken struct {
	Tenant      string
	Day, Minute int64 // since 1970, by UTC
	Requests    int   // in the minute
	Running     int
	Rows, Bytes int64 // on the day
}

// Taken gives what tenants with a quota took on this server today.
func (s *Service) Taken() []Taken {
	m := &s.meters
	m.mu.Lock()
	defer m.mu.Unlock()
	m.turn(m.now())
	var all []Taken
	for name, t := range m.tenants {
		if t.bounded {
			all = append(all, Taken{name, m.day, t.minute, t.requests, t.running, t.rows, t.bytes})
		}
	}
	return all
}

// TakenElsewhere replaces what is known of other servers, by tenant.
func (s *Service) TakenElsewhere(all map[string]Taken) {
	s.meters.mu.Lock()
	defer s.meters.mu.Unlock()
	s.meters.elsewhere = all
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
	of.bounded = max(quota.Requests, quota.Concurrent) > 0 || max(quota.Rows, quota.Bytes) > 0
	others := m.elsewhere[neighbour(who)].at(m.day, minute)
	tomorrow := time.Duration(86400-now.Unix()%86400) * time.Second
	switch {
	case over(quota.Requests, of.requests+others.Requests):
		return nil, exceeded(time.Duration(60-now.Unix()%60)*time.Second, "requests in a minute", quota.Requests)
	case over(quota.Concurrent, of.running+others.Running):
		return nil, exceeded(time.Second, "queries at a time", quota.Concurrent)
	case over(quota.Rows, of.rows+others.Rows):
		return nil, exceeded(tomorrow, "rows in a day", quota.Rows)
	case over(quota.Bytes, of.bytes+others.Bytes):
		return nil, exceeded(tomorrow, "bytes in a day", quota.Bytes)
	}
	of.requests++
	of.running++
	return &usage{m, of}, nil
}

// at leaves out what was taken on another day or in another minute.
func (t Taken) at(day, minute int64) Taken {
	if t.Minute != minute {
		t.Requests = 0
	}
	if t.Day != day {
		t.Rows, t.Bytes = 0, 0
	}
	return t
}

// of gives a tenant's meter.
func (m *meters) of(tenant string, now time.Time) *meter {
	m.turn(now)
	if m.tenants[tenant] == nil {
		m.tenants[tenant] = &meter{}
	}
	return m.tenants[tenant]
}

// turn starts all meters over on a new day, but for what runs.
func (m *meters) turn(now time.Time) {
	if day := now.Unix() / 86400; day != m.day {
		m.day = day
		for name, old := range m.tenants {
			if old.rows, old.bytes = 0, 0; old.running == 0 {
				delete(m.tenants, name)
			}
		}
	}
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
