package content

import (
	"context"

	"github.com/uptrace/bun"

	"inlay/internal/access"
)

// SQLChartCode is a chart over SQL as code.
type SQLChartCode struct {
	Slug, Name, Description string
	Space                   string // slug
	Document                SQLDocument
}

// SQLChartCodes gives the charts over SQL of a project that who may see, from a place in their list on, and how many
// there are. Faults: NotFound, Forbidden.
func (s *Service) SQLChartCodes(ctx context.Context, who access.Principal, project string, from, size int) ([]SQLChartCode, int, error) {
	if _, err := s.allowed(ctx, who, access.View, access.Project, project); err != nil {
		return nil, 0, err
	}
	seen, err := s.visible(ctx, who, project)
	if err != nil || len(seen) == 0 {
		return nil, 0, err
	}
	slugs := []string{}
	err = s.db.NewSelect().TableExpr("sql_charts").Column("slug").Where("project_uuid = ?", project).
		Where("space_uuid IN (?)", bun.List(keys(seen))).Order("slug").Scan(ctx, &slugs)
	if err != nil {
		return nil, 0, err
	}
	codes := []SQLChartCode{}
	for _, slug := range window(slugs, from, size) {
		chart, err := s.SQLChartBySlug(ctx, who, project, slug)
		if err != nil {
			return nil, 0, err
		}
		codes = append(codes, SQLChartCode{Slug: chart.Slug, Name: chart.Name, Description: text(chart.Description), Space: chart.Space.Slug,
			Document: SQLDocument{SQL: chart.SQL, Limit: chart.Limit, Config: chart.Config}})
	}
	return codes, len(slugs), nil
}

// PutSQLChart makes or changes the chart over SQL with a slug, for somebody who may write SQL. Faults: NotFound,
// Forbidden.
func (s *Service) PutSQLChart(ctx context.Context, who access.Principal, project string, c SQLChartCode) (Put, error) {
	p, err := s.allowed(ctx, who, access.Manage, access.CustomSQL, project)
	if err != nil {
		return "", err
	}
	space, err := s.codeSpace(ctx, who, p, c.Space)
	if err != nil {
		return "", err
	}
	id, err := s.bySlug(ctx, "sql_charts", p, c.Slug)
	if err != nil {
		return "", err
	}
	if id == "" {
		_, _, err := s.CreateSQLChart(ctx, who, project, NewSQLChart{Space: space.UUID, Slug: c.Slug, Name: c.Name,
			Description: optional(c.Description), Document: c.Document})
		return PutCreates, err
	}
	there, err := s.SQLChart(ctx, who, project, id)
	if err != nil {
		return "", err
	}
	change := SQLChange{Unversioned: &SQLNames{Name: c.Name, Description: optional(c.Description), Space: space.UUID}, Versioned: &c.Document}
	if there.SQL == c.Document.SQL && there.Limit == c.Document.Limit && alike(there.Config, c.Document.Config) {
		change.Versioned = nil
		if there.Name == c.Name && text(there.Description) == c.Description && there.Space.UUID == space.UUID {
			return PutKeeps, nil
		}
	}
	_, err = s.UpdateSQLChart(ctx, who, project, id, change)
	return PutUpdates, err
}
