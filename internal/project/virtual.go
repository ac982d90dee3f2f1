package project

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/semantic"
	"inlay/internal/sqlgen"
	"inlay/internal/store"
)

// View is SQL that somebody made an explore of.
type View struct {
	Name    string
	SQL     string
	Columns []ViewColumn
}

// ViewColumn is a column of the SQL's result.
type ViewColumn struct {
	Name string
	Type semantic.Type
}

type virtualRow struct {
	bun.BaseModel `bun:"table:virtual_views"`

	ProjectUUID string `bun:",pk"`
	Name        string `bun:",pk"`
	Explore     string
}

// CreateView makes an explore of SQL and gives its name. Faults: Invalid, Conflict when there is one of that name.
func (s *Service) CreateView(ctx context.Context, who access.Principal, id string, v View) (string, error) {
	p, err := s.allowed(ctx, who, access.Manage, access.VirtualView, id)
	if err != nil {
		return "", err
	}
	v.Name = snakeCase(v.Name)
	m, err := s.model(ctx, p.UUID)
	if err != nil {
		return "", err
	}
	if m.byName[v.Name] != nil {
		return "", fault.New(fault.Conflict, "Virtual view with name %q already exists", v.Name)
	}
	if m == empty { // so that there is a revision to count up
		if _, err := s.storeModel(ctx, p.UUID, &semantic.Model{}, nil); err != nil {
			return "", err
		}
	}
	return v.Name, s.storeView(ctx, p, v)
}

// UpdateView replaces the SQL of a view. Faults: Invalid, NotFound.
func (s *Service) UpdateView(ctx context.Context, who access.Principal, id string, v View) error {
	p, err := s.allowed(ctx, who, access.Manage, access.VirtualView, id)
	if err != nil {
		return err
	}
	if err := s.hasView(ctx, p.UUID, v.Name); err != nil {
		return err
	}
	return s.storeView(ctx, p, v)
}

// DeleteView drops a view. Faults: NotFound.
func (s *Service) DeleteView(ctx context.Context, who access.Principal, id, name string) error {
	p, err := s.allowed(ctx, who, access.Manage, access.VirtualView, id)
	if err != nil {
		return err
	}
	if err := s.hasView(ctx, p.UUID, name); err != nil {
		return err
	}
	return s.changeViews(ctx, p.UUID, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewDelete().Model(&virtualRow{ProjectUUID: p.UUID, Name: name}).WherePK().Exec(ctx)
		return err
	})
}

func (s *Service) hasView(ctx context.Context, project, name string) error {
	found, err := s.db.NewSelect().Model((*virtualRow)(nil)).Where("project_uuid = ?", project).Where("name = ?", name).Exists(ctx)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "Virtual view %q does not exist", name)
	}
	return err
}

func (s *Service) storeView(ctx context.Context, p Project, v View) error {
	e, err := v.explore(p.Warehouse.Type())
	if err != nil {
		return err
	}
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	row := &virtualRow{ProjectUUID: p.UUID, Name: v.Name, Explore: string(data)}
	return s.changeViews(ctx, p.UUID, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewInsert().Model(row).On("CONFLICT (project_uuid, name) DO UPDATE").Exec(ctx)
		return err
	})
}

// changeViews changes the views of a project and tells all replicas by a new revision of the model.
func (s *Service) changeViews(ctx context.Context, project string, change func(ctx context.Context, tx bun.Tx) error) error {
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := change(ctx, tx); err != nil {
			return err
		}
		_, err := tx.NewUpdate().Model((*modelRow)(nil)).Set("revision = revision + 1").Where("project_uuid = ?", project).Exec(ctx)
		return err
	})
	s.models.forget(project)
	return err
}

// explore makes the explore of a view: a table of its SQL's result, and nothing to sum up.
func (v View) explore(warehouseType string) (*semantic.Explore, error) {
	dialect, err := sqlgen.For(warehouseType)
	if err != nil {
		return nil, err
	}
	sql := strings.TrimRight(strings.TrimSpace(v.SQL), "; \t\r\n")
	switch {
	case v.Name == "":
		return nil, fault.New(fault.Invalid, "name must hold a letter or a digit")
	case sql == "":
		return nil, fault.New(fault.Invalid, "sql must not be empty")
	}
	label := semantic.Friendly(v.Name)
	t := &semantic.Table{
		Name: v.Name, OriginalName: v.Name, Label: label, Database: warehouseType, From: semantic.SQL(sql),
		Dimensions: map[string]*semantic.Dimension{}, Metrics: map[string]*semantic.Metric{},
	}
	for i, c := range v.Columns {
		t.Dimensions[c.Name] = &semantic.Dimension{
			Table: v.Name, TableLabel: label, Name: c.Name, Label: semantic.Friendly(c.Name), Type: c.Type, Index: i,
			SQL: semantic.SQL(dialect.Ident(c.Name)), Column: c.Name,
		}
	}
	return &semantic.Explore{
		Name: v.Name, Label: label, BaseTable: v.Name, Tables: map[string]*semantic.Table{v.Name: t},
		Database: warehouseType, Virtual: true,
	}, nil
}

// views reads the explores that people made of SQL.
func (s *Service) views(ctx context.Context, project string) ([]*semantic.Explore, error) {
	rows := []*virtualRow{}
	err := s.db.NewSelect().Model(&rows).Where("project_uuid = ?", project).OrderBy("name", bun.OrderAsc).Scan(ctx)
	if err != nil && !store.NotFound(err) {
		return nil, err
	}
	explores := []*semantic.Explore{}
	for _, r := range rows {
		e := new(semantic.Explore)
		if err := json.Unmarshal([]byte(r.Explore), e); err != nil {
			return nil, err
		}
		explores = append(explores, e)
	}
	return explores, nil
}

var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// snakeCase makes the name of an explore of what people call it.
func snakeCase(name string) string {
	return strings.Trim(notInNames.ReplaceAllString(strings.ToLower(name), "_"), "_")
}
