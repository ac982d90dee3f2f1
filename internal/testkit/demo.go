package testkit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"inlay/internal/demo"
	"inlay/internal/server"
	"inlay/internal/warehouse"
	"inlay/internal/warehouse/drivers"
)

// SeedDemo fills an empty folder with the demo. Servers are opened on copies of it with OpenDemo.
func SeedDemo(ctx context.Context, folder demo.Folder, orders int) error {
	if err := folder.Prepare(ctx, orders); err != nil {
		return err
	}
	s, err := openDemo(ctx, folder)
	if err != nil {
		return err
	}
	_, err = folder.Seed(ctx, s)
	return errors.Join(err, s.Close(ctx))
}

// OpenDemo copies a seeded folder and opens a server on the copy, after the statements changed the copied warehouse.
// Servers of one folder have the same ids, keys and passwords.
func OpenDemo(ctx context.Context, seeded, folder demo.Folder, statements ...string) (*server.Server, *demo.Facts, error) {
	if err := os.CopyFS(string(folder), os.DirFS(string(seeded))); err != nil {
		return nil, nil, err
	}
	if err := change(ctx, folder.Warehouse(), statements); err != nil {
		return nil, nil, fmt.Errorf("testkit.OpenDemo: %w", err)
	}
	s, err := openDemo(ctx, folder)
	if err != nil {
		return nil, nil, err
	}
	facts, err := folder.Seed(ctx, s)
	if err != nil {
		return nil, nil, errors.Join(err, s.Close(ctx))
	}
	return s, facts, nil
}

func change(ctx context.Context, path string, statements []string) error {
	db, err := sql.Open("duckdb", path)
	if err != nil {
		return err
	}
	for _, statement := range statements {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return errors.Join(err, db.Close())
		}
	}
	return db.Close()
}

// openDemo opens a server whose every connection reads the folder's own warehouse: the metadata of a copy names the
// file that it was copied from.
func openDemo(ctx context.Context, folder demo.Folder) (*server.Server, error) {
	secret, err := folder.Secret()
	if err != nil {
		return nil, err
	}
	c := server.Defaults()
	c.Metadata, c.Data, c.Secret = folder.Metadata(), string(folder), secret
	c.ModelFolders = []string{os.TempDir()}
	c.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	return server.OpenWith(ctx, c, func(ctx context.Context, asked warehouse.Settings) (warehouse.Conn, error) {
		if asked.Type() == "duckdb" {
			asked = warehouse.Settings{"type": "duckdb", "path": folder.Warehouse()}
		}
		return drivers.Options{Files: string(folder)}.Open(ctx, asked)
	})
}
