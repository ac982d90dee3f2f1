package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/identity"
	"inlay/internal/secret"
	"inlay/internal/server"
)

// prepare opens a server, does something with it, and closes it without serving.
func prepare(ctx context.Context, config server.Config, do func(*server.Server) error) error {
	s, err := server.Open(ctx, config)
	if err != nil {
		return err
	}
	return errors.Join(do(s), s.Close(ctx))
}

func admin() *cobra.Command {
	command := &cobra.Command{Use: "admin", Short: "Administer from the command line"}
	command.AddCommand(createAdmin(), resetLink(), unsentMail())
	return command
}

func createAdmin() *cobra.Command {
	var s settings
	var email, organization string
	command := &cobra.Command{Use: "create", Short: "Make an organization's first admin, and print their password", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := s.load(c.Flags()); err != nil {
				return err
			}
			if !strings.Contains(email, "@") {
				return errors.New("--email must be an e-mail address")
			}
			return prepare(c.Context(), s.config, func(opened *server.Server) error {
				id, err := opened.Identity.MakeOrganization(c.Context(), identity.NewOrganization{Name: organization})
				if err != nil {
					return err
				}
				password := secret.Token(12) + "1a"
				_, err = opened.Identity.CreateUser(c.Context(), identity.NewUser{Organization: id, Role: access.Admin, Email: email,
					EmailVerified: true, Password: password, SetupComplete: true})
				if err == nil {
					c.Printf("%s may log in with the password %s\n", email, password)
				}
				return err
			})
		}}
	s.bindStore(command.Flags())
	command.Flags().StringVar(&email, "email", "", "the admin's e-mail address")
	command.Flags().StringVar(&organization, "organization", "My organization", "the organization's name")
	return command
}

func resetLink() *cobra.Command {
	var s settings
	var email string
	command := &cobra.Command{Use: "reset-link", Short: "Print a link with which somebody sets a new password", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := s.load(c.Flags()); err != nil {
				return err
			}
			return prepare(c.Context(), s.config, func(opened *server.Server) error {
				link, err := opened.Identity.ResetLink(c.Context(), email)
				if err == nil {
					c.Println(link)
				}
				return err
			})
		}}
	s.bindStore(command.Flags())
	command.Flags().StringVar(&s.config.SiteURL, "site-url", s.config.SiteURL, "the address that people open")
	command.Flags().StringVar(&email, "email", "", "the e-mail address of the account")
	return command
}

func unsentMail() *cobra.Command {
	var s settings
	command := &cobra.Command{Use: "mail", Short: "Print mails that no mail server is there to send", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := s.load(c.Flags()); err != nil {
				return err
			}
			return prepare(c.Context(), s.config, func(opened *server.Server) error {
				kept, err := opened.Mail.Kept(c.Context())
				for _, letter := range kept {
					c.Printf("To: %s\nSubject: %s\nUntil: %s\n\n%s\n", letter.To, letter.Subject, letter.Expires.Format(time.RFC3339), letter.Text)
				}
				return err
			})
		}}
	s.bindStore(command.Flags())
	return command
}

func openapi() *cobra.Command {
	return &cobra.Command{Use: "openapi", Short: "Print the OpenAPI document", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			folder, err := os.MkdirTemp("", "inlay-openapi")
			if err != nil {
				return err
			}
			defer func() { _ = os.RemoveAll(folder) }() // the system clears its temporary folder
			config := server.Defaults()
			config.Metadata, config.Secret, config.Version = filepath.Join(folder, "inlay.db"), secret.Token(32), version
			return prepare(c.Context(), config, func(s *server.Server) error {
				encoder := json.NewEncoder(c.OutOrStdout())
				encoder.SetIndent("", " ")
				return encoder.Encode(api.Document("Inlay", version, s.Operations()...))
			})
		}}
}
