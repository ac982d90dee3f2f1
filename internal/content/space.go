package content

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
)

// Space is a folder of charts and dashboards with its own access list.
type Space struct {
	UUID, Organization, Project string
	Name, Slug                  string
	Private                     bool   // nobody enters but those named, here or where it takes its access from
	Tenant                      string // whose own content it holds; empty is everybody's
	Pin                         Pin
	Granted                     []string // users that the space was shared with
	Own                         *Share   // the asking principal's access
	Charts, Dashboards          int      // how many lie directly in it
	Above                       *Space   // what it lies in; who sees the one needn't see the other
	Inherits                    bool     // it takes its access from the space above

	given     grants
	createdBy *string
	createdAt time.Time
}

// FullSpace is a space with its content and everybody who may enter.
type FullSpace struct {
	Space
	ChartList     []Chart
	DashboardList []Dashboard
	Children      []Space
	Shares        []Share
	Groups        []GroupShare
}

type spaceRow struct {
	bun.BaseModel `bun:"table:spaces,alias:s"`

	UUID         string `bun:"uuid,pk"`
	Organization string `bun:"organization_uuid"`
	Project      string `bun:"project_uuid"`
	Name         string
	Slug         string
	Private      bool      `bun:"is_private"` // itself; one that lies in another space and isn't takes its access from there
	Parent       *string   `bun:"parent_uuid"`
	Tenant       *string   `bun:"tenant_id"`
	CreatedBy    *string   `bun:"created_by"`
	CreatedAt    time.Time `bun:"created_at"`

	PinList     *string `bun:"pin_list,scanonly"`
	PinPosition *int64  `bun:"pin_position,scanonly"`
}

func (r spaceRow) space() Space {
	return Space{UUID: r.UUID, Organization: r.Organization, Project: r.Project, Name: r.Name, Slug: r.Slug,
		Private: r.Private, Tenant: text(r.Tenant), Pin: pinOf(r.PinList, r.PinPosition), createdBy: r.CreatedBy, createdAt: r.CreatedAt}
}

type spaceUserRow struct {
	bun.BaseModel `bun:"table:space_users"`

	Space string `bun:"space_uuid,pk"`
	User  string `bun:"user_uuid,pk"`
	Role  string
}

type spaceGroupRow struct {
	bun.BaseModel `bun:"table:space_groups"`

	Space string `bun:"space_uuid,pk"`
	Group string `bun:"group_uuid,pk"`
	Role  string
}

func selectSpaces(db bun.IDB, rows any) *bun.SelectQuery {
	return db.NewSelect().Model(rows).ColumnExpr("s.*").
		ColumnExpr("p.list_uuid AS pin_list, p.position AS pin_position").
		Join("LEFT JOIN pinned_items AS p ON p.kind = 'space' AND p.item_uuid = s.uuid")
}

// grantsOf reads who the spaces were shared with.
func grantsOf(ctx context.Context, db bun.IDB, spaces []string) (map[string]grants, error) {
	all := make(map[string]grants, len(spaces))
	for _, id := range spaces {
		all[id] = noGrants()
	}
	if len(spaces) == 0 {
		return all, nil
	}
	var users []spaceUserRow
	if err := db.NewSelect().Model(&users).Where("space_uuid IN (?)", bun.List(spaces)).Scan(ctx); err != nil {
		return nil, err
	}
	for _, row := range users {
		all[row.Space].Users[row.User] = access.Role(row.Role)
	}
	var groups []spaceGroupRow
	if err := db.NewSelect().Model(&groups).Where("space_uuid IN (?)", bun.List(spaces)).Scan(ctx); err != nil {
		return nil, err
	}
	for _, row := range groups {
		all[row.Space].Groups[row.Group] = access.Role(row.Role)
	}
	return all, nil
}

// member gives the principal's own entry of the directory; a tenant without an account has none.
func (s *Service) member(ctx context.Context, who access.Principal, project string) (*Member, error) {
	if who.User == "" {
		return nil, nil
	}
	m, err := s.people.Standing(ctx, who, project)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &m, nil
}

// homes loads spaces of a project with what the principal has in them, whether they may see them or not. The spaces of
// other tenants are nobody's to list. Conditions narrow them.
func (s *Service) homes(ctx context.Context, who access.Principal, project string, only ...func(*bun.SelectQuery) *bun.SelectQuery) ([]Space, error) {
	var rows []spaceRow
	err := selectSpaces(s.db, &rows).Where("s.project_uuid = ?", project).Where("(s.tenant_id IS NULL OR s.tenant_id = ?)", who.Tenant).
		Apply(only...).Order("s.created_at", "s.uuid").Scan(ctx)
	if err != nil {
		return nil, err
	}
	return s.withOwn(ctx, who, project, rows)
}

// withOwn makes spaces of their rows, with what the principal has in them.
func (s *Service) withOwn(ctx context.Context, who access.Principal, project string, rows []spaceRow) ([]Space, error) {
	spaces, err := bareSpaces(ctx, s.db, rows)
	if err != nil {
		return nil, err
	}
	return s.owned(ctx, who, project, spaces)
}

func (s *Service) owned(ctx context.Context, who access.Principal, project string, spaces []Space) ([]Space, error) {
	me, err := s.member(ctx, who, project)
	for i := range spaces {
		spaces[i] = spaces[i].of(me)
	}
	return spaces, err
}

// bareSpaces makes spaces of their rows, without what anybody has in them.
func bareSpaces(ctx context.Context, db bun.IDB, rows []spaceRow) ([]Space, error) {
	above, err := rowsAbove(ctx, db, rows)
	if err != nil {
		return nil, err
	}
	all := append(slices.Clone(rows), above...)
	given, err := grantsOf(ctx, db, ids(all, func(r spaceRow) string { return r.UUID }))
	if err != nil {
		return nil, err
	}
	return tree{rows: all, given: given}.spaces(rows), nil
}

// of is the space as a member has it; nil is nobody of the organization.
func (sp Space) of(me *Member) Space {
	if me == nil {
		return sp
	}
	sp.Own = share(*me, sp.Private, sp.given)
	if sp.Above != nil {
		above := sp.Above.of(me)
		sp.Above = &above
	}
	return sp
}

// space loads one space; what names it in the sentence when there is none.
func (s *Service) space(ctx context.Context, who access.Principal, id, what string) (Space, error) {
	missing := fault.New(fault.NotFound, "%s with spaceUuid %s does not exist", what, id)
	if !valid(id) {
		return Space{}, missing
	}
	var row spaceRow
	err := selectSpaces(s.db, &row).Where("s.uuid = ?", id).Where("s.organization_uuid = ?", who.Organization).Scan(ctx)
	if store.NotFound(err) {
		return Space{}, missing
	}
	if err != nil {
		return Space{}, err
	}
	spaces, err := s.withOwn(ctx, who, row.Project, []spaceRow{row})
	if err != nil {
		return Space{}, err
	}
	return spaces[0], nil
}

// opensSpace tells whether somebody may do something with the space itself.
func (sp Space) opensSpace(who access.Principal, action access.Action) bool {
	return sp.opens(who, action, sp.thing(access.Space, sp.UUID))
}

// visible gives the spaces of a project that the principal may look into, by uuid.
func (s *Service) visible(ctx context.Context, who access.Principal, project string) (map[string]Space, error) {
	all, err := s.homes(ctx, who, project)
	if err != nil {
		return nil, err
	}
	seen := map[string]Space{}
	for _, space := range all {
		if space.opensSpace(who, access.View) {
			seen[space.UUID] = space
		}
	}
	return seen, nil
}

// showing keeps the spaces in which the principal may see things of the kind: a role may look into a space and not at
// everything that is in it.
func showing(who access.Principal, spaces map[string]Space, subject access.Subject) map[string]Space {
	shown := map[string]Space{}
	for id, space := range spaces {
		if space.opens(who, access.View, space.thing(subject, "")) {
			shown[id] = space
		}
	}
	return shown
}

func keys(spaces map[string]Space) []string {
	ids := make([]string, 0, len(spaces))
	for id := range spaces {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// Spaces lists the spaces of a project that the principal may look into: all, or those that lie directly in one of them.
// Faults: NotFound, Forbidden.
func (s *Service) Spaces(ctx context.Context, who access.Principal, project, parent string) ([]Space, error) {
	p, err := s.allowed(ctx, who, access.View, access.Project, project)
	if err != nil {
		return nil, err
	}
	if parent == "" {
		return s.listSpaces(ctx, who, project)
	}
	if _, err := s.parent(ctx, who, p, parent, "parentSpaceUuid"); err != nil {
		return nil, err
	}
	return s.listSpaces(ctx, who, project, inside(parent))
}

func (s *Service) listSpaces(ctx context.Context, who access.Principal, project string, only ...func(*bun.SelectQuery) *bun.SelectQuery) ([]Space, error) {
	all, err := s.homes(ctx, who, project, only...)
	if err != nil {
		return nil, err
	}
	seen := slices.DeleteFunc(all, func(sp Space) bool { return !sp.opensSpace(who, access.View) })
	return seen, s.count(ctx, who, seen)
}

// count fills in how much that the principal may see lies in each space.
func (s *Service) count(ctx context.Context, who access.Principal, spaces []Space) error {
	if len(spaces) == 0 {
		return nil
	}
	seen := map[string]Space{}
	for _, space := range spaces {
		seen[space.UUID] = space
	}
	var counts []struct {
		Space string `bun:"space_uuid"`
		N     int    `bun:"n"`
	}
	numbers := func(table, where string, subject access.Subject) (map[string]int, error) {
		counts = nil
		ids := keys(showing(who, seen, subject))
		if len(ids) == 0 {
			return nil, nil
		}
		err := s.db.NewSelect().TableExpr(table).ColumnExpr("space_uuid, COUNT(*) AS n").
			Where("space_uuid IN (?)", bun.List(ids)).Where(where).Group("space_uuid").Scan(ctx, &counts)
		found := map[string]int{}
		for _, c := range counts {
			found[c.Space] = c.N
		}
		return found, err
	}
	charts, err := numbers("charts", "dashboard_uuid IS NULL", access.SavedChart)
	if err != nil {
		return err
	}
	dashboards, err := numbers("dashboards", "1 = 1", access.Dashboard)
	if err != nil {
		return err
	}
	for i := range spaces {
		spaces[i].Charts, spaces[i].Dashboards = charts[spaces[i].UUID], dashboards[spaces[i].UUID]
	}
	return nil
}

// Space gives a space with its content and access list. Faults: NotFound, Forbidden.
func (s *Service) Space(ctx context.Context, who access.Principal, project, id string) (*FullSpace, error) {
	space, err := s.space(ctx, who, id, "space")
	if err != nil {
		return nil, err
	}
	if space.Project != project {
		return nil, fault.New(fault.NotFound, "space with spaceUuid %s does not exist", id)
	}
	if !space.opensSpace(who, access.View) {
		return nil, forbidden()
	}
	full := &FullSpace{Space: space}
	only := map[string]Space{space.UUID: space}
	if full.ChartList, err = s.charts(ctx, who, only, "c.dashboard_uuid IS NULL"); err != nil {
		return nil, err
	}
	if full.DashboardList, err = s.dashboards(ctx, who, only); err != nil {
		return nil, err
	}
	if full.Children, err = s.listSpaces(ctx, who, project, inside(space.UUID)); err != nil {
		return nil, err
	}
	full.Shares, full.Groups, err = s.shares(ctx, space)
	return full, err
}

// shares computes the whole access list of a space.
func (s *Service) shares(ctx context.Context, space Space) ([]Share, []GroupShare, error) {
	members, err := s.people.Members(ctx, space.Organization, space.Project)
	if err != nil {
		return nil, nil, err
	}
	all := []Share{}
	for _, m := range members {
		if entry := share(m, space.Private, space.given); entry != nil {
			all = append(all, *entry)
		}
	}
	ids := slices.Sorted(maps.Keys(space.given.Groups))
	names, err := s.people.GroupNames(ctx, space.Organization, ids)
	if err != nil {
		return nil, nil, err
	}
	groups := []GroupShare{}
	for _, id := range ids {
		groups = append(groups, GroupShare{Group: id, Name: names[id], Role: space.given.Groups[id]})
	}
	return all, groups, nil
}
