package project

import (
	"context"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
)

type preferenceRow struct {
	bun.BaseModel `bun:"table:warehouse_preferences"`

	ProjectUUID     string `bun:",pk"`
	UserUUID        string `bun:",pk"`
	CredentialsUUID string
}

// Preference gives the warehouse credentials that who chose for a project; nil when they chose none.
func (s *Service) Preference(ctx context.Context, who access.Principal, id string) (*Credentials, error) {
	p, err := s.Get(ctx, who, id)
	if err != nil {
		return nil, err
	}
	row := new(preferenceRow)
	err = s.db.NewSelect().Model(row).Where("project_uuid = ?", p.UUID).Where("user_uuid = ?", who.User).Scan(ctx)
	if store.NotFound(err) || s.ports.People == nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	found, err := s.ports.People.Credentials(ctx, who.User, row.CredentialsUUID)
	if fault.Is(err, fault.NotFound) {
		return nil, nil // deleted since
	}
	return &found, err
}

// SetPreference chooses warehouse credentials of one's own for a project. Faults: NotFound, Invalid.
func (s *Service) SetPreference(ctx context.Context, who access.Principal, id, credentials string) error {
	p, err := s.Get(ctx, who, id)
	if err != nil {
		return err
	}
	if s.ports.People == nil || !valid(credentials) {
		return fault.New(fault.NotFound, "Warehouse credentials not found")
	}
	found, err := s.ports.People.Credentials(ctx, who.User, credentials)
	if err != nil {
		return err
	}
	if found.WarehouseType != p.Warehouse.Type() {
		return fault.New(fault.Invalid, "The credentials are for %s; the project's warehouse is %s", found.WarehouseType, p.Warehouse.Type())
	}
	row := &preferenceRow{ProjectUUID: p.UUID, UserUUID: who.User, CredentialsUUID: credentials}
	_, err = s.db.NewInsert().Model(row).On("CONFLICT (project_uuid, user_uuid) DO UPDATE").Exec(ctx)
	return err
}
