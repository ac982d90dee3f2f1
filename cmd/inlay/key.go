package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"inlay/internal/access"
	"inlay/internal/oversight"
	"inlay/internal/server"
	"inlay/internal/tenancy"
)

func keyCommand() *cobra.Command {
	command := &cobra.Command{Use: "key", Short: "Administer the keys that customers' backends embed with"}
	command.AddCommand(createKey(), listKeys(), revokeKey())
	return command
}

func createKey() *cobra.Command {
	o, n := &operator{}, tenancy.NewKey{}
	command := o.command("create NAME", "Make a key, and print its id and its text, this once", cobra.ExactArgs(1),
		func(c *cobra.Command, s *server.Server, who access.Principal, args []string) error {
			n.Name = args[0]
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
	return command
}

func listKeys() *cobra.Command {
	return (&operator{}).command("list", "List keys", cobra.NoArgs, func(c *cobra.Command, s *server.Server, who access.Principal, _ []string) error {
		keys, err := s.Tenancy.Keys(c.Context(), who)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "ID\tAPI\tKIND\tNAME\tBEGINS WITH\tSTATE")
		for _, k := range keys {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Front, k.Kind, k.Name, k.Hint, keyState(k))
		}
		return table.Flush()
	})
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
