package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/mail"
	"time"

	smtp "github.com/wneessen/go-mail"
)

// Config names the SMTP server. User and Password may be empty for a server that asks for none.
type Config struct {
	Host           string
	Port           int    // 587, or 465 for "tls", unless set
	TLS            string // "starttls" (unless set), "tls", or "none" for a server in the same trusted network
	User, Password string
	From           string         // "name <address>" or an address
	Roots          *x509.CertPool // the system's unless set
}

type smtpServer struct {
	client *smtp.Client
	from   string
}

func newSMTP(c Config) (*smtpServer, error) {
	if _, err := mail.ParseAddress(c.From); err != nil || hasControls(c.From) {
		return nil, fmt.Errorf("the sender of mails %q isn't an e-mail address", c.From)
	}
	options := []smtp.Option{smtp.WithTimeout(30 * time.Second),
		smtp.WithTLSConfig(&tls.Config{ServerName: c.Host, RootCAs: c.Roots, MinVersion: tls.VersionTLS12})}
	switch c.TLS {
	case "", "starttls":
		options = append(options, smtp.WithTLSPortPolicy(smtp.TLSMandatory))
	case "tls":
		options = append(options, smtp.WithSSLPort(false))
	case "none":
		options = append(options, smtp.WithTLSPortPolicy(smtp.NoTLS))
	default:
		return nil, fmt.Errorf(`the TLS mode of mails is "starttls", "tls" or "none", not %q`, c.TLS)
	}
	if c.Port != 0 {
		options = append(options, smtp.WithPort(c.Port))
	}
	if c.User != "" {
		options = append(options, smtp.WithSMTPAuth(smtp.SMTPAuthAutoDiscover), smtp.WithUsername(c.User), smtp.WithPassword(c.Password))
	}
	client, err := smtp.NewClient(c.Host, options...)
	return &smtpServer{client, c.From}, err
}

// send hands one letter to the server. The error is errPermanent where trying again can't help.
func (s *smtpServer) send(ctx context.Context, l Letter, files ...File) error {
	message := smtp.NewMsg()
	if err := errors.Join(message.From(s.from), message.To(l.To)); err != nil {
		return errors.Join(errPermanent, err)
	}
	message.Subject(l.Subject)
	message.SetBodyString(smtp.TypeTextPlain, l.Text)
	for _, f := range files {
		message.AttachReadSeeker(f.Name, f.Content, smtp.WithFileContentType(smtp.ContentType(f.ContentType)))
	}
	err := s.client.DialAndSendWithContext(ctx, message)
	if refused, ok := errors.AsType[*smtp.SendError](err); ok && refused.ErrorCode() >= 500 {
		return errors.Join(errPermanent, err)
	}
	return err
}
