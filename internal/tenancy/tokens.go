package tenancy

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
)

// Audiences keep the kinds of JWT apart, besides their different keys.
const (
	tenantAudience = "inlay:tenant"
	embedAudience  = "inlay:embed"
	dataAudience   = "inlay:data"
)

// skew is how far other machines' clocks may be off.
const skew = 30 * time.Second

// tenantClaims are those that Upsolve's clients know, and ours.
type tenantClaims struct {
	Data tenantData `json:"data"`
	jwt.RegisteredClaims
	Tenant     string `json:"tid"`
	Generation int64  `json:"gen,omitempty"`
	Org        string `json:"org"`
	Key        string `json:"key"`
}

type tenantData struct {
	ParentOrgID string   `json:"parentOrgId"`
	DisplayName string   `json:"displayName"`
	Payload     struct{} `json:"payload"` // the policy stays on the server
}

func (s *Service) tenantToken(t tenantRow, key Key, r Registration) (string, error) {
	ttl := r.TTL
	if ttl == 0 {
		ttl = defaultTTL
	}
	ttl = min(ttl, longest(key))
	now := s.now().Truncate(time.Second)
	claims := tenantClaims{
		Data: tenantData{ParentOrgID: t.OrganizationUUID, DisplayName: t.Name},
		RegisteredClaims: jwt.RegisteredClaims{
			ID: uuid.NewString(), Audience: jwt.ClaimStrings{tenantAudience}, Subject: r.User,
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(ttl)),
		},
		Tenant: t.ID, Generation: t.Generation, Org: t.OrganizationUUID, Key: key.ID,
	}
	return sign(claims, s.upsolveKey)
}

func longest(key Key) time.Duration {
	if key.Policy.MaxTTL > 0 {
		return key.Policy.MaxTTL
	}
	return longestTTL
}

func sign(claims jwt.Claims, key []byte) (string, error) {
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(key)
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "The token could not be signed")
	}
	return token, nil
}

// verify checks a JWT's signature, kind and times.
func (s *Service) verify(token string, claims jwt.Claims, audience string, key []byte) error {
	_, err := jwt.ParseWithClaims(token, claims, func(*jwt.Token) (any, error) { return key, nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(skew),
		jwt.WithAudience(audience), jwt.WithTimeFunc(s.options.Now))
	switch {
	case err == nil:
		if all, err := claims.GetAudience(); err != nil || len(all) != 1 {
			return badToken()
		}
		return nil
	case errors.Is(err, jwt.ErrTokenExpired) && !errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return fault.Coded(fault.Unauthenticated, "TokenExpired", "The token has expired; ask for a new one")
	}
	return badToken()
}

func badToken() error {
	return fault.Coded(fault.Unauthenticated, "TokenInvalid", "The token isn't valid")
}

func revokedToken() error {
	return fault.Coded(fault.Unauthenticated, "TokenRevoked", "The token has been revoked")
}

// opened verifies a JWT, or remembers for a moment that it did: a page sends the same one with every tile.
func opened[C any, P interface {
	*C
	jwt.Claims
}](s *Service, token, audience string, key []byte) (*C, error) {
	found, err := s.verified.get(audience+" "+token, nil, func() (any, error) {
		claims := new(C)
		return claims, s.verify(token, P(claims), audience, key)
	})
	if err != nil {
		return nil, err
	}
	claims := found.(*C) // an audience has one kind of claims
	end, err := P(claims).GetExpirationTime()
	if err != nil || !s.now().Before(end.Add(skew)) {
		return nil, fault.Coded(fault.Unauthenticated, "TokenExpired", "The token has expired; ask for a new one")
	}
	return claims, nil
}

// audienceOf reads whom a JWT is for, before anything about it is known to be true.
func audienceOf(token string) string {
	parts := strings.SplitN(token, ".", 3)
	if len(parts) != 3 {
		return ""
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	var claims struct {
		Audience jwt.ClaimStrings `json:"aud"`
	}
	if err != nil || json.Unmarshal(payload, &claims) != nil || len(claims.Audience) != 1 {
		return ""
	}
	return claims.Audience[0]
}

// resolveTenant gives the principal of a tenant token, as the tenant's policy is now.
func (s *Service) resolveTenant(ctx context.Context, token string) (access.Principal, error) {
	claims, err := opened[tenantClaims](s, token, tenantAudience, s.upsolveKey)
	if err != nil {
		return access.Principal{}, err
	}
	tags := []string{"token:" + claims.ID, "tenant:" + claims.Tenant, "key:" + claims.Key}
	return s.resolved.get(claims.ID, tags, func() (access.Principal, error) { return s.loadTenant(ctx, claims) })
}

func (s *Service) loadTenant(ctx context.Context, claims *tenantClaims) (access.Principal, error) {
	key, err := s.unrevoked(ctx, claims.ID, claims.Key)
	if err != nil {
		return access.Principal{}, err
	}
	row, err := s.tenantRow(ctx, claims.Tenant)
	if err != nil {
		return access.Principal{}, err
	}
	if row.OrganizationUUID != claims.Org {
		return access.Principal{}, badToken()
	}
	if row.Suspended {
		return access.Principal{}, fault.Coded(fault.Unauthenticated, "TenantSuspended", "The tenant is suspended")
	}
	if row.Generation != claims.Generation {
		return access.Principal{}, revokedToken()
	}
	p, err := row.principal()
	p.Name, p.Credential, p.IssuedBy, p.Expires = firstOf(claims.Subject, row.Name), claims.ID, key.ID, claims.ExpiresAt.Time
	p.Quota = row.Quota.Or(key.Policy.Quota)
	if err == nil {
		err = key.confines(&p)
	}
	return p, err
}

// principal is the tenant as it is registered, without any credential.
func (r tenantRow) principal() (access.Principal, error) {
	filters, err := rowFilters(r.Policy.Prefilters)
	if err != nil {
		return access.Principal{}, fault.Wrap(fault.Internal, err, "The tenant's policy can't be read")
	}
	return access.Principal{
		Kind: access.Tenant, Organization: r.OrganizationUUID, Project: r.ProjectUUID, Tenant: r.ID,
		TenantName: r.Name, Name: r.Name, Filters: filters,
		Unfiltered: r.Policy.Unfiltered && len(filters) == 0, Schema: r.Policy.Schema, Connection: r.Policy.Connection,
		Permissions: r.Policy.Permissions, Quota: r.Quota,
	}, nil
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// unrevoked refuses a token that was revoked, and everything that a revoked key issued. It gives the key.
func (s *Service) unrevoked(ctx context.Context, token, key string) (Key, error) {
	revoked, err := s.db.NewSelect().Model((*revokedRow)(nil)).Where("id = ?", token).Exists(ctx)
	if err != nil {
		return Key{}, fault.Wrap(fault.Unavailable, err, "The token could not be checked")
	}
	if revoked {
		return Key{}, revokedToken()
	}
	return s.liveKey(ctx, key)
}

// liveKey refuses a key that was revoked, itself or one that it was delegated from: what it issued ends with it.
func (s *Service) liveKey(ctx context.Context, id string) (Key, error) {
	key, err := s.keyByID(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && key.RevokedAt != nil {
		return Key{}, revokedToken()
	}
	if err != nil {
		return Key{}, fault.Wrap(fault.Unavailable, err, "The key could not be checked")
	}
	if key.Parent != "" {
		if _, err := s.liveKey(ctx, key.Parent); err != nil {
			return Key{}, err
		}
	}
	return key, nil
}

type revokedRow struct {
	bun.BaseModel `bun:"table:revoked_tokens"`
	ID            string `bun:",pk"`
	ExpiresAt     time.Time
}

// RevokeToken ends a tenant token or trusted token of the organization at once. Faults: Forbidden, Invalid, NotFound.
func (s *Service) RevokeToken(ctx context.Context, who access.Principal, token string) error {
	if err := administers(who); err != nil {
		return err
	}
	if strings.HasPrefix(token, trustedPrefix) {
		return s.revokeTrusted(ctx, who, token)
	}
	var claims tenantClaims
	if err := s.verify(token, &claims, tenantAudience, s.upsolveKey); err != nil {
		return fault.New(fault.Invalid, "token: not a live tenant token")
	}
	if claims.Org != who.Organization {
		return fault.New(fault.Invalid, "token: not a live tenant token")
	}
	row := revokedRow{ID: claims.ID, ExpiresAt: claims.ExpiresAt.Time}
	_, err := s.db.NewInsert().Model(&row).On("CONFLICT (id) DO NOTHING").Exec(ctx)
	s.audit(ctx, who, "token.revoke", claims.ID, err)
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "The token could not be revoked")
	}
	s.resolved.touch("token:" + claims.ID)
	return nil
}
