package main

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"inlay/internal/codefiles"
)

func download() *cobra.Command {
	var client codefiles.Client
	command := &cobra.Command{Use: "download FOLDER", Short: "Write a project's spaces, charts and dashboards as YAML files", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := ready(c, &client); err != nil {
				return err
			}
			count, err := codefiles.Download(c.Context(), client, args[0])
			if err == nil {
				c.Printf("%d files written\n", count)
			}
			return err
		}}
	bindClient(command, &client)
	return command
}

func upload() *cobra.Command {
	var client codefiles.Client
	command := &cobra.Command{Use: "upload FOLDER", Short: "Make and change content as YAML files say", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := ready(c, &client); err != nil {
				return err
			}
			done, err := codefiles.Upload(c.Context(), client, args[0])
			for _, action := range []string{"create", "update", "no changes"} {
				c.Println(fmt.Sprintf("%s: %d", action, done[action]))
			}
			return err
		}}
	bindClient(command, &client)
	return command
}

func bindClient(command *cobra.Command, client *codefiles.Client) {
	flags := command.Flags()
	flags.StringVar(&client.URL, "url", "http://localhost:8080", "address of the server")
	flags.StringVar(&client.Token, "token", "", "personal access token; better in the environment, as INLAY_TOKEN")
	flags.StringVar(&client.Project, "project", "", "uuid of the project, when there are several")
}

func ready(c *cobra.Command, client *codefiles.Client) error {
	if err := fromEnvironment(c.Flags()); err != nil {
		return err
	}
	if client.Token == "" {
		return errors.New("no token: make a personal access token and pass it as INLAY_TOKEN")
	}
	client.HTTP = &http.Client{Timeout: time.Minute}
	return nil
}
