package identity

import (
	"context"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/secret"
)

// Invite lets somebody open an account that was prepared for them.
type Invite struct {
	Code         string // known to the recipient only; we keep its hash
	Link         string
	Organization string
	User         string
	Email        string
	Expires      time.Time
}

// Invite prepares an account in the principal's organization and mails the link that opens it. Faults: Forbidden,
// Invalid.
func (s *Service) Invite(ctx context.Context, who access.Principal, email string, role access.Role, expires time.Time) (Invite, error) {
	thing := access.Thing{Subject: access.InviteLink, Organization: who.Organization}
	if err := s.require(ctx, who, access.Create, thing); err != nil {
		return Invite{}, err
	}
	if !isEmail(email) {
		return Invite{}, fault.New(fault.Invalid, "%q is not an e-mail address", email)
	}
	thing.Subject = access.MemberProfile
	if !role.AtLeast(access.Member) || !access.Can(who, access.Manage, thing) || !access.MayGive(who, role.Gives("")) {
		role = access.Member
	}
	invite := Invite{Code: secret.Token(24), Organization: who.Organization, Email: canonical(email), Expires: expires.UTC()}
	invite.Link = s.link("/invite/" + invite.Code)
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		if err := touch(ctx, tx, "", who.Organization); err != nil {
			return err
		}
		if invite.User, err = s.invited(ctx, tx, who, invite.Email, role); err != nil {
			return err
		}
		if _, err := tx.NewDelete().Model((*inviteRow)(nil)).Where("user_id = ?", invite.User).Exec(ctx); err != nil {
			return err
		}
		_, err = tx.NewInsert().Model(&inviteRow{Hash: secret.Hash(invite.Code), OrganizationID: who.Organization,
			UserID: invite.User, ExpiresAt: invite.Expires, CreatedAt: s.now()}).Exec(ctx)
		return err
	})
	if err != nil {
		return Invite{}, err
	}
	s.audit(ctx, who, "invite", invite.Email, false)
	if s.config.Mail != nil {
		return invite, s.config.Mail.Invite(ctx, invite.Email, invite.Link)
	}
	return invite, nil
}

// invited gives the user to invite: a new pending one, one that is pending already, or somebody without organization,
// who is taken in with the password they have.
func (s *Service) invited(ctx context.Context, tx bun.Tx, who access.Principal, email string, role access.Role) (string, error) {
	u, err := s.findUser(ctx, tx, "email", email)
	switch {
	case fault.Is(err, fault.NotFound):
		return s.insertUser(ctx, tx, NewUser{Organization: who.Organization, Role: role, Email: email, Pending: true}, nil)
	case err != nil:
		return "", err
	case u.Organization == who.Organization && !u.Pending:
		return "", fault.New(fault.Invalid, "Email is already used by a user in your organization")
	case u.Organization != "" && u.Organization != who.Organization:
		return "", fault.New(fault.Invalid, "Email is already used by a user in another organization")
	}
	_, err = tx.NewUpdate().Table("users").Set("organization_id = ?", who.Organization).Set("role = ?", role).
		Where("id = ?", u.UUID).Exec(ctx)
	return u.UUID, err
}

// FindInvite gives an invite by its code. Faults: NotFound, Gone.
func (s *Service) FindInvite(ctx context.Context, code string) (Invite, error) {
	return s.findInvite(ctx, s.db, code)
}

func (s *Service) findInvite(ctx context.Context, db bun.IDB, code string) (Invite, error) {
	var row struct {
		inviteRow `bun:",extend"`
		Email     string
	}
	err := db.NewRaw(`SELECT i.*, u.email FROM invites i JOIN users u ON u.id = i.user_id WHERE i.hash = ?`,
		secret.Hash(code)).Scan(ctx, &row)
	if err != nil {
		return Invite{}, missing(err, "NotExists", "No invite link found")
	}
	if !s.now().Before(row.ExpiresAt) {
		return Invite{}, fault.New(fault.Gone, "The invite link has expired. Ask for a new one.")
	}
	return Invite{code, s.link("/invite/" + code), row.OrganizationID, row.UserID, row.Email, row.ExpiresAt}, nil
}

// RevokeInvites takes all invites of the principal's organization back. Faults: Forbidden.
func (s *Service) RevokeInvites(ctx context.Context, who access.Principal) error {
	thing := access.Thing{Subject: access.InviteLink, Organization: who.Organization}
	if err := s.require(ctx, who, access.Delete, thing); err != nil {
		return err
	}
	_, err := s.db.NewDelete().Model((*inviteRow)(nil)).Where("organization_id = ?", who.Organization).Exec(ctx)
	return err
}

// link is an address of our pages. It is made from the configured site, never from what a request claims.
func (s *Service) link(path string) string { return strings.TrimSuffix(s.config.SiteURL, "/") + path }
