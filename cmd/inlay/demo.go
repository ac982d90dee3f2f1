package main

import (
	"strings"

	"github.com/spf13/cobra"

	"inlay/internal/demo"
	"inlay/internal/server"
)

func demoCommand() *cobra.Command {
	var s settings
	var facts string
	var seedOnly bool
	orders := demo.Orders
	command := &cobra.Command{Use: "demo", Short: "Serve a demo company with a million orders and a key of each API", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := fromEnvironment(c.Flags()); err != nil {
				return err
			}
			if err := absolute(&s.config); err != nil {
				return err
			}
			folder := demo.Folder(s.config.Data)
			if err := folder.Prepare(c.Context(), orders); err != nil {
				return err
			}
			secret, err := folder.Secret()
			if err != nil {
				return err
			}
			demoConfig(&s.config, c, folder, secret)
			ready := func(running *server.Server) error {
				f, err := folder.Seed(c.Context(), running)
				if err != nil {
					return err
				}
				if facts != "" {
					if err := f.WriteFacts(facts); err != nil {
						return err
					}
				}
				c.Println(f.Text())
				return nil
			}
			if seedOnly {
				return prepare(c.Context(), s.config, ready)
			}
			return run(c.Context(), s.config, ready)
		}}
	s.bind(command.Flags())
	flags := command.Flags()
	flags.Lookup("data").DefValue = "data/demo"
	s.config.Data = "data/demo"
	flags.StringVar(&facts, "json", "", "file to write addresses, credentials and keys to, as JSON")
	flags.BoolVar(&seedOnly, "seed-only", false, "make the data and end")
	flags.IntVar(&orders, "orders", orders, "number of orders, when the data is made")
	return command
}

// demoConfig sets what a demo decides by itself, where nobody said otherwise.
func demoConfig(c *server.Config, command *cobra.Command, folder demo.Folder, secret string) {
	given := command.Flags().Changed
	c.Secret = secret
	if !given("metadata") {
		c.Metadata = folder.Metadata()
	}
	if !given("site-url") {
		c.SiteURL = siteURL(c.Listen)
	}
	c.ModelFolders = append(c.ModelFolders, string(folder))
	c.Watch = true
}

// siteURL is the address to open for one to listen on.
func siteURL(listen string) string {
	if strings.HasPrefix(listen, ":") {
		return "http://localhost" + listen
	}
	return "http://" + listen
}
