package content_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"inlay/internal/access"
	"inlay/internal/content"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

// editors is how many people save one dashboard at the same time.
const editors = 200

func TestTwoHundredEditorsOfOneDashboardLoseNoVersion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{newFixed(db), t.Context()}
		board := w.dashboard(t, user(access.Admin), shop, w.space(t, user(access.Admin), shop, "Open", false), "Busy")
		at := make(chan struct{})
		var saving sync.WaitGroup
		for n := range editors {
			saving.Go(func() {
				<-at
				document := content.DashboardDocument{Tiles: []content.Tile{{Type: content.TileMarkdown, H: 1, W: 1, Content: marker(n)}}}
				if _, err := w.UpdateDashboard(w.ctx, user(access.Editor), board.UUID, content.DashboardChange{Document: &document}); err != nil {
					t.Errorf("editor %d: %v", n, err)
				}
			})
		}
		close(at)
		saving.Wait()

		var versions []struct {
			Number   int
			Document string
		}
		err := db.NewSelect().TableExpr("dashboard_versions").Column("number", "document").
			Where("dashboard_uuid = ?", board.UUID).Order("number").Scan(w.ctx, &versions)
		if err != nil || len(versions) != editors+1 {
			t.Fatalf("%d versions are kept, %v; want %d", len(versions), err, editors+1)
		}
		var all strings.Builder
		for i, version := range versions {
			all.WriteString(version.Document)
			if version.Number != i+1 {
				t.Errorf("version %d has the number %d", i+1, version.Number)
			}
		}
		for n := range editors {
			if !strings.Contains(all.String(), marker(n)) {
				t.Errorf("what editor %d saved is lost", n)
			}
		}
		now, err := w.Dashboard(w.ctx, user(access.Viewer), board.UUID)
		last := versions[editors].Document
		if err != nil || len(now.Document.Tiles) != 1 || !strings.Contains(last, now.Document.Tiles[0].Content) {
			t.Errorf("the dashboard shows %+v, %v; the newest version is %s", now.Document.Tiles, err, last)
		}
		var tiles []string
		err = db.NewSelect().TableExpr("dashboard_tiles").Column("tile_uuid").Where("dashboard_uuid = ?", board.UUID).Scan(w.ctx, &tiles)
		if err != nil || len(tiles) != 1 || !strings.Contains(last, tiles[0]) {
			t.Errorf("the tiles that are found are %v, %v; the newest version is %s", tiles, err, last)
		}
	})
}

func marker(n int) string { return fmt.Sprintf("saved by editor %03d.", n) }
