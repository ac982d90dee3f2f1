package tenancy

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/secret"
	"inlay/internal/store"
)

// Lives of ThoughtSpot sessions.
const (
	idleLife     = 3 * time.Hour
	rememberLife = 7 * 24 * time.Hour
)

// EveryOrg is the Org number that stands for all of them, for administrators of the server.
const EveryOrg = -1

type trustedSessionRow struct {
	bun.BaseModel     `bun:"table:trusted_sessions"`
	Hash              string `bun:",pk"`
	OrganizationUUID  string `bun:"organization_uuid"`
	UserUUID          string `bun:"user_uuid"`
	Scope             objectScope
	KeyID             string // the secret that vouched; empty after a login by password
	Pinned            bool   // opened by a token, which opens one Org only
	EveryOrganization bool
	Remember          bool
	CreatedAt         time.Time
	SeenAt            time.Time
	ExpiresAt         time.Time
}

type trustedUserRow struct {
	bun.BaseModel        `bun:"table:trusted_users"`
	UserUUID             string `bun:"user_uuid,pk"`
	LastOrganizationUUID string `bun:"last_organization_uuid"`
}

// Login opens a session with a password and gives its id. Faults: Unauthenticated, TooMany.
func (s *Service) Login(ctx context.Context, username, password string, remember bool, caller string) (string, error) {
	if err := s.failures.open("login " + caller + " " + strings.ToLower(username)); err != nil {
		return "", err
	}
	account, err := s.people.Login(ctx, username, password, caller)
	if fault.Is(err, fault.Unauthenticated) || fault.Is(err, fault.NotFound) {
		s.failures.count("login " + caller + " " + strings.ToLower(username))
		return "", fault.Coded(fault.Unauthenticated, "InvalidCredentials", "The username or the password isn't valid")
	}
	if err != nil {
		return "", err
	}
	organization, err := s.homeOrg(ctx, account.UUID)
	if err != nil {
		return "", err
	}
	return s.openSession(ctx, trustedSessionRow{OrganizationUUID: organization, UserUUID: account.UUID, Remember: remember})
}

// LoginToken opens a session with a trusted token of the user and gives its id. Faults: Unauthenticated.
func (s *Service) LoginToken(ctx context.Context, username, token, caller string) (string, error) {
	row, err := s.liveToken(ctx, token)
	if fault.Is(err, fault.Unauthenticated) {
		if limited := s.failures.open("token " + caller); limited != nil {
			return "", limited
		}
		s.failures.count("token " + caller)
		return "", err
	}
	if err != nil {
		return "", err
	}
	account, err := s.people.FindAccount(ctx, username)
	if fault.Is(err, fault.NotFound) || err == nil && account.UUID != row.UserUUID {
		return "", badToken()
	}
	if err != nil {
		return "", err
	}
	return s.openSession(ctx, trustedSessionRow{
		OrganizationUUID: row.OrganizationUUID, UserUUID: row.UserUUID, Scope: row.Scope, KeyID: row.KeyID, Pinned: true,
	})
}

// openSession stores a new session under an id that nobody saw before.
func (s *Service) openSession(ctx context.Context, row trustedSessionRow) (string, error) {
	id := secret.Token(24)
	now := s.now()
	row.Hash, row.CreatedAt, row.SeenAt, row.ExpiresAt = secret.Hash(id), now, now, now.Add(life(row.Remember))
	last := trustedUserRow{UserUUID: row.UserUUID, LastOrganizationUUID: row.OrganizationUUID}
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			return err
		}
		_, err := tx.NewInsert().Model(&last).On("CONFLICT (user_uuid) DO UPDATE").
			Set("last_organization_uuid = EXCLUDED.last_organization_uuid").Exec(ctx)
		return err
	})
	if err != nil {
		return "", fault.Wrap(fault.Unavailable, err, "The session could not be stored")
	}
	return id, nil
}

func life(remember bool) time.Duration {
	if remember {
		return rememberLife
	}
	return idleLife
}

// Cookie is the cookie of a session; an empty id clears it. Browsers keep a remembered one when they close.
func (s *Service) Cookie(id string, remember bool) *http.Cookie {
	cookie := &http.Cookie{Name: CookieName, Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if s.options.Embedding {
		cookie.Secure, cookie.SameSite, cookie.Partitioned = true, http.SameSiteNoneMode, true
	}
	if remember {
		cookie.MaxAge = int(rememberLife / time.Second)
	}
	if id == "" {
		cookie.MaxAge = -1
	}
	return cookie
}

// resolveSession gives the principal of a session's cookie, and keeps the session from falling asleep.
func (s *Service) resolveSession(ctx context.Context, id string) (access.Principal, error) {
	row, err := s.liveSession(ctx, secret.Hash(id))
	if err != nil {
		return access.Principal{}, err
	}
	p, err := s.trustedPrincipal(ctx, row.OrganizationUUID, row.UserUUID, row.Scope)
	if err == nil && row.KeyID != "" {
		err = s.confinedBy(ctx, row.KeyID, &p)
	}
	p.Credential, p.IssuedBy, p.Session, p.Expires = row.Hash, row.KeyID, true, row.ExpiresAt
	return p, err
}

func (s *Service) liveSession(ctx context.Context, hash string) (trustedSessionRow, error) {
	gone := fault.Coded(fault.Unauthenticated, "SessionExpired", "The session has ended; log in again")
	var row trustedSessionRow
	err := s.db.NewSelect().Model(&row).Where("hash = ?", hash).Scan(ctx)
	if store.NotFound(err) || err == nil && !s.now().Before(row.ExpiresAt) {
		return row, gone
	}
	if err != nil {
		return row, fault.Wrap(fault.Unavailable, err, "The session could not be checked")
	}
	if row.KeyID != "" {
		if _, err := s.liveKey(ctx, row.KeyID); err != nil {
			return row, err
		}
	}
	return row, s.seen(ctx, &row)
}

// seen moves the end of an idle session, at most once a minute. A remembered one ends a week after login.
func (s *Service) seen(ctx context.Context, row *trustedSessionRow) error {
	now := s.now()
	if row.Remember || now.Sub(row.SeenAt) < time.Minute {
		return nil
	}
	row.SeenAt, row.ExpiresAt = now, now.Add(idleLife)
	if _, err := s.db.NewUpdate().Model(row).Column("seen_at", "expires_at").WherePK().Exec(ctx); err != nil {
		return fault.Wrap(fault.Unavailable, err, "The session could not be kept")
	}
	return nil
}

// Logout ends the session or token that who came with.
func (s *Service) Logout(ctx context.Context, who access.Principal) error {
	_, err := s.db.NewDelete().Model((*trustedSessionRow)(nil)).Where("hash = ?", who.Credential).Exec(ctx)
	if err == nil && !who.Session {
		_, err = s.db.NewUpdate().Model((*trustedTokenRow)(nil)).Set("revoked_at = ?", s.now()).Where("hash = ?", who.Credential).Exec(ctx)
	}
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "The session could not be ended")
	}
	return nil
}

// RevokeUserSessions ends every ThoughtSpot session and token of a member of the organization. Faults: Forbidden.
func (s *Service) RevokeUserSessions(ctx context.Context, who access.Principal, user string) error {
	if err := administers(who); err != nil {
		return err
	}
	if uuid.Validate(user) != nil {
		return nil // nobody's, so there is nothing to end
	}
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		for _, model := range []any{(*trustedSessionRow)(nil), (*trustedTokenRow)(nil)} {
			_, err := tx.NewDelete().Model(model).Where("user_uuid = ? AND organization_uuid = ?", user, who.Organization).Exec(ctx)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "The sessions could not be ended")
	}
	return nil
}
