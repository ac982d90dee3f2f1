package identity

import (
	"context"

	"inlay/internal/access"
	"inlay/internal/fault"
)

// Login checks an e-mail address (or username) and password. What it says and how long it takes don't tell whether
// the account exists. Address is the caller's, for the rate limit. Faults: Unauthenticated, Forbidden, TooMany.
func (s *Service) Login(ctx context.Context, name, password, address string) (User, error) {
	if s.config.NoPasswords {
		return User{}, fault.New(fault.Forbidden, "Password authentication is disabled")
	}
	account := canonical(name)
	key := account + "\x00" + address
	if !s.failures.allows(key) || !s.guesses.allows(account) || address != "" && !s.sprays.allows(address) {
		s.audit(ctx, access.Principal{}, "login", account, true)
		return User{}, fault.New(fault.TooMany, "Too many failed logins. Wait a while, then try again.")
	}
	u, stored, err := s.withPassword(ctx, name)
	if err != nil {
		return User{}, err
	}
	ok, err := s.matches(ctx, password, stored)
	if err != nil {
		return User{}, err
	}
	if !ok || u.Pending {
		s.failures.failed(key)
		s.guesses.failed(account)
		s.sprays.failed(address)
		s.audit(ctx, access.Principal{Organization: u.Organization}, "login", account, true)
		return User{}, fault.New(fault.Unauthenticated, "Email and password not recognized")
	}
	if !u.Active {
		return User{}, fault.Coded(fault.Forbidden, "DeactivatedAccount", "Your account has been deactivated")
	}
	s.failures.forget(key)
	s.guesses.forget(account)
	s.audit(ctx, u.principal(), "login", account, false)
	return u, nil
}

// withPassword gives a user with their stored password, or neither.
func (s *Service) withPassword(ctx context.Context, name string) (User, string, error) {
	u, err := s.FindLogin(ctx, name)
	if fault.Is(err, fault.NotFound) {
		return User{}, "", nil
	}
	if err != nil {
		return User{}, "", err
	}
	stored, err := s.storedPassword(ctx, u.UUID)
	return u, stored, err
}

func (s *Service) storedPassword(ctx context.Context, user string) (string, error) {
	var stored *string
	err := s.db.NewRaw("SELECT password FROM users WHERE id = ?", user).Scan(ctx, &stored)
	return deref(stored), err
}

// LoginOptions lists the ways in that somebody should be shown; it is the same for every address, so that it tells
// nothing about accounts.
func (s *Service) LoginOptions() []string {
	options := []string{}
	if !s.config.NoPasswords {
		options = append(options, "email")
	}
	return append(options, s.config.SignOn...)
}
