package content

import (
	"context"
	"database/sql"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
)

// ChartVersion is one saved state of a chart.
type ChartVersion struct {
	UUID, Chart string
	CreatedAt   time.Time
	CreatedBy   *Person
}

// historyDays is how far back a chart's history goes.
const historyDays = 30

// ChartHistory lists the versions of a chart of the last days, and always the current one; latest first. Faults:
// NotFound, Forbidden.
func (s *Service) ChartHistory(ctx context.Context, who access.Principal, id string) ([]ChartVersion, error) {
	chart, err := s.chart(ctx, who, id, access.View)
	if err != nil {
		return nil, err
	}
	var rows []chartVersionRow
	err = s.db.NewSelect().Model(&rows).ExcludeColumn("document").Where("chart_uuid = ?", chart.UUID).
		Where("(created_at >= ? OR number = (SELECT version FROM charts WHERE uuid = ?))", s.clock().AddDate(0, 0, -historyDays), chart.UUID).
		Order("number DESC").Scan(ctx)
	if err != nil {
		return nil, err
	}
	users := make([]*string, len(rows))
	for i, row := range rows {
		users[i] = row.CreatedBy
	}
	names, err := s.authors(ctx, who, users...)
	versions := make([]ChartVersion, len(rows))
	for i, row := range rows {
		versions[i] = row.version(names)
	}
	return versions, err
}

func (r chartVersionRow) version(names map[string]Person) ChartVersion {
	return ChartVersion{UUID: r.UUID, Chart: r.Chart, CreatedAt: r.CreatedAt, CreatedBy: named(names, r.CreatedBy)}
}

// ChartAt gives a chart as it was in a version. Faults: NotFound, Forbidden.
func (s *Service) ChartAt(ctx context.Context, who access.Principal, id, version string) (*Chart, ChartVersion, error) {
	chart, space, err := s.findChart(ctx, who, id)
	if err != nil {
		return nil, ChartVersion{}, err
	}
	if err := s.allowChart(ctx, who, access.View, chart, space); err != nil {
		return nil, ChartVersion{}, err
	}
	var found chartVersionRow
	err = sql.ErrNoRows
	if valid(version) {
		err = s.db.NewSelect().Model(&found).Where("chart_uuid = ?", chart.UUID).Where("uuid = ?", version).Scan(ctx)
	}
	if store.NotFound(err) {
		return nil, ChartVersion{}, fault.New(fault.NotFound, "Chart version not found")
	}
	if err != nil {
		return nil, ChartVersion{}, err
	}
	names, err := s.authors(ctx, who, found.CreatedBy)
	if err != nil {
		return nil, ChartVersion{}, err
	}
	chart.UpdatedAt, chart.author, chart.Document = found.CreatedAt, named(names, found.CreatedBy), found.Document
	chart.document, err = chartDocument(found.Document)
	return chart.full(who, space), found.version(names), err
}

// RollbackChart makes an old version the newest one; the versions between stay. Faults: NotFound, Forbidden.
func (s *Service) RollbackChart(ctx context.Context, who access.Principal, id, version string) error {
	if _, err := s.chart(ctx, who, id, access.Update); err != nil {
		return err
	}
	old, _, err := s.ChartAt(ctx, who, id, version)
	if err != nil {
		return err
	}
	return s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		return s.appendChart(ctx, tx, who, old.UUID, old.Document)
	})
}
