package native

import (
	"cmp"
	"context"
	"slices"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/content"
)

// PinRows are the operations on what is pinned in a project.
func PinRows(s *content.Service) []api.Operation {
	a := pins{s}
	row := func(id, path string, endpoint api.Endpoint) api.Operation {
		return api.Operation{ID: id, Method: "PATCH", Path: path, Auth: api.SessionOrKey, Tag: "Content", Endpoint: endpoint}
	}
	return []api.Operation{
		row("PinChart", "/api/v1/saved/{chartUuid}/pinning", api.Handle(a.chart)),
		row("PinDashboard", "/api/v1/dashboards/{dashboardUuid}/pinning", api.Handle(a.dashboard)),
		row("PinSpace", "/api/v1/projects/{projectUuid}/spaces/{spaceUuid}/pinning", api.Handle(a.space)),
		op("getPinnedItems", api.Handle(a.list)),
		op("updatePinnedItemsOrder", api.Handle(a.order)),
	}
}

type pins struct{ *content.Service }

type pinnedWire struct {
	ProjectUUID    string  `json:"projectUuid"`
	SpaceUUID      string  `json:"spaceUuid"`
	PinnedListUUID *string `json:"pinnedListUuid"`
	IsPinned       bool    `json:"isPinned"`
}

func (a pins) chart(ctx context.Context, who access.Principal, in chartIn) (any, error) {
	c, err := a.TogglePinChart(ctx, who, in.Chart)
	if err != nil {
		return nil, err
	}
	return pinnedWire{c.Project, c.Space.UUID, maybe(c.Pin.List), c.Pin.List != ""}, nil
}

func (a pins) dashboard(ctx context.Context, who access.Principal, in dashboardIn) (any, error) {
	d, err := a.TogglePinDashboard(ctx, who, in.Dashboard)
	if err != nil {
		return nil, err
	}
	return pinnedWire{d.Project, d.Space.UUID, maybe(d.Pin.List), d.Pin.List != ""}, nil
}

func (a pins) space(ctx context.Context, who access.Principal, in spaceIn) (any, error) {
	s, err := a.TogglePinSpace(ctx, who, in.Project, in.Space)
	return spaceOr(who, s, err)
}

type pinnedItem struct {
	Type string `json:"type"`
	Data any    `json:"data"`
}

type pinnedSpace struct {
	OrganizationUUID string `json:"organizationUuid"`
	ProjectUUID      string `json:"projectUuid"`
	pinWire
	UUID             string   `json:"uuid"`
	Name             string   `json:"name"`
	IsPrivate        bool     `json:"isPrivate"`
	AccessListLength int      `json:"accessListLength"`
	DashboardCount   int      `json:"dashboardCount"`
	ChartCount       int      `json:"chartCount"`
	Access           []string `json:"access"`
}

type pinnedChart struct {
	pinWire
	SpaceUUID     string      `json:"spaceUuid"`
	UUID          string      `json:"uuid"`
	Name          string      `json:"name"`
	Description   *string     `json:"description"`
	UpdatedAt     moment      `json:"updatedAt"`
	Views         int64       `json:"views"`
	FirstViewedAt *moment     `json:"firstViewedAt"`
	ChartKind     string      `json:"chartKind"`
	UpdatedByUser *authorWire `json:"updatedByUser"`
	Slug          string      `json:"slug"`
}

type pinnedDashboard struct {
	UUID          string  `json:"uuid"`
	SpaceUUID     string  `json:"spaceUuid"`
	Description   *string `json:"description"`
	Name          string  `json:"name"`
	Views         int64   `json:"views"`
	FirstViewedAt *moment `json:"firstViewedAt"`
	pinWire
	UpdatedAt     moment      `json:"updatedAt"`
	UpdatedByUser *authorWire `json:"updatedByUser"`
}

// pinnedToWire lists spaces, then charts, then dashboards; each kind in its order.
func pinnedToWire(p *content.Pinned) []pinnedItem {
	list := []pinnedItem{}
	place := func(pin content.Pin) int64 {
		if pin.Order == nil {
			return 0
		}
		return *pin.Order
	}
	slices.SortStableFunc(p.Spaces, func(x, y content.Space) int { return cmp.Compare(place(x.Pin), place(y.Pin)) })
	for _, s := range p.Spaces {
		list = append(list, pinnedItem{"space", pinnedSpace{s.Organization, s.Project, pinToWire(s.Pin), s.UUID, s.Name,
			s.Private, len(s.Granted), s.Dashboards, s.Charts, orEmpty(s.Granted)}})
	}
	slices.SortStableFunc(p.Charts, func(x, y content.Chart) int { return cmp.Compare(place(x.Pin), place(y.Pin)) })
	for _, c := range p.Charts {
		list = append(list, pinnedItem{"chart", pinnedChart{pinToWire(c.Pin), c.Space.UUID, c.UUID, c.Name, c.Description,
			moment(c.UpdatedAt), c.Views, maybeMoment(c.FirstViewed), c.Kind, personToWire(c.UpdatedBy), c.Slug}})
	}
	slices.SortStableFunc(p.Dashboards, func(x, y content.Dashboard) int { return cmp.Compare(place(x.Pin), place(y.Pin)) })
	for _, d := range p.Dashboards {
		list = append(list, pinnedItem{"dashboard", pinnedDashboard{d.UUID, d.Space.UUID, d.Description, d.Name, d.Views,
			maybeMoment(d.FirstViewed), pinToWire(d.Pin), moment(d.UpdatedAt), personToWire(d.UpdatedBy)}})
	}
	return list
}

type pinnedIn struct {
	Project string `path:"projectUuid"`
	List    string `path:"pinnedListUuid"`
}

func (a pins) list(ctx context.Context, who access.Principal, in pinnedIn) (any, error) {
	p, err := a.Pinned(ctx, who, in.Project, in.List)
	if err != nil {
		return nil, err
	}
	return pinnedToWire(p), nil
}

type pinnedOrderIn struct {
	Project string `path:"projectUuid"`
	List    string `path:"pinnedListUuid"`
	Body    []struct {
		Type string `json:"type" enum:"chart,dashboard,space"`
		Data struct {
			UUID            string `json:"uuid"`
			PinnedListOrder int64  `json:"pinnedListOrder"`
		} `json:"data"`
	} `body:"body"`
}

func (a pins) order(ctx context.Context, who access.Principal, in pinnedOrderIn) (any, error) {
	places := []content.PinPlace{}
	for _, item := range in.Body {
		places = append(places, content.PinPlace{Kind: item.Type, Item: item.Data.UUID, Order: item.Data.PinnedListOrder})
	}
	p, err := a.OrderPinned(ctx, who, in.Project, in.List, places)
	if err != nil {
		return nil, err
	}
	return pinnedToWire(p), nil
}
