package main

import (
	"strings"

	"github.com/spf13/cobra"

	"inlay/internal/server"
)

// announceSetup tells whoever starts a server without any organization how its first user comes in.
func announceSetup(c *cobra.Command, s *server.Server) error {
	token, err := s.Identity.SetupToken(c.Context())
	if err != nil || token == "" {
		return err
	}
	c.PrintErrf("This server has no organization yet. Make one and its first admin with \"inlay admin create\", or open\n\n"+
		"  %s/setup#token=%s\n\nThe link works once, and is replaced when the server starts again.\n\n", strings.TrimSuffix(s.Config.SiteURL, "/"), token)
	return nil
}
