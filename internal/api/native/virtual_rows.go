package native

import (
	"context"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/project"
	"inlay/internal/semantic"
)

// VirtualViewRows are the operations that make explores of SQL.
func VirtualViewRows(s *project.Service) []api.Operation {
	h := virtualViewRows{s}
	row := func(id, method, path string, endpoint api.Endpoint) api.Operation {
		return api.Operation{ID: id, Method: method, Path: "/api/v1/projects/{projectUuid}/sqlRunner/virtual-view" + path,
			Auth: api.SessionOrKey, Tag: "SQL runner", Endpoint: endpoint}
	}
	return []api.Operation{
		row("CreateVirtualView", "POST", "", api.Handle(h.create)),
		row("UpdateVirtualView", "PUT", "/{name}", api.Handle(h.update)),
		row("DeleteVirtualView", "DELETE", "/{name}", api.Handle(h.remove)),
	}
}

type virtualViewRows struct{ s *project.Service }

type viewBody struct {
	Name    string       `json:"name"`
	SQL     string       `json:"sql"`
	Columns []viewColumn `json:"columns"`
}

type viewColumn struct {
	Reference string `json:"reference"`
	Type      string `json:"type,omitempty" enum:"string,number,timestamp,date,boolean"`
}

func (b viewBody) view(name string) project.View {
	v := project.View{Name: name, SQL: b.SQL}
	for _, c := range b.Columns {
		column := project.ViewColumn{Name: c.Reference, Type: semantic.Type(c.Type)}
		if column.Type == "" {
			column.Type = semantic.String
		}
		v.Columns = append(v.Columns, column)
	}
	return v
}

type viewNamed struct {
	Name string `json:"name"`
}

type createViewIn struct {
	Project string   `path:"projectUuid"`
	Body    viewBody `body:"body"`
}

func (h virtualViewRows) create(ctx context.Context, who access.Principal, in createViewIn) (viewNamed, error) {
	name, err := h.s.CreateView(ctx, who, in.Project, in.Body.view(in.Body.Name))
	return viewNamed{name}, err
}

type updateViewIn struct {
	Project string   `path:"projectUuid"`
	Name    string   `path:"name"`
	Body    viewBody `body:"body"`
}

func (h virtualViewRows) update(ctx context.Context, who access.Principal, in updateViewIn) (viewNamed, error) {
	return viewNamed{in.Name}, h.s.UpdateView(ctx, who, in.Project, in.Body.view(in.Name))
}

type virtualViewIn struct {
	Project string `path:"projectUuid"`
	Name    string `path:"name"`
}

func (h virtualViewRows) remove(ctx context.Context, who access.Principal, in virtualViewIn) (api.Empty, error) {
	return api.Empty{}, h.s.DeleteView(ctx, who, in.Project, in.Name)
}
