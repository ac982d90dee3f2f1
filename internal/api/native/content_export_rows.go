package native

import (
	"context"
	"encoding/json"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/content"
	"inlay/internal/fault"
	"inlay/internal/query"
	"inlay/internal/schedule"
)

// ContentExportRows are the operations that make files of saved charts and dashboards, and that run saved SQL.
func ContentExportRows(s *content.Service, door query.Door, projects query.Projects, tasks *schedule.Service) []api.Operation {
	a := contentExports{newQueryRows(door, projects), s, tasks}
	row := func(id, method, path string, endpoint api.Endpoint) api.Operation {
		return api.Operation{ID: id, Method: method, Path: "/api/v1" + path, Auth: api.SessionOrKey, Tag: "Exports", Endpoint: endpoint}
	}
	return []api.Operation{
		open("DownloadCsvFromSavedChart", api.Handle(a.chart)),
		row("ExportDashboardCsv", "POST", "/dashboards/{dashboardUuid}/exportCsv", api.Handle(a.dashboard)),
		row("ExportDashboardImage", "POST", "/dashboards/{dashboardUuid}/export", api.Handle(a.dashboard)),
		row("RunSqlChart", "GET", "/projects/{projectUuid}/sqlRunner/saved/{uuid}/results-job", api.Handle(a.runSQL)),
		row("RunSqlChartBySlug", "GET", "/projects/{projectUuid}/sqlRunner/saved/slug/{slug}/results-job", api.Handle(a.runSQLBySlug)),
	}
}

type contentExports struct {
	queryRows
	content *content.Service
	tasks   *schedule.Service
}

type chartExportIn struct {
	Chart string `path:"chartUuid"`
	Body  struct {
		DashboardFilters *looseFilters `json:"dashboardFilters,omitempty" null:"ok"`
		OnlyRaw          bool          `json:"onlyRaw"`
		CSVLimit         *float64      `json:"csvLimit" null:"ok"`
		TileUUID         *string       `json:"tileUuid,omitempty"`
	} `body:"body"`
}

func (a contentExports) chart(ctx context.Context, who access.Principal, in chartExportIn) (wireJobID, error) {
	run := content.Run{Chart: in.Chart, Purpose: query.Export}
	if in.Body.DashboardFilters != nil {
		run.Filters = in.Body.DashboardFilters.filters()
	}
	asked, err := a.content.ChartQuery(ctx, who, run)
	if err != nil {
		return wireJobID{}, err
	}
	chart := asked.Chart
	if err := a.may(ctx, who, chart.Project, access.Manage, access.ExportCsv); err != nil {
		return wireJobID{}, err
	}
	shown := columnsShown(chart)
	id, err := a.tasks.ExportCSV(ctx, who, a.door, schedule.CSV{Request: asked.Request, Raw: in.Body.OnlyRaw,
		Limit: a.exportLimit(ctx, who, chart.Project, in.Body.CSVLimit), TableNames: shown.TableNames, Labels: shown.Labels,
		Order: shown.Order, Hidden: shown.Hidden, Name: chart.Name})
	return wireJobID{id}, err
}

type shownColumns struct {
	TableNames    bool
	Labels        map[string]string
	Order, Hidden []string
}

// columnsShown is how a chart shows its columns: a table as it is configured, any other chart with the names of tables.
func columnsShown(c *content.Chart) shownColumns {
	var table struct {
		ColumnOrder []string `json:"columnOrder"`
	}
	var config struct {
		Config struct {
			TableNames bool `json:"showTableNames"`
			Columns    map[string]struct {
				Name    string `json:"name"`
				Visible *bool  `json:"visible"`
			} `json:"columns"`
		} `json:"config"`
	}
	_ = json.Unmarshal(c.Document.Table, &table)   // what can't be read changes nothing
	_ = json.Unmarshal(c.Document.Config, &config) // the same
	shown := shownColumns{TableNames: c.Type != "table" || config.Config.TableNames, Labels: map[string]string{}, Order: table.ColumnOrder}
	if c.Type != "table" {
		return shown
	}
	for id, column := range config.Config.Columns {
		if column.Name != "" {
			shown.Labels[id] = column.Name
		}
		if column.Visible != nil && !*column.Visible {
			shown.Hidden = append(shown.Hidden, id)
		}
	}
	return shown
}

// dashboard answers as a server does that has neither a place for large files nor a browser.
func (a contentExports) dashboard(context.Context, access.Principal, dashboardIn) (api.Empty, error) {
	return api.Empty{}, fault.Coded(fault.Unprocessable, "MissingConfig", "Cloud storage is not enabled")
}

func (a contentExports) runSQL(ctx context.Context, who access.Principal, in sqlChartIn) (wireJobID, error) {
	chart, err := a.content.SQLChart(ctx, who, in.Project, in.UUID)
	if err != nil {
		return wireJobID{}, err
	}
	return a.runSaved(ctx, who, chart)
}

func (a contentExports) runSQLBySlug(ctx context.Context, who access.Principal, in sqlChartSlugIn) (wireJobID, error) {
	chart, err := a.content.SQLChartBySlug(ctx, who, in.Project, in.Slug)
	if err != nil {
		return wireJobID{}, err
	}
	return a.runSaved(ctx, who, chart)
}

func (a contentExports) runSaved(ctx context.Context, who access.Principal, chart *content.SQLChart) (wireJobID, error) {
	if err := a.content.CountSQLChart(ctx, chart); err != nil {
		return wireJobID{}, err
	}
	id, err := a.tasks.RunSQL(ctx, who, a.door, schedule.SQLRun{Project: chart.Project, SQL: chart.SQL, Limit: chart.Limit, Purpose: query.Chart})
	return wireJobID{id}, err
}
