package project

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
	"inlay/internal/warehouse"
)

type connectionRow struct {
	bun.BaseModel `bun:"table:connections"`

	UUID             string `bun:",pk"`
	OrganizationUUID string
	Name             string
	Settings         string
	Overridable      bool
	CreatedAt        time.Time
}

// Connection is one that an organization has beside its projects' own, such as a database of one tenant.
type Connection struct {
	UUID, Name  string
	Settings    map[string]any // without secrets
	Overridable bool           // may be given to tenants in place of the project's
	Created     time.Time
}

// AddConnection stores a connection beside the projects' own, for admins of the organization. Faults: Invalid, Forbidden.
func (s *Service) AddConnection(ctx context.Context, who access.Principal, name string, settings warehouse.Settings,
	overridable bool) (string, error) {
	if err := administersConnections(who); err != nil {
		return "", err
	}
	if strings.TrimSpace(name) == "" {
		return "", fault.New(fault.Invalid, "name is required")
	}
	if err := settings.Check(); err != nil {
		return "", err
	}
	return s.SeedConnection(ctx, who.Organization, "", name, settings, overridable)
}

// SeedConnection is AddConnection on behalf of the server's operator; an empty id is made.
func (s *Service) SeedConnection(ctx context.Context, organization, id, name string, settings warehouse.Settings,
	overridable bool) (string, error) {
	if id == "" {
		id = uuid.NewString()
	}
	sealed, err := s.seal("connection", id, settings)
	if err != nil {
		return "", err
	}
	row := &connectionRow{
		UUID: id, OrganizationUUID: organization, Name: name, Settings: sealed, Overridable: overridable, CreatedAt: s.now(),
	}
	_, err = s.db.NewInsert().Model(row).Exec(ctx)
	return id, err
}

// Connections lists an organization's connections by name, for its admins. Faults: Forbidden.
func (s *Service) Connections(ctx context.Context, who access.Principal) ([]Connection, error) {
	if err := administersConnections(who); err != nil {
		return nil, err
	}
	var rows []connectionRow
	if err := s.db.NewSelect().Model(&rows).Where("organization_uuid = ?", who.Organization).Order("name", "uuid").Scan(ctx); err != nil {
		return nil, err
	}
	list := make([]Connection, len(rows))
	for i, row := range rows {
		settings := warehouse.Settings{}
		if err := s.unseal("connection", row.UUID, row.Settings, &settings); err != nil {
			return nil, err
		}
		list[i] = Connection{row.UUID, row.Name, warehouseShape.public(settings), row.Overridable, row.CreatedAt}
	}
	return list, nil
}

// RemoveConnection takes a connection away; tenants that were given it read nothing any more. Faults: NotFound, Forbidden.
func (s *Service) RemoveConnection(ctx context.Context, who access.Principal, id string) error {
	if err := administersConnections(who); err != nil {
		return err
	}
	row, err := s.connection(ctx, who.Organization, id)
	if err != nil {
		return err
	}
	_, err = s.db.NewDelete().Model(row).WherePK().Exec(ctx)
	s.recent.connections.Invalidate([2]string{who.Organization, id})
	return err
}

func administersConnections(who access.Principal) error {
	if !access.Can(who, access.Manage, access.Thing{Subject: access.Organization, Organization: who.Organization}) {
		return forbidden()
	}
	return nil
}

func (s *Service) connection(ctx context.Context, organization, id string) (*connectionRow, error) {
	none := fault.New(fault.NotFound, "The organization has no connection %q", id)
	if !valid(id) {
		return nil, none
	}
	row := new(connectionRow)
	err := s.db.NewSelect().Model(row).Where("uuid = ?", id).Where("organization_uuid = ?", organization).Scan(ctx)
	if store.NotFound(err) {
		return nil, none
	}
	return row, err
}

// Overridable refuses a connection that tenants of the organization may not be given: NotFound, Forbidden.
func (s *Service) Overridable(ctx context.Context, organization, connection string) error {
	row, err := s.connection(ctx, organization, connection)
	if err != nil {
		return err
	}
	if !row.Overridable {
		return fault.New(fault.Forbidden, "The connection %q isn't open to tenants", connection)
	}
	return nil
}
