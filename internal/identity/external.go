package identity

import (
	"context"
	"errors"
	"slices"

	"github.com/uptrace/bun"

	"inlay/internal/fault"
	"inlay/internal/store"
)

// External is an account at a login provider, with what the provider vouches for.
type External struct {
	Issuer, IssuerType, Subject string
	Email                       string
	Verified                    bool // the address is known to be this person's
	First, Last                 string
	Groups                      []string // nil: the provider doesn't say
}

// AllowSignOn counts logins at providers that a network address begins. Faults: TooMany.
func (s *Service) AllowSignOn(address string) error {
	if !s.asking.take("sign-on " + address) {
		return fault.New(fault.TooMany, "Too many logins were begun. Wait a while, then try again.")
	}
	return nil
}

// EnterExternal gives the user of an account at a login provider: the one it is linked to, or else the one with its
// e-mail address, which is linked now, or else a new one, where an invite or an organization takes the address. Nothing
// but the link itself counts unless the provider vouches for the address. Faults: Forbidden, NotFound and Gone for an
// invite, Invalid.
func (s *Service) EnterExternal(ctx context.Context, e External, inviteCode string) (User, error) {
	var u User
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := touch(ctx, tx, ""); err != nil { // one after the other, so that an account is made once
			return err
		}
		id, err := s.linked(ctx, tx, e)
		if err == nil && id == "" {
			id, err = s.linkNow(ctx, tx, e, inviteCode)
		}
		if err != nil {
			return err
		}
		if u, err = s.findUser(ctx, tx, "id", id); err != nil {
			return err
		}
		if !u.Active {
			return fault.Coded(fault.Forbidden, "DeactivatedAccount", "Your account has been deactivated")
		}
		return s.syncGroups(ctx, tx, u, e.Groups)
	})
	s.audit(ctx, u.principal(), "login."+e.IssuerType, canonical(e.Email), err != nil)
	return u, err
}

// linked gives the user that an account is linked to; "" for none.
func (s *Service) linked(ctx context.Context, tx bun.Tx, e External) (string, error) {
	row := identityRow{}
	err := tx.NewSelect().Model(&row).Where("issuer = ?", e.Issuer).Where("subject = ?", e.Subject).Scan(ctx)
	if store.NotFound(err) {
		return "", nil
	}
	return row.UserID, err
}

// linkNow links an account to the user with its address, who is made where there is none.
func (s *Service) linkNow(ctx context.Context, tx bun.Tx, e External, inviteCode string) (string, error) {
	if !isEmail(e.Email) || !e.Verified {
		return "", fault.New(fault.Forbidden, "Your login provider doesn't vouch for your e-mail address. Ask your administrator for an invite")
	}
	if inviteCode != "" {
		invite, err := s.findInvite(ctx, tx, inviteCode)
		if err != nil {
			return "", err
		}
		if invite.Email != canonical(e.Email) {
			return "", fault.New(fault.Forbidden, "This invite is for another e-mail address than %s", canonical(e.Email))
		}
	}
	u, err := s.findUser(ctx, tx, "email", canonical(e.Email))
	switch {
	case fault.Is(err, fault.NotFound):
		u.UUID, err = s.newcomer(ctx, tx, e)
	case err == nil && u.Pending:
		err = s.openPending(ctx, tx, u, e)
	case err == nil && !u.EmailVerified:
		err = s.handOver(ctx, tx, u)
	}
	if err != nil {
		return "", err
	}
	row := identityRow{Issuer: e.Issuer, Subject: e.Subject, IssuerType: e.IssuerType, UserID: u.UUID, Email: canonical(e.Email), CreatedAt: s.now()}
	_, err = tx.NewInsert().Model(&row).Exec(ctx)
	return u.UUID, err
}

// newcomer makes a user without a password, where the one organization that takes their e-mail domain is theirs; where
// there are several they choose later. Faults: Forbidden where there is none.
func (s *Service) newcomer(ctx context.Context, tx bun.Tx, e External) (string, error) {
	var takers []string
	err := tx.NewRaw("SELECT organization_id FROM email_domains WHERE domain = ?", domainOf(e.Email)).Scan(ctx, &takers)
	if err != nil && !store.NotFound(err) {
		return "", err
	}
	if len(takers) == 0 && !s.config.ManyOrganizations {
		return "", fault.New(fault.Forbidden, "There is no account for %s. Ask your administrator for an invite", canonical(e.Email))
	}
	n := NewUser{Email: e.Email, EmailVerified: true, First: e.First, Last: e.Last}
	if len(takers) != 1 {
		return s.insertUser(ctx, tx, n, nil)
	}
	d, err := s.domains(ctx, tx, takers[0])
	if err != nil {
		return "", err
	}
	n.Organization, n.Role = takers[0], d.Role
	id, err := s.insertUser(ctx, tx, n, nil)
	if err != nil {
		return "", err
	}
	return id, s.putDomainProjects(ctx, tx, d, id)
}

// openPending opens the account that an invite prepared, if the invite still holds. Faults: Forbidden.
func (s *Service) openPending(ctx context.Context, tx bun.Tx, u User, e External) error {
	spent, err := tx.NewDelete().Model((*inviteRow)(nil)).Where("user_id = ?", u.UUID).Where("expires_at > ?", s.now()).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := spent.RowsAffected(); err != nil || n == 0 {
		return firstError(err, fault.New(fault.Forbidden, "Your invite has expired. Ask your administrator for a new one"))
	}
	_, err = tx.NewUpdate().Table("users").Set("first_name = ?", e.First).Set("last_name = ?", e.Last).Set("pending = ?", false).
		Set("email_verified = ?", true).Set("updated_at = ?", s.now()).Where("id = ?", u.UUID).Exec(ctx)
	return errors.Join(err, touch(ctx, tx, u.Organization))
}

// handOver gives an account to whoever its address belongs to. Until now anybody may have claimed the address, so what
// they could come in with ends.
func (s *Service) handOver(ctx context.Context, tx bun.Tx, u User) error {
	_, err := tx.NewUpdate().Table("users").Set("password = NULL").Set("email_verified = ?", true).Set("updated_at = ?", s.now()).
		Where("id = ?", u.UUID).Exec(ctx)
	for _, model := range []any{(*sessionRow)(nil), (*tokenRow)(nil), (*resetRow)(nil), (*identityRow)(nil)} {
		if err == nil {
			_, err = tx.NewDelete().Model(model).Where("user_id = ?", u.UUID).Exec(ctx)
		}
	}
	return errors.Join(err, touch(ctx, tx, u.Organization))
}

// syncGroups makes somebody a member of just those groups of their organization that the provider names. Groups that
// aren't there aren't made.
func (s *Service) syncGroups(ctx context.Context, tx bun.Tx, u User, names []string) error {
	if names == nil || u.Organization == "" {
		return nil
	}
	if err := touch(ctx, tx, u.Organization); err != nil {
		return err
	}
	var groups []groupRow
	if err := tx.NewSelect().Model(&groups).Where("organization_id = ?", u.Organization).Scan(ctx); err != nil {
		return err
	}
	for _, g := range groups {
		var err error
		if slices.Contains(names, g.Name) {
			_, err = s.join(ctx, tx, u.Organization, g.ID, u.UUID)
		} else {
			_, err = tx.NewDelete().Model((*groupMemberRow)(nil)).Where("group_id = ?", g.ID).Where("user_id = ?", u.UUID).Exec(ctx)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
