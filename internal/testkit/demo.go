package testkit

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"inlay/internal/demo"
	"inlay/internal/server"
	"inlay/internal/warehouse"
	"inlay/internal/warehouse/drivers"
)

// Demo says which demo to open, and how.
type Demo struct {
	Seeded     demo.Folder        // filled by SeedDemo; it is copied and stays as it is
	Folder     demo.Folder        // where the copy goes
	Statements []string           // change the copied warehouse
	Metadata   string             // of an empty database, in place of the copied one; the ids are others then
	Warehouse  warehouse.Settings // of one with the same tables, in place of the copied one
	Now        func() time.Time
}

// SeedDemo fills an empty folder with the demo. Servers are opened on copies of it with OpenDemo.
func SeedDemo(ctx context.Context, folder demo.Folder, orders int) error {
	if err := folder.Prepare(ctx, orders); err != nil {
		return err
	}
	s, err := Demo{Folder: folder, Now: time.Now}.open(ctx)
	if err != nil {
		return err
	}
	_, err = folder.Seed(ctx, s)
	return errors.Join(err, s.Close(ctx))
}

// OpenDemo opens a server on a copy of a seeded folder. Servers of one folder have the same ids, keys and passwords.
func OpenDemo(ctx context.Context, d Demo) (*server.Server, *demo.Facts, error) {
	if err := os.CopyFS(string(d.Folder), os.DirFS(string(d.Seeded))); err != nil {
		return nil, nil, err
	}
	if d.Metadata != "" {
		if err := os.Remove(d.Folder.Facts()); err != nil {
			return nil, nil, err
		}
	}
	if err := change(ctx, d.Folder.Warehouse(), d.Statements); err != nil {
		return nil, nil, fmt.Errorf("testkit.OpenDemo: %w", err)
	}
	s, err := d.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	facts, err := d.Folder.Seed(ctx, s)
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

// open opens a server whose every connection reads the folder's own warehouse, or the one in its place: the metadata of
// a copy names the file that it was copied from.
func (d Demo) open(ctx context.Context) (*server.Server, error) {
	secret, err := d.Folder.Secret()
	if err != nil {
		return nil, err
	}
	c := server.Defaults()
	c.Metadata, c.Data, c.Secret = cmp.Or(d.Metadata, d.Folder.Metadata()), string(d.Folder), secret
	c.ModelFolders = []string{os.TempDir()}
	c.Now = d.Now
	c.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	return server.OpenWith(ctx, c, func(ctx context.Context, asked warehouse.Settings) (warehouse.Conn, error) {
		if asked.Type() == "duckdb" {
			asked = warehouse.Settings{"type": "duckdb", "path": d.Folder.Warehouse()}
			if d.Warehouse != nil {
				asked = d.Warehouse
			}
		}
		return drivers.Options{Files: string(d.Folder)}.Open(ctx, asked)
	})
}
