package content_test

import (
	"encoding/json"
	"slices"
	"testing"

	"inlay/internal/access"
	"inlay/internal/content"
	"inlay/internal/fault"
	"inlay/internal/project"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

// tenant is one that has the named permissions.
func tenant(id string, permissions ...string) access.Principal {
	p := access.Principal{Kind: access.Tenant, Organization: org, Project: shop, Tenant: id, TenantName: "Tenant " + id, Permissions: map[string]bool{}}
	for _, name := range permissions {
		p.Permissions[name] = true
	}
	return p
}

var editing = []string{access.CreateChart, access.EditCharts, access.RemoveChart, access.AddChart, access.AddFilter, access.EditName}

func TestH16_what_a_tenant_makes_is_in_nobody_elses_lists(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		w.space(t, user(access.Admin), shop, "Open", false)
		acme, other := tenant("acme", editing...), tenant("other", editing...)
		chart := w.chart(t, acme, shop, "", "Churn of Acme")
		board := w.dashboard(t, acme, shop, "", "Board of Acme", chart.UUID)
		for name, who := range map[string]access.Principal{"another tenant": other, "a viewer": user(access.Viewer), "the admin": user(access.Admin)} {
			charts, err := w.Charts(w.ctx, who, shop)
			if err != nil || len(charts) != 0 {
				t.Errorf("%s lists %d charts, %v", name, len(charts), err)
			}
			dashboards, err := w.Dashboards(w.ctx, who, shop, content.DashboardSearch{})
			if err != nil || len(dashboards) != 0 {
				t.Errorf("%s lists %d dashboards, %v", name, len(dashboards), err)
			}
			spaces, err := w.Spaces(w.ctx, who, shop, "")
			if err != nil || len(spaces) != 1 {
				t.Errorf("%s lists %d spaces, %v", name, len(spaces), err)
			}
			page, err := w.List(w.ctx, who, content.ListQuery{Page: 1, Size: 10})
			if err != nil || page.Total != 0 || len(page.Items) != 0 {
				t.Errorf("%s lists a page %+v, %v", name, page, err)
			}
			found, err := w.ForProjects().Find(w.ctx, who, shop, project.Search{Text: "Acme"})
			if err != nil || len(found.Charts)+len(found.Dashboards)+len(found.Spaces) != 0 {
				t.Errorf("%s finds %+v, %v", name, found, err)
			}
			if has, err := w.HasCharts(w.ctx, who, shop); err != nil || has {
				t.Errorf("%s is told that there are charts: %v, %v", name, has, err)
			}
		}
		for what, err := range map[string]error{
			"chart": second(w.Chart(w.ctx, other, chart.UUID)), "dashboard": second(w.Dashboard(w.ctx, other, board.UUID)),
			"by public id": second(w.FindDashboard(w.ctx, other, board.PublicID)), "by slug": second(w.FindDashboard(w.ctx, other, board.Slug)),
			"new version": second(w.AddChartVersion(w.ctx, other, chart.UUID, document(1))), "delete chart": w.DeleteChart(w.ctx, other, chart.UUID),
			"delete dashboard": w.DeleteDashboard(w.ctx, other, board.UUID), "overlay": second(w.Overlay(w.ctx, other, board.UUID)),
			"onto a dashboard": second(w.CreateDashboard(w.ctx, other, shop, content.NewDashboard{Name: "x", Document: content.DashboardDocument{
				Tiles: []content.Tile{{Type: content.TileChart, W: 1, H: 1, Chart: &chart.UUID}}}})),
			"into the space": second(w.CreateChart(w.ctx, other, shop, content.NewChart{Name: "x", Space: chart.Space.UUID, Document: document(1)})),
		} {
			if !fault.Is(err, fault.NotFound) && !(what == "into the space" && fault.Is(err, fault.Forbidden)) {
				t.Errorf("another tenant's %s: %v", what, err)
			}
		}
		if w.chart(t, other, shop, "", "Churn of Acme").Slug == chart.Slug+"-1" {
			t.Error("a slug tells that somebody else has a chart of that name")
		}
		if err := w.EraseTenant(w.ctx, "acme"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Chart(w.ctx, acme, chart.UUID); !fault.Is(err, fault.NotFound) {
			t.Errorf("the chart outlives its tenant: %v", err)
		}
	})
}

// Each row is an act on the tenant's own content, and the one permission that it takes.
func TestH74_each_editing_permission_decides_about_its_writes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		all := tenant("acme", editing...)
		kept := w.chart(t, all, shop, "", "Kept")
		tile := content.Tile{UUID: "44444444-0000-4000-8000-000000000001", Type: content.TileChart, W: 5, H: 5, Chart: &kept.UUID}
		note := content.Tile{UUID: "44444444-0000-4000-8000-000000000002", Type: content.TileMarkdown, Y: 5, W: 5, H: 5}
		filter := content.DashboardFilters{Dimensions: []json.RawMessage{json.RawMessage(`{"id":"f","target":{"fieldId":"orders_status","tableName":"orders"},"operator":"equals","values":["new"]}`)}}
		moved, name := tile, "Renamed"
		moved.X = 7
		made := func(d content.DashboardDocument) string {
			b, err := w.CreateDashboard(w.ctx, all, shop, content.NewDashboard{Name: "Board", Document: d})
			if err != nil {
				t.Fatal(err)
			}
			return b.UUID
		}
		board := made(content.DashboardDocument{Tiles: []content.Tile{tile}})
		update := func(d content.DashboardDocument) func(access.Principal) error {
			return func(who access.Principal) error {
				_, err := w.UpdateDashboard(w.ctx, who, board, content.DashboardChange{Document: &d})
				if err == nil {
					back := content.DashboardDocument{Tiles: []content.Tile{tile}}
					_, err = w.UpdateDashboard(w.ctx, all, board, content.DashboardChange{Document: &back})
				}
				return err
			}
		}
		for _, c := range []struct {
			act        string
			permission string
			do         func(access.Principal) error
		}{
			{"create a chart", access.CreateChart, func(who access.Principal) error {
				_, err := w.CreateChart(w.ctx, who, shop, content.NewChart{Name: "New", Document: document(1)})
				return err
			}},
			{"change a chart", access.EditCharts, func(who access.Principal) error {
				_, err := w.AddChartVersion(w.ctx, who, kept.UUID, document(2))
				return err
			}},
			{"delete a chart", access.RemoveChart, func(who access.Principal) error {
				return w.DeleteChart(w.ctx, who, w.chart(t, all, shop, "", "Gone").UUID)
			}},
			{"create a dashboard", access.AddChart, func(who access.Principal) error {
				_, err := w.CreateDashboard(w.ctx, who, shop, content.NewDashboard{Name: "New"})
				return err
			}},
			{"delete a dashboard", access.RemoveChart, func(who access.Principal) error {
				return w.DeleteDashboard(w.ctx, who, made(content.DashboardDocument{}))
			}},
			{"rename a dashboard", access.EditName, func(who access.Principal) error {
				_, err := w.UpdateDashboard(w.ctx, who, made(content.DashboardDocument{}), content.DashboardChange{Name: &name})
				return err
			}},
			{"add a tile", access.AddChart, update(content.DashboardDocument{Tiles: []content.Tile{tile, note}})},
			{"take a tile away", access.RemoveChart, update(content.DashboardDocument{})},
			{"move a tile", access.EditCharts, update(content.DashboardDocument{Tiles: []content.Tile{moved}})},
			{"add a filter", access.AddFilter, update(content.DashboardDocument{Tiles: []content.Tile{tile}, Filters: filter})},
		} {
			without := slices.DeleteFunc(slices.Clone(editing), func(p string) bool { return p == c.permission })
			if err := c.do(tenant("acme", without...)); !fault.Is(err, fault.Forbidden) {
				t.Errorf("without %s: %s: %v", c.permission, c.act, err)
			}
			if err := c.do(tenant("acme", append(slices.Clone(editing), access.ReadOnly)...)); !fault.Is(err, fault.Forbidden) {
				t.Errorf("with readOnly: %s: %v", c.act, err)
			}
			confined := tenant("acme", editing...)
			confined.Scope = &access.Scope{Dashboards: []string{board}}
			if err := c.do(confined); !refused(err) {
				t.Errorf("confined to one dashboard: %s: %v", c.act, err)
			}
			if err := c.do(all); err != nil {
				t.Errorf("with %s: %s: %v", c.permission, c.act, err)
			}
		}
		tabs := content.DashboardDocument{Tiles: []content.Tile{tile}, Tabs: []content.Tab{{UUID: "44444444-0000-4000-8000-000000000003", Name: "Tab"}}}
		if err := update(tabs)(tenant("acme", append(slices.Clone(editing), access.DisableTabs)...)); !fault.Is(err, fault.Forbidden) {
			t.Errorf("with disableTabs: add a tab: %v", err)
		}
		if err := update(tabs)(all); err != nil {
			t.Errorf("add a tab: %v", err)
		}
	})
}
