package content

import (
	"context"
	"encoding/json"
	"reflect"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
)

// Content as code names things by slug. Whoever puts it has the rights that they would need by hand, no others: a slug
// of something they may not change is refused, never made a second time.

// Put says what putting content did.
type Put string

// What putting content may do.
const (
	PutCreates Put = "create"
	PutUpdates Put = "update"
	PutKeeps   Put = "no changes"
)

// SpaceCode is a space as code.
type SpaceCode struct {
	Slug, Name string
	Private    bool
	Parent     string // slug of the space that it lies in, as far as who asks sees that one
}

// ChartCode is a chart as code.
type ChartCode struct {
	Slug, Name, Description string
	Space, Dashboard        string // slugs; the dashboard is of a chart that belongs to one
	Document                ChartDocument
}

// DashboardCode is a dashboard as code. Its tiles name charts by slug.
type DashboardCode struct {
	Slug, Name, Description, Space string
	Document                       DashboardDocument
	Charts                         map[string]string // slugs of charts, by the tile's uuid
}

// SpaceCodes lists the spaces of a project that who may look into.
func (s *Service) SpaceCodes(ctx context.Context, who access.Principal, project string) ([]SpaceCode, error) {
	spaces, err := s.Spaces(ctx, who, project, "")
	codes := make([]SpaceCode, len(spaces))
	for i, space := range spaces {
		codes[i] = space.code(who)
	}
	return codes, err
}

func (sp Space) code(who access.Principal) SpaceCode {
	code := SpaceCode{Slug: sp.Slug, Name: sp.Name, Private: sp.Private}
	if above := sp.Parent(who); above != nil {
		code.Parent, code.Private = above.Slug, !sp.Inherits
	}
	return code
}

// ChartCodes gives the charts of a project that who may see, from a place in their list on, and how many there are.
func (s *Service) ChartCodes(ctx context.Context, who access.Principal, project string, from, size int) ([]ChartCode, int, error) {
	charts, err := s.chartsOf(ctx, who, project)
	if err != nil {
		return nil, 0, err
	}
	codes := []ChartCode{}
	for _, listed := range window(charts, from, size) {
		chart, err := s.chart(ctx, who, listed.UUID, access.View)
		if err != nil {
			return nil, 0, err
		}
		code := ChartCode{Slug: chart.Slug, Name: chart.Name, Description: text(chart.Description), Space: chart.Space.Slug, Document: chart.Document}
		if chart.Dashboard != "" {
			if code.Dashboard, err = s.slugIn(ctx, "dashboards", chart.Project, chart.Dashboard); err != nil {
				return nil, 0, err
			}
		}
		codes = append(codes, code)
	}
	return codes, len(charts), nil
}

// DashboardCodes gives the dashboards of a project that who may see, from a place in their list on, and how many there
// are.
func (s *Service) DashboardCodes(ctx context.Context, who access.Principal, project string, from, size int) ([]DashboardCode, int, error) {
	dashboards, err := s.Dashboards(ctx, who, project, DashboardSearch{})
	if err != nil {
		return nil, 0, err
	}
	codes := []DashboardCode{}
	for _, listed := range window(dashboards, from, size) {
		d, err := s.dashboard(ctx, who, listed.UUID, access.View)
		if err != nil {
			return nil, 0, err
		}
		code := DashboardCode{Slug: d.Slug, Name: d.Name, Description: text(d.Description), Space: d.Space.Slug, Document: d.Document, Charts: map[string]string{}}
		for _, tile := range d.Document.Tiles {
			if tile.Chart == nil {
				continue
			}
			if code.Charts[tile.UUID], err = s.slugIn(ctx, tableOf(tile), d.Project, *tile.Chart); err != nil {
				return nil, 0, err
			}
		}
		codes = append(codes, code)
	}
	return codes, len(dashboards), nil
}

func window[T any](list []T, from, size int) []T {
	from = min(max(from, 0), len(list))
	return list[from:min(from+size, len(list))]
}

// tableOf is where the chart of a tile lies.
func tableOf(t Tile) string {
	if t.Type == TileSQLChart {
		return "sql_charts"
	}
	return "charts"
}

func (s *Service) slugIn(ctx context.Context, table, project, id string) (string, error) {
	var slug string
	err := s.db.NewSelect().TableExpr(table).Column("slug").Where("project_uuid = ?", project).Where("uuid = ?", id).Scan(ctx, &slug)
	return slug, err
}

// codeSpace is the space that code names. Faults: NotFound.
func (s *Service) codeSpace(ctx context.Context, who access.Principal, p Project, slug string) (Space, error) {
	id, err := s.bySlug(ctx, "spaces", p, slug)
	if err != nil {
		return Space{}, err
	}
	if id == "" {
		return Space{}, fault.New(fault.NotFound, "There is no space with the slug %q. Put the space first", slug)
	}
	return s.space(ctx, who, id, "Space")
}

// PutChart makes or changes the chart with a slug. A chart of a dashboard that isn't there yet gets an empty one, to be
// put afterwards. Faults: NotFound, Forbidden.
func (s *Service) PutChart(ctx context.Context, who access.Principal, project string, c ChartCode) (Put, error) {
	p, err := s.project(ctx, who, project)
	if err != nil {
		return "", err
	}
	space, err := s.codeSpace(ctx, who, p, c.Space)
	if err != nil {
		return "", err
	}
	id, err := s.bySlug(ctx, "charts", p, c.Slug)
	if err != nil {
		return "", err
	}
	if id != "" {
		return s.changeChart(ctx, who, p, id, space, c)
	}
	n := NewChart{Name: c.Name, Slug: c.Slug, Description: optional(c.Description), Space: space.UUID, Document: c.Document}
	if c.Dashboard != "" {
		if n.Dashboard, err = s.codeDashboard(ctx, who, p, space, c.Dashboard); err != nil {
			return "", err
		}
		n.Space = ""
	}
	_, err = s.saveChart(ctx, who, p, n)
	return PutCreates, err
}

// codeDashboard is the dashboard that a chart's code names, made empty when it isn't there.
func (s *Service) codeDashboard(ctx context.Context, who access.Principal, p Project, space Space, slug string) (string, error) {
	id, err := s.bySlug(ctx, "dashboards", p, slug)
	if err != nil || id != "" {
		return id, err
	}
	made, err := s.CreateDashboard(ctx, who, p.UUID, NewDashboard{Name: slug, Slug: slug, Space: space.UUID})
	if err != nil {
		return "", err
	}
	return made.UUID, nil
}

func (s *Service) changeChart(ctx context.Context, who access.Principal, p Project, id string, space Space, c ChartCode) (Put, error) {
	there, err := s.chart(ctx, who, id, access.Update)
	if err != nil {
		return "", err
	}
	if err := s.mayWrite(ctx, who, p, c.Document); err != nil {
		return "", err
	}
	wanted, err := ordered(c.Document)
	if err != nil {
		return "", err
	}
	change := ChartChange{Name: &c.Name, Description: &c.Description}
	moves := there.Dashboard == "" && there.Space.UUID != space.UUID
	if moves {
		change.Space = &space.UUID
	}
	same := alike(storedChart(there.Document), storedChart(wanted))
	if same && !moves && there.Name == c.Name && text(there.Description) == c.Description {
		return PutKeeps, nil
	}
	apply, err := s.chartChange(ctx, who, p.UUID, id, change)
	if err != nil {
		return "", err
	}
	return PutUpdates, s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := apply(ctx, tx); err != nil || same {
			return err
		}
		return s.appendChart(ctx, tx, who, id, c.Document)
	})
}

// PutDashboard makes or changes the dashboard with a slug. Faults: NotFound, Forbidden, Invalid.
func (s *Service) PutDashboard(ctx context.Context, who access.Principal, project string, c DashboardCode) (Put, error) {
	p, err := s.project(ctx, who, project)
	if err != nil {
		return "", err
	}
	space, err := s.codeSpace(ctx, who, p, c.Space)
	if err != nil {
		return "", err
	}
	if err := s.codeTiles(ctx, who, p, &c); err != nil {
		return "", err
	}
	id, err := s.bySlug(ctx, "dashboards", p, c.Slug)
	if err != nil {
		return "", err
	}
	if id == "" {
		_, err := s.CreateDashboard(ctx, who, project, NewDashboard{Name: c.Name, Slug: c.Slug, Description: optional(c.Description),
			Space: space.UUID, Document: c.Document})
		return PutCreates, err
	}
	there, err := s.dashboard(ctx, who, id, access.Update)
	if err != nil {
		return "", err
	}
	change := DashboardChange{Name: &c.Name, Description: &c.Description, Space: &space.UUID, Document: &c.Document}
	one, err := there.Document.store()
	if err != nil {
		return "", err
	}
	other, err := c.Document.store()
	if err != nil {
		return "", err
	}
	if alike(json.RawMessage(one), json.RawMessage(other)) {
		change.Document = nil
	}
	if change.Document == nil && there.Space.UUID == space.UUID && there.Name == c.Name && text(there.Description) == c.Description {
		return PutKeeps, nil
	}
	_, err = s.UpdateDashboard(ctx, who, id, change)
	return PutUpdates, err
}

// codeTiles replaces the slugs of charts by their uuids, and completes the document as it will be written. A chart that
// who may not see is not found.
func (s *Service) codeTiles(ctx context.Context, who access.Principal, p Project, c *DashboardCode) error {
	for i := range c.Document.Tiles {
		tile := &c.Document.Tiles[i]
		slug := c.Charts[tile.UUID]
		if slug == "" {
			tile.Chart = nil
			continue
		}
		id, err := s.bySlug(ctx, tableOf(*tile), p, slug)
		if err != nil {
			return err
		}
		if id == "" {
			return fault.New(fault.NotFound, "There is no chart with the slug %q. Put the chart first", slug)
		}
		if tile.Type == TileSQLChart {
			_, err = s.SQLChart(ctx, who, p.UUID, id)
		} else {
			_, err = s.chart(ctx, who, id, access.View)
		}
		if err != nil {
			return err
		}
		tile.Chart = &id
	}
	var err error
	c.Document, err = settled(ctx, s.db, p.UUID, c.Document)
	return err
}

// alike tells whether two values are the same JSON, whatever the order of members.
func alike(a, b any) bool {
	plain := func(value any) (out any) {
		data, err := json.Marshal(value)
		if err != nil || json.Unmarshal(data, &out) != nil {
			return nil
		}
		return out
	}
	one := plain(a)
	return one != nil && reflect.DeepEqual(one, plain(b))
}
