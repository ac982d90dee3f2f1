package content

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/project"
	"inlay/internal/store"
)

// Dashboard is a page of tiles. Lists leave Document empty and fill TileTypes.
type Dashboard struct {
	UUID, Organization, Project string
	PublicID                    string // random, for addresses that outsiders see
	AllowEmbed                  bool   // sessions signed by another product may show it
	Name, Slug                  string
	Description                 *string
	Space                       Space
	Pin                         Pin
	Version                     int64
	CreatedAt, UpdatedAt        time.Time
	CreatedBy, UpdatedBy        *Person
	Views                       int64
	FirstViewed                 *time.Time
	TileTypes                   []string
	Broken                      []project.ValidationSummary // what the last validation found; in lists
	Document                    DashboardDocument
}

// DashboardDocument is what a version of a dashboard holds.
type DashboardDocument struct {
	Tiles      []Tile
	Tabs       []Tab
	Filters    DashboardFilters
	Parameters metric.Parameters // of its charts' models
}

// Tab is one of several pages of a dashboard.
type Tab struct {
	UUID, Name string
	Order      int
}

// DashboardFilters are rules on top of the charts' own. They are kept as sent: clients put labels, targets by tile and
// settings of their own into them.
type DashboardFilters struct {
	Dimensions, Metrics, Calculations []json.RawMessage
}

type dashboardRow struct {
	bun.BaseModel `bun:"table:dashboards,alias:d"`

	UUID         string `bun:"uuid,pk"`
	Organization string `bun:"organization_uuid"`
	Project      string `bun:"project_uuid"`
	Space        string `bun:"space_uuid"`
	PublicID     string `bun:"public_id"`
	AllowEmbed   bool   `bun:"allow_embed"`
	Name         string
	Description  *string
	Slug         string
	CreatedBy    *string   `bun:"created_by"`
	CreatedAt    time.Time `bun:"created_at"`
	Version      int64
	UpdatedBy    *string   `bun:"updated_by"`
	UpdatedAt    time.Time `bun:"updated_at"`
	Views        int64
	FirstViewed  *time.Time `bun:"first_viewed_at"`

	PinList     *string `bun:"pin_list,scanonly"`
	PinPosition *int64  `bun:"pin_position,scanonly"`
}

type dashboardVersionRow struct {
	bun.BaseModel `bun:"table:dashboard_versions"`

	UUID      string `bun:"uuid,pk"`
	Dashboard string `bun:"dashboard_uuid"`
	Number    int64
	Document  string
	CreatedBy *string   `bun:"created_by"`
	CreatedAt time.Time `bun:"created_at"`
}

func selectDashboards(db bun.IDB, rows any) *bun.SelectQuery {
	return db.NewSelect().Model(rows).ColumnExpr("d.*").
		ColumnExpr("p.list_uuid AS pin_list, p.position AS pin_position").
		Join("LEFT JOIN pinned_items AS p ON p.kind = 'dashboard' AND p.item_uuid = d.uuid")
}

// knownDashboard is a dashboard as the database has it, with what the asking tenant changed of it.
type knownDashboard struct {
	dashboardRow
	home             Space // without what anybody has in it
	own              Overlay
	document         DashboardDocument // with the overlay, and what tiles show of their charts
	shared           []string          // charts on the tiles that everybody has
	homes            map[string]Space  // of charts that are shown from elsewhere
	creator, changer *Person
}

func (r dashboardRow) dashboard(space Space, creator, changer *Person) Dashboard {
	return Dashboard{UUID: r.UUID, Organization: r.Organization, Project: r.Project, PublicID: r.PublicID,
		AllowEmbed: r.AllowEmbed, Name: r.Name,
		Slug: r.Slug, Description: r.Description, Space: space, Pin: pinOf(r.PinList, r.PinPosition), Version: r.Version,
		CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, CreatedBy: creator, UpdatedBy: changer, Views: r.Views, FirstViewed: r.FirstViewed}
}

func noDashboard() error { return fault.New(fault.NotFound, "Dashboard not found") }

// findDashboard finds a dashboard of the principal's organization by its uuid, before anybody's rights are looked at.
func (s *Service) findDashboard(ctx context.Context, who access.Principal, id string) (knownDashboard, Space, error) {
	if !valid(id) {
		return knownDashboard{}, Space{}, noDashboard()
	}
	now, err := s.stateOf(ctx, s.memory.boards, id)
	var d *knownDashboard
	if err == nil {
		d, err = s.knownDashboard(ctx, who, now.revision, id)
	}
	if store.NotFound(err) || err == nil && !d.within(who) {
		return knownDashboard{}, Space{}, noDashboard()
	}
	if err != nil {
		return knownDashboard{}, Space{}, err
	}
	me, err := s.member(ctx, who, d.Project)
	found := *d
	found.Views, found.FirstViewed = now.views, now.first
	return found, d.home.of(me), err
}

// within tells whether the dashboard is where the principal could have something to do with it.
func (k *knownDashboard) within(who access.Principal) bool {
	return k.Organization == who.Organization && (who.Project == "" || k.Project == who.Project) && !k.home.foreign(who)
}

// dashboardBy finds the uuid of the oldest dashboard with something in a column; empty when there is none.
func (s *Service) dashboardBy(ctx context.Context, who access.Principal, column, value string) (string, error) {
	var id string
	q := s.db.NewSelect().Model((*dashboardRow)(nil)).Column("d.uuid").Where("? = ?", bun.Ident(column), value).
		Where("d.organization_uuid = ?", who.Organization).Order("d.created_at").Limit(1)
	if who.Project != "" {
		q.Where("d.project_uuid = ?", who.Project)
	}
	err := q.Scan(ctx, &id)
	if store.NotFound(err) {
		err = nil
	}
	return id, err
}

// knownDashboard reads a dashboard as the principal's tenant has it, or, of no tenant, as everybody has.
func (s *Service) knownDashboard(ctx context.Context, who access.Principal, revision int64, id string) (*knownDashboard, error) {
	return recall(s.memory, "dashboard "+id+overlayOf(who), revision, func() (*knownDashboard, int, error) {
		k := &knownDashboard{}
		err := selectDashboards(s.db, &k.dashboardRow).Where("d.uuid = ?", id).Scan(ctx)
		if err != nil {
			return nil, 0, err
		}
		if k.home, err = s.knownSpace(ctx, revision, k.Space); err != nil {
			return nil, 0, err
		}
		if k.creator, err = s.author(ctx, revision, k.Project, k.CreatedBy); err != nil {
			return nil, 0, err
		}
		if k.changer, err = s.author(ctx, revision, k.Project, k.UpdatedBy); err != nil {
			return nil, 0, err
		}
		size, err := s.readDocument(ctx, who, revision, k)
		return k, 2000 + 5*size, err
	})
}

// readDocument reads what a dashboard shows and the spaces that it shows it from, and tells how much it read.
func (s *Service) readDocument(ctx context.Context, who access.Principal, revision int64, k *knownDashboard) (size int, err error) {
	var text string
	if k.document, text, err = s.documentOf(ctx, k.dashboardRow); err != nil {
		return 0, err
	}
	for _, tile := range k.document.Tiles {
		if tile.Chart != nil {
			k.shared = append(k.shared, *tile.Chart)
		}
	}
	if k.own, err = s.overlaid(ctx, who, k.UUID); err != nil {
		return 0, err
	}
	k.document = k.own.over(k.document)
	if err := nameCharts(ctx, s.db, k.Project, k.UUID, k.document.Tiles); err != nil {
		return 0, err
	}
	k.homes = map[string]Space{}
	for _, tile := range k.document.Tiles {
		if k.elsewhere(tile) {
			if k.homes[tile.home], err = s.knownSpace(ctx, revision, tile.home); err != nil {
				return 0, err
			}
		}
	}
	return len(text) + 200*len(k.document.Tiles), nil
}

// elsewhere tells whether a tile's chart is shown from another space.
func (k *knownDashboard) elsewhere(t Tile) bool {
	return t.ChartName != nil && !t.Belongs && t.home != k.Space
}

// shows tells whether the dashboard, or the tenant's overlay of it, has a tile of the chart.
func (k *knownDashboard) shows(chart string) bool {
	return slices.Contains(k.shared, chart) || k.own.shows(chart)
}

func allowDashboard(who access.Principal, need access.Action, row knownDashboard, space Space) error {
	switch {
	case space.opens(who, need, space.thing(access.Dashboard, row.UUID)):
		return nil
	case who.Embedded() && need == access.View:
		return noDashboard() // a customer's page doesn't learn what else there is
	case need == access.View:
		return fault.New(fault.Forbidden, "You don't have access to the space this dashboard belongs to")
	}
	return forbidden()
}

// dashboard loads a dashboard with its current version, for somebody who has the right to it. Faults: NotFound,
// Forbidden.
func (s *Service) dashboard(ctx context.Context, who access.Principal, id string, need access.Action) (*Dashboard, error) {
	d, space, err := s.findDashboard(ctx, who, id)
	if err != nil {
		return nil, err
	}
	if err := allowDashboard(who, need, d, space); err != nil {
		return nil, err
	}
	return s.fullDashboard(ctx, who, d, space)
}

// documentOf reads the current version of a dashboard, as everybody has it, and gives its text too.
func (s *Service) documentOf(ctx context.Context, row dashboardRow) (DashboardDocument, string, error) {
	var version dashboardVersionRow
	err := s.db.NewSelect().Model(&version).Where("dashboard_uuid = ?", row.UUID).Where("number = ?", row.Version).Scan(ctx)
	if err != nil {
		return DashboardDocument{}, "", err
	}
	document, err := dashboardDocument(version.Document)
	return document, version.Document, err
}

// fullDashboard is a dashboard as the principal sees it: with what their tenant changed of it, and without the names of
// charts that they can't open.
func (s *Service) fullDashboard(ctx context.Context, who access.Principal, k knownDashboard, space Space) (*Dashboard, error) {
	d := k.dashboard(space, k.creator.shownTo(who), k.changer.shownTo(who))
	if k.own.Name != nil {
		d.Name = *k.own.Name
	}
	d.Document = k.document
	if len(k.homes) == 0 {
		return &d, nil
	}
	me, err := s.member(ctx, who, k.Project)
	d.Document.Tiles = k.named(who, me)
	return &d, err
}

// dashboards lists the dashboards of the spaces that the principal may see, in the order they were made.
func (s *Service) dashboards(ctx context.Context, who access.Principal, spaces map[string]Space, where ...string) ([]Dashboard, error) {
	spaces = showing(who, spaces, access.Dashboard)
	if len(spaces) == 0 {
		return []Dashboard{}, nil
	}
	if err := s.views.write(ctx); err != nil {
		return nil, err
	}
	var rows []dashboardRow
	q := selectDashboards(s.db, &rows).Where("d.space_uuid IN (?)", bun.List(keys(spaces)))
	for _, condition := range where {
		q.Where(condition)
	}
	if err := q.Order("d.created_at", "d.uuid").Scan(ctx); err != nil {
		return nil, err
	}
	ids, users := make([]string, len(rows)), []*string{}
	for i, row := range rows {
		ids[i] = row.UUID
		users = append(users, row.UpdatedBy, row.CreatedBy)
	}
	names, err := s.authors(ctx, who, users...)
	if err != nil {
		return nil, err
	}
	types, err := s.tileTypes(ctx, ids)
	if err != nil {
		return nil, err
	}
	broken, err := s.broken(ctx, spaces)
	list := make([]Dashboard, len(rows))
	for i, row := range rows {
		list[i] = row.dashboard(spaces[row.Space], named(names, row.CreatedBy), named(names, row.UpdatedBy))
		list[i].TileTypes, list[i].Broken = types[row.UUID], broken[row.UUID]
	}
	return list, err
}

// Dashboard gives a dashboard and counts the view. Faults: NotFound, Forbidden.
func (s *Service) Dashboard(ctx context.Context, who access.Principal, id string) (*Dashboard, error) {
	dashboard, err := s.dashboard(ctx, who, id, access.View)
	if err != nil {
		return nil, err
	}
	return dashboard, s.viewed(ctx, who, dashboard.Project, "dashboards", dashboard.UUID)
}

// FindDashboard finds a dashboard by uuid, public id or slug, without counting a view. Faults: NotFound, Forbidden.
func (s *Service) FindDashboard(ctx context.Context, who access.Principal, id string) (*Dashboard, error) {
	if valid(id) {
		return s.dashboard(ctx, who, id, access.View)
	}
	for _, column := range []string{"d.public_id", "d.slug"} {
		found, err := s.dashboardBy(ctx, who, column, id)
		if err != nil {
			return nil, err
		}
		if d, err := s.dashboard(ctx, who, found, access.View); !fault.Is(err, fault.NotFound) {
			return d, err
		}
	}
	return nil, noDashboard()
}

// DashboardViews tells how often a dashboard was looked at. Faults: NotFound, Forbidden.
func (s *Service) DashboardViews(ctx context.Context, who access.Principal, id string) (int64, *time.Time, error) {
	dashboard, err := s.dashboard(ctx, who, id, access.View)
	if err != nil {
		return 0, nil, err
	}
	return dashboard.Views, dashboard.FirstViewed, nil
}

// DashboardSearch narrows the list of dashboards.
type DashboardSearch struct {
	Chart       string // only dashboards with a tile of this chart
	SkipPrivate bool   // only of public spaces and of those shared with the principal
}

// Dashboards lists the dashboards of a project that the principal may see. Somebody without any role in the project
// sees none. Faults: NotFound.
func (s *Service) Dashboards(ctx context.Context, who access.Principal, project string, f DashboardSearch) ([]Dashboard, error) {
	if _, err := s.project(ctx, who, project); err != nil {
		return nil, err
	}
	seen, err := s.visible(ctx, who, project)
	if err != nil {
		return nil, err
	}
	for id, space := range seen {
		if f.SkipPrivate && space.Private && !(space.Own != nil && space.Own.Direct) {
			delete(seen, id)
		}
	}
	list, err := s.dashboards(ctx, who, seen)
	if err == nil {
		err = s.overlaidNames(ctx, who, list)
	}
	if err != nil || f.Chart == "" {
		return list, err
	}
	with := []string{}
	err = s.db.NewSelect().TableExpr("dashboard_tiles").ColumnExpr("DISTINCT dashboard_uuid").
		Where("chart_uuid = ?", f.Chart).Scan(ctx, &with)
	return slices.DeleteFunc(list, func(d Dashboard) bool { return !slices.Contains(with, d.UUID) }), err
}
