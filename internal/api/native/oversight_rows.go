package native

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/oversight"
	"inlay/internal/query"
	"inlay/internal/tenancy"
)

// OversightRows are our own operations for operators and security reviewers.
func OversightRows(s *oversight.Service) []api.Operation {
	o := overseer{s}
	const tag = "Operation"
	return []api.Operation{
		{ID: "explainQuery", Method: "POST", Path: "/api/v1/inlay/explain", Auth: api.SessionOrKey, Tag: tag, Endpoint: api.Handle(o.explain)},
		{ID: "checkIsolation", Method: "GET", Path: "/api/v1/inlay/isolation-check", Auth: api.SessionOrKey, Tag: tag, Endpoint: api.Handle(o.isolation)},
		{ID: "countCache", Method: "GET", Path: "/api/v1/inlay/cache", Auth: api.SessionOrKey, Tag: tag, Endpoint: api.Handle(o.cache)},
		{ID: "revokeAccess", Method: "POST", Path: "/api/v1/inlay/revoke", Auth: api.SessionOrKey, Tag: tag, Endpoint: api.Handle(o.revoke)},
	}
}

type overseer struct{ oversight *oversight.Service }

type explainIn struct {
	Body struct {
		Project string       `json:"projectUuid"`
		Query   metric.Query `json:"query"`
		As      viewerWire   `json:"as"`
		Run     bool         `json:"run,omitempty"` // show the viewer's rows too
	} `body:"requestBody"`
}

type viewerWire struct {
	User    string         `json:"userUuid,omitempty"`
	Tenant  string         `json:"tenantId,omitempty"`
	Context tenancy.Values `json:"securityContext,omitempty"`
}

func (v viewerWire) viewer() oversight.Viewer {
	return oversight.Viewer{User: v.User, Tenant: v.Tenant, Context: v.Context}
}

type explanationWire struct {
	SQL      string             `json:"sql"`
	Warnings []string           `json:"warnings"`
	Tables   []explanationTable `json:"tables"`
	Cached   bool               `json:"cached"`
	Refused  string             `json:"refused,omitempty"`
	Rows     json.RawMessage    `json:"rows,omitempty"`
}

type explanationTable struct {
	Table      string          `json:"table"`
	Verdict    string          `json:"verdict"`
	Reason     string          `json:"reason"`
	Conditions []conditionWire `json:"conditions"`
}

type conditionWire struct {
	Column string `json:"column"`
	Values []any  `json:"values"`
	Source string `json:"source"`
}

func (o overseer) explain(ctx context.Context, who access.Principal, in explainIn) (explanationWire, error) {
	b := in.Body
	r := query.Request{Project: b.Project, Explore: b.Query.ExploreName, Query: b.Query, Purpose: query.Explore}
	why, err := o.oversight.Explain(ctx, who, b.As.viewer(), r)
	if err != nil {
		return explanationWire{}, err
	}
	out := wireExplanation(why)
	if !b.Run || why.Refused != "" {
		return out, nil
	}
	result, err := o.oversight.ViewAs(ctx, who, b.As.viewer(), r)
	if err != nil {
		return explanationWire{}, err
	}
	var rows bytes.Buffer
	err = query.WriteRows(ctx, &rows, result)
	out.Rows = rows.Bytes()
	return out, err
}

func wireExplanation(e *query.Explanation) explanationWire {
	out := explanationWire{SQL: e.SQL, Warnings: append([]string{}, e.Warnings...), Tables: []explanationTable{}, Cached: e.Cached, Refused: e.Refused}
	for _, t := range e.Tables {
		table := explanationTable{t.Alias, t.Verdict, t.Reason, []conditionWire{}}
		for _, c := range t.Conditions {
			table.Conditions = append(table.Conditions, conditionWire{c.Column, c.Values, c.Source})
		}
		out.Tables = append(out.Tables, table)
	}
	return out
}

type cacheWire struct {
	Hits   int64     `json:"hits"`
	Shared int64     `json:"shared"`
	Misses int64     `json:"misses"`
	Since  time.Time `json:"since"`
}

func (o overseer) cache(_ context.Context, who access.Principal, _ none) (cacheWire, error) {
	counts, err := o.oversight.CacheCounts(who)
	return cacheWire(counts), err
}

type isolationIn struct {
	Project  string  `query:"projectUuid"`
	A        string  `query:"tenantA"`
	B        string  `query:"tenantB"`
	ContextA *string `query:"securityContextA"` // JSON, for tenants that are told apart by it
	ContextB *string `query:"securityContextB"`
}

type isolationWire struct {
	Charts   []comparisonWire `json:"charts"`
	Suspects int              `json:"suspects"`
}

type comparisonWire struct {
	Chart      string   `json:"chartUuid"`
	Name       string   `json:"name"`
	Explore    string   `json:"exploreName"`
	A          sideWire `json:"tenantA"`
	B          sideWire `json:"tenantB"`
	Common     int      `json:"commonRows"`
	Unconfined []string `json:"unconfinedTables"`
	Suspect    bool     `json:"suspect"`
}

type sideWire struct {
	Rows   int    `json:"rows"`
	Digest string `json:"digest"`
	Failed string `json:"failed,omitempty"`
}

func (o overseer) isolation(ctx context.Context, who access.Principal, in isolationIn) (isolationWire, error) {
	sides := [2]oversight.Viewer{{Tenant: in.A}, {Tenant: in.B}}
	for i, signed := range []*string{in.ContextA, in.ContextB} {
		if signed != nil && json.Unmarshal([]byte(*signed), &sides[i].Context) != nil {
			return isolationWire{}, fault.New(fault.Invalid, "securityContext%c: not a JSON object", 'A'+i)
		}
	}
	found, err := o.oversight.CheckIsolation(ctx, who, in.Project, sides[0], sides[1])
	out := isolationWire{Charts: make([]comparisonWire, len(found))}
	for i, c := range found {
		out.Charts[i] = comparisonWire{c.Chart, c.Name, c.Explore, sideWire(c.A), sideWire(c.B), c.Common, append([]string{}, c.Unconfined...), c.Suspect()}
		if c.Suspect() {
			out.Suspects++
		}
	}
	return out, err
}

type revokeIn struct {
	Body struct {
		Level  string `json:"level" enum:"token,session,user,tenant,key"`
		Target string `json:"target"`
	} `body:"requestBody"`
}

// revoke ends a token (by its text), or whatever has the id.
func (o overseer) revoke(ctx context.Context, who access.Principal, in revokeIn) (api.Empty, error) {
	return api.Empty{}, o.oversight.Revoke(ctx, who, oversight.Level(in.Body.Level), in.Body.Target)
}
