package tenancy

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/secret"
	"inlay/internal/store"
)

// Lives of Cube's credentials.
const (
	sessionLife   = 5 * time.Minute
	embedLife     = 24 * time.Hour
	ephemeralLife = 7 * 24 * time.Hour
	anonymousLife = 25 * time.Hour // of a user who was never named: longer than their token
)

// SessionRequest asks for an embed session. Pointers and slices that are nil leave what is stored.
type SessionRequest struct {
	Deployment             int64
	ExternalID, InternalID string
	Email                  *string
	DisplayName, Picture   *string
	TenantName             string
	TenantDisplayName      *string
	Creator                bool
	Attributes             []AttributeValue
	AttributeDefinitions   []AttributeDefinition
	Groups                 []string
	GroupDefinitions       []GroupDefinition
	TenantGroups           []string
	TenantGroupDefinitions []GroupDefinition
	Roles                  []string
	Context                Values
	Ephemeral              bool
	EphemeralTTL           time.Duration
	PublicDashboard        string
	Theme                  map[string]any
	Settings               map[string]any
}

// AttributeValue gives a user attribute its value; nil clears it.
type AttributeValue struct {
	Name  string
	Value any
}

// Identity is what a session fixes about whoever uses it.
type Identity struct {
	Deployment   int64          `json:"deployment"`
	Internal     bool           `json:"internal,omitempty"` // an account of ours, with its own rights
	Username     string         `json:"username"`
	Email        string         `json:"email,omitempty"`
	Name         string         `json:"name,omitempty"`
	Picture      string         `json:"picture,omitempty"`
	TenantName   string         `json:"tenantName,omitempty"`
	Creator      bool           `json:"creator,omitempty"`
	Groups       []string       `json:"groups,omitempty"`
	TenantGroups []string       `json:"tenantGroups,omitempty"`
	Roles        []string       `json:"roles,omitempty"`
	Attributes   Values         `json:"attributes,omitempty"`
	Known        []string       `json:"known,omitempty"`
	Context      Values         `json:"context,omitempty"`
	Dashboard    string         `json:"dashboard,omitempty"` // uuid; the only one the session opens
	Theme        map[string]any `json:"theme,omitempty"`
	Settings     map[string]any `json:"settings,omitempty"`
}

type embedSessionRow struct {
	bun.BaseModel    `bun:"table:embed_sessions"`
	ID               string `bun:",pk"`
	Hash             string
	OrganizationUUID string `bun:"organization_uuid"`
	ProjectUUID      string `bun:"project_uuid"`
	TenantID         string `bun:"tenant_id"`
	UserID           string `bun:"user_id"`
	KeyID            string `bun:"key_id"`
	Identity         Identity
	CreatedAt        time.Time
	ExpiresAt        time.Time
	RedeemedAt       *time.Time
	RevokedAt        *time.Time
}

// GenerateSession upserts the external user, their tenant and what else the request defines, all or nothing, and gives
// a session id that can be redeemed once within five minutes. Faults: Invalid, Forbidden, NotFound.
func (s *Service) GenerateSession(ctx context.Context, key Key, r SessionRequest) (string, error) {
	project, err := s.deploymentFor(ctx, key, r.Deployment)
	if err != nil {
		return "", err
	}
	if err := checkSession(r); err != nil {
		return "", err
	}
	if err := key.Policy.speaksFor(r.TenantName); err != nil {
		return "", err
	}
	who := Identity{
		Deployment: r.Deployment, TenantName: r.TenantName, Creator: r.Creator, Roles: r.Roles, Context: r.Context,
		Theme: r.Theme, Settings: r.Settings,
	}
	if r.PublicDashboard != "" {
		found, err := s.contents.PublicDashboard(ctx, project, r.PublicDashboard)
		if err != nil {
			return "", err
		}
		who.Dashboard = found.UUID
	}
	id := secret.Token(24)
	row := embedSessionRow{
		ID: uuid.NewString(), Hash: secret.Hash(id), OrganizationUUID: key.Organization, ProjectUUID: project,
		KeyID: key.ID, CreatedAt: s.now(), ExpiresAt: s.now().Add(sessionLife),
	}
	outside, err := s.outside(ctx, key.Organization, r)
	if err != nil {
		return "", err
	}
	var tenant string
	err = s.writes.run(func(ctx context.Context, tx bun.Tx) error {
		fresh, identity := row, who
		if err := s.provision(ctx, tx, &fresh, &identity, r, outside); err != nil {
			return err
		}
		fresh.Identity, tenant = identity, fresh.TenantID
		_, err := tx.NewInsert().Model(&fresh).Exec(ctx)
		return err
	})
	if err != nil {
		return "", asStored(err, "The session could not be stored")
	}
	if tenant != "" {
		s.resolved.touch("tenant:" + tenant)
	}
	return id, nil
}

// asStored keeps faults as they are; anything else means that the database didn't take it.
func asStored(err error, message string) error {
	if known := fault.As(err); known.Kind != fault.Internal {
		return err
	}
	return fault.Wrap(fault.Unavailable, err, "%s", message)
}

// outsideFacts are what the rest of the server knows, asked before the transaction.
type outsideFacts struct {
	account    Account // for an internal id
	missing    []string
	attributes []string
}

func (s *Service) outside(ctx context.Context, organization string, r SessionRequest) (outsideFacts, error) {
	var facts outsideFacts
	var err error
	if r.InternalID != "" {
		facts.account, err = s.people.FindAccount(ctx, r.InternalID)
		if err == nil {
			_, err = s.people.PrincipalOf(ctx, organization, facts.account.UUID)
		}
		if fault.Is(err, fault.NotFound) {
			return facts, fault.New(fault.NotFound, "internalId: there is no such user")
		}
		return facts, err
	}
	if facts.attributes, err = s.people.KnownAttributes(ctx, organization); err != nil {
		return facts, err
	}
	if len(r.Groups) > 0 {
		facts.missing, err = s.people.MissingGroups(ctx, organization, r.Groups)
	}
	return facts, err
}

// provision writes everything the session speaks of, and completes the row and the identity.
func (s *Service) provision(ctx context.Context, tx bun.Tx, row *embedSessionRow, who *Identity, r SessionRequest, out outsideFacts) error {
	if r.InternalID != "" {
		row.UserID, who.Internal = out.account.UUID, true
		who.Username, who.Email, who.Name = out.account.Username, out.account.Email, out.account.Name
	}
	if r.TenantName != "" {
		tenant, err := s.embedTenant(ctx, tx, row.OrganizationUUID, r.TenantName, r.TenantDisplayName)
		if err != nil {
			return err
		}
		row.TenantID = tenant
	}
	if r.InternalID != "" {
		return nil
	}
	if err := s.defineGroups(ctx, tx, row.TenantID, r, out.missing); err != nil {
		return err
	}
	definitions, err := s.defineAttributes(ctx, tx, row.TenantID, r.AttributeDefinitions)
	if err != nil {
		return err
	}
	return s.upsertUser(ctx, tx, row, who, r, definitions, out.attributes)
}

// embedTenant makes the tenant on demand and gives its id.
func (s *Service) embedTenant(ctx context.Context, tx bun.Tx, organization, name string, display *string) (string, error) {
	row := tenantRow{
		ID: uuid.NewString(), Front: Cube, OrganizationUUID: organization, Handle: name, Name: name,
		Metadata: map[string]any{}, Revision: 1, CreatedAt: s.now(), UpdatedAt: s.now(),
	}
	if display != nil {
		row.Metadata["displayName"] = *display
	}
	insert := tx.NewInsert().Model(&row).On("CONFLICT (organization_uuid, project_uuid, front, handle) DO UPDATE")
	if display != nil {
		insert = insert.Set("metadata = EXCLUDED.metadata, updated_at = EXCLUDED.updated_at")
	} else {
		insert = insert.Set("handle = EXCLUDED.handle")
	}
	if _, err := insert.Returning("id, suspended").Exec(ctx); err != nil {
		return "", err
	}
	if row.Suspended {
		return "", suspended()
	}
	return row.ID, nil
}

// RedeemSession exchanges a session id, once, for a token. Faults: Unauthenticated.
func (s *Service) RedeemSession(ctx context.Context, id string) (string, error) {
	gone := fault.Coded(fault.Unauthenticated, "SessionInvalid", "The session is unknown, expired or already used")
	now := s.now()
	done, err := s.db.NewUpdate().Model((*embedSessionRow)(nil)).Set("redeemed_at = ?", now).
		Where("hash = ? AND redeemed_at IS NULL AND revoked_at IS NULL AND expires_at > ?", secret.Hash(id), now).Exec(ctx)
	if err != nil {
		return "", fault.Wrap(fault.Unavailable, err, "The session could not be redeemed")
	}
	if changed, err := done.RowsAffected(); err != nil || changed != 1 {
		return "", gone
	}
	row, err := s.sessionBy(ctx, "hash = ?", secret.Hash(id))
	if err != nil {
		return "", err
	}
	if _, err := s.liveKey(ctx, row.KeyID); err != nil {
		return "", gone
	}
	return s.embedToken(row)
}

// RevokeSession ends an embed session and the token made from it; an unknown id is no fault.
func (s *Service) RevokeSession(ctx context.Context, key Key, id string) error {
	row, err := s.sessionBy(ctx, "hash = ?", secret.Hash(id))
	if fault.Is(err, fault.Unauthenticated) || err == nil && row.OrganizationUUID != key.Organization {
		return nil
	}
	if err != nil {
		return err
	}
	if !key.Covers(row.Identity.Deployment) {
		return fault.New(fault.Forbidden, "The key doesn't cover the session's deployment")
	}
	_, err = s.db.NewUpdate().Model((*embedSessionRow)(nil)).Set("revoked_at = ?", s.now()).
		Where("id = ? AND revoked_at IS NULL", row.ID).Exec(ctx)
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "The session could not be revoked")
	}
	s.resolved.touch("session:" + row.ID)
	return nil
}

func (s *Service) sessionBy(ctx context.Context, where string, arg any) (embedSessionRow, error) {
	var row embedSessionRow
	err := s.db.NewSelect().Model(&row).Where(where, arg).Scan(ctx)
	if store.NotFound(err) {
		return row, revokedToken()
	}
	if err != nil {
		return row, fault.Wrap(fault.Unavailable, err, "The session could not be read")
	}
	return row, nil
}

// loadEmbed gives the principal of a session; strict sessions end when they are revoked, and with them their token.
func (s *Service) loadEmbed(ctx context.Context, session string, strict bool) (access.Principal, error) {
	row, err := s.sessionBy(ctx, "id = ?", session)
	if err != nil {
		return access.Principal{}, err
	}
	if strict && row.RevokedAt != nil {
		return access.Principal{}, revokedToken()
	}
	key, err := s.liveKey(ctx, row.KeyID)
	if err != nil {
		return access.Principal{}, err
	}
	p := embedPrincipal(row)
	p.Quota = key.Policy.Quota
	if err := key.confines(&p); err != nil {
		return access.Principal{}, err
	}
	if row.TenantID != "" {
		tenant, err := s.tenantRow(ctx, row.TenantID)
		if err != nil {
			return access.Principal{}, err
		}
		if tenant.Suspended {
			return access.Principal{}, fault.Coded(fault.Unauthenticated, "TenantSuspended", "The tenant is suspended")
		}
		p.Quota = tenant.Quota.Or(p.Quota)
	}
	if !row.Identity.Internal {
		if err := s.userLives(ctx, row.UserID); err != nil {
			return access.Principal{}, err
		}
	}
	return p, nil
}

func embedPrincipal(row embedSessionRow) access.Principal {
	who := row.Identity
	p := access.Principal{
		Kind: access.Tenant, Organization: row.OrganizationUUID, Project: row.ProjectUUID, Tenant: row.TenantID,
		TenantName: who.TenantName, User: row.UserID, Email: who.Email, Name: firstOf(who.Name, who.Username),
		Groups: append(append([]string{}, who.Groups...), systemGroups(who)...), Attributes: map[string][]string{},
		Known: map[string]bool{}, Context: who.Context.plain(), Permissions: embedPermissions(who.Creator),
		Credential: row.ID, IssuedBy: row.KeyID, Theme: who.Theme,
	}
	for name, value := range who.Attributes {
		p.Attributes[name] = texts(value)
	}
	for _, name := range who.Known {
		p.Known[name] = true
	}
	if who.Dashboard != "" {
		p.Scope = &access.Scope{Dashboards: []string{who.Dashboard}}
	}
	if who.Internal {
		p.Kind = access.User
	}
	return p
}

// systemGroups are the names under which a tenant's own groups appear to policies.
func systemGroups(who Identity) []string {
	names := make([]string, len(who.TenantGroups))
	for i, group := range who.TenantGroups {
		names[i] = "system:tenant:" + who.TenantName + ":group:" + group
	}
	return names
}

// embedPermissions are the editing rights of a session: everything but SQL in creator mode, nothing otherwise.
func embedPermissions(creator bool) map[string]bool {
	p := map[string]bool{"drillDown": true}
	if creator {
		for _, name := range []string{"addChart", "addFilter", "createChart", "editCharts", "removeChart", "editDashboardName"} {
			p[name] = true
		}
	}
	return p
}

// deploymentFor finds the project of a deployment that the key may act for.
func (s *Service) deploymentFor(ctx context.Context, key Key, number int64) (string, error) {
	if key.Kind != AdminKey || !key.Enabled {
		return "", fault.New(fault.Forbidden, "Only an administrator's key may make embed sessions")
	}
	if !key.Covers(number) {
		return "", fault.New(fault.Forbidden, "The key doesn't cover deployment %d", number)
	}
	return s.ProjectOf(ctx, key.Organization, number)
}
