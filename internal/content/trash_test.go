package content_test

import (
	"testing"
	"time"

	"inlay/internal/access"
	"inlay/internal/content"
	"inlay/internal/fault"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

// trashed gives the uuids of what somebody finds in the trash, by "kind name".
func (w world) trashed(t *testing.T, who access.Principal) map[string]string {
	t.Helper()
	found, err := w.Trash(w.ctx, who, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, d := range found {
		all[d.Kind+" "+d.Name] = d.UUID
	}
	return all
}

func TestWhatIsDeletedComesBackWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, admin, editor := newWorld(db), user(access.Admin), user(access.Editor)
		space := w.space(t, admin, shop, "Numbers", false)
		chart := w.chart(t, editor, shop, space, "Orders")
		if _, err := w.AddChartVersion(w.ctx, editor, chart.UUID, document(20)); err != nil {
			t.Fatal(err)
		}
		board := w.dashboard(t, editor, shop, space, "Board", chart.UUID)
		if _, err := w.CreateDelivery(w.ctx, editor, content.Delivery{Chart: chart.UUID, Name: "Mondays", Cron: "0 9 * * 1",
			Details: content.DeliveryDetails{Format: "csv"}, Targets: []content.DeliveryTarget{{Recipient: "a@b.test"}}}); err != nil {
			t.Fatal(err)
		}
		if err := w.DeleteChart(w.ctx, editor, chart.UUID); err != nil {
			t.Fatal(err)
		}
		if shown, err := w.Dashboard(w.ctx, editor, board.UUID); err != nil || shown.Document.Tiles[0].Chart != nil {
			t.Error("the tile still shows it", err)
		}
		if again := w.chart(t, editor, shop, space, "Orders"); again.Slug == "" { // its slug may be taken meanwhile
			t.Error(again)
		}
		if err := w.Restore(w.ctx, editor, shop, chart.UUID); err != nil {
			t.Fatal(err)
		}
		back, err := w.Chart(w.ctx, editor, chart.UUID)
		if err != nil || back.Document.Query.Limit != 20 || back.Name != "Orders" {
			t.Error(back, err)
		}
		if history, err := w.ChartHistory(w.ctx, editor, chart.UUID); err != nil || len(history) != 2 {
			t.Error(history, err)
		}
		if sent, err := w.ChartDeliveries(w.ctx, editor, chart.UUID); err != nil || len(sent) != 1 || len(sent[0].Targets) != 1 {
			t.Error(sent, err)
		}
		if shown, err := w.Dashboard(w.ctx, editor, board.UUID); err != nil || shown.Document.Tiles[0].Chart == nil {
			t.Error("the tile doesn't show it again", err)
		}
		if len(w.trashed(t, admin)) != 0 {
			t.Error("it is still in the trash")
		}
	})
}

func TestASpaceComesBackWithWhatWasInIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, admin := newWorld(db), user(access.Admin)
		space := w.space(t, admin, shop, "Numbers", false)
		early, chart := w.chart(t, admin, shop, space, "Early"), w.chart(t, admin, shop, space, "Orders")
		board := w.dashboard(t, admin, shop, space, "Board", chart.UUID)
		for _, err := range []error{w.DeleteChart(w.ctx, admin, early.UUID), w.DeleteSpace(w.ctx, admin, shop, space)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if got := w.trashed(t, admin); len(got) != 2 {
			t.Error(got)
		}
		if err := w.Restore(w.ctx, admin, shop, early.UUID); !fault.Is(err, fault.Conflict) {
			t.Error("restored into a space that is in the trash:", err)
		}
		for _, id := range []string{space, early.UUID} {
			if err := w.Restore(w.ctx, admin, shop, id); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.Dashboard(w.ctx, user(access.Viewer), board.UUID); err != nil {
			t.Error(err)
		}
		if charts, err := w.Charts(w.ctx, user(access.Viewer), shop); err != nil || len(charts) != 2 {
			t.Error(charts, err)
		}
	})
}

// What tenants changed of a dashboard comes back with it, whether it was deleted itself or its space; a tenant that was
// erased meanwhile leaves nothing in the trash.
func TestWhatTenantsChangedComesBackWithTheDashboard(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, admin := newWorld(db), user(access.Admin)
		acme, gone := tenant("acme", editing...), tenant("gone", editing...)
		space := w.space(t, admin, shop, "Open", false)
		board := w.dashboard(t, admin, shop, space, "Sales", w.chart(t, admin, shop, space, "A").UUID)
		for _, who := range []access.Principal{acme, gone} {
			name := who.Tenant + "'s sales"
			if _, err := w.SetOverlay(w.ctx, who, board.UUID, content.Overlay{Name: &name}); err != nil {
				t.Fatal(err)
			}
		}
		own := w.chart(t, gone, shop, "", "Own").UUID
		shows := func(who access.Principal, want string) {
			t.Helper()
			if d, err := w.Dashboard(w.ctx, who, board.UUID); err != nil || d.Name != want {
				t.Errorf("%q is shown %v, %v", who.Tenant, d, err)
			}
		}
		for id, remove := range map[string]func() error{
			board.UUID: func() error { return w.DeleteDashboard(w.ctx, admin, board.UUID) },
			space:      func() error { return w.DeleteSpace(w.ctx, admin, shop, space) },
		} {
			if err := remove(); err != nil {
				t.Fatal(err)
			}
			if err := w.Restore(w.ctx, admin, shop, id); err != nil {
				t.Fatal(err)
			}
			shows(acme, "acme's sales")
			shows(gone, "gone's sales")
			shows(admin, "Sales")
		}
		for _, err := range []error{w.DeleteChart(w.ctx, gone, own), w.DeleteDashboard(w.ctx, admin, board.UUID), w.EraseTenant(w.ctx, "gone")} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if n, err := db.NewSelect().TableExpr("trash").Where("document LIKE ?", "%gone%").Count(w.ctx); n != 0 || err != nil {
			t.Errorf("an erased tenant is in %d documents, %v", n, err)
		}
		if err := w.Restore(w.ctx, admin, shop, board.UUID); err != nil {
			t.Fatal(err)
		}
		shows(acme, "acme's sales")
		shows(gone, "Sales")
	})
}

// LD #23982, #23988: restoring by the bare uuid of something in another project.
func TestH14_restoring_gives_nobody_more_than_they_had(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, admin, editor := newWorld(db), user(access.Admin), user(access.Editor)
		secret, public := w.space(t, admin, shop, "Secret", true), w.space(t, admin, shop, "Open", false)
		hidden, open := w.chart(t, admin, shop, secret, "Hidden"), w.chart(t, admin, shop, public, "Seen")
		for _, err := range []error{w.DeleteChart(w.ctx, admin, hidden.UUID), w.DeleteChart(w.ctx, admin, open.UUID), w.DeleteSpace(w.ctx, admin, shop, secret)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		for name, c := range map[string]struct {
			who     access.Principal
			project string
			id      string
		}{
			"a chart of a space that they can't see": {editor, shop, hidden.UUID},
			"a private space":                        {editor, shop, secret},
			"through another project":                {admin, stage, open.UUID},
			"through a project of their own":         {stranger(), abroad, open.UUID},
			"through the project, from outside":      {stranger(), shop, open.UUID},
			"as a viewer":                            {user(access.Viewer), shop, open.UUID},
		} {
			if err := w.Restore(w.ctx, c.who, c.project, c.id); !refused(err) {
				t.Errorf("%s: restored: %v", name, err)
			}
			if err := w.Purge(w.ctx, c.who, c.project, c.id); !refused(err) {
				t.Errorf("%s: purged: %v", name, err)
			}
		}
		for who, want := range map[access.Role]int{access.Viewer: 0, access.Editor: 1, access.Admin: 3} {
			if got := w.trashed(t, user(who)); len(got) != want {
				t.Errorf("%s finds %v", who, got)
			}
		}
		if err := w.Purge(w.ctx, editor, shop, open.UUID); err != nil {
			t.Error(err)
		}
		if err := w.Restore(w.ctx, editor, shop, open.UUID); !fault.Is(err, fault.NotFound) {
			t.Error("restored what was purged:", err)
		}
	})
}

func TestTheTrashIsEmptiedAfterAMonth(t *testing.T) {
	db := storetest.SQLite(t)
	at := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	w := newWorld(db)
	w.Service = content.New(db, people{}, projects{}, door{}, flags{}, func() time.Time { return at })
	admin := user(access.Admin)
	chart := w.chart(t, admin, shop, w.space(t, admin, shop, "Numbers", false), "Orders")
	if err := w.DeleteChart(w.ctx, admin, chart.UUID); err != nil {
		t.Fatal(err)
	}
	at = at.AddDate(0, 0, 29)
	if err := w.Sweep(w.ctx); err != nil || len(w.trashed(t, admin)) != 1 {
		t.Error("gone too early", err)
	}
	at = at.AddDate(0, 0, 2)
	if err := w.Restore(w.ctx, admin, shop, chart.UUID); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	if err := w.Sweep(w.ctx); err != nil {
		t.Error(err)
	}
	if n, err := db.NewSelect().TableExpr("trash").Count(w.ctx); n != 0 || err != nil {
		t.Error(n, err)
	}
}
