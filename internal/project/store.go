package project

import (
	"context"
	"encoding/json"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/fault"
	"inlay/internal/store"
	"inlay/internal/warehouse"
)

type projectRow struct {
	bun.BaseModel `bun:"table:projects"`

	UUID              string `bun:",pk"`
	OrganizationUUID  string
	Name              string
	Type              string
	UpstreamUUID      *string
	DbtVersion        string
	Source            string
	WarehouseType     string
	Warehouse         string
	SemanticLayer     *string
	SchedulerTimezone string
	SelectionType     string
	SelectionNames    string
	CreatedBy         *string
	CreatedAt         time.Time
	UpdatedAt         time.Time
}

// seal encrypts a value for one use in one project, so that sealed texts can't be swapped between either.
func (s *Service) seal(use, project string, value any) (string, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	return s.secret.Seal("project "+use+" "+project, data)
}

func (s *Service) unseal(use, project, sealed string, into any) error {
	data, err := s.secret.Open("project "+use+" "+project, sealed)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "The stored %s can't be read with the server's secret", use)
	}
	return json.Unmarshal(data, into)
}

func (s *Service) row(p Project) (*projectRow, error) {
	source, err := s.seal("source", p.UUID, p.Source)
	if err != nil {
		return nil, err
	}
	settings, err := s.seal("warehouse", p.UUID, p.Warehouse)
	if err != nil {
		return nil, err
	}
	var layer *string
	if p.SemanticLayer != nil {
		sealed, err := s.seal("semantic layer", p.UUID, p.SemanticLayer)
		if err != nil {
			return nil, err
		}
		layer = &sealed
	}
	names, err := json.Marshal(p.Selection.Names)
	if err != nil {
		return nil, err
	}
	return &projectRow{
		UUID: p.UUID, OrganizationUUID: p.Organization, Name: p.Name, Type: string(p.Type),
		UpstreamUUID: optional(p.Upstream), DbtVersion: p.DbtVersion, Source: source, WarehouseType: p.Warehouse.Type(),
		Warehouse: settings, SemanticLayer: layer, SchedulerTimezone: p.SchedulerZone,
		SelectionType: string(p.Selection.Type), SelectionNames: string(names), CreatedBy: optional(p.CreatedBy),
		CreatedAt: p.Created, UpdatedAt: s.now(),
	}, nil
}

func (s *Service) project(r *projectRow) (Project, error) {
	p := Project{
		UUID: r.UUID, Organization: r.OrganizationUUID, Name: r.Name, Type: Type(r.Type), Upstream: value(r.UpstreamUUID),
		DbtVersion: r.DbtVersion, Source: Source{}, Warehouse: warehouse.Settings{}, SchedulerZone: r.SchedulerTimezone,
		Selection: Selection{Type: SelectionType(r.SelectionType)}, CreatedBy: value(r.CreatedBy), Created: r.CreatedAt.UTC(),
	}
	if err := json.Unmarshal([]byte(r.SelectionNames), &p.Selection.Names); err != nil {
		return Project{}, err
	}
	if err := s.unseal("source", p.UUID, r.Source, &p.Source); err != nil {
		return Project{}, err
	}
	if err := s.unseal("warehouse", p.UUID, r.Warehouse, &p.Warehouse); err != nil {
		return Project{}, err
	}
	if r.SemanticLayer != nil {
		if err := s.unseal("semantic layer", p.UUID, *r.SemanticLayer, &p.SemanticLayer); err != nil {
			return Project{}, err
		}
	}
	return p, nil
}

// load reads a project by uuid, for this package and for those that hold a uuid they were given by it. Faults: NotFound.
func (s *Service) load(ctx context.Context, id string) (Project, error) {
	if !valid(id) {
		return Project{}, missing(id)
	}
	row := new(projectRow)
	err := s.db.NewSelect().Model(row).Where("uuid = ?", id).Scan(ctx)
	if store.NotFound(err) {
		return Project{}, missing(id)
	}
	if err != nil {
		return Project{}, err
	}
	return s.project(row)
}

// save writes changed columns of a project's row; naming them keeps two changes at a time from undoing each other.
func (s *Service) save(ctx context.Context, p Project, columns ...string) error {
	row, err := s.row(p)
	if err != nil {
		return err
	}
	_, err = s.db.NewUpdate().Model(row).WherePK().Column(append(columns, "updated_at")...).Exec(ctx)
	s.recent.projects.Invalidate(p.UUID)
	return err
}

// insert writes a new project's row. Faults: Conflict.
func (s *Service) insert(ctx context.Context, p Project) error {
	row, err := s.row(p)
	if err != nil {
		return err
	}
	if _, err = s.db.NewInsert().Model(row).Exec(ctx); store.Duplicate(err) {
		return fault.New(fault.Conflict, "A project with the uuid %s exists already", p.UUID)
	}
	return err
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func value(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}
