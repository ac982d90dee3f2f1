package native

import (
	"context"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/content"
)

// MoveRows are the operations that put content into other spaces, under the addresses of newer reference servers.
func MoveRows(s *content.Service) []api.Operation {
	a := moveRows{s}
	row := func(id, path string, endpoint api.Endpoint) api.Operation {
		return api.Operation{ID: id, Method: "POST", Path: "/api/v2/content" + path, Auth: api.SessionOrKey, Tag: "Content", Endpoint: endpoint}
	}
	return []api.Operation{
		row("MoveContent", "/{projectUuid}/move", api.Handle(a.one)),
		row("BulkMoveContent", "/bulk-action/{projectUuid}/move", api.Handle(a.many)),
	}
}

type moveRows struct{ *content.Service }

type movedItem struct {
	UUID   string `json:"uuid"`
	Type   string `json:"contentType" enum:"chart,dashboard,space"`
	Source string `json:"source,omitempty" enum:"dbt_explore,sql" null:"ok"`
}

func (i movedItem) movable() content.Movable {
	if i.Type == "chart" && i.Source == "sql" {
		return content.Movable{Kind: "sql_chart", UUID: i.UUID}
	}
	return content.Movable{Kind: i.Type, UUID: i.UUID}
}

type moveAction struct {
	Type   string  `json:"type" enum:"move"`
	Target *string `json:"targetSpaceUuid,omitempty" null:"ok"` // null takes spaces to the top
}

type moveIn struct {
	Project string `path:"projectUuid"`
	Body    struct {
		Item   movedItem  `json:"item"`
		Action moveAction `json:"action"`
	} `body:"body"`
}

func (a moveRows) one(ctx context.Context, who access.Principal, in moveIn) (api.Empty, error) {
	return api.Empty{}, a.Move(ctx, who, in.Project, []content.Movable{in.Body.Item.movable()}, given(in.Body.Action.Target))
}

type bulkMoveIn struct {
	Project string `path:"projectUuid"`
	Body    struct {
		Content []movedItem `json:"content"`
		Action  moveAction  `json:"action"`
	} `body:"body"`
}

func (a moveRows) many(ctx context.Context, who access.Principal, in bulkMoveIn) (api.Empty, error) {
	things := make([]content.Movable, len(in.Body.Content))
	for i, item := range in.Body.Content {
		things[i] = item.movable()
	}
	return api.Empty{}, a.Move(ctx, who, in.Project, things, given(in.Body.Action.Target))
}
