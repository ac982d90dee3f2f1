package native

import (
	"context"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/content"
)

// TenantContentRows are our own operations by which tenants list what they may open, and change a dashboard that
// everybody has for themselves. Their own charts and dashboards they make and change by the operations of charts and
// dashboards.
func TenantContentRows(s *content.Service) []api.Operation {
	a := tenantContent{s}
	row := func(id, method, path string, endpoint api.Endpoint) api.Operation {
		return embedded(api.Operation{ID: id, Method: method, Path: path, Auth: api.SessionOrKey, Tag: "Embedding", Endpoint: endpoint})
	}
	const overlay = "/api/v1/inlay/dashboards/{dashboardUuid}/overlay"
	return []api.Operation{
		row("ListTenantContent", "GET", "/api/v1/inlay/content", api.Handle(a.list)),
		row("GetDashboardOverlay", "GET", overlay, api.Handle(a.get)),
		row("SetDashboardOverlay", "PUT", overlay, api.Handle(a.set)),
		row("RemoveDashboardOverlay", "DELETE", overlay, api.Handle(a.remove)),
	}
}

type tenantContent struct{ *content.Service }

type tenantItem struct {
	UUID string `json:"uuid"`
	Name string `json:"name"`
	Kind string `json:"kind"`
	Own  bool   `json:"own"`
}

type tenantItems struct {
	Charts     []tenantItem `json:"charts"`
	Dashboards []tenantItem `json:"dashboards"`
}

func (a tenantContent) list(ctx context.Context, who access.Principal, _ struct{}) (tenantItems, error) {
	charts, dashboards, err := a.TenantContent(ctx, who)
	out := tenantItems{[]tenantItem{}, []tenantItem{}}
	for _, item := range charts {
		out.Charts = append(out.Charts, tenantItem(item))
	}
	for _, item := range dashboards {
		out.Dashboards = append(out.Dashboards, tenantItem(item))
	}
	return out, err
}

// overlayWire is what a tenant changed of a dashboard.
type overlayWire struct {
	Revision int64       `json:"revision"`
	Name     *string     `json:"name,omitempty"`
	Hidden   []string    `json:"hiddenTiles"`
	Moved    []movedTile `json:"movedTiles"`
	Added    []tileWire  `json:"addedTiles"`
	Filters  filtersWire `json:"filters"`
}

type movedTile struct {
	UUID  string  `json:"uuid"`
	X     int     `json:"x"`
	Y     int     `json:"y"`
	H     int     `json:"h"`
	W     int     `json:"w"`
	Tab   *string `json:"tabUuid"`
	Title *string `json:"title,omitempty"`
}

func overlayOr(o content.Overlay, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	w := overlayWire{Revision: o.Revision, Name: o.Name, Hidden: orEmpty(o.Hidden), Moved: []movedTile{}, Added: []tileWire{}, Filters: filtersToWire(o.Filters)}
	for _, t := range o.Moved {
		w.Moved = append(w.Moved, movedTile{t.UUID, t.X, t.Y, t.H, t.W, t.Tab, t.Title})
	}
	for _, t := range o.Added {
		w.Added = append(w.Added, tileToWire(t))
	}
	return w, nil
}

func (a tenantContent) get(ctx context.Context, who access.Principal, in dashboardIn) (any, error) {
	return overlayOr(a.Overlay(ctx, who, in.Dashboard))
}

type overlayIn struct {
	Dashboard string `path:"dashboardUuid"`
	Body      struct {
		Revision int64        `json:"revision,omitempty"`
		Name     *string      `json:"name,omitempty"`
		Hidden   []string     `json:"hiddenTiles,omitempty"`
		Moved    []movedTile  `json:"movedTiles,omitempty"`
		Added    []tileBody   `json:"addedTiles,omitempty"`
		Filters  *filtersWire `json:"filters,omitempty"`
	} `body:"requestBody"`
}

func (a tenantContent) set(ctx context.Context, who access.Principal, in overlayIn) (any, error) {
	b := in.Body
	added, err := documentOf(b.Added, nil, b.Filters, nil)
	if err != nil {
		return nil, err
	}
	o := content.Overlay{Revision: b.Revision, Name: b.Name, Hidden: b.Hidden, Added: added.Tiles, Filters: added.Filters}
	for _, t := range b.Moved {
		o.Moved = append(o.Moved, content.Tile{UUID: t.UUID, X: t.X, Y: t.Y, H: t.H, W: t.W, Tab: t.Tab, Title: t.Title})
	}
	return overlayOr(a.SetOverlay(ctx, who, in.Dashboard, o))
}

func (a tenantContent) remove(ctx context.Context, who access.Principal, in dashboardIn) (api.Empty, error) {
	return api.Empty{}, a.RemoveOverlay(ctx, who, in.Dashboard)
}
