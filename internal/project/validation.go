package project

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/semantic"
)

// Target is a kind of thing that can be validated.
type Target string

// Targets, by their names on the wire.
const (
	ChartTarget     Target = "charts"
	DashboardTarget Target = "dashboards"
	TableTarget     Target = "tables"
)

// Finding is one thing that is broken. Source is chart, dashboard or table.
type Finding struct {
	ID        int64
	Project   string
	Source    string
	Item      string // uuid of the chart or dashboard
	Name      string // of the chart, dashboard or table
	Error     string
	ErrorType string // chart, sorting, filter, metric, model, dimension, custom metric
	Field     string
	Chart     string // the name of a dashboard's broken chart
	Created   time.Time

	OfChart     *Chart     // as it is now; nil when it is gone
	OfDashboard *Dashboard // as it is now; nil when it is gone
}

type findingRow struct {
	bun.BaseModel `bun:"table:validations"`

	ID          int64 `bun:",pk"`
	ProjectUUID string
	Job         string
	Source      string
	ItemUUID    *string
	Name        string
	Error       string
	ErrorType   string
	Field       string
	Chart       string
	CreatedAt   time.Time
}

// Validate starts looking for what is broken, and gives the job's id. Without targets it looks at everything. With
// explores, they are validated against instead of the project's own, and the findings are kept under the job's id.
func (s *Service) Validate(ctx context.Context, who access.Principal, id string, targets []Target,
	explores []*semantic.Explore) (string, error) {
	p, err := s.allowed(ctx, who, access.Manage, access.Validation, id)
	if err != nil {
		return "", err
	}
	if s.ports.Tasks == nil {
		return "", fault.New(fault.Unimplemented, "This server runs no background work")
	}
	if len(targets) == 0 {
		targets = []Target{ChartTarget, DashboardTarget, TableTarget}
	}
	return s.ports.Tasks.Start(ctx, who, p.UUID, "validateProject", func(ctx context.Context, job string) (map[string]any, error) {
		against := &model{explores: explores}
		if explores == nil {
			job = ""
			var err error
			if against, err = s.model(ctx, p.UUID); err != nil {
				return nil, err
			}
		}
		found, err := s.validate(ctx, p.UUID, targets, against)
		if err != nil {
			return nil, err
		}
		return nil, s.storeFindings(ctx, p.UUID, job, found)
	})
}

// storeFindings replaces what the last validation of the same kind found.
func (s *Service) storeFindings(ctx context.Context, project, job string, found []Finding) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewDelete().Model((*findingRow)(nil)).Where("project_uuid = ?", project).Where("job = ?", job).Exec(ctx)
		if err != nil {
			return err
		}
		rows := make([]*findingRow, 0, len(found))
		for _, f := range found {
			rows = append(rows, &findingRow{
				ID: number(), ProjectUUID: project, Job: job, Source: f.Source, ItemUUID: optional(f.Item), Name: f.Name,
				Error: f.Error, ErrorType: f.ErrorType, Field: f.Field, Chart: f.Chart, CreatedAt: s.now(),
			})
		}
		for chunk := range slices.Chunk(rows, 100) {
			if _, err := tx.NewInsert().Model(&chunk).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// number makes a random id that a JSON number holds exactly.
func number() int64 {
	var data [8]byte
	_, _ = rand.Read(data[:]) // never fails since Go 1.24
	return int64(binary.BigEndian.Uint64(data[:])>>12) + 1
}

// Findings gives what the last validation found, or that of a job.
func (s *Service) Findings(ctx context.Context, who access.Principal, id, job string) ([]Finding, error) {
	p, err := s.allowed(ctx, who, access.Manage, access.Validation, id)
	if err != nil {
		return nil, err
	}
	rows := []*findingRow{}
	err = s.db.NewSelect().Model(&rows).Where("project_uuid = ?", p.UUID).Where("job = ?", job).
		OrderBy("source", bun.OrderAsc).OrderBy("name", bun.OrderAsc).OrderBy("id", bun.OrderAsc).Scan(ctx)
	if err != nil {
		return nil, err
	}
	charts, dashboards, err := s.contents(ctx, p.UUID)
	if err != nil {
		return nil, err
	}
	found := make([]Finding, 0, len(rows))
	for _, r := range rows {
		f := Finding{
			ID: r.ID, Project: r.ProjectUUID, Source: r.Source, Item: value(r.ItemUUID), Name: r.Name, Error: r.Error,
			ErrorType: r.ErrorType, Field: r.Field, Chart: r.Chart, Created: r.CreatedAt.UTC(),
		}
		f.OfChart, f.OfDashboard = charts[f.Item], dashboards[f.Item]
		found = append(found, f)
	}
	return found, nil
}

func (s *Service) contents(ctx context.Context, project string) (map[string]*Chart, map[string]*Dashboard, error) {
	charts, dashboards := map[string]*Chart{}, map[string]*Dashboard{}
	if s.ports.Content == nil {
		return charts, dashboards, nil
	}
	allCharts, err := s.ports.Content.Charts(ctx, project)
	if err != nil {
		return nil, nil, err
	}
	allDashboards, err := s.ports.Content.Dashboards(ctx, project)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range allCharts {
		charts[c.UUID] = &c
	}
	for _, d := range allDashboards {
		dashboards[d.UUID] = &d
	}
	return charts, dashboards, nil
}

// Dismiss forgets a finding. Faults: NotFound.
func (s *Service) Dismiss(ctx context.Context, who access.Principal, id string, finding int64) error {
	p, err := s.allowed(ctx, who, access.Manage, access.Validation, id)
	if err != nil {
		return err
	}
	result, err := s.db.NewDelete().Model((*findingRow)(nil)).Where("id = ?", finding).Where("project_uuid = ?", p.UUID).Exec(ctx)
	if err != nil {
		return err
	}
	if gone, err := result.RowsAffected(); err != nil || gone == 0 {
		return fault.New(fault.NotFound, "Validation with id %d not found", finding)
	}
	return nil
}

// FindingsOf summarises what is known to be broken in charts and dashboards, by their uuids.
func (s *Service) FindingsOf(ctx context.Context, project string) (map[string][]ValidationSummary, error) {
	rows := []*findingRow{}
	err := s.db.NewSelect().Model(&rows).Where("project_uuid = ?", project).Where("job = ?", "").
		Where("item_uuid IS NOT NULL").OrderBy("id", bun.OrderAsc).Scan(ctx)
	if err != nil {
		return nil, err
	}
	found := map[string][]ValidationSummary{}
	for _, r := range rows {
		found[*r.ItemUUID] = append(found[*r.ItemUUID], ValidationSummary{r.ID, r.Error, r.CreatedAt.UTC()})
	}
	return found, nil
}
