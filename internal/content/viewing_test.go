package content_test

import (
	"sync"
	"testing"

	"inlay/internal/access"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

func TestViewsOutliveACleanStop(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{newFixed(db), t.Context()}
		admin := user(access.Admin)
		space := w.space(t, admin, shop, "Space", false)
		chart := w.chart(t, admin, shop, space, "Chart")
		var looking sync.WaitGroup
		for range 50 {
			looking.Go(func() {
				if _, err := w.Chart(w.ctx, admin, chart.UUID); err != nil {
					t.Error(err)
				}
			})
		}
		looking.Wait()
		if err := w.Close(w.ctx); err != nil {
			t.Fatal(err)
		}
		var total, single int
		err := db.NewRaw(`SELECT c.views, (SELECT SUM(v.times) FROM content_views v WHERE v.item_uuid = c.uuid) FROM charts c WHERE c.uuid = ?`,
			chart.UUID).Scan(t.Context(), &total, &single)
		if err != nil || total != 50 || single != 50 {
			t.Errorf("%d in total, %d single ones: %v", total, single, err)
		}
	})
}
