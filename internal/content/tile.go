package content

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
)

// Kinds of tile.
const (
	TileChart    = "saved_chart"
	TileSQLChart = "sql_chart"
	TileMarkdown = "markdown"
	TileLoom     = "loom"
	TileSemantic = "semantic_viewer_chart"
)

// Tile is one field of a dashboard.
type Tile struct {
	UUID, Type string
	X, Y, H, W int
	Tab        *string
	Title      *string
	HideTitle  bool
	Chart      *string // of a saved or SQL chart
	Content    string  // of markdown
	URL        string  // of a video

	// Filled in when the dashboard is read.
	ChartName, ChartKind *string
	Belongs              bool   // the chart belongs to this dashboard
	home                 string // uuid of the chart's space
}

// farthest is more than any page is wide or long.
const farthest = 100_000

// checkPlace refuses a place that is on no page. Faults: Invalid.
func (t Tile) checkPlace() error {
	for name, n := range map[string]int{"x": t.X, "y": t.Y, "w": t.W, "h": t.H} {
		if n < 0 || n > farthest {
			return fault.New(fault.Invalid, "tiles: %s must be between 0 and %d", name, farthest)
		}
	}
	return nil
}

type tileRow struct {
	bun.BaseModel `bun:"table:dashboard_tiles"`

	Dashboard string `bun:"dashboard_uuid,pk"`
	Tile      string `bun:"tile_uuid,pk"`
	Type      string `bun:"tile_type"`
	Title     string
	Chart     *string `bun:"chart_uuid"`
}

// shown is what a tile shows of its chart.
type shown struct {
	UUID      string  `bun:"uuid"`
	Project   string  `bun:"project_uuid"`
	Name      string  `bun:"name"`
	Kind      string  `bun:"chart_kind"`
	Dashboard *string `bun:"dashboard_uuid"`
	Space     string  `bun:"space_uuid"`
}

// nameCharts fills in what tiles show of their charts; a tile whose chart is gone loses it.
func nameCharts(ctx context.Context, db bun.IDB, project, dashboard string, tiles []Tile) error {
	for kind, table := range map[string]string{TileChart: "charts", TileSQLChart: "sql_charts"} {
		found, err := chartsShown(ctx, db, project, table, kind, tiles)
		if err != nil {
			return err
		}
		for i := range tiles {
			if tiles[i].Type != kind {
				continue
			}
			chart, ok := found[text(tiles[i].Chart)]
			if !ok {
				tiles[i].Chart = nil
				continue
			}
			tiles[i].ChartName, tiles[i].ChartKind = &chart.Name, &chart.Kind
			tiles[i].Belongs, tiles[i].home = text(chart.Dashboard) == dashboard, chart.Space
		}
	}
	return nil
}

// named gives the tiles without the names of charts that the principal can't open.
func (k *knownDashboard) named(who access.Principal, me *Member) []Tile {
	homes := make(map[string]Space, len(k.homes))
	for id, home := range k.homes {
		homes[id] = home.of(me)
	}
	tiles := slices.Clone(k.document.Tiles)
	for i := range tiles {
		if !k.elsewhere(tiles[i]) {
			continue
		}
		space := homes[tiles[i].home]
		thing := space.thing(access.SavedChart, *tiles[i].Chart)
		thing.Dashboards = []string{k.UUID}
		if space.ofOther(who) || !space.opens(who, access.View, thing) {
			tiles[i].ChartName = nil
		}
	}
	return tiles
}

func chartsShown(ctx context.Context, db bun.IDB, project, table, kind string, tiles []Tile) (map[string]shown, error) {
	ids := []string{}
	for _, tile := range tiles {
		if tile.Type == kind && tile.Chart != nil {
			ids = append(ids, *tile.Chart)
		}
	}
	found := map[string]shown{}
	if len(ids) == 0 {
		return found, nil
	}
	var rows []shown
	// The project isn't in the condition: SQLite would go through all that is in it, for a few ids.
	err := db.NewSelect().TableExpr(table).Column("uuid", "project_uuid", "name", "chart_kind", "dashboard_uuid", "space_uuid").
		Where("uuid IN (?)", bun.List(ids)).Scan(ctx, &rows)
	for _, row := range rows {
		if row.Project == project {
			found[row.UUID] = row
		}
	}
	return found, err
}

func (s *Service) tileTypes(ctx context.Context, dashboards []string) (map[string][]string, error) {
	types := map[string][]string{}
	if len(dashboards) == 0 {
		return types, nil
	}
	var rows []tileRow
	err := s.db.NewSelect().Model(&rows).ColumnExpr("DISTINCT dashboard_uuid, tile_type").
		Where("dashboard_uuid IN (?)", bun.List(dashboards)).Order("dashboard_uuid", "tile_type").Scan(ctx)
	for _, row := range rows {
		types[row.Dashboard] = append(types[row.Dashboard], row.Type)
	}
	return types, err
}
