package content_test

import (
	"testing"

	"inlay/internal/access"
	"inlay/internal/content"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

// Who works on content is no business of an embedding product's customers.
func TestEmbeddedPrincipalsAreNotToldWhoMadeOrChangedAnything(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, admin := newWorld(db), user(access.Admin)
		space := w.space(t, admin, shop, "Open", false)
		chart := w.chart(t, admin, shop, space, "Sales")
		board := w.dashboard(t, admin, shop, space, "Board", chart.UUID)
		confined := user(access.Viewer)
		confined.Scope = &access.Scope{Dashboards: []string{board.UUID}}
		for name, c := range map[string]struct {
			who   access.Principal
			knows bool
		}{"tenant": {tenant("acme", editing...), false}, "confined": {confined, false}, "viewer": {user(access.Viewer), true}} {
			told := map[string]*content.Person{}
			shown, err := w.Chart(w.ctx, c.who, chart.UUID)
			if err != nil {
				t.Fatal(name, err)
			}
			told["chart"] = shown.UpdatedBy
			page, err := w.Dashboard(w.ctx, c.who, board.UUID)
			if err != nil {
				t.Fatal(name, err)
			}
			told["dashboard"] = page.UpdatedBy
			if c.who.Scope == nil {
				charts, err := w.Charts(w.ctx, c.who, shop)
				if err != nil || len(charts) != 1 {
					t.Fatal(name, charts, err)
				}
				boards, err := w.Dashboards(w.ctx, c.who, shop, content.DashboardSearch{})
				if err != nil || len(boards) != 1 {
					t.Fatal(name, boards, err)
				}
				told["charts"], told["dashboards"] = charts[0].UpdatedBy, boards[0].UpdatedBy
			}
			for what, person := range told {
				if (person != nil) != c.knows {
					t.Errorf("%s's %s was changed by %v", name, what, person)
				}
			}
		}
	})
}

// A tile stays, with the title that its dashboard gave it; the name of a chart in a closed space doesn't show.
func TestATileKeepsTheNameOfAChartThatItsViewerCannotOpen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, admin := newWorld(db), user(access.Admin)
		closed, open := w.space(t, admin, shop, "Closed", true), w.space(t, admin, shop, "Open", false)
		secret := w.chart(t, admin, shop, closed, "Layoffs").UUID
		board := w.dashboard(t, admin, shop, open, "Board", secret, w.chart(t, admin, shop, open, "Sales").UUID)
		confined := tenant("acme")
		confined.Scope = &access.Scope{Dashboards: []string{board.UUID}}
		for name, c := range map[string]struct {
			who  access.Principal
			sees bool
		}{"admin": {admin, true}, "confined to the dashboard": {confined, true}, "viewer": {user(access.Viewer), false}, "tenant": {tenant("acme"), false}} {
			page, err := w.Dashboard(w.ctx, c.who, board.UUID)
			if err != nil {
				t.Fatal(name, err)
			}
			_, err = w.Chart(w.ctx, c.who, secret)
			if (err == nil) != c.sees {
				t.Errorf("%s opens the chart: %v", name, err)
			}
			first, second := page.Document.Tiles[0], page.Document.Tiles[1]
			if (first.ChartName != nil) != c.sees || second.ChartName == nil {
				t.Errorf("%s sees the names %v and %v", name, first.ChartName, second.ChartName)
			}
		}
	})
}
