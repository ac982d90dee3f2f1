package content

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/project"
	"inlay/internal/store"
)

// Chart is a saved chart. Lists leave Document empty.
type Chart struct {
	UUID, Organization, Project string
	Name, Slug                  string
	Description                 *string
	Explore                     string
	Type, Kind                  string
	Space                       Space
	Dashboard, DashboardName    string // set when the chart belongs to a dashboard
	Pin                         Pin
	CreatedAt                   time.Time
	UpdatedAt                   time.Time // of the current version
	UpdatedBy                   *Person
	Views                       int64
	FirstViewed                 *time.Time
	Palette                     []string
	Broken                      []project.ValidationSummary // what the last validation found; in lists
	Document                    ChartDocument               // shared between requests: read it, or take a query of one's own

	stored string // the document as it lies in the database
}

// query reads the chart's query, for those who change it before they run it.
func (c *Chart) query() (metric.Query, error) {
	document, err := chartDocument(c.stored)
	return document.Query, err
}

type chartRow struct {
	bun.BaseModel `bun:"table:charts,alias:c"`

	UUID         string  `bun:"uuid,pk"`
	Organization string  `bun:"organization_uuid"`
	Project      string  `bun:"project_uuid"`
	Space        string  `bun:"space_uuid"`
	Dashboard    *string `bun:"dashboard_uuid"`
	Name         string
	Description  *string
	Slug         string
	Explore      string
	Type         string     `bun:"chart_type"`
	Kind         string     `bun:"chart_kind"`
	CreatedBy    *string    `bun:"created_by"`
	CreatedAt    time.Time  `bun:"created_at"`
	Version      int64      `bun:"version"`
	UpdatedBy    *string    `bun:"updated_by"`
	UpdatedAt    time.Time  `bun:"updated_at"`
	Views        int64      `bun:"views"`
	FirstViewed  *time.Time `bun:"first_viewed_at"`

	DashboardName *string `bun:"dashboard_name,scanonly"`
	PinList       *string `bun:"pin_list,scanonly"`
	PinPosition   *int64  `bun:"pin_position,scanonly"`
	Document      string  `bun:"document,scanonly"` // of the current version, where it is asked for
}

type chartVersionRow struct {
	bun.BaseModel `bun:"table:chart_versions"`

	UUID      string `bun:"uuid,pk"`
	Chart     string `bun:"chart_uuid"`
	Number    int64
	Document  string
	CreatedBy *string   `bun:"created_by"`
	CreatedAt time.Time `bun:"created_at"`
}

func selectCharts(db bun.IDB, rows any) *bun.SelectQuery {
	return db.NewSelect().Model(rows).ColumnExpr("c.*").
		ColumnExpr("d.name AS dashboard_name, p.list_uuid AS pin_list, p.position AS pin_position").
		Join("LEFT JOIN dashboards AS d ON d.uuid = c.dashboard_uuid").
		Join("LEFT JOIN pinned_items AS p ON p.kind = 'chart' AND p.item_uuid = c.uuid")
}

// knownChart is a chart as the database has it, whoever asks.
type knownChart struct {
	chartRow
	home     Space // without what anybody has in it
	document ChartDocument
	author   *Person
	palette  []string
	revision int64
}

func (r chartRow) chart(space Space, author *Person) Chart {
	return Chart{UUID: r.UUID, Organization: r.Organization, Project: r.Project, Name: r.Name, Slug: r.Slug,
		Description: r.Description, Explore: r.Explore, Type: r.Type, Kind: r.Kind, Space: space, Dashboard: text(r.Dashboard), DashboardName: text(r.DashboardName),
		Pin: pinOf(r.PinList, r.PinPosition), CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, Views: r.Views,
		FirstViewed: r.FirstViewed, UpdatedBy: author}
}

func named(names map[string]Person, user *string) *Person {
	if p, ok := names[text(user)]; ok {
		return &p
	}
	return nil
}

// authors names the people who made or changed things, as far as the principal may know them: who works on content is
// no business of an embedding product's customers.
func (s *Service) authors(ctx context.Context, who access.Principal, users ...*string) (map[string]Person, error) {
	if who.Embedded() {
		users = []*string{&who.User}
	}
	return s.names(ctx, users...)
}

func (s *Service) names(ctx context.Context, users ...*string) (map[string]Person, error) {
	ids := []string{}
	for _, user := range users {
		if id := text(user); id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return s.people.People(ctx, ids)
}

func noChart() error { return fault.New(fault.NotFound, "Saved query not found") }

// chart loads a chart with its current version, for somebody who has the right to it. Faults: NotFound, Forbidden.
func (s *Service) chart(ctx context.Context, who access.Principal, id string, need access.Action) (*Chart, error) {
	chart, space, err := s.findChart(ctx, who, id)
	if err != nil {
		return nil, err
	}
	if err := s.allowChart(ctx, who, need, chart, space); err != nil {
		return nil, err
	}
	return chart.full(who, space), nil
}

// findChart finds a chart of the principal's organization, before anybody's rights are looked at.
func (s *Service) findChart(ctx context.Context, who access.Principal, id string) (knownChart, Space, error) {
	if !valid(id) {
		return knownChart{}, Space{}, noChart()
	}
	now, err := s.stateOf(ctx, s.memory.charts, id)
	var chart *knownChart
	if err == nil {
		chart, err = s.knownChart(ctx, now.revision, id)
	}
	if store.NotFound(err) || err == nil && (chart.Organization != who.Organization || chart.home.foreign(who)) {
		return knownChart{}, Space{}, noChart()
	}
	if err != nil {
		return knownChart{}, Space{}, err
	}
	me, err := s.member(ctx, who, chart.Project)
	found := *chart
	found.Views, found.FirstViewed = now.views, now.first
	return found, chart.home.of(me), err
}

func (s *Service) knownChart(ctx context.Context, revision int64, id string) (*knownChart, error) {
	return recall(s.memory, "chart "+id, revision, func() (*knownChart, int, error) {
		chart := &knownChart{revision: revision}
		err := s.memory.chart.Scan(ctx, []any{id}, &chart.chartRow)
		if err != nil {
			return nil, 0, err
		}
		if chart.home, err = s.knownSpace(ctx, revision, chart.Space); err != nil {
			return nil, 0, err
		}
		if chart.author, err = s.author(ctx, revision, chart.Project, chart.UpdatedBy); err != nil {
			return nil, 0, err
		}
		if chart.palette, err = s.palette(ctx, revision, chart.chartRow); err != nil {
			return nil, 0, err
		}
		chart.document, err = chartDocument(chart.Document)
		return chart, 2000 + 5*len(chart.Document), err
	})
}

// palette gives the colours that charts of an organization are drawn in.
func (s *Service) palette(ctx context.Context, revision int64, of chartRow) ([]string, error) {
	return recall(s.memory, "palette "+of.Project, revision, func() ([]string, int, error) {
		_, palette, err := s.people.Organization(ctx, of.Organization)
		return palette, 500, err
	})
}

// full is the chart as the principal sees it.
func (k knownChart) full(who access.Principal, space Space) *Chart {
	chart := k.chart(space, k.author.shownTo(who))
	chart.Document, chart.stored, chart.Palette = k.document, k.Document, k.palette
	chart.Explore = chart.Document.Explore
	return &chart
}

// allowChart decides about a loaded chart. Those confined to dashboards see the charts on them.
func (s *Service) allowChart(ctx context.Context, who access.Principal, need access.Action, chart knownChart, space Space) error {
	thing := space.thing(access.SavedChart, chart.UUID)
	if who.Embedded() {
		var err error
		if thing.Dashboards, err = s.dashboardsShowing(ctx, who, chart); err != nil {
			return err
		}
	}
	switch {
	case space.opens(who, need, thing):
		return nil
	case who.Embedded() && need == access.View:
		return noChart()
	case need == access.View:
		return fault.New(fault.Forbidden, "You don't have access to the space this chart belongs to")
	}
	return forbidden()
}

// dashboardsShowing lists the dashboards that a chart belongs to or has a tile on, also one that the principal's tenant
// added to what it is confined to.
func (s *Service) dashboardsShowing(ctx context.Context, who access.Principal, row knownChart) ([]string, error) {
	ids, err := recall(s.memory, "showing "+row.UUID, row.revision, func() ([]string, int, error) {
		ids := []string{}
		err := s.db.NewSelect().TableExpr("dashboard_tiles").ColumnExpr("DISTINCT dashboard_uuid").
			Where("chart_uuid = ?", row.UUID).Scan(ctx, &ids)
		if row.Dashboard != nil {
			ids = append(ids, *row.Dashboard)
		}
		return slices.Clip(ids), 100 + 50*len(ids), err
	})
	if err != nil || who.Scope == nil {
		return ids, err
	}
	for _, id := range who.Scope.Dashboards {
		own, err := s.overlaid(ctx, who, id)
		if err != nil {
			return nil, err
		}
		if own.shows(row.UUID) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// charts lists the charts of the spaces that the principal may see, latest version first.
func (s *Service) charts(ctx context.Context, who access.Principal, spaces map[string]Space, where ...string) ([]Chart, error) {
	spaces = showing(who, spaces, access.SavedChart)
	if len(spaces) == 0 {
		return []Chart{}, nil
	}
	if err := s.views.write(ctx); err != nil {
		return nil, err
	}
	var rows []chartRow
	q := selectCharts(s.db, &rows).Where("c.space_uuid IN (?)", bun.List(keys(spaces)))
	for _, condition := range where {
		q.Where(condition)
	}
	if err := q.Order("c.updated_at DESC", "c.uuid").Scan(ctx); err != nil {
		return nil, err
	}
	return s.named(ctx, who, rows, spaces)
}

func (s *Service) named(ctx context.Context, who access.Principal, rows []chartRow, spaces map[string]Space) ([]Chart, error) {
	users := make([]*string, len(rows))
	for i, row := range rows {
		users[i] = row.UpdatedBy
	}
	names, err := s.authors(ctx, who, users...)
	if err != nil {
		return nil, err
	}
	broken, err := s.broken(ctx, spaces)
	charts := make([]Chart, len(rows))
	for i, row := range rows {
		charts[i] = row.chart(spaces[row.Space], named(names, row.UpdatedBy))
		charts[i].Broken = broken[row.UUID]
	}
	return charts, err
}

// broken gives what validation found in the projects of the spaces, by chart or dashboard.
func (s *Service) broken(ctx context.Context, spaces map[string]Space) (map[string][]project.ValidationSummary, error) {
	all := map[string][]project.ValidationSummary{}
	asked := map[string]bool{}
	for _, space := range spaces {
		if asked[space.Project] {
			continue
		}
		asked[space.Project] = true
		found, err := s.projects.FindingsOf(ctx, space.Project)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, found)
	}
	return all, nil
}

// Chart gives a chart and counts the view. Faults: NotFound, Forbidden.
func (s *Service) Chart(ctx context.Context, who access.Principal, id string) (*Chart, error) {
	chart, err := s.chart(ctx, who, id, access.View)
	if err != nil {
		return nil, err
	}
	return chart, s.viewed(ctx, who, chart.Project, "charts", chart.UUID)
}

// Charts lists the charts of a project that the principal may see, without those inside dashboards. Faults: NotFound,
// Forbidden.
func (s *Service) Charts(ctx context.Context, who access.Principal, project string) ([]Chart, error) {
	return s.chartsOf(ctx, who, project, "c.dashboard_uuid IS NULL")
}

// ChartSummaries lists charts, with those inside dashboards if wanted. Faults: NotFound, Forbidden.
func (s *Service) ChartSummaries(ctx context.Context, who access.Principal, project string, inDashboards bool) ([]Chart, error) {
	where := []string{}
	if !inDashboards {
		where = append(where, "c.dashboard_uuid IS NULL")
	}
	return s.chartsOf(ctx, who, project, where...)
}

func (s *Service) chartsOf(ctx context.Context, who access.Principal, project string, where ...string) ([]Chart, error) {
	if _, err := s.allowed(ctx, who, access.View, access.Project, project); err != nil {
		return nil, err
	}
	seen, err := s.visible(ctx, who, project)
	if err != nil {
		return nil, err
	}
	return s.charts(ctx, who, seen, where...)
}

// HasCharts tells whether the project has any saved chart. Faults: NotFound, Forbidden.
func (s *Service) HasCharts(ctx context.Context, who access.Principal, project string) (bool, error) {
	if _, err := s.allowed(ctx, who, access.View, access.Project, project); err != nil {
		return false, err
	}
	return s.db.NewSelect().Model((*chartRow)(nil)).Where("c.project_uuid = ?", project).Where(everybodysCharts).Exists(ctx)
}

// ChartViews tells how often a chart was looked at. Faults: NotFound, Forbidden.
func (s *Service) ChartViews(ctx context.Context, who access.Principal, id string) (int64, *time.Time, error) {
	chart, err := s.chart(ctx, who, id, access.View)
	if err != nil {
		return 0, nil, err
	}
	return chart.Views, chart.FirstViewed, nil
}
