package native

import (
	"context"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/project"
	"inlay/internal/warehouse"
)

// ConnectionRows are our own operations by which administrators keep connections beside those of projects, such as the
// database of one tenant.
func ConnectionRows(s *project.Service) []api.Operation {
	c := connections{s}
	const path, tag = "/api/v1/inlay/connections", "Embedding"
	return []api.Operation{
		{ID: "listConnections", Method: "GET", Path: path, Auth: api.SessionOrKey, Tag: tag, Endpoint: api.Handle(c.list)},
		{ID: "createConnection", Method: "POST", Path: path, Auth: api.SessionOrKey, Tag: tag, Endpoint: api.Handle(c.create)},
		{ID: "deleteConnection", Method: "DELETE", Path: path + "/{connectionUuid}", Auth: api.SessionOrKey, Tag: tag, Endpoint: api.Handle(c.remove)},
	}
}

type connections struct{ projects *project.Service }

type connectionWire struct {
	UUID        string         `json:"connectionUuid"`
	Name        string         `json:"name"`
	Warehouse   map[string]any `json:"warehouseConnection"` // without secrets
	Overridable bool           `json:"overridable"`
	CreatedAt   moment         `json:"createdAt"`
}

func (c connections) list(ctx context.Context, who access.Principal, _ struct{}) ([]connectionWire, error) {
	found, err := c.projects.Connections(ctx, who)
	list := make([]connectionWire, len(found))
	for i, one := range found {
		list[i] = connectionWire{one.UUID, one.Name, one.Settings, one.Overridable, moment(one.Created)}
	}
	return list, err
}

type newConnection struct {
	Body struct {
		Name        string             `json:"name"`
		Warehouse   warehouse.Settings `json:"warehouseConnection"`
		Overridable bool               `json:"overridable,omitempty"` // may be given to tenants
	} `body:"requestBody"`
}

type createdConnection struct {
	UUID string `json:"connectionUuid"`
}

func (c connections) create(ctx context.Context, who access.Principal, in newConnection) (createdConnection, error) {
	id, err := c.projects.AddConnection(ctx, who, in.Body.Name, in.Body.Warehouse, in.Body.Overridable)
	return createdConnection{id}, err
}

type connectionIn struct {
	Connection string `path:"connectionUuid"`
}

func (c connections) remove(ctx context.Context, who access.Principal, in connectionIn) (api.Empty, error) {
	return api.Empty{}, c.projects.RemoveConnection(ctx, who, in.Connection)
}
