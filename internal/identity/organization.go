package identity

import (
	"context"
	"encoding/json"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
)

// Organization is a company with its people and projects.
type Organization struct {
	UUID, Name     string
	ChartColors    []string // nil for the product's own
	DefaultProject string   // uuid; may be empty
	Created        time.Time
}

func (r organizationRow) organization() (Organization, error) {
	o := Organization{UUID: r.ID, Name: r.Name, DefaultProject: deref(r.DefaultProject), Created: r.CreatedAt}
	if r.ChartColors == nil {
		return o, nil
	}
	return o, json.Unmarshal([]byte(*r.ChartColors), &o.ChartColors)
}

// NewOrganization describes an organization to make.
type NewOrganization struct {
	UUID     string // made when empty
	Name     string
	RanQuery bool // its onboarding is done
}

// MakeOrganization makes an organization without asking anybody: for set-up.
func (s *Service) MakeOrganization(ctx context.Context, n NewOrganization) (id string, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		id, err = s.insertOrganization(ctx, tx, n)
		return err
	})
	return id, err
}

func (s *Service) insertOrganization(ctx context.Context, tx bun.Tx, n NewOrganization) (string, error) {
	if n.UUID == "" {
		n.UUID = newID()
	}
	row := organizationRow{ID: n.UUID, Name: n.Name, DomainRole: access.Viewer, CreatedAt: s.now()}
	if n.RanQuery {
		row.RanQueryAt, row.ShownSuccessAt = &row.CreatedAt, &row.CreatedAt
	}
	_, err := tx.NewInsert().Model(&row).Exec(ctx)
	if store.Duplicate(err) {
		return "", fault.New(fault.Conflict, "An organization with this id exists already")
	}
	if err != nil {
		return "", err
	}
	return row.ID, touch(ctx, tx, row.ID)
}

// Organization gives an organization. Faults: NotFound.
func (s *Service) Organization(ctx context.Context, id string) (Organization, error) {
	row := organizationRow{}
	if err := s.db.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx); err != nil {
		return Organization{}, missing(err, "NotExists", "Cannot find organization")
	}
	return row.organization()
}

// Organizations lists all organizations, oldest first.
func (s *Service) Organizations(ctx context.Context) ([]Organization, error) {
	var rows []organizationRow
	if err := s.db.NewSelect().Model(&rows).Order("created_at", "id").Scan(ctx); err != nil {
		return nil, err
	}
	all := make([]Organization, len(rows))
	for i, row := range rows {
		var err error
		if all[i], err = row.organization(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// MyOrganization gives the principal's organization, and whether it has no project yet. Faults: Forbidden.
func (s *Service) MyOrganization(ctx context.Context, who access.Principal) (o Organization, needsProject bool, err error) {
	if who.Organization == "" {
		return o, false, fault.New(fault.Forbidden, "User is not part of an organization")
	}
	if o, err = s.Organization(ctx, who.Organization); err != nil || s.config.Projects == nil {
		return o, true, err
	}
	has, err := s.config.Projects.Has(ctx, o.UUID)
	return o, !has, err
}

// OrganizationUpdate changes an organization; nil leaves a field as it is.
type OrganizationUpdate struct {
	Name           *string
	ChartColors    *[]string
	DefaultProject *string
}

// UpdateOrganization changes the principal's organization. Faults: Forbidden, NotFound for a project of others.
func (s *Service) UpdateOrganization(ctx context.Context, who access.Principal, up OrganizationUpdate) error {
	if err := s.requireOrganization(ctx, who, access.Update); err != nil {
		return err
	}
	if up.DefaultProject != nil {
		if _, err := s.projectOf(ctx, who, *up.DefaultProject); err != nil {
			return err
		}
	}
	q := s.db.NewUpdate().Table("organizations").Where("id = ?", who.Organization).Set("id = id")
	setIf(q, "name", up.Name)
	setIf(q, "default_project", up.DefaultProject)
	if up.ChartColors != nil {
		colors, err := json.Marshal(*up.ChartColors)
		if err != nil {
			return err
		}
		q.Set("chart_colors = ?", string(colors))
	}
	_, err := q.Exec(ctx)
	return err
}

// DeleteOrganization deletes the principal's organization with its projects and all its users. Faults: Forbidden.
func (s *Service) DeleteOrganization(ctx context.Context, who access.Principal, id string) error {
	if id != who.Organization {
		return forbidden()
	}
	if err := s.requireOrganization(ctx, who, access.Delete); err != nil {
		return err
	}
	if s.config.Projects != nil {
		if err := s.config.Projects.EraseOrganization(ctx, id); err != nil {
			return err
		}
	}
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := touch(ctx, tx, "", id); err != nil {
			return err
		}
		_, err := tx.NewDelete().Model((*organizationRow)(nil)).Where("id = ?", id).Exec(ctx)
		return err
	})
	s.audit(ctx, who, "organization.delete", id, err != nil)
	return err
}

func (s *Service) requireOrganization(ctx context.Context, who access.Principal, action access.Action) error {
	return s.require(ctx, who, action,
		access.Thing{Subject: access.Organization, UUID: who.Organization, Organization: who.Organization})
}

// Onboarding says how far a new organization has come.
type Onboarding struct{ RanQuery, ShownSuccess bool }

// Onboarding reports on the principal's organization. Faults: Forbidden.
func (s *Service) Onboarding(ctx context.Context, who access.Principal) (Onboarding, error) {
	row := organizationRow{}
	if err := s.db.NewSelect().Model(&row).Where("id = ?", who.Organization).Scan(ctx); store.NotFound(err) {
		return Onboarding{}, forbidden()
	} else if err != nil {
		return Onboarding{}, err
	}
	return Onboarding{row.RanQueryAt != nil, row.ShownSuccessAt != nil}, nil
}

// MarkQueryRan notes that the organization ran its first query.
func (s *Service) MarkQueryRan(ctx context.Context, organization string) error {
	return s.mark(ctx, "ran_query_at", organization)
}

// MarkSuccessShown notes that the organization was congratulated on its first query.
func (s *Service) MarkSuccessShown(ctx context.Context, who access.Principal) error {
	return s.mark(ctx, "shown_success_at", who.Organization)
}

func (s *Service) mark(ctx context.Context, column, organization string) error {
	_, err := s.db.NewUpdate().Table("organizations").Set("? = ?", bun.Ident(column), s.now()).
		Where("id = ?", organization).Where("? IS NULL", bun.Ident(column)).Exec(ctx)
	return err
}

// Founded tells whether anybody has founded an organization yet.
func (s *Service) Founded(ctx context.Context) (bool, error) {
	return s.db.NewSelect().Table("organizations").Exists(ctx)
}
