package tenancy

import (
	"context"
	"time"

	"inlay/internal/fault"
)

// keepSessions is how long a session's row is needed: an embed token may make a data token in its last minute.
const keepSessions = sessionLife + 2*embedLife + time.Hour

// Sweep forgets what ended: sessions, tokens and users whose time is over. Nothing depends on when it runs.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.now()
	for _, old := range []struct {
		model any
		where string
		than  time.Time
	}{
		{(*revokedRow)(nil), "expires_at < ?", now.Add(-skew)},
		{(*trustedTokenRow)(nil), "expires_at < ?", now},
		{(*trustedSessionRow)(nil), "expires_at < ?", now},
		{(*embedSessionRow)(nil), "created_at < ?", now.Add(-keepSessions)},
		{(*embedUserRow)(nil), "ends_at < ?", now},
	} {
		if _, err := s.db.NewDelete().Model(old.model).Where(old.where, old.than).Exec(ctx); err != nil {
			return fault.Wrap(fault.Unavailable, err, "What ended could not be forgotten")
		}
	}
	return nil
}
