package semantic

// maxFamily bounds a lineage: it is there to look at.
const maxFamily = 500

// lineage is the part of the project's graph around a model: it, what it is made from and what is made from it, each
// with the models it is made from.
func (s *Source) lineage(name string) map[string][]string {
	family := map[string]bool{}
	walk(name, s.parents, family)
	below := map[string]bool{}
	walk(name, s.children, below)
	out := make(map[string][]string, len(family)+len(below))
	for _, set := range []map[string]bool{family, below} {
		for member := range set {
			out[member] = s.parents[member]
		}
	}
	return out
}

// walk adds a name and everything that edges lead to; circles end at what is known already.
func walk(name string, edges map[string][]string, seen map[string]bool) {
	if seen[name] || len(seen) > maxFamily {
		return
	}
	seen[name] = true
	for _, next := range edges[name] {
		walk(next, edges, seen)
	}
}

// turnAround notes the children of every model.
func (s *Source) turnAround() {
	s.children = make(map[string][]string, len(s.parents))
	for child, parents := range s.parents {
		for _, parent := range parents {
			s.children[parent] = append(s.children[parent], child)
		}
	}
}
