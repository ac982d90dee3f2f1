package native

import (
	"context"
	"maps"
	"slices"
	"strings"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/project"
)

// ParameterRows are the operations that tell the parameters of a project: those to which explores refer that whoever asks
// may see.
func ParameterRows(s *project.Service) []api.Operation {
	h := parameterRows{s}
	return []api.Operation{
		{ID: "getProjectParameters", Method: "GET", Path: "/api/v2/projects/{projectUuid}/parameters", Auth: api.SessionOrKey, Tag: "v2",
			Endpoint: api.Handle(h.get)},
		{ID: "getProjectParametersList", Method: "GET", Path: "/api/v2/projects/{projectUuid}/parameters/list", Auth: api.SessionOrKey, Tag: "v2",
			Endpoint: api.Handle(h.list)},
	}
}

type parameterRows struct{ s *project.Service }

func (h parameterRows) all(ctx context.Context, who access.Principal, id string) (map[string]parameterWire, error) {
	explores, err := h.s.Explores(ctx, who, id, false)
	if err != nil {
		return nil, err
	}
	found := map[string]parameterWire{}
	for _, e := range explores {
		for name, p := range e.Parameters {
			found[name] = wireParameter(p)
		}
	}
	return found, nil
}

type parametersIn struct {
	Project string   `path:"projectUuid"`
	Names   []string `query:"names"`
}

func (h parameterRows) get(ctx context.Context, who access.Principal, in parametersIn) (map[string]parameterWire, error) {
	found, err := h.all(ctx, who, in.Project)
	if len(in.Names) > 0 {
		maps.DeleteFunc(found, func(name string, _ parameterWire) bool { return !slices.Contains(in.Names, name) })
	}
	return found, err
}

type parameterListIn struct {
	Project  string  `path:"projectUuid"`
	Search   *string `query:"search"`
	Sort     *string `query:"sortBy" enum:"name"`
	Order    *string `query:"sortOrder" enum:"asc,desc"`
	Page     *int    `query:"page" least:"1"`
	PageSize *int    `query:"pageSize" least:"1"`
}

// listedParameter says too where a parameter is declared.
type listedParameter struct {
	Name   string `json:"name"`
	Source string `json:"source"` // config or model
	Model  string `json:"modelName,omitempty"`
	parameterWire
}

func (h parameterRows) list(ctx context.Context, who access.Principal, in parameterListIn) (pageWire[listedParameter], error) {
	found, err := h.all(ctx, who, in.Project)
	if err != nil {
		return pageWire[listedParameter]{}, err
	}
	page, size := 1, max(len(found), 1)
	if in.Page != nil && in.PageSize != nil {
		page, size = *in.Page, *in.PageSize
	}
	search := ""
	if in.Search != nil {
		search = strings.ToLower(*in.Search)
	}
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(found)), func(name string) bool {
		return !strings.Contains(strings.ToLower(name), search) && !strings.Contains(strings.ToLower(found[name].Label), search)
	})
	if in.Order != nil && *in.Order == "desc" {
		slices.Reverse(names)
	}
	out := pageWire[listedParameter]{Data: []listedParameter{}, Pagination: &paginationWire{page, size, (len(names) + size - 1) / size, len(names)}}
	for i := range names {
		if i/size != page-1 {
			continue
		}
		listed := listedParameter{Name: names[i], Source: "config", parameterWire: found[names[i]]}
		if model, _, ok := strings.Cut(names[i], "."); ok {
			listed.Source, listed.Model = "model", model
		}
		out.Data = append(out.Data, listed)
	}
	return out, nil
}
