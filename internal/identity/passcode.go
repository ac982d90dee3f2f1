package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"math/big"
	"regexp"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/secret"
	"inlay/internal/store"
)

const (
	passcodeLife     = 15 * time.Minute
	passcodeAttempts = 5
)

// EmailStatus says whether somebody's e-mail address is known to be theirs, and what became of the last passcode.
type EmailStatus struct {
	Email    string
	Verified bool
	Passcode *Passcode // nil when none was sent
}

// Passcode is a passcode that was sent; the code itself isn't kept.
type Passcode struct {
	Created, Expires  time.Time
	Attempts          int64
	Expired, MaxTries bool
}

// SendPasscode makes a new passcode for the principal's e-mail address and mails it. Faults: TooMany.
func (s *Service) SendPasscode(ctx context.Context, who access.Principal) (EmailStatus, error) {
	if !s.letters.take(who.User) {
		return EmailStatus{}, fault.New(fault.TooMany, "Too many passcodes were asked for. Wait a while, then try again.")
	}
	var passcode string
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		passcode, err = s.putPasscode(ctx, tx, who.User)
		return err
	})
	if err != nil {
		return EmailStatus{}, err
	}
	status, err := s.EmailStatus(ctx, who, "")
	if err != nil {
		return EmailStatus{}, err
	}
	return status, s.mailPasscode(ctx, status.Email, passcode)
}

// EmailStatus reports on the principal's e-mail address. A passcode, when given, is one try to verify it.
func (s *Service) EmailStatus(ctx context.Context, who access.Principal, passcode string) (EmailStatus, error) {
	u, err := s.User(ctx, who.User)
	if err != nil {
		return EmailStatus{}, err
	}
	if passcode != "" && !u.EmailVerified {
		if u.EmailVerified, err = s.tryPasscode(ctx, u, passcode); err != nil {
			return EmailStatus{}, err
		}
	}
	status := EmailStatus{Email: u.Email, Verified: u.EmailVerified}
	row := passcodeRow{}
	err = s.db.NewSelect().Model(&row).Where("user_id = ?", who.User).Scan(ctx)
	if store.NotFound(err) {
		return status, nil
	}
	expires := row.CreatedAt.Add(passcodeLife)
	status.Passcode = &Passcode{row.CreatedAt, expires, row.Attempts, s.now().After(expires), row.Attempts >= passcodeAttempts}
	return status, err
}

// tryPasscode counts the try before it compares, so that tries at the same time can't share one count.
func (s *Service) tryPasscode(ctx context.Context, u User, passcode string) (verified bool, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := touch(ctx, tx, u.Organization); err != nil {
			return err
		}
		row := passcodeRow{}
		err := tx.NewSelect().Model(&row).Where("user_id = ?", u.UUID).Scan(ctx)
		if store.NotFound(err) {
			return nil
		}
		if err != nil || row.Attempts >= passcodeAttempts || s.now().After(row.CreatedAt.Add(passcodeLife)) {
			return err
		}
		verified = subtle.ConstantTimeCompare([]byte(row.Hash), []byte(passcodeHash(u.UUID, passcode))) == 1
		if !verified {
			row.Attempts++
			_, err = tx.NewUpdate().Model(&row).Column("attempts").WherePK().Exec(ctx)
			return err
		}
		if _, err = tx.NewDelete().Model(&row).WherePK().Exec(ctx); err != nil {
			return err
		}
		_, err = tx.NewUpdate().Table("users").Set("email_verified = ?", true).Where("id = ?", u.UUID).Exec(ctx)
		return err
	})
	return verified, err
}

func (s *Service) putPasscode(ctx context.Context, tx bun.Tx, user string) (string, error) {
	passcode := s.config.FixedPasscode
	if passcode == "" {
		n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
		if err != nil {
			return "", err
		}
		passcode = fmt.Sprintf("%06d", n)
	}
	row := passcodeRow{UserID: user, Hash: passcodeHash(user, passcode), CreatedAt: s.now()}
	_, err := tx.NewInsert().Model(&row).On("CONFLICT (user_id) DO UPDATE").
		Set("hash = EXCLUDED.hash").Set("attempts = 0").Set("created_at = EXCLUDED.created_at").Exec(ctx)
	return passcode, err
}

func passcodeHash(user, passcode string) string { return secret.Hash(user + " " + passcode) }

func (s *Service) mailPasscode(ctx context.Context, email, passcode string) error {
	if s.config.Mail == nil || passcode == "" {
		return nil
	}
	return s.config.Mail.Passcode(ctx, email, passcode)
}

var emailForm = regexp.MustCompile(`^[^\s@<>()\[\],;:\\"]+@([a-zA-Z0-9-]+\.)+[a-zA-Z]{2,}$`)

func isEmail(text string) bool { return len(text) <= 320 && emailForm.MatchString(text) }
