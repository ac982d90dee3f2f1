package content

import (
	"context"
	"slices"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/query"
	"inlay/internal/semantic"
)

// Run asks for the rows of a chart.
type Run struct {
	Chart       string
	Version     string            // empty is the current one
	Dashboard   string            // the dashboard that shows it; empty is none
	Filters     DashboardFilters  // of the dashboard, as the viewer set them
	Parameters  metric.Parameters // of the dashboard, as the viewer set them
	Sorts       []metric.Sort     // replace the chart's own when given
	Granularity string
	Refresh     bool
	Purpose     query.Purpose
}

// Rows is a chart with its running query; the filters are those that were applied.
type Rows struct {
	Chart   *Chart
	Query   metric.Query // as asked: the chart's, with the dashboard's filters and sorts
	Result  *query.Result
	Applied DashboardFilters
}

// ChartRows runs a chart. On a dashboard it counts the view. Faults: NotFound, Forbidden, and those of the query.
func (s *Service) ChartRows(ctx context.Context, who access.Principal, r Run) (*Rows, error) {
	asked, err := s.ChartQuery(ctx, who, r)
	if err != nil {
		return nil, err
	}
	result, err := s.door.Run(ctx, who, asked.Request)
	if err != nil {
		return nil, err
	}
	return &Rows{Chart: asked.Chart, Query: asked.Request.Query, Result: result, Applied: asked.Applied}, nil
}

func (s *Service) chartToRun(ctx context.Context, who access.Principal, r Run) (*Chart, error) {
	if r.Dashboard != "" && who.Embedded() {
		if err := s.onDashboard(ctx, who, r.Dashboard, r.Chart); err != nil {
			return nil, err
		}
	}
	if r.Version != "" {
		chart, _, err := s.ChartAt(ctx, who, r.Chart, r.Version)
		return chart, err
	}
	return s.chart(ctx, who, r.Chart, access.View)
}

// onDashboard checks that an embedded principal sees the dashboard and that the chart is on it. Every tile of a page
// asks this.
func (s *Service) onDashboard(ctx context.Context, who access.Principal, dashboard, chart string) error {
	d, space, err := s.findDashboard(ctx, who, dashboard)
	if err == nil {
		err = allowDashboard(who, access.View, d, space)
	}
	if err == nil && !d.shows(chart) {
		err = noChart()
	}
	return err
}

// request makes the query of a run. Saved SQL is trusted, as only somebody who may write SQL could save it; what a tenant
// saved isn't, whoever runs it.
func (s *Service) request(ctx context.Context, who access.Principal, chart *Chart, r Run) (query.Request, DashboardFilters, error) {
	applied := DashboardFilters{}
	q, err := chart.query()
	if err != nil {
		return query.Request{}, applied, err
	}
	if r.Dashboard != "" || !r.Filters.empty() || len(r.Parameters) > 0 {
		explore, err := s.door.Explore(ctx, who, chart.Project, chart.Explore)
		if err != nil {
			return query.Request{}, applied, err
		}
		applied = r.Filters.On(explore)
		q = applied.Narrow(q)
		given, err := s.parametersOf(ctx, who, r, chart, explore)
		if err != nil {
			return query.Request{}, applied, err
		}
		q.Parameters = q.Parameters.With(given)
	}
	if len(r.Sorts) > 0 {
		q.Sorts = r.Sorts
	}
	return query.Request{Project: chart.Project, Explore: chart.Explore, Query: q, Purpose: r.Purpose,
		Granularity: r.Granularity, Refresh: r.Refresh, OfChart: true, Saved: chart.Space.Tenant == ""}, applied, nil
}

// parametersOf are the values for an explore that the viewer set, and else those that are stored with the dashboard that
// shows the chart. A dashboard that they may not see sets nothing.
func (s *Service) parametersOf(ctx context.Context, who access.Principal, r Run, chart *Chart, explore *semantic.Explore) (metric.Parameters, error) {
	given := r.Parameters
	if r.Dashboard != "" && len(explore.Parameters) > 0 {
		board, err := s.dashboard(ctx, who, r.Dashboard, access.View)
		switch {
		case err == nil && slices.ContainsFunc(board.Document.Tiles, func(t Tile) bool { return t.Chart != nil && *t.Chart == chart.UUID }):
			given = board.Document.Parameters.With(given)
		case err != nil && !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Forbidden):
			return nil, err
		}
	}
	return given.Of(explore), nil
}

func (f DashboardFilters) empty() bool {
	return len(f.Dimensions)+len(f.Metrics)+len(f.Calculations) == 0
}

// Asked is a chart with the query that a run of it asks; the filters are those that were applied.
type Asked struct {
	Chart   *Chart
	Request query.Request
	Applied DashboardFilters
}

// ChartQuery gives the query of a run without running it, for those who go on from there. For a tile of a dashboard it
// counts the view. Faults: NotFound, Forbidden.
func (s *Service) ChartQuery(ctx context.Context, who access.Principal, r Run) (*Asked, error) {
	chart, err := s.chartToRun(ctx, who, r)
	if err != nil {
		return nil, err
	}
	request, applied, err := s.request(ctx, who, chart, r)
	if err != nil {
		return nil, err
	}
	if r.Purpose == query.Tile {
		if err := s.viewed(ctx, who, chart.Project, "charts", chart.UUID); err != nil {
			return nil, err
		}
	}
	return &Asked{chart, request, applied}, nil
}

// ChartExplore gives the explore of a chart as the principal sees it. Faults: NotFound, Forbidden.
func (s *Service) ChartExplore(ctx context.Context, who access.Principal, id string) (*semantic.Explore, error) {
	chart, err := s.chart(ctx, who, id, access.View)
	if err != nil {
		return nil, err
	}
	return s.door.Explore(ctx, who, chart.Project, chart.Explore)
}

// ChartExplores gives the explores of several charts by chart. Charts that are gone or hidden are left out. Faults:
// NotFound when none is left.
func (s *Service) ChartExplores(ctx context.Context, who access.Principal, ids []string) (map[string]*semantic.Explore, error) {
	found := map[string]*semantic.Explore{}
	for _, id := range ids {
		explore, err := s.ChartExplore(ctx, who, id)
		switch {
		case fault.Is(err, fault.NotFound), fault.Is(err, fault.Forbidden):
			continue
		case err != nil:
			return nil, err
		}
		found[id] = explore
	}
	if len(found) == 0 {
		return nil, fault.New(fault.NotFound, "Saved queries not found")
	}
	return found, nil
}
