package tenancy

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"inlay/internal/fault"
)

// Member names a user of a tenant by exactly one of the two.
type Member struct{ ExternalID, UserID string }

// MembersOf lists the users in a tenant's group by external id. Faults: NotFound.
func (s *Service) MembersOf(ctx context.Context, key Key, tenant, group string) ([]EmbedUser, error) {
	row, err := s.embedGroup(ctx, key, tenant, group)
	if err != nil {
		return nil, err
	}
	rows, err := s.groupMembers(ctx, s.db, row)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "The members could not be read")
	}
	users := make([]EmbedUser, len(rows))
	for i, member := range rows {
		users[i] = member.user()
	}
	return users, nil
}

// groupMembers reads the users whose list of groups names this one. The text search only narrows what is read.
func (s *Service) groupMembers(ctx context.Context, db bun.IDB, group embedGroupRow) ([]embedUserRow, error) {
	var rows []embedUserRow
	err := db.NewSelect().Model(&rows).Where(`tenant_id = ? AND LOWER(tenant_groups) LIKE ? ESCAPE '\'`, group.TenantID,
		contains(strings.Trim(canonical(group.Name), `"`))).OrderExpr("external_id").Scan(ctx)
	return slices.DeleteFunc(rows, func(r embedUserRow) bool { return !slices.Contains(r.TenantGroups, group.Name) }), err
}

// ChangeMembers puts users into a tenant's group, or takes them out. An external id that nobody has yet is made a user
// when it is put in. Sessions keep the groups they were made with. Faults: Invalid, NotFound.
func (s *Service) ChangeMembers(ctx context.Context, key Key, tenant, group string, members []Member, in bool) error {
	row, err := s.embedGroup(ctx, key, tenant, group)
	if err != nil {
		return err
	}
	err = s.writes.run(func(ctx context.Context, tx bun.Tx) error {
		for _, member := range members {
			if err := s.changeMember(ctx, tx, key, row, member, in); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return asStored(err, "The members could not be changed")
	}
	return nil
}

func (s *Service) changeMember(ctx context.Context, tx bun.Tx, key Key, group embedGroupRow, m Member, in bool) error {
	if m.UserID != "" && uuid.Validate(m.UserID) != nil {
		return fault.New(fault.NotFound, "There is no user %q", m.UserID)
	}
	var rows []embedUserRow
	q := tx.NewSelect().Model(&rows).Where("tenant_id = ?", group.TenantID)
	if m.UserID != "" {
		q = q.Where("id = ?", m.UserID)
	} else {
		q = q.Where("external_id = ?", m.ExternalID)
	}
	if err := q.Scan(ctx); err != nil {
		return err
	}
	switch {
	case len(rows) == 0 && m.UserID != "":
		return fault.New(fault.NotFound, "There is no user %q", m.UserID)
	case len(rows) == 0 && !in:
		return nil
	case len(rows) == 0:
		_, err := tx.NewInsert().Model(&embedUserRow{
			ID: uuid.NewString(), OrganizationUUID: key.Organization, TenantID: group.TenantID, ExternalID: m.ExternalID,
			TenantGroups: []string{group.Name}, Attributes: Values{}, CreatedAt: s.now(),
		}).Exec(ctx)
		return err
	}
	user := rows[0]
	user.TenantGroups = slices.DeleteFunc(user.TenantGroups, func(name string) bool { return name == group.Name })
	if in {
		user.TenantGroups = append(user.TenantGroups, group.Name)
	}
	_, err := tx.NewUpdate().Model(&user).Column("tenant_groups").WherePK().Exec(ctx)
	return err
}
