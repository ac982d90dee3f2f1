package oversight

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
)

// Level says what is revoked.
type Level string

// Levels, from the narrowest to the widest.
const (
	Token   Level = "token"   // one token of any API, by its text, or a personal one by its id
	Session Level = "session" // one session, by its id
	User    Level = "user"    // every session and token of a user
	Tenant  Level = "tenant"  // every session and token of a tenant; it may ask for new ones
	Key     Level = "key"     // a key and everything that it issued
)

// How replicas learn of revocations: each looks twice a second for those of the last moments. Clocks may differ by less
// than the moments.
const (
	followEvery  = 400 * time.Millisecond
	followWithin = 30 * time.Second
)

type revocationRow struct {
	bun.BaseModel  `bun:"table:revocations"`
	ID             string `bun:",pk"`
	At             time.Time
	OrganizationID string
	Level          Level
	Target         string
}

// Revoke ends a credential or all of somebody's. The next request is refused on this replica at once and on the others
// within a second, and so do queries stop that are running for it. Faults: Forbidden, NotFound.
func (s *Service) Revoke(ctx context.Context, who access.Principal, level Level, target string) error {
	if err := administers(who); err != nil {
		return err
	}
	id, err := s.end(ctx, who, level, target)
	if err != nil || level == Key { // whoever ends a key announces all that hang on it
		return err
	}
	return s.announce(ctx, who.Organization, level, id)
}

// Ended is told by whoever keeps them that a key, a tenant or a user ended some other way.
func (s *Service) Ended(ctx context.Context, organization, level, id string) {
	if err := s.announce(ctx, organization, Level(level), id); err != nil {
		s.Log.ErrorContext(ctx, "queries may run on for what ended", "level", level, "id", id, "error", err)
	}
}

// announce stops what runs for whatever ended, here and on every other replica.
func (s *Service) announce(ctx context.Context, organization string, level Level, id string) error {
	made, err := uuid.NewV7()
	if err != nil {
		return err
	}
	row := revocationRow{ID: made.String(), At: s.Now().UTC().Truncate(time.Microsecond), OrganizationID: organization, Level: level, Target: id}
	s.follow(row)
	if _, err := s.Store.NewInsert().Model(&row).Exec(ctx); err != nil {
		return fault.Wrap(fault.Unavailable, err, "The credential is revoked, but queries may run on that other servers began for it")
	}
	return nil
}

// end revokes where the credential is kept. It gives the id by which principals name it.
func (s *Service) end(ctx context.Context, who access.Principal, level Level, target string) (string, error) {
	switch level {
	case Token:
		id, err := s.People.RevokeToken(ctx, who, target)
		if fault.Is(err, fault.NotFound) {
			return s.Tenants.RevokeCredential(ctx, who, target)
		}
		return id, err
	case Session:
		err := s.People.RevokeSession(ctx, who, target)
		if fault.Is(err, fault.NotFound) {
			return s.Tenants.RevokeCredential(ctx, who, target)
		}
		return target, err
	case User:
		return target, s.endUser(ctx, who, target)
	case Tenant:
		return target, s.Tenants.EndTokens(ctx, who, target)
	case Key:
		_, err := s.Tenants.RevokeKey(ctx, who, target)
		return target, err
	}
	return "", fault.New(fault.Invalid, "level: %q is none of token, session, user, tenant and key", level)
}

// endUser ends what a user has on any API: an account of ours, or somebody who exists in a customer's product alone.
func (s *Service) endUser(ctx context.Context, who access.Principal, user string) error {
	account := s.People.RevokeUser(ctx, who, user)
	if account != nil && !fault.Is(account, fault.NotFound) {
		return account
	}
	embedded := s.Tenants.EndUserSessions(ctx, who, user)
	if fault.Is(embedded, fault.NotFound) {
		return account // an account without embed sessions, or nobody at all
	}
	return embedded
}

// follow stops what is running here for a revoked credential, once.
func (s *Service) follow(r revocationRow) {
	s.mu.Lock()
	known := s.seen[r.ID]
	s.seen[r.ID] = true
	s.mu.Unlock()
	if known {
		return
	}
	s.Tenants.Forget(string(r.Level), r.Target)
	stopped := s.Door.Stop(revoked(), r.concerns)
	s.pages.tell(r.concerns)
	s.Log.Info("a credential was revoked", "organization", r.OrganizationID, "level", r.Level, "queriesStopped", stopped)
}

func (r revocationRow) concerns(who access.Principal) bool {
	if who.Organization != r.OrganizationID || r.Target == "" {
		return false
	}
	switch r.Level {
	case Token, Session:
		return who.Credential == r.Target
	case User:
		return who.User == r.Target
	case Tenant:
		return who.Tenant == r.Target
	case Key:
		return who.IssuedBy == r.Target
	}
	return false
}

func revoked() *fault.Fault {
	return fault.Coded(fault.Unauthenticated, "TokenRevoked", "The credential was revoked while its query ran")
}

// Follow stops, until ctx ends, what is running here for credentials that any replica revoked, and for members whose
// rights changed.
func (s *Service) Follow(ctx context.Context) {
	turn := time.NewTicker(followEvery)
	defer turn.Stop()
	for {
		select {
		case <-turn.C:
		case <-ctx.Done():
			return
		}
		if err := s.catchUp(ctx); err != nil && ctx.Err() == nil {
			s.Log.ErrorContext(ctx, "revocations can't be read", "error", err)
		}
		s.recheck(ctx)
	}
}

func (s *Service) catchUp(ctx context.Context) error {
	var rows []revocationRow
	err := s.Store.NewSelect().Model(&rows).Where("at > ?", s.Now().UTC().Add(-followWithin)).Scan(ctx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		s.follow(row)
	}
	if len(rows) == 0 {
		s.mu.Lock()
		clear(s.seen)
		s.mu.Unlock()
	}
	return nil
}

// Sweep forgets revocations that every replica has seen.
func (s *Service) Sweep(ctx context.Context) error {
	_, err := s.Store.NewDelete().Model((*revocationRow)(nil)).Where("at < ?", s.Now().UTC().Add(-time.Hour)).Exec(ctx)
	return err
}
