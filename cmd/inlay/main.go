// Command inlay is the server and its tools.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"inlay/internal/fault"
)

// version is set when a release is built.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := root().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "inlay: "+explain(err))
		stop()
		os.Exit(1)
	}
}

func root() *cobra.Command {
	command := &cobra.Command{
		Use:           "inlay",
		Short:         "Analytics inside other people's products",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	command.AddCommand(serve(), demoCommand(), check(), compile(), migrate(), openapi(), admin(), tenantCommand(), keyCommand(), download(), upload(), &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		Run: func(c *cobra.Command, _ []string) { c.Println(version) },
	})
	return command
}

// explain is what an operator reads: the sentence, and the cause behind it.
func explain(err error) string {
	if known, ok := errors.AsType[*fault.Fault](err); ok && known.Cause != nil {
		return known.Message + ": " + known.Cause.Error()
	}
	return err.Error()
}
