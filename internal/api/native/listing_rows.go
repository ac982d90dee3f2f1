package native

import (
	"context"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/content"
)

// ListingRows are the operations that list charts and dashboards together.
func ListingRows(s *content.Service) []api.Operation {
	a := listings{s}
	return []api.Operation{
		{ID: "ListContent", Method: "GET", Path: "/api/v2/content", Auth: api.SessionOrKey, Tag: "Content", Endpoint: api.Handle(a.list)},
		{ID: "GetMostPopularAndRecentlyUpdated", Method: "GET", Path: "/api/v1/projects/{projectUuid}/most-popular-and-recently-updated",
			Auth: api.SessionOrKey, Tag: "Content", Endpoint: api.Handle(a.popular)},
	}
}

type listings struct{ *content.Service }

type contentIn struct {
	Projects []string `query:"projectUuids"`
	Spaces   []string `query:"spaceUuids"`
	Types    []string `query:"contentTypes" enum:"chart,dashboard"`
	Page     *int     `query:"page"`
	PageSize *int     `query:"pageSize"`
}

type contentPage struct {
	Pagination pagination `json:"pagination"`
	Data       []any      `json:"data"`
}

type pagination struct {
	Page           int `json:"page"`
	PageSize       int `json:"pageSize"`
	TotalPageCount int `json:"totalPageCount"`
	TotalResults   int `json:"totalResults"`
}

type contentUser struct {
	UUID      string `json:"uuid"`
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
}

type contentPlace struct {
	UUID string `json:"uuid"`
	Name string `json:"name"`
}

type contentList struct {
	UUID string `json:"uuid"`
}

type contentItem struct {
	ContentType   string       `json:"contentType"`
	UUID          string       `json:"uuid"`
	Slug          string       `json:"slug"`
	Name          string       `json:"name"`
	Description   *string      `json:"description"`
	CreatedAt     moment       `json:"createdAt"`
	CreatedBy     *contentUser `json:"createdBy"`
	LastUpdatedAt moment       `json:"lastUpdatedAt"`
	LastUpdatedBy *contentUser `json:"lastUpdatedBy"`
	Project       contentPlace `json:"project"`
	Organization  contentPlace `json:"organization"`
	Space         contentPlace `json:"space"`
	PinnedList    *contentList `json:"pinnedList"`
	Views         int64        `json:"views"`
	FirstViewedAt *moment      `json:"firstViewedAt"`
}

type contentChart struct {
	contentItem
	Source    string        `json:"source"`
	ChartKind string        `json:"chartKind"`
	Dashboard *contentPlace `json:"dashboard"`
}

func contentPerson(p *content.Person) *contentUser {
	if p == nil {
		return nil
	}
	return &contentUser{p.User, p.First, p.Last}
}

func listedToWire(l content.Listed) any {
	item := contentItem{ContentType: l.Kind, UUID: l.UUID, Slug: l.Slug, Name: l.Name, Description: l.Description,
		CreatedAt: moment(l.CreatedAt), CreatedBy: contentPerson(l.CreatedBy), LastUpdatedAt: moment(l.UpdatedAt),
		LastUpdatedBy: contentPerson(l.UpdatedBy), Project: contentPlace(l.Project), Organization: contentPlace(l.Organization),
		Space: contentPlace(l.Space), Views: l.Views, FirstViewedAt: maybeMoment(l.FirstViewed)}
	if l.PinnedList != "" {
		item.PinnedList = &contentList{l.PinnedList}
	}
	if l.Kind != content.OfCharts {
		return item
	}
	return contentChart{contentItem: item, Source: l.Source, ChartKind: l.ChartKind}
}

func (a listings) list(ctx context.Context, who access.Principal, in contentIn) (any, error) {
	q := content.ListQuery{Projects: in.Projects, Spaces: in.Spaces, Types: in.Types, Page: 1, Size: 10}
	if in.Page != nil {
		q.Page = *in.Page
	}
	if in.PageSize != nil {
		q.Size = *in.PageSize
	}
	page, err := a.List(ctx, who, q)
	if err != nil {
		return nil, err
	}
	w := contentPage{pagination{page.Number, page.Size, page.Pages, page.Total}, []any{}}
	for _, item := range page.Items {
		w.Data = append(w.Data, listedToWire(item))
	}
	return w, nil
}

func (a listings) popular(ctx context.Context, who access.Principal, in projectIn) (any, error) {
	popular, err := a.Popular(ctx, who, in.Project)
	if err != nil {
		return nil, err
	}
	return map[string]any{"mostPopular": popularToWire(popular.MostPopular), "recentlyUpdated": popularToWire(popular.RecentlyUpdated)}, nil
}

func popularToWire(items []content.Item) []any {
	list := []any{}
	for _, item := range items {
		if item.Chart != nil {
			list = append(list, chartToItem(*item.Chart))
		} else {
			list = append(list, dashboardToSpace(*item.Dashboard))
		}
	}
	return list
}
