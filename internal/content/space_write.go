package content

import (
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/audit"
	"inlay/internal/fault"
)

// NewSpace is what a space is made of.
type NewSpace struct {
	Name    string
	Slug    string // empty: made of the name
	Parent  string // the space that it lies in; empty: none
	Private bool
	Grants  map[string]access.Role // by user
}

// CreateSpace makes a space. Its creator becomes its admin, unless it takes its access from the space above, where they
// are: it shows nobody more than that one does. Faults: Forbidden, NotFound, Invalid.
func (s *Service) CreateSpace(ctx context.Context, who access.Principal, project string, n NewSpace) (*Space, error) {
	if err := checkName("name", n.Name); err != nil {
		return nil, err
	}
	p, err := s.allowed(ctx, who, access.Create, access.Space, project)
	if err != nil {
		return nil, err
	}
	members, err := s.membersOf(ctx, who, project, n.Grants)
	if err != nil {
		return nil, err
	}
	if n.Parent != "" {
		if err := s.nestable(ctx, who, p, n.Parent, "parentSpaceUuid"); err != nil {
			return nil, err
		}
	}
	if n.Parent == "" || n.Private {
		members[who.User] = access.Admin
	}
	row := spaceRow{Name: n.Name, Slug: n.Slug, Private: n.Private, Parent: optional(n.Parent), CreatedBy: optional(who.User)}
	var made spaceRow
	err = s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		made, err = s.insertSpace(ctx, tx, p, row, members)
		return err
	})
	if err != nil {
		return nil, err
	}
	space, err := s.space(ctx, who, made.UUID, "space")
	return &space, err
}

// membersOf keeps the grants to people of the organization; uuids of others are not found.
func (s *Service) membersOf(ctx context.Context, who access.Principal, project string, given map[string]access.Role) (map[string]access.Role, error) {
	kept := map[string]access.Role{}
	for user, role := range given {
		if _, err := s.people.Member(ctx, who.Organization, project, user); err != nil {
			return nil, err
		}
		kept[user] = role
	}
	return kept, nil
}

func (s *Service) insertSpace(ctx context.Context, tx bun.Tx, p Project, row spaceRow, members map[string]access.Role) (spaceRow, error) {
	row.Organization, row.Project = p.Organization, p.UUID
	if row.Parent != nil {
		if err := roomUnder(ctx, tx, *row.Parent, 1, "parentSpaceUuid"); err != nil {
			return row, err
		}
	}
	if row.UUID == "" {
		row.UUID = newID()
	}
	if row.CreatedAt.IsZero() {
		row.CreatedAt = s.clock()
	}
	if row.Slug == "" {
		row.Slug = slugOf(row.Name)
	}
	slug, err := freeSpaceSlug(ctx, tx, p.UUID, row.Slug)
	if err != nil {
		return row, err
	}
	row.Slug = slug
	if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
		return row, err
	}
	for user, role := range members {
		grant := &spaceUserRow{Space: row.UUID, User: user, Role: string(role)}
		if _, err := tx.NewInsert().Model(grant).Exec(ctx); err != nil {
			return row, err
		}
	}
	return row, nil
}

// manageable loads a space of the project that the principal may manage.
func (s *Service) manageable(ctx context.Context, who access.Principal, project, id string) (Space, error) {
	space, err := s.space(ctx, who, id, "space")
	if err != nil {
		return Space{}, err
	}
	if space.Project != project {
		return Space{}, fault.New(fault.NotFound, "space with spaceUuid %s does not exist", id)
	}
	if !space.opensSpace(who, access.Manage) {
		return Space{}, forbidden()
	}
	return space, nil
}

// shared tells the audit log of a change of who sees what is in a space.
func (s *Service) shared(ctx context.Context, who access.Principal, act, target string, err error) {
	s.audit.Record(ctx, audit.By(who, act, target, err != nil))
}

// SpaceChange is a space's new name and who may enter it. Both answers to that may be left out.
type SpaceChange struct {
	Name     string
	Private  *bool // as the space shows it: sending back what was shown changes nothing
	Inherits *bool // whether it takes its access from above, from the project at the top; it has the last word
}

// UpdateSpace renames a space and closes or opens it. Faults: NotFound, Forbidden, Invalid.
func (s *Service) UpdateSpace(ctx context.Context, who access.Principal, project, id string, c SpaceChange) (*FullSpace, error) {
	if err := checkName("name", c.Name); err != nil {
		return nil, err
	}
	space, err := s.manageable(ctx, who, project, id)
	if err != nil {
		return nil, err
	}
	private := c.closes(space)
	err = s.write(ctx, spaceChange(who, space, c.Name, private))
	if private != nil {
		s.shared(ctx, who, fmt.Sprintf("space.private %t", *private), id, err)
	}
	if err != nil {
		return nil, err
	}
	return s.Space(ctx, who, project, id)
}

// closes tells what becomes of the space's own being private; nil leaves it.
func (c SpaceChange) closes(space Space) *bool {
	if c.Inherits != nil {
		closed := !*c.Inherits
		return &closed
	}
	if space.Inherits && c.Private != nil && *c.Private == space.Private {
		return nil
	}
	return c.Private
}

func spaceChange(who access.Principal, space Space, name string, private *bool) change {
	return func(ctx context.Context, tx bun.Tx) error {
		update := tx.NewUpdate().TableExpr("spaces").Set("name = ?", name).Where("uuid = ?", space.UUID)
		if private != nil {
			update.Set("is_private = ?", *private)
		}
		_, err := update.Exec(ctx)
		if err != nil || private == nil || !*private || !space.Inherits {
			return err
		}
		return keepIn(ctx, tx, who, space) // what they had from above ends
	}
}

// keepIn makes somebody admin of a space that they manage, so that they still do when it closes.
func keepIn(ctx context.Context, tx bun.Tx, who access.Principal, space Space) error {
	if who.User == "" {
		return nil
	}
	row := &spaceUserRow{Space: space.UUID, User: who.User, Role: string(access.Admin)}
	_, err := tx.NewInsert().Model(row).On("CONFLICT (space_uuid, user_uuid) DO UPDATE").Set("role = EXCLUDED.role").Exec(ctx)
	return err
}

// DeleteSpace puts a space with everything in it into the trash, the spaces too: whoever may not delete one of those may
// not delete it. Faults: NotFound, Forbidden.
func (s *Service) DeleteSpace(ctx context.Context, who access.Principal, project, id string) error {
	space, err := s.manageable(ctx, who, project, id)
	if err != nil {
		return err
	}
	inner, _, err := within(ctx, s.db, id)
	if err != nil {
		return err
	}
	all, err := s.homes(ctx, who, project, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("s.uuid IN (?)", bun.List(inner)) })
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(sp Space) bool { return !sp.opensSpace(who, access.Manage) }) {
		return forbidden()
	}
	return s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		return s.discard(ctx, tx, who, kindSpace, space.UUID, space.Name, space)
	})
}

// ShareSpace gives somebody of the organization a role in the space. Faults: NotFound, Forbidden.
func (s *Service) ShareSpace(ctx context.Context, who access.Principal, project, id, user string, role access.Role) error {
	space, err := s.manageable(ctx, who, project, id)
	if err != nil {
		return err
	}
	if _, err := s.people.Member(ctx, who.Organization, project, user); err != nil {
		return err
	}
	row := &spaceUserRow{Space: space.UUID, User: user, Role: string(role)}
	_, err = s.db.NewInsert().Model(row).On("CONFLICT (space_uuid, user_uuid) DO UPDATE").Set("role = EXCLUDED.role").Exec(ctx)
	s.shared(ctx, who, "space.share "+string(role)+" "+space.UUID, user, err)
	return err
}

// UnshareSpace takes a user's direct role back.
func (s *Service) UnshareSpace(ctx context.Context, who access.Principal, project, id, user string) error {
	space, err := s.manageable(ctx, who, project, id)
	if err != nil {
		return err
	}
	_, err = s.db.NewDelete().Model((*spaceUserRow)(nil)).
		Where("space_uuid = ?", space.UUID).Where("user_uuid = ?", user).Exec(ctx)
	s.shared(ctx, who, "space.unshare "+space.UUID, user, err)
	return err
}

// ShareSpaceWithGroup gives a group of the organization a role in the space. Faults: NotFound, Forbidden.
func (s *Service) ShareSpaceWithGroup(ctx context.Context, who access.Principal, project, id, group string, role access.Role) error {
	space, err := s.manageable(ctx, who, project, id)
	if err != nil {
		return err
	}
	names, err := s.people.GroupNames(ctx, who.Organization, []string{group})
	if err != nil {
		return err
	}
	if _, ok := names[group]; !ok {
		return fault.New(fault.NotFound, "No group found with id %s", group)
	}
	row := &spaceGroupRow{Space: space.UUID, Group: group, Role: string(role)}
	_, err = s.db.NewInsert().Model(row).On("CONFLICT (space_uuid, group_uuid) DO UPDATE").Set("role = EXCLUDED.role").Exec(ctx)
	s.shared(ctx, who, "space.share "+string(role)+" "+space.UUID, group, err)
	return err
}

// UnshareSpaceWithGroup takes a group's role back.
func (s *Service) UnshareSpaceWithGroup(ctx context.Context, who access.Principal, project, id, group string) error {
	space, err := s.manageable(ctx, who, project, id)
	if err != nil {
		return err
	}
	_, err = s.db.NewDelete().Model((*spaceGroupRow)(nil)).
		Where("space_uuid = ?", space.UUID).Where("group_uuid = ?", group).Exec(ctx)
	s.shared(ctx, who, "space.unshare "+space.UUID, group, err)
	return err
}

func freeSpaceSlug(ctx context.Context, tx bun.Tx, project, wanted string) (string, error) {
	return freeSlugIn(ctx, tx, "spaces", "project_uuid", project, wanted)
}

// defaultSpace is where content goes whose creator named no space: a tenant's own, or else the oldest that is public or
// shared with them.
func (s *Service) defaultSpace(ctx context.Context, who access.Principal, p Project) (Space, error) {
	if who.Kind == access.Tenant {
		return s.ownSpace(ctx, who, p)
	}
	all, err := s.homes(ctx, who, p.UUID)
	if err != nil {
		return Space{}, err
	}
	for _, space := range all {
		if !space.Private || slices.Contains(space.Granted, who.User) {
			return space, nil
		}
	}
	return Space{}, fault.New(fault.NotFound, "No space found")
}
