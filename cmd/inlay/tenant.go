package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"inlay/internal/access"
	"inlay/internal/oversight"
	"inlay/internal/server"
	"inlay/internal/tenancy"
)

// operator is the settings of a command that administers an organization on the server's own metadata.
type operator struct {
	settings
	organization string
}

// command makes one whose run acts for the organization.
func (o *operator) command(use, short string, args cobra.PositionalArgs,
	do func(c *cobra.Command, s *server.Server, who access.Principal, args []string) error) *cobra.Command {
	command := &cobra.Command{Use: use, Short: short, Args: args, RunE: func(c *cobra.Command, args []string) error {
		if err := o.load(c.Flags()); err != nil {
			return err
		}
		return prepare(c.Context(), o.config, func(s *server.Server) error {
			who, err := o.principal(c.Context(), s)
			if err != nil {
				return err
			}
			return do(c, s, who, args)
		})
	}}
	o.bindStore(command.Flags())
	command.Flags().StringVar(&o.organization, "organization", "", "uuid of the organization; needed where there are several")
	return command
}

// principal administers the organization in nobody's name: the audit log shows an act without a person.
func (o *operator) principal(ctx context.Context, s *server.Server) (access.Principal, error) {
	all, err := s.Identity.Organizations(ctx)
	if err != nil {
		return access.Principal{}, err
	}
	if o.organization == "" && len(all) == 1 {
		o.organization = all[0].UUID
	}
	for _, found := range all {
		if found.UUID == o.organization {
			return access.Principal{Kind: access.User, Organization: found.UUID, OrgRole: access.Admin}, nil
		}
	}
	return access.Principal{}, errors.New("--organization must be the uuid of an organization")
}

func tenantCommand() *cobra.Command {
	command := &cobra.Command{Use: "tenant", Short: "Administer tenants"}
	command.AddCommand(listTenants(), createTenant(), suspendTenant(), deleteTenant(), rotateTenant())
	return command
}

func listTenants() *cobra.Command {
	o, search := &operator{}, ""
	command := o.command("list", "List tenants", cobra.NoArgs, func(c *cobra.Command, s *server.Server, who access.Principal, _ []string) error {
		table := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "ID\tAPI\tNAME\tSUSPENDED")
		const page = 1000
		for offset := int64(0); ; offset += page {
			tenants, err := s.Tenancy.Tenants(c.Context(), who, search, offset, page)
			if err != nil {
				return err
			}
			for _, t := range tenants {
				fmt.Fprintf(table, "%s\t%s\t%s\t%t\n", t.ID, t.Front, t.Name, t.Suspended)
			}
			if len(tenants) < page {
				return table.Flush()
			}
		}
	})
	command.Flags().StringVar(&search, "search", "", "only tenants whose name has this text")
	return command
}

func createTenant() *cobra.Command {
	o := &operator{}
	var key, handle string
	var filters []string
	var life time.Duration
	command := o.command("create NAME", "Register a tenant, or change it, and print a token for it", cobra.ExactArgs(1),
		func(c *cobra.Command, s *server.Server, who access.Principal, args []string) error {
			found, err := s.Tenancy.RegisteringKey(c.Context(), who, key)
			if err != nil {
				return err
			}
			r := tenancy.Registration{Key: handle, DisplayName: args[0], TTL: life}
			if r.Policy.Prefilters, err = columnFilters(filters); err != nil {
				return err
			}
			tenant, token, err := s.Tenancy.Register(c.Context(), found, r)
			if err == nil {
				c.Printf("%s\n%s\n", tenant.ID, token)
			}
			return err
		})
	flags := command.Flags()
	flags.StringVar(&key, "key", "", "id of the upsolve key that registers it (see: inlay key list)")
	flags.StringVar(&handle, "id", "", "what identifies the tenant; its name unless set")
	flags.StringSliceVar(&filters, "filter", nil, "column=value that confines its rows; may be given several times")
	flags.DurationVar(&life, "life", 0, "how long the token lives; an hour unless set")
	return command
}

// columnFilters reads filters of the form column=value.
func columnFilters(given []string) (tenancy.Values, error) {
	filters := tenancy.Values{}
	for _, filter := range given {
		column, value, ok := strings.Cut(filter, "=")
		if !ok {
			return nil, errors.New("--filter must be column=value")
		}
		filters[column] = value
	}
	return filters, nil
}

func suspendTenant() *cobra.Command {
	o, lift := &operator{}, false
	command := o.command("suspend ID", "Close a tenant at once, or open it again", cobra.ExactArgs(1),
		func(c *cobra.Command, s *server.Server, who access.Principal, args []string) error {
			return s.Tenancy.Suspend(c.Context(), who, args[0], !lift)
		})
	command.Flags().BoolVar(&lift, "lift", false, "open it again")
	return command
}

func deleteTenant() *cobra.Command {
	return (&operator{}).command("delete ID", "Forget a tenant and what belongs to it", cobra.ExactArgs(1),
		func(c *cobra.Command, s *server.Server, who access.Principal, args []string) error {
			return s.Tenancy.DeleteTenant(c.Context(), who, args[0])
		})
}

func rotateTenant() *cobra.Command {
	return (&operator{}).command("rotate ID", "End every token and session of a tenant; it may ask for new ones", cobra.ExactArgs(1),
		func(c *cobra.Command, s *server.Server, who access.Principal, args []string) error {
			return s.Oversight.Revoke(c.Context(), who, oversight.Tenant, args[0])
		})
}
