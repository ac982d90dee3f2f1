package content

import (
	"context"
	"encoding/json"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
)

// CreateDelivery makes a delivery of a chart or dashboard. Faults: NotFound, Forbidden, Invalid.
func (s *Service) CreateDelivery(ctx context.Context, who access.Principal, d Delivery) (*Delivery, error) {
	if err := s.subject(ctx, who, &d); err != nil {
		return nil, err
	}
	if err := d.check(); err != nil {
		return nil, err
	}
	d.UUID, d.CreatedBy, d.CreatedAt = newID(), who.User, s.clock()
	d.UpdatedAt = d.CreatedAt
	row, err := d.row()
	if err != nil {
		return nil, err
	}
	err = s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewInsert().Model(row).Exec(ctx); err != nil {
			return err
		}
		return insertTargets(ctx, tx, d)
	})
	if err != nil {
		return nil, err
	}
	return s.Delivery(ctx, who, d.UUID)
}

func (d Delivery) row() (*deliveryRow, error) {
	document, err := json.Marshal(d.Details)
	return &deliveryRow{UUID: d.UUID, Organization: d.Organization, Project: d.Project, Chart: optional(d.Chart),
		Dashboard: optional(d.Dashboard), Name: d.Name, Cron: d.Cron, Timezone: d.Timezone, Enabled: d.Enabled,
		Document: string(document), CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt}, err
}

func insertTargets(ctx context.Context, tx bun.Tx, d Delivery) error {
	for _, target := range d.Targets {
		row := &targetRow{UUID: newID(), Delivery: d.UUID, Channel: optional(target.Channel),
			Recipient: optional(target.Recipient), CreatedAt: d.UpdatedAt, UpdatedAt: d.UpdatedAt}
		if _, err := tx.NewInsert().Model(row).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// changeable loads a delivery that the principal made, or may manage.
func (s *Service) changeable(ctx context.Context, who access.Principal, id string) (*Delivery, error) {
	d, err := s.Delivery(ctx, who, id)
	if err != nil {
		return nil, err
	}
	p := in(Project{UUID: d.Project, Organization: d.Organization}, access.Deliveries)
	own := d.CreatedBy == who.User && access.Can(who, access.Create, p)
	if !own && !access.Can(who, access.Manage, p) {
		return nil, forbidden()
	}
	return d, nil
}

// UpdateDelivery replaces what a delivery sends, when and to whom. Faults: NotFound, Forbidden, Invalid.
func (s *Service) UpdateDelivery(ctx context.Context, who access.Principal, id string, to Delivery) (*Delivery, error) {
	d, err := s.changeable(ctx, who, id)
	if err != nil {
		return nil, err
	}
	if err := to.check(); err != nil {
		return nil, err
	}
	if _, err := time.LoadLocation(text(to.Timezone)); err != nil {
		return nil, fault.New(fault.Invalid, "Timezone string is not valid: %s", text(to.Timezone))
	}
	d.Name, d.Cron, d.Timezone, d.Details, d.Targets, d.UpdatedAt = to.Name, to.Cron, to.Timezone, to.Details, to.Targets, s.clock()
	row, err := d.row()
	if err != nil {
		return nil, err
	}
	err = s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewUpdate().Model(row).Column("name", "cron", "timezone", "document", "updated_at").WherePK().Exec(ctx)
		if err != nil {
			return err
		}
		if _, err := tx.NewDelete().Model((*targetRow)(nil)).Where("delivery_uuid = ?", d.UUID).Exec(ctx); err != nil {
			return err
		}
		return insertTargets(ctx, tx, *d)
	})
	if err != nil {
		return nil, err
	}
	return s.Delivery(ctx, who, id)
}

// EnableDelivery switches a delivery on or off. Faults: NotFound, Forbidden.
func (s *Service) EnableDelivery(ctx context.Context, who access.Principal, id string, enabled bool) (*Delivery, error) {
	d, err := s.changeable(ctx, who, id)
	if err != nil {
		return nil, err
	}
	_, err = s.db.NewUpdate().Model((*deliveryRow)(nil)).Set("enabled = ?", enabled).Set("updated_at = ?", s.clock()).
		Where("uuid = ?", d.UUID).Exec(ctx)
	if err != nil {
		return nil, err
	}
	return s.Delivery(ctx, who, id)
}

// DeleteDelivery deletes a delivery. Faults: NotFound, Forbidden.
func (s *Service) DeleteDelivery(ctx context.Context, who access.Principal, id string) error {
	d, err := s.changeable(ctx, who, id)
	if err != nil {
		return err
	}
	_, err = s.db.NewDelete().Model((*deliveryRow)(nil)).Where("uuid = ?", d.UUID).Exec(ctx)
	return err
}

// DisableDelivery switches off a delivery that was to send once, for nobody in particular.
func (s *Service) DisableDelivery(ctx context.Context, id string) error {
	_, err := s.db.NewUpdate().Model((*deliveryRow)(nil)).Set("enabled = ?", false).Set("updated_at = ?", s.clock()).
		Where("uuid = ?", id).Exec(ctx)
	return err
}
