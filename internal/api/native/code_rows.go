package native

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/google/uuid"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/content"
	"inlay/internal/fault"
	"inlay/internal/metric"
)

// CodeRows are the operations on content as code: documents that name things by slug, to be kept in files.
func CodeRows(s *content.Service) []api.Operation {
	a := codeRows{s}
	row := func(id, method, path string, endpoint api.Endpoint) api.Operation {
		return api.Operation{ID: id, Method: method, Path: "/api/v1/projects/{projectUuid}/code" + path, Auth: api.SessionOrKey,
			Tag: "Content as code", Endpoint: endpoint}
	}
	return []api.Operation{
		row("getSpacesAsCode", "GET", "/spaces", api.Handle(a.spaces)),
		row("getChartsAsCode", "GET", "/charts", api.Handle(a.charts)),
		row("getSqlChartsAsCode", "GET", "/sqlCharts", api.Handle(a.sqlCharts)),
		row("upsertSqlChartAsCode", "POST", "/sqlCharts/{slug}", api.Handle(a.putSQLChart)),
		row("getDashboardsAsCode", "GET", "/dashboards", api.Handle(a.dashboards)),
		row("upsertSpaceAsCode", "POST", "/spaces/{slug}", api.Handle(a.putSpace)),
		row("upsertChartAsCode", "POST", "/charts/{slug}", api.Handle(a.putChart)),
		row("upsertDashboardAsCode", "POST", "/dashboards/{slug}", api.Handle(a.putDashboard)),
	}
}

type codeRows struct{ *content.Service }

// codeHead is what every document begins with.
type codeHead struct {
	Type        string `json:"contentType"`
	Version     int    `json:"version"`
	Slug        string `json:"slug"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
}

// codeVersion is the version of the documents' form.
const codeVersion = 1

// check refuses a document of another kind or form than that of the address.
func (h codeHead) check(kind, slug string) error {
	switch {
	case h.Type != kind:
		return fault.Coded(fault.Invalid, "Parameter", "contentType is %q; here it must be %q", h.Type, kind)
	case h.Version != codeVersion:
		return fault.Coded(fault.Invalid, "Parameter", "version is %d; this server knows version %d", h.Version, codeVersion)
	case h.Slug != slug:
		return fault.Coded(fault.Invalid, "Parameter", "The document's slug %q isn't that of the address, %q", h.Slug, slug)
	case slug == "" || h.Name == "":
		return fault.Coded(fault.Invalid, "Parameter", "slug and name can't be empty")
	}
	return nil
}

type spaceCode struct {
	codeHead
	Private bool   `json:"isPrivate"`
	Parent  string `json:"parentSlug,omitempty"`
}

type chartCode struct {
	codeHead
	Space     string          `json:"spaceSlug"`
	Dashboard string          `json:"dashboardSlug,omitempty"`
	Explore   string          `json:"tableName"`
	Query     metric.Query    `json:"metricQuery"`
	Config    json.RawMessage `json:"chartConfig"`
	Table     json.RawMessage `json:"tableConfig"`
	Pivot     json.RawMessage `json:"pivotConfig,omitempty"`
}

type sqlChartCode struct {
	codeHead
	Space  string          `json:"spaceSlug"`
	SQL    string          `json:"sql"`
	Limit  int             `json:"limit"`
	Config json.RawMessage `json:"config"`
}

type dashboardCode struct {
	codeHead
	Space   string       `json:"spaceSlug"`
	Tiles   []tileCode   `json:"tiles"`
	Tabs    []tabWire    `json:"tabs"`
	Filters *filtersWire `json:"filters"`
	// Parameters are left out when there are none.
	Parameters dashboardParameters `json:"parameters,omitempty"`
}

type tileCode struct {
	UUID       string         `json:"uuid,omitempty"`
	Type       string         `json:"type" enum:"saved_chart,sql_chart,semantic_viewer_chart,markdown,loom"`
	X          int            `json:"x"`
	Y          int            `json:"y"`
	H          int            `json:"h"`
	W          int            `json:"w"`
	Tab        *string        `json:"tabUuid,omitempty"`
	Properties codeProperties `json:"properties"`
}

type codeProperties struct {
	Title     *string `json:"title,omitempty"`
	HideTitle bool    `json:"hideTitle,omitempty"`
	Chart     string  `json:"chartSlug,omitempty"`
	Content   string  `json:"content,omitempty"`
	URL       string  `json:"url,omitempty"`
}

type codeListIn struct {
	Project string `path:"projectUuid"`
	Offset  *int   `query:"offset" least:"0"`
}

// codePage is how many documents one answer holds.
const codePage = 100

// from is where the page begins.
func (in codeListIn) from() int { return given(in.Offset) }

type codeList struct {
	Spaces     []spaceCode     `json:"spaces,omitempty"`
	Charts     []chartCode     `json:"charts,omitempty"`
	SQLCharts  []sqlChartCode  `json:"sqlCharts,omitempty"`
	Dashboards []dashboardCode `json:"dashboards,omitempty"`
	Total      int             `json:"total"`
	Offset     int             `json:"offset"`
}

func (a codeRows) spaces(ctx context.Context, who access.Principal, in codeListIn) (codeList, error) {
	spaces, err := a.SpaceCodes(ctx, who, in.Project)
	out := codeList{Total: len(spaces)}
	for _, c := range spaces {
		out.Spaces = append(out.Spaces, spaceCode{codeHead{"space", codeVersion, c.Slug, c.Name, ""}, c.Private, c.Parent})
	}
	return out, err
}

func (a codeRows) charts(ctx context.Context, who access.Principal, in codeListIn) (codeList, error) {
	charts, total, err := a.ChartCodes(ctx, who, in.Project, in.from(), codePage)
	out := codeList{Total: total, Offset: in.from()}
	for _, c := range charts {
		d := c.Document
		out.Charts = append(out.Charts, chartCode{codeHead{"chart", codeVersion, c.Slug, c.Name, c.Description}, c.Space, c.Dashboard,
			d.Explore, d.Query, d.Config, d.Table, d.Pivot})
	}
	return out, err
}

func (a codeRows) sqlCharts(ctx context.Context, who access.Principal, in codeListIn) (codeList, error) {
	charts, total, err := a.SQLChartCodes(ctx, who, in.Project, in.from(), codePage)
	out := codeList{Total: total, Offset: in.from()}
	for _, c := range charts {
		out.SQLCharts = append(out.SQLCharts, sqlChartCode{codeHead{"sqlChart", codeVersion, c.Slug, c.Name, c.Description}, c.Space,
			c.Document.SQL, c.Document.Limit, c.Document.Config})
	}
	return out, err
}

func (a codeRows) dashboards(ctx context.Context, who access.Principal, in codeListIn) (codeList, error) {
	dashboards, total, err := a.DashboardCodes(ctx, who, in.Project, in.from(), codePage)
	out := codeList{Total: total, Offset: in.from()}
	for _, c := range dashboards {
		filters := filtersToWire(c.Document.Filters)
		d := dashboardCode{codeHead: codeHead{"dashboard", codeVersion, c.Slug, c.Name, c.Description}, Space: c.Space,
			Tiles: []tileCode{}, Tabs: []tabWire{}, Filters: &filters, Parameters: parametersToWire(c.Document.Parameters)}
		for _, t := range c.Document.Tiles {
			d.Tiles = append(d.Tiles, tileCode{t.UUID, t.Type, t.X, t.Y, t.H, t.W, t.Tab,
				codeProperties{t.Title, t.HideTitle, c.Charts[t.UUID], t.Content, t.URL}})
		}
		for _, t := range c.Document.Tabs {
			d.Tabs = append(d.Tabs, tabWire{t.Name, t.UUID, t.Order})
		}
		out.Dashboards = append(out.Dashboards, d)
	}
	return out, err
}

type codePut struct {
	Action content.Put `json:"action"`
	Slug   string      `json:"slug"`
}

type putSpaceIn struct {
	Project string    `path:"projectUuid"`
	Slug    string    `path:"slug"`
	Body    spaceCode `body:"body"`
}

func (a codeRows) putSpace(ctx context.Context, who access.Principal, in putSpaceIn) (codePut, error) {
	if err := in.Body.check("space", in.Slug); err != nil {
		return codePut{}, err
	}
	done, err := a.PutSpace(ctx, who, in.Project, content.SpaceCode{Slug: in.Slug, Name: in.Body.Name, Private: in.Body.Private, Parent: in.Body.Parent})
	return codePut{done, in.Slug}, err
}

type putChartIn struct {
	Project string    `path:"projectUuid"`
	Slug    string    `path:"slug"`
	Body    chartCode `body:"body"`
}

func (a codeRows) putChart(ctx context.Context, who access.Principal, in putChartIn) (codePut, error) {
	b := in.Body
	if err := b.check("chart", in.Slug); err != nil {
		return codePut{}, err
	}
	if err := checkQuery(b.Query); err != nil {
		return codePut{}, err
	}
	if absent(b.Pivot) {
		b.Pivot = nil
	}
	done, err := a.PutChart(ctx, who, in.Project, content.ChartCode{Slug: in.Slug, Name: b.Name, Description: b.Description, Space: b.Space,
		Dashboard: b.Dashboard, Document: content.ChartDocument{Explore: b.Explore, Query: b.Query, Config: b.Config, Table: b.Table, Pivot: b.Pivot}})
	return codePut{done, in.Slug}, err
}

type putSQLChartIn struct {
	Project string       `path:"projectUuid"`
	Slug    string       `path:"slug"`
	Body    sqlChartCode `body:"body"`
}

func (a codeRows) putSQLChart(ctx context.Context, who access.Principal, in putSQLChartIn) (codePut, error) {
	b := in.Body
	if err := b.check("sqlChart", in.Slug); err != nil {
		return codePut{}, err
	}
	done, err := a.PutSQLChart(ctx, who, in.Project, content.SQLChartCode{Slug: in.Slug, Name: b.Name, Description: b.Description, Space: b.Space,
		Document: content.SQLDocument{SQL: b.SQL, Limit: b.Limit, Config: b.Config}})
	return codePut{done, in.Slug}, err
}

type putDashboardIn struct {
	Project string        `path:"projectUuid"`
	Slug    string        `path:"slug"`
	Body    dashboardCode `body:"body"`
}

func (a codeRows) putDashboard(ctx context.Context, who access.Principal, in putDashboardIn) (codePut, error) {
	b := in.Body
	if err := b.check("dashboard", in.Slug); err != nil {
		return codePut{}, err
	}
	c := content.DashboardCode{Slug: in.Slug, Name: b.Name, Description: b.Description, Space: b.Space, Charts: map[string]string{},
		Document: content.DashboardDocument{Filters: b.Filters.filters()}}
	if b.Parameters == nil {
		b.Parameters = dashboardParameters{} // code tells all of them
	}
	var err error
	if c.Document.Parameters, err = b.Parameters.parameters(); err != nil {
		return codePut{}, err
	}
	for i, t := range b.Tiles {
		if t.UUID == "" { // the same each time, so that putting it again changes nothing
			t.UUID = uuid.NewSHA1(uuid.NameSpaceURL, []byte(in.Slug+"#"+strconv.Itoa(i))).String()
		}
		p := t.Properties
		c.Charts[t.UUID] = p.Chart
		c.Document.Tiles = append(c.Document.Tiles, content.Tile{UUID: t.UUID, Type: t.Type, X: t.X, Y: t.Y, H: t.H, W: t.W, Tab: t.Tab,
			Title: p.Title, HideTitle: p.HideTitle, Content: p.Content, URL: p.URL})
	}
	for _, t := range b.Tabs {
		c.Document.Tabs = append(c.Document.Tabs, content.Tab{UUID: t.UUID, Name: t.Name, Order: t.Order})
	}
	done, err := a.PutDashboard(ctx, who, in.Project, c)
	return codePut{done, in.Slug}, err
}
