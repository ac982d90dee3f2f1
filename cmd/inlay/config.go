package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"inlay/internal/server"
	"inlay/internal/signon"
)

// settings binds a server's configuration to flags; each is also an environment variable INLAY_NAME.
type settings struct {
	config     server.Config
	secretFile string
	oidc       map[string]*signon.OIDCProvider // by name
}

func (s *settings) bind(flags *pflag.FlagSet) {
	s.config = server.Defaults()
	s.config.Version = version
	c := &s.config
	flags.StringVar(&c.Listen, "listen", c.Listen, "address to listen on")
	flags.StringVar(&c.SiteURL, "site-url", c.SiteURL, "the address that people open")
	flags.StringVar(&c.Data, "data", c.Data, "folder for files that the server writes")
	flags.StringSliceVar(&c.FrameAncestors, "frame-ancestors", nil, "origins that may frame the embed pages")
	flags.StringSliceVar(&c.Origins, "origins", nil, "origins that may call with credentials and be redirected to")
	flags.BoolVar(&c.SecureCookies, "secure-cookies", false, "send cookies over HTTPS only")
	flags.BoolVar(&c.EmbedCookies, "embed-cookies", false, "cookies that work in other sites' frames; needs HTTPS")
	flags.BoolVar(&c.TrustProxy, "trust-proxy", false, "take the client's address from X-Forwarded-For")
	flags.StringSliceVar(&c.ModelFolders, "model-folders", nil, "folders under which projects may name models")
	flags.StringVar(&c.WarehouseFolder, "warehouse-folder", "", "folder that DuckDB files must lie in; the data folder unless set")
	flags.StringSliceVar(&c.WarehouseHosts, "warehouse-hosts", nil, "hosts, *.domains, addresses and networks (with :port or without) that warehouse connections may reach; unless set all but link-local ones, and with --many-organizations those of the internet")
	flags.IntVar(&c.MaxLimit, "max-limit", c.MaxLimit, "rows that a query may ask for")
	flags.IntVar(&c.CellsLimit, "csv-cells-limit", c.CellsLimit, "cells of a CSV export")
	flags.Int64Var(&c.CacheBytes, "cache-bytes", c.CacheBytes, "memory for cached results")
	flags.DurationVar(&c.CacheAge, "cache-age", c.CacheAge, "how long a result may be served from the cache")
	flags.DurationVar(&c.QueryTimeout, "query-timeout", c.QueryTimeout, "how long a query may run")
	flags.IntVar(&c.Concurrency, "concurrency", c.Concurrency, "queries at once on one connection")
	flags.StringVar(&c.DuckDBMemory, "duckdb-memory", c.DuckDBMemory, "memory of one DuckDB connection, for queries and for what it keeps of its file")
	flags.IntVar(&c.Quota.Requests, "tenant-requests", 0, "requests for rows that a tenant may make in a minute; 0 is any number")
	flags.IntVar(&c.Quota.Concurrent, "tenant-queries", 0, "queries of one tenant at a time; 0 is any number")
	flags.Int64Var(&c.Quota.Rows, "tenant-rows", 0, "rows that a tenant may get in a day; 0 is any number")
	flags.Int64Var(&c.Quota.Bytes, "tenant-bytes", 0, "bytes that a tenant may get in a day; 0 is any number")
	flags.StringVar(&c.Zone, "timezone", c.Zone, "IANA time zone of the calendar")
	flags.StringVar(&c.Flags, "flag-file", "", "file that names enabled feature flags; without one all are on")
	flags.BoolVar(&c.Watch, "watch", false, "reload models when their files change")
	flags.BoolVar(&c.ManyOrganizations, "many-organizations", false, "let anybody register and found an organization")
	flags.BoolVar(&c.DashboardExports, "dashboard-exports", c.DashboardExports, "let people fetch a dashboard as an archive of CSV files")
	flags.BoolVar(&c.OpenRegistration, "open-registration", false, "let the first user register without the set-up token")
	flags.StringVar(&c.SMTP.Host, "smtp-host", "", "mail server; without one, invites and resets are shown to administrators")
	flags.IntVar(&c.SMTP.Port, "smtp-port", 0, "port of the mail server; 587, or 465 with --smtp-tls tls")
	flags.StringVar(&c.SMTP.TLS, "smtp-tls", "starttls", "starttls, tls or none")
	flags.StringVar(&c.SMTP.User, "smtp-user", "", "user at the mail server")
	flags.StringVar(&c.SMTP.Password, "smtp-password", "", "password at the mail server; better as INLAY_SMTP_PASSWORD")
	flags.StringVar(&c.SMTP.From, "mail-from", "", `sender of mails, such as "Acme Analytics <analytics@acme.example>"`)
	s.bindSignOn(flags)
	s.bindStore(flags)
}

// bindSignOn binds the login providers: for each an issuer, a client and its secret.
func (s *settings) bindSignOn(flags *pflag.FlagSet) {
	c := &s.config
	flags.BoolVar(&c.NoPasswords, "no-passwords", false, "people log in by single sign-on only")
	flags.StringVar(&c.SignOn.Groups, "sign-on-groups", "", "claim or attribute that names somebody's groups; their memberships follow it")
	flags.StringVar(&c.SignOn.SAML.Metadata, "saml-metadata", "", "address or file of the SAML provider's metadata")
	flags.StringSliceVar(&c.SignOn.SAML.Domains, "saml-domains", nil, "e-mail domains that the SAML provider answers for")
	s.oidc = map[string]*signon.OIDCProvider{}
	for _, name := range []string{signon.Google, signon.Okta, signon.AzureAD, signon.OneLogin, signon.OIDC} {
		p, flag := &signon.OIDCProvider{}, strings.ToLower(name)
		s.oidc[name] = p
		flags.StringVar(&p.Issuer, flag+"-issuer", "", "address of the login provider "+name)
		flags.StringVar(&p.ClientID, flag+"-client-id", "", "client that is registered at "+name)
		flags.StringVar(&p.ClientSecret, flag+"-client-secret", "", "its secret; better in the environment")
		flags.StringSliceVar(&p.Domains, flag+"-domains", nil, "e-mail domains that "+name+" answers for, whether it says that it checked or not")
	}
}

// bindStore binds only what opens the metadata.
func (s *settings) bindStore(flags *pflag.FlagSet) {
	if s.config.Log == nil {
		s.config = server.Defaults()
	}
	flags.StringVar(&s.config.Metadata, "metadata", s.config.Metadata, "postgres:// address, or path of a SQLite file, for the server's own data")
	flags.StringVar(&s.secretFile, "secret-file", "", "file with the server's secret of at least 32 characters (or INLAY_SECRET)")
}

// absolute makes the folders of the configuration independent of where the server was started: paths are stored.
func absolute(c *server.Config) error {
	for _, path := range []*string{&c.Data, &c.WarehouseFolder} {
		if *path == "" {
			continue
		}
		full, err := filepath.Abs(*path)
		if err != nil {
			return err
		}
		*path = full
	}
	return nil
}

// load takes what wasn't given as a flag from the environment, and the secret from its file.
func (s *settings) load(flags *pflag.FlagSet) error {
	if err := fromEnvironment(flags); err != nil {
		return err
	}
	if err := absolute(&s.config); err != nil {
		return err
	}
	s.config.SignOn.Providers = map[string]signon.OIDCProvider{}
	for name, set := range s.oidc {
		s.config.SignOn.Providers[name] = *set
	}
	if s.secretFile == "" {
		s.config.Secret = os.Getenv("INLAY_SECRET")
		if s.config.Secret == "" {
			return errors.New("no secret: make one with `openssl rand -hex 32 > secret` and pass --secret-file secret")
		}
		return nil
	}
	data, err := os.ReadFile(s.secretFile)
	if err != nil {
		return fmt.Errorf("the secret file can't be read: %w", err)
	}
	s.config.Secret = strings.TrimSpace(string(data))
	return nil
}

func fromEnvironment(flags *pflag.FlagSet) error {
	var failed error
	flags.VisitAll(func(f *pflag.Flag) {
		value, ok := os.LookupEnv("INLAY_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_")))
		if !ok || f.Changed || failed != nil {
			return
		}
		if err := flags.Set(f.Name, value); err != nil {
			failed = fmt.Errorf("INLAY_%s: %w", strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_")), err)
		}
	})
	return failed
}

func serve() *cobra.Command {
	var s settings
	command := &cobra.Command{Use: "serve", Short: "Run the server", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := s.load(c.Flags()); err != nil {
				return err
			}
			return run(c.Context(), s.config, func(opened *server.Server) error { return announceSetup(c, opened) })
		}}
	s.bind(command.Flags())
	return command
}

// run opens the server, lets ready do what must happen before it listens, and serves until ctx ends.
func run(ctx context.Context, config server.Config, ready func(*server.Server) error) error {
	s, err := server.Open(ctx, config)
	if err != nil {
		return err
	}
	err = ready(s)
	if err == nil {
		err = s.Serve(ctx)
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return errors.Join(err, s.Close(closing))
}

func migrate() *cobra.Command {
	var s settings
	command := &cobra.Command{Use: "migrate", Short: "Bring the metadata tables to this version's form", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := fromEnvironment(c.Flags()); err != nil {
				return err
			}
			return server.Migrate(c.Context(), s.config.Metadata)
		}}
	s.bindStore(command.Flags())
	return command
}
