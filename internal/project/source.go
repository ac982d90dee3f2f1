package project

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"inlay/internal/fault"
	"inlay/internal/semantic"
	"inlay/internal/warehouse"
)

// parse reads the models of a source. Faults: Invalid.
func (s *Service) parse(source Source, o semantic.Options) (*semantic.Source, error) {
	switch source.Kind() {
	case DbtFolder:
		folder, done, err := s.folder("dbtConnection.project_dir", text(source, "project_dir"))
		if err != nil {
			return nil, err
		}
		defer done()
		data, err := manifestIn(folder)
		if err != nil {
			return nil, err
		}
		if o.Config, err = fs.ReadFile(folder, semantic.ConfigFile); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fault.Wrap(fault.Invalid, err, "dbtConnection.project_dir: %s can't be read", semantic.ConfigFile)
		}
		return semantic.ParseManifest(data, o)
	case YAMLFolder:
		folder, done, err := s.folder("dbtConnection.path", text(source, "path"))
		if err != nil {
			return nil, err
		}
		defer done()
		return semantic.ParseYAML(folder, o)
	case Manifest:
		return semantic.ParseManifest([]byte(text(source, "manifest")), o)
	}
	return nil, fault.New(fault.Invalid, "A project with a dbt connection of type %q isn't compiled by the server: "+
		"deploy its explores from outside, or use a folder with a manifest", source.Kind())
}

// manifestIn reads the manifest where dbt writes it, or where people put it.
func manifestIn(folder fs.FS) ([]byte, error) {
	for _, name := range []string{"target/manifest.json", "manifest.json"} {
		data, err := fs.ReadFile(folder, name)
		if err == nil {
			return data, nil
		}
	}
	return nil, fault.New(fault.Invalid, "dbtConnection.project_dir holds no manifest.json, neither itself nor in target/: run dbt compile")
}

// folder opens a folder of models so that nothing outside of it can be read through it, by links or otherwise. It must
// lie in one of the operator's folders. Faults: Invalid.
func (s *Service) folder(field, path string) (fs.FS, func(), error) {
	real, err := s.locate(path)
	if err != nil {
		return nil, nil, fault.Wrap(fault.Invalid, err, "%s: there is no folder %q among those that the server may read", field, path)
	}
	root, err := os.OpenRoot(real)
	if err != nil {
		return nil, nil, fault.Wrap(fault.Invalid, err, "%s: the folder %q can't be opened", field, path)
	}
	return root.FS(), func() { _ = root.Close() }, nil
}

// locate resolves a path, through links, and keeps it in the operator's folders.
func (s *Service) locate(path string) (string, error) {
	real, err := resolve(path)
	if err != nil {
		return "", err
	}
	if !slices.ContainsFunc(s.options.Folders, func(allowed string) bool {
		top, err := resolve(allowed)
		if err != nil {
			return false
		}
		inside, err := filepath.Rel(top, real)
		return err == nil && filepath.IsLocal(inside)
	}) {
		return "", fs.ErrPermission
	}
	return real, nil
}

func resolve(path string) (string, error) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", err
	}
	return filepath.Abs(real)
}

// relations are what the warehouse is asked about.
func relations(all []semantic.Relation) []warehouse.Relation {
	wanted := make([]warehouse.Relation, 0, len(all))
	for _, r := range all {
		wanted = append(wanted, warehouse.Relation{Database: r.Database, Schema: r.Schema, Table: r.Name})
	}
	return wanted
}

func catalog(columns []warehouse.Column) semantic.Catalog {
	c := semantic.Catalog{}
	for _, column := range columns {
		r := semantic.Relation{Database: column.Database, Schema: column.Schema, Name: column.Table}
		if c[r] == nil {
			c[r] = map[string]string{}
		}
		c[r][column.Name] = column.Type
	}
	return c
}
