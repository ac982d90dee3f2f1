package content

import (
	"context"
	"fmt"

	"inlay/internal/access"
	"inlay/internal/audit"
	"inlay/internal/fault"
	"inlay/internal/store"
)

// Place is where a dashboard or chart stands, for issuing credentials that are confined to it. It tells nothing of
// what is in it, so it takes no principal: whoever issues credentials for an organization has been checked already.
type Place struct {
	Kind                string // "dashboard" or "chart"
	UUID, Project, Name string
	AllowEmbed          bool
}

// Locate finds what a uuid names in an organization. Faults: NotFound.
func (s *Service) Locate(ctx context.Context, organization, id string) (Place, error) {
	missing := fault.New(fault.NotFound, "There is no dashboard and no chart with the id %s", id)
	if !valid(id) {
		return Place{}, missing
	}
	var d dashboardRow
	err := s.db.NewSelect().Model(&d).Where("d.uuid = ?", id).Where("d.organization_uuid = ?", organization).Scan(ctx)
	if err == nil || !store.NotFound(err) {
		return d.place(), err
	}
	var c chartRow
	err = s.db.NewSelect().Model(&c).Where("c.uuid = ?", id).Where("c.organization_uuid = ?", organization).Scan(ctx)
	if store.NotFound(err) {
		return Place{}, missing
	}
	return Place{Kind: "chart", UUID: c.UUID, Project: c.Project, Name: c.Name}, err
}

func (r dashboardRow) place() Place {
	return Place{Kind: "dashboard", UUID: r.UUID, Project: r.Project, Name: r.Name, AllowEmbed: r.AllowEmbed}
}

// Published finds a project's dashboard by its public id, uuid or slug. Faults: NotFound.
func (s *Service) Published(ctx context.Context, project, id string) (Place, error) {
	var d dashboardRow
	err := s.db.NewSelect().Model(&d).Where("d.project_uuid = ?", project).
		Where("(d.public_id = ? OR d.uuid = ? OR d.slug = ?)", id, id, id).
		OrderExpr("CASE WHEN d.public_id = ? THEN 0 WHEN d.uuid = ? THEN 1 ELSE 2 END", id, id).Limit(1).Scan(ctx)
	if store.NotFound(err) {
		return Place{}, noDashboard()
	}
	return d.place(), err
}

// Embedded gives a dashboard to an embedding session that names it by its public id. Faults: NotFound; Forbidden when
// embedding is off.
func (s *Service) Embedded(ctx context.Context, who access.Principal, id string) (*Dashboard, error) {
	d, err := s.FindDashboard(ctx, who, id)
	if err != nil {
		return nil, err
	}
	if !d.AllowEmbed {
		return nil, fault.New(fault.Forbidden, "Embedding is off for this dashboard")
	}
	return d, nil
}

// SetEmbedding lets signed sessions show a dashboard, or not. Faults: NotFound.
func (s *Service) SetEmbedding(ctx context.Context, organization, id string, on bool) error {
	done, err := s.db.NewUpdate().TableExpr("dashboards").Set("allow_embed = ?", on).
		Where("organization_uuid = ?", organization).Where("(public_id = ? OR uuid = ?)", id, id).Exec(ctx)
	if err != nil {
		return err
	}
	n, err := done.RowsAffected()
	if err == nil && n == 0 {
		return noDashboard()
	}
	s.audit.Record(ctx, audit.Event{Organization: organization, Act: fmt.Sprintf("dashboard.embed %t", on), Target: id, Refused: err != nil})
	return err
}
