package content

import (
	"context"
	"encoding/json"
	"slices"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/query"
	"inlay/internal/semantic"
)

var _ query.Scopes = (*Service)(nil)

// Askable gives what somebody who is confined to dashboards or charts may ask about beside them; see query.Scopes.
func (s *Service) Askable(ctx context.Context, who access.Principal) (map[string][]string, error) {
	fields := map[string][]string{}
	if who.Scope == nil {
		return fields, nil
	}
	charts, filters := slices.Clone(who.Scope.Charts), []string{}
	for _, id := range who.Scope.Dashboards {
		d, err := s.dashboard(ctx, who, id, access.View)
		if err != nil {
			return nil, err
		}
		for _, tile := range d.Document.Tiles {
			if tile.Type == TileChart && tile.Chart != nil {
				charts = append(charts, *tile.Chart)
			}
		}
		filters = append(filters, d.Document.Filters.fields()...)
	}
	for _, id := range charts {
		chart, err := s.chart(ctx, who, id, access.View)
		if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) {
			continue
		}
		if err != nil {
			return nil, err
		}
		explore, err := s.door.Explore(ctx, who, chart.Project, chart.Explore)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		fields[explore.Name] = append(append(fields[explore.Name], chart.Document.fields(explore)...), filters...)
	}
	return fields, nil
}

// fields lists what a chart selects and filters by, and what shows the rows behind its numbers.
func (d ChartDocument) fields(e *semantic.Explore) []string {
	ids := slices.Concat(d.Query.Dimensions, d.Query.Metrics)
	for _, item := range ids {
		ids = append(ids, query.Behind(e, d.Query, item)...)
	}
	for _, rule := range slices.Concat(d.Query.Filters.Dimensions.Rules(), d.Query.Filters.Metrics.Rules()) {
		ids = append(ids, rule.Target.FieldID)
	}
	return ids
}

// fields lists what the filters are about.
func (f DashboardFilters) fields() []string {
	ids := []string{}
	for _, filter := range slices.Concat(f.Dimensions, f.Metrics) {
		var rule dashboardRule
		if json.Unmarshal(filter, &rule) == nil {
			ids = append(ids, rule.Target.FieldID)
		}
	}
	return ids
}
