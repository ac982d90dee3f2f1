package content_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"inlay/internal/access"
	"inlay/internal/content"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

// hostileDocuments are what no version of this server wrote, or an old one did.
var hostileDocuments = []string{
	``, `null`, `0`, `"x"`, `[]`, `{}`, `{"tableName":null,"metricQuery":null,"chartConfig":null,"tableConfig":null}`, `{"metricQuery":[]}`,
	`{"metricQuery":{"dimensions":null,"metrics":[null],"filters":[],"sorts":[null],"tableCalculations":[null],"limit":1e308}}`,
	`{"metricQuery":{"filters":{"dimensions":{"and":[null,{"or":null},{"target":null}]}}},"chartConfig":[1],"tableConfig":{"columnOrder":{"a":1}},"pivotConfig":7}`,
	`{"tiles":null,"tabs":[null],"filters":null}`, `{"tiles":[null,{"uuid":null,"type":"saved_chart","x":-1,"w":-9}],"filters":{"dimensions":[null,1,{"target":[]}]}}`,
	`{"tiles":[{"type":"no_such","chartUuid":"x"}],"tabs":{}}`, strings.Repeat(`{"metricQuery":`, 20_000), strings.Repeat("[", 200_000), "\x01\xff",
}

// TestH124_stored_documents_of_any_shape_are_read_or_refused: a document that can't be read is a fault of the thing that
// has it, and of no list that names it.
func TestH124_stored_documents_of_any_shape_are_read_or_refused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, admin := newWorld(db), user(access.Admin)
		space := w.space(t, admin, shop, "Open", false)
		chart := w.chart(t, admin, shop, space, "A").UUID
		board := w.dashboard(t, admin, shop, space, "B", chart).UUID
		acme := tenant("acme", editing...)
		name := "Ours"
		if _, err := w.SetOverlay(w.ctx, acme, board, content.Overlay{Name: &name}); err != nil {
			t.Fatal(err)
		}
		for _, document := range hostileDocuments {
			if !utf8.ValidString(document) && db.Dialect().Name().String() == "pg" {
				continue // PostgreSQL keeps no such text
			}
			for _, table := range []string{"chart_versions", "dashboard_versions", "dashboard_overlays"} {
				if _, err := db.NewUpdate().TableExpr(table).Set("document = ?", document).Where("1 = 1").Exec(w.ctx); err != nil {
					t.Fatal(table, err)
				}
			}
			for _, who := range []access.Principal{admin, acme} {
				_, _ = w.Chart(w.ctx, who, chart)
				_, _ = w.ChartHistory(w.ctx, who, chart)
				_, _ = w.ChartQuery(w.ctx, who, content.Run{Chart: chart, Dashboard: board})
				_, _ = w.ExportOfChart(w.ctx, who, content.Run{Chart: chart})
				_, _ = w.Dashboard(w.ctx, who, board)
				_, _, _ = w.Exports(w.ctx, who, content.BoardExport{Dashboard: board})
				_, _ = w.ChartPromotion(w.ctx, who, chart)
				if found, err := w.Charts(w.ctx, who, shop); err != nil || len(found) != 1 {
					t.Errorf("%.40q: charts %v, %v", document, found, err)
				}
				if found, err := w.Dashboards(w.ctx, who, shop, content.DashboardSearch{}); err != nil || len(found) != 1 {
					t.Errorf("%.40q: dashboards %v, %v", document, found, err)
				}
			}
		}
	})
}

// TestH126_a_short_address_carries_no_authority: it tells people of the organization a path, and opens nothing.
func TestH126_a_short_address_carries_no_authority(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, admin := newWorld(db), user(access.Admin)
		hidden := w.chart(t, admin, shop, w.space(t, admin, shop, "Closed", true), "Hidden").UUID
		link, err := w.CreateLink(w.ctx, admin, "/projects/"+shop+"/saved/"+hidden, "?a=b")
		if err != nil {
			t.Fatal(err)
		}
		if len(link.ID) < 16 {
			t.Errorf("%q can be guessed", link.ID)
		}
		viewer := user(access.Viewer)
		if got, err := w.Link(w.ctx, viewer, link.ID); err != nil || got.Path != link.Path {
			t.Errorf("a colleague is told %v, %v", got, err)
		}
		if _, err := w.Chart(w.ctx, viewer, hidden); !refused(err) {
			t.Errorf("the chart is open to who has its address: %v", err)
		}
		for name, who := range map[string]access.Principal{"a stranger": stranger(), "nobody": {}} {
			if got, err := w.Link(w.ctx, who, link.ID); !refused(err) {
				t.Errorf("%s is told %v, %v", name, got, err)
			}
		}
		for name, who := range map[string]access.Principal{"a tenant": tenant("acme", editing...), "nobody": {}} {
			if _, err := w.CreateLink(w.ctx, who, "/", ""); !refused(err) {
				t.Errorf("%s makes one: %v", name, err)
			}
		}
	})
}
