package native

import (
	"encoding/json"

	"inlay/internal/content"
	"inlay/internal/fault"
	"inlay/internal/metric"
)

// dashboardWire is a dashboard with its document.
type dashboardWire struct {
	OrganizationUUID   string  `json:"organizationUuid"`
	ProjectUUID        string  `json:"projectUuid"`
	DashboardVersionID int64   `json:"dashboardVersionId"`
	UUID               string  `json:"uuid"`
	Name               string  `json:"name"`
	Description        *string `json:"description"`
	UpdatedAt          moment  `json:"updatedAt"`
	pinWire
	Tiles         []tileWire          `json:"tiles"`
	Tabs          []tabWire           `json:"tabs"`
	Filters       filtersWire         `json:"filters"`
	Parameters    dashboardParameters `json:"parameters,omitempty"`
	SpaceUUID     string              `json:"spaceUuid"`
	SpaceName     string              `json:"spaceName"`
	Views         int64               `json:"views"`
	FirstViewedAt *moment             `json:"firstViewedAt"`
	UpdatedByUser *authorWire         `json:"updatedByUser,omitempty"`
	Slug          string              `json:"slug"`
}

// openDashboard is a dashboard together with what the asking principal has in its space.
type openDashboard struct {
	dashboardWire
	IsPrivate *bool       `json:"isPrivate,omitempty"`
	Access    []shareWire `json:"access"`
}

type tabWire struct {
	Name  string `json:"name"`
	UUID  string `json:"uuid"`
	Order int    `json:"order"`
}

type tileWire struct {
	UUID       string  `json:"uuid"`
	X          int     `json:"x"`
	Y          int     `json:"y"`
	H          int     `json:"h"`
	W          int     `json:"w"`
	TabUUID    *string `json:"tabUuid"`
	Type       string  `json:"type"`
	Properties any     `json:"properties"`
}

type chartTile struct {
	Title                string  `json:"title"`
	HideTitle            bool    `json:"hideTitle"`
	SavedChartUUID       *string `json:"savedChartUuid"`
	BelongsToDashboard   bool    `json:"belongsToDashboard"`
	ChartName            *string `json:"chartName"`
	LastVersionChartKind *string `json:"lastVersionChartKind"`
}

type sqlChartTile struct {
	Title        string  `json:"title"`
	HideTitle    bool    `json:"hideTitle"`
	SavedSQLUUID *string `json:"savedSqlUuid"`
	ChartName    string  `json:"chartName"`
}

type semanticTile struct {
	Title     string  `json:"title"`
	HideTitle bool    `json:"hideTitle"`
	ChartUUID *string `json:"savedSemanticViewerChartUuid"`
	ChartName string  `json:"chartName"`
}

type markdownTile struct {
	Title     string `json:"title"`
	HideTitle bool   `json:"hideTitle"`
	Content   string `json:"content"`
}

type loomTile struct {
	Title     string `json:"title"`
	HideTitle bool   `json:"hideTitle"`
	URL       string `json:"url"`
}

func tileToWire(t content.Tile) tileWire {
	w := tileWire{UUID: t.UUID, X: t.X, Y: t.Y, H: t.H, W: t.W, TabUUID: t.Tab, Type: t.Type}
	title := given(t.Title)
	switch t.Type {
	case content.TileChart:
		w.Properties = chartTile{title, t.HideTitle, t.Chart, t.Belongs, t.ChartName, t.ChartKind}
	case content.TileSQLChart:
		w.Properties = sqlChartTile{title, t.HideTitle, t.Chart, given(t.ChartName)}
	case content.TileSemantic:
		w.Properties = semanticTile{title, t.HideTitle, t.Chart, given(t.ChartName)}
	case content.TileMarkdown:
		w.Properties = markdownTile{title, t.HideTitle, t.Content}
	default:
		w.Properties = loomTile{title, t.HideTitle, t.URL}
	}
	return w
}

func bareDashboard(d *content.Dashboard) dashboardWire {
	w := dashboardWire{OrganizationUUID: d.Organization, ProjectUUID: d.Project, DashboardVersionID: d.Version, UUID: d.UUID,
		Name: d.Name, Description: d.Description, UpdatedAt: moment(d.UpdatedAt), pinWire: pinToWire(d.Pin),
		Tiles: []tileWire{}, Tabs: []tabWire{}, Filters: filtersToWire(d.Document.Filters),
		Parameters: parametersToWire(d.Document.Parameters), SpaceUUID: d.Space.UUID,
		SpaceName: d.Space.Name, Views: d.Views, FirstViewedAt: maybeMoment(d.FirstViewed),
		UpdatedByUser: personToWire(d.UpdatedBy), Slug: d.Slug}
	for _, tile := range d.Document.Tiles {
		w.Tiles = append(w.Tiles, tileToWire(tile))
	}
	for _, tab := range d.Document.Tabs {
		w.Tabs = append(w.Tabs, tabWire{tab.Name, tab.UUID, tab.Order})
	}
	return w
}

func dashboardToWire(d *content.Dashboard) openDashboard {
	private := d.Space.Private
	return openDashboard{bareDashboard(d), &private, ownAccess(d.Space)}
}

// dashboardInSpace is a dashboard in the list of its space.
type dashboardInSpace struct {
	OrganizationUUID string      `json:"organizationUuid"`
	Name             string      `json:"name"`
	Description      *string     `json:"description"`
	UUID             string      `json:"uuid"`
	ProjectUUID      string      `json:"projectUuid"`
	UpdatedAt        moment      `json:"updatedAt"`
	UpdatedByUser    *authorWire `json:"updatedByUser"`
	SpaceUUID        string      `json:"spaceUuid"`
	Views            int64       `json:"views"`
	FirstViewedAt    *moment     `json:"firstViewedAt"`
	pinWire
	ValidationErrors []hitProblem `json:"validationErrors"`
}

func dashboardToSpace(d content.Dashboard) dashboardInSpace {
	return dashboardInSpace{OrganizationUUID: d.Organization, Name: d.Name, Description: d.Description, UUID: d.UUID,
		ProjectUUID: d.Project, UpdatedAt: moment(d.UpdatedAt), UpdatedByUser: personToWire(d.UpdatedBy),
		SpaceUUID: d.Space.UUID, Views: d.Views, FirstViewedAt: maybeMoment(d.FirstViewed), pinWire: pinToWire(d.Pin),
		ValidationErrors: problemsToWire(d.Broken)}
}

// dashboardItem is a dashboard in the list of its project.
type dashboardItem struct {
	dashboardInSpace
	TileTypes []string `json:"tileTypes"`
}

func dashboardToItem(d content.Dashboard) dashboardItem {
	return dashboardItem{dashboardToSpace(d), orEmpty(d.TileTypes)}
}

// tileBody is a tile as clients send it.
type tileBody struct {
	UUID       *string         `json:"uuid,omitempty"`
	Type       string          `json:"type" enum:"saved_chart,sql_chart,semantic_viewer_chart,markdown,loom"`
	X          float64         `json:"x"`
	Y          float64         `json:"y"`
	H          float64         `json:"h"`
	W          float64         `json:"w"`
	TabUUID    *string         `json:"tabUuid,omitempty"`
	Properties json.RawMessage `json:"properties"`
}

type tileProperties struct {
	Title             *string `json:"title"`
	HideTitle         *bool   `json:"hideTitle"`
	SavedChartUUID    *string `json:"savedChartUuid"`
	SavedSQLUUID      *string `json:"savedSqlUuid"`
	SemanticChartUUID *string `json:"savedSemanticViewerChartUuid"`
	Content           string  `json:"content"`
	URL               string  `json:"url"`
}

func (b tileBody) tile() (content.Tile, error) {
	var p tileProperties
	if err := json.Unmarshal(b.Properties, &p); err != nil {
		return content.Tile{}, fault.New(fault.Invalid, "The properties of a tile of type %q can't be read", b.Type)
	}
	t := content.Tile{UUID: given(b.UUID), Type: b.Type, X: int(b.X), Y: int(b.Y), H: int(b.H), W: int(b.W), Tab: b.TabUUID,
		Title: p.Title, HideTitle: p.HideTitle != nil && *p.HideTitle, Content: p.Content, URL: p.URL}
	switch b.Type {
	case content.TileChart:
		t.Chart = p.SavedChartUUID
	case content.TileSQLChart:
		t.Chart = p.SavedSQLUUID
	case content.TileSemantic:
		t.Chart = p.SemanticChartUUID
	case content.TileMarkdown, content.TileLoom:
	default:
		return t, fault.New(fault.Invalid, "There is no tile of type %q", b.Type)
	}
	return t, nil
}

// dashboardParameters are the values that a dashboard gives to parameters, each with its name again.
type dashboardParameters map[string]dashboardParameter

type dashboardParameter struct {
	Name  string `json:"parameterName"`
	Value any    `json:"value"`
}

func parametersToWire(p metric.Parameters) dashboardParameters {
	if len(p) == 0 {
		return nil
	}
	out := make(dashboardParameters, len(p))
	for name, value := range p {
		out[name] = dashboardParameter{name, value}
	}
	return out
}

// parameters are the values by name; nil when they were left out. Faults: Invalid for what no parameter can be.
func (p dashboardParameters) parameters() (metric.Parameters, error) {
	if p == nil {
		return nil, nil
	}
	out := metric.Parameters{}
	for name, parameter := range p {
		out[name] = parameter.Value
	}
	return out, out.Check()
}

func documentOf(tiles []tileBody, tabs []tabWire, filters *filtersWire, parameters dashboardParameters) (content.DashboardDocument, error) {
	d := content.DashboardDocument{Filters: filters.filters()}
	var err error
	if d.Parameters, err = parameters.parameters(); err != nil {
		return d, err
	}
	for _, body := range tiles {
		tile, err := body.tile()
		if err != nil {
			return d, err
		}
		d.Tiles = append(d.Tiles, tile)
	}
	for _, tab := range tabs {
		d.Tabs = append(d.Tabs, content.Tab{UUID: tab.UUID, Name: tab.Name, Order: tab.Order})
	}
	return d, nil
}
