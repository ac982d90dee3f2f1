package native

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/content"
	"inlay/internal/fault"
)

// DashboardRows are the operations on dashboards.
func DashboardRows(s *content.Service) []api.Operation {
	a := dashboards{s}
	row := func(id, method, path string, endpoint api.Endpoint) api.Operation {
		return api.Operation{ID: id, Method: method, Path: path, Auth: api.SessionOrKey, Tag: "Dashboards", Endpoint: endpoint}
	}
	return []api.Operation{
		op("getDashboards", api.Handle(a.list)),
		open("createDashboard", api.Handle(a.create)),
		op("updateDashboards", api.Handle(a.updateMany)),
		embedded(row("GetDashboard", "GET", "/api/v1/dashboards/{dashboardUuid}", api.Handle(a.get))),
		row("GetDashboardViews", "GET", "/api/v1/dashboards/{dashboardUuid}/views", api.Handle(a.views)),
		embedded(row("UpdateDashboard", "PATCH", "/api/v1/dashboards/{dashboardUuid}", api.Handle(a.update))),
		embedded(row("DeleteDashboard", "DELETE", "/api/v1/dashboards/{dashboardUuid}", api.Handle(a.delete))),
		embedded(row("GetEmbeddedView", "GET", "/api/v1/inlay/view/{dashboard}", api.Handle(a.view))),
	}
}

type dashboards struct{ *content.Service }

type dashboardIn struct {
	Dashboard string `path:"dashboardUuid"`
}

type dashboardsIn struct {
	Project        string  `path:"projectUuid"`
	Chart          *string `query:"chartUuid"`
	IncludePrivate *string `query:"includePrivate"`
}

func (a dashboards) list(ctx context.Context, who access.Principal, in dashboardsIn) ([]dashboardItem, error) {
	found, err := a.Dashboards(ctx, who, in.Project, content.DashboardSearch{Chart: given(in.Chart),
		SkipPrivate: given(in.IncludePrivate) == "false"})
	list := []dashboardItem{}
	for _, dashboard := range found {
		list = append(list, dashboardToItem(dashboard))
	}
	return list, err
}

func dashboardOr(d *content.Dashboard, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return dashboardToWire(d), nil
}

// createDashboardBody is either what a new dashboard is made of or the name of a copy.
type createDashboardBody struct {
	Name          *string             `json:"name,omitempty"`
	Description   *string             `json:"description,omitempty"`
	SpaceUUID     *string             `json:"spaceUuid,omitempty"`
	Tiles         *[]tileBody         `json:"tiles,omitempty"`
	Tabs          *[]tabWire          `json:"tabs,omitempty"`
	Filters       *filtersWire        `json:"filters,omitempty"`
	Parameters    dashboardParameters `json:"parameters,omitempty"`
	DashboardName *string             `json:"dashboardName,omitempty"`
	DashboardDesc *string             `json:"dashboardDesc,omitempty"`
}

type createDashboardIn struct {
	Project   string              `path:"projectUuid"`
	Duplicate *string             `query:"duplicateFrom"`
	Body      createDashboardBody `body:"body,whole"`
}

func (a dashboards) create(ctx context.Context, who access.Principal, in createDashboardIn) (any, error) {
	b := in.Body
	if in.Duplicate != nil && b.DashboardName != nil {
		d, err := a.DuplicateDashboard(ctx, who, in.Project, *in.Duplicate, *b.DashboardName, b.DashboardDesc)
		return created(d, err, false)
	}
	if b.Name == nil || b.Tiles == nil || b.Tabs == nil {
		return nil, wrongDashboard("a dashboard needs a name, tiles and tabs; a copy a dashboardName")
	}
	if b.Filters.nameless() {
		return nil, wrongDashboard("the label of a filter must be text")
	}
	document, err := documentOf(*b.Tiles, *b.Tabs, b.Filters, b.Parameters)
	if err != nil {
		return nil, err
	}
	// As recorded, targets by tile don't survive creation; clients set them with the first change.
	document.Filters = document.Filters.Untargeted()
	d, err := a.CreateDashboard(ctx, who, in.Project, content.NewDashboard{Name: *b.Name, Description: b.Description,
		Space: given(b.SpaceUUID), Document: document})
	return created(d, err, b.SpaceUUID == nil)
}

func wrongDashboard(message string) error {
	wrong := fault.Field{Message: message, Value: map[string]any{}, Given: true}
	return &fault.Fault{Kind: fault.Unprocessable, Fields: map[string]fault.Field{"body": wrong}}
}

// nameless tells whether a filter's label is something else than text.
func (f *filtersWire) nameless() bool {
	if f == nil {
		return false
	}
	return slices.ContainsFunc(slices.Concat(f.Dimensions, f.Metrics, f.TableCalculations), func(filter json.RawMessage) bool {
		var label struct {
			Label json.RawMessage `json:"label"`
		}
		var text string
		return json.Unmarshal(filter, &label) != nil ||
			label.Label != nil && (absent(label.Label) || json.Unmarshal(label.Label, &text) != nil)
	})
}

func created(d *content.Dashboard, err error, unplaced bool) (any, error) {
	if err != nil {
		return nil, err
	}
	wire := dashboardToWire(d)
	if unplaced {
		wire.IsPrivate = nil // as recorded
	}
	return api.Status{Code: http.StatusCreated, Body: wire}, nil
}

type updateDashboardsIn struct {
	Project string `path:"projectUuid"`
	Body    []struct {
		UUID        string  `json:"uuid"`
		Name        string  `json:"name"`
		Description *string `json:"description,omitempty"`
		SpaceUUID   string  `json:"spaceUuid"`
	} `body:"body"`
}

func (a dashboards) updateMany(ctx context.Context, who access.Principal, in updateDashboardsIn) (any, error) {
	updates := []content.DashboardUpdate{}
	for _, up := range in.Body {
		updates = append(updates, content.DashboardUpdate{UUID: up.UUID, DashboardChange: content.DashboardChange{
			Name: &up.Name, Description: up.Description, Space: &up.SpaceUUID}})
	}
	changed, err := a.UpdateDashboards(ctx, who, in.Project, updates)
	list := []openDashboard{}
	for _, dashboard := range changed {
		list = append(list, dashboardToWire(dashboard))
	}
	return list, err
}

func (a dashboards) get(ctx context.Context, who access.Principal, in dashboardIn) (any, error) {
	return dashboardOr(a.Dashboard(ctx, who, in.Dashboard))
}

func (a dashboards) views(ctx context.Context, who access.Principal, in dashboardIn) (viewsWire, error) {
	views, first, err := a.DashboardViews(ctx, who, in.Dashboard)
	return viewsWire{views, maybeMoment(first)}, err
}

type updateDashboardIn struct {
	Dashboard string `path:"dashboardUuid"`
	Body      struct {
		Name        *string             `json:"name"`
		Description *string             `json:"description"`
		SpaceUUID   *string             `json:"spaceUuid"`
		Tiles       *[]tileBody         `json:"tiles"`
		Tabs        []tabWire           `json:"tabs"`
		Filters     *filtersWire        `json:"filters"`
		Parameters  dashboardParameters `json:"parameters,omitempty"`
	} `body:"body,loose"`
}

func (a dashboards) update(ctx context.Context, who access.Principal, in updateDashboardIn) (any, error) {
	change := content.DashboardChange{Name: in.Body.Name, Description: in.Body.Description, Space: in.Body.SpaceUUID}
	if in.Body.Tiles != nil {
		document, err := documentOf(*in.Body.Tiles, in.Body.Tabs, in.Body.Filters, in.Body.Parameters)
		if err != nil {
			return nil, err
		}
		change.Document = &document
	}
	return dashboardOr(a.UpdateDashboard(ctx, who, in.Dashboard, change))
}

func (a dashboards) delete(ctx context.Context, who access.Principal, in dashboardIn) (api.Empty, error) {
	return api.Empty{}, a.DeleteDashboard(ctx, who, in.Dashboard)
}

type shownIn struct {
	Dashboard string `path:"dashboard"`
}

// viewWire is what an embedding page needs before it draws anything.
type viewWire struct {
	DashboardUUID string          `json:"dashboardUuid"`
	ProjectUUID   string          `json:"projectUuid"`
	Name          string          `json:"name"`
	Theme         map[string]any  `json:"theme"`
	Permissions   map[string]bool `json:"permissions"`
	ExpiresAt     *moment         `json:"expiresAt"`
}

func (a dashboards) view(ctx context.Context, who access.Principal, in shownIn) (any, error) {
	d, err := a.FindDashboard(ctx, who, in.Dashboard)
	if err != nil {
		return nil, err
	}
	w := viewWire{DashboardUUID: d.UUID, ProjectUUID: d.Project, Name: d.Name, Theme: who.Theme, Permissions: who.Permissions}
	if w.Theme == nil {
		w.Theme = map[string]any{}
	}
	if w.Permissions == nil {
		w.Permissions = map[string]bool{}
	}
	if !who.Expires.IsZero() {
		w.ExpiresAt = maybeMoment(&who.Expires)
	}
	return w, nil
}
