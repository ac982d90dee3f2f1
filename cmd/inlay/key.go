package main

import (
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"inlay/internal/access"
	"inlay/internal/oversight"
	"inlay/internal/server"
	"inlay/internal/tenancy"
)

func keyCommand() *cobra.Command {
	command := &cobra.Command{Use: "key", Short: "Administer the keys that customers' backends embed with"}
	command.AddCommand(createKey(), delegateKey(), listKeys(), rotateKey(), revokeKey())
	return command
}

func createKey() *cobra.Command {
	o, n, limits := &operator{}, tenancy.NewKey{}, keyLimits{}
	command := o.command("create NAME", "Make a key, and print its id and its text, this once", cobra.ExactArgs(1),
		func(c *cobra.Command, s *server.Server, who access.Principal, args []string) error {
			n.Name = args[0]
			if err := limits.set(&n, time.Now()); err != nil {
				return err
			}
			key, text, err := s.Tenancy.CreateKey(c.Context(), who, n)
			if err == nil {
				c.Printf("%s\n%s\n", key.ID, text)
			}
			return err
		})
	flags := command.Flags()
	flags.StringVar(&n.Front, "api", tenancy.Upsolve, "upsolve, cube or thoughtspot")
	flags.StringVar(&n.Kind, "kind", tenancy.EmbedKey, "embed or admin (upsolve), admin or user (cube), secret (thoughtspot)")
	flags.StringVar(&n.Project, "project", "", "uuid of the project; upsolve keys need one")
	flags.BoolVar(&n.Policy.AllowUnfiltered, "allow-unfiltered", false, "may register tenants that no filter confines")
	limits.bind(flags, &n)
	return command
}

// keyLimits are the flags that confine a key.
type keyLimits struct {
	life    time.Duration
	filters []string
}

func (l *keyLimits) bind(flags *pflag.FlagSet, n *tenancy.NewKey) {
	flags.DurationVar(&l.life, "life", 0, "how long the key lives; for ever unless set")
	flags.StringSliceVar(&l.filters, "filter", nil, "column=value that confines the rows of all its tenants; may be given several times")
	flags.StringSliceVar(&n.Policy.Tenants, "tenant", nil, "acts for this tenant only, by key or name; may be given several times")
	flags.StringSliceVar(&n.Policy.Addresses, "address", nil, "may be used from this network only, such as 203.0.113.0/24; may be given several times")
	flags.StringSliceVar(&n.Policy.Origins, "origin", nil, "pages of this site only may use what it issues; may be given several times")
	flags.DurationVar(&n.Policy.MaxTTL, "max-token-life", 0, "longest life of a token that it issues; seven days unless set")
}

func (l *keyLimits) set(n *tenancy.NewKey, now time.Time) (err error) {
	if l.life != 0 {
		end := now.Add(l.life).UTC()
		n.ExpiresAt = &end
	}
	n.Policy.Filters, err = columnFilters(l.filters)
	return err
}

func delegateKey() *cobra.Command {
	o, n, limits := &operator{}, tenancy.NewKey{}, keyLimits{}
	command := o.command("delegate ID NAME", "Make a key out of another one that may do no more, and print its id and its text, this once", cobra.ExactArgs(2),
		func(c *cobra.Command, s *server.Server, who access.Principal, args []string) error {
			n.Name = args[1]
			if err := limits.set(&n, time.Now()); err != nil {
				return err
			}
			key, text, err := s.Tenancy.DelegateKey(c.Context(), who, args[0], n)
			if err == nil {
				c.Printf("%s\n%s\n", key.ID, text)
			}
			return err
		})
	limits.bind(command.Flags(), &n)
	return command
}

func rotateKey() *cobra.Command {
	o, both := &operator{}, time.Duration(0)
	command := o.command("rotate ID", "Make a successor, and print its id and its text, this once", cobra.ExactArgs(1),
		func(c *cobra.Command, s *server.Server, who access.Principal, args []string) error {
			key, text, err := s.Tenancy.RotateKey(c.Context(), who, args[0], &both)
			if err == nil {
				c.Printf("%s\n%s\n", key.ID, text)
			}
			return err
		})
	command.Flags().DurationVar(&both, "overlap", 5*time.Minute, "how long the old key works beside the new one")
	return command
}

func listKeys() *cobra.Command {
	return (&operator{}).command("list", "List keys", cobra.NoArgs, func(c *cobra.Command, s *server.Server, who access.Principal, _ []string) error {
		keys, err := s.Tenancy.Keys(c.Context(), who)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "ID\tAPI\tKIND\tNAME\tBEGINS WITH\tSTATE\tLAST USED\tENDS")
		for _, k := range keys {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Front, k.Kind, k.Name, k.Hint, keyState(k), moment(k.UsedAt), moment(k.ExpiresAt))
		}
		return table.Flush()
	})
}

func moment(at *time.Time) string {
	if at == nil {
		return "-"
	}
	return at.UTC().Format(time.DateTime)
}

func keyState(k tenancy.Key) string {
	switch {
	case k.RevokedAt != nil:
		return "revoked"
	case !k.Enabled:
		return "off"
	}
	return "on"
}

func revokeKey() *cobra.Command {
	return (&operator{}).command("revoke ID", "End a key and everything that it issued", cobra.ExactArgs(1),
		func(c *cobra.Command, s *server.Server, who access.Principal, args []string) error {
			return s.Oversight.Revoke(c.Context(), who, oversight.Key, args[0])
		})
}
