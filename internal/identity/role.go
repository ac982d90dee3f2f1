package identity

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
)

// CustomRole is a role that an organization made of abilities.
type CustomRole struct {
	UUID, Organization, Name string
	Description              *string
	Abilities                []access.Ability
	CreatedBy                string // user uuid
	Created, Updated         time.Time
}

type customRoleRow struct {
	bun.BaseModel  `bun:"table:custom_roles,alias:r"`
	ID             string `bun:"id,pk"`
	OrganizationID string
	Name           string
	Description    *string
	Abilities      []access.Ability
	CreatedBy      string
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

func (r customRoleRow) role() CustomRole {
	return CustomRole{r.ID, r.OrganizationID, r.Name, r.Description, r.Abilities, r.CreatedBy, r.CreatedAt, r.UpdatedAt}
}

// CustomRoles lists the roles that the principal's organization made, by name. Faults: Forbidden.
func (s *Service) CustomRoles(ctx context.Context, who access.Principal) ([]CustomRole, error) {
	if err := s.requireDirectory(ctx, who); err != nil {
		return nil, err
	}
	var rows []customRoleRow
	err := s.db.NewSelect().Model(&rows).Where("organization_id = ?", who.Organization).Order("name", "id").Scan(ctx)
	roles := make([]CustomRole, len(rows))
	for i, row := range rows {
		roles[i] = row.role()
	}
	return roles, err
}

// CustomRole gives one of them. Faults: Forbidden, NotFound.
func (s *Service) CustomRole(ctx context.Context, who access.Principal, id string) (CustomRole, error) {
	if err := s.requireDirectory(ctx, who); err != nil {
		return CustomRole{}, err
	}
	return s.customRole(ctx, s.db, who, id)
}

func (s *Service) requireDirectory(ctx context.Context, who access.Principal) error {
	return s.require(ctx, who, access.View, access.Thing{Subject: access.MemberProfile, Organization: who.Organization})
}

func (s *Service) customRole(ctx context.Context, db bun.IDB, who access.Principal, id string) (CustomRole, error) {
	row := customRoleRow{}
	err := db.NewSelect().Model(&row).Where("id = ?", id).Where("organization_id = ?", who.Organization).Scan(ctx)
	return row.role(), missing(err, "", "There is no role with the id %s", id)
}

// CreateRole makes a role of abilities that its maker has in the whole organization. Faults: Forbidden, Invalid, Conflict.
func (s *Service) CreateRole(ctx context.Context, who access.Principal, name string, description *string, all []access.Ability) (CustomRole, error) {
	row := customRoleRow{ID: newID(), OrganizationID: who.Organization, Name: name, Description: description, Abilities: all,
		CreatedBy: who.User, CreatedAt: s.now(), UpdatedAt: s.now()}
	err := s.checkRole(ctx, who, &row)
	if err == nil {
		_, err = s.db.NewInsert().Model(&row).Exec(ctx)
		err = roleTaken(err)
	}
	s.audit(ctx, who, "role.create "+name, row.ID, err != nil)
	return row.role(), err
}

// RoleChange is what to change of a custom role; nil leaves it.
type RoleChange struct {
	Name, Description *string
	Add, Remove       []access.Ability
}

// ChangeRole changes a custom role for everybody who has it. Who changes it must have what it gives, before and after.
// Faults: Forbidden, Invalid, NotFound, Conflict.
func (s *Service) ChangeRole(ctx context.Context, who access.Principal, id string, c RoleChange) (CustomRole, error) {
	var row customRoleRow
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := touch(ctx, tx, who.Organization); err != nil {
			return err
		}
		old, err := s.customRole(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if err := s.mayGive(ctx, who, access.CustomRole{Abilities: old.Abilities}.Gives(), id); err != nil {
			return err
		}
		row = customRoleRow{ID: old.UUID, OrganizationID: old.Organization, Name: old.Name, Description: old.Description,
			Abilities: old.Abilities, CreatedBy: old.CreatedBy, CreatedAt: old.Created, UpdatedAt: s.now()}
		row.change(c)
		if err := s.checkRole(ctx, who, &row); err != nil {
			return err
		}
		_, err = tx.NewUpdate().Model(&row).WherePK().Exec(ctx)
		return roleTaken(err)
	})
	s.audit(ctx, who, "role.update", id, err != nil)
	return row.role(), err
}

func (r *customRoleRow) change(c RoleChange) {
	if c.Name != nil {
		r.Name = *c.Name
	}
	if c.Description != nil {
		r.Description = c.Description
	}
	r.Abilities = slices.DeleteFunc(append(slices.Clone(r.Abilities), c.Add...), func(a access.Ability) bool { return slices.Contains(c.Remove, a) })
}

// checkRole refuses roles that can't be, and those that whoever makes them may not make.
func (s *Service) checkRole(ctx context.Context, who access.Principal, row *customRoleRow) error {
	if err := s.requireOrganization(ctx, who, access.Manage); err != nil {
		return err
	}
	if row.Name == "" || len(row.Name) > 200 {
		return fault.New(fault.Invalid, "name: a role needs a name of at most 200 bytes")
	}
	if access.Role(row.Name).AtLeast(access.Member) {
		return fault.New(fault.Conflict, "name: %q is a role that every organization has", row.Name)
	}
	slices.Sort(row.Abilities)
	row.Abilities = slices.Compact(row.Abilities)
	for _, ability := range row.Abilities {
		if !ability.Known() {
			return fault.New(fault.Invalid, "scopes: there is no scope %q", ability)
		}
	}
	return s.mayGive(ctx, who, access.CustomRole{Abilities: row.Abilities}.Gives(), row.ID)
}

func roleTaken(err error) error {
	if store.Duplicate(err) {
		return fault.New(fault.Conflict, "name: the organization has a role of this name")
	}
	return err
}

// DeleteRole takes a custom role from everybody who has it. Faults: Forbidden, NotFound.
func (s *Service) DeleteRole(ctx context.Context, who access.Principal, id string) error {
	err := s.requireOrganization(ctx, who, access.Manage)
	if err == nil {
		err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
			if err := touch(ctx, tx, who.Organization); err != nil {
				return err
			}
			if _, err := s.customRole(ctx, tx, who, id); err != nil {
				return err
			}
			_, err := tx.NewDelete().Model((*customRoleRow)(nil)).Where("id = ?", id).Exec(ctx)
			return err
		})
	}
	s.audit(ctx, who, "role.delete", id, err != nil)
	return err
}

// mayGive refuses to give or take rights that the principal doesn't have themself. Target is what the audit log says.
func (s *Service) mayGive(ctx context.Context, who, rights access.Principal, target string) error {
	if access.MayGive(who, rights) {
		return nil
	}
	s.audit(ctx, who, "grant more than own", target, true)
	return fault.New(fault.Forbidden, "Nobody can give or take rights that they don't have themselves")
}

// outranked refuses to act on a member who may do more than the principal. Nobody known is outranked by nobody.
func (s *Service) outranked(ctx context.Context, who access.Principal, user string) error {
	theirs, err := s.PrincipalOf(ctx, who.Organization, user)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.mayGive(ctx, who, theirs, user)
}

// rightsOfGroup is all that membership of a group gives. One that decides about rows of data is for those who manage
// the organization.
func (s *Service) rightsOfGroup(ctx context.Context, group string) (access.Principal, error) {
	rights := access.Principal{ProjectRoles: map[string][]access.Role{}}
	var grants []projectGroupRow
	if err := s.db.NewSelect().Model(&grants).Where("group_id = ?", group).Scan(ctx); err != nil {
		return rights, err
	}
	for _, g := range grants {
		rights.ProjectRoles[g.ProjectID] = []access.Role{g.Role}
	}
	var err error
	if rights.Custom, err = s.customOf(ctx, "g.group_id = ?", group); err != nil {
		return rights, err
	}
	decides, err := s.db.NewSelect().Model((*attributeGroupRow)(nil)).Where("group_id = ?", group).Exists(ctx)
	if decides {
		rights.Custom = append(rights.Custom, access.CustomRole{Abilities: []access.Ability{"manage:Organization"}})
	}
	return rights, err
}

// customOf reads custom roles as principals carry them, by the grants that are wanted.
func (s *Service) customOf(ctx context.Context, where string, args ...any) ([]access.CustomRole, error) {
	var rows []struct {
		ProjectID string
		Abilities []access.Ability
	}
	err := s.db.NewSelect().TableExpr("custom_role_grants AS g").ColumnExpr("g.project_id, r.abilities").
		Join("JOIN custom_roles AS r ON r.id = g.role_id").Where(where, args...).Order("g.project_id", "r.id").Scan(ctx, &rows)
	var all []access.CustomRole
	for _, row := range rows {
		all = append(all, access.CustomRole{Project: row.ProjectID, Abilities: row.Abilities})
	}
	return all, err
}
