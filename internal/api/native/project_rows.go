package native

import (
	"context"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/project"
	"inlay/internal/warehouse"
)

// ProjectRows are the operations on projects themselves.
func ProjectRows(s *project.Service) []api.Operation {
	h := projectRows{s}
	row := func(id, method, path string, endpoint api.Endpoint) api.Operation {
		return api.Operation{ID: id, Method: method, Path: "/api/v1" + path, Auth: api.SessionOrKey, Tag: "Projects", Endpoint: endpoint}
	}
	return []api.Operation{
		open("GetProject", api.Handle(h.get)),
		op("ListOrganizationProjects", api.Handle(h.list)),
		op("updateProjectMetadata", api.Handle(h.setUpstream)),
		op("updateSchedulerSettings", api.Handle(h.setSchedulerZone)),
		op("updateProjectSemanticLayerConnection", api.Handle(h.setSemanticLayer)),
		op("deleteProjectSemanticLayerConnection", api.Handle(h.dropSemanticLayer)),
		op("createPreview", api.Handle(h.preview)),
		op("getUserWarehouseCredentialsPreference", api.Handle(h.credentials)),
		op("updateUserWarehouseCredentialsPreference", api.Handle(h.setCredentials)),
		op("getCustomMetrics", api.Handle(h.customMetrics)),
		op("GetConfiguration", api.Handle(h.git)),
		op("CreatePullRequestForChartFields", api.Handle(h.noGit)),
		op("CreatePullRequestForCustomMetrics", api.Handle(h.noGit)),
		row("CreateProject", "POST", "/org/projects", api.Handle(h.create)),
		row("CreateProjectCompiled", "POST", "/org/projects/precompiled", api.Handle(h.createCompiled)),
		row("DeleteProject", "DELETE", "/org/projects/{projectUuid}", api.Handle(h.remove)),
		row("UpdateProject", "PATCH", "/projects/{projectUuid}", api.Handle(h.update)),
		row("RefreshProject", "POST", "/projects/{projectUuid}/refresh", api.Handle(h.refresh)),
		row("GetTablesConfiguration", "GET", "/projects/{projectUuid}/tablesConfiguration", api.Handle(h.selection)),
		row("UpdateTablesConfiguration", "PATCH", "/projects/{projectUuid}/tablesConfiguration", api.Handle(h.selectTables)),
		row("GetDbtExposures", "GET", "/projects/{projectUuid}/dbt-exposures", api.Handle(h.exposures)),
		{ID: "GetSemanticLayer", Method: "GET", Path: "/api/v2/projects/{projectUuid}/semantic-layer",
			Auth: api.SessionOrKey, Tag: "Projects", Endpoint: api.Handle(h.noSemanticLayer)},
		{ID: "GetSemanticLayerViews", Method: "GET", Path: "/api/v2/projects/{projectUuid}/semantic-layer/views",
			Auth: api.SessionOrKey, Tag: "Projects", Endpoint: api.Handle(h.noSemanticLayer)},
	}
}

type projectRows struct{ s *project.Service }

type wireProject struct {
	Organization        string         `json:"organizationUuid"`
	Project             string         `json:"projectUuid"`
	Name                string         `json:"name"`
	Type                string         `json:"type"`
	DbtConnection       map[string]any `json:"dbtConnection"`
	WarehouseConnection map[string]any `json:"warehouseConnection"`
	PinnedList          *string        `json:"pinnedListUuid"`
	DbtVersion          string         `json:"dbtVersion"`
	Upstream            string         `json:"upstreamProjectUuid,omitempty"`
	SemanticLayer       map[string]any `json:"semanticLayerConnection,omitempty"`
	SchedulerTimezone   string         `json:"schedulerTimezone"`
	CreatedBy           *string        `json:"createdByUserUuid"`
}

func (h projectRows) get(ctx context.Context, who access.Principal, in projectIn) (wireProject, error) {
	p, err := h.s.Get(ctx, who, in.Project)
	if err != nil {
		return wireProject{}, err
	}
	return h.wire(ctx, who, p)
}

func (h projectRows) wire(ctx context.Context, who access.Principal, p project.Project) (wireProject, error) {
	w := wireProject{
		Organization: p.Organization, Project: p.UUID, Name: p.Name, Type: string(p.Type), DbtVersion: p.DbtVersion,
		Upstream: p.Upstream, SchedulerTimezone: p.SchedulerZone, CreatedBy: maybe(p.CreatedBy),
		DbtConnection: map[string]any{"type": p.Source.Kind()}, WarehouseConnection: map[string]any{"type": p.Warehouse.Type()},
	}
	if who.Embedded() {
		return w, nil // where the data lives is nothing to a customer's customer
	}
	w.DbtConnection, w.WarehouseConnection, w.SemanticLayer = p.PublicSource(), p.PublicWarehouse(), p.PublicSemanticLayer()
	pinned, err := h.s.PinnedList(ctx, p.UUID)
	w.PinnedList = maybe(pinned)
	return w, err
}

type wireOrganizationProject struct {
	Name                   string  `json:"name"`
	Project                string  `json:"projectUuid"`
	Type                   string  `json:"type"`
	CreatedBy              *string `json:"createdByUserUuid"`
	Upstream               *string `json:"upstreamProjectUuid"`
	WarehouseType          string  `json:"warehouseType"`
	RequireUserCredentials bool    `json:"requireUserCredentials"`
}

func (h projectRows) list(ctx context.Context, who access.Principal, _ struct{}) ([]wireOrganizationProject, error) {
	all, err := h.s.List(ctx, who)
	if err != nil {
		return nil, err
	}
	list := make([]wireOrganizationProject, 0, len(all))
	for _, p := range all {
		list = append(list, wireOrganizationProject{
			Name: p.Name, Project: p.UUID, Type: string(p.Type), CreatedBy: maybe(p.CreatedBy), Upstream: maybe(p.Upstream),
			WarehouseType: p.Warehouse.Type(), RequireUserCredentials: p.Warehouse.Yes("requireUserCredentials"),
		})
	}
	return list, nil
}

type projectDraft struct {
	Name                string             `json:"name"`
	Type                string             `json:"type"`
	Upstream            string             `json:"upstreamProjectUuid"`
	DbtVersion          string             `json:"dbtVersion"`
	DbtConnection       project.Source     `json:"dbtConnection"`
	WarehouseConnection warehouse.Settings `json:"warehouseConnection"`
}

func (d projectDraft) draft() project.Draft {
	return project.Draft{
		Name: d.Name, Type: project.Type(d.Type), Upstream: d.Upstream, DbtVersion: d.DbtVersion,
		Source: d.DbtConnection, Warehouse: d.WarehouseConnection,
	}
}

type createProject struct {
	Body projectDraft `body:"body,loose"`
}

type createdProject struct {
	Project        wireProject `json:"project"`
	HasContentCopy bool        `json:"hasContentCopy"`
}

func (h projectRows) create(ctx context.Context, who access.Principal, in createProject) (createdProject, error) {
	p, copied, err := h.s.Create(ctx, who, in.Body.draft())
	if err != nil {
		return createdProject{}, err
	}
	wire, err := h.wire(ctx, who, p)
	return createdProject{wire, copied}, err
}

type startedJob struct {
	Job string `json:"jobUuid"`
}

func (h projectRows) createCompiled(ctx context.Context, who access.Principal, in createProject) (startedJob, error) {
	job, err := h.s.CreateCompiled(ctx, who, in.Body.draft())
	return startedJob{job}, err
}

type updateProject struct {
	Project string       `path:"projectUuid"`
	Body    projectDraft `body:"body,loose"`
}

func (h projectRows) update(ctx context.Context, who access.Principal, in updateProject) (startedJob, error) {
	job, err := h.s.Update(ctx, who, in.Project, in.Body.draft())
	return startedJob{job}, err
}

func (h projectRows) refresh(ctx context.Context, who access.Principal, in projectIn) (startedJob, error) {
	job, err := h.s.Refresh(ctx, who, in.Project)
	return startedJob{job}, err
}

func (h projectRows) remove(ctx context.Context, who access.Principal, in projectIn) (api.Empty, error) {
	return api.Empty{}, h.s.Delete(ctx, who, in.Project)
}

type createPreview struct {
	Project string `path:"projectUuid"`
	Body    struct {
		Name        string `json:"name"`
		CopyContent bool   `json:"copyContent"`
	} `body:"body"`
}

func (h projectRows) preview(ctx context.Context, who access.Principal, in createPreview) (string, error) {
	return h.s.CreatePreview(ctx, who, in.Project, in.Body.Name, in.Body.CopyContent)
}

type wireCustomMetric struct {
	Name       string `json:"name"`
	Label      string `json:"label"`
	ModelName  string `json:"modelName"`
	YAML       string `json:"yml"`
	ChartLabel string `json:"chartLabel"`
	ChartURL   string `json:"chartUrl"`
}

func (h projectRows) customMetrics(ctx context.Context, who access.Principal, in projectIn) ([]wireCustomMetric, error) {
	all, err := h.s.CustomMetrics(ctx, who, in.Project)
	if err != nil {
		return nil, err
	}
	list := make([]wireCustomMetric, 0, len(all))
	for _, m := range all {
		list = append(list, wireCustomMetric{m.Name, m.Label, m.Model, m.YAML, m.ChartName, m.ChartURL})
	}
	return list, nil
}

type gitConfiguration struct {
	Enabled bool `json:"enabled"`
}

func (h projectRows) git(ctx context.Context, who access.Principal, in projectIn) (gitConfiguration, error) {
	_, err := h.s.Get(ctx, who, in.Project)
	return gitConfiguration{Enabled: false}, err
}

func (h projectRows) noGit(ctx context.Context, who access.Principal, in projectIn) (api.Empty, error) {
	if _, err := h.s.Get(ctx, who, in.Project); err != nil {
		return api.Empty{}, err
	}
	return api.Empty{}, fault.New(fault.Invalid, "The project isn't connected to a git repository")
}

type wireExposure struct {
	Name  string `json:"name"`
	Owner struct {
		Name  string `json:"name"`
		Email string `json:"email"`
	} `json:"owner"`
	Type        string   `json:"type"`
	DependsOn   []string `json:"dependsOn"`
	Label       string   `json:"label"`
	Description string   `json:"description"`
	URL         string   `json:"url"`
	Tags        []string `json:"tags"`
}

func (h projectRows) exposures(ctx context.Context, who access.Principal, in projectIn) (map[string]wireExposure, error) {
	all, err := h.s.Exposures(ctx, who, in.Project)
	if err != nil {
		return nil, err
	}
	byName := map[string]wireExposure{}
	for _, e := range all {
		w := wireExposure{Name: e.Name, Type: e.Type, DependsOn: e.DependsOn, Label: e.Label, URL: e.URL, Tags: e.Tags}
		w.Owner.Name = e.Owner
		byName[e.Name] = w
	}
	return byName, nil
}
