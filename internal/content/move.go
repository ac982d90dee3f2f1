package content

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
)

// Movable names something that can be moved into a space. Kind is "chart", "sql_chart", "dashboard" or "space".
type Movable struct{ Kind, UUID string }

// Move puts things of a project into a space, all or none; spaces go to the top when none is named. Faults: NotFound,
// Forbidden, Invalid.
func (s *Service) Move(ctx context.Context, who access.Principal, project string, things []Movable, target string) error {
	all := make([]change, len(things))
	for i, thing := range things {
		var err error
		if all[i], err = s.moves(ctx, who, project, thing, target); err != nil {
			return err
		}
	}
	err := s.write(ctx, together(all))
	for _, thing := range things {
		if thing.Kind == kindSpace {
			s.shared(ctx, who, "space.move "+target, thing.UUID, err)
		}
	}
	return err
}

func (s *Service) moves(ctx context.Context, who access.Principal, project string, thing Movable, target string) (change, error) {
	if thing.Kind == kindSpace {
		space, err := s.manageable(ctx, who, project, thing.UUID)
		if err != nil {
			return nil, err
		}
		return s.spaceMove(ctx, who, space, target, "targetSpaceUuid")
	}
	if target == "" {
		return nil, fault.Coded(fault.Invalid, "Parameter", "targetSpaceUuid can't be empty: only spaces lie in none")
	}
	switch thing.Kind {
	case kindDashboard:
		return s.dashboardChange(ctx, who, project, thing.UUID, DashboardChange{Space: &target})
	case kindSQLChart:
		row, to, err := s.changeableSQL(ctx, who, project, thing.UUID, target)
		return func(ctx context.Context, tx bun.Tx) error {
			_, err := tx.NewUpdate().TableExpr("sql_charts").Set("space_uuid = ?", to.UUID).Set("dashboard_uuid = NULL").
				Where("uuid = ?", row.UUID).Where("space_uuid <> ?", to.UUID).Exec(ctx)
			return err
		}, err
	}
	return s.chartChange(ctx, who, project, thing.UUID, ChartChange{Space: &target})
}

// spaceMove decides about putting a space that somebody manages into another one, or to the top. They must manage the
// space that it comes from and the one that it goes to.
func (s *Service) spaceMove(ctx context.Context, who access.Principal, space Space, target, field string) (change, error) {
	p := Project{UUID: space.Project, Organization: space.Organization}
	if space.Tenant != "" || space.Above != nil && !space.Above.opensSpace(who, access.Manage) {
		return nil, forbidden()
	}
	if target == "" {
		if !access.Can(who, access.Create, in(p, access.Space)) {
			return nil, forbidden()
		}
		return toTheTop(who, space), nil
	}
	if err := s.nestable(ctx, who, p, target, field); err != nil {
		return nil, err
	}
	return func(ctx context.Context, tx bun.Tx) error {
		if err := s.fits(ctx, tx, space, target, field); err != nil {
			return err
		}
		_, err := tx.NewUpdate().TableExpr("spaces").Set("parent_uuid = ?", target).Where("uuid = ?", space.UUID).Exec(ctx)
		return err
	}, nil
}

// toTheTop takes a space out of the one that it lies in. It stays as private as it was.
func toTheTop(who access.Principal, space Space) change {
	return func(ctx context.Context, tx bun.Tx) error {
		if space.Above == nil {
			return nil
		}
		_, err := tx.NewUpdate().TableExpr("spaces").Set("parent_uuid = NULL").Set("is_private = ?", space.Private).
			Where("uuid = ?", space.UUID).Exec(ctx)
		if err != nil || !space.Private || !space.Inherits {
			return err
		}
		return keepIn(ctx, tx, who, space) // what they had from above ends
	}
}

// fits checks, among the spaces of a project as they are now, that one may come to lie in another. Whoever moves a space
// holds them all until it is done: two that are moved into each other at a time would leave the tree.
func (s *Service) fits(ctx context.Context, tx bun.Tx, space Space, target, field string) error {
	lock := tx.NewSelect().TableExpr("spaces").Column("uuid").Where("project_uuid = ?", space.Project).Order("uuid")
	if s.db.Postgres() {
		lock.For("UPDATE")
	}
	var held []string
	if err := lock.Scan(ctx, &held); err != nil {
		return err
	}
	moved, levels, err := within(ctx, tx, space.UUID)
	if err != nil {
		return err
	}
	if slices.Contains(moved, target) {
		return fault.Coded(fault.Invalid, "Parameter", "%s: a space can't lie in itself or in what it holds", field)
	}
	return roomUnder(ctx, tx, target, levels, field)
}
