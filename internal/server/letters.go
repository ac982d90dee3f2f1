package server

import (
	"context"
	"time"

	"inlay/internal/identity"
	"inlay/internal/mail"
)

// letters answers identity.Mail: what mails to people say, and for how long they are of use.
type letters struct {
	box *mail.Outbox
	now func() time.Time
}

func (l letters) post(ctx context.Context, purpose, to string, life time.Duration, subject, text string) error {
	return l.box.Post(ctx, mail.Letter{To: to, Purpose: purpose, Subject: subject, Text: text, Expires: l.now().Add(life)})
}

func (l letters) Passcode(ctx context.Context, email, passcode string) error {
	return l.post(ctx, "passcode", email, 15*time.Minute, "Your passcode", "Your passcode is "+passcode+
		". It works for 15 minutes.\n\nIf you didn't ask for it, somebody may have mistyped their address: there is nothing to do.\n")
}

func (l letters) Invite(ctx context.Context, email, link string) error {
	return l.post(ctx, "invite", email, 7*24*time.Hour, "You are invited", "You are invited to look at dashboards. Open your account here:\n\n"+
		link+"\n\nThe link works once, and for you alone.\n")
}

func (l letters) PasswordReset(ctx context.Context, email, link string) error {
	return l.post(ctx, "reset", email, 24*time.Hour, "Set a new password", "Set a new password here:\n\n"+link+
		"\n\nThe link works once, for 24 hours. If you didn't ask for it, your password stays as it is: there is nothing to do.\n")
}

func (l letters) Unsent(ctx context.Context) ([]identity.Unsent, error) {
	kept, err := l.box.Kept(ctx)
	unsent := make([]identity.Unsent, len(kept))
	for i, k := range kept {
		unsent[i] = identity.Unsent{To: k.To, Subject: k.Subject, Text: k.Text, Attempts: k.Attempts, Error: k.Error,
			Created: k.Created, Expires: k.Expires}
	}
	return unsent, err
}
