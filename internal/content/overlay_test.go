package content_test

import (
	"encoding/json"
	"slices"
	"testing"

	"inlay/internal/access"
	"inlay/internal/content"
	"inlay/internal/fault"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

func rule(field, value string) json.RawMessage {
	return json.RawMessage(`{"id":"` + field + value + `","target":{"fieldId":"` + field + `","tableName":"orders"},"operator":"equals","values":["` + value + `"]}`)
}

// A tenant hides, moves, adds, filters and renames; everybody's dashboard then changes under it.
func TestAnOverlayFollowsTheDashboardItLiesOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		admin, acme, other := user(access.Admin), tenant("acme", editing...), tenant("other", editing...)
		space := w.space(t, admin, shop, "Open", false)
		chart := func(name string) string { return w.chart(t, admin, shop, space, name).UUID }
		a, b, c := chart("A"), chart("B"), chart("C")
		own := w.chart(t, acme, shop, "", "Own").UUID
		board := w.dashboard(t, admin, shop, space, "Sales", a, b)
		tiles := board.Document.Tiles
		name := "Our sales"
		set := content.Overlay{Name: &name, Hidden: []string{tiles[0].UUID},
			Moved:   []content.Tile{{UUID: tiles[1].UUID, X: 20, Y: 0, W: 5, H: 5}},
			Added:   []content.Tile{{Type: content.TileChart, X: 0, Y: 0, W: 5, H: 5, Chart: &own}},
			Filters: content.DashboardFilters{Dimensions: []json.RawMessage{rule("orders_status", "new")}}}
		stored, err := w.SetOverlay(w.ctx, acme, board.UUID, set)
		if err != nil || stored.Revision != 1 {
			t.Fatal(stored, err)
		}
		shows := func(who access.Principal, wantName string, charts ...string) content.DashboardDocument {
			t.Helper()
			d, err := w.Dashboard(w.ctx, who, board.UUID)
			if err != nil {
				t.Fatal(err)
			}
			got := []string{}
			for _, tile := range d.Document.Tiles {
				got = append(got, *tile.Chart)
			}
			slices.Sort(got)
			slices.Sort(charts)
			if d.Name != wantName || !slices.Equal(got, charts) {
				t.Errorf("tenant %q is shown %q with %v, want %q with %v", who.Tenant, d.Name, got, wantName, charts)
			}
			return d.Document
		}
		shows(acme, "Our sales", b, own)
		shows(other, "Sales", a, b)
		shows(admin, "Sales", a, b)

		// Everybody's dashboard gets a tile where the tenant put its own, loses the one that the tenant moved, and filters.
		change := content.DashboardDocument{Tiles: []content.Tile{tiles[0], {Type: content.TileChart, X: 0, Y: 0, W: 10, H: 8, Chart: &c}},
			Filters: content.DashboardFilters{Dimensions: []json.RawMessage{rule("orders_status", "old"), rule("orders_city", "Bonn")}}}
		if _, err := w.UpdateDashboard(w.ctx, admin, board.UUID, content.DashboardChange{Document: &change}); err != nil {
			t.Fatal(err)
		}
		now := shows(acme, "Our sales", c, own)
		if at := now.Tiles[1]; *at.Chart != own || at.Y != 8 {
			t.Errorf("the tenant's tile lies on another: %+v", at)
		}
		if got := now.Filters.Dimensions; len(got) != 2 || string(got[0]) != string(rule("orders_city", "Bonn")) || string(got[1]) != string(rule("orders_status", "new")) {
			t.Errorf("the filters are %s", got)
		}

		set.Revision = 7
		if _, err := w.SetOverlay(w.ctx, acme, board.UUID, set); !fault.Is(err, fault.Conflict) {
			t.Errorf("a revision that isn't current: %v", err)
		}
		if err := w.RemoveOverlay(w.ctx, acme, board.UUID); err != nil {
			t.Fatal(err)
		}
		shows(acme, "Sales", a, c)
	})
}

func TestH74_each_part_of_an_overlay_needs_its_permission(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		admin := user(access.Admin)
		space := w.space(t, admin, shop, "Open", false)
		private := w.chart(t, admin, shop, w.space(t, admin, shop, "Closed", true), "Private").UUID
		chart := w.chart(t, admin, shop, space, "A").UUID
		board := w.dashboard(t, admin, shop, space, "Sales", chart)
		tile, name := board.Document.Tiles[0], "Ours"
		for permission, o := range map[string]content.Overlay{
			access.EditName:    {Name: &name},
			access.RemoveChart: {Hidden: []string{tile.UUID}},
			access.EditCharts:  {Moved: []content.Tile{{UUID: tile.UUID, X: 3, W: 1, H: 1}}},
			access.AddChart:    {Added: []content.Tile{{Type: content.TileChart, W: 1, H: 1, Chart: &chart}}},
			access.AddFilter:   {Filters: content.DashboardFilters{Dimensions: []json.RawMessage{rule("orders_status", "new")}}},
		} {
			without := tenant("without "+permission, slices.DeleteFunc(slices.Clone(editing), func(p string) bool { return p == permission })...)
			if _, err := w.SetOverlay(w.ctx, without, board.UUID, o); !fault.Is(err, fault.Forbidden) {
				t.Errorf("without %s: %v", permission, err)
			}
			if _, err := w.SetOverlay(w.ctx, tenant("only "+permission, permission), board.UUID, o); err != nil {
				t.Errorf("with %s: %v", permission, err)
			}
		}
		acme := tenant("acme", editing...)
		for what, o := range map[string]content.Overlay{
			"a chart that it doesn't see": {Added: []content.Tile{{Type: content.TileChart, W: 1, H: 1, Chart: &private}}},
			"a chart over SQL":            {Added: []content.Tile{{Type: content.TileSQLChart, W: 1, H: 1}}},
			"a tile of the dashboard's":   {Added: []content.Tile{{UUID: tile.UUID, Type: content.TileMarkdown, W: 1, H: 1}}},
			"a tile without room":         {Added: []content.Tile{{Type: content.TileMarkdown, W: 0, H: 1}}},
		} {
			if _, err := w.SetOverlay(w.ctx, acme, board.UUID, o); err == nil {
				t.Errorf("%s was added", what)
			}
		}
		if _, err := w.SetOverlay(w.ctx, user(access.Admin), board.UUID, content.Overlay{}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("somebody who is no tenant: %v", err)
		}
	})
}
