package query

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"

	"inlay/internal/frame"
)

// key names a result: it is made of everything that its rows depend on, and only here.
type key struct {
	sum  [32]byte
	conn string // for the gate of its connection; part of the sum too
}

// keyOf hashes each part with its length, so that no two lists of parts look the same.
func keyOf(sql string, args []any, connection, zone, policy string) key {
	h := sha256.New()
	var length [8]byte
	for _, part := range []string{sql, fmt.Sprintf("%#v", args), connection, zone, policy} {
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		h.Write(length[:])
		h.Write([]byte(part))
	}
	k := key{conn: connection}
	h.Sum(k.sum[:0])
	return k
}

// stored is a complete result, and the texts that were made of it.
type stored struct {
	table *frame.Table
	asOf  time.Time
	size  int

	mu      sync.Mutex
	encoded map[string][]byte // rows as JSON, by how they are shown
}

// rowsOf gives the rows as JSON, made once for each way of showing them.
func (s *stored) rowsOf(shown string, encode func() ([]byte, error)) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if text, ok := s.encoded[shown]; ok {
		return text, nil
	}
	text, err := encode()
	if err != nil {
		return nil, err
	}
	if len(s.encoded) == 0 {
		s.encoded = map[string][]byte{shown: text} // one is plenty: the same tile, shown the same way
	}
	return text, nil
}

// results keeps complete results in memory, within bounds of bytes and age.
type results struct {
	cache *otter.Cache[key, *stored]
	keep  time.Duration
}

func newResults(bytes int, keep time.Duration) *results {
	if bytes < 0 {
		return &results{}
	}
	return &results{keep: keep, cache: otter.Must(&otter.Options[key, *stored]{
		MaximumWeight:    uint64(bytes),
		Weigher:          func(_ key, s *stored) uint32 { return uint32(min(s.size, 1<<31)) },
		ExpiryCalculator: otter.ExpiryWriting[key, *stored](keep),
	})}
}

func (r *results) get(k key) (*stored, bool) {
	if r.cache == nil {
		return nil, false
	}
	return r.cache.GetIfPresent(k)
}

func (r *results) put(k key, s *stored) {
	if r.cache != nil {
		r.cache.Set(k, s)
	}
}

// origin says where a kept result came from.
func (r *results) origin(found *stored, hit, shared bool) Cache {
	c := Cache{Hit: hit, Shared: shared, AsOf: found.asOf}
	if r.cache != nil {
		c.Until = found.asOf.Add(r.keep)
	}
	return c
}

// tableSize estimates what a result and its text take in memory.
func tableSize(t *frame.Table) int {
	size := 256
	for _, batch := range t.Batches {
		size += 4 * batch.Size() // the JSON of rows is some three times as long
	}
	return size
}
