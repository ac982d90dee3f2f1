package native

import (
	"context"
	"net/http"
	"strings"
	"time"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/tenancy"
)

// EmbeddingRows are our own operations by which administrators manage what customers' products embed with: the keys of
// the other fronts, and the tenants registered through them.
func EmbeddingRows(s *tenancy.Service) []api.Operation {
	e := embedding{s}
	const keys, tenants, tag = "/api/v1/inlay/embedding/keys", "/api/v1/inlay/embedding/tenants", "Embedding"
	return []api.Operation{
		{ID: "listEmbeddingKeys", Method: "GET", Path: keys, Auth: api.SessionOrKey, Tag: tag, Endpoint: api.Handle(e.keys)},
		{ID: "createEmbeddingKey", Method: "POST", Path: keys, Auth: api.SessionOrKey, Tag: tag, Endpoint: api.Handle(e.createKey)},
		{ID: "updateEmbeddingKey", Method: "PATCH", Path: keys + "/{key}", Auth: api.SessionOrKey, Tag: tag, Endpoint: api.Handle(e.updateKey)},
		{ID: "rotateEmbeddingKey", Method: "POST", Path: keys + "/{key}/rotate", Auth: api.SessionOrKey, Tag: tag, Endpoint: api.Handle(e.rotateKey)},
		{ID: "revokeEmbeddingKey", Method: "DELETE", Path: keys + "/{key}", Auth: api.SessionOrKey, Tag: tag, Endpoint: api.Handle(e.revokeKey)},
		{ID: "delegateEmbeddingKey", Method: "POST", Path: keys + "/{key}/delegate", Auth: api.SessionOrKey, Tag: tag, Endpoint: api.Handle(e.delegateKey)},
		{ID: "delegateOwnKey", Method: "POST", Path: "/api/v1/inlay/embedding/delegate", Auth: api.Public, Tag: tag, Endpoint: api.Handle(e.delegateOwn)},
		{ID: "listTenants", Method: "GET", Path: tenants, Auth: api.SessionOrKey, Tag: tag, Endpoint: api.Handle(e.tenants)},
		{ID: "createTenant", Method: "POST", Path: tenants, Auth: api.SessionOrKey, Tag: tag, Endpoint: api.Handle(e.createTenant)},
		{ID: "updateTenant", Method: "PATCH", Path: tenants + "/{tenant}", Auth: api.SessionOrKey, Tag: tag, Endpoint: api.Handle(e.updateTenant)},
		{ID: "deleteTenant", Method: "DELETE", Path: tenants + "/{tenant}", Auth: api.SessionOrKey, Tag: tag, Endpoint: api.Handle(e.deleteTenant)},
		{ID: "revokeTenantToken", Method: "POST", Path: "/api/v1/inlay/embedding/tokens/revoke", Auth: api.SessionOrKey, Tag: tag, Endpoint: api.Handle(e.revokeToken)},
		{ID: "revokeUserSessions", Method: "DELETE", Path: "/api/v1/inlay/embedding/users/{user}/sessions", Auth: api.SessionOrKey, Tag: tag, Endpoint: api.Handle(e.revokeSessions)},
	}
}

type embedding struct{ tenancy *tenancy.Service }

type embeddingKey struct {
	ID              string       `json:"id"`
	Front           string       `json:"front"`
	Kind            string       `json:"kind"`
	Project         string       `json:"projectUuid,omitempty"`
	Name            string       `json:"name"`
	Hint            string       `json:"hint"`
	Key             string       `json:"key,omitempty"` // once, when it is made
	Enabled         bool         `json:"enabled"`
	AllowUnfiltered bool         `json:"allowUnfiltered"`
	Deployments     []int64      `json:"deployments"`
	MaxTokenSeconds int64        `json:"maxTokenSeconds,omitempty"`
	EveryOrg        bool         `json:"everyOrganization,omitempty"`
	Quota           access.Quota `json:"quota"`
	keyLimits
	Parent     string     `json:"delegatedFrom,omitempty"`
	CreatedAt  time.Time  `json:"createdAt"`
	ExpiresAt  *time.Time `json:"expiresAt"`
	RevokedAt  *time.Time `json:"revokedAt"`
	LastUsedAt *time.Time `json:"lastUsedAt"`
}

func wireKey(k tenancy.Key, text string) embeddingKey {
	out := embeddingKey{
		ID: k.ID, Front: k.Front, Kind: k.Kind, Project: k.Project, Name: k.Name, Hint: k.Hint, Key: text, Enabled: k.Enabled,
		AllowUnfiltered: k.Policy.AllowUnfiltered, Deployments: k.Policy.Deployments, EveryOrg: k.Policy.Instance, Quota: k.Policy.Quota,
		MaxTokenSeconds: int64(k.Policy.MaxTTL / time.Second), CreatedAt: k.CreatedAt, ExpiresAt: k.ExpiresAt,
		RevokedAt: k.RevokedAt, LastUsedAt: k.UsedAt, Parent: k.Parent,
		keyLimits: keyLimits{k.Policy.Tenants, k.Policy.Filters, k.Policy.Addresses, k.Policy.Origins},
	}
	if out.Deployments == nil {
		out.Deployments = []int64{}
	}
	return out
}

func (e embedding) keys(ctx context.Context, who access.Principal, _ struct{}) ([]embeddingKey, error) {
	found, err := e.tenancy.Keys(ctx, who)
	list := make([]embeddingKey, len(found))
	for i, key := range found {
		list[i] = wireKey(key, "")
	}
	return list, err
}

type newKeyIn struct {
	Body newEmbeddingKey `body:"requestBody"`
}

// keyLimits confine a key further.
type keyLimits struct {
	Tenants   []string       `json:"tenants,omitempty"`   // acts for these only, by their keys or names
	Filters   tenancy.Values `json:"filters,omitempty"`   // column → value, for every tenant of the key
	Addresses []string       `json:"addresses,omitempty"` // networks, such as 203.0.113.0/24
	Origins   []string       `json:"origins,omitempty"`   // sites whose pages may use what it issues
}

type newEmbeddingKey struct {
	Front string `json:"front" enum:"upsolve,cube,thoughtspot"`
	Kind  string `json:"kind" enum:"embed,admin,user,secret"`
	keyNarrowing
}

// keyNarrowing is what a delegated key says of itself; what it leaves out is as the key has it that it is made from.
type keyNarrowing struct {
	Name            string       `json:"name"`
	Project         string       `json:"projectUuid,omitempty"`
	Enabled         *bool        `json:"enabled,omitempty"`
	AllowUnfiltered bool         `json:"allowUnfiltered,omitempty"`
	Deployments     []int64      `json:"deployments,omitempty"`
	MaxTokenSeconds int64        `json:"maxTokenSeconds,omitempty"`
	EveryOrg        bool         `json:"everyOrganization,omitempty"`
	Quota           access.Quota `json:"quota,omitempty"`
	ExpiresAt       *time.Time   `json:"expiresAt,omitempty"`
	keyLimits
}

func (b keyNarrowing) key() tenancy.NewKey {
	return tenancy.NewKey{Project: b.Project, Name: b.Name, ExpiresAt: b.ExpiresAt, Disabled: b.Enabled != nil && !*b.Enabled,
		Policy: tenancy.KeyPolicy{
			AllowUnfiltered: b.AllowUnfiltered, Deployments: b.Deployments, Instance: b.EveryOrg, Quota: b.Quota,
			MaxTTL:  time.Duration(b.MaxTokenSeconds) * time.Second,
			Tenants: b.Tenants, Filters: b.Filters, Addresses: b.Addresses, Origins: b.Origins,
		}}
}

// createKey makes a key; secrets of ThoughtSpot are off until they are enabled.
func (e embedding) createKey(ctx context.Context, who access.Principal, in newKeyIn) (api.Status, error) {
	b := in.Body
	n := b.key()
	n.Front, n.Kind = b.Front, b.Kind
	if b.Enabled == nil {
		n.Disabled = b.Front == tenancy.ThoughtSpot
	}
	key, text, err := e.tenancy.CreateKey(ctx, who, n)
	return api.Status{Code: 201, Body: wireKey(key, text)}, err
}

type delegateIn struct {
	Key  string       `path:"key"`
	Body keyNarrowing `body:"requestBody"`
}

func (e embedding) delegateKey(ctx context.Context, who access.Principal, in delegateIn) (api.Status, error) {
	key, text, err := e.tenancy.DelegateKey(ctx, who, in.Key, in.Body.key())
	return api.Status{Code: 201, Body: wireKey(key, text)}, err
}

type delegateOwnIn struct {
	Request *http.Request `http:""`
	Body    struct {
		Key string `json:"key"` // the text of the key that the new one is made from
		keyNarrowing
	} `body:"requestBody"`
}

// delegateOwn narrows a key for whoever holds it: a customer's backend, which hands the new one to its own customer.
func (e embedding) delegateOwn(ctx context.Context, _ access.Principal, in delegateOwnIn) (api.Status, error) {
	key, text, err := e.tenancy.DelegateBy(ctx, in.Body.Key, e.tenancy.Caller(in.Request), in.Body.keyNarrowing.key())
	return api.Status{Code: 201, Body: wireKey(key, text)}, err
}

type keyIn struct {
	Key string `path:"key"`
}

type keyChangeIn struct {
	Key  string `path:"key"`
	Body struct {
		Enabled bool `json:"enabled"`
	} `body:"requestBody"`
}

func (e embedding) updateKey(ctx context.Context, who access.Principal, in keyChangeIn) (api.Empty, error) {
	return api.Empty{}, e.tenancy.EnableKey(ctx, who, in.Key, in.Body.Enabled)
}

type rotateKeyIn struct {
	Key  string `path:"key"`
	Body struct {
		Overlap *int64 `json:"overlapSeconds,omitempty"` // how long the old key works beside the new one
	} `body:"requestBody"`
}

func (e embedding) rotateKey(ctx context.Context, who access.Principal, in rotateKeyIn) (api.Status, error) {
	var both *time.Duration
	if in.Body.Overlap != nil {
		overlap := time.Duration(min(max(*in.Body.Overlap, -1), 1<<32)) * time.Second
		both = &overlap
	}
	key, text, err := e.tenancy.RotateKey(ctx, who, in.Key, both)
	return api.Status{Code: 201, Body: wireKey(key, text)}, err
}

func (e embedding) revokeKey(ctx context.Context, who access.Principal, in keyIn) (api.Empty, error) {
	_, err := e.tenancy.RevokeKey(ctx, who, in.Key)
	return api.Empty{}, err
}

type tenantsIn struct {
	Search   *string `query:"search"`
	Page     *int    `query:"page" least:"1"`
	PageSize *int    `query:"pageSize" least:"1"`
}

type tenant struct {
	ID        string               `json:"id"`
	Front     string               `json:"front"`
	Project   string               `json:"projectUuid,omitempty"`
	Name      string               `json:"name"`
	Policy    tenancy.TenantPolicy `json:"policy"`
	Metadata  map[string]any       `json:"metadata"`
	Quota     access.Quota         `json:"quota"`
	Revision  int64                `json:"revision"`
	Suspended bool                 `json:"suspended"`
	CreatedAt time.Time            `json:"createdAt"`
	UpdatedAt time.Time            `json:"updatedAt"`
}

func (e embedding) tenants(ctx context.Context, who access.Principal, in tenantsIn) ([]tenant, error) {
	page, size, search := 1, 100, ""
	if in.Page != nil {
		page = *in.Page
	}
	if in.PageSize != nil {
		size = min(*in.PageSize, 1000)
	}
	if in.Search != nil {
		search = *in.Search
	}
	found, err := e.tenancy.Tenants(ctx, who, search, (int64(page)-1)*int64(size), int64(size))
	list := make([]tenant, len(found))
	for i, t := range found {
		list[i] = wireTenant(t)
	}
	return list, err
}

func wireTenant(t tenancy.Tenant) tenant {
	return tenant{t.ID, t.Front, t.Project, t.Name, t.Policy, t.Metadata, t.Quota, t.Revision, t.Suspended, t.CreatedAt, t.UpdatedAt}
}

type tenantCreationIn struct {
	Body struct {
		Key     string         `json:"keyId"` // of the key that registers it
		Name    string         `json:"name"`
		Handle  string         `json:"key,omitempty"` // what identifies it; its name unless given
		Filters tenancy.Values `json:"prefilters"`
	} `body:"requestBody"`
}

type tenantCreated struct {
	Tenant tenant `json:"tenant"`
	Token  string `json:"token"`
}

func (e embedding) createTenant(ctx context.Context, who access.Principal, in tenantCreationIn) (api.Status, error) {
	b := in.Body
	if strings.TrimSpace(b.Name) == "" {
		return api.Status{}, fault.New(fault.Invalid, "name: a tenant needs a name")
	}
	key, err := e.tenancy.RegisteringKey(ctx, who, b.Key)
	if err != nil {
		return api.Status{}, err
	}
	made, token, err := e.tenancy.Register(ctx, key, tenancy.Registration{Key: b.Handle, DisplayName: b.Name, Policy: tenancy.TenantPolicy{Prefilters: b.Filters}})
	return api.Status{Code: 201, Body: tenantCreated{wireTenant(made), token}}, err
}

type tenantChangeIn struct {
	Tenant string `path:"tenant"`
	Body   struct {
		Suspended *bool         `json:"suspended,omitempty"`
		Quota     *access.Quota `json:"quota,omitempty"`
	} `body:"requestBody"`
}

func (e embedding) updateTenant(ctx context.Context, who access.Principal, in tenantChangeIn) (api.Empty, error) {
	if quota := in.Body.Quota; quota != nil {
		if err := e.tenancy.SetQuota(ctx, who, in.Tenant, *quota); err != nil {
			return api.Empty{}, err
		}
	}
	if closed := in.Body.Suspended; closed != nil {
		return api.Empty{}, e.tenancy.Suspend(ctx, who, in.Tenant, *closed)
	}
	return api.Empty{}, nil
}

type tenantIn struct {
	Tenant string `path:"tenant"`
}

func (e embedding) deleteTenant(ctx context.Context, who access.Principal, in tenantIn) (api.Empty, error) {
	return api.Empty{}, e.tenancy.DeleteTenant(ctx, who, in.Tenant)
}

type revokeTokenIn struct {
	Body struct {
		Token string `json:"token"`
	} `body:"requestBody"`
}

// revokeToken ends one token: a tenant's JWT or a trusted token.
func (e embedding) revokeToken(ctx context.Context, who access.Principal, in revokeTokenIn) (api.Empty, error) {
	return api.Empty{}, e.tenancy.RevokeToken(ctx, who, in.Body.Token)
}

type userSessionsIn struct {
	User string `path:"user"`
}

func (e embedding) revokeSessions(ctx context.Context, who access.Principal, in userSessionsIn) (api.Empty, error) {
	return api.Empty{}, e.tenancy.RevokeUserSessions(ctx, who, in.User)
}
