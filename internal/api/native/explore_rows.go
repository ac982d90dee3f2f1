package native

import (
	"context"
	"encoding/json"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/project"
	"inlay/internal/query"
	"inlay/internal/sqlgen"
)

// ExploreRows are the operations that show and replace the explores of a project.
func ExploreRows(s *project.Service, door query.Door) []api.Operation {
	h := exploreRows{s, door}
	return []api.Operation{
		op("GetExplores", api.Handle(h.list)),
		op("GetExplore", api.Handle(h.get)),
		op("SetExplores", api.Handle(h.put)),
		{ID: "GetProjectCatalog", Method: "GET", Path: "/api/v1/projects/{projectUuid}/catalog", Auth: api.SessionOrKey,
			Tag: "Projects", Endpoint: api.Handle(h.catalog)},
	}
}

type exploreRows struct {
	s    *project.Service
	door query.Door
}

type exploresIn struct {
	Project  string `path:"projectUuid"`
	Filtered *bool  `query:"filtered"`
}

func (h exploreRows) list(ctx context.Context, who access.Principal, in exploresIn) ([]exploreSummary, error) {
	explores, err := h.s.Explores(ctx, who, in.Project, in.Filtered != nil && *in.Filtered)
	if err != nil {
		return nil, err
	}
	list := make([]exploreSummary, 0, len(explores))
	for _, e := range explores {
		list = append(list, wireSummary(e))
	}
	return list, nil
}

type exploreIn struct {
	Project string `path:"projectUuid"`
	Explore string `path:"exploreId"`
}

func (h exploreRows) get(ctx context.Context, who access.Principal, in exploreIn) (exploreWire, error) {
	p, err := h.s.Get(ctx, who, in.Project)
	if err != nil {
		return exploreWire{}, err
	}
	e, err := h.door.Explore(ctx, who, in.Project, in.Explore)
	if err != nil {
		return exploreWire{}, err
	}
	return wireExplore(e, sqlgen.Fields(p.Warehouse.Type(), e)), nil
}

type putExploresIn struct {
	Project string          `path:"projectUuid"`
	Body    json.RawMessage `body:"body"`
}

func (h exploreRows) put(ctx context.Context, who access.Principal, in putExploresIn) (api.Empty, error) {
	if err := h.s.MayDeploy(ctx, who, in.Project); err != nil {
		return api.Empty{}, err // before the trouble of reading what they sent
	}
	explores, err := readExplores(in.Body)
	if err != nil {
		return api.Empty{}, err
	}
	return api.Empty{}, h.s.Deploy(ctx, who, in.Project, explores)
}

// catalogTable is a table in the tree of databases, schemas and tables.
type catalogTable struct {
	Description string `json:"description"`
	SQLTable    string `json:"sqlTable"`
}

type catalogTree map[string]map[string]map[string]catalogTable

func (h exploreRows) catalog(ctx context.Context, who access.Principal, in projectIn) (catalogTree, error) {
	explores, err := h.s.Explores(ctx, who, in.Project, false)
	if err != nil {
		return nil, err
	}
	tree := catalogTree{}
	for _, e := range explores {
		for _, t := range e.Tables {
			if tree[t.Database] == nil {
				tree[t.Database] = map[string]map[string]catalogTable{}
			}
			if tree[t.Database][t.Schema] == nil {
				tree[t.Database][t.Schema] = map[string]catalogTable{}
			}
			tree[t.Database][t.Schema][t.Name] = catalogTable{t.Description, string(t.Relation)}
		}
	}
	return tree, nil
}
