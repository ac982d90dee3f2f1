package identity

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// limiter counts by key what must not happen often: a bucket of burst tokens that refills one at a time. At a login only
// failures take tokens, so whoever knows their password is never slowed down by themselves.
type limiter struct {
	now   func() time.Time
	burst int
	every time.Duration

	mu      sync.Mutex
	buckets map[string]bucket
}

type bucket struct {
	spent int
	since time.Time // when the first spent token began to come back
}

const maxBuckets = 100_000

func newLimiter(now func() time.Time, burst int, every time.Duration) *limiter {
	return &limiter{now: now, burst: burst, every: every, buckets: map[string]bucket{}}
}

// allows tells whether the key has a token left.
func (l *limiter) allows(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.refilled(key).spent < l.burst
}

// failed takes a token of the key.
func (l *limiter) failed(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.buckets) >= maxBuckets {
		l.forgetFull()
	}
	b := l.refilled(key)
	if b.spent == 0 {
		b.since = l.now()
	}
	b.spent = min(b.spent+1, l.burst)
	l.buckets[key] = b
}

// take takes a token of the key, and tells whether there was one.
func (l *limiter) take(key string) bool {
	allowed := l.allows(key)
	if allowed {
		l.failed(key)
	}
	return allowed
}

// forget gives the key its tokens back.
func (l *limiter) forget(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.buckets, key)
}

func (l *limiter) refilled(key string) bucket {
	b := l.buckets[key]
	back := int(l.now().Sub(b.since) / l.every)
	if back >= b.spent {
		return bucket{}
	}
	return bucket{b.spent - back, b.since.Add(time.Duration(back) * l.every)}
}

// forgetFull drops keys that have all their tokens; if none has, everything, so that memory stays bounded.
func (l *limiter) forgetFull() {
	for key := range l.buckets {
		if l.refilled(key).spent == 0 {
			delete(l.buckets, key)
		}
	}
	if len(l.buckets) >= maxBuckets {
		clear(l.buckets)
	}
}

// remoteAddress is the caller's address as the connection shows it.
func remoteAddress(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
