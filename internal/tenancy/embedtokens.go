package tenancy

import (
	"context"
	"maps"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"inlay/internal/access"
	"inlay/internal/fault"
)

// issuer is who Cube's clients expect a token to be from.
const issuer = "cubecloud"

// embedClaims are those of the token that a session id is exchanged for.
type embedClaims struct {
	jwt.RegisteredClaims
	Session    string `json:"sid"`
	Tenant     string `json:"tid,omitempty"`
	Key        string `json:"key"`
	Deployment int64  `json:"deploymentId"`
	TenantName string `json:"embedTenantName,omitempty"`
	Username   string `json:"username,omitempty"`
	Creator    bool   `json:"creatorMode,omitempty"`
	Settings   any    `json:"settings,omitempty"`
}

func (s *Service) embedToken(row embedSessionRow) (string, error) {
	now := s.now().Truncate(time.Second)
	return sign(embedClaims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, Audience: jwt.ClaimStrings{embedAudience}, ID: uuid.NewString(), Subject: row.UserID,
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(embedLife)),
		},
		Session: row.ID, Tenant: row.TenantID, Key: row.KeyID, Deployment: row.Identity.Deployment,
		TenantName: row.Identity.TenantName, Username: row.Identity.Username, Creator: row.Identity.Creator,
		Settings: settingsClaim(row.Identity.Settings),
	}, s.embedKey)
}

func settingsClaim(settings map[string]any) any {
	if len(settings) == 0 {
		return nil
	}
	return settings
}

// ResolveEmbed gives the principal of an embed token, and takes no other kind. Faults: Unauthenticated.
func (s *Service) ResolveEmbed(ctx context.Context, token string) (access.Principal, error) {
	claims, err := opened[embedClaims](s, token, embedAudience, s.embedKey)
	if err != nil {
		return access.Principal{}, err
	}
	if claims.Issuer != issuer {
		return access.Principal{}, badToken()
	}
	tags := []string{"session:" + claims.Session, "tenant:" + claims.Tenant, "key:" + claims.Key, "user:" + claims.Subject}
	p, err := s.resolved.get("embed:"+claims.Session, tags, func() (access.Principal, error) {
		return s.loadEmbed(ctx, claims.Session, true)
	})
	if err != nil {
		return access.Principal{}, err
	}
	return s.completed(ctx, p, claims.ExpiresAt.Time)
}

// completed dates a principal, and gives an internal user their own rights as they are now.
func (s *Service) completed(ctx context.Context, p access.Principal, expires time.Time) (access.Principal, error) {
	p.Expires = expires
	if p.Kind != access.User {
		return p, nil
	}
	own, err := s.people.PrincipalOf(ctx, p.Organization, p.User)
	if fault.Is(err, fault.NotFound) {
		return access.Principal{}, revokedToken()
	}
	if err != nil {
		return access.Principal{}, err
	}
	own.Project, own.Tenant, own.TenantName, own.Scope = p.Project, p.Tenant, p.TenantName, p.Scope
	own.Credential, own.IssuedBy, own.Session, own.Expires, own.Theme = p.Credential, p.IssuedBy, false, expires, p.Theme
	own.Quota, own.Filters, own.Origins = p.Quota, p.Filters, p.Origins
	own = own.Inside(own.Project) // a token in some page's memory administers no organization
	if own.Scope != nil {
		own = own.Viewing(own.Project)
	}
	return own, nil
}

// Session gives what an embed principal's session fixed about them. Faults: Unauthenticated.
func (s *Service) Session(ctx context.Context, who access.Principal) (Identity, error) {
	row, err := s.sessionBy(ctx, "id = ?", who.Credential)
	return row.Identity, err
}

// DataToken makes a token for the data API out of an embed principal's session: its payload is the security context
// that Cube's clients and models know. Faults: Unauthenticated.
func (s *Service) DataToken(ctx context.Context, who access.Principal, life time.Duration) (string, error) {
	row, err := s.sessionBy(ctx, "id = ?", who.Credential)
	if err != nil {
		return "", err
	}
	identity := row.Identity
	now := s.now().Truncate(time.Second)
	claims := jwt.MapClaims{}
	maps.Copy(claims, identity.Context)
	claims["cubeCloud"] = map[string]any{
		"username": identity.Username, "groups": full(append(append([]string{}, identity.Groups...), systemGroups(identity)...)),
		"roles": full(identity.Roles), "userAttributes": fullMap(identity.Attributes),
		"meta": map[string]any{"session": row.ID, "tenant": row.TenantID, "key": row.KeyID, "user": row.UserID},
	}
	claims["iss"], claims["aud"], claims["jti"] = issuer, dataAudience, uuid.NewString()
	claims["iat"], claims["exp"] = now.Unix(), now.Add(life).Unix()
	delete(claims, "nbf")
	return sign(claims, s.dataKey)
}

func full(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func fullMap(values Values) Values {
	if values == nil {
		return Values{}
	}
	return values
}

type dataClaims struct {
	jwt.RegisteredClaims
	CubeCloud struct {
		Meta struct {
			Session string `json:"session"`
			Tenant  string `json:"tenant"`
			Key     string `json:"key"`
			User    string `json:"user"`
		} `json:"meta"`
	} `json:"cubeCloud"`
}

// resolveData gives the principal of a data token. As documented for it, it outlives the revocation of its session;
// the revocation of its tenant, user or key ends it.
func (s *Service) resolveData(ctx context.Context, token string) (access.Principal, error) {
	claims, err := opened[dataClaims](s, token, dataAudience, s.dataKey)
	if err != nil {
		return access.Principal{}, err
	}
	meta := claims.CubeCloud.Meta
	tags := []string{"session:" + meta.Session, "tenant:" + meta.Tenant, "key:" + meta.Key, "user:" + meta.User}
	p, err := s.resolved.get("data:"+meta.Session, tags, func() (access.Principal, error) {
		return s.loadEmbed(ctx, meta.Session, false)
	})
	if err != nil {
		return access.Principal{}, err
	}
	return s.completed(ctx, p, claims.ExpiresAt.Time)
}

// ResolveData gives the principal of a data token or an embed token, and takes no other kind. Faults: Unauthenticated.
func (s *Service) ResolveData(ctx context.Context, token string) (access.Principal, error) {
	if audienceOf(token) == embedAudience {
		return s.ResolveEmbed(ctx, token)
	}
	return s.resolveData(ctx, token)
}
