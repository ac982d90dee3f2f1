package query

// Waiting says how many queries wait at gates.
func (s *Service) Waiting() int {
	s.gates.mu.Lock()
	defer s.gates.mu.Unlock()
	n := 0
	for _, gate := range s.gates.byConn {
		n += length(gate)
	}
	return n
}
