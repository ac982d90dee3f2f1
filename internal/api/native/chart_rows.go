package native

import (
	"context"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/content"
	"inlay/internal/fault"
)

// ChartRows are the operations on saved charts, without those that give rows of data.
func ChartRows(s *content.Service) []api.Operation {
	a := charts{s}
	row := func(id, method, path string, endpoint api.Endpoint) api.Operation {
		return api.Operation{ID: id, Method: method, Path: path, Auth: api.SessionOrKey, Tag: "Charts", Endpoint: endpoint}
	}
	return []api.Operation{
		op("ListChartsInProject", api.Handle(a.list)),
		op("ListChartSummariesInProject", api.Handle(a.summaries)),
		row("HasSavedCharts", "GET", "/api/v1/projects/{projectUuid}/hasSavedCharts", api.Handle(a.has)),
		embedded(row("CreateSavedChart", "POST", "/api/v1/projects/{projectUuid}/saved", api.Handle(a.create))),
		row("UpdateSavedCharts", "PATCH", "/api/v1/projects/{projectUuid}/saved", api.Handle(a.updateMany)),
		embedded(row("GetSavedChart", "GET", "/api/v1/saved/{chartUuid}", api.Handle(a.get))),
		row("GetSavedChartViews", "GET", "/api/v1/saved/{chartUuid}/views", api.Handle(a.views)),
		embedded(row("UpdateSavedChart", "PATCH", "/api/v1/saved/{chartUuid}", api.Handle(a.update))),
		embedded(row("DeleteSavedChart", "DELETE", "/api/v1/saved/{chartUuid}", api.Handle(a.delete))),
		embedded(row("CreateSavedChartVersion", "POST", "/api/v1/saved/{chartUuid}/version", api.Handle(a.addVersion))),
		op("GetChartHistory", api.Handle(a.history)),
		op("GetChartVersion", api.Handle(a.version)),
		op("postChartVersionRollback", api.Handle(a.rollback)),
	}
}

// embedded admits embed principals to a row with an address of its own.
func embedded(row api.Operation) api.Operation {
	row.Embed = true
	return row
}

type charts struct{ *content.Service }

type chartIn struct {
	Chart string `path:"chartUuid"`
}

func chartsToItems(found []content.Chart, err error) ([]chartItem, error) {
	list := []chartItem{}
	for _, chart := range found {
		list = append(list, chartToItem(chart))
	}
	return list, err
}

func (a charts) list(ctx context.Context, who access.Principal, in projectIn) ([]chartItem, error) {
	return chartsToItems(a.Charts(ctx, who, in.Project))
}

type summariesIn struct {
	Project string `path:"projectUuid"`
	Exclude *bool  `query:"excludeChartsSavedInDashboard"`
}

func (a charts) summaries(ctx context.Context, who access.Principal, in summariesIn) ([]chartSummary, error) {
	found, err := a.ChartSummaries(ctx, who, in.Project, in.Exclude == nil || !*in.Exclude)
	list := []chartSummary{}
	for _, chart := range found {
		list = append(list, chartToSummary(chart))
	}
	return list, err
}

func (a charts) has(ctx context.Context, who access.Principal, in projectIn) (bool, error) {
	return a.HasCharts(ctx, who, in.Project)
}

func chartOr(c *content.Chart, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return chartToWire(c), nil
}

type createChartIn struct {
	Project   string  `path:"projectUuid"`
	Duplicate *string `query:"duplicateFrom"`
	Body      struct {
		chartVersionBody
		Name          string  `json:"name"`
		Description   *string `json:"description"`
		SpaceUUID     *string `json:"spaceUuid"`
		DashboardUUID *string `json:"dashboardUuid"`
		ChartName     string  `json:"chartName"`
		ChartDesc     *string `json:"chartDesc"`
	} `body:"body,loose"`
}

func (a charts) create(ctx context.Context, who access.Principal, in createChartIn) (any, error) {
	if in.Duplicate != nil {
		return chartOr(a.DuplicateChart(ctx, who, in.Project, *in.Duplicate, in.Body.ChartName, in.Body.ChartDesc))
	}
	if in.Body.Name == "" {
		return nil, fault.New(fault.Invalid, "The chart has no name")
	}
	document, err := in.Body.document()
	if err != nil {
		return nil, err
	}
	return chartOr(a.CreateChart(ctx, who, in.Project, content.NewChart{Name: in.Body.Name, Description: in.Body.Description,
		Space: given(in.Body.SpaceUUID), Dashboard: given(in.Body.DashboardUUID), Document: document}))
}

// given is what a pointer points to, or nothing.
func given[T any](p *T) T {
	if p == nil {
		return *new(T)
	}
	return *p
}

func (a charts) get(ctx context.Context, who access.Principal, in chartIn) (any, error) {
	return chartOr(a.Chart(ctx, who, in.Chart))
}

type viewsWire struct {
	Views         int64   `json:"views"`
	FirstViewedAt *moment `json:"firstViewedAt"`
}

func (a charts) views(ctx context.Context, who access.Principal, in chartIn) (viewsWire, error) {
	views, first, err := a.ChartViews(ctx, who, in.Chart)
	return viewsWire{views, maybeMoment(first)}, err
}

type updateChartIn struct {
	Chart string `path:"chartUuid"`
	Body  struct {
		Name        *string `json:"name"`
		Description *string `json:"description"`
		SpaceUUID   *string `json:"spaceUuid"`
	} `body:"body,loose"`
}

func (a charts) update(ctx context.Context, who access.Principal, in updateChartIn) (any, error) {
	return chartOr(a.UpdateChart(ctx, who, in.Chart, content.ChartChange{Name: in.Body.Name,
		Description: in.Body.Description, Space: in.Body.SpaceUUID}))
}

type updateChartsIn struct {
	Project string `path:"projectUuid"`
	Body    []struct {
		UUID        string  `json:"uuid"`
		Name        *string `json:"name"`
		Description *string `json:"description"`
		SpaceUUID   *string `json:"spaceUuid"`
	} `body:"body,loose"`
}

func (a charts) updateMany(ctx context.Context, who access.Principal, in updateChartsIn) (any, error) {
	updates := []content.ChartUpdate{}
	for _, up := range in.Body {
		updates = append(updates, content.ChartUpdate{UUID: up.UUID, ChartChange: content.ChartChange{Name: up.Name,
			Description: up.Description, Space: up.SpaceUUID}})
	}
	changed, err := a.UpdateCharts(ctx, who, in.Project, updates)
	list := []openChart{}
	for _, chart := range changed {
		list = append(list, chartToWire(chart))
	}
	return list, err
}

func (a charts) delete(ctx context.Context, who access.Principal, in chartIn) (api.Empty, error) {
	return api.Empty{}, a.DeleteChart(ctx, who, in.Chart)
}

type addVersionIn struct {
	Chart string           `path:"chartUuid"`
	Body  chartVersionBody `body:"body,loose"`
}

func (a charts) addVersion(ctx context.Context, who access.Principal, in addVersionIn) (any, error) {
	document, err := in.Body.document()
	if err != nil {
		return nil, err
	}
	return chartOr(a.AddChartVersion(ctx, who, in.Chart, document))
}

func (a charts) history(ctx context.Context, who access.Principal, in chartIn) (map[string]any, error) {
	versions, err := a.ChartHistory(ctx, who, in.Chart)
	list := []chartVersionWire{}
	for _, version := range versions {
		list = append(list, versionToWire(version))
	}
	return map[string]any{"history": list}, err
}

type chartVersionIn struct {
	Chart   string `path:"chartUuid"`
	Version string `path:"versionUuid"`
}

func (a charts) version(ctx context.Context, who access.Principal, in chartVersionIn) (any, error) {
	chart, version, err := a.ChartAt(ctx, who, in.Chart, in.Version)
	if err != nil {
		return nil, err
	}
	wire, full := versionToWire(version), chartToWire(chart)
	wire.Chart = &full
	return wire, nil
}

func (a charts) rollback(ctx context.Context, who access.Principal, in chartVersionIn) (api.Empty, error) {
	return api.Empty{}, a.RollbackChart(ctx, who, in.Chart, in.Version)
}
