package project

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"inlay/internal/metric"
	"inlay/internal/semantic"
)

// validate finds what is broken.
func (s *Service) validate(ctx context.Context, project string, targets []Target, m *model) ([]Finding, error) {
	found := []Finding{}
	if slices.Contains(targets, TableTarget) {
		found = append(found, brokenTables(m)...)
	}
	charts, dashboards, err := s.contents(ctx, project)
	if err != nil {
		return nil, err
	}
	byName := map[string]*semantic.Explore{}
	for _, e := range m.explores {
		byName[e.Name] = e
	}
	broken := map[string]bool{}
	for _, c := range charts {
		problems := brokenChart(byName[c.Explore], *c)
		broken[c.UUID] = len(problems) > 0
		if slices.Contains(targets, ChartTarget) {
			found = append(found, problems...)
		}
	}
	if slices.Contains(targets, DashboardTarget) {
		for _, d := range dashboards {
			found = append(found, brokenDashboard(m.explores, charts, broken, *d)...)
		}
	}
	return found, nil
}

func brokenTables(m *model) []Finding {
	found := []Finding{}
	for _, e := range m.explores {
		for _, problem := range e.Errors {
			found = append(found, Finding{Source: "table", Name: e.Name, Error: problem.Message, ErrorType: "model"})
		}
	}
	for _, problem := range m.problems {
		if problem.Model == "" { // a file that holds no model that could be read
			found = append(found, Finding{Source: "table", Name: problem.File, Error: problem.Message, ErrorType: "model"})
		}
	}
	return found
}

// brokenChart checks that what a chart refers to exists.
func brokenChart(e *semantic.Explore, c Chart) []Finding {
	found := []Finding{}
	say := func(kind, field, format string, args ...any) {
		found = append(found, Finding{
			Source: "chart", Item: c.UUID, Name: c.Name, ErrorType: kind, Field: field, Error: fmt.Sprintf(format, args...),
		})
	}
	if e == nil || len(e.Errors) > 0 {
		say("model", "", "Model error: the table %q no longer exists or is broken", c.Explore)
		return found
	}
	known := newFields(e, c.Query)
	for _, id := range c.Query.Dimensions {
		if !known.dimensions[id] {
			say("dimension", id, "Dimension error: the field '%s' no longer exists", id)
		}
	}
	for _, id := range c.Query.Metrics {
		if !known.metrics[id] {
			say("metric", id, "Metric error: the field '%s' no longer exists", id)
		}
	}
	for _, id := range filtered(c.Query.Filters) {
		if !known.any(id) {
			say("filter", id, "Filter error: the field '%s' no longer exists", id)
		}
	}
	for _, sort := range c.Query.Sorts {
		if !known.any(sort.FieldID) {
			say("sorting", sort.FieldID, "Sorting error: the field '%s' no longer exists", sort.FieldID)
		}
	}
	for _, m := range c.Query.AdditionalMetrics {
		base := semantic.FieldID(m.Table, m.BaseDimensionName)
		if m.BaseDimensionName != "" && !known.dimensions[base] {
			say("custom metric", base, "Custom metric error: the base field '%s' no longer exists", base)
		}
		if m.Compares() && !known.metrics[m.BaseMetricID] {
			say("custom metric", m.BaseMetricID, "Custom metric error: the base field '%s' no longer exists", m.BaseMetricID)
		}
		if m.Compares() && !known.dimensions[m.TimeDimensionID] {
			say("custom metric", m.TimeDimensionID, "Custom metric error: the base field '%s' no longer exists", m.TimeDimensionID)
		}
	}
	return found
}

// brokenDashboard checks the charts and filters of a dashboard.
func brokenDashboard(explores []*semantic.Explore, charts map[string]*Chart, broken map[string]bool, d Dashboard) []Finding {
	found := []Finding{}
	say := func(kind, field, chart, format string, args ...any) {
		found = append(found, Finding{Source: "dashboard", Item: d.UUID, Name: d.Name, ErrorType: kind, Field: field,
			Chart: chart, Error: fmt.Sprintf(format, args...)})
	}
	for _, id := range d.Charts {
		if c := charts[id]; c == nil {
			say("chart", "", "", "A chart of this dashboard no longer exists")
		} else if broken[id] {
			say("chart", "", c.Name, "The chart '%s' is broken on this dashboard", c.Name)
		}
	}
	for _, f := range d.Filters {
		if !slices.ContainsFunc(explores, func(e *semantic.Explore) bool { return newFields(e, metric.Query{}).any(f.Field) }) {
			say("filter", f.Field, "", "Filter error: the field '%s' no longer exists", f.Field)
		}
	}
	return found
}

// fields are the ids that a query can refer to.
type fields struct{ dimensions, metrics, calculations map[string]bool }

func newFields(e *semantic.Explore, q metric.Query) fields {
	f := fields{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for alias, t := range e.Tables {
		for _, d := range t.Dimensions {
			f.dimensions[semantic.FieldID(alias, d.Name)] = true
		}
		for _, m := range t.Metrics {
			f.metrics[semantic.FieldID(alias, m.Name)] = true
		}
	}
	for _, m := range q.AdditionalMetrics {
		f.metrics[semantic.FieldID(m.Table, m.Name)] = true
	}
	for _, d := range q.CustomDimensions {
		f.dimensions[d.ID] = true
	}
	for _, c := range q.TableCalculations {
		f.calculations[c.Name] = true
	}
	return f
}

func (f fields) any(id string) bool { return f.dimensions[id] || f.metrics[id] || f.calculations[id] }

// filtered lists the fields that filters refer to.
func filtered(all metric.Filters) []string {
	ids := []string{}
	var visit func(g *metric.FilterGroup)
	visit = func(g *metric.FilterGroup) {
		if g == nil {
			return
		}
		if g.Rule != nil {
			ids = append(ids, strings.TrimSpace(g.Rule.Target.FieldID))
		}
		for i := range g.And {
			visit(&g.And[i])
		}
		for i := range g.Or {
			visit(&g.Or[i])
		}
	}
	visit(all.Dimensions)
	visit(all.Metrics)
	visit(all.TableCalculations)
	return ids
}
