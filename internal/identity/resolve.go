package identity

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/secret"
	"inlay/internal/store"
)

// held is a principal in memory, good for as long as its organization's revision stays what it was. Its maps are
// shared between requests: nobody may write to them.
type held struct {
	who     access.Principal
	session sessionRow // for sessions
	token   tokenRow   // for tokens
}

type resolution struct {
	who access.Principal
	err error
}

type resolutionKey struct{}

// Resolve gives the principal of a request's credential: the session cookie, or else a personal access token. No
// credential, or a cookie that means nothing, is the zero Principal. Faults: Unauthenticated, Forbidden.
func (s *Service) Resolve(r *http.Request) (access.Principal, error) {
	if found, ok := r.Context().Value(resolutionKey{}).(resolution); ok {
		return found.who, found.err
	}
	if cookie, err := r.Cookie(s.config.CookieName); err == nil {
		h, err := s.bySession(r.Context(), cookie.Value)
		if err == nil && h.who.Kind != access.Anonymous {
			return h.who, s.sameSite(r)
		}
		if err != nil {
			return access.Principal{}, err
		}
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "ApiKey") {
		return access.Principal{}, nil
	}
	return s.ByToken(r.Context(), strings.TrimSpace(token))
}

// sameSite refuses unsafe requests that another site made a browser send with our cookie.
func (s *Service) sameSite(r *http.Request) error {
	if err := s.origins.Check(r); err != nil {
		return fault.Wrap(fault.Forbidden, err, "This request comes from another site")
	}
	return nil
}

func (s *Service) bySession(ctx context.Context, token string) (held, error) {
	hash := secret.Hash(token)
	h, err := s.hold(ctx, "s"+hash, func() (held, error) {
		session := sessionRow{}
		err := s.db.NewSelect().Model(&session).Where("hash = ?", hash).Where("expires_at > ?", s.now()).Scan(ctx)
		if err != nil {
			return held{}, err
		}
		h, err := s.load(ctx, session.UserID, "")
		h.session = session
		h.who.Session, h.who.Credential, h.who.IssuedBy, h.who.Expires = true, session.ID, session.IssuedBy, session.ExpiresAt
		return h, err
	})
	if fault.Is(err, fault.Forbidden) { // deactivated
		return held{}, s.closeAll(ctx, err, hash)
	}
	if store.NotFound(err) {
		return held{}, nil
	}
	return h, err
}

// ByToken gives the principal of a personal access token. Faults: Unauthenticated.
func (s *Service) ByToken(ctx context.Context, token string) (access.Principal, error) {
	unknown := fault.New(fault.Unauthenticated, "Personal access token is not recognised")
	if s.config.NoTokens {
		return access.Principal{}, fault.New(fault.Unauthenticated, "Personal access tokens are disabled")
	}
	hash := secret.Hash(token)
	h, err := s.hold(ctx, "t"+hash, func() (held, error) {
		row := tokenRow{}
		if err := s.db.NewSelect().Model(&row).Where("hash = ?", hash).Scan(ctx); err != nil {
			return held{}, err
		}
		h, err := s.load(ctx, row.UserID, "")
		h.token = row
		h.who.Credential = row.ID
		if row.ExpiresAt != nil {
			h.who.Expires = *row.ExpiresAt
		}
		return h, err
	})
	switch {
	case store.NotFound(err):
		return access.Principal{}, unknown
	case err != nil:
		return access.Principal{}, err
	case h.token.ExpiresAt != nil && !s.now().Before(*h.token.ExpiresAt):
		s.held.Invalidate("t" + hash)
		return access.Principal{}, unknown
	}
	return h.who, s.used(ctx, h, hash)
}

// PrincipalOf gives a user's own rights as they are now: in their own organization, or, where one is named, in that.
// Faults: NotFound, Forbidden for a deactivated user.
func (s *Service) PrincipalOf(ctx context.Context, organization, user string) (access.Principal, error) {
	if !valid(user) || organization != "" && !valid(organization) {
		return access.Principal{}, fault.New(fault.NotFound, "Cannot find user with uuid %s", user)
	}
	h, err := s.hold(ctx, "u"+organization+user, func() (held, error) { return s.load(ctx, user, organization) })
	return h.who, missing(err, "", "Cannot find user with uuid %s", user)
}

// hold gives what is held under the key if nothing in its organization changed since, and loads it otherwise. One point
// read is what a request pays for changes acting at once, on every replica.
func (s *Service) hold(ctx context.Context, key string, load func() (held, error)) (held, error) {
	if h, ok := s.held.GetIfPresent(key); ok {
		var revision int64
		if err := s.revision.Row(ctx, []any{h.who.Organization}, &revision); err != nil {
			return held{}, unreadable(err)
		}
		if revision == h.who.Revision && (h.who.Expires.IsZero() || s.now().Before(h.who.Expires)) {
			return h, nil
		}
	}
	h, err := load()
	if err != nil {
		s.held.Invalidate(key)
		if _, known := errors.AsType[*fault.Fault](err); known || store.NotFound(err) {
			return held{}, err
		}
		return held{}, unreadable(err)
	}
	s.held.Set(key, h)
	return h, nil
}

// unreadable closes the door while the database is away: nobody is let in on what was known before.
func unreadable(err error) error {
	return fault.Wrap(fault.Unavailable, err, "The accounts can't be read now. Try again.")
}

// load reads a user's principal. The revision is read with the user and before everything else, so that a change in
// between makes the result stale and never wrongly fresh.
func (s *Service) load(ctx context.Context, user, organization string) (held, error) {
	var row struct {
		userRow  `bun:",extend"`
		GuestIn  *string
		GuestAs  *access.Role
		Revision int64
	}
	err := s.db.NewRaw(`SELECT u.*, g.organization_id AS guest_in, g.role AS guest_as, r.revision
		FROM users u
		LEFT JOIN guest_members g ON g.user_id = u.id AND g.organization_id = ?
		JOIN identity_revisions r ON r.organization_id = COALESCE(g.organization_id, u.organization_id, '')
		WHERE u.id = ? AND NOT u.pending`, organization, user).Scan(ctx, &row)
	if err != nil {
		return held{}, err
	}
	if !row.Active {
		return held{}, fault.Coded(fault.Forbidden, "DeactivatedAccount", "Your account has been deactivated")
	}
	who := access.Principal{
		Kind: access.User, User: row.ID, Organization: deref(row.OrganizationID), OrgRole: row.Role,
		Email: deref(row.Email), EmailVerified: row.EmailVerified, Tenant: deref(row.TenantID),
		Name: strings.TrimSpace(row.FirstName + " " + row.LastName),
	}
	if row.GuestIn != nil {
		who.Organization, who.OrgRole = *row.GuestIn, *row.GuestAs
	}
	if organization != "" && organization != who.Organization {
		return held{}, fault.New(fault.NotFound, "Cannot find user with uuid %s", user)
	}
	who.Revision = row.Revision
	if who.Organization != "" {
		if err := s.loadRights(ctx, &who); err != nil {
			return held{}, err
		}
	}
	return held{who: who}, nil
}

// loadRights reads groups, roles in projects, custom roles and attributes.
func (s *Service) loadRights(ctx context.Context, who *access.Principal) error {
	var groups []groupRow
	err := s.db.NewSelect().Model(&groups).Where("g.organization_id = ?", who.Organization).
		Where("g.id IN (SELECT group_id FROM group_members WHERE user_id = ?)", who.User).Order("g.name").Scan(ctx)
	if err != nil {
		return err
	}
	for _, g := range groups {
		who.Groups, who.GroupIDs = append(who.Groups, g.Name), append(who.GroupIDs, g.ID)
	}
	var grants []struct {
		ProjectID string
		Role      access.Role
	}
	err = s.db.NewRaw(`SELECT project_id, role FROM project_members WHERE user_id = ?
		UNION ALL SELECT p.project_id, p.role FROM project_groups p JOIN group_members m ON m.group_id = p.group_id
		JOIN user_groups g ON g.id = p.group_id AND g.organization_id = ? WHERE m.user_id = ?`,
		who.User, who.Organization, who.User).Scan(ctx, &grants)
	if err != nil {
		return err
	}
	who.ProjectRoles = make(map[string][]access.Role, len(grants))
	for _, g := range grants {
		who.ProjectRoles[g.ProjectID] = append(who.ProjectRoles[g.ProjectID], g.Role)
	}
	if who.Custom, err = s.customOf(ctx, `r.organization_id = ? AND (g.user_id = ? OR g.group_id IN (
		SELECT group_id FROM group_members WHERE user_id = ?))`, who.Organization, who.User, who.User); err != nil {
		return err
	}
	return s.loadAttributes(ctx, who)
}

// loadAttributes resolves every attribute of the organization: the user's own value and those of their groups, or else
// the default, or else nothing.
func (s *Service) loadAttributes(ctx context.Context, who *access.Principal) error {
	var rows []struct {
		Name         string
		DefaultValue *string
		Value        *string
	}
	err := s.db.NewRaw(`SELECT a.name, a.default_value, v.value FROM user_attributes a LEFT JOIN (
			SELECT attribute_id, value, 0 AS rank FROM user_attribute_users WHERE user_id = ?
			UNION ALL
			SELECT ag.attribute_id, ag.value, 1 AS rank FROM user_attribute_groups ag
			JOIN group_members m ON m.group_id = ag.group_id WHERE m.user_id = ?
		) v ON v.attribute_id = a.id WHERE a.organization_id = ? ORDER BY a.name, v.rank, v.value`,
		who.User, who.User, who.Organization).Scan(ctx, &rows)
	if err != nil {
		return err
	}
	who.Attributes, who.Known = map[string][]string{}, map[string]bool{}
	for _, row := range rows {
		who.Known[row.Name] = true
		if value := row.Value; value != nil {
			who.Attributes[row.Name] = append(who.Attributes[row.Name], *value)
		} else if row.DefaultValue != nil {
			who.Attributes[row.Name] = []string{*row.DefaultValue}
		}
	}
	return nil
}

// used notes when a token was last used, every ten minutes at most.
func (s *Service) used(ctx context.Context, h held, hash string) error {
	now := s.now()
	if h.token.LastUsedAt != nil && now.Sub(*h.token.LastUsedAt) < 10*time.Minute {
		return nil
	}
	h.token.LastUsedAt = &now
	s.held.Set("t"+hash, h)
	_, err := s.db.NewUpdate().Model(&h.token).Column("last_used_at").WherePK().Exec(ctx)
	return err
}
