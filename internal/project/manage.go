package project

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/warehouse"
)

// Draft is a project to create, or what an update changes.
type Draft struct {
	UUID       string // only for projects that the server itself sets up; made when empty
	Name       string
	Type       Type
	Upstream   string
	DbtVersion string
	Source     Source
	Warehouse  warehouse.Settings
}

// Get gives a project. Faults: NotFound, Forbidden.
func (s *Service) Get(ctx context.Context, who access.Principal, id string) (Project, error) {
	return s.allowed(ctx, who, access.View, access.Project, id)
}

// allowed loads a project and asks whether who may do something with it, or with the things in it that the subject
// names. One of another organization is forbidden rather than missing, as clients of the native API expect.
func (s *Service) allowed(ctx context.Context, who access.Principal, action access.Action, subject access.Subject,
	id string) (Project, error) {
	p, err := s.load(ctx, id)
	if err != nil {
		return Project{}, err
	}
	if !access.Can(who, action, p.thing(subject)) {
		return Project{}, forbidden()
	}
	return p, nil
}

// List gives the projects of the organization that who may see, oldest first.
func (s *Service) List(ctx context.Context, who access.Principal) ([]Project, error) {
	all, err := s.inOrganization(ctx, who.Organization)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(p Project) bool {
		return !access.Can(who, access.View, p.thing(access.Project))
	}), nil
}

func (s *Service) inOrganization(ctx context.Context, organization string) ([]Project, error) {
	rows := []*projectRow{}
	err := s.db.NewSelect().Model(&rows).Where("organization_uuid = ?", organization).OrderBy("created_at", bun.OrderAsc).
		OrderBy("uuid", bun.OrderAsc).Scan(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]Project, 0, len(rows))
	for _, row := range rows {
		p, err := s.project(row)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// Create makes a project without compiling it. Copied tells whether content of the upstream project came along.
func (s *Service) Create(ctx context.Context, who access.Principal, d Draft) (p Project, copied bool, err error) {
	if err := s.mayCreate(ctx, who, d); err != nil {
		return Project{}, false, err
	}
	if p, err = s.Seed(ctx, who.Organization, who.User, d); err != nil {
		return Project{}, false, err
	}
	if err := s.grantCreator(ctx, p); err != nil || p.Upstream == "" {
		return p, false, err
	}
	copied, err = s.copyUpstream(ctx, who, p)
	return p, copied, err
}

func (s *Service) mayCreate(ctx context.Context, who access.Principal, d Draft) error {
	switch {
	case d.Type != Default && d.Type != Preview:
		return fault.New(fault.Invalid, "Project type must be provided: DEFAULT or PREVIEW")
	case d.Type == Default && d.Upstream != "":
		return fault.New(fault.Invalid, "upstreamProjectUuid can only be given for a project of type PREVIEW")
	}
	if d.Upstream != "" {
		upstream, err := s.Get(ctx, who, d.Upstream)
		if err != nil {
			return err
		}
		if upstream.Type == Preview {
			return fault.New(fault.Forbidden, "A preview can't be made from a preview project")
		}
	}
	thing := access.Thing{Subject: access.Project, Organization: who.Organization, Type: string(d.Type), Upstream: d.Upstream}
	if !access.Can(who, access.Create, thing) {
		return forbidden()
	}
	return nil
}

// Seed makes a project on behalf of the server's operator: nobody's rights are asked. Faults: Invalid, Conflict.
func (s *Service) Seed(ctx context.Context, organization, user string, d Draft) (Project, error) {
	p, err := s.draft(d)
	if err != nil {
		return Project{}, err
	}
	p.Organization, p.CreatedBy = organization, user
	return p, s.insert(ctx, p)
}

// grantCreator makes whoever created a project its admin.
func (s *Service) grantCreator(ctx context.Context, p Project) error {
	if granter, ok := s.ports.People.(Granter); ok && p.CreatedBy != "" {
		return granter.GrantCreator(ctx, p.Organization, p.UUID, p.CreatedBy)
	}
	return nil
}

// draft checks a draft and makes the project of it.
func (s *Service) draft(d Draft) (Project, error) {
	if d.Name == "" {
		return Project{}, fault.New(fault.Invalid, "name must not be empty")
	}
	if d.UUID == "" {
		d.UUID = uuid.NewString()
	}
	if err := check(d.Source, d.Warehouse); err != nil {
		return Project{}, err
	}
	return Project{
		UUID: d.UUID, Name: d.Name, Type: d.Type, Upstream: d.Upstream, DbtVersion: d.DbtVersion, Source: d.Source,
		Warehouse: d.Warehouse, SchedulerZone: "UTC", Selection: Selection{Type: AllTables}, Created: s.now(),
	}, nil
}

// change checks an update and makes the changed project of it: what is left out stays.
func (s *Service) change(p Project, d Draft) (Project, error) {
	if d.Name != "" {
		p.Name = d.Name
	}
	if d.DbtVersion != "" {
		p.DbtVersion = d.DbtVersion
	}
	if d.Source != nil {
		if err := sourceShape.keep("dbtConnection", d.Source, p.Source); err != nil {
			return Project{}, err
		}
		p.Source = d.Source
	}
	if d.Warehouse != nil {
		if err := warehouseShape.keep("warehouseConnection", d.Warehouse, p.Warehouse); err != nil {
			return Project{}, err
		}
		p.Warehouse = d.Warehouse
	}
	return p, check(p.Source, p.Warehouse)
}

// Delete drops a project and everything in it.
func (s *Service) Delete(ctx context.Context, who access.Principal, id string) error {
	p, err := s.allowed(ctx, who, access.Delete, access.Project, id)
	if err != nil {
		return err
	}
	return s.erase(ctx, p.UUID)
}

// EraseOrganization drops all projects of an organization that is deleted, with what is in them. Whoever asks has been
// checked.
func (s *Service) EraseOrganization(ctx context.Context, organization string) error {
	projects, err := s.ProjectsOf(ctx, organization)
	if err != nil {
		return err
	}
	for _, id := range projects {
		if err := s.erase(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// erase drops a project after what is in it, so that an erasure that was cut off can be asked for again.
func (s *Service) erase(ctx context.Context, id string) error {
	if s.ports.Content != nil {
		if err := s.ports.Content.Erase(ctx, id); err != nil {
			return err
		}
	}
	if s.ports.People != nil {
		if err := s.ports.People.Erase(ctx, id); err != nil {
			return err
		}
	}
	if _, err := s.db.NewDelete().Model((*projectRow)(nil)).Where("uuid = ?", id).Exec(ctx); err != nil {
		return err
	}
	s.models.forget(id)
	s.recent.projects.Invalidate(id)
	return nil
}

// SetUpstream changes which project content is promoted to; empty is none.
func (s *Service) SetUpstream(ctx context.Context, who access.Principal, id, upstream string) error {
	p, err := s.allowed(ctx, who, access.Manage, access.Project, id)
	if err != nil {
		return err
	}
	if upstream != "" {
		if upstream == p.UUID {
			return fault.New(fault.Invalid, "upstreamProjectUuid can't be the project itself")
		}
		if _, err := s.Get(ctx, who, upstream); err != nil {
			return err
		}
	}
	p.Upstream = upstream
	return s.save(ctx, p, "upstream_uuid")
}

// SetSchedulerZone changes the time zone of deliveries. Faults: Invalid.
func (s *Service) SetSchedulerZone(ctx context.Context, who access.Principal, id, zone string) error {
	p, err := s.allowed(ctx, who, access.Update, access.Project, id)
	if err != nil {
		return err
	}
	if _, err := time.LoadLocation(zone); err != nil || zone == "" || zone == "Local" {
		return fault.New(fault.Invalid, "schedulerTimezone %q isn't a known time zone", zone)
	}
	p.SchedulerZone = zone
	return s.save(ctx, p, "scheduler_timezone")
}

// Select changes which tables lists show.
func (s *Service) Select(ctx context.Context, who access.Principal, id string, chosen Selection) (Selection, error) {
	p, err := s.allowed(ctx, who, access.Update, access.Project, id)
	if err != nil {
		return Selection{}, err
	}
	switch chosen.Type {
	case AllTables:
		chosen.Names = nil
	case WithTags, WithNames:
		if len(chosen.Names) == 0 {
			return Selection{}, fault.New(fault.Invalid, "tableSelection.value must list at least one name")
		}
	default:
		return Selection{}, fault.New(fault.Invalid, "tableSelection.type must be ALL, WITH_TAGS or WITH_NAMES")
	}
	p.Selection = chosen
	return chosen, s.save(ctx, p, "selection_type", "selection_names")
}

// SetSemanticLayer stores the connection of another semantic layer; nil drops it. A secret that is left out stays.
func (s *Service) SetSemanticLayer(ctx context.Context, who access.Principal, id string, connection map[string]any) error {
	p, err := s.allowed(ctx, who, access.Update, access.Project, id)
	if err != nil {
		return err
	}
	if connection != nil && p.SemanticLayer != nil {
		if err := semanticLayerShape.keep("semanticLayerConnection", connection, p.SemanticLayer); err != nil {
			return err
		}
	}
	p.SemanticLayer = connection
	return s.save(ctx, p, "semantic_layer")
}

// Manageable loads a project that who may manage.
func (s *Service) Manageable(ctx context.Context, who access.Principal, id string) (Project, error) {
	return s.allowed(ctx, who, access.Manage, access.Project, id)
}

// MayViewSemanticLayer refuses who may not look at other semantic layers.
func (s *Service) MayViewSemanticLayer(ctx context.Context, who access.Principal, id string) error {
	_, err := s.allowed(ctx, who, access.View, access.SemanticViewer, id)
	return err
}

// PinnedList gives the uuid of a project's pinned list; empty when there is none.
func (s *Service) PinnedList(ctx context.Context, project string) (string, error) {
	if s.ports.Content == nil {
		return "", nil
	}
	return s.ports.Content.PinnedList(ctx, project)
}
