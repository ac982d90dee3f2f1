package identity

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
)

// Assignment is a role that a user or a group has: in a project, or, where none is named, in the organization.
type Assignment struct {
	Project     string
	User, Group string // one of the two
	Name        string // the user's or the group's
	Role        string // of the matrix by its name, or a custom one by its id
	RoleName    string
	Since       time.Time
}

// system is the role of the matrix that the assignment names, if it names one.
func (a Assignment) system() (access.Role, bool) {
	role := access.Role(a.Role)
	weakest := access.Viewer
	if a.Project == "" {
		weakest = access.Member
	}
	return role, role.AtLeast(weakest)
}

// assignee is the column and the id of who has the role.
func (a Assignment) assignee() (column, id string) {
	if a.Group != "" {
		return "group_id", a.Group
	}
	return "user_id", a.User
}

// Assign gives a member or a group a role, in place of the one they have there. Faults: Forbidden, NotFound, Invalid.
func (s *Service) Assign(ctx context.Context, who access.Principal, a Assignment) (Assignment, error) {
	made, err := s.assign(ctx, who, a)
	_, target := a.assignee()
	s.audit(ctx, who, "role.assign "+a.Role+" "+a.Project, target, err != nil)
	return made, err
}

func (s *Service) assign(ctx context.Context, who access.Principal, a Assignment) (Assignment, error) {
	if err := s.requireAssign(ctx, who, &a); err != nil {
		return a, err
	}
	var rights access.Principal
	var custom CustomRole
	role, system := a.system()
	if system {
		a.RoleName, rights = a.Role, role.Gives(a.Project)
	} else {
		var err error
		if custom, err = s.customRole(ctx, s.db, who, a.Role); err != nil {
			return a, err
		}
		a.RoleName, rights = custom.Name, access.CustomRole{Project: a.Project, Abilities: custom.Abilities}.Gives()
		role = access.Member
	}
	_, target := a.assignee()
	if err := s.mayGive(ctx, who, rights, target); err != nil {
		return a, err
	}
	a.Since = s.now()
	return a, s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := touch(ctx, tx, who.Organization); err != nil {
			return err
		}
		if err := s.dropAssignment(ctx, tx, a); err != nil {
			return err
		}
		if a.Project == "" {
			if err := s.putRole(ctx, tx, who.Organization, a.User, role); err != nil {
				return err
			}
		} else if system {
			if err := s.putProjectRole(ctx, tx, a, role); err != nil {
				return err
			}
		}
		if system {
			return nil
		}
		_, err := tx.NewRaw(`INSERT INTO custom_role_grants (role_id, project_id, user_id, group_id, created_at) VALUES (?, ?, ?, ?, ?)`,
			custom.UUID, a.Project, optional(a.User), optional(a.Group), a.Since).Exec(ctx)
		return err
	})
}

// Unassign takes the role that somebody has in a project. Faults: Forbidden, NotFound.
func (s *Service) Unassign(ctx context.Context, who access.Principal, a Assignment) error {
	err := s.requireAssign(ctx, who, &a)
	if err == nil {
		err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
			if err := touch(ctx, tx, who.Organization); err != nil {
				return err
			}
			return s.dropAssignment(ctx, tx, a)
		})
	}
	_, target := a.assignee()
	s.audit(ctx, who, "role.unassign "+a.Project, target, err != nil)
	return err
}

// requireAssign refuses whoever may not say which role the assignee has there, and fills in the assignee's name.
func (s *Service) requireAssign(ctx context.Context, who access.Principal, a *Assignment) error {
	var err error
	if a.Project != "" {
		err = s.requireProject(ctx, who, access.Manage, a.Project)
	} else {
		err = s.require(ctx, who, access.Update, access.Thing{Subject: access.MemberProfile, UUID: a.User, Organization: who.Organization})
	}
	if err != nil {
		return err
	}
	if a.Group != "" {
		g, err := s.groupFor(ctx, who, a.Group, access.Update)
		a.Name = g.Name
		return err
	}
	m, err := s.member(ctx, who.Organization, a.User)
	if err != nil {
		return err
	}
	a.Name = m.First + " " + m.Last
	if a.Project == "" {
		return s.outranked(ctx, who, a.User)
	}
	return nil
}

// dropAssignment takes what somebody has in a project, or their custom role in the organization.
func (s *Service) dropAssignment(ctx context.Context, tx bun.Tx, a Assignment) error {
	column, id := a.assignee()
	if a.Project != "" {
		table := "project_members"
		if a.Group != "" {
			table = "project_groups"
		}
		if _, err := changeRole(ctx, tx, table, a.Project, column, id, ""); err != nil {
			return err
		}
	}
	return dropCustom(ctx, tx, a.Project, column, id)
}

// dropCustom takes the custom role that somebody has in a project, or, where none is named, in the organization.
func dropCustom(ctx context.Context, tx bun.Tx, project, column, id string) error {
	_, err := tx.NewDelete().Table("custom_role_grants").Where("project_id = ?", project).Where("? = ?", bun.Ident(column), id).Exec(ctx)
	return err
}

func (s *Service) putProjectRole(ctx context.Context, tx bun.Tx, a Assignment, role access.Role) error {
	if a.Group == "" {
		return s.putProjectMember(ctx, tx, a.Project, a.User, role)
	}
	_, err := tx.NewInsert().Model(&projectGroupRow{ProjectID: a.Project, GroupID: a.Group, Role: role, CreatedAt: s.now()}).Exec(ctx)
	return err
}

// Assignments lists who has which role in a project, or, where none is named, in the organization. Faults: Forbidden,
// NotFound.
func (s *Service) Assignments(ctx context.Context, who access.Principal, project string) ([]Assignment, error) {
	if project == "" {
		if err := s.requireDirectory(ctx, who); err != nil {
			return nil, err
		}
		return s.assignments(ctx, s.db.NewRaw(`SELECT '' AS project_id, id AS user_id, NULL AS group_id, role, '' AS custom, created_at
			FROM users WHERE organization_id = ? AND email IS NOT NULL AND NOT EXISTS (
				SELECT 1 FROM custom_role_grants g WHERE g.user_id = users.id AND g.project_id = '')
			UNION ALL SELECT g.project_id, g.user_id, g.group_id, '', g.role_id, g.created_at FROM custom_role_grants g
			JOIN custom_roles r ON r.id = g.role_id WHERE r.organization_id = ? AND g.project_id = ''`, who.Organization, who.Organization))
	}
	if err := s.requireProject(ctx, who, access.View, project); err != nil {
		return nil, err
	}
	return s.assignments(ctx, s.db.NewRaw(`SELECT project_id, user_id, NULL AS group_id, role, '' AS custom, created_at FROM project_members WHERE project_id = ?
		UNION ALL SELECT project_id, NULL, group_id, role, '', created_at FROM project_groups WHERE project_id = ?
		UNION ALL SELECT project_id, user_id, group_id, '', role_id, created_at FROM custom_role_grants WHERE project_id = ?`, project, project, project))
}

// Assignees lists who has a custom role, wherever. Faults: Forbidden, NotFound.
func (s *Service) Assignees(ctx context.Context, who access.Principal, role string) ([]Assignment, error) {
	if _, err := s.CustomRole(ctx, who, role); err != nil {
		return nil, err
	}
	return s.assignments(ctx, s.db.NewRaw(`SELECT project_id, user_id, group_id, '' AS role, role_id AS custom, created_at
		FROM custom_role_grants WHERE role_id = ?`, role))
}

// assignments names what a selection of grants speaks of.
func (s *Service) assignments(ctx context.Context, selected bun.Query) ([]Assignment, error) {
	var rows []struct {
		ProjectID, Role, Custom    string
		UserID, GroupID            *string
		First, Last, Group, Called *string
		CreatedAt                  time.Time
	}
	err := s.db.NewSelect().TableExpr("(?) AS a", selected).ColumnExpr("a.*, u.first_name AS first, u.last_name AS last").
		ColumnExpr(`g.name AS "group", r.name AS called`).
		Join("LEFT JOIN users AS u ON u.id = a.user_id").Join("LEFT JOIN user_groups AS g ON g.id = a.group_id").
		Join("LEFT JOIN custom_roles AS r ON r.id = a.custom").OrderExpr("a.project_id, a.created_at, COALESCE(a.user_id, a.group_id)").Scan(ctx, &rows)
	if err != nil && !store.NotFound(err) {
		return nil, err
	}
	all := make([]Assignment, len(rows))
	for i, row := range rows {
		all[i] = Assignment{Project: row.ProjectID, User: deref(row.UserID), Group: deref(row.GroupID), Since: row.CreatedAt,
			Name: deref(row.First) + " " + deref(row.Last), Role: row.Role + row.Custom, RoleName: row.Role + deref(row.Called)}
		if row.Group != nil {
			all[i].Name = *row.Group
		}
	}
	return all, nil
}

// putRole changes a member's role in the organization. Faults: NotFound, and Forbidden for the last admin.
func (s *Service) putRole(ctx context.Context, tx bun.Tx, organization, user string, role access.Role) error {
	result, err := tx.NewUpdate().Table("users").Set("role = ?", role).Set("updated_at = ?", s.now()).
		Where("id = ?", user).Where("organization_id = ?", organization).Exec(ctx)
	if err != nil {
		return err
	}
	if changed, err := result.RowsAffected(); err != nil || changed == 0 {
		return fault.New(fault.NotFound, "No matching member found in organization")
	}
	return keepsAdmin(ctx, tx, organization)
}
