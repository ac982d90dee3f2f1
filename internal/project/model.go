package project

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/fault"
	"inlay/internal/semantic"
	"inlay/internal/store"
	"inlay/internal/warehouse"
)

// format is the version of stored explores; models stored in another one are compiled again.
const format = 1

// recheck is how long a replica may serve explores that another replica has replaced.
const recheck = time.Second

type modelRow struct {
	bun.BaseModel `bun:"table:project_models"`

	ProjectUUID string `bun:",pk"`
	Revision    int64
	Format      int64
	Explores    string
	Problems    string
	Columns     string
	CompiledAt  time.Time
}

// model is the compiled state of a project. It is replaced as a whole, never changed.
type model struct {
	revision int64
	explores []*semantic.Explore // in the order of the source, then the views that people made of SQL
	modelled int                 // how many are of the source
	byName   map[string]*semantic.Explore
	problems []semantic.Problem // of the whole source, also what belongs to no explore
	columns  []warehouse.Column
	compiled time.Time
}

var empty = &model{}

// models keeps what was read of the stored models.
type models struct {
	mu        sync.Mutex
	byProject map[string]*held
}

type held struct {
	model   *model
	checked time.Time
}

func (m *models) recent(project string, now time.Time) (*model, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.byProject[project]
	if h == nil {
		return nil, false
	}
	return h.model, now.Sub(h.checked) < recheck
}

func (m *models) set(project string, found *model, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.byProject == nil {
		m.byProject = map[string]*held{}
	}
	m.byProject[project] = &held{found, now}
}

func (m *models) forget(project string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.byProject, project)
}

// model gives the compiled state of a project; an empty one when it was never compiled.
func (s *Service) model(ctx context.Context, project string) (*model, error) {
	now := s.options.Now()
	known, recent := s.models.recent(project, now)
	if recent {
		return known, nil
	}
	if known != nil {
		var revision int64
		err := s.db.NewSelect().Model((*modelRow)(nil)).Column("revision").Where("project_uuid = ?", project).
			Scan(ctx, &revision)
		if err == nil && revision == known.revision || store.NotFound(err) && known == empty {
			s.models.set(project, known, now)
			return known, nil
		}
		if err != nil && !store.NotFound(err) {
			return nil, err
		}
	}
	found, err := s.readModel(ctx, project)
	if err != nil {
		return nil, err
	}
	s.models.set(project, found, now)
	return found, nil
}

func (s *Service) readModel(ctx context.Context, project string) (*model, error) {
	row := new(modelRow)
	err := s.db.NewSelect().Model(row).Where("project_uuid = ?", project).Scan(ctx)
	if store.NotFound(err) {
		return empty, nil
	}
	if err != nil {
		return nil, err
	}
	if row.Format != format {
		return s.compile(ctx, project)
	}
	return s.assemble(ctx, row)
}

// assemble makes the model of what is stored, views included.
func (s *Service) assemble(ctx context.Context, r *modelRow) (*model, error) {
	m := &model{revision: r.Revision, compiled: r.CompiledAt, byName: map[string]*semantic.Explore{}}
	if err := unpack(r.Explores, &m.explores); err != nil {
		return nil, err
	}
	if err := unpack(r.Problems, &m.problems); err != nil {
		return nil, err
	}
	if err := unpack(r.Columns, &m.columns); err != nil {
		return nil, err
	}
	views, err := s.views(ctx, r.ProjectUUID)
	if err != nil {
		return nil, err
	}
	m.modelled = len(m.explores)
	m.explores = append(m.explores, views...)
	for _, e := range m.explores {
		m.byName[e.Name] = e
	}
	return m, nil
}

// storeModel replaces the compiled state of a project. What is served is read back from what was stored, so that a
// model is the same before and after a restart.
func (s *Service) storeModel(ctx context.Context, project string, compiled *semantic.Model, columns []warehouse.Column) (
	*model, error) {
	row := &modelRow{ProjectUUID: project, Revision: 1, Format: format, CompiledAt: s.now()}
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		old := new(modelRow)
		err := tx.NewSelect().Model(old).Where("project_uuid = ?", project).Scan(ctx)
		if err != nil && !store.NotFound(err) {
			return err
		}
		row.Revision = old.Revision + 1
		if row.Explores, err = pack(compiled.Explores); err != nil {
			return err
		}
		if row.Problems, err = pack(compiled.Problems); err != nil {
			return err
		}
		if columns == nil && old.Columns != "" {
			row.Columns = old.Columns // explores from outside don't bring columns
		} else if row.Columns, err = pack(columns); err != nil {
			return err
		}
		_, err = tx.NewInsert().Model(row).On("CONFLICT (project_uuid) DO UPDATE").Exec(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	stored, err := s.assemble(ctx, row)
	if err != nil {
		return nil, err
	}
	s.models.set(project, stored, s.options.Now())
	return stored, nil
}

// explore finds a compiled explore. Faults: NotFound.
func (m *model) explore(name string) (*semantic.Explore, error) {
	e := m.byName[name]
	if e == nil {
		return nil, fault.Coded(fault.NotFound, "NotExists", "Explore %q does not exist.", name)
	}
	if len(e.Errors) > 0 {
		return nil, fault.Coded(fault.NotFound, "NotExists", "Explore %q has an error.", name)
	}
	return e, nil
}

func pack(value any) (string, error) {
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	if err := json.NewEncoder(zip).Encode(value); err != nil {
		return "", err
	}
	if err := zip.Close(); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(out.Bytes()), nil
}

func unpack(text string, into any) error {
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return err
	}
	zip, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return err
	}
	return json.NewDecoder(zip).Decode(into)
}
