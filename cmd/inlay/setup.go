package main

import (
	"github.com/spf13/cobra"

	"inlay/internal/server"
)

// announceSetup tells whoever starts a server without any organization how its first user comes in.
func announceSetup(c *cobra.Command, s *server.Server) error {
	token, err := s.Identity.SetupToken(c.Context())
	if err != nil || token == "" {
		return err
	}
	c.PrintErrf(`This server has no organization yet. Make one and its first admin with "inlay admin create", or register with the
set-up token, which works once and is replaced when the server starts again:

  curl -c cookies %[1]s/api/v1/user -H 'Content-Type: application/json' \
    -d '{"setupToken":"%[2]s","email":"you@example.com","firstName":"…","lastName":"…","password":"…"}'
  curl -b cookies -X PUT %[1]s/api/v1/org -H 'Content-Type: application/json' -d '{"name":"My organization"}'

`, s.Config.SiteURL, token)
	return nil
}
