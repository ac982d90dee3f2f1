package semantic

import "testing"

func TestRelationsAreFoundByAsMuchAsIsSaidOfThem(t *testing.T) {
	x := newCatalogIndex(Catalog{
		{"db", "main", "orders"}: {"a": "1"}, {"db", "other", "orders"}: {"a": "2"}, {"db2", "main", "people"}: {"a": "3"},
		{"", "bare", "lines"}: {"a": "4"}, {"DB", "UPPER", "CASE"}: {"a": "5"}, {"db3", "main", "orders"}: {"a": "6"},
	})
	for r, want := range map[Relation]string{
		{"db", "main", "orders"}: "1", {"db", "other", "orders"}: "2", {"", "other", "orders"}: "2",
		{"", "main", "people"}: "3", {"", "", "people"}: "3", {"", "", "PEOPLE"}: "3",
		{"any", "bare", "lines"}: "4", {"", "bare", "lines"}: "4", {"db", "upper", "case"}: "5", {"", "upper", "case"}: "5",
		{"db3", "main", "orders"}: "6", {"", "main", "orders"}: "", {"", "", "orders"}: "", {"db", "main", "people"}: "",
		{"db", "main", "nothing"}: "", {"", "", "nothing"}: "",
	} {
		if got := x.columns(r)["a"]; got != want {
			t.Errorf("%v is %q, not %q", r, got, want)
		}
	}
}
