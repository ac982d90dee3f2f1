package native

import (
	"context"
	"encoding/json"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/content"
)

// SQLChartRows are the operations on saved charts over SQL; running them belongs to the SQL runner.
func SQLChartRows(s *content.Service) []api.Operation {
	a := sqlCharts{s}
	const under = "/api/v1/projects/{projectUuid}/sqlRunner/saved"
	row := func(id, method, path string, endpoint api.Endpoint) api.Operation {
		return api.Operation{ID: id, Method: method, Path: under + path, Auth: api.SessionOrKey, Tag: "SQL runner", Endpoint: endpoint}
	}
	return []api.Operation{
		row("CreateSqlChart", "POST", "", api.Handle(a.create)),
		row("GetSqlChart", "GET", "/{uuid}", api.Handle(a.get)),
		row("GetSqlChartBySlug", "GET", "/slug/{slug}", api.Handle(a.bySlug)),
		row("UpdateSqlChart", "PATCH", "/{uuid}", api.Handle(a.update)),
		row("DeleteSqlChart", "DELETE", "/{uuid}", api.Handle(a.delete)),
	}
}

type sqlCharts struct{ *content.Service }

type sqlChartIn struct {
	Project string `path:"projectUuid"`
	UUID    string `path:"uuid"`
}

type sqlChartSpace struct {
	UUID       string     `json:"uuid"`
	Name       string     `json:"name"`
	IsPrivate  bool       `json:"isPrivate"`
	UserAccess *shareWire `json:"userAccess,omitempty"`
}

type sqlChartWire struct {
	SavedSQLUUID  string            `json:"savedSqlUuid"`
	Name          string            `json:"name"`
	Description   *string           `json:"description"`
	Slug          string            `json:"slug"`
	CreatedAt     moment            `json:"createdAt"`
	CreatedBy     *authorWire       `json:"createdBy"`
	LastUpdatedAt moment            `json:"lastUpdatedAt"`
	LastUpdatedBy *authorWire       `json:"lastUpdatedBy"`
	SQL           string            `json:"sql"`
	Limit         int               `json:"limit"`
	Config        json.RawMessage   `json:"config"`
	ChartKind     string            `json:"chartKind"`
	Space         sqlChartSpace     `json:"space"`
	Project       map[string]string `json:"project"`
	Dashboard     *contentPlace     `json:"dashboard"`
	Organization  map[string]string `json:"organization"`
	Views         int64             `json:"views"`
	FirstViewedAt moment            `json:"firstViewedAt"`
	LastViewedAt  moment            `json:"lastViewedAt"`
}

func sqlChartOr(c *content.SQLChart, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	w := sqlChartWire{SavedSQLUUID: c.UUID, Name: c.Name, Description: c.Description, Slug: c.Slug, CreatedAt: moment(c.CreatedAt),
		CreatedBy: personToWire(c.CreatedBy), LastUpdatedAt: moment(c.UpdatedAt), LastUpdatedBy: personToWire(c.UpdatedBy),
		SQL: c.SQL, Limit: c.Limit, Config: c.Config, ChartKind: c.Kind,
		Space:   sqlChartSpace{UUID: c.Space.UUID, Name: c.Space.Name, IsPrivate: c.Space.Private},
		Project: map[string]string{"projectUuid": c.Project}, Organization: map[string]string{"organizationUuid": c.Organization},
		Views: c.Views, FirstViewedAt: moment(c.CreatedAt), LastViewedAt: moment(c.CreatedAt)}
	if c.Space.Own != nil {
		own := shareToWire(*c.Space.Own)
		w.Space.UserAccess = &own
	}
	if c.Dashboard != "" {
		w.Dashboard = &contentPlace{c.Dashboard, c.DashboardName}
	}
	if c.FirstViewed != nil {
		w.FirstViewedAt = moment(*c.FirstViewed)
	}
	if c.LastViewed != nil {
		w.LastViewedAt = moment(*c.LastViewed)
	}
	return w, nil
}

func (a sqlCharts) get(ctx context.Context, who access.Principal, in sqlChartIn) (any, error) {
	return sqlChartOr(a.SQLChart(ctx, who, in.Project, in.UUID))
}

type sqlChartSlugIn struct {
	Project string `path:"projectUuid"`
	Slug    string `path:"slug"`
}

func (a sqlCharts) bySlug(ctx context.Context, who access.Principal, in sqlChartSlugIn) (any, error) {
	return sqlChartOr(a.SQLChartBySlug(ctx, who, in.Project, in.Slug))
}

type sqlDocument struct {
	SQL    string          `json:"sql"`
	Limit  int             `json:"limit"`
	Config json.RawMessage `json:"config"`
}

type createSQLChartIn struct {
	Project string `path:"projectUuid"`
	Body    struct {
		Name        string  `json:"name"`
		Description *string `json:"description" null:"ok"`
		sqlDocument
		SpaceUUID string `json:"spaceUuid"`
	} `body:"body"`
}

func (a sqlCharts) create(ctx context.Context, who access.Principal, in createSQLChartIn) (any, error) {
	b := in.Body
	id, slug, err := a.CreateSQLChart(ctx, who, in.Project, content.NewSQLChart{Space: b.SpaceUUID, Name: b.Name, Description: b.Description,
		Document: content.SQLDocument(b.sqlDocument)})
	if err != nil {
		return nil, err
	}
	return map[string]string{"savedSqlUuid": id, "slug": slug}, nil
}

type updateSQLChartIn struct {
	Project string `path:"projectUuid"`
	UUID    string `path:"uuid"`
	Body    struct {
		Unversioned *struct {
			Name        string  `json:"name"`
			Description *string `json:"description" null:"ok"`
			SpaceUUID   string  `json:"spaceUuid"`
		} `json:"unversionedData,omitempty"`
		Versioned *sqlDocument `json:"versionedData,omitempty"`
	} `body:"body"`
}

type updatedSQLChart struct {
	SavedSQLUUID        string  `json:"savedSqlUuid"`
	SavedSQLVersionUUID *string `json:"savedSqlVersionUuid"`
}

func (a sqlCharts) update(ctx context.Context, who access.Principal, in updateSQLChartIn) (any, error) {
	change := content.SQLChange{}
	if u := in.Body.Unversioned; u != nil {
		change.Unversioned = &content.SQLNames{Name: u.Name, Description: u.Description, Space: u.SpaceUUID}
	}
	if v := in.Body.Versioned; v != nil {
		document := content.SQLDocument(*v)
		change.Versioned = &document
	}
	version, err := a.UpdateSQLChart(ctx, who, in.Project, in.UUID, change)
	if err != nil {
		return nil, err
	}
	return updatedSQLChart{in.UUID, maybe(version)}, nil
}

func (a sqlCharts) delete(ctx context.Context, who access.Principal, in sqlChartIn) (api.Empty, error) {
	return api.Empty{}, a.DeleteSQLChart(ctx, who, in.Project, in.UUID)
}
