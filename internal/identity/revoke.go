package identity

import (
	"context"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/secret"
)

// ofMembers narrows a delete of credentials to those of the organization's own members.
const ofMembers = "user_id IN (SELECT id FROM users WHERE organization_id = ?)"

// RevokeToken ends a member's personal access token, named by its text or its id, and gives the id. Faults: Forbidden,
// NotFound.
func (s *Service) RevokeToken(ctx context.Context, who access.Principal, token string) (string, error) {
	return s.revoke(ctx, who, "token.revoke", (*tokenRow)(nil), "(id = ? OR hash = ?)", token, secret.Hash(token))
}

// RevokeSession ends a member's session by its id. Faults: Forbidden, NotFound.
func (s *Service) RevokeSession(ctx context.Context, who access.Principal, id string) error {
	_, err := s.revoke(ctx, who, "session.revoke", (*sessionRow)(nil), "id = ?", id)
	return err
}

// revoke deletes one credential and tells every replica.
func (s *Service) revoke(ctx context.Context, who access.Principal, act string, model any, where string, args ...any) (string, error) {
	if err := s.require(ctx, who, access.Update, access.Thing{Subject: access.MemberProfile, Organization: who.Organization}); err != nil {
		return "", err
	}
	var ids []string
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		err := tx.NewDelete().Model(model).Where(where, args...).Where(ofMembers, who.Organization).Returning("id").Scan(ctx, &ids)
		if err != nil {
			return err
		}
		return touch(ctx, tx, who.Organization)
	})
	switch {
	case err != nil:
		return "", unreadable(err)
	case len(ids) == 0:
		return "", fault.New(fault.NotFound, "There is no such credential")
	}
	s.audit(ctx, who, act, ids[0], false)
	return ids[0], nil
}

// RevokeUser ends every session and token of a member; they may log in again. Faults: Forbidden, NotFound.
func (s *Service) RevokeUser(ctx context.Context, who access.Principal, user string) error {
	thing := access.Thing{Subject: access.MemberProfile, UUID: user, Organization: who.Organization}
	if err := s.require(ctx, who, access.Update, thing); err != nil {
		return err
	}
	if _, err := s.member(ctx, who.Organization, user); err != nil {
		return err
	}
	if err := s.outranked(ctx, who, user); err != nil {
		return err
	}
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		for _, model := range []any{(*sessionRow)(nil), (*tokenRow)(nil), (*resetRow)(nil)} {
			if _, err := tx.NewDelete().Model(model).Where("user_id = ?", user).Where(ofMembers, who.Organization).Exec(ctx); err != nil {
				return err
			}
		}
		return touch(ctx, tx, who.Organization)
	})
	s.audit(ctx, who, "user.revoke", user, err != nil)
	return err
}
