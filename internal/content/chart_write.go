package content

import (
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/query"
)

// NewChart is what a chart is made of. Space and Dashboard are exclusive; without both it goes to the default space.
type NewChart struct {
	Name        string
	Slug        string // empty: made of the name
	Description *string
	Space       string
	Dashboard   string
	Document    ChartDocument
}

// CreateChart saves a new chart. Faults: NotFound, Forbidden, NotExists, Invalid.
func (s *Service) CreateChart(ctx context.Context, who access.Principal, project string, n NewChart) (*Chart, error) {
	if err := checkName("name", n.Name); err != nil {
		return nil, err
	}
	p, err := s.project(ctx, who, project)
	if err != nil {
		return nil, err
	}
	id, err := s.saveChart(ctx, who, p, n)
	if err != nil {
		return nil, err
	}
	_, err = s.door.Explore(ctx, who, p.UUID, n.Document.Explore)
	if err != nil && fault.Is(err, fault.NotFound) {
		return nil, err // as recorded: the chart is kept, so that work on a table that is just being built isn't lost
	}
	return s.chart(ctx, who, id, access.View)
}

// saveChart writes a new chart where who may make one, and gives its uuid.
func (s *Service) saveChart(ctx context.Context, who access.Principal, p Project, n NewChart) (string, error) {
	space, err := s.target(ctx, who, p, n.Space, n.Dashboard)
	if err != nil {
		return "", err
	}
	if !space.opens(who, access.Create, space.thing(access.SavedChart, "")) {
		return "", forbidden()
	}
	if space.Tenant != "" {
		n.Slug = privateSlug(n.Name)
	}
	if err := s.mayWrite(ctx, who, p, n.Document); err != nil {
		return "", err
	}
	row := chartRow{Space: space.UUID, Dashboard: optional(n.Dashboard), Name: n.Name, Description: n.Description, Slug: n.Slug}
	err = s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		made, err := s.insertChart(ctx, tx, p, who.User, row, n.Document)
		row.UUID = made.UUID
		return err
	})
	return row.UUID, err
}

// target is the space that content is to be made in.
func (s *Service) target(ctx context.Context, who access.Principal, p Project, space, dashboard string) (Space, error) {
	if dashboard != "" {
		row, home, err := s.findDashboard(ctx, who, dashboard)
		if err == nil && row.Project != p.UUID {
			err = noDashboard()
		}
		return home, err
	}
	if space == "" {
		return s.defaultSpace(ctx, who, p)
	}
	home, err := s.space(ctx, who, space, "Space")
	if err == nil && home.Project != p.UUID {
		err = fault.New(fault.NotFound, "Space with spaceUuid %s does not exist", space)
	}
	return home, err
}

// mayWrite checks that SQL in a chart comes from somebody who may write SQL for the project, and that a tenant may ask
// what its chart asks: the query is planned as theirs before anybody can open it.
func (s *Service) mayWrite(ctx context.Context, who access.Principal, p Project, d ChartDocument) error {
	sql := slices.ContainsFunc(d.Query.CustomDimensions, func(c metric.CustomDimension) bool { return c.Type == "sql" })
	if sql && !access.Can(who, access.Manage, in(p, access.CustomSQL)) {
		return fault.New(fault.Forbidden, "User cannot save queries with custom SQL dimensions")
	}
	if !who.Embedded() {
		return nil
	}
	_, err := s.door.Compile(ctx, who, query.Request{Project: p.UUID, Explore: d.Explore, Query: d.Query, Purpose: query.Chart})
	return err
}

// insertChart writes a chart with its first version. What the row already names is kept: seeds bring ids and times.
func (s *Service) insertChart(ctx context.Context, tx bun.Tx, p Project, user string, row chartRow, d ChartDocument) (chartRow, error) {
	row.Organization, row.Project = p.Organization, p.UUID
	if row.UUID == "" {
		row.UUID = newID()
	}
	if row.CreatedAt.IsZero() {
		row.CreatedAt = s.clock()
	}
	row.CreatedBy, row.UpdatedBy, row.UpdatedAt, row.Version = optional(user), optional(user), row.CreatedAt, 1
	row.Type, row.Kind = kindOf(d.Config)
	row.Explore = d.Explore
	slug, err := slugFor(ctx, tx, "charts", p, row.Slug, row.Name)
	if err != nil {
		return row, err
	}
	row.Slug = slug
	return row, insertChartRow(ctx, tx, row, d)
}

// insertChartRow writes the row as it is, with its document as the current version.
func insertChartRow(ctx context.Context, tx bun.Tx, row chartRow, d ChartDocument) error {
	if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
		return err
	}
	return insertChartVersion(ctx, tx, row, d)
}

func insertChartVersion(ctx context.Context, tx bun.Tx, row chartRow, d ChartDocument) error {
	d, err := ordered(d)
	if err != nil {
		return err
	}
	document, err := d.store()
	if err != nil {
		return err
	}
	_, err = tx.NewInsert().Model(&chartVersionRow{UUID: newID(), Chart: row.UUID, Number: row.Version,
		Document: document, CreatedBy: row.UpdatedBy, CreatedAt: row.UpdatedAt}).Exec(ctx)
	return err
}

// AddChartVersion saves a new version of a chart. Faults: NotFound, Forbidden.
func (s *Service) AddChartVersion(ctx context.Context, who access.Principal, id string, d ChartDocument) (*Chart, error) {
	chart, err := s.chart(ctx, who, id, access.Update)
	if err != nil {
		return nil, err
	}
	p, err := s.project(ctx, who, chart.Project)
	if err != nil {
		return nil, err
	}
	if err := s.mayWrite(ctx, who, p, d); err != nil {
		return nil, err
	}
	err = s.write(ctx, func(ctx context.Context, tx bun.Tx) error { return s.appendChart(ctx, tx, who, chart.UUID, d) })
	if err != nil {
		return nil, err
	}
	return s.chart(ctx, who, id, access.View)
}

// appendChart adds a version. Taking the number and using it is one transaction that holds the chart's row, so of two
// at a time both are kept.
func (s *Service) appendChart(ctx context.Context, tx bun.Tx, who access.Principal, id string, d ChartDocument) error {
	row := chartRow{UUID: id, UpdatedBy: optional(who.User), UpdatedAt: s.clock()}
	chartType, kind := kindOf(d.Config)
	err := tx.NewUpdate().TableExpr("charts").Set("version = version + 1").Set("explore = ?", d.Explore).
		Set("chart_type = ?", chartType).Set("chart_kind = ?", kind).Set("updated_at = ?", row.UpdatedAt).
		Set("updated_by = ?", row.UpdatedBy).Where("uuid = ?", id).Returning("version").Scan(ctx, &row.Version)
	if err != nil {
		return fmt.Errorf("content.appendChart: %w", err)
	}
	return insertChartVersion(ctx, tx, row, d)
}

// ChartChange is what of a chart can change without a new version. Nil leaves as is.
type ChartChange struct {
	Name        *string
	Description *string
	Space       *string
}

// UpdateChart changes a chart's name, description or space. Faults: NotFound, Forbidden.
func (s *Service) UpdateChart(ctx context.Context, who access.Principal, id string, change ChartChange) (*Chart, error) {
	apply, err := s.chartChange(ctx, who, "", id, change)
	if err != nil {
		return nil, err
	}
	if err := s.write(ctx, apply); err != nil {
		return nil, err
	}
	return s.chart(ctx, who, id, access.View)
}

// ChartUpdate is one of many changes.
type ChartUpdate struct {
	UUID string
	ChartChange
}

// UpdateCharts changes several charts of a project, or none. Faults: NotFound, Forbidden.
func (s *Service) UpdateCharts(ctx context.Context, who access.Principal, project string, updates []ChartUpdate) ([]*Chart, error) {
	all := make([]change, len(updates))
	for i, up := range updates {
		var err error
		if all[i], err = s.chartChange(ctx, who, project, up.UUID, up.ChartChange); err != nil {
			return nil, err
		}
	}
	if err := s.write(ctx, together(all)); err != nil {
		return nil, err
	}
	charts := make([]*Chart, len(updates))
	for i, up := range updates {
		var err error
		if charts[i], err = s.chart(ctx, who, up.UUID, access.View); err != nil {
			return nil, err
		}
	}
	return charts, nil
}

// chartChange decides about a change, in any project when none is given.
func (s *Service) chartChange(ctx context.Context, who access.Principal, project, id string, c ChartChange) (change, error) {
	if err := checkNewName(c.Name); err != nil {
		return nil, err
	}
	row, space, err := s.findChart(ctx, who, id)
	if err != nil {
		return nil, err
	}
	if project != "" && row.Project != project {
		return nil, noChart()
	}
	if err := s.allowChart(ctx, who, access.Update, row, space); err != nil {
		return nil, err
	}
	to := Space{}
	if c.Space != nil && *c.Space != "" && (*c.Space != row.Space || row.Dashboard != nil) {
		if to, err = s.space(ctx, who, *c.Space, "Space"); err != nil {
			return nil, err
		}
		if to.Project != row.Project || !to.opens(who, access.Update, to.thing(access.SavedChart, row.UUID)) {
			return nil, fault.New(fault.Forbidden, "You don't have access to the space this chart is being moved to")
		}
	}
	return func(ctx context.Context, tx bun.Tx) error {
		update := tx.NewUpdate().TableExpr("charts").Set("uuid = uuid").Where("uuid = ?", row.UUID)
		if c.Name != nil {
			update.Set("name = ?", *c.Name)
		}
		if c.Description != nil {
			update.Set("description = ?", *c.Description)
		}
		if to.UUID != "" {
			update.Set("space_uuid = ?", to.UUID).Set("dashboard_uuid = NULL")
		}
		_, err := update.Exec(ctx)
		return err
	}, nil
}

// DuplicateChart copies a chart beside the original. Faults: NotFound, Forbidden, Invalid.
func (s *Service) DuplicateChart(ctx context.Context, who access.Principal, project, id, name string, description *string) (*Chart, error) {
	if err := checkName("chartName", name); err != nil {
		return nil, err
	}
	original, err := s.chart(ctx, who, id, access.View)
	if err != nil {
		return nil, err
	}
	if original.Project != project {
		return nil, noChart()
	}
	if !original.Space.opens(who, access.Create, original.Space.thing(access.SavedChart, "")) {
		return nil, forbidden()
	}
	p, err := s.project(ctx, who, project)
	if err != nil {
		return nil, err
	}
	// As recorded, the slug of a copy ends in the time it was made.
	row := chartRow{Space: original.Space.UUID, Dashboard: optional(original.Dashboard), Name: name,
		Description: description, Slug: fmt.Sprintf("%s-%d", slugOf(name), s.clock().UnixMilli())}
	err = s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		made, err := s.insertChart(ctx, tx, p, who.User, row, original.Document)
		row.UUID = made.UUID
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.chart(ctx, who, row.UUID, access.View)
}

// DeleteChart puts a chart with its versions into the trash; tiles that showed it stay, empty. Faults: NotFound,
// Forbidden.
func (s *Service) DeleteChart(ctx context.Context, who access.Principal, id string) error {
	row, space, err := s.findChart(ctx, who, id)
	if err != nil {
		return err
	}
	if err := s.allowChart(ctx, who, access.Delete, row, space); err != nil {
		return err
	}
	return s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		return s.discard(ctx, tx, who, kindChart, row.UUID, row.Name, space)
	})
}

func dropCharts(ctx context.Context, tx bun.Tx, ids ...string) error {
	for _, id := range ids {
		if err := unpin(ctx, tx, pinChart, id); err != nil {
			return err
		}
		if _, err := tx.NewDelete().TableExpr("charts").Where("uuid = ?", id).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
