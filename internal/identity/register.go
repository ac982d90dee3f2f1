package identity

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
)

// Registration is what somebody registers with: an invite code, or an e-mail address of their own. The very first user
// needs the set-up token.
type Registration struct{ InviteCode, Email, First, Last, Password, SetupToken string }

// Register makes an account, or opens the one that an invite prepared. Faults: Invalid, NotFound, Gone, Forbidden.
func (s *Service) Register(ctx context.Context, r Registration) (User, error) {
	if err := strong(r.Password); err != nil {
		return User{}, err
	}
	hashed, err := s.hash(ctx, r.Password)
	if err != nil {
		return User{}, err
	}
	var made User
	var passcode string
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		id, err := s.enrol(ctx, tx, r, hashed)
		if err != nil {
			return err
		}
		if passcode, err = s.putPasscode(ctx, tx, id); err != nil {
			return err
		}
		made, err = s.findUser(ctx, tx, "id", id)
		return err
	})
	if err != nil {
		return User{}, err
	}
	s.audit(ctx, made.principal(), "register", made.Email, false)
	return made, s.mailPasscode(ctx, made.Email, passcode)
}

func (s *Service) enrol(ctx context.Context, tx bun.Tx, r Registration, hashed string) (string, error) {
	if r.InviteCode != "" {
		return s.activate(ctx, tx, r, hashed)
	}
	if !isEmail(r.Email) {
		return "", fault.New(fault.Invalid, "%q is not an e-mail address", r.Email)
	}
	if err := touch(ctx, tx, ""); err != nil { // two first users at once: one waits here, then is refused
		return "", err
	}
	if err := s.mayRegister(ctx, tx, r); err != nil {
		return "", err
	}
	id, err := s.insertUser(ctx, tx, NewUser{Email: r.Email, First: r.First, Last: r.Last}, &hashed)
	if fault.Is(err, fault.Conflict) {
		return "", fault.New(fault.Invalid, "Email already in use")
	}
	return id, err
}

// mayRegister refuses somebody uninvited, unless they are the very first and set the server up, or everybody may
// register, or an organization takes people of their e-mail domain. Faults: Forbidden.
func (s *Service) mayRegister(ctx context.Context, tx bun.IDB, r Registration) error {
	if s.config.ManyOrganizations {
		return nil
	}
	var first, taken bool
	err := tx.NewRaw(`SELECT NOT EXISTS (SELECT 1 FROM users) OR NOT EXISTS (SELECT 1 FROM organizations),
		EXISTS (SELECT 1 FROM email_domains WHERE domain = ?)`, domainOf(r.Email)).Scan(ctx, &first, &taken)
	switch {
	case err != nil:
		return err
	case taken, first && s.config.OpenRegistration:
		return nil
	case first:
		return spendSetup(ctx, tx, r.SetupToken)
	}
	return fault.New(fault.Forbidden, "You can't register a new user with email %s on this instance. "+
		"Please contact your organization administrator and ask for an invite", r.Email)
}

func domainOf(email string) string {
	_, domain, _ := strings.Cut(canonical(email), "@")
	return domain
}

// activate opens the account that an invite prepared. The invite is spent by it.
func (s *Service) activate(ctx context.Context, tx bun.Tx, r Registration, hashed string) (string, error) {
	invite, err := s.findInvite(ctx, tx, r.InviteCode)
	if err != nil {
		return "", err
	}
	if err := touch(ctx, tx, "", invite.Organization); err != nil {
		return "", err
	}
	result, err := tx.NewUpdate().Table("users").Set("first_name = ?", strings.TrimSpace(r.First)).
		Set("last_name = ?", strings.TrimSpace(r.Last)).Set("password = ?", hashed).Set("pending = ?", false).
		Set("updated_at = ?", s.now()).Where("id = ?", invite.User).Where("pending").Exec(ctx)
	if err != nil {
		return "", err
	}
	if changed, err := result.RowsAffected(); err != nil || changed == 0 {
		return "", fault.New(fault.Forbidden, "This account is already set up. Log in instead.")
	}
	_, err = tx.NewDelete().Model((*inviteRow)(nil)).Where("user_id = ?", invite.User).Exec(ctx)
	return invite.User, err
}

// CreateOrganization founds an organization with the principal as its admin. Faults: Forbidden.
func (s *Service) CreateOrganization(ctx context.Context, who access.Principal, name string) error {
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := touch(ctx, tx, ""); err != nil {
			return err
		}
		u, err := s.findUser(ctx, tx, "id", who.User)
		if err != nil {
			return err
		}
		exists, err := tx.NewSelect().Model((*organizationRow)(nil)).Exists(ctx)
		if err != nil {
			return err
		}
		if u.Organization != "" || exists && !s.config.ManyOrganizations {
			return fault.New(fault.Forbidden,
				"Cannot register user in a new organization. Ask an existing admin for an invite link.")
		}
		id, err := s.insertOrganization(ctx, tx, NewOrganization{Name: name})
		if err != nil {
			return err
		}
		_, err = tx.NewUpdate().Table("users").Set("organization_id = ?", id).Set("role = ?", access.Admin).
			Where("id = ?", who.User).Exec(ctx)
		return err
	})
	s.audit(ctx, who, "organization.create", name, err != nil)
	return err
}
