package identity

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
)

// GroupName is a group by name.
type GroupName struct{ UUID, Name string }

// Group is a group of people in an organization.
type Group struct {
	UUID, Organization, Name string
	CreatedBy, UpdatedBy     string // user uuids; may be empty
	Created, Updated         time.Time
	Members                  []GroupMember
}

// GroupMember is somebody in a group.
type GroupMember struct{ User, Email, First, Last string }

func (r groupRow) group() Group {
	return Group{UUID: r.ID, Organization: r.OrganizationID, Name: r.Name, CreatedBy: deref(r.CreatedBy),
		UpdatedBy: deref(r.UpdatedBy), Created: r.CreatedAt, Updated: r.UpdatedAt, Members: []GroupMember{}}
}

// NewGroup describes a group to make.
type NewGroup struct {
	UUID         string // made when empty
	Organization string
	Name         string
	By           string // user uuid; may be empty
	UpdatedBy    string
	Members      []string
}

// MakeGroup makes a group without asking anybody: for set-up. Faults: Conflict.
func (s *Service) MakeGroup(ctx context.Context, n NewGroup) (Group, error) {
	if n.UUID == "" {
		n.UUID = newID()
	}
	var made Group
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		now := s.now()
		row := groupRow{ID: n.UUID, OrganizationID: n.Organization, Name: n.Name, CreatedBy: optional(n.By),
			CreatedAt: now, UpdatedBy: optional(n.UpdatedBy), UpdatedAt: now}
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); store.Duplicate(err) {
			return fault.New(fault.Conflict, "Group name already exists")
		} else if err != nil {
			return err
		}
		if err := s.setMembers(ctx, tx, row.OrganizationID, row.ID, n.Members); err != nil {
			return err
		}
		var err error
		made, err = s.findGroup(ctx, tx, row.ID)
		return err
	})
	return made, err
}

// CreateGroup makes a group in the principal's organization. Faults: Forbidden, Conflict, NotFound for members of
// other organizations.
func (s *Service) CreateGroup(ctx context.Context, who access.Principal, name string, members []string) (Group, error) {
	thing := access.Thing{Subject: access.Group, Organization: who.Organization}
	if err := s.require(ctx, who, access.Create, thing); err != nil {
		return Group{}, err
	}
	g, err := s.MakeGroup(ctx, NewGroup{Organization: who.Organization, Name: name, By: who.User, Members: members})
	s.audit(ctx, who, "group.create", name, err != nil)
	return g, err
}

// findGroup reads a group with its members.
func (s *Service) findGroup(ctx context.Context, db bun.IDB, id string) (Group, error) {
	row := groupRow{}
	if err := db.NewSelect().Model(&row).Where("g.id = ?", id).Scan(ctx); err != nil {
		return Group{}, missing(err, "", "No group found")
	}
	groups := []Group{row.group()}
	return groups[0], s.addMembers(ctx, db, groups)
}

// addMembers fills in the members of groups, in the order they joined.
func (s *Service) addMembers(ctx context.Context, db bun.IDB, groups []Group) error {
	if len(groups) == 0 {
		return nil
	}
	ids := make([]string, len(groups))
	for i, g := range groups {
		ids[i] = g.UUID
	}
	var rows []struct {
		GroupID, UserID, FirstName, LastName string
		Email                                *string
	}
	err := db.NewRaw(`SELECT m.group_id, m.user_id, u.email, u.first_name, u.last_name FROM group_members m
		JOIN users u ON u.id = m.user_id WHERE m.group_id IN (?) ORDER BY m.created_at, u.number`, bun.List(ids)).Scan(ctx, &rows)
	if err != nil && !store.NotFound(err) {
		return err
	}
	for _, row := range rows {
		i := slices.Index(ids, row.GroupID)
		groups[i].Members = append(groups[i].Members, GroupMember{row.UserID, deref(row.Email), row.FirstName, row.LastName})
	}
	return nil
}

// setMembers makes a group have exactly these members. Faults: NotFound for users of other organizations.
func (s *Service) setMembers(ctx context.Context, tx bun.Tx, organization, group string, users []string) error {
	if err := touch(ctx, tx, organization); err != nil {
		return err
	}
	_, err := tx.NewDelete().Model((*groupMemberRow)(nil)).Where("group_id = ?", group).Exec(ctx)
	if err != nil {
		return err
	}
	for _, user := range users {
		switch joined, err := s.join(ctx, tx, organization, group, user); {
		case err != nil:
			return err
		case !joined:
			return fault.New(fault.NotFound, "Cannot find user with uuid %s", user)
		}
	}
	return nil
}

// join puts a user of the organization into a group; false when they are in it, or not of the organization.
func (s *Service) join(ctx context.Context, tx bun.Tx, organization, group, user string) (bool, error) {
	result, err := tx.NewRaw(`INSERT INTO group_members (group_id, user_id, created_at)
		SELECT ?, u.id, ? FROM users u WHERE u.id = ? AND (u.organization_id = ? OR EXISTS (
			SELECT 1 FROM guest_members x WHERE x.user_id = u.id AND x.organization_id = ?))
		ON CONFLICT (group_id, user_id) DO NOTHING`, group, s.now(), user, organization, organization).Exec(ctx)
	if err != nil {
		return false, err
	}
	changed, err := result.RowsAffected()
	return changed > 0, err
}

// GroupQuery narrows the list of groups.
type GroupQuery struct {
	Search string
	Page   Page
}

// Groups lists the groups of the principal's organization that they may see, oldest first.
func (s *Service) Groups(ctx context.Context, who access.Principal, q GroupQuery) ([]Group, *Pages, error) {
	thing := access.Thing{Subject: access.Group, Organization: who.Organization}
	groups := []Group{}
	if access.Can(who, access.View, thing) {
		var rows []groupRow
		err := s.db.NewSelect().Model(&rows).Where("organization_id = ?", who.Organization).Order("created_at", "name").Scan(ctx)
		if err != nil {
			return nil, nil, err
		}
		for _, row := range rows {
			groups = append(groups, row.group())
		}
		if err := s.addMembers(ctx, s.db, groups); err != nil {
			return nil, nil, err
		}
	}
	groups = slices.DeleteFunc(groups, func(g Group) bool { return !g.mentions(q.Search) })
	from, to, pages, err := q.Page.window(len(groups))
	return groups[from:to], pages, err
}

func (g Group) mentions(search string) bool {
	text := g.Name
	for _, m := range g.Members {
		text += " " + m.Email + " " + m.First + " " + m.Last
	}
	return strings.Contains(strings.ToLower(text), strings.ToLower(search))
}

// Group gives one group. Faults: NotFound, Forbidden.
func (s *Service) Group(ctx context.Context, who access.Principal, id string) (Group, error) {
	return s.groupFor(ctx, who, id, access.View)
}

func (s *Service) groupFor(ctx context.Context, who access.Principal, id string, action access.Action) (Group, error) {
	g, err := s.findGroup(ctx, s.db, id)
	if err != nil {
		return Group{}, err
	}
	if g.Organization != who.Organization {
		return Group{}, fault.New(fault.NotFound, "No group found")
	}
	if err := s.require(ctx, who, action, access.Thing{Subject: access.Group, UUID: id, Organization: g.Organization}); err != nil || action == access.View {
		return g, err
	}
	rights, err := s.rightsOfGroup(ctx, id)
	if err != nil {
		return g, err
	}
	return g, s.mayGive(ctx, who, rights, id)
}

// UpdateGroup renames a group, and gives it other members unless those are nil. Faults: NotFound, Forbidden, Conflict.
func (s *Service) UpdateGroup(ctx context.Context, who access.Principal, id string, name *string, members []string) (Group, error) {
	g, err := s.groupFor(ctx, who, id, access.Update)
	if err != nil {
		return Group{}, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		q := tx.NewUpdate().Table("user_groups").Where("id = ?", id).
			Set("updated_at = ?", s.now()).Set("updated_by = ?", who.User)
		setIf(q, "name", name)
		if _, err := q.Exec(ctx); store.Duplicate(err) {
			return fault.New(fault.Conflict, "Group name already exists")
		} else if err != nil {
			return err
		}
		if members != nil {
			return s.setMembers(ctx, tx, g.Organization, id, members)
		}
		return touch(ctx, tx, g.Organization)
	})
	s.audit(ctx, who, "group.update", id, err != nil)
	if err != nil {
		return Group{}, err
	}
	return s.findGroup(ctx, s.db, id)
}

// DeleteGroup deletes a group with all that it grants. Faults: NotFound, Forbidden.
func (s *Service) DeleteGroup(ctx context.Context, who access.Principal, id string) error {
	g, err := s.groupFor(ctx, who, id, access.Delete)
	if err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewDelete().Model((*groupRow)(nil)).Where("id = ?", id).Exec(ctx); err != nil {
			return err
		}
		return touch(ctx, tx, g.Organization)
	})
	s.audit(ctx, who, "group.delete", id, err != nil)
	return err
}

// AddMember puts a user into a group; false when nothing changed: they are in it, or not of the organization. Faults:
// NotFound, Forbidden.
func (s *Service) AddMember(ctx context.Context, who access.Principal, group, user string) (changed bool, err error) {
	g, err := s.groupFor(ctx, who, group, access.Update)
	if err != nil {
		return false, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		if err := touch(ctx, tx, g.Organization); err != nil {
			return err
		}
		changed, err = s.join(ctx, tx, g.Organization, group, user)
		return err
	})
	s.audit(ctx, who, "group.add "+group, user, err != nil)
	return changed, err
}

// RemoveMember takes a user out of a group; false when they weren't in it. Faults: NotFound, Forbidden.
func (s *Service) RemoveMember(ctx context.Context, who access.Principal, group, user string) (changed bool, err error) {
	g, err := s.groupFor(ctx, who, group, access.Update)
	if err != nil {
		return false, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.NewDelete().Model((*groupMemberRow)(nil)).
			Where("group_id = ?", group).Where("user_id = ?", user).Exec(ctx)
		if err != nil {
			return err
		}
		removed, err := result.RowsAffected()
		if err != nil {
			return err
		}
		changed = removed > 0
		return touch(ctx, tx, g.Organization)
	})
	s.audit(ctx, who, "group.remove "+group, user, err != nil)
	return changed, err
}
