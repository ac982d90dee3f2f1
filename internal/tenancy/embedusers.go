package tenancy

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"inlay/internal/fault"
	"inlay/internal/store"
)

// EmbedUser is an external user: somebody who exists only inside a customer's product.
type EmbedUser struct {
	ID, Tenant, ExternalID, Email, Name, Picture string
	CreatedAt                                    time.Time
	LastLoginAt                                  *time.Time
}

// GroupDefinition is a group of an embed tenant.
type GroupDefinition struct{ Name, Description string }

// AttributeDefinition is a user attribute of an embed tenant.
type AttributeDefinition struct {
	Name, Type, DisplayName, Description string
	Default                              any
}

// Types of user attribute.
const (
	StringType      = "string"
	NumberType      = "number"
	BooleanType     = "boolean"
	StringArrayType = "string_array"
	NumberArrayType = "number_array"
)

type embedUserRow struct {
	bun.BaseModel    `bun:"table:embed_users"`
	ID               string `bun:",pk"`
	OrganizationUUID string `bun:"organization_uuid"`
	TenantID         string
	ExternalID       string
	Email            string
	Name             string
	Picture          string
	GroupNames       []string
	TenantGroups     []string
	Attributes       Values
	EndsAt           *time.Time
	CreatedAt        time.Time
	LastLoginAt      *time.Time
}

func (r embedUserRow) user() EmbedUser {
	return EmbedUser{
		ID: r.ID, Tenant: r.TenantID, ExternalID: r.ExternalID, Email: r.Email, Name: r.Name, Picture: r.Picture,
		CreatedAt: r.CreatedAt, LastLoginAt: r.LastLoginAt,
	}
}

type embedGroupRow struct {
	bun.BaseModel `bun:"table:embed_groups"`
	ID            string `bun:",pk"`
	TenantID      string
	Name          string
	Description   string
	CreatedAt     time.Time
}

type attributeRow struct {
	bun.BaseModel `bun:"table:embed_attributes"`
	TenantID      string `bun:",pk"`
	Name          string `bun:",pk"`
	Type          string
	DisplayName   string
	Description   string
	DefaultValue  json.RawMessage
}

// defineGroups upserts the tenant's groups, and refuses names that nobody defined.
func (s *Service) defineGroups(ctx context.Context, tx bun.Tx, tenant string, r SessionRequest, unknown []string) error {
	definitions := r.TenantGroupDefinitions
	if tenant != "" {
		definitions = append(slices.Clone(definitions), r.GroupDefinitions...)
	}
	for _, group := range definitions {
		row := embedGroupRow{ID: uuid.NewString(), TenantID: tenant, Name: group.Name, Description: group.Description, CreatedAt: s.now()}
		_, err := tx.NewInsert().Model(&row).On("CONFLICT (tenant_id, name) DO UPDATE").Set("description = EXCLUDED.description").Exec(ctx)
		if err != nil {
			return err
		}
	}
	if len(unknown) == 0 && len(r.TenantGroups) == 0 {
		return nil
	}
	var own []string
	if tenant != "" {
		err := tx.NewSelect().Model((*embedGroupRow)(nil)).Column("name").Where("tenant_id = ?", tenant).Scan(ctx, &own)
		if err != nil {
			return err
		}
	}
	if absent := append(missing(unknown, own), missing(r.TenantGroups, own)...); len(absent) > 0 {
		return fault.New(fault.Invalid, "Groups with names %s not found", strings.Join(absent, ", "))
	}
	return nil
}

// defineAttributes upserts the tenant's definitions and gives all of them by name.
func (s *Service) defineAttributes(ctx context.Context, tx bun.Tx, tenant string, wanted []AttributeDefinition) (map[string]attributeRow, error) {
	known := map[string]attributeRow{}
	if tenant == "" {
		return known, nil
	}
	var rows []attributeRow
	if err := tx.NewSelect().Model(&rows).Where("tenant_id = ?", tenant).Scan(ctx); err != nil {
		return nil, err
	}
	for _, row := range rows {
		known[row.Name] = row
	}
	for _, d := range wanted {
		if old, ok := known[d.Name]; ok && old.Type != d.Type {
			return nil, fault.New(fault.Invalid, "User attribute %s: cannot change type from %s to %s", d.Name, old.Type, d.Type)
		}
		if d.Default != nil && !fits(d.Default, d.Type) {
			return nil, fault.New(fault.Invalid, "userAttributeDefinitions: the defaultValue of %s is not a %s", d.Name, d.Type)
		}
		row := attributeRow{
			TenantID: tenant, Name: d.Name, Type: d.Type, DisplayName: d.DisplayName, Description: d.Description,
			DefaultValue: json.RawMessage(canonical(d.Default)),
		}
		_, err := tx.NewInsert().Model(&row).On("CONFLICT (tenant_id, name) DO UPDATE").
			Set("display_name = EXCLUDED.display_name, description = EXCLUDED.description, default_value = EXCLUDED.default_value").Exec(ctx)
		if err != nil {
			return nil, err
		}
		known[d.Name] = row
	}
	return known, nil
}

// fits tells whether a value has an attribute's type.
func fits(value any, kind string) bool {
	switch kind {
	case StringType:
		_, ok := value.(string)
		return ok
	case NumberType:
		_, ok := value.(json.Number)
		return ok
	case BooleanType:
		_, ok := value.(bool)
		return ok
	}
	list, ok := value.([]any)
	if !ok {
		return false
	}
	return !slices.ContainsFunc(list, func(item any) bool {
		return kind == StringArrayType && !fits(item, StringType) || kind == NumberArrayType && !fits(item, NumberType)
	})
}

// upsertUser stores the external user and completes the identity with what is stored.
func (s *Service) upsertUser(ctx context.Context, tx bun.Tx, session *embedSessionRow, who *Identity, r SessionRequest,
	definitions map[string]attributeRow, global []string,
) error {
	row, err := s.externalUser(ctx, tx, session, r)
	if err != nil {
		return err
	}
	if err := mergeUser(&row, r, definitions, global); err != nil {
		return err
	}
	now := s.now()
	row.LastLoginAt = &now
	_, err = tx.NewInsert().Model(&row).On("CONFLICT (id) DO UPDATE").
		Set("email = EXCLUDED.email, name = EXCLUDED.name, picture = EXCLUDED.picture, group_names = EXCLUDED.group_names").
		Set("tenant_groups = EXCLUDED.tenant_groups, attributes = EXCLUDED.attributes, ends_at = EXCLUDED.ends_at").
		Set("last_login_at = EXCLUDED.last_login_at").Exec(ctx)
	if err != nil {
		return err
	}
	session.UserID = row.ID
	who.Username, who.Email, who.Name, who.Picture = row.ExternalID, row.Email, row.Name, row.Picture
	who.Groups, who.TenantGroups = row.GroupNames, row.TenantGroups
	who.Attributes, who.Known = effective(row.Attributes, definitions), append(slices.Sorted(maps.Keys(definitions)), global...)
	return nil
}

// externalUser finds the stored user, or prepares a new one. One whose time is over is a new one of the same name.
func (s *Service) externalUser(ctx context.Context, tx bun.Tx, session *embedSessionRow, r SessionRequest) (embedUserRow, error) {
	fresh := embedUserRow{
		ID: uuid.NewString(), OrganizationUUID: session.OrganizationUUID, TenantID: session.TenantID,
		ExternalID: r.ExternalID, Attributes: Values{}, CreatedAt: s.now(),
	}
	if r.ExternalID == "" {
		fresh.ExternalID = "anonymous-" + fresh.ID
		fresh.EndsAt = s.ends(anonymousLife)
		return fresh, nil
	}
	if r.Ephemeral {
		fresh.EndsAt = s.ends(orDefault(r.EphemeralTTL, ephemeralLife))
	}
	var row embedUserRow
	err := tx.NewSelect().Model(&row).Where("organization_uuid = ? AND tenant_id = ? AND external_id = ?",
		session.OrganizationUUID, session.TenantID, r.ExternalID).Scan(ctx)
	if store.NotFound(err) {
		return fresh, nil
	}
	if err != nil {
		return row, err
	}
	if row.EndsAt != nil && !s.now().Before(*row.EndsAt) {
		if _, err := tx.NewDelete().Model(&row).WherePK().Exec(ctx); err != nil {
			return row, err
		}
		return fresh, nil
	}
	if !r.Ephemeral {
		row.EndsAt = nil // asked for as one who stays
	}
	return row, nil
}

func (s *Service) ends(life time.Duration) *time.Time {
	end := s.now().Add(life)
	return &end
}

func orDefault(life, otherwise time.Duration) time.Duration {
	if life > 0 {
		return life
	}
	return otherwise
}

// mergeUser writes over what the request names and keeps the rest.
func mergeUser(row *embedUserRow, r SessionRequest, definitions map[string]attributeRow, global []string) error {
	for to, from := range map[*string]*string{&row.Email: r.Email, &row.Name: r.DisplayName, &row.Picture: r.Picture} {
		if from != nil {
			*to = *from
		}
	}
	if r.Groups != nil {
		row.GroupNames = r.Groups
	}
	if r.TenantGroups != nil {
		row.TenantGroups = r.TenantGroups
	}
	if row.Attributes == nil {
		row.Attributes = Values{}
	}
	var unknown []string
	for _, given := range r.Attributes {
		definition, ok := definitions[given.Name]
		switch {
		case !ok && !slices.Contains(global, given.Name):
			unknown = append(unknown, given.Name)
		case given.Value == nil:
			delete(row.Attributes, given.Name)
		case ok && !fits(given.Value, definition.Type):
			return fault.New(fault.Invalid, "userAttributes: the value of %s is not a %s", given.Name, definition.Type)
		default:
			row.Attributes[given.Name] = given.Value
		}
	}
	if len(unknown) > 0 {
		return fault.New(fault.Invalid, "User attributes not found: %s", strings.Join(unknown, ", "))
	}
	return nil
}

// effective adds the defaults of what the user has no value for.
func effective(own Values, definitions map[string]attributeRow) Values {
	all := maps.Clone(own)
	for name, definition := range definitions {
		var wrapped Values
		if _, given := all[name]; given {
			continue
		}
		if err := json.Unmarshal(fmt.Appendf(nil, `{"value":%s}`, definition.DefaultValue), &wrapped); err == nil && wrapped["value"] != nil {
			all[name] = wrapped["value"]
		}
	}
	return all
}

// userLives refuses an external user who was deleted or whose time is over.
func (s *Service) userLives(ctx context.Context, id string) error {
	var row embedUserRow
	err := s.db.NewSelect().Model(&row).Column("id", "ends_at").Where("id = ?", id).Scan(ctx)
	if store.NotFound(err) || err == nil && row.EndsAt != nil && !s.now().Before(*row.EndsAt) {
		return fault.Coded(fault.Unauthenticated, "TokenRevoked", "The user doesn't exist any more")
	}
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "The user could not be checked")
	}
	return nil
}
