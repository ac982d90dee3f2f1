package tenancy

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/secret"
)

// TenantPrincipal is what a tenant may see and do, for administrators to look through its eyes. The security context is
// what a customer's backend would sign for it. Faults: Forbidden, NotFound.
func (s *Service) TenantPrincipal(ctx context.Context, who access.Principal, tenant string, signed Values) (access.Principal, error) {
	if err := administers(who); err != nil {
		return access.Principal{}, err
	}
	row, err := s.ownTenant(ctx, who, tenant)
	if err != nil {
		return access.Principal{}, err
	}
	p, err := row.principal()
	p.Context = signed.plain()
	return p, err
}

func (s *Service) ownTenant(ctx context.Context, who access.Principal, tenant string) (tenantRow, error) {
	missing := fault.New(fault.NotFound, "There is no such tenant")
	if uuid.Validate(tenant) != nil {
		return tenantRow{}, missing
	}
	row, err := s.tenantRow(ctx, tenant)
	if fault.Is(err, fault.Unauthenticated) || err == nil && row.OrganizationUUID != who.Organization {
		return tenantRow{}, missing
	}
	return row, err
}

// RevokeCredential ends one credential of an embedding front: a token by its text, or a session by its id. It gives
// the id that principals carry. Faults: Forbidden, NotFound.
func (s *Service) RevokeCredential(ctx context.Context, who access.Principal, text string) (string, error) {
	switch audienceOf(text) {
	case embedAudience:
		claims, err := opened[embedClaims](s, text, embedAudience, s.embedKey)
		if err != nil {
			return "", noCredential()
		}
		return claims.Session, s.endEmbedSession(ctx, who, claims.Session)
	case dataAudience:
		claims, err := opened[dataClaims](s, text, dataAudience, s.dataKey)
		if err != nil {
			return "", noCredential()
		}
		return claims.CubeCloud.Meta.Session, s.endEmbedSession(ctx, who, claims.CubeCloud.Meta.Session)
	case tenantAudience:
		claims, err := opened[tenantClaims](s, text, tenantAudience, s.upsolveKey)
		if err != nil {
			return "", noCredential()
		}
		return claims.ID, s.RevokeToken(ctx, who, text)
	}
	if strings.HasPrefix(text, trustedPrefix) {
		return secret.Hash(text), s.RevokeToken(ctx, who, text)
	}
	return text, s.endSession(ctx, who, text)
}

func noCredential() error { return fault.New(fault.NotFound, "There is no such credential") }

// endSession ends a session of Cube's or ThoughtSpot's front by the id that its principal carries.
func (s *Service) endSession(ctx context.Context, who access.Principal, id string) error {
	err := s.endEmbedSession(ctx, who, id)
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	return s.drop(ctx, who, "session.revoke", id, (*trustedSessionRow)(nil), "hash = ?", id)
}

// endEmbedSession forgets a session, and with it the embed tokens and data tokens that it led to.
func (s *Service) endEmbedSession(ctx context.Context, who access.Principal, id string) error {
	if err := s.drop(ctx, who, "session.revoke", id, (*embedSessionRow)(nil), "id = ?", id); err != nil {
		return err
	}
	s.Forget("session", id)
	return nil
}

// EndUserSessions ends the embed sessions of a user, external or internal, and every ThoughtSpot session and token of a
// member. Faults: Forbidden, NotFound when there was none.
func (s *Service) EndUserSessions(ctx context.Context, who access.Principal, user string) error {
	if err := s.RevokeUserSessions(ctx, who, user); err != nil {
		return err
	}
	err := s.drop(ctx, who, "user.revoke", user, (*embedSessionRow)(nil), "user_id = ?", user)
	s.Forget("user", user)
	return err
}

// drop deletes rows of the organization. Faults: Forbidden, NotFound when there were none.
func (s *Service) drop(ctx context.Context, who access.Principal, act, target string, model any, where string, args ...any) error {
	if err := administers(who); err != nil {
		return err
	}
	done, err := s.db.NewDelete().Model(model).Where(where, args...).Where("organization_uuid = ?", who.Organization).Exec(ctx)
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "The credential could not be ended")
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return noCredential()
	}
	s.audit(ctx, who, act, target, nil)
	return nil
}

// Forget drops what is remembered of a tenant, key, session, token or user, so that the next request asks again.
func (s *Service) Forget(kind, id string) { s.resolved.touch(kind + ":" + id) }
