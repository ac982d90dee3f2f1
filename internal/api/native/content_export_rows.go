package native

import (
	"context"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/content"
	"inlay/internal/fault"
	"inlay/internal/query"
	"inlay/internal/schedule"
)

// ContentExportRows are the operations that make files of saved charts and dashboards, and that run saved SQL. Without
// archives a dashboard's export answers as a server without storage does.
func ContentExportRows(s *content.Service, door query.Door, projects query.Projects, tasks *schedule.Service, archives bool) []api.Operation {
	a := contentExports{newQueryRows(door, projects), s, tasks}
	board := api.Handle(a.board)
	if !archives {
		board = api.Handle(a.unstored)
	}
	row := func(id, method, path string, endpoint api.Endpoint) api.Operation {
		return api.Operation{ID: id, Method: method, Path: "/api/v1" + path, Auth: api.SessionOrKey, Tag: "Exports", Endpoint: endpoint}
	}
	return []api.Operation{
		open("DownloadCsvFromSavedChart", api.Handle(a.chart)),
		row("ExportDashboardCsv", "POST", "/dashboards/{dashboardUuid}/exportCsv", board),
		row("ExportDashboardImage", "POST", "/dashboards/{dashboardUuid}/export", api.Handle(a.unstored)),
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
	run := content.Run{Chart: in.Chart}
	if in.Body.DashboardFilters != nil {
		run.Filters = in.Body.DashboardFilters.filters()
	}
	e, err := a.content.ExportOfChart(ctx, who, run)
	if err != nil {
		return wireJobID{}, err
	}
	e.Raw, e.Limit = in.Body.OnlyRaw, a.exportLimit(ctx, who, e.Request.Project, in.Body.CSVLimit)
	id, err := a.tasks.ExportCSV(ctx, who, a.door, e)
	return wireJobID{id}, err
}

type boardExportIn struct {
	Dashboard string `path:"dashboardUuid"`
	Body      struct {
		Filters     *looseFilters `json:"filters"`
		Granularity *string       `json:"dateZoomGranularity"`
	} `body:"body,loose"`
}

// board makes one archive of the tables of a dashboard's charts.
func (a contentExports) board(ctx context.Context, who access.Principal, in boardExportIn) (wireJobID, error) {
	export := content.BoardExport{Dashboard: in.Dashboard, Granularity: given(in.Body.Granularity)}
	if in.Body.Filters != nil {
		export.Filters = in.Body.Filters.filters()
	}
	d, parts, err := a.content.Exports(ctx, who, export)
	if err != nil {
		return wireJobID{}, err
	}
	id, err := a.tasks.ExportZip(ctx, who, a.door, d.Project, d.Name, parts)
	return wireJobID{id}, err
}

// unstored answers as a server does that keeps no pictures or archives.
func (a contentExports) unstored(context.Context, access.Principal, dashboardIn) (api.Empty, error) {
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
	id, err := a.tasks.RunSQL(ctx, who, a.door, query.Statement{Project: chart.Project, SQL: chart.SQL, Limit: chart.Limit, Purpose: query.Chart})
	return wireJobID{id}, err
}
