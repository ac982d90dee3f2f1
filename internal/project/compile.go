package project

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/semantic"
	"inlay/internal/store"
	"inlay/internal/warehouse"
)

// longest is how long one compile may take.
const longest = 10 * time.Minute

type lockRow struct {
	bun.BaseModel `bun:"table:project_locks"`

	ProjectUUID string `bun:",pk"`
	Holder      string
	HeldUntil   time.Time
}

// Compile reads a project's models again and replaces its explores. Faults: NotFound, Conflict with code
// "AlreadyProcessing" while another compile runs, Invalid when the models can't be read at all; single broken models
// become explores with errors, and all that is wrong is returned.
func (s *Service) Compile(ctx context.Context, project string) ([]semantic.Problem, error) {
	m, err := s.compile(ctx, project)
	if err != nil {
		return nil, err
	}
	return m.problems, nil
}

func (s *Service) compile(ctx context.Context, project string) (*model, error) {
	p, err := s.load(ctx, project)
	if err != nil {
		return nil, err
	}
	release, err := s.lock(ctx, p.UUID)
	if err != nil {
		return nil, err
	}
	defer release()
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	compiled, columns, err := s.build(ctx, p)
	if err != nil {
		return nil, err
	}
	return s.storeModel(ctx, p.UUID, compiled, columns)
}

// build compiles without storing.
func (s *Service) build(ctx context.Context, p Project) (*semantic.Model, []warehouse.Column, error) {
	conn, err := s.connect(ctx, p.Warehouse)
	if err != nil {
		return nil, nil, err
	}
	source, err := s.parse(p.Source, semantic.Options{
		Dialect: conn.Dialect(), Database: databaseOf(p.Warehouse), Schema: p.Warehouse.Text("schema", ""),
	})
	if err != nil {
		return nil, nil, err
	}
	wanted := relations(source.Relations())
	if len(wanted) == 0 {
		return source.Compile(nil), nil, nil
	}
	columns, err := conn.Columns(ctx, wanted)
	if err != nil {
		return nil, nil, err
	}
	return source.Compile(catalog(columns)), columns, nil
}

// databaseOf is the database in which relations lie that don't name theirs.
func databaseOf(settings warehouse.Settings) string {
	for _, name := range []string{"dbname", "database", "project", "catalog"} {
		if found := settings.Text(name, ""); found != "" {
			return found
		}
	}
	return ""
}

// lock takes the project for one compile, on all replicas. Faults: Conflict.
func (s *Service) lock(ctx context.Context, project string) (release func(), err error) {
	row := &lockRow{ProjectUUID: project, Holder: uuid.NewString(), HeldUntil: s.now().Add(longest)}
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewDelete().Model((*lockRow)(nil)).Where("project_uuid = ?", project).
			Where("held_until < ?", s.now()).Exec(ctx)
		if err != nil {
			return err
		}
		_, err = tx.NewInsert().Model(row).Exec(ctx)
		return err
	})
	if store.Duplicate(err) {
		return nil, fault.Coded(fault.Conflict, "AlreadyProcessing", "Project is already being compiled")
	}
	if err != nil {
		return nil, err
	}
	return func() {
		// Also when the caller has gone; a lock that stays behind runs out by itself.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		_, err := s.db.NewDelete().Model((*lockRow)(nil)).Where("holder = ?", row.Holder).Exec(ctx)
		if err != nil {
			s.options.Log.Error("a compile's lock could not be released", "project", project, "error", err)
		}
	}, nil
}

// Deploy replaces the explores by ones that were compiled outside. A deploy of nothing is taken for a mistake. Faults:
// Invalid, Conflict while a compile runs.
func (s *Service) Deploy(ctx context.Context, who access.Principal, id string, explores []*semantic.Explore) error {
	p, err := s.allowed(ctx, who, access.Update, access.Project, id)
	if err != nil {
		return err
	}
	if len(explores) == 0 {
		return fault.New(fault.Invalid, "There must be at least one explore")
	}
	release, err := s.lock(ctx, p.UUID)
	if err != nil {
		return err
	}
	defer release()
	_, err = s.storeModel(ctx, p.UUID, &semantic.Model{Explores: explores}, nil)
	return err
}

// MayDeploy refuses who may not replace the explores of a project.
func (s *Service) MayDeploy(ctx context.Context, who access.Principal, id string) error {
	_, err := s.allowed(ctx, who, access.Update, access.Project, id)
	return err
}
