package identity

// HashCheaply makes the hashing of passwords quick, for tests that aren't about it.
func (s *Service) HashCheaply() { s.cost = hashCost{memory: 64, passes: 1} }

// HoldHashing makes every password wait to be hashed.
func (s *Service) HoldHashing() {
	for range cap(s.hashing) {
		s.hashing <- struct{}{}
	}
}
