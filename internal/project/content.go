package project

import (
	"context"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"inlay/internal/access"
)

// CustomMetric is a metric that a chart brings along, with the text that would make it part of the model.
type CustomMetric struct{ Name, Label, Model, YAML, ChartName, ChartURL string }

// CustomMetrics lists the metrics that charts bring along, of the charts that who may see.
func (s *Service) CustomMetrics(ctx context.Context, who access.Principal, id string) ([]CustomMetric, error) {
	charts, err := s.visibleCharts(ctx, who, id, access.View)
	if err != nil {
		return nil, err
	}
	found := []CustomMetric{}
	for _, c := range charts {
		for _, m := range c.Query.AdditionalMetrics {
			if m.Compares() {
				continue // a model has no such metrics
			}
			text, err := yaml.Marshal(map[string]any{m.Name: map[string]any{"label": m.Label, "type": m.Type, "sql": string(m.SQL)}})
			if err != nil {
				return nil, err
			}
			found = append(found, CustomMetric{m.Name, m.Label, m.Table, string(text), c.Name, s.chartURL(id, c.UUID)})
		}
	}
	return found, nil
}

func (s *Service) chartURL(project, chart string) string {
	return s.options.SiteURL + "/projects/" + project + "/saved/" + chart
}

func (s *Service) visibleCharts(ctx context.Context, who access.Principal, id string, action access.Action) ([]Chart, error) {
	p, err := s.allowed(ctx, who, action, access.Project, id)
	if err != nil || s.ports.Content == nil {
		return nil, err
	}
	charts, err := s.ports.Content.Charts(ctx, p.UUID)
	if err != nil {
		return nil, err
	}
	return s.ports.Content.Visible(ctx, who, p.UUID, charts)
}

// Exposure tells a dbt project which of its models a chart or dashboard stands on.
type Exposure struct {
	Name, Owner, Type, Label, URL string
	DependsOn                     []string
	Tags                          []string
}

// Exposures describes charts and dashboards for a dbt project.
func (s *Service) Exposures(ctx context.Context, who access.Principal, id string) ([]Exposure, error) {
	charts, err := s.visibleCharts(ctx, who, id, access.Manage)
	if err != nil || charts == nil {
		return nil, err
	}
	m, err := s.model(ctx, id)
	if err != nil {
		return nil, err
	}
	exposures, models := []Exposure{}, map[string][]string{}
	for _, c := range charts {
		models[c.UUID] = m.modelsOf(c.Explore)
		exposures = append(exposures, Exposure{
			Name: exposureName("chart", c.UUID), Owner: c.UpdatedBy, Type: "analysis", Label: c.Name,
			URL: s.chartURL(id, c.UUID), DependsOn: models[c.UUID], Tags: []string{"inlay", "chart"},
		})
	}
	dashboards, err := s.ports.Content.Dashboards(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, d := range dashboards {
		needs := []string{}
		for _, chart := range d.Charts {
			needs = append(needs, models[chart]...)
		}
		slices.Sort(needs)
		exposures = append(exposures, Exposure{
			Name: exposureName("dashboard", d.UUID), Owner: d.UpdatedBy, Type: "dashboard", Label: d.Name,
			URL:       s.options.SiteURL + "/projects/" + id + "/dashboards/" + d.UUID + "/view",
			DependsOn: slices.Compact(needs), Tags: []string{"inlay", "dashboard"},
		})
	}
	return exposures, nil
}

func exposureName(kind, id string) string {
	return "ld_" + kind + "_" + strings.ReplaceAll(id, "-", "_")
}

// modelsOf lists the models that an explore stands on, as dbt refers to them.
func (m *model) modelsOf(explore string) []string {
	refs := []string{}
	if e := m.byName[explore]; e != nil {
		for _, t := range e.Tables {
			refs = append(refs, "ref('"+t.OriginalName+"')")
		}
	}
	slices.Sort(refs)
	return slices.Compact(refs)
}
