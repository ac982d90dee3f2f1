package content

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/metric"
)

// PromotionAction is what a promotion does to one thing in the upstream project.
type PromotionAction string

// Actions of a promotion.
const (
	PromotionCreates PromotionAction = "create"
	PromotionUpdates PromotionAction = "update"
	PromotionKeeps   PromotionAction = "no changes"
)

// Promotion is what promoting something would do, or did, to the upstream project.
type Promotion struct {
	Upstream  Project
	Space     PromotedSpace
	Above     []PromotedSpace // what a space that is created will lie in, the next first
	Charts    []PromotedChart
	Dashboard *PromotedDashboard
}

// PromotedSpace is the space that things are promoted into: the upstream one with the same slug, or the origin.
type PromotedSpace struct {
	Action PromotionAction
	Space  Space
}

// PromotedChart is a chart of the origin; Target is its counterpart upstream, if there is one.
type PromotedChart struct {
	Action PromotionAction
	Chart  *Chart
	Target string
}

// PromotedDashboard is a dashboard of the origin; Target is its counterpart upstream, if there is one.
type PromotedDashboard struct {
	Action    PromotionAction
	Dashboard *Dashboard
	Target    string
}

// ChartPromotion tells what promoting a chart would do. Faults: NotFound, Forbidden.
func (s *Service) ChartPromotion(ctx context.Context, who access.Principal, id string) (*Promotion, error) {
	row, space, err := s.findChart(ctx, who, id)
	if err != nil {
		return nil, err
	}
	if row.Dashboard != nil {
		return nil, fault.New(fault.Invalid, "Failed to promote chart: it belongs to a dashboard, which can be promoted instead")
	}
	p, err := s.promotion(ctx, who, "chart", space)
	if err != nil {
		return nil, err
	}
	if !space.opens(who, access.Promote, space.thing(access.SavedChart, row.UUID)) {
		return nil, fault.New(fault.Forbidden, "Failed to promote chart: you don't have access to edit this chart in the origin project.")
	}
	if err := s.addChart(ctx, who, p, row.UUID); err != nil {
		return nil, err
	}
	return p, s.mayPromote(who, p)
}

// DashboardPromotion tells what promoting a dashboard, with the charts on its tiles, would do. Faults: NotFound,
// Forbidden.
func (s *Service) DashboardPromotion(ctx context.Context, who access.Principal, id string) (*Promotion, error) {
	row, space, err := s.findDashboard(ctx, who, id)
	if err != nil {
		return nil, err
	}
	p, err := s.promotion(ctx, who, "dashboard", space)
	if err != nil {
		return nil, err
	}
	if !space.opens(who, access.Promote, space.thing(access.Dashboard, row.UUID)) {
		return nil, fault.New(fault.Forbidden, "Failed to promote dashboard: you don't have access to edit this dashboard in the origin project.")
	}
	d, err := s.fullDashboard(ctx, who, row, space)
	if err != nil {
		return nil, err
	}
	p.Dashboard = &PromotedDashboard{Action: PromotionCreates, Dashboard: d}
	if p.Dashboard.Target, err = s.bySlug(ctx, "dashboards", p.Upstream, d.Slug); err != nil {
		return nil, err
	}
	if p.Dashboard.Target != "" {
		if _, err := s.dashboard(ctx, who, p.Dashboard.Target, access.Promote); err != nil {
			return nil, err
		}
		p.Dashboard.Action = PromotionUpdates
	}
	for _, tile := range d.Document.Tiles {
		if tile.Type != TileChart || tile.Chart == nil {
			continue
		}
		if err := s.addChart(ctx, who, p, *tile.Chart); err != nil {
			return nil, err
		}
	}
	return p, s.mayPromote(who, p)
}

// promotion finds the upstream project of an origin, and the space there that answers to the origin's.
func (s *Service) promotion(ctx context.Context, who access.Principal, what string, from Space) (*Promotion, error) {
	missing := fault.New(fault.NotFound, "This %s does not have an upstream project", what)
	upstream, err := s.upstreamOf(ctx, who, from.Project)
	if err != nil {
		return nil, err
	}
	if upstream == "" {
		return nil, missing
	}
	p := &Promotion{Upstream: Project{UUID: upstream, Organization: who.Organization}}
	spaces, err := s.homes(ctx, who, upstream)
	if err != nil {
		return nil, err
	}
	p.Space = promoted(from, spaces)
	for up := from.Parent(who); up != nil && p.next().Action == PromotionCreates; up = up.Parent(who) {
		p.Above = append(p.Above, promoted(*up, spaces))
	}
	one := []Space{p.Space.Space}
	err = s.count(ctx, who, one)
	p.Space.Space = one[0]
	return p, err
}

// promoted is the upstream space with the slug of the origin's, or that one, to be created.
func promoted(from Space, upstream []Space) PromotedSpace {
	for _, space := range upstream {
		if space.Slug == from.Slug {
			return PromotedSpace{PromotionKeeps, space}
		}
	}
	return PromotedSpace{PromotionCreates, from}
}

// next is the space nearest to the top of all that the promotion is about.
func (p *Promotion) next() PromotedSpace {
	if len(p.Above) > 0 {
		return p.Above[len(p.Above)-1]
	}
	return p.Space
}

// upstreamOf gives the upstream project of a project; people who may not view the project have none to promote to.
func (s *Service) upstreamOf(ctx context.Context, who access.Principal, project string) (string, error) {
	p, err := s.projects.Get(ctx, who, project)
	if fault.Is(err, fault.Forbidden) {
		return "", nil
	}
	if err != nil || p.Upstream == "" {
		return "", err
	}
	_, err = s.project(ctx, who, p.Upstream)
	return p.Upstream, err
}

func (s *Service) addChart(ctx context.Context, who access.Principal, p *Promotion, id string) error {
	chart, err := s.chart(ctx, who, id, access.View)
	if err != nil {
		return err
	}
	promoted := PromotedChart{Action: PromotionCreates, Chart: chart}
	if promoted.Target, err = s.bySlug(ctx, "charts", p.Upstream, chart.Slug); err != nil {
		return err
	}
	if promoted.Target != "" {
		there, err := s.chart(ctx, who, promoted.Target, access.Promote)
		if err != nil {
			return err
		}
		promoted.Action = PromotionUpdates
		// What is shown on a dashboard stays where it lies upstream; what is promoted by itself moves like its original.
		if sameChart(chart, there) && (p.Dashboard != nil || chart.Space.Slug == there.Space.Slug) {
			promoted.Action = PromotionKeeps
		}
	}
	p.Charts = append(p.Charts, promoted)
	return nil
}

func sameChart(a, b *Chart) bool {
	one, err := json.Marshal(storedChart(a.Document))
	if err != nil {
		return false
	}
	other, err := json.Marshal(storedChart(b.Document))
	return err == nil && a.Name == b.Name && text(a.Description) == text(b.Description) &&
		bytes.Equal(one, other)
}

// mayPromote checks the upstream side: the right to change the space there, or to make it, and to everything that is
// overwritten in it.
func (s *Service) mayPromote(who access.Principal, p *Promotion) error {
	if p.Space.Action == PromotionCreates {
		if !access.Can(who, access.Create, in(p.Upstream, access.Space)) {
			return fault.New(fault.Forbidden, "Failed to promote: you do not have access to create a space in the upstream project.")
		}
		if top := p.next(); top.Action == PromotionKeeps && !top.Space.opensSpace(who, access.Manage) {
			return fault.New(fault.Forbidden, "Failed to promote: you do not have access to modify the space that it would lie in in the upstream project.")
		}
		return nil
	}
	if !p.Space.Space.opensSpace(who, access.Manage) {
		return fault.New(fault.Forbidden, "Failed to promote: you do not have access to modify this space %q in the upstream project.", p.Space.Space.Name)
	}
	return nil
}

// PromoteChart carries a chart to the upstream project. Faults: NotFound, Forbidden.
func (s *Service) PromoteChart(ctx context.Context, who access.Principal, id string) (*Chart, error) {
	p, err := s.ChartPromotion(ctx, who, id)
	if err != nil {
		return nil, err
	}
	err = s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		space, err := s.promoteSpace(ctx, tx, who, p)
		if err != nil {
			return err
		}
		_, err = s.promoteCharts(ctx, tx, who, p, space, "")
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.chart(ctx, who, p.Charts[0].Target, access.View)
}

// PromoteDashboard carries a dashboard with its charts to the upstream project. Faults: NotFound, Forbidden.
func (s *Service) PromoteDashboard(ctx context.Context, who access.Principal, id string) (*Dashboard, error) {
	p, err := s.DashboardPromotion(ctx, who, id)
	if err != nil {
		return nil, err
	}
	origin, target := p.Dashboard.Dashboard, ""
	err = s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		space, err := s.promoteSpace(ctx, tx, who, p)
		if err != nil {
			return err
		}
		target, err = s.promoteDashboard(ctx, tx, who, p, space, origin)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.dashboard(ctx, who, target, access.View)
}

// promoteSpace makes what isn't there upstream of a space and those that it lies in. What is made opens to nobody whom the
// origin kept out: where those upstream are more open than those of the origin, it doesn't take its access from them.
func (s *Service) promoteSpace(ctx context.Context, tx bun.Tx, who access.Principal, p *Promotion) (string, error) {
	var above Space
	for _, step := range slices.Backward(append([]PromotedSpace{p.Space}, p.Above...)) {
		if step.Action == PromotionKeeps {
			above = step.Space
			continue
		}
		from, row := step.Space, spaceRow{Name: step.Space.Name, Slug: step.Space.Slug, CreatedBy: optional(who.User)}
		row.Parent, row.Private = optional(above.UUID), from.Private && !(from.Inherits && above.Private)
		members := map[string]access.Role{}
		if row.Private {
			members[who.User] = access.Admin // or nobody but admins could enter it
		}
		made, err := s.insertSpace(ctx, tx, p.Upstream, row, members)
		if err != nil {
			return "", err
		}
		above = Space{UUID: made.UUID, Private: row.Private || above.Private}
	}
	return above.UUID, nil
}

// promoteCharts creates and updates charts; it gives the upstream uuid of each. Charts of a dashboard belong to the
// upstream one.
func (s *Service) promoteCharts(ctx context.Context, tx bun.Tx, who access.Principal, p *Promotion, space, dashboard string) (map[string]string, error) {
	became := map[string]string{}
	for i := range p.Charts {
		c := &p.Charts[i]
		switch c.Action {
		case PromotionCreates:
			row := chartRow{Space: space, Name: c.Chart.Name, Description: c.Chart.Description, Slug: c.Chart.Slug}
			if c.Chart.Dashboard != "" {
				row.Dashboard = optional(dashboard)
			}
			made, err := s.insertChart(ctx, tx, p.Upstream, who.User, row, c.Chart.Document)
			if err != nil {
				return nil, err
			}
			c.Target = made.UUID
		case PromotionUpdates:
			update := tx.NewUpdate().TableExpr("charts").Set("name = ?", c.Chart.Name).
				Set("description = ?", c.Chart.Description).Where("uuid = ?", c.Target)
			if dashboard == "" {
				update.Set("space_uuid = ?", space).Set("dashboard_uuid = NULL")
			}
			if _, err := update.Exec(ctx); err != nil {
				return nil, err
			}
			if err := s.appendChart(ctx, tx, who, c.Target, c.Chart.Document); err != nil {
				return nil, err
			}
		}
		became[c.Chart.UUID] = c.Target
	}
	return became, nil
}

func (s *Service) promoteDashboard(ctx context.Context, tx bun.Tx, who access.Principal, p *Promotion, space string, origin *Dashboard) (string, error) {
	row := dashboardRow{UUID: p.Dashboard.Target, Project: p.Upstream.UUID, Space: space, Name: origin.Name,
		Description: origin.Description, Slug: origin.Slug}
	if row.UUID == "" {
		made, err := s.insertDashboard(ctx, tx, p.Upstream, who.User, row, DashboardDocument{})
		if err != nil {
			return "", err
		}
		row = made
	}
	became, err := s.promoteCharts(ctx, tx, who, p, space, row.UUID)
	if err != nil {
		return "", err
	}
	document := origin.Document
	document.Tiles = append([]Tile{}, document.Tiles...)
	if document.Parameters == nil {
		document.Parameters = metric.Parameters{} // or those that it has upstream would stay
	}
	for i, tile := range document.Tiles {
		if target, ok := became[text(tile.Chart)]; ok {
			document.Tiles[i].Chart = &target
		}
	}
	_, err = tx.NewUpdate().TableExpr("dashboards").Set("name = ?", row.Name).Set("description = ?", row.Description).
		Where("uuid = ?", row.UUID).Exec(ctx)
	if err != nil {
		return "", err
	}
	if err := moveDashboard(ctx, tx, row.UUID, space); err != nil {
		return "", err
	}
	return row.UUID, s.appendDashboard(ctx, tx, who, row, document)
}
