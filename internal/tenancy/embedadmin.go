package tenancy

import (
	"bytes"
	"context"
	"encoding/base64"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"inlay/internal/fault"
	"inlay/internal/store"
)

// EmbedTenant is a tenant as Cube's administration knows it.
type EmbedTenant struct {
	ID, Name, DisplayName string
	Users                 int
	CreatedAt             time.Time
}

// EmbedGroup is a group of an embed tenant.
type EmbedGroup struct {
	ID, Name, Description string
	CreatedAt             time.Time
}

// Page asks for a part of a list: what comes after a cursor.
type Page struct {
	Search, After string
	First         int
}

// cursor and after turn the last key of a page into an opaque text and back.
func cursor(key string) string { return base64.RawURLEncoding.EncodeToString([]byte(key)) }

func (p Page) after() (string, error) {
	key, err := base64.RawURLEncoding.DecodeString(p.After)
	if err != nil || !utf8.Valid(key) || bytes.IndexByte(key, 0) >= 0 {
		return "", fault.New(fault.Invalid, "after: not a cursor of this list")
	}
	return string(key), nil
}

// page narrows a select to a page by a unique column, and reads one row more to know whether there is another page.
func (p Page) page(q *bun.SelectQuery, column string, searched ...string) (*bun.SelectQuery, error) {
	last, err := p.after()
	if err != nil {
		return nil, err
	}
	if p.Search != "" {
		q = q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			for _, name := range searched {
				q = q.WhereOr(`LOWER(?) LIKE ? ESCAPE '\'`, bun.Ident(name), contains(p.Search))
			}
			return q
		})
	}
	if last != "" {
		q = q.Where("? > ?", bun.Ident(column), last)
	}
	return q.OrderExpr("?", bun.Ident(column)).Limit(int64(p.First) + 1), nil
}

// cut splits the row that was read too much off, and gives the cursor of the next page, if there is one.
func cut[T any](rows []T, first int, key func(T) string) ([]T, string) {
	if len(rows) <= first {
		return rows, ""
	}
	rows = rows[:first]
	return rows, cursor(key(rows[first-1]))
}

// EmbedTenants lists the tenants of the key's organization by name.
func (s *Service) EmbedTenants(ctx context.Context, key Key, p Page) ([]EmbedTenant, string, error) {
	var rows []struct {
		tenantRow
		Users int
	}
	q := s.db.NewSelect().Model((*tenantRow)(nil)).ColumnExpr("?TableColumns").
		ColumnExpr("(SELECT COUNT(*) FROM embed_users AS u WHERE u.tenant_id = ?TableAlias.id) AS users").
		Where("organization_uuid = ? AND front = ?", key.Organization, Cube)
	q, err := p.page(q, "handle", "handle")
	if err != nil {
		return nil, "", err
	}
	if err := q.Scan(ctx, &rows); err != nil {
		return nil, "", fault.Wrap(fault.Unavailable, err, "The embed tenants could not be read")
	}
	var all []EmbedTenant
	for _, row := range rows {
		display, _ := row.Metadata["displayName"].(string)
		all = append(all, EmbedTenant{row.ID, row.Handle, display, row.Users, row.CreatedAt})
	}
	all, next := cut(all, p.First, func(t EmbedTenant) string { return t.Name })
	return all, next, nil
}

// DeleteEmbedTenant forgets a tenant with its users and groups; one that isn't there is no fault.
func (s *Service) DeleteEmbedTenant(ctx context.Context, key Key, name string) error {
	id, err := s.embedTenantID(ctx, key, name)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.dropTenant(ctx, id); err != nil {
		return fault.Wrap(fault.Unavailable, err, "The embed tenant could not be deleted")
	}
	s.resolved.touch("tenant:" + id)
	return nil
}

func (s *Service) embedTenantID(ctx context.Context, key Key, name string) (string, error) {
	var id string
	if strings.ContainsRune(name, 0) || !utf8.ValidString(name) {
		return "", fault.New(fault.NotFound, "There is no embed tenant %q", name)
	}
	err := s.db.NewSelect().Model((*tenantRow)(nil)).Column("id").
		Where("organization_uuid = ? AND front = ? AND handle = ?", key.Organization, Cube, name).Scan(ctx, &id)
	if store.NotFound(err) {
		return "", fault.New(fault.NotFound, "There is no embed tenant %q", name)
	}
	if err != nil {
		return "", fault.Wrap(fault.Unavailable, err, "The embed tenant could not be read")
	}
	return id, nil
}

// UpsertEmbedUser makes or updates one external user of a tenant, and the tenant. Faults: Invalid, Forbidden.
func (s *Service) UpsertEmbedUser(ctx context.Context, key Key, r SessionRequest) (EmbedUser, error) {
	if r.ExternalID == "" {
		return EmbedUser{}, fault.New(fault.Invalid, "externalId is required")
	}
	if err := checkSession(r); err != nil {
		return EmbedUser{}, err
	}
	facts, err := s.outside(ctx, key.Organization, r)
	if err != nil {
		return EmbedUser{}, err
	}
	var row embedUserRow
	err = s.writes.run(func(ctx context.Context, tx bun.Tx) error {
		session, who := embedSessionRow{OrganizationUUID: key.Organization, KeyID: key.ID}, Identity{}
		if err := s.provision(ctx, tx, &session, &who, r, facts); err != nil {
			return err
		}
		row = embedUserRow{}
		return tx.NewSelect().Model(&row).Where("id = ?", session.UserID).Scan(ctx)
	})
	if err != nil {
		return EmbedUser{}, asStored(err, "The user could not be stored")
	}
	return row.user(), nil
}

// EmbedUsers lists a tenant's users by external id. Faults: NotFound.
func (s *Service) EmbedUsers(ctx context.Context, key Key, tenant string, p Page) ([]EmbedUser, string, error) {
	id, err := s.embedTenantID(ctx, key, tenant)
	if err != nil {
		return nil, "", err
	}
	var rows []embedUserRow
	q, err := p.page(s.db.NewSelect().Model(&rows).Where("tenant_id = ?", id), "external_id", "external_id", "email", "name")
	if err != nil {
		return nil, "", err
	}
	if err := q.Scan(ctx); err != nil {
		return nil, "", fault.Wrap(fault.Unavailable, err, "The users could not be read")
	}
	rows, next := cut(rows, p.First, func(r embedUserRow) string { return r.ExternalID })
	users := make([]EmbedUser, len(rows))
	for i, row := range rows {
		users[i] = row.user()
	}
	return users, next, nil
}

// EmbedGroups lists a tenant's groups by name. Faults: NotFound.
func (s *Service) EmbedGroups(ctx context.Context, key Key, tenant string, p Page) ([]EmbedGroup, string, error) {
	id, err := s.embedTenantID(ctx, key, tenant)
	if err != nil {
		return nil, "", err
	}
	var rows []embedGroupRow
	q, err := p.page(s.db.NewSelect().Model(&rows).Where("tenant_id = ?", id), "name", "name")
	if err != nil {
		return nil, "", err
	}
	if err := q.Scan(ctx); err != nil {
		return nil, "", fault.Wrap(fault.Unavailable, err, "The groups could not be read")
	}
	rows, next := cut(rows, p.First, func(r embedGroupRow) string { return r.Name })
	groups := make([]EmbedGroup, len(rows))
	for i, row := range rows {
		groups[i] = row.group()
	}
	return groups, next, nil
}

func (r embedGroupRow) group() EmbedGroup {
	return EmbedGroup{r.ID, r.Name, r.Description, r.CreatedAt}
}

// CreateEmbedGroup makes a group. Faults: Invalid, NotFound, Conflict.
func (s *Service) CreateEmbedGroup(ctx context.Context, key Key, tenant string, d GroupDefinition) (EmbedGroup, error) {
	id, err := s.embedTenantID(ctx, key, tenant)
	if err != nil {
		return EmbedGroup{}, err
	}
	if d.Name == "" || strings.HasPrefix(d.Name, "system:") {
		return EmbedGroup{}, fault.New(fault.Invalid, "name is required and must not start with system:")
	}
	row := embedGroupRow{ID: uuid.NewString(), TenantID: id, Name: d.Name, Description: d.Description, CreatedAt: s.now()}
	_, err = s.db.NewInsert().Model(&row).Exec(ctx)
	if store.Duplicate(err) {
		return EmbedGroup{}, fault.New(fault.Conflict, "There is a group %q already", d.Name)
	}
	if err != nil {
		return EmbedGroup{}, fault.Wrap(fault.Unavailable, err, "The group could not be stored")
	}
	return row.group(), nil
}

// EmbedGroup gives one group of a tenant. Faults: NotFound.
func (s *Service) EmbedGroup(ctx context.Context, key Key, tenant, group string) (EmbedGroup, error) {
	row, err := s.embedGroup(ctx, key, tenant, group)
	return row.group(), err
}

func (s *Service) embedGroup(ctx context.Context, key Key, tenant, group string) (embedGroupRow, error) {
	var row embedGroupRow
	id, err := s.embedTenantID(ctx, key, tenant)
	if err != nil {
		return row, err
	}
	if uuid.Validate(group) != nil {
		return row, fault.New(fault.NotFound, "There is no such group")
	}
	err = s.db.NewSelect().Model(&row).Where("id = ? AND tenant_id = ?", group, id).Scan(ctx)
	if store.NotFound(err) {
		return row, fault.New(fault.NotFound, "There is no such group")
	}
	if err != nil {
		return row, fault.Wrap(fault.Unavailable, err, "The group could not be read")
	}
	return row, nil
}

// DescribeEmbedGroup changes a group's description; its name stays. Faults: NotFound.
func (s *Service) DescribeEmbedGroup(ctx context.Context, key Key, tenant, group, description string) (EmbedGroup, error) {
	row, err := s.embedGroup(ctx, key, tenant, group)
	if err != nil {
		return EmbedGroup{}, err
	}
	row.Description = description
	if _, err := s.db.NewUpdate().Model(&row).Column("description").WherePK().Exec(ctx); err != nil {
		return EmbedGroup{}, fault.Wrap(fault.Unavailable, err, "The group could not be changed")
	}
	return row.group(), nil
}

// DeleteEmbedGroup forgets a group without members. Faults: Invalid, NotFound.
func (s *Service) DeleteEmbedGroup(ctx context.Context, key Key, tenant, group string) error {
	row, err := s.embedGroup(ctx, key, tenant, group)
	if err != nil {
		return err
	}
	members, err := s.groupMembers(ctx, s.db, row)
	if err == nil && len(members) > 0 {
		return fault.New(fault.Invalid, "The group has members")
	}
	if err == nil {
		_, err = s.db.NewDelete().Model(&row).WherePK().Exec(ctx)
	}
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "The group could not be deleted")
	}
	return nil
}
