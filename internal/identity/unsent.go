package identity

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
)

// Unsent is a mail that hasn't been sent. Where there is no mail server its text is given, to be handed over.
type Unsent struct {
	To, Subject, Text string
	Attempts          int64
	Error             string // what the mail server said the last time
	Created, Expires  time.Time
}

// UnsentMail lists mails to members of the principal's organization that haven't been sent, newest first. Only whoever
// administers the organization in person sees them: their links open accounts. Faults: Forbidden.
func (s *Service) UnsentMail(ctx context.Context, who access.Principal) ([]Unsent, error) {
	thing := access.Thing{Subject: access.MemberProfile, Organization: who.Organization}
	if err := s.require(ctx, who, access.Manage, thing); err != nil {
		return nil, err
	}
	if err := s.mayGive(ctx, who, access.Admin.Gives(""), "unsent mail"); err != nil {
		return nil, err // some link may open an admin's account
	}
	if s.config.Mail == nil {
		return nil, nil
	}
	all, err := s.config.Mail.Unsent(ctx)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	recipients := make([]string, len(all))
	for i, letter := range all {
		recipients[i] = letter.To
	}
	var members []string
	err = s.db.NewSelect().Table("users").Column("email").Where("organization_id = ?", who.Organization).
		Where("email IN (?)", bun.List(recipients)).Scan(ctx, &members)
	if err != nil {
		return nil, err
	}
	s.audit(ctx, who, "mail.read", who.Organization, false)
	return slices.DeleteFunc(all, func(l Unsent) bool { return !slices.Contains(members, l.To) }), nil
}
