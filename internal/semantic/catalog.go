package semantic

import "strings"

// Relation names a table or view of the warehouse. Parts that the model leaves out are empty.
type Relation struct{ Database, Schema, Name string }

// Catalog holds, by relation, the columns with the engine's names of their types.
type Catalog map[Relation]map[string]string

// catalogIndex finds relations and columns whichever case the engine tells them in.
type catalogIndex struct {
	exact  Catalog
	folded Catalog // relations in lower case, with and without the database
}

func newCatalogIndex(c Catalog) catalogIndex {
	x := catalogIndex{exact: c, folded: make(Catalog, 2*len(c))}
	for relation, columns := range c {
		r := relation.folded()
		x.folded[r] = columns
		x.folded[Relation{Schema: r.Schema, Name: r.Name}] = columns
	}
	return x
}

// columns is nil when the catalogue doesn't hold the relation.
func (x catalogIndex) columns(r Relation) map[string]string {
	if found, ok := x.exact[r]; ok {
		return found
	}
	return x.folded[r.folded()]
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
