package content

import (
	"context"
	"encoding/json"
	"slices"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/query"
	"inlay/internal/schedule"
)

// exportable checks that somebody may make files of a project's rows.
func (s *Service) exportable(ctx context.Context, who access.Principal, project string) error {
	_, err := s.allowed(ctx, who, access.Manage, access.ExportCsv, project)
	return err
}

// ExportOfChart is the file of a chart's rows as its table shows them. Faults: NotFound, Forbidden.
func (s *Service) ExportOfChart(ctx context.Context, who access.Principal, r Run) (schedule.CSV, error) {
	r.Purpose = query.Export
	asked, err := s.ChartQuery(ctx, who, r)
	if err != nil {
		return schedule.CSV{}, err
	}
	if err := s.exportable(ctx, who, asked.Chart.Project); err != nil {
		return schedule.CSV{}, err
	}
	e := asked.Chart.shown()
	e.Request = asked.Request
	return e, nil
}

// shown is how a chart shows its columns: a table as it is configured, any other chart with the names of tables.
func (c *Chart) shown() schedule.CSV {
	var config struct {
		Config struct {
			TableNames bool `json:"showTableNames"`
			Columns    map[string]struct {
				Name    string `json:"name"`
				Visible *bool  `json:"visible"`
			} `json:"columns"`
		} `json:"config"`
	}
	_ = json.Unmarshal(c.Document.Config, &config) // what can't be read changes nothing
	e := schedule.CSV{Name: c.Name, TableNames: c.Type != "table" || config.Config.TableNames, Labels: map[string]string{},
		Order: columnOrder(c.Document.Table)}
	if c.Type != "table" {
		return e
	}
	for id, column := range config.Config.Columns {
		if column.Name != "" {
			e.Labels[id] = column.Name
		}
		if column.Visible != nil && !*column.Visible {
			e.Hidden = append(e.Hidden, id)
		}
	}
	return e
}

// BoardExport says what of a dashboard becomes files.
type BoardExport struct {
	Dashboard   string
	Filters     DashboardFilters // on top of the dashboard's own; one with the same id takes its place
	Granularity string
	Tabs        []string // uuids; empty is all
}

// Exports are the files of a dashboard: one a tile that shows a chart, in their order on the page. Faults: NotFound,
// Forbidden.
func (s *Service) Exports(ctx context.Context, who access.Principal, b BoardExport) (*Dashboard, []schedule.Part, error) {
	d, err := s.dashboard(ctx, who, b.Dashboard, access.View)
	if err != nil {
		return nil, nil, err
	}
	if err := s.exportable(ctx, who, d.Project); err != nil {
		return nil, nil, err
	}
	filters := d.Document.Filters.with(b.Filters)
	parts := []schedule.Part{}
	for _, tile := range inOrder(d.Document, b.Tabs) {
		part, err := s.exportOfTile(ctx, who, d, tile, filters, b.Granularity)
		if err != nil {
			return nil, nil, err
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return nil, nil, fault.New(fault.Invalid, "The dashboard shows no chart, so there is nothing to export")
	}
	return d, parts, nil
}

func (s *Service) exportOfTile(ctx context.Context, who access.Principal, d *Dashboard, tile Tile, filters DashboardFilters, granularity string) (schedule.Part, error) {
	if tile.Type == TileSQLChart {
		chart, err := s.SQLChart(ctx, who, d.Project, *tile.Chart)
		if err != nil {
			return schedule.Part{}, err
		}
		return schedule.Part{Name: tileName(tile), SQL: &schedule.SQLExport{
			Statement: query.Statement{Project: chart.Project, SQL: chart.SQL, Limit: chart.Limit, Purpose: query.Chart}}}, nil
	}
	e, err := s.ExportOfChart(ctx, who, Run{Chart: *tile.Chart, Dashboard: d.UUID, Filters: filters.ForTile(tile.UUID), Granularity: granularity})
	return schedule.Part{Name: tileName(tile), CSV: &e}, err
}

func tileName(t Tile) string {
	if title := text(t.Title); title != "" {
		return title
	}
	return text(t.ChartName)
}

// inOrder are a dashboard's tiles that show charts, tab by tab, from the top down and from left to right.
func inOrder(d DashboardDocument, tabs []string) []Tile {
	place := func(t Tile) int {
		return slices.IndexFunc(d.Tabs, func(tab Tab) bool { return tab.UUID == text(t.Tab) })
	}
	tiles := slices.DeleteFunc(slices.Clone(d.Tiles), func(t Tile) bool {
		return t.Chart == nil || len(tabs) > 0 && t.Tab != nil && !slices.Contains(tabs, *t.Tab)
	})
	slices.SortStableFunc(tiles, func(a, b Tile) int {
		return slices.Compare([]int{place(a), a.Y, a.X}, []int{place(b), b.Y, b.X})
	})
	return tiles
}
