package content_test

import (
	"testing"

	"inlay/internal/access"
	"inlay/internal/content"
	"inlay/internal/fault"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

func TestCodeIsPutOnceAndThenChanged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		editor := user(access.Editor)
		chart := content.ChartCode{Slug: "sales", Name: "Sales", Space: "open", Dashboard: "board", Document: document(10)}
		board := content.DashboardCode{Slug: "board", Name: "Board", Space: "open", Charts: map[string]string{tile: "sales"},
			Document: content.DashboardDocument{Tiles: []content.Tile{{UUID: tile, Type: content.TileChart, W: 5, H: 5}}}}
		renamed, redrawn := chart, chart
		renamed.Name = "All sales"
		redrawn.Name, redrawn.Document = "All sales", document(20)
		space := content.SpaceCode{Slug: "open", Name: "Open"}
		closed := content.SpaceCode{Slug: "open", Name: "Closed now", Private: true}
		for _, step := range []struct {
			name string
			put  func() (content.Put, error)
			want content.Put
		}{
			{"a space", func() (content.Put, error) { return w.PutSpace(w.ctx, editor, shop, space) }, content.PutCreates},
			{"the space again", func() (content.Put, error) { return w.PutSpace(w.ctx, editor, shop, space) }, content.PutKeeps},
			{"a chart of a dashboard to come", func() (content.Put, error) { return w.PutChart(w.ctx, editor, shop, chart) }, content.PutCreates},
			{"the dashboard", func() (content.Put, error) { return w.PutDashboard(w.ctx, editor, shop, board) }, content.PutUpdates},
			{"the chart again", func() (content.Put, error) { return w.PutChart(w.ctx, editor, shop, chart) }, content.PutKeeps},
			{"the dashboard again", func() (content.Put, error) { return w.PutDashboard(w.ctx, editor, shop, board) }, content.PutKeeps},
			{"the chart by another name", func() (content.Put, error) { return w.PutChart(w.ctx, editor, shop, renamed) }, content.PutUpdates},
			{"the chart with another query", func() (content.Put, error) { return w.PutChart(w.ctx, editor, shop, redrawn) }, content.PutUpdates},
			{"the space, private", func() (content.Put, error) { return w.PutSpace(w.ctx, editor, shop, closed) }, content.PutUpdates},
			{"the same in another project", func() (content.Put, error) { return w.PutSpace(w.ctx, editor, stage, space) }, content.PutCreates},
			{"the chart there", func() (content.Put, error) { return w.PutChart(w.ctx, editor, stage, chart) }, content.PutCreates},
		} {
			if done, err := step.put(); err != nil || done != step.want {
				t.Errorf("%s: %s, %v; want %s", step.name, done, err, step.want)
			}
		}
		charts, total, err := w.ChartCodes(w.ctx, editor, shop, 0, 10)
		if err != nil || total != 1 || charts[0].Name != "All sales" || charts[0].Dashboard != "board" || charts[0].Document.Query.Limit != 20 {
			t.Errorf("%+v, %v", charts, err)
		}
		boards, total, err := w.DashboardCodes(w.ctx, editor, shop, 0, 10)
		if err != nil || total != 1 || boards[0].Charts[tile] != "sales" || boards[0].Name != "Board" {
			t.Errorf("%+v, %v", boards, err)
		}
		elsewhere, _, err := w.ChartCodes(w.ctx, editor, stage, 0, 10)
		if err != nil || len(elsewhere) != 1 || elsewhere[0].Slug != "sales" {
			t.Errorf("in another project: %+v, %v", elsewhere, err)
		}
	})
}

const tile = "44444444-0000-4000-8000-000000000001"

func TestH123_code_that_names_somebody_elses_things_gains_nothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		admin, editor := user(access.Admin), user(access.Editor)
		w.space(t, admin, shop, "Open", false)
		secret := w.space(t, admin, shop, "Secret", true)
		hidden := w.chart(t, admin, shop, secret, "Hidden")
		w.dashboard(t, admin, shop, secret, "Vault", hidden.UUID)
		chart := func(slug, space, dashboard string) content.ChartCode {
			return content.ChartCode{Slug: slug, Name: "Mine", Space: space, Dashboard: dashboard, Document: document(1)}
		}
		board := func(slug, space, shows string) content.DashboardCode {
			return content.DashboardCode{Slug: slug, Name: "Mine", Space: space, Charts: map[string]string{tile: shows},
				Document: content.DashboardDocument{Tiles: []content.Tile{{UUID: tile, Type: content.TileChart, W: 5, H: 5}}}}
		}
		for name, err := range map[string]error{
			"a hidden chart's slug":                 second(w.PutChart(w.ctx, editor, shop, chart("hidden", "open", ""))),
			"a hidden space's slug":                 second(w.PutSpace(w.ctx, editor, shop, content.SpaceCode{Slug: "secret", Name: "Mine"})),
			"a chart into a hidden space":           second(w.PutChart(w.ctx, editor, shop, chart("mine", "secret", ""))),
			"a chart of a hidden dashboard":         second(w.PutChart(w.ctx, editor, shop, chart("mine", "open", "vault"))),
			"a hidden dashboard's slug":             second(w.PutDashboard(w.ctx, editor, shop, board("vault", "open", ""))),
			"a dashboard in a hidden space":         second(w.PutDashboard(w.ctx, editor, shop, board("mine", "secret", ""))),
			"a tile of a hidden chart":              second(w.PutDashboard(w.ctx, editor, shop, board("mine", "open", "hidden"))),
			"a viewer":                              second(w.PutChart(w.ctx, user(access.Viewer), shop, chart("mine", "open", ""))),
			"another organization's project":        second(w.PutChart(w.ctx, stranger(), shop, chart("mine", "open", ""))),
			"one's own project, a space of another": second(w.PutChart(w.ctx, stranger(), abroad, chart("mine", "open", ""))),
		} {
			if !refused(err) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if codes, _, err := w.ChartCodes(w.ctx, editor, shop, 0, 10); err != nil || len(codes) != 0 {
			t.Errorf("an editor is given %+v, %v", codes, err)
		}
		if _, err := w.SpaceCodes(w.ctx, stranger(), shop); !fault.Is(err, fault.Forbidden) {
			t.Errorf("another organization lists spaces: %v", err)
		}
		if now, err := w.Chart(w.ctx, admin, hidden.UUID); err != nil || now.Name != "Hidden" {
			t.Errorf("the hidden chart is %+v, %v", now, err)
		}
	})
}

func TestPromotingAgainChangesWhatWasPromoted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		admin := user(access.Admin)
		chart := w.chart(t, admin, stage, w.space(t, admin, stage, "Open", false), "Sales")
		first, err := w.PromoteChart(w.ctx, admin, chart.UUID)
		if err != nil || first.Slug != chart.Slug {
			t.Fatalf("promoted as %+v, %v", first, err)
		}
		if _, err := w.AddChartVersion(w.ctx, admin, chart.UUID, document(20)); err != nil {
			t.Fatal(err)
		}
		second, err := w.PromoteChart(w.ctx, admin, chart.UUID)
		if err != nil || second.UUID != first.UUID || second.Document.Query.Limit != 20 {
			t.Errorf("promoted again as %+v, %v; the first was %s", second, err, first.UUID)
		}
		moved := w.space(t, admin, stage, "Elsewhere", false)
		if _, err := w.UpdateChart(w.ctx, admin, chart.UUID, content.ChartChange{Space: &moved}); err != nil {
			t.Fatal(err)
		}
		for _, want := range []content.PromotionAction{content.PromotionUpdates, content.PromotionKeeps} {
			diff, err := w.ChartPromotion(w.ctx, admin, chart.UUID)
			if err != nil || diff.Charts[0].Action != want {
				t.Errorf("promoting the moved chart does %+v, %v; want %s", diff, err, want)
			}
			if third, err := w.PromoteChart(w.ctx, admin, chart.UUID); err != nil || third.UUID != first.UUID || third.Space.Slug != "elsewhere" {
				t.Errorf("promoted from elsewhere as %+v, %v", third, err)
			}
		}
	})
}
