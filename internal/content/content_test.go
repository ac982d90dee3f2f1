package content_test

import (
	"slices"
	"sync"
	"testing"

	"inlay/internal/access"
	"inlay/internal/content"
	"inlay/internal/fault"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

func TestPrivateSpacesAreHiddenFromListsAndCounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		open, closed := w.space(t, user(access.Admin), shop, "Open", false), w.space(t, user(access.Admin), shop, "Closed", true)
		w.chart(t, user(access.Admin), shop, open, "Seen")
		hidden := w.chart(t, user(access.Admin), shop, closed, "Hidden")
		w.dashboard(t, user(access.Admin), shop, closed, "Hidden too", hidden.UUID)
		for _, role := range []access.Role{access.Viewer, access.Editor, access.Developer} {
			spaces, err := w.Spaces(w.ctx, user(role), shop, "")
			if err != nil || len(spaces) != 1 || spaces[0].UUID != open {
				t.Errorf("%s sees the spaces %v, %v", role, spaces, err)
			}
			charts, err := w.Charts(w.ctx, user(role), shop)
			if err != nil || len(charts) != 1 {
				t.Errorf("%s sees %d charts, %v", role, len(charts), err)
			}
			dashboards, err := w.Dashboards(w.ctx, user(role), shop, content.DashboardSearch{})
			if err != nil || len(dashboards) != 0 {
				t.Errorf("%s sees %d dashboards, %v", role, len(dashboards), err)
			}
			page, err := w.List(w.ctx, user(role), content.ListQuery{Page: 1, Size: 10})
			if err != nil || page.Total != 1 {
				t.Errorf("%s is told of %d things, %v", role, page.Total, err)
			}
			if _, err := w.Chart(w.ctx, user(role), hidden.UUID); !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s opens the hidden chart: %v", role, err)
			}
		}
		charts, err := w.Charts(w.ctx, user(access.Admin), shop)
		if err != nil || len(charts) != 2 {
			t.Errorf("the admin sees %d charts, %v", len(charts), err)
		}
	})
}

func TestAnotherOrganizationFindsNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		space := w.space(t, user(access.Admin), shop, "Open", false)
		chart := w.chart(t, user(access.Admin), shop, space, "Seen")
		dashboard := w.dashboard(t, user(access.Admin), shop, space, "Board", chart.UUID)
		name := "stolen"
		for what, err := range map[string]error{
			"get chart":        second(w.Chart(w.ctx, stranger(), chart.UUID)),
			"chart history":    second(w.ChartHistory(w.ctx, stranger(), chart.UUID)),
			"rename chart":     second(w.UpdateChart(w.ctx, stranger(), chart.UUID, content.ChartChange{Name: &name})),
			"delete chart":     w.DeleteChart(w.ctx, stranger(), chart.UUID),
			"get dashboard":    second(w.Dashboard(w.ctx, stranger(), dashboard.UUID)),
			"find by slug":     second(w.FindDashboard(w.ctx, stranger(), dashboard.Slug)),
			"find by public":   second(w.FindDashboard(w.ctx, stranger(), dashboard.PublicID)),
			"delete dashboard": w.DeleteDashboard(w.ctx, stranger(), dashboard.UUID),
			"get space":        second(w.Space(w.ctx, stranger(), shop, space)),
			"list charts":      second(w.Charts(w.ctx, stranger(), shop)),
			"copy":             w.Copy(w.ctx, stranger(), shop, abroad),
			"comments":         second(w.Comments(w.ctx, stranger(), dashboard.UUID)),
			"deliver":          second(w.CreateDelivery(w.ctx, stranger(), content.Delivery{Chart: chart.UUID, Name: "x", Cron: "0 1 * * *"})),
		} {
			if !refused(err) {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestVersionsMadeAtTheSameTimeAreAllKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{newFixed(db), t.Context()}
		space := w.space(t, user(access.Admin), shop, "Open", false)
		chart := w.chart(t, user(access.Admin), shop, space, "Busy")
		at := make(chan struct{})
		var wait sync.WaitGroup
		for n := range 8 {
			wait.Go(func() {
				<-at
				if _, err := w.AddChartVersion(w.ctx, user(access.Editor), chart.UUID, document(100+n)); err != nil {
					t.Error(err)
				}
			})
		}
		close(at)
		wait.Wait()
		versions, err := w.ChartHistory(w.ctx, user(access.Editor), chart.UUID)
		if err != nil || len(versions) != 9 {
			t.Fatalf("%d versions are left, %v", len(versions), err)
		}
		limits := []int{}
		for _, version := range versions {
			old, _, err := w.ChartAt(w.ctx, user(access.Viewer), chart.UUID, version.UUID)
			if err != nil {
				t.Fatal(err)
			}
			limits = append(limits, old.Document.Query.Limit)
		}
		slices.Sort(limits)
		if want := []int{10, 100, 101, 102, 103, 104, 105, 106, 107}; !slices.Equal(limits, want) {
			t.Errorf("the versions hold %v, want %v", limits, want)
		}
	})
}

func TestRollingBackAddsTheOldVersionAsTheNewest(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		space := w.space(t, user(access.Admin), shop, "Open", false)
		chart := w.chart(t, user(access.Editor), shop, space, "Changing")
		if _, err := w.AddChartVersion(w.ctx, user(access.Editor), chart.UUID, document(20)); err != nil {
			t.Fatal(err)
		}
		before, err := w.ChartHistory(w.ctx, user(access.Viewer), chart.UUID)
		if err != nil || len(before) != 2 {
			t.Fatalf("%d versions, %v", len(before), err)
		}
		if err := w.RollbackChart(w.ctx, user(access.Viewer), chart.UUID, before[1].UUID); !refused(err) {
			t.Errorf("a viewer rolls back: %v", err)
		}
		if err := w.RollbackChart(w.ctx, user(access.Editor), chart.UUID, before[1].UUID); err != nil {
			t.Fatal(err)
		}
		now, err := w.Chart(w.ctx, user(access.Viewer), chart.UUID)
		if err != nil || now.Document.Query.Limit != 10 {
			t.Errorf("the limit is %d, %v", now.Document.Query.Limit, err)
		}
		after, err := w.ChartHistory(w.ctx, user(access.Viewer), chart.UUID)
		if err != nil || len(after) != 3 {
			t.Errorf("%d versions, %v", len(after), err)
		}
	})
}

func TestSlugsAreFreeInTheWholeOrganization(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		first := w.space(t, user(access.Admin), shop, "Open", false)
		upstream := w.space(t, user(access.Admin), stage, "Open", false)
		slugs := []string{}
		for range 2 {
			slugs = append(slugs, w.chart(t, user(access.Admin), shop, first, "What's up?").Slug)
		}
		slugs = append(slugs, w.chart(t, user(access.Admin), stage, upstream, "What's up?").Slug)
		if want := []string{"what-s-up", "what-s-up-1", "what-s-up-2"}; !slices.Equal(slugs, want) {
			t.Errorf("the slugs are %v, want %v", slugs, want)
		}
	})
}

func TestDeletingADashboardTakesItsOwnChartsAndNoOthers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		admin := user(access.Admin)
		space := w.space(t, admin, shop, "Open", false)
		shared := w.chart(t, admin, shop, space, "Shared")
		board := w.dashboard(t, admin, shop, space, "Board", shared.UUID)
		own, err := w.CreateChart(w.ctx, admin, shop, content.NewChart{Name: "Own", Dashboard: board.UUID, Document: document(1)})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.DeleteDashboard(w.ctx, admin, board.UUID); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Chart(w.ctx, admin, own.UUID); !fault.Is(err, fault.NotFound) {
			t.Errorf("the dashboard's own chart is still there: %v", err)
		}
		if _, err := w.Chart(w.ctx, admin, shared.UUID); err != nil {
			t.Errorf("the shared chart is gone: %v", err)
		}
	})
}

func TestATileLosesItsChartAndNeverNamesOneOfAnotherProject(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		admin := user(access.Admin)
		here, there := w.space(t, admin, shop, "Open", false), w.space(t, admin, stage, "Open", false)
		gone := w.chart(t, admin, shop, here, "Gone")
		foreign := w.chart(t, admin, stage, there, "Foreign")
		board := w.dashboard(t, admin, shop, here, "Board", gone.UUID, foreign.UUID)
		if err := w.DeleteChart(w.ctx, admin, gone.UUID); err != nil {
			t.Fatal(err)
		}
		now, err := w.Dashboard(w.ctx, admin, board.UUID)
		if err != nil {
			t.Fatal(err)
		}
		for _, tile := range now.Document.Tiles {
			if tile.Chart != nil || tile.ChartName != nil {
				t.Errorf("a tile still shows %v", *tile.ChartName)
			}
		}
	})
}

func TestEmbeddedPrincipalsSeeWhatTheyAreConfinedTo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		admin := user(access.Admin)
		open, closed := w.space(t, admin, shop, "Open", false), w.space(t, admin, shop, "Closed", true)
		on, off := w.chart(t, admin, shop, open, "On"), w.chart(t, admin, shop, open, "Off")
		secret := w.chart(t, admin, shop, closed, "Secret")
		board, elsewhere := w.dashboard(t, admin, shop, open, "Board", on.UUID), w.dashboard(t, admin, shop, closed, "Elsewhere", secret.UUID)
		tenant := access.Principal{Kind: access.Tenant, Organization: org, Project: shop, Tenant: "t"}
		scoped := tenant
		scoped.Scope = &access.Scope{Dashboards: []string{board.UUID}}
		for _, c := range []struct {
			name string
			who  access.Principal
			seen bool
			err  error
		}{
			{"tenant, open dashboard", tenant, true, second(w.Dashboard(w.ctx, tenant, board.UUID))},
			{"tenant, private dashboard", tenant, false, second(w.Dashboard(w.ctx, tenant, elsewhere.UUID))},
			{"tenant, private chart", tenant, false, second(w.Chart(w.ctx, tenant, secret.UUID))},
			{"scope, its dashboard", scoped, true, second(w.Dashboard(w.ctx, scoped, board.UUID))},
			{"scope, its chart", scoped, true, second(w.Chart(w.ctx, scoped, on.UUID))},
			{"scope, another chart", scoped, false, second(w.Chart(w.ctx, scoped, off.UUID))},
			{"scope, another dashboard", scoped, false, second(w.Dashboard(w.ctx, scoped, elsewhere.UUID))},
			{"scope, deleting", scoped, false, w.DeleteDashboard(w.ctx, scoped, board.UUID)},
			{"scope, another chart on its dashboard", scoped, false,
				second(w.ChartRows(w.ctx, scoped, content.Run{Chart: off.UUID, Dashboard: board.UUID}))},
		} {
			if c.seen && c.err != nil || !c.seen && !refused(c.err) {
				t.Errorf("%s: %v", c.name, c.err)
			}
		}
		list, err := w.Dashboards(w.ctx, tenant, shop, content.DashboardSearch{})
		if err != nil || len(list) != 1 {
			t.Errorf("the tenant lists %d dashboards, %v", len(list), err)
		}
	})
}

func TestPromotingCarriesADashboardWithItsCharts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		admin := user(access.Admin)
		space := w.space(t, admin, stage, "Team", false)
		chart := w.chart(t, admin, stage, space, "Sales")
		board := w.dashboard(t, admin, stage, space, "Board", chart.UUID)
		promoted, err := w.PromoteDashboard(w.ctx, admin, board.UUID)
		if err != nil {
			t.Fatal(err)
		}
		tile := promoted.Document.Tiles[0]
		if promoted.Project != shop || tile.Chart == nil || *tile.Chart == chart.UUID || *tile.ChartName != "Sales" {
			t.Errorf("promoted to %s with %+v", promoted.Project, tile)
		}
		if _, err := w.PromoteDashboard(w.ctx, user(access.Editor), board.UUID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("an editor promotes into a space they don't manage: %v", err)
		}
	})
}

func TestCopyingAProjectKeepsSlugsTilesAndNothingHidden(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		admin := user(access.Admin)
		open, closed := w.space(t, admin, shop, "Open", false), w.space(t, admin, shop, "Closed", true)
		chart := w.chart(t, admin, shop, open, "Sales")
		w.chart(t, admin, shop, closed, "Secret")
		w.dashboard(t, admin, shop, open, "Board", chart.UUID)
		if err := w.Copy(w.ctx, user(access.Editor), shop, stage); err != nil {
			t.Fatal(err)
		}
		charts, err := w.Charts(w.ctx, admin, stage)
		if err != nil || len(charts) != 1 || charts[0].Slug != chart.Slug || charts[0].UUID == chart.UUID {
			t.Fatalf("the copy has %+v, %v", charts, err)
		}
		boards, err := w.Dashboards(w.ctx, admin, stage, content.DashboardSearch{Chart: charts[0].UUID})
		if err != nil || len(boards) != 1 {
			t.Errorf("%d copied dashboards show the copied chart, %v", len(boards), err)
		}
		if err := w.Erase(w.ctx, stage); err != nil {
			t.Fatal(err)
		}
		if charts, err := w.Charts(w.ctx, admin, stage); err != nil || len(charts) != 0 {
			t.Errorf("%d charts outlive their project, %v", len(charts), err)
		}
	})
}

func TestCommentsAreCleanedAndTellThoseTheyMention(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		admin := user(access.Admin)
		space := w.space(t, admin, shop, "Open", false)
		chart := w.chart(t, admin, shop, space, "Sales")
		board := w.dashboard(t, admin, shop, space, "Board", chart.UUID)
		tile := board.Document.Tiles[0].UUID
		_, err := w.AddComment(w.ctx, admin, board.UUID, tile, content.NewComment{Text: "hi",
			HTML:     `<p onclick="x()">hi <script>alert(1)</script><a href="javascript:x">b</a></p>`,
			Mentions: []string{idOf(access.Viewer), stranger().User}})
		if err != nil {
			t.Fatal(err)
		}
		found, err := w.Comments(w.ctx, user(access.Viewer), board.UUID)
		if err != nil || len(found[tile]) != 1 || found[tile][0].HTML != "<p>hi <a>b</a></p>" || found[tile][0].Removable {
			t.Errorf("the comment reads %+v, %v", found[tile], err)
		}
		notes, err := w.Notifications(w.ctx, user(access.Viewer))
		if err != nil || len(notes) != 1 || notes[0].TileName != "Sales" {
			t.Errorf("the notes are %+v, %v", notes, err)
		}
		if notes, err := w.Notifications(w.ctx, stranger()); err != nil || len(notes) != 0 {
			t.Errorf("somebody of another organization is told: %+v, %v", notes, err)
		}
		if _, err := w.AddComment(w.ctx, user(access.Viewer), board.UUID, tile, content.NewComment{}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a viewer comments: %v", err)
		}
	})
}

func TestDeliveriesRunAtMostHourly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		space := w.space(t, user(access.Admin), shop, "Open", false)
		chart := w.chart(t, user(access.Admin), shop, space, "Sales")
		for cron, ok := range map[string]bool{"0 9 * * *": true, "30 * * * 1": true, "* * * * *": false, "*/5 * * * *": false, "0,30 9 * * *": false, "nope": false, "": false} {
			_, err := w.CreateDelivery(w.ctx, user(access.Editor), content.Delivery{Chart: chart.UUID, Name: "x", Cron: cron,
				Details: content.DeliveryDetails{Format: "csv"}})
			if ok != (err == nil) || err != nil && !fault.Is(err, fault.Invalid) {
				t.Errorf("%q: %v", cron, err)
			}
		}
	})
}
