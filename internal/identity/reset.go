package identity

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/secret"
)

const resetLife = 24 * time.Hour

// ChangePassword replaces the principal's own password and ends all their sessions. Somebody who came in by single
// sign-on has no password, and gains none here. A wrong password is
// NotFound, as recorded. Faults: NotFound, Invalid, Forbidden, TooMany.
func (s *Service) ChangePassword(ctx context.Context, who access.Principal, old, password, address string) error {
	key := who.User + "\x00" + address
	if !s.failures.allows(key) {
		return fault.New(fault.TooMany, "Too many wrong passwords. Wait a while, then try again.")
	}
	stored, err := s.storedPassword(ctx, who.User)
	if err != nil {
		return err
	}
	if stored == "" {
		if linked, err := s.Identities(ctx, who); err != nil || len(linked) > 0 {
			return firstError(err, fault.New(fault.Forbidden, "This account logs in by single sign-on and has no password"))
		}
	} else if ok, err := s.matches(ctx, old, stored); err != nil || !ok {
		s.failures.failed(key)
		s.audit(ctx, who, "password.change", who.User, true)
		return firstError(err, fault.New(fault.NotFound, "Password not recognized."))
	}
	return s.setPassword(ctx, who.User, who.Organization, password)
}

func firstError(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// setPassword stores a new password, and ends every session and reset that the old one could have led to.
func (s *Service) setPassword(ctx context.Context, user, organization, password string) error {
	if err := strong(password); err != nil {
		return err
	}
	hashed, err := s.hash(ctx, password)
	if err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewUpdate().Table("users").Set("password = ?", hashed).Set("updated_at = ?", s.now()).
			Where("id = ?", user).Exec(ctx)
		if err != nil {
			return err
		}
		for _, model := range []any{(*sessionRow)(nil), (*resetRow)(nil)} {
			if _, err := tx.NewDelete().Model(model).Where("user_id = ?", user).Exec(ctx); err != nil {
				return err
			}
		}
		return touch(ctx, tx, organization)
	})
	s.audit(ctx, access.Principal{User: user, Organization: organization}, "password.set", user, err != nil)
	return err
}

// lateLimit bounds work that nobody waits for.
const lateLimit = 30 * time.Second

// RequestReset mails somebody a link to set a new password. It answers the same for every address, and before it looks
// whether there is such an account, so that the time doesn't tell either. From is the caller's network address. Faults:
// TooMany for one that asks too often; an account that was mailed enough is just not mailed again.
func (s *Service) RequestReset(ctx context.Context, email, from string) error {
	if !s.asking.take(from) {
		return fault.New(fault.TooMany, "Too many password resets were asked for. Wait a while, then try again.")
	}
	if s.config.NoPasswords || !s.letters.take(canonical(email)) {
		return nil
	}
	s.later.Go(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lateLimit)
		defer cancel()
		if err := s.mailReset(ctx, email); err != nil {
			s.config.Log.ErrorContext(ctx, "a password reset could not be mailed", "error", err)
		}
	})
	return nil
}

func (s *Service) mailReset(ctx context.Context, email string) error {
	u, err := s.UserByEmail(ctx, email)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil || s.config.Mail == nil {
		return err
	}
	link, err := s.resetLink(ctx, u)
	if err != nil || link == "" {
		return err
	}
	return s.config.Mail.PasswordReset(ctx, u.Email, link)
}

// ResetLink gives a link to set a new password of somebody's, for whoever runs the server to hand over. Faults:
// NotFound, Forbidden for somebody without a password.
func (s *Service) ResetLink(ctx context.Context, email string) (string, error) {
	u, err := s.UserByEmail(ctx, email)
	if err != nil {
		return "", err
	}
	link, err := s.resetLink(ctx, u)
	if err == nil && link == "" {
		err = fault.New(fault.Forbidden, "%s has no password to reset: the account is pending, locked, or logs in by single sign-on", email)
	}
	return link, err
}

// resetLink makes a link that sets a new password, in place of one made before. Whoever has no password, because they
// come in by single sign-on, gets none.
func (s *Service) resetLink(ctx context.Context, u User) (string, error) {
	if !u.HasPassword || !u.Active {
		return "", nil
	}
	code := secret.Token(24)
	row := resetRow{UserID: u.UUID, Hash: secret.Hash(code), ExpiresAt: s.now().Add(resetLife)}
	_, err := s.db.NewInsert().Model(&row).On("CONFLICT (user_id) DO UPDATE").
		Set("hash = EXCLUDED.hash").Set("expires_at = EXCLUDED.expires_at").Exec(ctx)
	return s.link("/reset-password/" + code), err
}

// CheckReset tells whether a code still resets a password. Faults: NotFound, Gone.
func (s *Service) CheckReset(ctx context.Context, code string) error {
	_, err := s.findReset(ctx, code)
	return err
}

func (s *Service) findReset(ctx context.Context, code string) (resetRow, error) {
	row := resetRow{}
	if err := s.db.NewSelect().Model(&row).Where("hash = ?", secret.Hash(code)).Scan(ctx); err != nil {
		return resetRow{}, missing(err, "NotExists", "No password reset link found")
	}
	if !s.now().Before(row.ExpiresAt) {
		return resetRow{}, fault.New(fault.Gone, "The password reset link has expired. Ask for a new one.")
	}
	return row, nil
}

// ResetPassword sets a new password with a mailed code, which works once. Faults: NotFound, Gone, Invalid.
func (s *Service) ResetPassword(ctx context.Context, code, password string) error {
	row, err := s.findReset(ctx, code)
	if err != nil {
		return err
	}
	if err := strong(password); err != nil {
		return err
	}
	spent, err := s.db.NewDelete().Model(&row).WherePK().Where("hash = ?", row.Hash).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := spent.RowsAffected(); err != nil || n == 0 { // somebody used it at the same time
		return firstError(err, fault.Coded(fault.NotFound, "NotExists", "No password reset link found"))
	}
	u, err := s.User(ctx, row.UserID)
	if err != nil {
		return err
	}
	return s.setPassword(ctx, u.UUID, u.Organization, password)
}

// Identity is an account at an identity provider that is linked to a user.
type Identity struct {
	Issuer, IssuerType, Email string
	Created                   time.Time
}

// Identities lists the principal's linked accounts.
func (s *Service) Identities(ctx context.Context, who access.Principal) ([]Identity, error) {
	var rows []identityRow
	err := s.db.NewSelect().Model(&rows).Where("user_id = ?", who.User).Order("created_at").Scan(ctx)
	all := make([]Identity, len(rows))
	for i, row := range rows {
		all[i] = Identity{row.Issuer, row.IssuerType, row.Email, row.CreatedAt}
	}
	return all, err
}

// DeleteIdentity unlinks one of the principal's accounts; one that isn't linked stays so. Faults: Forbidden for the last
// way in of somebody without a password.
func (s *Service) DeleteIdentity(ctx context.Context, who access.Principal, issuer, email string) error {
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := touch(ctx, tx, who.Organization); err != nil { // unlinking two at once must not leave none
			return err
		}
		_, err := tx.NewDelete().Model((*identityRow)(nil)).Where("user_id = ?", who.User).
			Where("issuer = ?", issuer).Where("email = ?", email).Exec(ctx)
		if err != nil {
			return err
		}
		u, err := s.findUser(ctx, tx, "id", who.User)
		if err != nil || u.HasPassword {
			return err
		}
		left, err := tx.NewSelect().Model((*identityRow)(nil)).Where("user_id = ?", who.User).Exists(ctx)
		if err == nil && !left {
			err = fault.New(fault.Forbidden, "This is the only way in that the account has")
		}
		return err
	})
	s.audit(ctx, who, "identity.delete", issuer, err != nil)
	return err
}
