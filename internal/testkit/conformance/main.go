// Command conformance serves the recorded fixtures of the reference server: organizations, users, the demo project with
// its charts and dashboards, on a fresh SQLite file and on DuckDB or PostgreSQL. It prints "ready" when it answers, and
// stays until it is told to end.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"inlay/internal/testkit"
)

func main() {
	port := flag.Int("port", 8080, "port to listen on")
	engine := flag.String("engine", "duckdb", "warehouse: duckdb or postgres (INLAY_TEST_POSTGRES)")
	flags := flag.String("flag-file", "", "file that names enabled feature flags")
	var extra folders
	flag.Var(&extra, "extra", "folder with manifest.json, schema.*.sql and tables/: one more project; may repeat")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *port, *engine, *flags, extra); err != nil {
		log.Fatal(err)
	}
}

type folders []string

func (f *folders) String() string { return strings.Join(*f, ",") }

func (f *folders) Set(value string) error {
	path, err := filepath.Abs(value)
	*f = append(*f, path)
	return err
}

func run(ctx context.Context, port int, engine, flags string, extra []string) error {
	shared := testkit.Shared()
	if shared == "" {
		return fmt.Errorf("the recordings are not here: set INLAY_SHARED to the folder that holds conformance/")
	}
	home, err := os.MkdirTemp("", "inlay-conformance")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(home) }() // the system clears its temporary folder
	recordings, err := filepath.Abs(filepath.Join(shared, "conformance"))
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return err
	}
	s, err := testkit.OpenFixtures(ctx, testkit.Fixtures{
		Home: home, Recordings: recordings, Extra: extra, Engine: engine, Postgres: os.Getenv("INLAY_TEST_POSTGRES"),
		SiteURL: fmt.Sprintf("http://127.0.0.1:%d", port), Flags: flags,
	})
	if err != nil {
		return err
	}
	// The recordings name their second dbt project by a path relative to their own folder.
	if err := os.Chdir(recordings); err != nil {
		return err
	}
	fmt.Println("ready")
	if err := s.ServeOn(ctx, listener); err != nil {
		return err
	}
	return s.Close(context.WithoutCancel(ctx))
}
