package content_test

import (
	"reflect"
	"testing"

	"inlay/internal/access"
	"inlay/internal/content"
	"inlay/internal/metric"
	"inlay/internal/query"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

func TestADashboardsStoredParametersHoldForItsCharts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(db)
		admin := user(access.Admin)
		space, hidden := w.space(t, admin, shop, "Open", false), w.space(t, admin, shop, "Hidden", true)
		chart := w.chart(t, admin, shop, space, "By region")
		stored := metric.Parameters{"region": "north", "year": "2024", "unknown": "x"}
		board := func(space string, charts ...string) string {
			made := w.dashboard(t, admin, shop, space, "Board", charts...)
			document := made.Document
			document.Parameters = stored
			if _, err := w.UpdateDashboard(w.ctx, admin, made.UUID, content.DashboardChange{Document: &document}); err != nil {
				t.Fatal(err)
			}
			return made.UUID
		}
		shown, secret, other := board(space, chart.UUID), board(hidden, chart.UUID), board(space)
		for name, c := range map[string]struct {
			run  content.Run
			want metric.Parameters
		}{
			"what is stored":                {content.Run{Dashboard: shown}, metric.Parameters{"region": "north", "year": "2024"}},
			"what the viewer sets":          {content.Run{Dashboard: shown, Parameters: metric.Parameters{"region": "south"}}, metric.Parameters{"region": "south", "year": "2024"}},
			"no dashboard":                  {content.Run{}, nil},
			"a dashboard that nobody shows": {content.Run{Dashboard: secret}, nil},
			"a dashboard without the chart": {content.Run{Dashboard: other}, nil},
		} {
			c.run.Chart, c.run.Purpose = chart.UUID, query.Chart
			asked, err := w.ChartQuery(w.ctx, user(access.Viewer), c.run)
			if err != nil {
				t.Fatal(name, err)
			}
			if got := asked.Request.Query.Parameters; len(got)+len(c.want) > 0 && !reflect.DeepEqual(got, c.want) {
				t.Errorf("%s: want %v, got %v", name, c.want, got)
			}
		}
	})
}
