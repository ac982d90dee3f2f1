package native

import (
	"context"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/identity"
)

// MailRows are our own operations on mails that wait: without a mail server, invites and resets are handed over by hand.
func MailRows(s *identity.Service) []api.Operation {
	return []api.Operation{
		{ID: "listUnsentMail", Method: "GET", Path: "/api/v1/inlay/mail/unsent", Auth: api.SessionOrKey, Tag: "Operation",
			Endpoint: api.Handle(func(ctx context.Context, who access.Principal, _ none) ([]unsentMailWire, error) {
				unsent, err := s.UnsentMail(ctx, who)
				wire := make([]unsentMailWire, len(unsent))
				for i, u := range unsent {
					wire[i] = unsentMailWire{u.To, u.Subject, u.Text, u.Attempts, u.Error, moment(u.Created), moment(u.Expires)}
				}
				return wire, err
			})},
	}
}

// unsentMailWire is a mail that hasn't been sent; its text is left out where a mail server will still send it.
type unsentMailWire struct {
	To        string `json:"to"`
	Subject   string `json:"subject"`
	Text      string `json:"text,omitempty"`
	Attempts  int64  `json:"attempts"`
	Error     string `json:"error,omitempty"`
	CreatedAt moment `json:"createdAt"`
	ExpiresAt moment `json:"expiresAt"`
}
