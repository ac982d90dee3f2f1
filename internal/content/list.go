package content

import (
	"cmp"
	"context"
	"maps"
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
	SpaceName   string     `bun:"space_name"`
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
	projects, err := s.reach(ctx, who, q)
	if err != nil {
		return nil, err
	}
	page := &Page{Number: q.Page, Size: q.Size, Items: []Listed{}}
	parts, err := s.parts(ctx, who, q, projects)
	if err != nil || len(parts) == 0 {
		return page, err
	}
	if err := s.views.write(ctx); err != nil {
		return nil, err
	}
	for _, part := range parts {
		n, err := part.rows(s.db).Count(ctx)
		if err != nil {
			return nil, err
		}
		page.Total += int(n)
	}
	page.Pages = (page.Total + q.Size - 1) / q.Size
	var ids []string
	chosen := union(parts, func(p part) *bun.SelectQuery { return p.rows(s.db).ColumnExpr("t.uuid, t.updated_at") })
	err = s.db.NewRaw("SELECT uuid FROM (? ORDER BY updated_at DESC, uuid LIMIT ? OFFSET ?) AS page", chosen, q.Size, (q.Page-1)*q.Size).Scan(ctx, &ids)
	if err != nil || len(ids) == 0 {
		return page, err
	}
	var rows []listedRow
	shown := union(parts, func(p part) *bun.SelectQuery { return p.shown(s.db, ids) })
	if err := s.db.NewRaw("? ORDER BY updated_at DESC, uuid", shown).Scan(ctx, &rows); err != nil {
		return nil, err
	}
	page.Items, err = s.listed(ctx, who, rows, projects)
	return page, err
}

// reach finds the projects that a list may show, by uuid.
func (s *Service) reach(ctx context.Context, who access.Principal, q ListQuery) (map[string]string, error) {
	all, err := s.projects.List(ctx, who)
	names := map[string]string{}
	for _, p := range all {
		if len(q.Projects) > 0 && !slices.Contains(q.Projects, p.UUID) ||
			!access.Can(who, access.View, in(Project{UUID: p.UUID, Organization: p.Organization}, access.Project)) {
			continue
		}
		names[p.UUID] = p.Name
	}
	return names, err
}

// part is what a list shows of one table.
type part struct {
	table, kind, source, pin string
	chartKind, createdBy     string // expressions
	sight                    sight
	spaces                   []string // of these alone; empty is no limit
}

// parts are charts, SQL charts and dashboards, as far as they are wanted.
func (s *Service) parts(ctx context.Context, who access.Principal, q ListQuery, projects map[string]string) ([]part, error) {
	if len(projects) == 0 {
		return nil, nil
	}
	within := []Project{}
	for _, id := range slices.Sorted(maps.Keys(projects)) {
		within = append(within, Project{UUID: id, Organization: who.Organization})
	}
	const none = "CAST(NULL AS TEXT)"
	list := []part{}
	for _, p := range []part{
		// As recorded, a chart doesn't tell who made it.
		{table: "charts", kind: OfCharts, source: "dbt_explore", pin: pinChart, chartKind: "t.chart_kind", createdBy: none},
		{table: "sql_charts", kind: OfCharts, source: "sql", pin: "sql_chart", chartKind: "t.chart_kind", createdBy: "t.created_by"},
		{table: "dashboards", kind: OfDashboards, pin: pinDashboard, chartKind: none, createdBy: "t.created_by"},
	} {
		if len(q.Types) > 0 && !slices.Contains(q.Types, p.kind) {
			continue
		}
		subject := access.SavedChart
		if p.kind == OfDashboards {
			subject = access.Dashboard
		}
		var err error
		if p.sight, err = s.sight(ctx, who, subject, within...); err != nil {
			return nil, err
		}
		p.spaces = q.Spaces
		list = append(list, p)
	}
	return list, nil
}

// rows selects what the principal sees, without any column: thousands are counted and chosen from by an index alone.
func (p part) rows(db bun.IDB) *bun.SelectQuery {
	q := p.sight.of(db.NewSelect().TableExpr("? AS t", bun.Ident(p.table)), "t.space_uuid")
	if p.kind == OfCharts {
		q.Where("t.dashboard_uuid IS NULL")
	}
	if len(p.spaces) > 0 {
		q.Where("t.space_uuid IN (?)", bun.List(p.spaces))
	}
	return q
}

// shown selects what a page shows. The projects aren't asked for again: SQLite would go through all that is in them.
func (p part) shown(db bun.IDB, ids []string) *bun.SelectQuery {
	return p.sight.open(db.NewSelect().TableExpr("? AS t", bun.Ident(p.table)), "t.space_uuid").Where("t.uuid IN (?)", bun.List(ids)).
		ColumnExpr("? AS kind, ? AS source, t.uuid AS uuid, t.project_uuid, t.space_uuid, s.name AS space_name", p.kind, p.source).
		ColumnExpr("t.slug, t.name, t.description").ColumnExpr(p.chartKind+" AS chart_kind, "+p.createdBy+" AS created_by").
		ColumnExpr("t.created_at, t.updated_by, t.updated_at, t.views, t.first_viewed_at, p.list_uuid AS pin_list").
		Join("JOIN spaces AS s ON s.uuid = t.space_uuid").
		Join("LEFT JOIN pinned_items AS p ON p.item_uuid = t.uuid AND p.kind = ?", p.pin)
}

func union(parts []part, of func(part) *bun.SelectQuery) *bun.SelectQuery {
	all := of(parts[0])
	for _, p := range parts[1:] {
		all.UnionAll(of(p))
	}
	return all
}

func (s *Service) listed(ctx context.Context, who access.Principal, rows []listedRow, projects map[string]string) ([]Listed, error) {
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
			UpdatedBy: named(names, r.UpdatedBy), Project: Named{r.Project, projects[r.Project]}, Organization: Named{who.Organization, organization},
			Space: Named{r.Space, r.SpaceName}, PinnedList: text(r.PinList), Views: r.Views, FirstViewed: r.FirstViewed}
	}
	return items, err
}
