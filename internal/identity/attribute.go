package identity

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
)

// Attribute is a value that differs between people, for models to filter and hide by.
type Attribute struct {
	UUID, Organization, Name string
	Description, Default     *string
	Created                  time.Time
	Users                    []UserValue
	Groups                   []GroupValue
}

// UserValue is an attribute's value for one user.
type UserValue struct{ User, Email, Value string }

// GroupValue is an attribute's value for the members of a group.
type GroupValue struct{ Group, Value string }

// Attributes lists the attributes of the principal's organization by name. Faults: Forbidden.
func (s *Service) Attributes(ctx context.Context, who access.Principal) ([]Attribute, error) {
	if err := s.requireOrganization(ctx, who, access.Manage); err != nil {
		return nil, err
	}
	return s.attributes(ctx, s.db, who.Organization)
}

func (s *Service) attributes(ctx context.Context, db bun.IDB, organization string) ([]Attribute, error) {
	var rows []attributeRow
	err := db.NewSelect().Model(&rows).Where("organization_id = ?", organization).Order("name").Scan(ctx)
	if err != nil {
		return nil, err
	}
	all, at := make([]Attribute, len(rows)), make(map[string]int, len(rows))
	for i, row := range rows {
		at[row.ID] = i
		all[i] = Attribute{UUID: row.ID, Organization: organization, Name: row.Name, Description: row.Description,
			Default: row.DefaultValue, Created: row.CreatedAt, Users: []UserValue{}, Groups: []GroupValue{}}
	}
	var users []struct {
		AttributeID, UserID, Value string
		Email                      *string
	}
	err = db.NewRaw(`SELECT v.attribute_id, v.user_id, v.value, u.email FROM user_attribute_users v
		JOIN user_attributes a ON a.id = v.attribute_id JOIN users u ON u.id = v.user_id
		WHERE a.organization_id = ? ORDER BY u.number`, organization).Scan(ctx, &users)
	if err != nil && !store.NotFound(err) {
		return nil, err
	}
	for _, v := range users {
		i := at[v.AttributeID]
		all[i].Users = append(all[i].Users, UserValue{v.UserID, deref(v.Email), v.Value})
	}
	var groups []attributeGroupRow
	err = db.NewSelect().Model(&groups).
		Where("attribute_id IN (SELECT id FROM user_attributes WHERE organization_id = ?)", organization).
		Order("group_id").Scan(ctx)
	for _, v := range groups {
		i := at[v.AttributeID]
		all[i].Groups = append(all[i].Groups, GroupValue{v.GroupID, v.Value})
	}
	return all, err
}

// SaveAttribute makes an attribute or, with a uuid, replaces one of the principal's organization. Faults: Forbidden,
// NotFound, Conflict, Invalid.
func (s *Service) SaveAttribute(ctx context.Context, who access.Principal, a Attribute) (Attribute, error) {
	if err := s.requireOrganization(ctx, who, access.Manage); err != nil {
		return Attribute{}, err
	}
	if a.Name == "" {
		return Attribute{}, fault.New(fault.Invalid, "An attribute needs a name")
	}
	var saved Attribute
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := touch(ctx, tx, who.Organization); err != nil {
			return err
		}
		id, err := s.putAttribute(ctx, tx, who, a)
		if err != nil {
			return err
		}
		if err := putValues(ctx, tx, who.Organization, id, a); err != nil {
			return err
		}
		all, err := s.attributes(ctx, tx, who.Organization)
		for _, found := range all {
			if found.UUID == id {
				saved = found
			}
		}
		return err
	})
	s.audit(ctx, who, "attribute.save", a.Name, err != nil)
	return saved, err
}

func (s *Service) putAttribute(ctx context.Context, tx bun.Tx, who access.Principal, a Attribute) (string, error) {
	row := attributeRow{ID: a.UUID, OrganizationID: who.Organization, Name: a.Name, Description: a.Description,
		DefaultValue: a.Default, CreatedAt: s.now()}
	if a.UUID == "" {
		row.ID = newID()
		_, err := tx.NewInsert().Model(&row).Exec(ctx)
		return row.ID, taken(err, a.Name)
	}
	result, err := tx.NewUpdate().Model(&row).Column("name", "description", "default_value").WherePK().
		Where("organization_id = ?", who.Organization).Exec(ctx)
	if err != nil {
		return "", taken(err, a.Name)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return "", firstError(err, fault.New(fault.NotFound, "Cannot find user attribute with uuid %s", a.UUID))
	}
	return row.ID, nil
}

func taken(err error, name string) error {
	if store.Duplicate(err) {
		return fault.New(fault.Conflict, "User attribute with name %s already exists", name)
	}
	return err
}

// putValues replaces the values of an attribute; only users and groups of the organization can have one.
func putValues(ctx context.Context, tx bun.Tx, organization, attribute string, a Attribute) error {
	for _, model := range []any{(*attributeUserRow)(nil), (*attributeGroupRow)(nil)} {
		if _, err := tx.NewDelete().Model(model).Where("attribute_id = ?", attribute).Exec(ctx); err != nil {
			return err
		}
	}
	for _, v := range a.Users {
		ours, err := tx.NewSelect().Table("users").Where("id = ?", v.User).Where("organization_id = ?", organization).Exists(ctx)
		if err != nil || !ours {
			return firstError(err, fault.New(fault.NotFound, "Cannot find user with uuid %s", v.User))
		}
		row := attributeUserRow{AttributeID: attribute, UserID: v.User, Value: v.Value}
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			return twice(err, v.User)
		}
	}
	for _, v := range a.Groups {
		ours, err := tx.NewSelect().Table("user_groups").Where("id = ?", v.Group).Where("organization_id = ?", organization).Exists(ctx)
		if err != nil || !ours {
			return firstError(err, fault.New(fault.NotFound, "No group found"))
		}
		row := attributeGroupRow{AttributeID: attribute, GroupID: v.Group, Value: v.Value}
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			return twice(err, v.Group)
		}
	}
	return nil
}

func twice(err error, id string) error {
	if store.Duplicate(err) {
		return fault.New(fault.Invalid, "%s is given two values", id)
	}
	return err
}

// DeleteAttribute deletes an attribute of the principal's organization. Models that need it close. Faults: Forbidden,
// NotFound.
func (s *Service) DeleteAttribute(ctx context.Context, who access.Principal, id string) error {
	if err := s.requireOrganization(ctx, who, access.Manage); err != nil {
		return err
	}
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.NewDelete().Model((*attributeRow)(nil)).Where("id = ?", id).
			Where("organization_id = ?", who.Organization).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return firstError(err, fault.New(fault.NotFound, "Cannot find user attribute with uuid %s", id))
		}
		return touch(ctx, tx, who.Organization)
	})
	s.audit(ctx, who, "attribute.delete", id, err != nil)
	return err
}
