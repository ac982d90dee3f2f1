package tenancy

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/audit"
	"inlay/internal/fault"
	"inlay/internal/store"
)

// Tenant is a customer of a customer.
type Tenant struct {
	ID, Front, Organization string
	Project                 string // empty for embed tenants, which belong to the whole organization
	Name                    string
	Policy                  TenantPolicy
	Metadata                map[string]any
	Quota                   access.Quota // set by administrators; a registration leaves it
	Revision                int64        // counts changes of the policy
	Suspended               bool
	CreatedAt, UpdatedAt    time.Time
}

// TenantPolicy is what a tenant may see and do.
type TenantPolicy struct {
	Prefilters  Values          `json:"prefilters,omitempty"` // column → value, as registered
	Schema      string          `json:"schema,omitempty"`     // replaces the schema of every table
	Connection  string          `json:"connection,omitempty"` // uuid; replaces the project's
	Permissions map[string]bool `json:"permissions,omitempty"`
	Unfiltered  bool            `json:"unfiltered,omitempty"` // registered without any filter by a key that may do so
}

// Registration is what a customer's backend says of its tenant.
type Registration struct {
	Key         string // identifies the tenant; without one the display name does
	DisplayName string
	User        string // the tenant's own user, a label
	Policy      TenantPolicy
	Metadata    map[string]any
	TTL         time.Duration // zero is the default of one hour
}

// Lives of tenant tokens.
const (
	defaultTTL = time.Hour
	longestTTL = 7 * 24 * time.Hour
)

type tenantRow struct {
	bun.BaseModel    `bun:"table:tenants"`
	ID               string `bun:",pk"`
	Front            string
	OrganizationUUID string `bun:"organization_uuid"`
	ProjectUUID      string `bun:"project_uuid"`
	Handle           string
	Name             string
	Policy           TenantPolicy
	Metadata         map[string]any
	Quota            access.Quota
	Revision         int64
	Generation       int64
	Suspended        bool
	CreatedAt        time.Time
	UpdatedAt        time.Time
}

func (r tenantRow) tenant() Tenant {
	return Tenant{
		ID: r.ID, Front: r.Front, Organization: r.OrganizationUUID, Project: r.ProjectUUID, Name: r.Name, Policy: r.Policy,
		Metadata: r.Metadata, Quota: r.Quota, Revision: r.Revision, Suspended: r.Suspended, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
}

// Register makes or updates a tenant of the key's project and gives a token for it. Tokens given before follow the new
// policy at once. Faults: Invalid with the field, Forbidden, NotFound.
func (s *Service) Register(ctx context.Context, key Key, r Registration) (Tenant, string, error) {
	if !key.Enabled {
		return Tenant{}, "", fault.New(fault.Forbidden, "The key is turned off")
	}
	if err := key.Policy.speaksFor(firstOf(r.Key, r.DisplayName)); err != nil {
		return Tenant{}, "", err
	}
	if err := s.checkPolicy(ctx, key, &r.Policy); err != nil {
		return Tenant{}, "", err
	}
	handle := "name:" + r.DisplayName
	if r.Key != "" {
		handle = "key:" + r.Key
	}
	row, err := s.upsertTenant(ctx, key.ID, tenantRow{
		Front: Upsolve, OrganizationUUID: key.Organization, ProjectUUID: key.Project, Handle: handle, Name: r.DisplayName,
		Policy: r.Policy, Metadata: r.Metadata,
	})
	if err != nil {
		return Tenant{}, "", err
	}
	token, err := s.tenantToken(row, key, r)
	return row.tenant(), token, err
}

// RegisteringKey finds a live Upsolve key of the organization by its id, for administrators who register a tenant
// themselves. Faults: Forbidden, Invalid.
func (s *Service) RegisteringKey(ctx context.Context, who access.Principal, id string) (Key, error) {
	keys, err := s.Keys(ctx, who)
	if err != nil {
		return Key{}, err
	}
	for _, k := range keys {
		if k.ID == id && k.Front == Upsolve && k.RevokedAt == nil {
			return k, nil
		}
	}
	return Key{}, fault.New(fault.Invalid, "keyId: not the id of a live upsolve key")
}

// checkPolicy refuses policies that would open more than somebody meant.
func (s *Service) checkPolicy(ctx context.Context, key Key, p *TenantPolicy) error {
	if _, err := rowFilters(p.Prefilters); err != nil {
		return err
	}
	if len(p.Prefilters) > 0 {
		known, err := s.projects.Columns(ctx, key.Project)
		if err != nil {
			return err
		}
		for _, column := range slices.Sorted(maps.Keys(p.Prefilters)) {
			if !known(column) {
				return fault.New(fault.Invalid, "prefilters.%s: no table of the project has this column", column)
			}
		}
	}
	if p.Schema != "" && !schemaName.MatchString(p.Schema) {
		return fault.New(fault.Invalid, "schemaPreFilter: not a schema name")
	}
	if len(key.Policy.Filters) > 0 && (p.Schema != "" || p.Connection != "") {
		return fault.New(fault.Forbidden, "A key that confines rows leads to no other schema or connection")
	}
	if p.Connection != "" {
		if err := s.projects.Overridable(ctx, key.Organization, p.Connection); err != nil {
			return err
		}
	}
	if p.Schema != "" {
		if err := s.projects.HasSchema(ctx, key.Project, p.Connection, p.Schema); fault.Is(err, fault.NotFound) {
			return fault.New(fault.Invalid, "schemaPreFilter: no table of the database is in this schema")
		} else if err != nil {
			return err
		}
	}
	if len(p.Prefilters) == 0 && len(key.Policy.Filters) == 0 && p.Schema == "" && p.Connection == "" {
		if !key.Policy.AllowUnfiltered {
			return fault.New(fault.Invalid, "prefilters: a tenant needs a column filter, a schemaPreFilter or a "+
				"connectionOverride; only a key with the scope allow_unfiltered may leave out all three")
		}
		p.Unfiltered = true
	}
	return nil
}

var schemaName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_$-]{0,127}$`)

// upsertTenant writes the tenant unless it is already so. Key is the id of the one that registers it. Faults: Forbidden when it is suspended.
func (s *Service) upsertTenant(ctx context.Context, key string, row tenantRow) (tenantRow, error) {
	if row.Metadata == nil {
		row.Metadata = map[string]any{}
	}
	var now tenantRow
	err := s.db.NewSelect().Model(&now).Where("organization_uuid = ? AND project_uuid = ? AND front = ? AND handle = ?",
		row.OrganizationUUID, row.ProjectUUID, row.Front, row.Handle).Scan(ctx)
	if err != nil && !store.NotFound(err) {
		return tenantRow{}, fault.Wrap(fault.Unavailable, err, "The tenant could not be read")
	}
	if err == nil && now.Suspended {
		return tenantRow{}, suspended()
	}
	if err == nil && sameTenant(now, row) {
		return now, nil
	}
	row.ID, row.Revision, row.CreatedAt, row.UpdatedAt = uuid.NewString(), 1, s.now(), s.now()
	stored := row
	err = s.writes.run(func(ctx context.Context, tx bun.Tx) error {
		stored = row
		_, err := tx.NewInsert().Model(&stored).
			On("CONFLICT (organization_uuid, project_uuid, front, handle) DO UPDATE").
			Set("name = EXCLUDED.name, policy = EXCLUDED.policy, metadata = EXCLUDED.metadata").
			Set("updated_at = EXCLUDED.updated_at, revision = ?TableAlias.revision + 1").
			Returning("id, quota, revision, generation, suspended, created_at").Exec(ctx)
		return err
	})
	if err != nil {
		return tenantRow{}, fault.Wrap(fault.Unavailable, err, "The tenant could not be stored")
	}
	s.resolved.touch("tenant:" + stored.ID)
	s.options.Audit.Record(ctx, audit.Event{Organization: row.OrganizationUUID, Credential: key, Act: "tenant.register " + row.Front, Target: stored.ID})
	if now.ID != "" && canonical(now.Policy) != canonical(row.Policy) {
		s.options.Ended(ctx, row.OrganizationUUID, "tenant", stored.ID) // what runs by the old policy
	}
	if stored.Suspended {
		return tenantRow{}, suspended()
	}
	return stored, nil
}

func suspended() error {
	return fault.Coded(fault.Forbidden, "TenantSuspended", "The tenant is suspended")
}

func sameTenant(a, b tenantRow) bool {
	left, right := []any{a.Name, a.Policy, a.Metadata}, []any{b.Name, b.Policy, b.Metadata}
	return canonical(left) == canonical(right)
}

// Tenants lists the organization's tenants whose name contains the text, by name. Faults: Forbidden.
func (s *Service) Tenants(ctx context.Context, who access.Principal, search string, offset, limit int64) ([]Tenant, error) {
	if err := administers(who); err != nil {
		return nil, err
	}
	var rows []tenantRow
	q := s.db.NewSelect().Model(&rows).Where("organization_uuid = ?", who.Organization)
	if search != "" {
		q = q.Where(`LOWER(name) LIKE ? ESCAPE '\'`, contains(search))
	}
	if err := q.OrderExpr("name, id").Offset(offset).Limit(limit).Scan(ctx); err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "The tenants could not be read")
	}
	tenants := make([]Tenant, len(rows))
	for i, row := range rows {
		tenants[i] = row.tenant()
	}
	return tenants, nil
}

// contains makes a LIKE pattern of a text that is meant literally.
func contains(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(text)) + "%"
}

// Suspend closes a tenant, or opens it again; its tokens follow at once. Faults: Forbidden, NotFound.
func (s *Service) Suspend(ctx context.Context, who access.Principal, tenant string, closed bool) error {
	err := s.changeTenant(ctx, who, fmt.Sprintf("tenant.suspend %t", closed), tenant, func(ctx context.Context) error {
		_, err := s.db.NewUpdate().Model((*tenantRow)(nil)).Set("suspended = ?", closed).Where("id = ?", tenant).Exec(ctx)
		return err
	})
	if err == nil && closed {
		s.options.Ended(ctx, who.Organization, "tenant", tenant)
	}
	return err
}

// SetQuota bounds what a tenant may ask for. Faults: Forbidden, NotFound.
func (s *Service) SetQuota(ctx context.Context, who access.Principal, tenant string, q access.Quota) error {
	return s.changeTenant(ctx, who, "tenant.quota", tenant, func(ctx context.Context) error {
		_, err := s.db.NewUpdate().Model(&tenantRow{ID: tenant, Quota: q}).Column("quota").WherePK().Exec(ctx)
		return err
	})
}

// EndTokens ends every session and token of a tenant; new ones can be asked for. Faults: Forbidden, NotFound.
func (s *Service) EndTokens(ctx context.Context, who access.Principal, tenant string) error {
	return s.changeTenant(ctx, who, "tenant.revoke", tenant, func(ctx context.Context) error {
		return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
			if _, err := tx.NewDelete().Model((*embedSessionRow)(nil)).Where("tenant_id = ?", tenant).Exec(ctx); err != nil {
				return err
			}
			_, err := tx.NewUpdate().Model((*tenantRow)(nil)).Set("generation = generation + 1").Where("id = ?", tenant).Exec(ctx)
			return err
		})
	})
}

// DeleteTenant forgets a tenant and what belongs to it; its tokens end at once. Faults: Forbidden, NotFound.
func (s *Service) DeleteTenant(ctx context.Context, who access.Principal, tenant string) error {
	err := s.changeTenant(ctx, who, "tenant.delete", tenant, func(ctx context.Context) error { return s.dropTenant(ctx, tenant) })
	if err == nil {
		s.options.Ended(ctx, who.Organization, "tenant", tenant)
	}
	return err
}

func (s *Service) dropTenant(ctx context.Context, tenant string) error {
	if err := s.contents.EraseTenant(ctx, tenant); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		for _, model := range []any{(*embedUserRow)(nil), (*embedGroupRow)(nil), (*attributeRow)(nil), (*embedSessionRow)(nil)} {
			if _, err := tx.NewDelete().Model(model).Where("tenant_id = ?", tenant).Exec(ctx); err != nil {
				return err
			}
		}
		_, err := tx.NewDelete().Model((*tenantRow)(nil)).Where("id = ?", tenant).Exec(ctx)
		return err
	})
}

// EraseOrganization ends the keys of an organization that is deleted and forgets them, its tenants and its sessions.
// Whoever asks has been checked.
func (s *Service) EraseOrganization(ctx context.Context, organization string) error {
	var keys, tenants []string
	if err := s.db.NewSelect().Model((*keyRow)(nil)).Column("id").Where("organization_uuid = ?", organization).Scan(ctx, &keys); err != nil {
		return fault.Wrap(fault.Unavailable, err, "The keys could not be read")
	}
	if err := s.db.NewSelect().Model((*tenantRow)(nil)).Column("id").Where("organization_uuid = ?", organization).Scan(ctx, &tenants); err != nil {
		return fault.Wrap(fault.Unavailable, err, "The tenants could not be read")
	}
	for _, key := range keys {
		if err := s.changeKey(ctx, key, "revoked_at = ?", s.now()); err != nil {
			return err
		}
		s.options.Ended(ctx, organization, "key", key)
	}
	for _, tenant := range tenants {
		if err := s.dropTenant(ctx, tenant); err != nil {
			return fault.Wrap(fault.Unavailable, err, "The tenant could not be deleted")
		}
		s.resolved.touch("tenant:" + tenant)
		s.options.Ended(ctx, organization, "tenant", tenant)
	}
	for _, model := range []any{(*embedSessionRow)(nil), (*embedUserRow)(nil), (*trustedTokenRow)(nil), (*trustedSessionRow)(nil), (*keyRow)(nil)} {
		if _, err := s.db.NewDelete().Model(model).Where("organization_uuid = ?", organization).Exec(ctx); err != nil {
			return fault.Wrap(fault.Unavailable, err, "What the keys issued could not be deleted")
		}
	}
	return nil
}

func (s *Service) changeTenant(ctx context.Context, who access.Principal, act, tenant string, change func(context.Context) error) error {
	if err := administers(who); err != nil {
		return err
	}
	if _, err := s.ownTenant(ctx, who, tenant); err != nil {
		return err
	}
	err := change(ctx)
	s.audit(ctx, who, act, tenant, err)
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "The tenant could not be changed")
	}
	s.resolved.touch("tenant:" + tenant)
	return nil
}

func (s *Service) tenantRow(ctx context.Context, id string) (tenantRow, error) {
	var row tenantRow
	err := s.db.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	if store.NotFound(err) {
		return row, fault.Coded(fault.Unauthenticated, "TokenRevoked", "The tenant isn't registered any more")
	}
	if err != nil {
		return row, fault.Wrap(fault.Unavailable, err, "The tenant could not be read")
	}
	return row, nil
}
