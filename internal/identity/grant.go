package identity

import (
	"context"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
)

// ProjectMember is somebody's own role in a project.
type ProjectMember struct {
	Project, User, Email, First, Last string
	Role                              access.Role
}

// ProjectGroup is a group's role in a project.
type ProjectGroup struct {
	Project, Group string
	Role           access.Role
}

// projectOf gives the organization of a project that the principal has something to do with; others' projects are
// forbidden, as the native API has it. Faults: NotFound, Forbidden.
func (s *Service) projectOf(ctx context.Context, who access.Principal, project string) (string, error) {
	if !valid(project) || s.config.Projects == nil {
		return "", fault.Coded(fault.NotFound, "NotExists", "Cannot find project with id: %s", project)
	}
	organization, err := s.config.Projects.OrganizationOf(ctx, project)
	if err != nil {
		return "", err
	}
	if organization != who.Organization {
		return "", forbidden()
	}
	return organization, nil
}

// requireProject asks for an action on a project. Faults: NotFound, Forbidden.
func (s *Service) requireProject(ctx context.Context, who access.Principal, action access.Action, project string) error {
	organization, err := s.projectOf(ctx, who, project)
	if err != nil {
		return err
	}
	return s.require(ctx, who, action,
		access.Thing{Subject: access.Project, UUID: project, Organization: organization, Project: project})
}

// ProjectMembers lists who has a role of their own in a project. Faults: NotFound, Forbidden.
func (s *Service) ProjectMembers(ctx context.Context, who access.Principal, project string) ([]ProjectMember, error) {
	if err := s.requireProject(ctx, who, access.View, project); err != nil {
		return nil, err
	}
	return s.projectMembers(ctx, project)
}

func (s *Service) projectMembers(ctx context.Context, project string) ([]ProjectMember, error) {
	var rows []struct {
		UserID, FirstName, LastName string
		Email                       *string
		Role                        access.Role
	}
	err := s.db.NewRaw(`SELECT p.user_id, p.role, u.email, u.first_name, u.last_name FROM project_members p
		JOIN users u ON u.id = p.user_id WHERE p.project_id = ? ORDER BY p.created_at, u.number`, project).Scan(ctx, &rows)
	if err != nil && !store.NotFound(err) {
		return nil, err
	}
	members := make([]ProjectMember, len(rows))
	for i, row := range rows {
		members[i] = ProjectMember{project, row.UserID, deref(row.Email), row.FirstName, row.LastName, row.Role}
	}
	return members, nil
}

// ProjectMember gives one user's own role in a project. Faults: NotFound, Forbidden.
func (s *Service) ProjectMember(ctx context.Context, who access.Principal, project, user string) (ProjectMember, error) {
	members, err := s.ProjectMembers(ctx, who, project)
	if err != nil {
		return ProjectMember{}, err
	}
	for _, m := range members {
		if m.User == user {
			return m, nil
		}
	}
	return ProjectMember{}, fault.New(fault.NotFound, "User UUID %s is not found in project %s", user, project)
}

// GrantProject gives somebody of the organization, by e-mail address, a role in a project. Faults: NotFound,
// Forbidden, Conflict.
func (s *Service) GrantProject(ctx context.Context, who access.Principal, project, email string, role access.Role) error {
	if err := s.requireProject(ctx, who, access.Manage, project); err != nil {
		return err
	}
	if err := s.mayGive(ctx, who, role.Gives(project), email); err != nil {
		return err
	}
	u, err := s.UserByEmail(ctx, email)
	if fault.Is(err, fault.NotFound) || err == nil && u.Organization != who.Organization {
		return fault.Coded(fault.NotFound, "NotExists", "Can't find user with email %s in the organization", email)
	}
	if err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		row := projectMemberRow{ProjectID: project, UserID: u.UUID, Role: role, CreatedAt: s.now()}
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); store.Duplicate(err) {
			return fault.New(fault.Conflict, "This user email %s already has access to this project", email)
		} else if err != nil {
			return err
		}
		if err := dropCustom(ctx, tx, project, "user_id", u.UUID); err != nil {
			return err
		}
		return touch(ctx, tx, who.Organization)
	})
	s.audit(ctx, who, "project.grant "+string(role)+" "+project, u.UUID, err != nil)
	return err
}

// ChangeGrant changes somebody's own role in a project; an empty role revokes it. Where there is none, nothing changes
// and nothing is refused, as recorded. Faults: NotFound, Forbidden.
func (s *Service) ChangeGrant(ctx context.Context, who access.Principal, project, user string, role access.Role) error {
	if err := s.requireProject(ctx, who, access.Manage, project); err != nil {
		return err
	}
	if err := s.mayGive(ctx, who, role.Gives(project), user); err != nil {
		return err
	}
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := changeRole(ctx, tx, "project_members", project, "user_id", user, role); err != nil {
			return err
		}
		if err := dropCustom(ctx, tx, project, "user_id", user); err != nil {
			return err
		}
		return touch(ctx, tx, who.Organization)
	})
	s.audit(ctx, who, "project.grant "+string(role)+" "+project, user, err != nil)
	return err
}

// changeRole changes or, without a role, deletes one grant; table and column are names of ours.
func changeRole(ctx context.Context, tx bun.Tx, table, project, column, id string, role access.Role) (bool, error) {
	var result interface{ RowsAffected() (int64, error) }
	var err error
	if role == "" {
		result, err = tx.NewDelete().Table(table).Where("project_id = ?", project).Where("? = ?", bun.Ident(column), id).Exec(ctx)
	} else {
		result, err = tx.NewUpdate().Table(table).Set("role = ?", role).
			Where("project_id = ?", project).Where("? = ?", bun.Ident(column), id).Exec(ctx)
	}
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

func (s *Service) putProjectMember(ctx context.Context, tx bun.Tx, project, user string, role access.Role) error {
	row := projectMemberRow{ProjectID: project, UserID: user, Role: role, CreatedAt: s.now()}
	_, err := tx.NewInsert().Model(&row).On("CONFLICT (project_id, user_id) DO UPDATE").Set("role = EXCLUDED.role").Exec(ctx)
	return err
}

// ProjectGroups lists the groups that have a role in a project. Faults: NotFound, Forbidden.
func (s *Service) ProjectGroups(ctx context.Context, who access.Principal, project string) ([]ProjectGroup, error) {
	if err := s.requireProject(ctx, who, access.Manage, project); err != nil {
		return nil, err
	}
	var rows []projectGroupRow
	err := s.db.NewSelect().Model(&rows).Where("project_id = ?", project).Order("created_at", "group_id").Scan(ctx)
	groups := make([]ProjectGroup, len(rows))
	for i, row := range rows {
		groups[i] = ProjectGroup{row.ProjectID, row.GroupID, row.Role}
	}
	return groups, err
}

// requireGroupGrant asks for what changing a group's role in a project takes. Faults: NotFound, Forbidden.
func (s *Service) requireGroupGrant(ctx context.Context, who access.Principal, group, project string) error {
	if _, err := s.groupFor(ctx, who, group, access.Update); err != nil {
		return err
	}
	return s.requireProject(ctx, who, access.Update, project)
}

// GrantGroup gives a group a role in a project. Faults: NotFound, Forbidden, Conflict.
func (s *Service) GrantGroup(ctx context.Context, who access.Principal, group, project string, role access.Role) (ProjectGroup, error) {
	if err := s.requireGroupGrant(ctx, who, group, project); err != nil {
		return ProjectGroup{}, err
	}
	if err := s.mayGive(ctx, who, role.Gives(project), group); err != nil {
		return ProjectGroup{}, err
	}
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		row := projectGroupRow{ProjectID: project, GroupID: group, Role: role, CreatedAt: s.now()}
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); store.Duplicate(err) {
			return fault.New(fault.Conflict, "This group already has access to this project")
		} else if err != nil {
			return err
		}
		return touch(ctx, tx, who.Organization)
	})
	s.audit(ctx, who, "project.grant "+string(role)+" "+project, group, err != nil)
	return ProjectGroup{project, group, role}, err
}

// ChangeGroupGrant changes a group's role in a project; an empty role revokes it. changed is false when the group has
// none. Faults: NotFound, Forbidden.
func (s *Service) ChangeGroupGrant(ctx context.Context, who access.Principal, group, project string, role access.Role) (changed bool, err error) {
	if err := s.requireGroupGrant(ctx, who, group, project); err != nil {
		return false, err
	}
	if err := s.mayGive(ctx, who, role.Gives(project), group); err != nil {
		return false, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		if changed, err = changeRole(ctx, tx, "project_groups", project, "group_id", group, role); err != nil {
			return err
		}
		if err := dropCustom(ctx, tx, project, "group_id", group); err != nil {
			return err
		}
		return touch(ctx, tx, who.Organization)
	})
	s.audit(ctx, who, "project.grant "+string(role)+" "+project, group, err != nil)
	return changed, err
}
