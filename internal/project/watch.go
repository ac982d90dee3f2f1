package project

import (
	"context"
	"io/fs"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"

	"inlay/internal/fault"
)

// settle is how long files must be left alone before they are read: editors write in several steps.
const settle = 200 * time.Millisecond

// Watch compiles a project again whenever files of its local models change, until ctx ends or the service closes. A
// compile that fails leaves the explores as they are. It returns once it watches. Faults: NotFound, Invalid.
func (s *Service) Watch(ctx context.Context, project string) error {
	p, err := s.load(ctx, project)
	if err != nil {
		return err
	}
	top, err := s.locate(p.localFolder())
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "The project %q has no local models to watch", p.Name)
	}
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	if err := watchFolders(watcher, top); err != nil {
		_ = watcher.Close() // the first error says more
		return err
	}
	s.background(func(life context.Context) {
		defer func() { _ = watcher.Close() }()
		ctx, cancel := context.WithCancel(ctx)
		defer context.AfterFunc(life, cancel)()
		defer cancel()
		s.reload(ctx, watcher, p.UUID)
	})
	return nil
}

func (p Project) localFolder() string {
	switch p.Source.Kind() {
	case DbtFolder:
		return text(p.Source, "project_dir")
	case YAMLFolder:
		return text(p.Source, "path")
	}
	return ""
}

// reload compiles after each burst of changes.
func (s *Service) reload(ctx context.Context, watcher *fsnotify.Watcher, project string) {
	quiet := time.NewTimer(time.Hour)
	quiet.Stop()
	for {
		select {
		case event, open := <-watcher.Events:
			if !open {
				return
			}
			if event.Has(fsnotify.Create) {
				_ = watchFolders(watcher, event.Name) // a file, or gone again: nothing more to watch
			}
			if isModel(event.Name) {
				quiet.Reset(settle)
			}
		case err := <-watcher.Errors:
			if err != nil {
				s.options.Log.WarnContext(ctx, "changes of models may be missed", "project", project, "error", err)
			}
		case <-quiet.C:
			if _, err := s.Compile(ctx, project); fault.Is(err, fault.Conflict) {
				quiet.Reset(settle) // somebody compiles the files as they were
			} else if err != nil && ctx.Err() == nil {
				s.options.Log.WarnContext(ctx, "changed models were not compiled; the old ones stay", "project", project, "error", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

func isModel(path string) bool {
	return slices.Contains([]string{".yml", ".yaml", ".json"}, filepath.Ext(path))
}

// watchFolders adds a folder and those below it.
func watchFolders(watcher *fsnotify.Watcher, top string) error {
	return filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		if name := entry.Name(); path != top && (name == "node_modules" || name[0] == '.' || name == "dbt_packages") {
			return fs.SkipDir
		}
		return watcher.Add(path)
	})
}
