package query

import (
	"testing"

	"inlay/internal/semantic"
)

// guardedExplore has a dimension for one team only.
func guardedExplore() *semantic.Explore {
	margin := &semantic.Dimension{Name: "margin", Table: "orders", SQL: "${TABLE}.margin",
		RequiredAttributes: map[string][]string{"team": {"a", "a\x01b"}}}
	return &semantic.Explore{Name: "orders", BaseTable: "orders", Tables: map[string]*semantic.Table{
		"orders": {Name: "orders", Dimensions: map[string]*semantic.Dimension{"margin": margin}},
	}}
}

func TestAViewIsSharedByThoseWhoseDemandedAttributesAreTheSame(t *testing.T) {
	seen, explore := newViews(), guardedExplore()
	view := func(attributes map[string][]string) *semantic.Explore {
		found, err := seen.of(explore, attributes)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	one := view(map[string][]string{"team": {"a"}, "tenant": {"1"}})
	if two := view(map[string][]string{"team": {"a"}, "tenant": {"2"}}); one != two {
		t.Error("an attribute that nothing demands made another view")
	}
	if one.Tables["orders"].Dimensions["margin"] == nil {
		t.Error("the team doesn't see its field")
	}
}

func TestValuesThatLookAlikeMakeDifferentViews(t *testing.T) {
	seen, explore := newViews(), guardedExplore()
	for _, c := range []struct {
		values []string
		sees   bool
	}{{[]string{"a\x01b"}, true}, {[]string{"a\x01", "b"}, false}, {[]string{`a\x01b`}, false}, {[]string{`a";"a`}, false}, {nil, false}, {[]string{""}, false}} {
		found, err := seen.of(explore, map[string][]string{"team": c.values})
		if err != nil {
			t.Fatal(err)
		}
		if sees := found.Tables["orders"].Dimensions["margin"] != nil; sees != c.sees {
			t.Errorf("%q sees the field: %v", c.values, sees)
		}
	}
}
