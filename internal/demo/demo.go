// Package demo makes the company that a newcomer looks at first: its warehouse, its model, its dashboards, and a key
// of each front. Everything is deterministic but the secrets.
package demo

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	_ "github.com/duckdb/duckdb-go/v2" // the driver "duckdb"
	"go.yaml.in/yaml/v4"
)

//go:embed data.sql content.yml model/*.yml
var files embed.FS

// Orders is the demo's usual number of orders.
const Orders = 1_000_000

// Generate makes the warehouse file with a number of orders. It writes beside the file first, so that one that was
// begun and not finished is never taken for the whole.
func Generate(ctx context.Context, path string, orders int) error {
	script, err := files.ReadFile("data.sql")
	if err != nil {
		return err
	}
	half := path + ".half"
	if err := os.RemoveAll(half); err != nil {
		return err
	}
	db, err := sql.Open("duckdb", half)
	if err != nil {
		return fmt.Errorf("demo.Generate: %w", err)
	}
	_, err = db.ExecContext(ctx, fmt.Sprintf("SET VARIABLE orders = %d;\n", orders)+string(script)+"\nCHECKPOINT;")
	if closing := db.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("demo.Generate: %w", err)
	}
	return os.Rename(half, path)
}

// WriteModel puts the model's files into a folder, where they can be looked at and changed. Files that are there stay.
func WriteModel(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	names, err := fs.Glob(files, "model/*.yml")
	if err != nil {
		return err
	}
	for _, name := range names {
		data, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		target := filepath.Join(folder, filepath.Base(name))
		if _, err := os.Stat(target); err == nil {
			continue
		}
		if err := os.WriteFile(target, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// document is content.yml.
type document struct {
	Charts     []chart     `yaml:"charts"`
	Dashboards []dashboard `yaml:"dashboards"`
}

type chart struct {
	Slug       string         `yaml:"slug"`
	Name       string         `yaml:"name"`
	Explore    string         `yaml:"explore"`
	Dimensions []string       `yaml:"dimensions"`
	Metrics    []string       `yaml:"metrics"`
	Sort       string         `yaml:"sort"` // a field id; with a minus in front it descends
	Limit      int            `yaml:"limit"`
	Pivot      []string       `yaml:"pivot"`
	Config     map[string]any `yaml:"config"`
}

type dashboard struct {
	Slug        string   `yaml:"slug"`
	Name        string   `yaml:"name"`
	Description string   `yaml:"description"`
	Filters     []string `yaml:"filters"` // field ids offered as filters
	Tiles       []tile   `yaml:"tiles"`
}

type tile struct {
	Chart    string `yaml:"chart"`
	Markdown string `yaml:"markdown"`
	At       [4]int `yaml:"at"`
}

func contents() (document, error) {
	data, err := files.ReadFile("content.yml")
	if err != nil {
		return document{}, err
	}
	var d document
	if err := yaml.Unmarshal(data, &d); err != nil {
		return document{}, fmt.Errorf("demo.contents: %w", err)
	}
	return d, nil
}
