package native

import (
	"context"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/content"
)

// PromotionRows are the operations that carry content to a project's upstream project.
func PromotionRows(s *content.Service) []api.Operation {
	a := promotions{s}
	return []api.Operation{
		op("promoteChart", api.Handle(a.chart)),
		op("promoteChartDiff", api.Handle(a.chartDiff)),
		op("promoteDashboard", api.Handle(a.dashboard)),
		op("promoteDashboardDiff", api.Handle(a.dashboardDiff)),
	}
}

type promotions struct{ *content.Service }

type promotedChart struct {
	chartWire
	SpaceSlug string `json:"spaceSlug"`
	OldUUID   string `json:"oldUuid"`
}

type promotedDashboard struct {
	dashboardWire
	SpaceSlug string `json:"spaceSlug"`
}

type promotedChange struct {
	Action content.PromotionAction `json:"action"`
	Data   any                     `json:"data"`
}

type promotionWire struct {
	Spaces     []promotedChange `json:"spaces"`
	Dashboards []promotedChange `json:"dashboards"`
	Charts     []promotedChange `json:"charts"`
}

// promotionToWire shows things of the origin as they would be upstream: what is not there yet keeps its own ids.
func promotionToWire(who access.Principal, p *content.Promotion) promotionWire {
	space := summaryOf(who, p.Space.Space)
	space.ProjectUUID = p.Upstream.UUID
	w := promotionWire{Spaces: []promotedChange{{p.Space.Action, space}}, Dashboards: []promotedChange{}, Charts: []promotedChange{}}
	for _, up := range p.Above {
		above := summaryOf(who, up.Space)
		above.ProjectUUID = p.Upstream.UUID
		w.Spaces = append(w.Spaces, promotedChange{up.Action, above})
	}
	for _, c := range p.Charts {
		chart := promotedChart{bareChart(c.Chart), space.Slug, c.Chart.UUID}
		chart.ProjectUUID, chart.SpaceUUID = p.Upstream.UUID, space.UUID
		if c.Target != "" {
			chart.UUID = c.Target
		}
		w.Charts = append(w.Charts, promotedChange{c.Action, chart})
	}
	if d := p.Dashboard; d != nil {
		dashboard := promotedDashboard{bareDashboard(d.Dashboard), space.Slug}
		dashboard.ProjectUUID, dashboard.SpaceUUID = p.Upstream.UUID, space.UUID
		if d.Target != "" {
			dashboard.UUID = d.Target
		}
		w.Dashboards = append(w.Dashboards, promotedChange{d.Action, dashboard})
	}
	return w
}

func (a promotions) chartDiff(ctx context.Context, who access.Principal, in chartIn) (any, error) {
	p, err := a.ChartPromotion(ctx, who, in.Chart)
	if err != nil {
		return nil, err
	}
	return promotionToWire(who, p), nil
}

func (a promotions) chart(ctx context.Context, who access.Principal, in chartIn) (any, error) {
	chart, err := a.PromoteChart(ctx, who, in.Chart)
	if err != nil {
		return nil, err
	}
	return promotedChart{bareChart(chart), chart.Space.Slug, in.Chart}, nil
}

func (a promotions) dashboardDiff(ctx context.Context, who access.Principal, in dashboardIn) (any, error) {
	p, err := a.DashboardPromotion(ctx, who, in.Dashboard)
	if err != nil {
		return nil, err
	}
	return promotionToWire(who, p), nil
}

func (a promotions) dashboard(ctx context.Context, who access.Principal, in dashboardIn) (any, error) {
	dashboard, err := a.PromoteDashboard(ctx, who, in.Dashboard)
	if err != nil {
		return nil, err
	}
	return promotedDashboard{bareDashboard(dashboard), dashboard.Space.Slug}, nil
}
