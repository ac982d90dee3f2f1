package native

import (
	"context"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/query"
	"inlay/internal/schedule"
	"inlay/internal/semantic"
	"inlay/internal/warehouse"
)

// SQLRunnerRows are the operations of those who write SQL.
func SQLRunnerRows(door query.Door, projects query.Projects, tasks *schedule.Service) []api.Operation {
	h := sqlRunnerRows{newQueryRows(door, projects), tasks}
	row := func(id, method, path string, endpoint api.Endpoint) api.Operation {
		return api.Operation{ID: id, Method: method, Path: "/api/v1/projects/{projectUuid}/sqlRunner" + path, Auth: api.SessionOrKey, Tag: "SQL runner", Endpoint: endpoint}
	}
	return []api.Operation{
		row("RunSqlRunnerQuery", "POST", "/run", api.Handle(h.run)),
		row("RunSqlRunnerPivotQuery", "POST", "/runPivotQuery", api.Handle(h.pivot)),
		row("GetSqlRunnerResults", "GET", "/results/{fileId}", api.Handle(h.results)),
		row("GetSqlRunnerTables", "GET", "/tables", api.Handle(h.tables)),
		row("GetSqlRunnerFields", "GET", "/fields", api.Handle(h.fields)),
		row("RefreshSqlRunnerCatalog", "POST", "/refresh-catalog", api.Handle(h.refresh)),
		row("DownloadSqlRunnerCsv", "POST", "/downloadCsv", api.Handle(h.csv)),
	}
}

type sqlRunnerRows struct {
	queryRows
	jobs *schedule.Service
}

type sqlRunIn struct {
	Project string `path:"projectUuid"`
	Body    struct {
		SQL   string `json:"sql"`
		Limit *int   `json:"limit,omitempty"`
	} `body:"body"`
}

func (h sqlRunnerRows) mayRun(ctx context.Context, who access.Principal, project string) error {
	if !access.Can(who, access.Create, access.Thing{Subject: access.Job, Organization: who.Organization}) {
		return fault.New(fault.Forbidden, "You don't have access to this resource or action")
	}
	return h.may(ctx, who, project, access.Manage, access.SQLRunner)
}

func (h sqlRunnerRows) run(ctx context.Context, who access.Principal, in sqlRunIn) (wireJobID, error) {
	if err := h.mayRun(ctx, who, in.Project); err != nil {
		return wireJobID{}, err
	}
	r := query.Statement{Project: in.Project, SQL: in.Body.SQL, Limit: -1, Purpose: query.SQLRunner}
	if in.Body.Limit != nil {
		r.Limit = *in.Body.Limit
	}
	id, err := h.jobs.RunSQL(ctx, who, h.door, r)
	return wireJobID{id}, err
}

type pivotIn struct {
	Project string `path:"projectUuid"`
	Body    struct {
		SQL   string     `json:"sql"`
		Limit *int       `json:"limit,omitempty"`
		Index pivotIndex `json:"indexColumn"`
		pivotCells
		Saved string `json:"savedSqlUuid,omitempty"`
	} `body:"body"`
}

// The greatest pivot of a job.
const (
	jobPivotRows    = 500
	jobPivotColumns = 10
)

func (h sqlRunnerRows) pivot(ctx context.Context, who access.Principal, in pivotIn) (wireJobID, error) {
	if err := h.mayRun(ctx, who, in.Project); err != nil {
		return wireJobID{}, err
	}
	p := (&pivotWire{Index: pivotIndexes{in.Body.Index}, pivotCells: in.Body.pivotCells}).pivot()
	p.Rows, p.Columns = jobPivotRows, jobPivotColumns
	if limit := in.Body.Limit; limit != nil && *limit > 0 {
		p.Rows = min(p.Rows, *limit)
	}
	if err := p.Check(); err != nil {
		return wireJobID{}, err
	}
	id, err := h.jobs.RunPivot(ctx, who, h.door, query.Statement{Project: in.Project, SQL: in.Body.SQL, Purpose: query.SQLRunner, Pivot: p}, in.Body.Index)
	return wireJobID{id}, err
}

type resultsIn struct {
	Project string `path:"projectUuid"`
	File    string `path:"fileId"`
}

func (h sqlRunnerRows) results(ctx context.Context, who access.Principal, in resultsIn) (api.Raw, error) {
	if err := h.may(ctx, who, in.Project, access.View, access.Project); err != nil {
		return nil, err
	}
	found, err := h.jobs.OpenOwn(ctx, who, in.Project, in.File)
	if err != nil {
		return nil, err
	}
	return serveFile(found, false), nil
}

func (h sqlRunnerRows) columns(ctx context.Context, who access.Principal, project string, of ...warehouse.Relation) ([]warehouse.Column, string, error) {
	if err := h.may(ctx, who, project, access.Manage, access.CustomSQL); err != nil {
		return nil, "", err
	}
	conn, _, err := h.projects.Conn(ctx, project, "")
	if err != nil {
		return nil, "", err
	}
	found, err := conn.Columns(ctx, of)
	return found, conn.Dialect(), err
}

type inProject struct {
	Project string `path:"projectUuid"`
}

func (h sqlRunnerRows) tables(ctx context.Context, who access.Principal, in inProject) (map[string]map[string]map[string]struct{}, error) {
	columns, _, err := h.columns(ctx, who, in.Project)
	out := map[string]map[string]map[string]struct{}{}
	for _, c := range columns {
		if out[c.Database] == nil {
			out[c.Database] = map[string]map[string]struct{}{}
		}
		if out[c.Database][c.Schema] == nil {
			out[c.Database][c.Schema] = map[string]struct{}{}
		}
		out[c.Database][c.Schema][c.Table] = struct{}{}
	}
	return out, err
}

type fieldsIn struct {
	Project string  `path:"projectUuid"`
	Table   *string `query:"tableName"`
	Schema  *string `query:"schemaName"`
}

func (h sqlRunnerRows) fields(ctx context.Context, who access.Principal, in fieldsIn) (map[string]semantic.Type, error) {
	if in.Table == nil || in.Schema == nil || *in.Table == "" || *in.Schema == "" {
		return nil, fault.Coded(fault.Invalid, "Parameter", "tableName and schemaName are required")
	}
	columns, dialect, err := h.columns(ctx, who, in.Project, warehouse.Relation{Schema: *in.Schema, Table: *in.Table})
	out := map[string]semantic.Type{}
	for _, c := range columns {
		out[c.Name] = semantic.TypeOf(dialect, c.Type)
	}
	return out, err
}

// refresh has nothing to do: tables are read from the warehouse each time.
func (h sqlRunnerRows) refresh(ctx context.Context, who access.Principal, in inProject) (api.Empty, error) {
	return api.Empty{}, h.may(ctx, who, in.Project, access.Manage, access.CustomSQL)
}

type sqlCSVIn struct {
	Project string `path:"projectUuid"`
	Body    struct {
		SQL    string            `json:"sql"`
		Labels map[string]string `json:"customLabels,omitempty"`
	} `body:"body,loose"`
}

type wireURL struct {
	URL string `json:"url"`
}

func (h sqlRunnerRows) csv(ctx context.Context, who access.Principal, in sqlCSVIn) (wireURL, error) {
	if err := h.may(ctx, who, in.Project, access.Manage, access.ExportCsv); err != nil {
		return wireURL{}, err
	}
	url, err := h.jobs.SQLCSV(ctx, who, h.door, schedule.SQLExport{
		Statement: query.Statement{Project: in.Project, SQL: in.Body.SQL, Limit: -1, Purpose: query.SQLRunner}, Labels: in.Body.Labels})
	return wireURL{url}, err
}
