package native

import (
	"encoding/json"

	"inlay/internal/content"
	"inlay/internal/fault"
	"inlay/internal/metric"
)

// chartWire is a saved chart with its document.
type chartWire struct {
	UUID             string            `json:"uuid"`
	ProjectUUID      string            `json:"projectUuid"`
	Name             string            `json:"name"`
	Description      *string           `json:"description"`
	TableName        string            `json:"tableName"`
	UpdatedAt        moment            `json:"updatedAt"`
	UpdatedByUser    *authorWire       `json:"updatedByUser,omitempty"`
	MetricQuery      fullQuery         `json:"metricQuery"`
	ChartConfig      json.RawMessage   `json:"chartConfig"`
	TableConfig      json.RawMessage   `json:"tableConfig"`
	OrganizationUUID string            `json:"organizationUuid"`
	PivotConfig      json.RawMessage   `json:"pivotConfig,omitempty"`
	Parameters       metric.Parameters `json:"parameters,omitempty"`
	SpaceUUID        string            `json:"spaceUuid"`
	SpaceName        string            `json:"spaceName"`
	pinWire
	DashboardUUID *string  `json:"dashboardUuid"`
	DashboardName *string  `json:"dashboardName"`
	ColorPalette  []string `json:"colorPalette"`
	Slug          string   `json:"slug"`
}

// openChart is a chart together with what the asking principal has in its space.
type openChart struct {
	chartWire
	IsPrivate bool        `json:"isPrivate"`
	Access    []shareWire `json:"access"`
}

func chartToWire(c *content.Chart) openChart {
	return openChart{bareChart(c), c.Space.Private, ownAccess(c.Space)}
}

// defaultPalette is what charts are coloured with in an organization that chose nothing.
func defaultPalette() []string {
	return []string{"#5470c6", "#fc8452", "#91cc75", "#fac858", "#ee6666", "#73c0de", "#3ba272", "#9a60b4", "#ea7ccc"}
}

func bareChart(c *content.Chart) chartWire {
	palette := c.Palette
	if len(palette) == 0 {
		palette = defaultPalette()
	}
	return chartWire{UUID: c.UUID, ProjectUUID: c.Project, Name: c.Name, Description: c.Description, TableName: c.Explore,
		UpdatedAt: moment(c.UpdatedAt), UpdatedByUser: personToWire(c.UpdatedBy), MetricQuery: queryToWire(c.Document.Query),
		ChartConfig: c.Document.Config, TableConfig: c.Document.Table, OrganizationUUID: c.Organization,
		PivotConfig: c.Document.Pivot, Parameters: c.Document.Query.Parameters, SpaceUUID: c.Space.UUID, SpaceName: c.Space.Name, pinWire: pinToWire(c.Pin),
		DashboardUUID: maybe(c.Dashboard), DashboardName: maybe(c.DashboardName), ColorPalette: palette, Slug: c.Slug}
}

// chartItem is a chart in a list.
type chartItem struct {
	UUID             string      `json:"uuid"`
	Name             string      `json:"name"`
	SpaceName        string      `json:"spaceName"`
	DashboardName    *string     `json:"dashboardName"`
	OrganizationUUID string      `json:"organizationUuid"`
	ProjectUUID      string      `json:"projectUuid"`
	DashboardUUID    *string     `json:"dashboardUuid"`
	Description      *string     `json:"description"`
	UpdatedAt        moment      `json:"updatedAt"`
	UpdatedByUser    *authorWire `json:"updatedByUser"`
	SpaceUUID        string      `json:"spaceUuid"`
	Views            int64       `json:"views"`
	FirstViewedAt    *moment     `json:"firstViewedAt"`
	ChartType        string      `json:"chartType"`
	ChartKind        string      `json:"chartKind"`
	pinWire
	ValidationErrors []hitProblem `json:"validationErrors"`
	Slug             string       `json:"slug"`
	Source           string       `json:"source"`
}

func chartToItem(c content.Chart) chartItem {
	return chartItem{UUID: c.UUID, Name: c.Name, SpaceName: c.Space.Name, DashboardName: maybe(c.DashboardName),
		OrganizationUUID: c.Organization, ProjectUUID: c.Project, DashboardUUID: maybe(c.Dashboard),
		Description: c.Description, UpdatedAt: moment(c.UpdatedAt), UpdatedByUser: personToWire(c.UpdatedBy),
		SpaceUUID: c.Space.UUID, Views: c.Views, FirstViewedAt: maybeMoment(c.FirstViewed), ChartType: c.Type,
		ChartKind: c.Kind, pinWire: pinToWire(c.Pin), ValidationErrors: problemsToWire(c.Broken), Slug: c.Slug, Source: "dbt_explore"}
}

type chartSummary struct {
	UUID             string  `json:"uuid"`
	Name             string  `json:"name"`
	Description      *string `json:"description"`
	SpaceUUID        string  `json:"spaceUuid"`
	SpaceName        string  `json:"spaceName"`
	ProjectUUID      string  `json:"projectUuid"`
	OrganizationUUID string  `json:"organizationUuid"`
	PinnedListUUID   *string `json:"pinnedListUuid"`
	ChartKind        string  `json:"chartKind"`
	DashboardUUID    *string `json:"dashboardUuid"`
	DashboardName    *string `json:"dashboardName"`
	UpdatedAt        moment  `json:"updatedAt"`
	Slug             string  `json:"slug"`
	ChartType        string  `json:"chartType"`
}

func chartToSummary(c content.Chart) chartSummary {
	return chartSummary{UUID: c.UUID, Name: c.Name, Description: c.Description, SpaceUUID: c.Space.UUID,
		SpaceName: c.Space.Name, ProjectUUID: c.Project, OrganizationUUID: c.Organization,
		PinnedListUUID: maybe(c.Pin.List), ChartKind: c.Kind, DashboardUUID: maybe(c.Dashboard),
		DashboardName: maybe(c.DashboardName), UpdatedAt: moment(c.UpdatedAt), Slug: c.Slug, ChartType: c.Type}
}

// chartVersionBody is what a version of a chart is made of.
type chartVersionBody struct {
	TableName   string            `json:"tableName"`
	MetricQuery *metric.Query     `json:"metricQuery"`
	ChartConfig json.RawMessage   `json:"chartConfig"`
	TableConfig json.RawMessage   `json:"tableConfig"`
	PivotConfig json.RawMessage   `json:"pivotConfig"`
	Parameters  metric.Parameters `json:"parameters,omitempty"` // beside the query, as newer clients send them
}

func (b chartVersionBody) document() (content.ChartDocument, error) {
	missing := ""
	switch {
	case b.TableName == "":
		missing = "tableName"
	case b.MetricQuery == nil:
		missing = "metricQuery"
	case absent(b.ChartConfig):
		missing = "chartConfig"
	case absent(b.TableConfig):
		missing = "tableConfig"
	}
	if missing != "" {
		return content.ChartDocument{}, fault.New(fault.Invalid, "The chart has no %s", missing)
	}
	d := content.ChartDocument{Explore: b.TableName, Query: *b.MetricQuery, Config: b.ChartConfig, Table: b.TableConfig}
	d.Query.Parameters = d.Query.Parameters.With(b.Parameters)
	if !absent(b.PivotConfig) {
		d.Pivot = b.PivotConfig
	}
	return d, nil
}

func absent(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

type chartVersionWire struct {
	ChartUUID   string      `json:"chartUuid"`
	VersionUUID string      `json:"versionUuid"`
	CreatedAt   moment      `json:"createdAt"`
	CreatedBy   *authorWire `json:"createdBy"`
	Chart       *openChart  `json:"chart,omitempty"`
}

func versionToWire(v content.ChartVersion) chartVersionWire {
	return chartVersionWire{ChartUUID: v.Chart, VersionUUID: v.UUID, CreatedAt: moment(v.CreatedAt), CreatedBy: personToWire(v.CreatedBy)}
}
