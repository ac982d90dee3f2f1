package native

import (
	"context"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/content"
)

// TrashRows are the operations on what was deleted, under the addresses of newer reference servers.
func TrashRows(s *content.Service) []api.Operation {
	a := trashRows{s}
	row := func(id, method, path string, endpoint api.Endpoint) api.Operation {
		return api.Operation{ID: id, Method: method, Path: "/api/v2/content" + path, Auth: api.SessionOrKey, Tag: "Content", Endpoint: endpoint}
	}
	return []api.Operation{
		row("ListDeletedContent", "GET", "/deleted", api.Handle(a.list)),
		row("RestoreContent", "POST", "/{projectUuid}/restore", api.Handle(a.restore)),
		row("PermanentlyDeleteContent", "DELETE", "/{projectUuid}/permanent", api.Handle(a.purge)),
	}
}

type trashRows struct{ *content.Service }

type deletedIn struct {
	Projects []string `query:"projectUuids"`
	Page     *int     `query:"page" least:"1"`
	Size     *int     `query:"pageSize" least:"1"`
}

type deletedContent struct {
	UUID        string      `json:"uuid"`
	Name        string      `json:"name"`
	ContentType string      `json:"contentType"`
	Source      string      `json:"source,omitempty"`
	Project     string      `json:"projectUuid"`
	Space       string      `json:"spaceUuid"`
	SpaceName   string      `json:"spaceName"`
	DeletedAt   moment      `json:"deletedAt"`
	DeletedBy   *authorWire `json:"deletedBy"`
}

type deletedPage struct {
	Data       []deletedContent `json:"data"`
	Pagination pagination       `json:"pagination"`
}

func (a trashRows) list(ctx context.Context, who access.Principal, in deletedIn) (deletedPage, error) {
	found, err := a.Trash(ctx, who, in.Projects)
	page, size := 1, 25
	if in.Page != nil {
		page = *in.Page
	}
	if in.Size != nil {
		size = min(100, *in.Size)
	}
	out := deletedPage{Data: []deletedContent{}, Pagination: pagination{page, size, (len(found) + size - 1) / size, len(found)}}
	from := min((page-1)*size, len(found))
	for _, d := range found[from:min(from+size, len(found))] {
		w := deletedContent{UUID: d.UUID, Name: d.Name, ContentType: d.Kind, Project: d.Project, Space: d.Space.UUID, SpaceName: d.Space.Name,
			DeletedAt: moment(d.DeletedAt), DeletedBy: personToWire(d.DeletedBy)}
		switch d.Kind {
		case "chart":
			w.Source = "dbt_explore"
		case "sql_chart":
			w.ContentType, w.Source = "chart", "sql"
		}
		out.Data = append(out.Data, w)
	}
	return out, err
}

type deletedItemIn struct {
	Project string `path:"projectUuid"`
	Body    struct {
		Item struct {
			UUID string `json:"uuid"`
		} `json:"item"`
	} `body:"body,loose"`
}

func (a trashRows) restore(ctx context.Context, who access.Principal, in deletedItemIn) (api.Empty, error) {
	return api.Empty{}, a.Restore(ctx, who, in.Project, in.Body.Item.UUID)
}

func (a trashRows) purge(ctx context.Context, who access.Principal, in deletedItemIn) (api.Empty, error) {
	return api.Empty{}, a.Purge(ctx, who, in.Project, in.Body.Item.UUID)
}
