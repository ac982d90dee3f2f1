package project

import (
	"context"

	"github.com/uptrace/bun"

	"inlay/internal/fault"
	"inlay/internal/query"
	"inlay/internal/semantic"
	"inlay/internal/store"
	"inlay/internal/warehouse"
)

var _ query.Projects = (*Service)(nil)

// connect opens the connection of settings, or gives the open one.
func (s *Service) connect(ctx context.Context, settings warehouse.Settings) (warehouse.Conn, error) {
	conn, _, err := s.pooled(ctx, linked(settings))
	return conn, err
}

func (s *Service) pooled(ctx context.Context, l link) (warehouse.Conn, string, error) {
	conn, err := s.pool.get(ctx, s.ctx, l, s.opener, s.options.Now())
	return conn, l.id, err
}

// Project is what a query needs to know; see query.Projects.
func (s *Service) Project(ctx context.Context, project string) (query.Project, error) {
	p, err := s.asked(ctx, project)
	return p.project, err
}

// weekStart is the setting startOfWeek: 0 is Monday.
func weekStart(settings warehouse.Settings) *int {
	start := settings.Number("startOfWeek", -1)
	if start < 0 || start > 6 {
		return nil
	}
	return &start
}

// Explore gives a compiled explore as modelled; see query.Projects.
func (s *Service) Explore(ctx context.Context, project, name string) (*semantic.Explore, error) {
	m, err := s.model(ctx, project)
	if err != nil {
		return nil, err
	}
	return m.explore(name)
}

// Conn gives the open connection; see query.Projects.
func (s *Service) Conn(ctx context.Context, project, override string) (warehouse.Conn, string, error) {
	p, err := s.asked(ctx, project)
	if err != nil {
		return nil, "", err
	}
	l := p.link
	if override != "" {
		if l, err = s.override(ctx, p.project.Organization, override); err != nil {
			return nil, "", err
		}
	}
	return s.pooled(ctx, l)
}

// HasSchema refuses a schema that the project's database, or that of a connection in its place, has no table in.
// What was found once isn't looked for again: a schema that is dropped later has no rows. Faults: NotFound.
func (s *Service) HasSchema(ctx context.Context, project, connection, schema string) error {
	conn, id, err := s.Conn(ctx, project, connection)
	if err != nil {
		return err
	}
	key := id + "/" + schema
	if _, found := s.schemas.Load(key); found {
		return nil
	}
	columns, err := conn.Columns(ctx, []warehouse.Relation{{Schema: schema}})
	if err != nil {
		return err
	}
	if len(columns) == 0 {
		return fault.New(fault.NotFound, "The database has no table in the schema %q", schema)
	}
	s.schemas.Store(key, true)
	return nil
}

// ProjectName gives the name of an organization's project. Faults: NotFound.
func (s *Service) ProjectName(ctx context.Context, organization, project string) (string, error) {
	p, err := s.load(ctx, project)
	if err != nil {
		return "", err
	}
	if p.Organization != organization {
		return "", missing(project)
	}
	return p.Name, nil
}

// DefaultProject gives the project that embeds of an organization read when nothing else says so: its oldest that
// isn't a preview. Faults: NotFound.
func (s *Service) DefaultProject(ctx context.Context, organization string) (string, error) {
	row := new(projectRow)
	err := s.db.NewSelect().Model(row).Where("organization_uuid = ?", organization).Where("type = ?", string(Default)).
		OrderBy("created_at", bun.OrderAsc).OrderBy("uuid", bun.OrderAsc).Limit(1).Scan(ctx)
	if store.NotFound(err) {
		return "", fault.New(fault.NotFound, "The organization has no project yet")
	}
	return row.UUID, err
}

// Columns tells which columns any table of the project has, in any case.
func (s *Service) Columns(ctx context.Context, project string) (known func(column string) bool, err error) {
	m, err := s.model(ctx, project)
	if err != nil {
		return nil, err
	}
	return m.hasColumn, nil
}

// WarehouseColumns gives the columns that the last compile read of the warehouse, as they were then.
func (s *Service) WarehouseColumns(ctx context.Context, project string) ([]warehouse.Column, error) {
	m, err := s.model(ctx, project)
	if err != nil {
		return nil, err
	}
	return m.columns, nil
}

// OrganizationOf gives the organization that a project belongs to. Faults: NotFound.
func (s *Service) OrganizationOf(ctx context.Context, project string) (string, error) {
	p, err := s.load(ctx, project)
	return p.Organization, err
}

// SchedulerZone gives the time zone of a project's deliveries that name none. Faults: NotFound.
func (s *Service) SchedulerZone(ctx context.Context, project string) (string, error) {
	p, err := s.load(ctx, project)
	return p.SchedulerZone, err
}

// Has tells whether an organization has any project.
func (s *Service) Has(ctx context.Context, organization string) (bool, error) {
	return s.db.NewSelect().Model((*projectRow)(nil)).Where("organization_uuid = ?", organization).Exists(ctx)
}

// WarehouseType gives the type of a project's warehouse. Faults: NotFound.
func (s *Service) WarehouseType(ctx context.Context, project string) (string, error) {
	p, err := s.load(ctx, project)
	return p.Warehouse.Type(), err
}

// ProjectsOf lists the uuids of an organization's projects.
func (s *Service) ProjectsOf(ctx context.Context, organization string) ([]string, error) {
	all, err := s.inOrganization(ctx, organization)
	ids := make([]string, len(all))
	for i, p := range all {
		ids[i] = p.UUID
	}
	return ids, err
}
