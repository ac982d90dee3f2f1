package content

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
)

// What is deleted leaves its tables altogether, so that no list, search or count has to leave it out. It lies in the
// trash as one document until it is restored or purged.

// trashKept is how long what was deleted can be restored.
const trashKept = 30 * 24 * time.Hour

// Deleted is something in the trash.
type Deleted struct {
	UUID, Name, Kind, Project string // Kind is "chart", "sql_chart", "dashboard" or "space"
	Space                     Named  // where it lay; of a space, the space itself. The name is empty when the space is gone
	DeletedAt                 time.Time
	DeletedBy                 *Person
}

type trashRow struct {
	bun.BaseModel `bun:"table:trash"`

	UUID         string `bun:"uuid,pk"`
	Kind         string
	Organization string `bun:"organization_uuid"`
	Project      string `bun:"project_uuid"`
	Space        string `bun:"space_uuid"`
	Name         string
	DeletedBy    *string   `bun:"deleted_by"`
	DeletedAt    time.Time `bun:"deleted_at"`
	Document     string
}

// discard puts something into the trash, with everything in it, and takes it out of its tables.
func (s *Service) discard(ctx context.Context, tx bun.Tx, who access.Principal, kind, id, name string, in Space) error {
	b, err := gather(ctx, tx, kind, id)
	if err != nil {
		return err
	}
	document, err := json.Marshal(b)
	if err != nil {
		return err
	}
	row := &trashRow{UUID: id, Kind: kind, Organization: in.Organization, Project: in.Project, Space: in.UUID, Name: name,
		DeletedBy: optional(who.User), DeletedAt: s.clock(), Document: string(document)}
	if _, err := tx.NewInsert().Model(row).Exec(ctx); err != nil {
		return err
	}
	if _, err := tx.NewDelete().TableExpr("pinned_items").Where("item_uuid IN (?)", bun.List(b.uuids())).Exec(ctx); err != nil {
		return err
	}
	_, err = tx.NewDelete().TableExpr(kindTables[kind]).Where("uuid = ?", id).Exec(ctx) // the rest goes with it
	return err
}

// Kinds of what is deleted.
const (
	kindChart     = "chart"
	kindSQLChart  = "sql_chart"
	kindDashboard = "dashboard"
	kindSpace     = "space"
)

var kindTables = map[string]string{kindChart: "charts", kindSQLChart: "sql_charts", kindDashboard: "dashboards", kindSpace: "spaces"}

// Trash lists what was deleted and could be restored by the one who asks, the last first: of some projects, or of all
// that they may view when none is named.
func (s *Service) Trash(ctx context.Context, who access.Principal, projects []string) ([]Deleted, error) {
	all, err := s.projects.List(ctx, who)
	if err != nil {
		return nil, err
	}
	list := []Deleted{}
	for _, p := range all {
		if len(projects) > 0 && !slices.Contains(projects, p.UUID) ||
			!access.Can(who, access.View, in(Project{UUID: p.UUID, Organization: p.Organization}, access.Project)) {
			continue
		}
		found, err := s.trashOf(ctx, who, p.UUID)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	slices.SortStableFunc(list, func(a, b Deleted) int { return b.DeletedAt.Compare(a.DeletedAt) })
	return list, nil
}

func (s *Service) trashOf(ctx context.Context, who access.Principal, project string) ([]Deleted, error) {
	var rows []trashRow
	err := s.db.NewSelect().Model(&rows).Where("project_uuid = ?", project).Where("organization_uuid = ?", who.Organization).
		Where("deleted_at > ?", s.clock().Add(-trashKept)).Order("uuid").Scan(ctx)
	if err != nil {
		return nil, err
	}
	list, users := []Deleted{}, []*string{}
	for _, row := range rows {
		_, home, err := s.restorable(ctx, who, row)
		if fault.Is(err, fault.Forbidden) || fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil && !fault.Is(err, fault.Conflict) {
			return nil, err
		}
		list = append(list, Deleted{UUID: row.UUID, Name: row.Name, Kind: row.Kind, Project: row.Project, DeletedAt: row.DeletedAt,
			Space: Named{row.Space, home.Name}})
		users = append(users, row.DeletedBy)
	}
	names, err := s.names(ctx, users...)
	for i := range list {
		list[i].DeletedBy = named(names, users[i])
	}
	return list, err
}

// inTrash finds something of a project in the trash. Of another project, it looks as if it weren't there.
func (s *Service) inTrash(ctx context.Context, who access.Principal, project, id string) (trashRow, error) {
	row := trashRow{}
	if _, err := s.allowed(ctx, who, access.View, access.Project, project); err != nil {
		return row, err
	}
	err := s.db.NewSelect().Model(&row).Where("uuid = ?", id).Where("project_uuid = ?", project).
		Where("organization_uuid = ?", who.Organization).Where("deleted_at > ?", s.clock().Add(-trashKept)).Scan(ctx)
	if store.NotFound(err) {
		err = fault.New(fault.NotFound, "Nothing with the uuid %s was deleted from this project", id)
	}
	return row, err
}

// restorable decides as if the thing were where it lay: who may delete it there may have it back. Faults: Forbidden;
// NotFound when its space is gone for good; Conflict when what it lay in is in the trash itself, or its dashboard gone.
func (s *Service) restorable(ctx context.Context, who access.Principal, row trashRow) (*bundle, Space, error) {
	b := &bundle{}
	if err := json.Unmarshal([]byte(row.Document), b); err != nil {
		return nil, Space{}, err
	}
	if row.Kind == kindSpace {
		homes, err := s.formerSpaces(ctx, who, row, b)
		if err != nil {
			return b, Space{}, err
		}
		if slices.ContainsFunc(homes, func(sp Space) bool { return !sp.opensSpace(who, access.Manage) }) {
			err = forbidden()
		} else if slices.ContainsFunc(homes, func(sp Space) bool { return sp.depth() >= deepest }) {
			err = fault.New(fault.Conflict, "What it lay in lies too deep now: no more than %d spaces can lie in each other", deepest)
		}
		return b, homes[0], err
	}
	home, err := s.space(ctx, who, row.Space, "Space")
	if fault.Is(err, fault.NotFound) {
		return b, home, s.buried(ctx, who, row.Project, row.Space)
	}
	if err != nil {
		return b, home, err
	}
	subject, p := access.SavedChart, Project{UUID: row.Project, Organization: row.Organization}
	if row.Kind == kindDashboard {
		subject = access.Dashboard
	}
	if !home.opens(who, access.Delete, home.thing(subject, row.UUID)) ||
		row.Kind == kindSQLChart && !access.Can(who, access.Manage, in(p, access.CustomSQL)) {
		return b, home, forbidden()
	}
	return b, home, s.hasDashboard(ctx, row, b)
}

// formerSpaces are the spaces of a bundle with what the principal had in them, the one first that the others lie in.
// Faults: those of buried when what that one lay in isn't there.
func (s *Service) formerSpaces(ctx context.Context, who access.Principal, row trashRow, b *bundle) ([]Space, error) {
	if len(b.Spaces) == 0 {
		return nil, fault.New(fault.Internal, "The trash can't be read")
	}
	above, err := rowsAbove(ctx, s.db, b.Spaces)
	if err != nil {
		return nil, err
	}
	if b.Spaces[0].Parent != nil && len(above) == 0 {
		return nil, s.buried(ctx, who, row.Project, *b.Spaces[0].Parent)
	}
	given, err := grantsOf(ctx, s.db, ids(above, func(r spaceRow) string { return r.UUID }))
	if err != nil {
		return nil, err
	}
	for _, space := range b.Spaces {
		given[space.UUID] = noGrants()
	}
	for _, g := range b.SpaceUsers {
		given[g.Space].Users[g.User] = access.Role(g.Role)
	}
	for _, g := range b.SpaceGroups {
		given[g.Space].Groups[g.Group] = access.Role(g.Role)
	}
	return s.owned(ctx, who, row.Project, tree{rows: append(above, b.Spaces...), given: given}.spaces(b.Spaces))
}

// buried tells what became of the space that something lay in, to those who could restore that: it is in the trash, itself
// or in another one, or gone.
func (s *Service) buried(ctx context.Context, who access.Principal, project, space string) error {
	var rows []trashRow
	err := s.db.NewSelect().Model(&rows).Where("project_uuid = ?", project).Where("kind = ?", kindSpace).
		Where("document LIKE ?", "%"+space+"%").Scan(ctx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		b := bundle{}
		if err := json.Unmarshal([]byte(row.Document), &b); err != nil {
			return err
		}
		if !slices.ContainsFunc(b.Spaces, func(r spaceRow) bool { return r.UUID == space }) {
			continue // it only lay in it
		}
		if _, _, err := s.restorable(ctx, who, row); err != nil {
			return err
		}
		return fault.New(fault.Conflict, "It lay in the space %q, which was deleted too. Restore the space first", row.Name)
	}
	return fault.New(fault.NotFound, "The space that it lay in is gone")
}

// hasDashboard checks that the dashboard that a chart belonged to is there.
func (s *Service) hasDashboard(ctx context.Context, row trashRow, b *bundle) error {
	belongs := ""
	for _, c := range b.Charts {
		belongs = text(c.Dashboard)
	}
	for _, c := range b.SQLCharts {
		belongs = text(c.Dashboard)
	}
	if row.Kind == kindDashboard || belongs == "" {
		return nil
	}
	there, err := s.db.NewSelect().Model((*dashboardRow)(nil)).Where("d.uuid = ?", belongs).Where("d.project_uuid = ?", row.Project).Exists(ctx)
	if err == nil && !there {
		err = fault.New(fault.Conflict, "It belonged to a dashboard that was deleted too. Restore the dashboard first")
	}
	return err
}

// Restore puts something back where it lay, with its versions, comments, deliveries and what tenants changed of it; it
// isn't pinned any more. A slug that was taken meanwhile is replaced. Faults: NotFound, Forbidden, Conflict.
func (s *Service) Restore(ctx context.Context, who access.Principal, project, id string) error {
	row, err := s.inTrash(ctx, who, project, id)
	if err != nil {
		return err
	}
	b, _, err := s.restorable(ctx, who, row)
	if err != nil {
		return err
	}
	now := s.clock()
	for i := range b.Deliveries {
		b.Deliveries[i].LookedUntil = &now // what would have been sent meanwhile isn't made up
	}
	return s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		gone, err := tx.NewDelete().Model((*trashRow)(nil)).Where("uuid = ?", id).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := gone.RowsAffected(); err != nil || n == 0 {
			return err // somebody else restored it just now
		}
		return b.insert(ctx, tx, project)
	})
}

// Purge deletes something in the trash for good. Faults: NotFound, Forbidden.
func (s *Service) Purge(ctx context.Context, who access.Principal, project, id string) error {
	row, err := s.inTrash(ctx, who, project, id)
	if err != nil {
		return err
	}
	if _, _, err := s.restorable(ctx, who, row); err != nil && !fault.Is(err, fault.Conflict) {
		return err
	}
	_, err = s.db.NewDelete().Model((*trashRow)(nil)).Where("uuid = ?", id).Exec(ctx)
	return err
}

// erase drops what lay in a tenant's own space, and what the tenant changed of dashboards that are in the trash.
func erase(ctx context.Context, tx bun.Tx, tenant string) error {
	own := tx.NewSelect().TableExpr("spaces").Column("uuid").Where("tenant_id = ?", tenant)
	if _, err := tx.NewDelete().Model((*trashRow)(nil)).Where("space_uuid IN (?)", own).Exec(ctx); err != nil {
		return err
	}
	var rows []trashRow
	if err := tx.NewSelect().Model(&rows).Where("kind IN (?)", bun.List([]string{kindDashboard, kindSpace})).Scan(ctx); err != nil {
		return err
	}
	for _, row := range rows {
		b := bundle{}
		if err := json.Unmarshal([]byte(row.Document), &b); err != nil {
			return err
		}
		before := len(b.Overlays)
		b.Overlays = slices.DeleteFunc(b.Overlays, func(o overlayRow) bool { return o.Tenant == tenant })
		if len(b.Overlays) == before {
			continue
		}
		document, err := json.Marshal(b)
		if err != nil {
			return err
		}
		if _, err := tx.NewUpdate().Model((*trashRow)(nil)).Set("document = ?", string(document)).Where("uuid = ?", row.UUID).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
