package native

import (
	"context"

	"inlay/internal/access"
	"inlay/internal/content"
	"inlay/internal/fault"
	"inlay/internal/query"
	"inlay/internal/schedule"
)

type asyncSQLIn struct {
	Project string `path:"projectUuid"`
	Body    struct {
		asyncCommon
		SQL   string     `json:"sql"`
		Limit *int       `json:"limit,omitempty"`
		Pivot *pivotWire `json:"pivotConfiguration,omitempty"`
	} `body:"body"`
}

// asyncSQLLimit is the number of rows of SQL when the request doesn't say.
const asyncSQLLimit = 500

func (h asyncRows) sql(ctx context.Context, who access.Principal, in asyncSQLIn) (startedQuery, error) {
	if err := h.may(ctx, who, in.Project, access.Manage, access.SQLRunner); err != nil {
		return startedQuery{}, err
	}
	st := query.Statement{Project: in.Project, SQL: in.Body.SQL, Limit: asyncSQLLimit, Purpose: query.SQLRunner, Pivot: in.Body.Pivot.pivot()}
	return h.startSQL(ctx, who, st, in.Body.Limit, in.Body.asyncCommon)
}

// startSQL runs SQL that who may run in the background. limit replaces that of the statement.
func (h asyncRows) startSQL(ctx context.Context, who access.Principal, st query.Statement, limit *int, c asyncCommon) (startedQuery, error) {
	if limit != nil {
		st.Limit = *limit
	}
	if err := checkLimit(st.Limit); err != nil {
		return startedQuery{}, err
	}
	if st.Pivot != nil {
		st.Pivot.Rows = st.Limit
		if err := st.Pivot.Check(); err != nil {
			return startedQuery{}, err
		}
	}
	id, err := h.tasks.StartQuery(ctx, who, h.door, schedule.Ask{SQL: st.SQL, Limit: st.Limit,
		Request: query.Request{Project: st.Project, Purpose: st.Purpose, Pivot: st.Pivot, Refresh: c.InvalidateCache}}, c.Context)
	return newStarted(id), err
}

// savedSQL names a saved SQL chart by its uuid or its slug.
type savedSQL struct {
	UUID  string `json:"savedSqlUuid,omitempty"`
	Slug  string `json:"slug,omitempty"`
	Limit *int   `json:"limit,omitempty"`
}

type asyncSQLChartIn struct {
	Project string `path:"projectUuid"`
	Body    struct {
		asyncCommon
		savedSQL
	} `body:"body"`
}

func (h asyncRows) sqlChart(ctx context.Context, who access.Principal, in asyncSQLChartIn) (startedQuery, error) {
	return h.startSaved(ctx, who, in.Project, in.Body.savedSQL, in.Body.asyncCommon)
}

type asyncSQLTileIn struct {
	Project string `path:"projectUuid"`
	Body    struct {
		asyncCommon
		savedSQL
		Dashboard string       `json:"dashboardUuid"`
		Tile      string       `json:"tileUuid"`
		Filters   looseFilters `json:"dashboardFilters"`
	} `body:"body"`
}

// sqlTile gives the rows of a SQL chart on a dashboard. Filters of a dashboard name fields, which SQL doesn't have: none
// of them applies.
func (h asyncRows) sqlTile(ctx context.Context, who access.Principal, in asyncSQLTileIn) (startedQuery, error) {
	if _, err := h.content.Dashboard(ctx, who, in.Body.Dashboard); err != nil {
		return startedQuery{}, err
	}
	started, err := h.startSaved(ctx, who, in.Project, in.Body.savedSQL, in.Body.asyncCommon)
	none := filtersToWire(content.DashboardFilters{})
	started.Applied = &none
	return started, err
}

func (h asyncRows) startSaved(ctx context.Context, who access.Principal, project string, saved savedSQL, c asyncCommon) (startedQuery, error) {
	var chart *content.SQLChart
	var err error
	switch {
	case saved.UUID != "":
		chart, err = h.content.SQLChart(ctx, who, project, saved.UUID)
	case saved.Slug != "":
		chart, err = h.content.SQLChartBySlug(ctx, who, project, saved.Slug)
	default:
		err = fault.Coded(fault.Invalid, "Parameter", "savedSqlUuid or slug must name the chart")
	}
	if err != nil {
		return startedQuery{}, err
	}
	if err := h.content.CountSQLChart(ctx, chart); err != nil {
		return startedQuery{}, err
	}
	return h.startSQL(ctx, who, query.Statement{Project: chart.Project, SQL: chart.SQL, Limit: chart.Limit, Purpose: query.Chart}, saved.Limit, c)
}
