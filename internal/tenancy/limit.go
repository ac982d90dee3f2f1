package tenancy

import (
	"sync"
	"time"

	"inlay/internal/fault"
)

// limiter counts events by name in windows of a minute, so nobody is shut out for longer than that.
type limiter struct {
	now    func() time.Time
	most   int
	mu     sync.Mutex
	minute int64
	counts map[string]int
}

func newLimiter(now func() time.Time, most int) *limiter {
	return &limiter{now: now, most: most, counts: map[string]int{}}
}

// open refuses a name that is over its limit. Faults: TooMany.
func (l *limiter) open(name string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turn()
	if l.counts[name] >= l.most {
		return fault.Coded(fault.TooMany, "TooManyRequests", "Too many attempts; try again in a minute")
	}
	return nil
}

// count notes one event.
func (l *limiter) count(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turn()
	if len(l.counts) < memoSize || l.counts[name] > 0 {
		l.counts[name]++
	}
}

func (l *limiter) turn() {
	if minute := l.now().Unix() / 60; minute != l.minute {
		l.minute = minute
		clear(l.counts)
	}
}
