package semantic

import "strings"

// Relation names a table or view of the warehouse. Parts that the model leaves out are empty.
type Relation struct{ Database, Schema, Name string }

// Catalog holds, by relation, the columns with the engine's names of their types.
type Catalog map[Relation]map[string]string

// catalogIndex finds relations whichever case the engine tells them in, and however much of their names the model, or
// the engine, leaves out.
type catalogIndex struct {
	exact Catalog
	full  Catalog // in lower case, as the engine tells them
	short Catalog // in lower case, without what comes before; nil where several are meant
}

func newCatalogIndex(c Catalog) catalogIndex {
	x := catalogIndex{exact: c, full: make(Catalog, len(c)), short: make(Catalog, 2*len(c))}
	seen := make(map[Relation]bool, 2*len(c))
	for relation, columns := range c {
		r := relation.folded()
		x.full[r] = columns
		for _, short := range []Relation{{Schema: r.Schema, Name: r.Name}, {Name: r.Name}} {
			x.short[short] = columns
			if seen[short] {
				x.short[short] = nil
			}
			seen[short] = true
		}
	}
	return x
}

// columns is nil when the catalogue doesn't hold the relation, or holds several that the name could mean.
func (x catalogIndex) columns(r Relation) map[string]string {
	if found, ok := x.exact[r]; ok {
		return found
	}
	r = r.folded()
	if found, ok := x.full[r]; ok {
		return found
	}
	if r.Database == "" {
		return x.short[r]
	}
	return x.full[Relation{Schema: r.Schema, Name: r.Name}] // an engine with one database doesn't tell it
}

func (r Relation) folded() Relation {
	return Relation{strings.ToLower(r.Database), strings.ToLower(r.Schema), strings.ToLower(r.Name)}
}

// columnType is the engine's type of a column; empty when it isn't there.
func columnType(columns map[string]string, name string) string {
	if found, ok := columns[name]; ok {
		return found
	}
	for column, engineType := range columns {
		if strings.EqualFold(column, name) {
			return engineType
		}
	}
	return ""
}
