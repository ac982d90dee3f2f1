package native

import (
	"context"
	"maps"
	"slices"
	"strings"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/content"
	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/query"
	"inlay/internal/schedule"
)

// AsyncRows are the operations that start queries in the background, and those that follow them. Each start asks for
// the abilities of its synchronous sister; what was started belongs to whoever started it.
func AsyncRows(door query.Door, projects query.Projects, s *content.Service, tasks *schedule.Service) []api.Operation {
	h := asyncRows{newQueryRows(door, projects), s, tasks}
	row := func(id, method, path string, endpoint api.Endpoint) api.Operation {
		return embedded(api.Operation{ID: id, Method: method, Path: "/api/v2/projects/{projectUuid}/query" + path,
			Auth: api.SessionOrKey, Tag: "Queries", Endpoint: endpoint})
	}
	sql := row("executeAsyncSqlQuery", "POST", "/sql", api.Handle(h.sql))
	sql.Embed = false // nobody whose rows are confined runs SQL
	sqlChart := row("executeAsyncSqlChartQuery", "POST", "/sql-chart", api.Handle(h.sqlChart))
	sqlTile := row("executeAsyncDashboardSqlChartQuery", "POST", "/dashboard-sql-chart", api.Handle(h.sqlTile))
	sqlChart.Embed, sqlTile.Embed = false, false
	return []api.Operation{
		sql, sqlChart, sqlTile,
		row("executeAsyncMetricQuery", "POST", "/metric-query", api.Handle(h.metrics)),
		row("executeAsyncSavedChartQuery", "POST", "/chart", api.Handle(h.chart)),
		row("executeAsyncDashboardChartQuery", "POST", "/dashboard-chart", api.Handle(h.tile)),
		row("executeAsyncUnderlyingDataQuery", "POST", "/underlying-data", api.Handle(h.underlying)),
		row("executeAsyncFieldValueSearch", "POST", "/field-values", api.Handle(h.values)),
		row("getQueryHistory", "GET", "/history", api.Handle(h.history)),
		row("getAsyncQueryResults", "GET", "/{queryUuid}", api.Handle(h.page)),
		row("getAsyncQueryStream", "GET", "/{queryUuid}/results", api.Handle(h.stream)),
		row("cancelAsyncQuery", "POST", "/{queryUuid}/cancel", api.Handle(h.cancel)),
		row("executeAsyncCalculateTotal", "POST", "/{queryUuid}/calculate-total", api.Handle(h.total)),
		row("scheduleDownloadResults", "POST", "/{queryUuid}/schedule-download", api.Handle(h.download)),
	}
}

type asyncRows struct {
	queryRows
	content *content.Service
	tasks   *schedule.Service
}

// asyncCommon is what every start takes.
type asyncCommon struct {
	Context         string            `json:"context,omitempty"`
	InvalidateCache bool              `json:"invalidateCache,omitempty"`
	Parameters      metric.Parameters `json:"parameters,omitempty"`
}

type dateZoom struct {
	Granularity string `json:"granularity,omitempty"`
}

// granularity is the zoom as the door knows it; clients write it with a capital or without.
func (z *dateZoom) granularity() (string, error) {
	if z == nil || z.Granularity == "" {
		return "", nil
	}
	for _, known := range []string{"Day", "Week", "Month", "Quarter", "Year"} {
		if strings.EqualFold(known, z.Granularity) {
			return known, nil
		}
	}
	return "", fault.Coded(fault.Invalid, "Parameter", "dateZoom.granularity is day, week, month, quarter or year, not %q", z.Granularity)
}

type startedQuery struct {
	Query       string         `json:"queryUuid"`
	Cache       asyncCache     `json:"cacheMetadata"`
	MetricQuery *fullQuery     `json:"metricQuery,omitempty"`
	Fields      map[string]any `json:"fields,omitempty"`
	Warnings    []queryWarning `json:"warnings"`
	References  []string       `json:"parameterReferences"`
	Parameters  map[string]any `json:"usedParametersValues"`
	Applied     *filtersWire   `json:"appliedDashboardFilters,omitempty"`
	Search      *string        `json:"search,omitempty"`
}

// asyncCache says whether the rows are there already when a query is started.
type asyncCache struct {
	wireCache
	Expires *moment `json:"cacheExpiresAt,omitempty"`
}

func cacheToWire(c query.Cache) asyncCache {
	out := asyncCache{wireCache: wireCache{Hit: c.Hit}}
	if c.Hit {
		asOf, until := moment(c.AsOf), moment(c.Until)
		out.Updated, out.Expires = &asOf, &until
	}
	return out
}

type queryWarning struct {
	Message string `json:"message"`
}

func newStarted(id string) startedQuery {
	return startedQuery{Query: id, Warnings: []queryWarning{}, References: []string{}, Parameters: map[string]any{}}
}

// start plans a request, so that what is wrong with it is said at once, and runs it in the background.
func (h asyncRows) start(ctx context.Context, who access.Principal, r query.Request, c asyncCommon) (startedQuery, error) {
	r.Refresh = c.InvalidateCache
	r.Query.Parameters = r.Query.Parameters.With(c.Parameters)
	if err := checkLimit(r.Query.Limit); err != nil {
		return startedQuery{}, err
	}
	compiled, err := h.door.Compile(ctx, who, r)
	if err != nil {
		return startedQuery{}, err
	}
	id, err := h.tasks.StartQuery(ctx, who, h.door, schedule.Ask{Request: r}, c.Context)
	if err != nil {
		return startedQuery{}, err
	}
	out := newStarted(id)
	asked := queryToWire(r.Query)
	out.MetricQuery, out.Fields, out.Cache = &asked, map[string]any{}, cacheToWire(compiled.Cache)
	for fieldID, field := range compiled.Fields {
		out.Fields[fieldID] = fieldFor(who, compiled.Explore, compiled.FieldSQL, field)
	}
	for _, name := range slices.Sorted(maps.Keys(compiled.Parameters)) {
		out.References = append(out.References, name)
		out.Parameters[name] = compiled.Parameters[name]
	}
	for _, warning := range compiled.Warnings {
		out.Warnings = append(out.Warnings, queryWarning{warning})
	}
	return out, nil
}

// checkLimit refuses at the start what could only fail, or give no rows, when nobody waits for it any more.
func checkLimit(limit int) error {
	if limit < 0 {
		return fault.Coded(fault.Invalid, "Parameter", "limit must not be negative")
	}
	return nil
}

type asyncMetricIn struct {
	Project string `path:"projectUuid"`
	Body    struct {
		asyncCommon
		Query metric.Query `json:"query"`
		Zoom  *dateZoom    `json:"dateZoom,omitempty"`
		Pivot *pivotWire   `json:"pivotConfiguration,omitempty"`
	} `body:"body"`
}

func (h asyncRows) metrics(ctx context.Context, who access.Principal, in asyncMetricIn) (startedQuery, error) {
	zoom, err := in.Body.Zoom.granularity()
	if err != nil {
		return startedQuery{}, err
	}
	if err := h.mayAsk(ctx, who, in.Project, in.Body.Query, access.Manage, access.Explore); err != nil {
		return startedQuery{}, err
	}
	return h.start(ctx, who, query.Request{Project: in.Project, Explore: in.Body.Query.ExploreName, Query: in.Body.Query,
		Purpose: query.Explore, Granularity: zoom, Pivot: in.Body.Pivot.pivot()}, in.Body.asyncCommon)
}

// asyncShown is how the rows of a saved chart are wanted: as many as it says, or in the table that it shows.
type asyncShown struct {
	Limit *int `json:"limit,omitempty" null:"ok"`
	Pivot bool `json:"pivotResults,omitempty"`
}

type asyncChartIn struct {
	Project string `path:"projectUuid"`
	Body    struct {
		asyncCommon
		Chart            string        `json:"chartUuid"`
		Version          string        `json:"versionUuid,omitempty"`
		DashboardFilters *looseFilters `json:"dashboardFilters,omitempty"`
		asyncShown
	} `body:"body"`
}

func (h asyncRows) chart(ctx context.Context, who access.Principal, in asyncChartIn) (startedQuery, error) {
	run := content.Run{Chart: in.Body.Chart, Version: in.Body.Version, Purpose: query.Chart}
	if in.Body.DashboardFilters != nil {
		run.Filters = in.Body.DashboardFilters.filters()
	}
	started, _, err := h.startChart(ctx, who, in.Project, run, in.Body.asyncShown, in.Body.asyncCommon)
	return started, err
}

func (h asyncRows) startChart(ctx context.Context, who access.Principal, project string, run content.Run, shown asyncShown, c asyncCommon) (startedQuery, *content.Asked, error) {
	asked, err := h.content.ChartQuery(ctx, who, run)
	if err != nil {
		return startedQuery{}, nil, err
	}
	if asked.Chart.Project != project {
		return startedQuery{}, nil, fault.New(fault.NotFound, "Saved query not found")
	}
	if shown.Limit != nil {
		asked.Request.Query.Limit = *shown.Limit
	}
	if shown.Pivot {
		asked.Request.Pivot = asked.Chart.Document.Pivoted()
	}
	started, err := h.start(ctx, who, asked.Request, c)
	return started, asked, err
}

type asyncTileIn struct {
	Project string `path:"projectUuid"`
	Body    struct {
		asyncCommon
		Chart     string        `json:"chartUuid"`
		Tile      string        `json:"tileUuid,omitempty"`
		Dashboard string        `json:"dashboardUuid"`
		Filters   looseFilters  `json:"dashboardFilters"`
		Sorts     []metric.Sort `json:"dashboardSorts"`
		Zoom      *dateZoom     `json:"dateZoom,omitempty"`
		asyncShown
	} `body:"body"`
}

func (h asyncRows) tile(ctx context.Context, who access.Principal, in asyncTileIn) (startedQuery, error) {
	b := in.Body
	zoom, err := b.Zoom.granularity()
	if err != nil {
		return startedQuery{}, err
	}
	run := content.Run{Chart: b.Chart, Dashboard: b.Dashboard, Parameters: b.Parameters, Filters: b.Filters.filters(), Sorts: b.Sorts, Granularity: zoom, Purpose: query.Tile}
	started, asked, err := h.startChart(ctx, who, in.Project, run, b.asyncShown, b.asyncCommon)
	if err != nil {
		return startedQuery{}, err
	}
	applied := filtersToWire(asked.Applied)
	started.Applied = &applied
	return started, nil
}

type asyncValuesIn struct {
	Project string `path:"projectUuid"`
	Body    struct {
		asyncCommon
		Table   string              `json:"table"`
		Field   string              `json:"fieldId"`
		Search  string              `json:"search"`
		Limit   *int                `json:"limit,omitempty"`
		Filters *metric.FilterGroup `json:"filters,omitempty"`
		Refresh bool                `json:"forceRefresh,omitempty"`
	} `body:"body"`
}

func (h asyncRows) values(ctx context.Context, who access.Principal, in asyncValuesIn) (startedQuery, error) {
	b := in.Body
	request, err := h.valuesRequest(ctx, who, in.Project, b.Field, wantedValues{b.Table, &b.Search, b.Limit, b.Filters})
	if err != nil {
		return startedQuery{}, err
	}
	b.InvalidateCache = b.InvalidateCache || b.Refresh
	started, err := h.start(ctx, who, request, b.asyncCommon)
	started.Search = &b.Search
	return started, err
}
