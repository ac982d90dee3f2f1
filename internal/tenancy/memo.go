package tenancy

import (
	"hash/maphash"
	"sync"
	"time"
)

// fresh is how long an answer from the database is used again. Changes made through this process count at once; those
// of another replica after this time at the latest.
const fresh = time.Second

// memoSize bounds a memo; a full one starts over.
const memoSize = 20_000

// memo remembers what the database said of a credential for a moment. Every entry hangs on tags (a tenant, a key, a
// token); touching a tag forgets all that hang on it, also what is being loaded meanwhile.
type memo[V any] struct {
	now     func() time.Time
	seed    maphash.Seed
	mu      sync.Mutex
	entries map[string]entry[V]
	changes [1024]uint64 // by hash of the tag
}

type entry[V any] struct {
	value V
	until time.Time
	tags  []mark
}

type mark struct {
	slot    uint64
	changes uint64
}

func newMemo[V any](now func() time.Time) *memo[V] {
	return &memo[V]{now: now, seed: maphash.MakeSeed(), entries: map[string]entry[V]{}}
}

// get gives the remembered value, or loads it.
func (m *memo[V]) get(key string, tags []string, load func() (V, error)) (V, error) {
	m.mu.Lock()
	found, ok := m.entries[key]
	if ok && m.now().Before(found.until) && m.unchanged(found.tags) {
		m.mu.Unlock()
		return found.value, nil
	}
	marks := m.mark(tags)
	m.mu.Unlock()
	value, err := load()
	if err != nil {
		return value, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.entries) >= memoSize {
		clear(m.entries)
	}
	if m.unchanged(marks) {
		m.entries[key] = entry[V]{value, m.now().Add(fresh), marks}
	}
	return value, nil
}

// touch forgets everything that hangs on a tag.
func (m *memo[V]) touch(tag string) {
	m.mu.Lock()
	m.changes[m.slot(tag)]++
	m.mu.Unlock()
}

func (m *memo[V]) mark(tags []string) []mark {
	marks := make([]mark, len(tags))
	for i, tag := range tags {
		slot := m.slot(tag)
		marks[i] = mark{slot, m.changes[slot]}
	}
	return marks
}

func (m *memo[V]) unchanged(marks []mark) bool {
	for _, k := range marks {
		if m.changes[k.slot] != k.changes {
			return false
		}
	}
	return true
}

func (m *memo[V]) slot(tag string) uint64 {
	return maphash.String(m.seed, tag) % uint64(len(m.changes))
}
