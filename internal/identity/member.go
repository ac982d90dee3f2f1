package identity

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
)

// Member is somebody in an organization, as its members see each other.
type Member struct {
	User
	InviteExpired bool
	Groups        []GroupName // when asked for
}

// Page asks for a part of a list; the zero Page is all of it.
type Page struct{ Number, Size int }

// Pages says which part of a list was given; nil when all of it was.
type Pages struct{ Number, Size, Count, Total int }

// part cuts a page out of a list. Faults: Unprocessable for a page that can't be.
func part[T any](all []T, page Page) ([]T, *Pages, error) {
	if page.Number == 0 || page.Size == 0 {
		return all, nil, nil
	}
	if page.Number < 0 || page.Size < 0 {
		return nil, nil, fault.Coded(fault.Unprocessable, "KnexPagination", "page and pageSize must be 1 or greater")
	}
	total := len(all)
	from := min((page.Number-1)*page.Size, total)
	if from < 0 { // overflow
		from = total
	}
	to := min(from+page.Size, total)
	if to < from {
		to = total
	}
	count := (total + page.Size - 1) / page.Size
	return all[from:to], &Pages{page.Number, page.Size, count, total}, nil
}

// MemberQuery narrows the list of members.
type MemberQuery struct {
	Search  string // in names, e-mail address and role
	Groups  bool   // with the groups of each
	Project string // with roles as they are in the project; only together with Groups
	Page    Page
}

// Members lists the principal's organization, oldest members first. Faults: Forbidden, Unprocessable.
func (s *Service) Members(ctx context.Context, who access.Principal, q MemberQuery) ([]Member, *Pages, error) {
	thing := access.Thing{Subject: access.MemberProfile, Organization: who.Organization}
	if err := s.require(ctx, who, access.View, thing); err != nil {
		return nil, nil, err
	}
	members, err := s.membersOf(ctx, who.Organization)
	if err != nil {
		return nil, nil, err
	}
	found := members[:0]
	for _, m := range members {
		if matchesSearch(m, q.Search) {
			found = append(found, m)
		}
	}
	found, pages, err := part(found, q.Page)
	if err != nil || !q.Groups {
		return found, pages, err
	}
	return found, pages, s.addGroups(ctx, who.Organization, q.Project, found)
}

func (s *Service) membersOf(ctx context.Context, organization string) ([]Member, error) {
	users, err := s.findUsers(ctx, s.db, "organization_id = ? AND u.email IS NOT NULL", organization)
	if err != nil {
		return nil, err
	}
	var open []string // invited users whose invite still works
	err = s.db.NewRaw("SELECT user_id FROM invites WHERE organization_id = ? AND expires_at > ?", organization, s.now()).
		Scan(ctx, &open)
	if err != nil && !store.NotFound(err) {
		return nil, err
	}
	invited := make(map[string]bool, len(open))
	for _, id := range open {
		invited[id] = true
	}
	members := make([]Member, len(users))
	for i, u := range users {
		members[i] = Member{User: u, InviteExpired: u.Pending && !invited[u.UUID]}
	}
	return members, nil
}

func matchesSearch(m Member, search string) bool {
	text := strings.ToLower(m.First + " " + m.Last + " " + m.Email + " " + string(m.Role))
	for _, word := range strings.Fields(strings.ToLower(search)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// addGroups adds the groups of each member, and raises roles to what groups have in the project.
func (s *Service) addGroups(ctx context.Context, organization, project string, members []Member) error {
	var rows []struct {
		UserID, ID, Name string
		Role             *access.Role
	}
	err := s.db.NewRaw(`SELECT m.user_id, g.id, g.name, p.role FROM group_members m
		JOIN user_groups g ON g.id = m.group_id LEFT JOIN project_groups p ON p.group_id = g.id AND p.project_id = ?
		WHERE g.organization_id = ? ORDER BY g.name`, project, organization).Scan(ctx, &rows)
	if err != nil && !store.NotFound(err) {
		return err
	}
	for i := range members {
		members[i].Groups = []GroupName{}
		for _, row := range rows {
			if row.UserID != members[i].UUID {
				continue
			}
			members[i].Groups = append(members[i].Groups, GroupName{row.ID, row.Name})
			if row.Role != nil && row.Role.AtLeast(members[i].Role) {
				members[i].Role = *row.Role
			}
		}
	}
	return nil
}

// Member gives one member of the principal's organization. Faults: Forbidden, NotFound.
func (s *Service) Member(ctx context.Context, who access.Principal, user string) (Member, error) {
	thing := access.Thing{Subject: access.MemberProfile, Organization: who.Organization}
	if err := s.require(ctx, who, access.View, thing); err != nil {
		return Member{}, err
	}
	return s.member(ctx, who.Organization, user)
}

func (s *Service) member(ctx context.Context, organization, user string) (Member, error) {
	members, err := s.membersOf(ctx, organization)
	if err != nil {
		return Member{}, err
	}
	for _, m := range members {
		if m.UUID == user {
			return m, nil
		}
	}
	return Member{}, fault.New(fault.NotFound, "No matching member found in organization")
}

// SetRole gives a member of the principal's organization another role. Faults: Forbidden, NotFound, Invalid.
func (s *Service) SetRole(ctx context.Context, who access.Principal, user string, role access.Role) (Member, error) {
	thing := access.Thing{Subject: access.MemberProfile, UUID: user, Organization: who.Organization}
	if err := s.require(ctx, who, access.Update, thing); err != nil {
		return Member{}, err
	}
	if !role.AtLeast(access.Member) {
		return Member{}, fault.New(fault.Invalid, "There is no role %q", role)
	}
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := touch(ctx, tx, who.Organization); err != nil {
			return err
		}
		result, err := tx.NewUpdate().Table("users").Set("role = ?", role).Set("updated_at = ?", s.now()).
			Where("id = ?", user).Where("organization_id = ?", who.Organization).Exec(ctx)
		if err != nil {
			return err
		}
		if changed, err := result.RowsAffected(); err != nil || changed == 0 {
			return fault.New(fault.NotFound, "No matching member found in organization")
		}
		return keepsAdmin(ctx, tx, who.Organization)
	})
	s.audit(ctx, who.User, "member.role "+string(role), user, err != nil)
	if err != nil {
		return Member{}, err
	}
	return s.member(ctx, who.Organization, user)
}

// keepsAdmin refuses to commit what would leave an organization without an admin. The caller has touched the
// organization, so that two changes at the same time see each other.
func keepsAdmin(ctx context.Context, tx bun.Tx, organization string) error {
	kept, err := tx.NewSelect().Table("users").Where("organization_id = ?", organization).
		Where("role = ?", access.Admin).Where("NOT pending").Where("active").Exists(ctx)
	if err == nil && !kept {
		return fault.New(fault.Forbidden, "Organization must have at least one admin")
	}
	return err
}

// DeleteUser deletes a member of the principal's organization, or the principal's own account. Faults: Forbidden,
// NotFound.
func (s *Service) DeleteUser(ctx context.Context, who access.Principal, user string) error {
	alone := who.Organization == "" && user == who.User // somebody without organization is their own admin
	if !alone {
		thing := access.Thing{Subject: access.MemberProfile, UUID: user, Organization: who.Organization}
		if err := s.require(ctx, who, access.Delete, thing); err != nil {
			return err
		}
	}
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := touch(ctx, tx, who.Organization); err != nil {
			return err
		}
		result, err := tx.NewDelete().Table("users").Where("id = ?", user).
			Where("COALESCE(organization_id, '') = ?", who.Organization).Exec(ctx)
		if err != nil {
			return err
		}
		if changed, err := result.RowsAffected(); err != nil || changed == 0 {
			return fault.New(fault.NotFound, "Cannot find user with uuid %s", user)
		}
		if alone {
			return nil
		}
		return keepsAdmin(ctx, tx, who.Organization)
	})
	s.audit(ctx, who.User, "member.delete", user, err != nil)
	return err
}

// SetActive locks a member of the principal's organization out, or lets them in again. Faults: Forbidden, NotFound.
func (s *Service) SetActive(ctx context.Context, who access.Principal, user string, active bool) error {
	thing := access.Thing{Subject: access.MemberProfile, UUID: user, Organization: who.Organization}
	if err := s.require(ctx, who, access.Update, thing); err != nil {
		return err
	}
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := touch(ctx, tx, who.Organization); err != nil {
			return err
		}
		result, err := tx.NewUpdate().Table("users").Set("active = ?", active).Where("id = ?", user).
			Where("organization_id = ?", who.Organization).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return firstError(err, fault.New(fault.NotFound, "No matching member found in organization"))
		}
		return keepsAdmin(ctx, tx, who.Organization)
	})
	s.audit(ctx, who.User, "member.active", user, err != nil)
	return err
}
