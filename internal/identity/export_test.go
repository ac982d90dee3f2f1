package identity

// HashCheaply makes the hashing of passwords quick, for tests that aren't about it.
func (s *Service) HashCheaply() { s.cost = hashCost{memory: 64, passes: 1} }
