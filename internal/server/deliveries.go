package server

import (
	"context"
	"errors"
	"strings"
	"unicode"

	"inlay/internal/delivery"
	"inlay/internal/fault"
	"inlay/internal/identity"
	"inlay/internal/mail"
)

// deliveryPeople answers delivery.People.
type deliveryPeople struct{ *identity.Service }

func (p deliveryPeople) Holder(ctx context.Context, organization, email string) (string, bool, error) {
	u, err := p.UserByEmail(ctx, email)
	if fault.Is(err, fault.NotFound) {
		return "", false, nil
	}
	return u.UUID, err == nil && u.Organization == organization, err
}

// deliveryMail is the delivery.Channel that writes e-mails.
type deliveryMail struct{ box *mail.Outbox }

func (d deliveryMail) Send(ctx context.Context, m delivery.Message) (err error) {
	files := make([]mail.File, len(m.Files))
	for i, f := range m.Files {
		file, err := f.Open(ctx)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		files[i] = mail.File{Name: f.Name, ContentType: f.ContentType, Content: file}
	}
	text := strings.TrimSpace(m.Text + "\n\n" + m.Link)
	return d.box.HandOver(ctx, mail.Letter{To: m.To, Subject: oneLine(m.Title), Text: text + "\n"}, files...)
}

// oneLine makes a heading of a name: what would break the line is a blank.
func oneLine(name string) string {
	return strings.Join(strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

// deliveryChannel is nil without a server to send through.
func deliveryChannel(box *mail.Outbox) delivery.Channel {
	if !box.Sends() {
		return nil
	}
	return deliveryMail{box}
}
