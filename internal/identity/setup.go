package identity

import (
	"context"

	"github.com/uptrace/bun"

	"inlay/internal/fault"
	"inlay/internal/secret"
)

// setupSetting names the setting that holds the hash of the set-up token.
const setupSetting = "setup_token"

// SetupToken makes the token that the very first user registers with, in place of one made before. It is empty where
// none is needed: an organization is founded, or anybody may register.
func (s *Service) SetupToken(ctx context.Context) (string, error) {
	founded, err := s.Founded(ctx)
	if err != nil || founded || s.config.ManyOrganizations || s.config.OpenRegistration {
		return "", err
	}
	token := secret.Token(24)
	_, err = s.db.NewRaw(`INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value`,
		setupSetting, secret.Hash(token)).Exec(ctx)
	return token, err
}

// spendSetup uses the set-up token up. A registration that fails gives it back with its transaction. Faults: Forbidden.
func spendSetup(ctx context.Context, tx bun.IDB, token string) error {
	spent, err := tx.NewDelete().Table("settings").Where("name = ?", setupSetting).Where("value = ?", secret.Hash(token)).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := spent.RowsAffected(); err != nil || n == 0 {
		return firstError(err, fault.New(fault.Forbidden,
			"This server isn't set up yet. Its first user registers with the set-up token that the server printed when it started"))
	}
	return nil
}
