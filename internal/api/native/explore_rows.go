package native

import (
	"context"
	"encoding/json"

	"github.com/maypok86/otter/v2"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/project"
	"inlay/internal/query"
	"inlay/internal/semantic"
	"inlay/internal/sqlgen"
)

// ExploreRows are the operations that show and replace the explores of a project.
func ExploreRows(s *project.Service, door query.Door) []api.Operation {
	h := exploreRows{s, door, otter.Must(&otter.Options[exploreKey, []byte]{MaximumWeight: exploreBytes,
		Weigher: func(_ exploreKey, text []byte) uint32 { return uint32(len(text)) }})}
	return []api.Operation{
		op("GetExplores", api.Handle(h.list)),
		op("GetExplore", api.Handle(h.get)),
		op("SetExplores", api.Handle(h.put)),
		{ID: "GetProjectCatalog", Method: "GET", Path: "/api/v1/projects/{projectUuid}/catalog", Auth: api.SessionOrKey,
			Tag: "Projects", Endpoint: api.Handle(h.catalog)},
	}
}

// exploreBytes is how much is kept of explores as they are written.
const exploreBytes = 64 << 20

type exploreRows struct {
	s       *project.Service
	door    query.Door
	written *otter.Cache[exploreKey, []byte]
}

// exploreKey is an explore as somebody's attributes show it, which never changes, and the kind of its warehouse.
type exploreKey struct {
	explore *semantic.Explore
	dialect string
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

func (h exploreRows) get(ctx context.Context, who access.Principal, in exploreIn) (written api.Encoded[exploreWire], err error) {
	dialect, err := h.s.Dialect(ctx, who, in.Project)
	if err != nil {
		return written, err
	}
	e, err := h.door.Explore(ctx, who, in.Project, in.Explore)
	if err != nil {
		return written, err
	}
	key := exploreKey{e, dialect}
	if known, ok := h.written.GetIfPresent(key); ok {
		return api.Encoded[exploreWire]{Results: known}, nil
	}
	written.Results, err = json.Marshal(wireExplore(e, sqlgen.Fields(dialect, e)))
	if err == nil {
		h.written.Set(key, written.Results)
	}
	return written, err
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
