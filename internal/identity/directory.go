package identity

import (
	"context"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
)

// Person is a member of an organization with all that gives them a role in one project.
type Person struct {
	UUID, Email, First, Last string
	OrgRole                  access.Role
	ProjectRole              access.Role   // granted directly; empty for none
	GroupRoles               []access.Role // granted to their groups
	Groups                   []string      // uuids
}

// People lists everybody of an organization with their standing in a project, for services that resolve access to
// spaces.
func (s *Service) People(ctx context.Context, organization, project string) ([]Person, error) {
	return s.people(ctx, organization, project, "")
}

// PersonIn gives one of People. Faults: NotFound.
func (s *Service) PersonIn(ctx context.Context, organization, project, user string) (Person, error) {
	found, err := s.people(ctx, organization, project, user)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "Cannot find user with uuid %s", user)
	}
	if err != nil {
		return Person{}, err
	}
	return found[0], nil
}

type standingKey struct{ organization, project, user string }

// standing is what a principal is in a project, as of a revision of their organization.
type standing struct {
	revision int64
	person   []Person // empty for guests
}

// Standing gives the one of People that a principal is. It is kept as long as the principal's rights are. Faults:
// NotFound.
func (s *Service) Standing(ctx context.Context, who access.Principal, project string) (Person, error) {
	key := standingKey{who.Organization, project, who.User}
	known, ok := s.standing.GetIfPresent(key)
	if !ok || who.Revision == 0 || known.revision != who.Revision {
		found, err := s.people(ctx, who.Organization, project, who.User)
		if err != nil {
			return Person{}, err
		}
		known = standing{who.Revision, found}
		s.standing.Set(key, known)
	}
	if len(known.person) == 0 {
		return Person{}, fault.New(fault.NotFound, "Cannot find user with uuid %s", who.User)
	}
	return known.person[0], nil
}

func (s *Service) people(ctx context.Context, organization, project, user string) ([]Person, error) {
	var rows []struct {
		ID, FirstName, LastName string
		Email                   *string
		Role                    access.Role
		ProjectRole             *access.Role
	}
	only := func(column string) schema.QueryAppender { // a condition with both cases in it would go through everybody
		if user == "" {
			return bun.Safe("TRUE")
		}
		return bun.SafeQuery(column+" = ?", user)
	}
	// Who has a custom role stands as a viewer in spaces; what they may do there is in the role.
	err := s.db.NewRaw(`SELECT u.id, u.email, u.first_name, u.last_name, u.role, COALESCE(p.role, CASE WHEN EXISTS (
			SELECT 1 FROM custom_role_grants g WHERE g.project_id IN ('', ?) AND (g.user_id = u.id
			OR g.group_id IN (SELECT m.group_id FROM group_members m WHERE m.user_id = u.id))) THEN 'viewer' END) AS project_role FROM users u
		LEFT JOIN project_members p ON p.user_id = u.id AND p.project_id = ?
		WHERE u.organization_id = ? AND ? ORDER BY u.number`,
		project, project, organization, only("u.id")).Scan(ctx, &rows)
	if err != nil && !store.NotFound(err) {
		return nil, err
	}
	people, at := make([]Person, len(rows)), make(map[string]int, len(rows))
	for i, row := range rows {
		at[row.ID] = i
		people[i] = Person{UUID: row.ID, Email: deref(row.Email), First: row.FirstName, Last: row.LastName, OrgRole: row.Role}
		if row.ProjectRole != nil {
			people[i].ProjectRole = *row.ProjectRole
		}
	}
	var groups []struct {
		UserID, GroupID string
		Role            *access.Role
	}
	err = s.db.NewRaw(`SELECT m.user_id, m.group_id, p.role FROM group_members m
		JOIN user_groups g ON g.id = m.group_id LEFT JOIN project_groups p ON p.group_id = g.id AND p.project_id = ?
		WHERE g.organization_id = ? AND ? ORDER BY g.name`,
		project, organization, only("m.user_id")).Scan(ctx, &groups)
	if err != nil && !store.NotFound(err) {
		return nil, err
	}
	for _, g := range groups {
		i, ok := at[g.UserID]
		if !ok {
			continue // a guest of the group
		}
		people[i].Groups = append(people[i].Groups, g.GroupID)
		if g.Role != nil {
			people[i].GroupRoles = append(people[i].GroupRoles, *g.Role)
		}
	}
	return people, nil
}

// Name is somebody's name.
type Name struct{ UUID, First, Last string }

// Names gives names by user uuid; users that are gone are left out.
func (s *Service) Names(ctx context.Context, users []string) (map[string]Name, error) {
	names := make(map[string]Name, len(users))
	if len(users) == 0 {
		return names, nil
	}
	var rows []userRow
	err := s.db.NewSelect().Model(&rows).Column("id", "first_name", "last_name").Where("id IN (?)", bun.List(users)).Scan(ctx)
	for _, row := range rows {
		names[row.ID] = Name{row.ID, row.FirstName, row.LastName}
	}
	return names, err
}

// GroupNames gives the names of an organization's groups by uuid.
func (s *Service) GroupNames(ctx context.Context, organization string, groups []string) (map[string]string, error) {
	names := make(map[string]string, len(groups))
	if len(groups) == 0 {
		return names, nil
	}
	var rows []groupRow
	err := s.db.NewSelect().Model(&rows).Where("organization_id = ?", organization).Where("id IN (?)", bun.List(groups)).Scan(ctx)
	for _, row := range rows {
		names[row.ID] = row.Name
	}
	return names, err
}

// CopyGrants gives everybody and every group that has a role in one project the same role in another.
func (s *Service) CopyGrants(ctx context.Context, organization, from, to string) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		for _, statement := range []string{
			`INSERT INTO project_members (project_id, user_id, role, created_at)
				SELECT ?, user_id, role, ? FROM project_members WHERE project_id = ? ON CONFLICT DO NOTHING`,
			`INSERT INTO project_groups (project_id, group_id, role, created_at)
				SELECT ?, group_id, role, ? FROM project_groups WHERE project_id = ? ON CONFLICT DO NOTHING`,
			`INSERT INTO custom_role_grants (project_id, role_id, user_id, group_id, created_at)
				SELECT ?, role_id, user_id, group_id, ? FROM custom_role_grants WHERE project_id = ? ON CONFLICT DO NOTHING`,
		} {
			if _, err := tx.NewRaw(statement, to, s.now(), from).Exec(ctx); err != nil {
				return err
			}
		}
		return touch(ctx, tx, organization)
	})
}

// EraseGrants drops every grant in a project that is deleted, and all else that names it.
func (s *Service) EraseGrants(ctx context.Context, organization, project string) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		for _, table := range []string{"project_members", "project_groups", "custom_role_grants", "email_domain_projects"} {
			if _, err := tx.NewDelete().Table(table).Where("project_id = ?", project).Exec(ctx); err != nil {
				return err
			}
		}
		_, err := tx.NewUpdate().Table("organizations").Set("default_project = NULL").Where("default_project = ?", project).Exec(ctx)
		if err != nil {
			return err
		}
		return touch(ctx, tx, organization)
	})
}

// PutGrant gives a user a role in a project without asking anybody: for whoever creates one.
func (s *Service) PutGrant(ctx context.Context, organization, project, user string, role access.Role) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := s.putProjectMember(ctx, tx, project, user, role); err != nil {
			return err
		}
		return touch(ctx, tx, organization)
	})
}

// MemberOf lists the organizations a user belongs to: their own first, then those they are a guest of.
func (s *Service) MemberOf(ctx context.Context, user string) ([]Organization, error) {
	var rows []organizationRow
	err := s.db.NewRaw(`SELECT o.* FROM organizations o JOIN users u ON u.organization_id = o.id WHERE u.id = ?
		UNION ALL SELECT o.* FROM organizations o JOIN guest_members g ON g.organization_id = o.id WHERE g.user_id = ?`,
		user, user).Scan(ctx, &rows)
	if err != nil && !store.NotFound(err) {
		return nil, err
	}
	all := make([]Organization, len(rows))
	for i, row := range rows {
		if all[i], err = row.organization(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// AddGuest makes a user a member of one more organization. Their own stays as it is.
func (s *Service) AddGuest(ctx context.Context, organization, user string, role access.Role) error {
	row := guestRow{OrganizationID: organization, UserID: user, Role: role, CreatedAt: s.now()}
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewInsert().Model(&row).On("CONFLICT (organization_id, user_id) DO UPDATE").
			Set("role = EXCLUDED.role").Exec(ctx)
		if err != nil {
			return err
		}
		return touch(ctx, tx, organization)
	})
}

// AddToGroups puts a user into groups of an organization by their names, and makes groups that aren't there.
func (s *Service) AddToGroups(ctx context.Context, organization, user string, names []string) error {
	absent, err := s.MissingGroups(ctx, organization, names)
	if err != nil {
		return err
	}
	for _, name := range absent {
		if _, err := s.MakeGroup(ctx, NewGroup{Organization: organization, Name: name}); err != nil && !fault.Is(err, fault.Conflict) {
			return err
		}
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := touch(ctx, tx, organization); err != nil {
			return err
		}
		for _, name := range names {
			var id string
			err := tx.NewRaw("SELECT id FROM user_groups WHERE organization_id = ? AND name = ?", organization, name).Scan(ctx, &id)
			if err != nil {
				return err
			}
			if _, err := s.join(ctx, tx, organization, id, user); err != nil {
				return err
			}
		}
		return nil
	})
}

// MissingGroups gives those of the names that aren't groups of the organization.
func (s *Service) MissingGroups(ctx context.Context, organization string, names []string) ([]string, error) {
	var found []string
	err := s.db.NewRaw("SELECT name FROM user_groups WHERE organization_id = ?", organization).Scan(ctx, &found)
	if err != nil && !store.NotFound(err) {
		return nil, err
	}
	known := make(map[string]bool, len(found))
	for _, name := range found {
		known[name] = true
	}
	var absent []string
	for _, name := range names {
		if !known[name] {
			absent, known[name] = append(absent, name), true
		}
	}
	return absent, nil
}

// KnownAttributes gives the names of the attributes that an organization defines.
func (s *Service) KnownAttributes(ctx context.Context, organization string) ([]string, error) {
	names := []string{}
	err := s.db.NewRaw("SELECT name FROM user_attributes WHERE organization_id = ? ORDER BY name", organization).Scan(ctx, &names)
	if store.NotFound(err) {
		return names, nil
	}
	return names, err
}
