package identity

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
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

// window says where a page begins and ends in a list of so many; all of it for the zero Page. Faults: Unprocessable for a
// page that can't be.
func (p Page) window(total int) (from, to int, pages *Pages, err error) {
	switch {
	case p.Number == 0 || p.Size == 0:
		return 0, total, nil, nil
	case p.Number < 0 || p.Size < 0:
		return 0, 0, nil, fault.Coded(fault.Unprocessable, "KnexPagination", "page and pageSize must be 1 or greater")
	}
	count := total / p.Size
	if total%p.Size > 0 {
		count++
	}
	pages = &Pages{p.Number, p.Size, count, total}
	if p.Number > count {
		return total, total, pages, nil
	}
	from = (p.Number - 1) * p.Size
	return from, from + min(p.Size, total-from), pages, nil
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
	total, err := s.selectMembers(who.Organization, q).Count(ctx)
	if err != nil {
		return nil, nil, err
	}
	from, to, pages, err := q.Page.window(int(total))
	if err != nil {
		return nil, nil, err
	}
	members, err := s.readMembers(ctx, s.selectMembers(who.Organization, q).Limit(int64(max(1, to-from))).Offset(int64(from)))
	if err != nil || !q.Groups {
		return members, pages, err
	}
	return members, pages, s.addGroups(ctx, who.Organization, q.Project, members)
}

// selectMembers selects an organization's members as they are listed: those with an e-mail address.
func (s *Service) selectMembers(organization string, q MemberQuery) *bun.SelectQuery {
	query := s.db.NewSelect().TableExpr("users AS u").Where("u.organization_id = ?", organization).Where("u.email IS NOT NULL")
	for _, word := range strings.Fields(strings.ToLower(q.Search)) {
		query.Where(`LOWER(u.first_name || ' ' || u.last_name || ' ' || u.email || ' ' || u.role) LIKE ? ESCAPE '!'`,
			"%"+strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(word)+"%")
	}
	return query
}

// readMembers reads selected members, oldest first, and whether the invites of pending ones still work.
func (s *Service) readMembers(ctx context.Context, query *bun.SelectQuery) ([]Member, error) {
	var rows []struct {
		userRead      `bun:",extend"`
		InviteExpired bool
	}
	err := query.ColumnExpr("u.*").ColumnExpr("o.name AS organization_name, o.created_at AS organization_created").
		ColumnExpr(`u.pending AND NOT EXISTS (SELECT 1 FROM invites i WHERE i.user_id = u.id AND i.expires_at > ?) AS invite_expired`, s.now()).
		Join("JOIN organizations AS o ON o.id = u.organization_id").OrderExpr("u.number").Scan(ctx, &rows)
	members := make([]Member, len(rows))
	for i, row := range rows {
		members[i] = Member{User: row.user(), InviteExpired: row.InviteExpired}
	}
	return members, err
}

// addGroups adds the groups of each member, and raises roles to what groups have in the project.
func (s *Service) addGroups(ctx context.Context, organization, project string, members []Member) error {
	at, users := make(map[string]int, len(members)), make([]string, len(members))
	for i := range members {
		members[i].Groups, users[i], at[members[i].UUID] = []GroupName{}, members[i].UUID, i
	}
	if len(users) == 0 {
		return nil
	}
	var rows []struct {
		UserID, ID, Name string
		Role             *access.Role
	}
	err := s.db.NewRaw(`SELECT m.user_id, g.id, g.name, p.role FROM group_members m
		JOIN user_groups g ON g.id = m.group_id LEFT JOIN project_groups p ON p.group_id = g.id AND p.project_id = ?
		WHERE g.organization_id = ? AND m.user_id IN (?) ORDER BY g.name`, project, organization, bun.List(users)).Scan(ctx, &rows)
	for _, row := range rows {
		m := &members[at[row.UserID]]
		m.Groups = append(m.Groups, GroupName{row.ID, row.Name})
		if row.Role != nil && row.Role.AtLeast(m.Role) {
			m.Role = *row.Role
		}
	}
	return err
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
	found, err := s.readMembers(ctx, s.selectMembers(organization, MemberQuery{}).Where("u.id = ?", user))
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "No matching member found in organization")
	}
	if err != nil {
		return Member{}, err
	}
	return found[0], nil
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
	if err := s.outranked(ctx, who, user); err != nil {
		return Member{}, err
	}
	if err := s.mayGive(ctx, who, role.Gives(""), user); err != nil {
		return Member{}, err
	}
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := touch(ctx, tx, who.Organization); err != nil {
			return err
		}
		if err := dropCustom(ctx, tx, "", "user_id", user); err != nil {
			return err
		}
		return s.putRole(ctx, tx, who.Organization, user, role)
	})
	s.audit(ctx, who, "member.role "+string(role), user, err != nil)
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
		if err := s.outranked(ctx, who, user); err != nil {
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
	s.audit(ctx, who, "member.delete", user, err != nil)
	if err == nil {
		s.config.Ended(ctx, who.Organization, "user", user)
	}
	return err
}

// SetActive locks a member of the principal's organization out, or lets them in again. Faults: Forbidden, NotFound.
func (s *Service) SetActive(ctx context.Context, who access.Principal, user string, active bool) error {
	thing := access.Thing{Subject: access.MemberProfile, UUID: user, Organization: who.Organization}
	if err := s.require(ctx, who, access.Update, thing); err != nil {
		return err
	}
	if err := s.outranked(ctx, who, user); err != nil {
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
	s.audit(ctx, who, "member.active", user, err != nil)
	if err == nil && !active {
		s.config.Ended(ctx, who.Organization, "user", user)
	}
	return err
}
