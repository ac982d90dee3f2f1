package content

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
)

// Popular is what a project's home page shows.
type Popular struct {
	MostPopular, RecentlyUpdated []Item
}

// Item is a chart or a dashboard.
type Item struct {
	Chart     *Chart
	Dashboard *Dashboard
}

const popularCount = 10

func (i Item) updated() time.Time {
	if i.Chart != nil {
		return i.Chart.UpdatedAt
	}
	return i.Dashboard.UpdatedAt
}

func (i Item) views() int64 {
	if i.Chart != nil {
		return i.Chart.Views
	}
	return i.Dashboard.Views
}

// Popular lists what is looked at most and what changed last. Faults: NotFound, Forbidden.
func (s *Service) Popular(ctx context.Context, who access.Principal, project string) (*Popular, error) {
	if _, err := s.allowed(ctx, who, access.View, access.Project, project); err != nil {
		return nil, err
	}
	seen, err := s.visible(ctx, who, project)
	if err != nil {
		return nil, err
	}
	charts, err := s.charts(ctx, who, seen, "c.dashboard_uuid IS NULL")
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(charts, func(a, b Chart) int { return a.CreatedAt.Compare(b.CreatedAt) })
	dashboards, err := s.dashboards(ctx, who, seen)
	if err != nil {
		return nil, err
	}
	items := make([]Item, 0, len(charts)+len(dashboards))
	for i := range charts {
		items = append(items, Item{Chart: &charts[i]})
	}
	for i := range dashboards {
		items = append(items, Item{Dashboard: &dashboards[i]})
	}
	popular := &Popular{MostPopular: slices.Clone(items), RecentlyUpdated: items}
	slices.SortStableFunc(popular.MostPopular, func(a, b Item) int { return cmp.Compare(b.views(), a.views()) })
	slices.SortStableFunc(popular.RecentlyUpdated, func(a, b Item) int { return b.updated().Compare(a.updated()) })
	n := min(popularCount, len(items))
	popular.MostPopular, popular.RecentlyUpdated = popular.MostPopular[:n], popular.RecentlyUpdated[:n]
	return popular, nil
}

// Kinds of content in the list over projects.
const (
	OfCharts     = "chart"
	OfDashboards = "dashboard"
)

// ListQuery narrows the list over projects. Empty lists are no limit.
type ListQuery struct {
	Projects, Spaces, Types []string
	Page, Size              int // from 1
}

// Listed is one thing of the list over projects.
type Listed struct {
	Kind, Source          string
	UUID, Slug, Name      string
	Description           *string
	ChartKind             string
	CreatedAt, UpdatedAt  time.Time
	CreatedBy, UpdatedBy  *Person
	Project, Organization Named
	Space                 Named
	Dashboard             *Named
	PinnedList            string
	Views                 int64
	FirstViewed           *time.Time
}

// Page is one page of a list.
type Page struct {
	Number, Size, Pages, Total int
	Items                      []Listed
}

type listedRow struct {
	Kind        string     `bun:"kind"`
	Source      string     `bun:"source"`
	UUID        string     `bun:"uuid"`
	Project     string     `bun:"project_uuid"`
	Space       string     `bun:"space_uuid"`
	Slug        string     `bun:"slug"`
	Name        string     `bun:"name"`
	Description *string    `bun:"description"`
	ChartKind   *string    `bun:"chart_kind"`
	CreatedBy   *string    `bun:"created_by"`
	CreatedAt   time.Time  `bun:"created_at"`
	UpdatedBy   *string    `bun:"updated_by"`
	UpdatedAt   time.Time  `bun:"updated_at"`
	Views       int64      `bun:"views"`
	FirstViewed *time.Time `bun:"first_viewed_at"`
	PinList     *string    `bun:"pin_list"`
}

// List lists charts and dashboards of all projects that the principal may view, latest version first. Faults:
// Unprocessable for a page that can't be.
func (s *Service) List(ctx context.Context, who access.Principal, q ListQuery) (*Page, error) {
	if q.Page < 1 || q.Size < 1 {
		return nil, fault.Coded(fault.Unprocessable, "KnexPagination", "page and pageSize must be greater than zero")
	}
	projects, spaces, err := s.reach(ctx, who, q)
	if err != nil {
		return nil, err
	}
	page := &Page{Number: q.Page, Size: q.Size, Items: []Listed{}}
	if len(spaces) == 0 {
		return page, nil
	}
	if err := s.views.write(ctx); err != nil {
		return nil, err
	}
	all := s.union(who, spaces, q.Types, nil)
	if all == nil {
		return page, nil
	}
	err = s.db.NewSelect().TableExpr("(?) AS everything", all).ColumnExpr("COUNT(*)").Scan(ctx, &page.Total)
	if err != nil {
		return nil, err
	}
	page.Pages = (page.Total + q.Size - 1) / q.Size
	var ids []string
	err = s.db.NewSelect().TableExpr("(?) AS everything", all).ColumnExpr("uuid").Order("updated_at DESC", "uuid").
		Limit(int64(q.Size)).Offset(int64(q.Page-1)*int64(q.Size)).Scan(ctx, &ids)
	if err != nil || len(ids) == 0 {
		return page, err
	}
	var rows []listedRow
	err = s.db.NewSelect().TableExpr("(?) AS page", s.union(who, spaces, q.Types, ids)).ColumnExpr("*").
		Order("updated_at DESC", "uuid").Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	page.Items, err = s.listed(ctx, who, rows, projects, spaces)
	return page, err
}

// reach finds the projects and spaces that a list may show.
func (s *Service) reach(ctx context.Context, who access.Principal, q ListQuery) (map[string]Named, map[string]Space, error) {
	all, err := s.projects.List(ctx, who)
	if err != nil {
		return nil, nil, err
	}
	projects, spaces := map[string]Named{}, map[string]Space{}
	for _, p := range all {
		if len(q.Projects) > 0 && !slices.Contains(q.Projects, p.UUID) ||
			!access.Can(who, access.View, in(Project{UUID: p.UUID, Organization: p.Organization}, access.Project)) {
			continue
		}
		projects[p.UUID] = Named{p.UUID, p.Name}
		seen, err := s.visible(ctx, who, p.UUID)
		if err != nil {
			return nil, nil, err
		}
		for id, space := range seen {
			if len(q.Spaces) == 0 || slices.Contains(q.Spaces, id) {
				spaces[id] = space
			}
		}
	}
	return projects, spaces, nil
}

// union selects charts, SQL charts and dashboards of the spaces as one list: what a page is chosen by, or, for the ids
// of one, what it shows. Thousands are chosen from, so that carries nothing else.
func (s *Service) union(who access.Principal, spaces map[string]Space, types, ids []string) *bun.SelectQuery {
	shown := map[string]map[string]Space{OfCharts: showing(who, spaces, access.SavedChart), OfDashboards: showing(who, spaces, access.Dashboard)}
	wanted := func(kind string) bool {
		return len(shown[kind]) > 0 && (len(types) == 0 || slices.Contains(types, kind))
	}
	part := func(table, kind, source, chartKind, createdBy, pin string) *bun.SelectQuery {
		q := s.db.NewSelect().TableExpr("? AS t", bun.Ident(table)).Where("t.space_uuid IN (?)", bun.List(keys(shown[kind])))
		if ids == nil {
			return q.ColumnExpr("t.uuid, t.updated_at")
		}
		return q.Where("t.uuid IN (?)", bun.List(ids)).
			ColumnExpr("? AS kind, ? AS source, t.uuid, t.project_uuid, t.space_uuid, t.slug, t.name, t.description", kind, source).
			ColumnExpr(chartKind+" AS chart_kind, "+createdBy+" AS created_by").
			ColumnExpr("t.created_at, t.updated_by, t.updated_at, t.views, t.first_viewed_at, p.list_uuid AS pin_list").
			Join("LEFT JOIN pinned_items AS p ON p.item_uuid = t.uuid AND p.kind = ?", pin)
	}
	var all *bun.SelectQuery
	if wanted(OfCharts) {
		// As recorded, a chart doesn't tell who made it.
		all = part("charts", OfCharts, "dbt_explore", "t.chart_kind", "CAST(NULL AS TEXT)", pinChart).Where("t.dashboard_uuid IS NULL").
			UnionAll(part("sql_charts", OfCharts, "sql", "t.chart_kind", "t.created_by", "sql_chart").Where("t.dashboard_uuid IS NULL"))
	}
	if wanted(OfDashboards) {
		dashboards := part("dashboards", OfDashboards, "", "CAST(NULL AS TEXT)", "t.created_by", pinDashboard)
		if all == nil {
			return dashboards
		}
		all = all.UnionAll(dashboards)
	}
	return all
}

func (s *Service) listed(ctx context.Context, who access.Principal, rows []listedRow, projects map[string]Named, spaces map[string]Space) ([]Listed, error) {
	users := []*string{}
	for _, r := range rows {
		users = append(users, r.CreatedBy, r.UpdatedBy)
	}
	names, err := s.authors(ctx, who, users...)
	if err != nil {
		return nil, err
	}
	organization, _, err := s.people.Organization(ctx, who.Organization)
	items := make([]Listed, len(rows))
	for i, r := range rows {
		items[i] = Listed{Kind: r.Kind, Source: r.Source, UUID: r.UUID, Slug: r.Slug, Name: r.Name, Description: r.Description,
			ChartKind: text(r.ChartKind), CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, CreatedBy: named(names, r.CreatedBy),
			UpdatedBy: named(names, r.UpdatedBy), Project: projects[r.Project], Organization: Named{who.Organization, organization},
			Space: Named{r.Space, spaces[r.Space].Name}, PinnedList: text(r.PinList), Views: r.Views, FirstViewed: r.FirstViewed}
	}
	return items, err
}
