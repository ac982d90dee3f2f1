package content

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
)

// SQLChart is a chart over SQL that somebody wrote.
type SQLChart struct {
	UUID, Project, Organization string
	Name, Slug                  string
	Description                 *string
	Space                       Space
	Dashboard, DashboardName    string
	Kind                        string
	SQL                         string
	Limit                       int
	Config                      json.RawMessage
	CreatedAt, UpdatedAt        time.Time
	CreatedBy, UpdatedBy        *Person
	Views                       int64
	FirstViewed, LastViewed     *time.Time
}

// SQLDocument is what a version of it holds.
type SQLDocument struct {
	SQL    string
	Limit  int
	Config json.RawMessage
}

// kind is the kind that the configuration names.
func (d SQLDocument) kind() string {
	var c struct {
		Type string `json:"type"`
	}
	if json.Unmarshal(d.Config, &c) != nil || c.Type == "" {
		return "table"
	}
	return c.Type
}

// check refuses what can't be run or shown. Faults: Invalid.
func (d SQLDocument) check() error {
	switch {
	case strings.TrimSpace(d.SQL) == "":
		return fault.New(fault.Invalid, "sql can't be empty")
	case d.Limit < 1:
		return fault.New(fault.Invalid, "limit must be at least 1")
	case !object(d.Config):
		return fault.New(fault.Invalid, "config must be an object")
	}
	return nil
}

type sqlChartRow struct {
	bun.BaseModel `bun:"table:sql_charts,alias:c"`

	UUID         string  `bun:"uuid,pk"`
	Organization string  `bun:"organization_uuid"`
	Project      string  `bun:"project_uuid"`
	Space        string  `bun:"space_uuid"`
	Dashboard    *string `bun:"dashboard_uuid"`
	Name         string
	Description  *string
	Slug         string
	Kind         string    `bun:"chart_kind"`
	CreatedBy    *string   `bun:"created_by"`
	CreatedAt    time.Time `bun:"created_at"`
	Version      int64
	UpdatedBy    *string   `bun:"updated_by"`
	UpdatedAt    time.Time `bun:"updated_at"`
	Views        int64
	FirstViewed  *time.Time `bun:"first_viewed_at"`
	LastViewed   *time.Time `bun:"last_viewed_at"`
}

type sqlVersionRow struct {
	bun.BaseModel `bun:"table:sql_chart_versions"`

	UUID      string `bun:"uuid,pk"`
	Chart     string `bun:"sql_chart_uuid"`
	Number    int64
	SQL       string `bun:"sql_text"`
	Limit     int    `bun:"row_limit"`
	Config    string
	CreatedBy *string   `bun:"created_by"`
	CreatedAt time.Time `bun:"created_at"`
}

func noSQLChart() error { return fault.New(fault.NotFound, "Saved sql not found") }

// sqlChartRow finds one in a project by uuid or slug, before anybody's rights are looked at.
func (s *Service) sqlChartRow(ctx context.Context, who access.Principal, project, column, id string) (sqlChartRow, Space, error) {
	var row sqlChartRow
	if !valid(project) || column == "uuid" && !valid(id) {
		return row, Space{}, noSQLChart()
	}
	err := s.db.NewSelect().Model(&row).Where("? = ?", bun.Ident("c."+column), id).Where("c.project_uuid = ?", project).
		Where("c.organization_uuid = ?", who.Organization).Scan(ctx)
	if store.NotFound(err) {
		return row, Space{}, noSQLChart()
	}
	if err != nil {
		return row, Space{}, err
	}
	space, err := s.space(ctx, who, row.Space, "Space")
	return row, space, err
}

// SQLChart gives a SQL chart by uuid and counts the view. Faults: NotFound, Forbidden.
func (s *Service) SQLChart(ctx context.Context, who access.Principal, project, id string) (*SQLChart, error) {
	return s.sqlChart(ctx, who, project, "uuid", id)
}

// SQLChartBySlug gives a SQL chart by slug and counts the view. Faults: NotFound, Forbidden.
func (s *Service) SQLChartBySlug(ctx context.Context, who access.Principal, project, slug string) (*SQLChart, error) {
	return s.sqlChart(ctx, who, project, "slug", slug)
}

func (s *Service) sqlChart(ctx context.Context, who access.Principal, project, column, id string) (*SQLChart, error) {
	row, space, err := s.sqlChartRow(ctx, who, project, column, id)
	if err != nil {
		return nil, err
	}
	if !space.opens(who, access.View, space.thing(access.SavedChart, row.UUID)) {
		return nil, fault.New(fault.Forbidden, "You don't have access to this chart")
	}
	var version sqlVersionRow
	err = s.db.NewSelect().Model(&version).Where("sql_chart_uuid = ?", row.UUID).Where("number = ?", row.Version).Scan(ctx)
	if err != nil {
		return nil, err
	}
	names, err := s.authors(ctx, who, row.CreatedBy, row.UpdatedBy)
	if err != nil {
		return nil, err
	}
	return &SQLChart{UUID: row.UUID, Project: row.Project, Organization: row.Organization, Name: row.Name, Slug: row.Slug,
		Description: row.Description, Space: space, Dashboard: text(row.Dashboard), Kind: row.Kind, SQL: version.SQL,
		Limit: version.Limit, Config: json.RawMessage(version.Config), CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt,
		CreatedBy: named(names, row.CreatedBy), UpdatedBy: named(names, row.UpdatedBy), Views: row.Views,
		FirstViewed: row.FirstViewed, LastViewed: row.LastViewed}, nil
}

// CountSQLChart counts a view of a SQL chart whose rows were asked for.
func (s *Service) CountSQLChart(ctx context.Context, chart *SQLChart) error {
	now := s.clock()
	_, err := s.db.NewUpdate().TableExpr("sql_charts").Set("views = views + 1").
		Set("first_viewed_at = COALESCE(first_viewed_at, ?)", now).Set("last_viewed_at = ?", now).
		Where("uuid = ?", chart.UUID).Exec(ctx)
	return err
}

// NewSQLChart is what a chart over SQL is made of. Without a space it goes to the default one.
type NewSQLChart struct {
	Space, Name string
	Slug        string // empty: made of the name
	Description *string
	Document    SQLDocument
}

// CreateSQLChart saves a chart over SQL. Faults: NotFound, Forbidden.
func (s *Service) CreateSQLChart(ctx context.Context, who access.Principal, project string, n NewSQLChart) (id, slug string, err error) {
	if err := checkName("name", n.Name); err != nil {
		return "", "", err
	}
	p, err := s.allowed(ctx, who, access.Manage, access.CustomSQL, project)
	if err != nil {
		return "", "", err
	}
	to, err := s.target(ctx, who, p, n.Space, "")
	if err != nil {
		return "", "", err
	}
	if !to.opens(who, access.Create, to.thing(access.SavedChart, "")) {
		return "", "", fault.New(fault.Forbidden, "You don't have permission to create this chart")
	}
	now := s.clock()
	row := sqlChartRow{UUID: newID(), Organization: p.Organization, Project: p.UUID, Space: to.UUID, Name: n.Name,
		Description: n.Description, Kind: n.Document.kind(), CreatedBy: optional(who.User), CreatedAt: now, Version: 1,
		UpdatedBy: optional(who.User), UpdatedAt: now}
	err = s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		if row.Slug, err = slugFor(ctx, tx, "sql_charts", p, n.Slug, n.Name); err != nil {
			return err
		}
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			return err
		}
		_, err = insertSQLVersion(ctx, tx, row, n.Document)
		return err
	})
	return row.UUID, row.Slug, err
}

func insertSQLVersion(ctx context.Context, tx bun.Tx, row sqlChartRow, d SQLDocument) (string, error) {
	if err := d.check(); err != nil {
		return "", err
	}
	version := &sqlVersionRow{UUID: newID(), Chart: row.UUID, Number: row.Version, SQL: d.SQL, Limit: d.Limit,
		Config: string(d.Config), CreatedBy: row.UpdatedBy, CreatedAt: row.UpdatedAt}
	_, err := tx.NewInsert().Model(version).Exec(ctx)
	return version.UUID, err
}

// SQLChange is what an update may change. Nil leaves as is.
type SQLChange struct {
	Unversioned *SQLNames
	Versioned   *SQLDocument
}

// SQLNames is what of a SQL chart changes without a new version.
type SQLNames struct {
	Name        string
	Description *string
	Space       string
}

// UpdateSQLChart changes a SQL chart; it gives the new version's uuid, if there is one. Faults: NotFound, Forbidden.
func (s *Service) UpdateSQLChart(ctx context.Context, who access.Principal, project, id string, c SQLChange) (version string, err error) {
	target := ""
	if c.Unversioned != nil {
		if err := checkName("name", c.Unversioned.Name); err != nil {
			return "", err
		}
		target = c.Unversioned.Space
	}
	row, to, err := s.changeableSQL(ctx, who, project, id, target)
	if err != nil {
		return "", err
	}
	err = s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		if c.Unversioned != nil {
			_, err := tx.NewUpdate().TableExpr("sql_charts").Set("name = ?", c.Unversioned.Name).
				Set("description = ?", c.Unversioned.Description).Set("space_uuid = ?", to.UUID).Where("uuid = ?", row.UUID).Exec(ctx)
			if err != nil {
				return err
			}
		}
		if c.Versioned == nil {
			return nil
		}
		row.UpdatedBy, row.UpdatedAt = optional(who.User), s.clock()
		err := tx.NewUpdate().TableExpr("sql_charts").Set("version = version + 1").Set("chart_kind = ?", c.Versioned.kind()).
			Set("updated_at = ?", row.UpdatedAt).Set("updated_by = ?", row.UpdatedBy).Where("uuid = ?", row.UUID).
			Returning("version").Scan(ctx, &row.Version)
		if err != nil {
			return fmt.Errorf("content.UpdateSQLChart: %w", err)
		}
		version, err = insertSQLVersion(ctx, tx, row, *c.Versioned)
		return err
	})
	return version, err
}

// changeableSQL loads a SQL chart that the principal may change and the space that it is to lie in, its own when none is
// named. Faults: NotFound, Forbidden.
func (s *Service) changeableSQL(ctx context.Context, who access.Principal, project, id, target string) (sqlChartRow, Space, error) {
	refused := fault.New(fault.Forbidden, "You don't have permission to update this chart")
	row, space, err := s.sqlChartRow(ctx, who, project, "uuid", id)
	if err != nil {
		return row, space, err
	}
	p := Project{UUID: row.Project, Organization: row.Organization}
	if !access.Can(who, access.Manage, in(p, access.CustomSQL)) || !space.opens(who, access.Update, space.thing(access.SavedChart, row.UUID)) {
		return row, space, refused
	}
	if target == "" || target == row.Space {
		return row, space, nil
	}
	to, err := s.target(ctx, who, p, target, "")
	if err == nil && !to.opens(who, access.Update, to.thing(access.SavedChart, row.UUID)) {
		err = refused
	}
	return row, to, err
}

// DeleteSQLChart puts a SQL chart into the trash. Faults: NotFound, Forbidden.
func (s *Service) DeleteSQLChart(ctx context.Context, who access.Principal, project, id string) error {
	row, space, err := s.sqlChartRow(ctx, who, project, "uuid", id)
	if err != nil {
		return err
	}
	p := Project{UUID: row.Project, Organization: row.Organization}
	if !access.Can(who, access.Manage, in(p, access.CustomSQL)) ||
		!space.opens(who, access.Delete, space.thing(access.SavedChart, row.UUID)) {
		return fault.New(fault.Forbidden, "You don't have permission to delete this chart")
	}
	return s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		return s.discard(ctx, tx, who, kindSQLChart, row.UUID, row.Name, space)
	})
}
