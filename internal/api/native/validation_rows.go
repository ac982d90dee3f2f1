package native

import (
	"context"
	"encoding/json"
	"strconv"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/project"
	"inlay/internal/semantic"
)

// ValidationRows are the operations that find what is broken in a project.
func ValidationRows(s *project.Service) []api.Operation {
	h := validationRows{s}
	return []api.Operation{
		op("ValidateProject", api.Handle(h.start)),
		op("GetLatestValidationResults", api.Handle(h.list)),
		op("DeleteValidationDismiss", api.Handle(h.dismiss)),
	}
}

type validationRows struct{ s *project.Service }

type validateIn struct {
	Project string `path:"projectUuid"`
	Body    struct {
		Targets  []string        `json:"validationTargets,omitempty" enum:"charts,dashboards,tables"`
		Explores json.RawMessage `json:"explores,omitempty"`
	} `body:"body"`
}

type startedTask struct {
	Job string `json:"jobId"`
}

func (h validationRows) start(ctx context.Context, who access.Principal, in validateIn) (startedTask, error) {
	targets := make([]project.Target, 0, len(in.Body.Targets))
	for _, t := range in.Body.Targets {
		targets = append(targets, project.Target(t))
	}
	var explores []*semantic.Explore
	if len(in.Body.Explores) > 0 {
		var err error
		if explores, err = readExplores(in.Body.Explores); err != nil {
			return startedTask{}, err
		}
	}
	job, err := h.s.Validate(ctx, who, in.Project, targets, explores)
	return startedTask{job}, err
}

type findingsIn struct {
	Project      string  `path:"projectUuid"`
	FromSettings *bool   `query:"fromSettings"`
	Job          *string `query:"jobId"`
}

type findingWire struct {
	ID             int64   `json:"validationId"`
	Project        string  `json:"projectUuid"`
	Source         string  `json:"source"`
	Created        moment  `json:"createdAt"`
	Error          string  `json:"error"`
	ErrorType      string  `json:"errorType"`
	Name           string  `json:"name"`
	Chart          string  `json:"chartUuid,omitempty"`
	ChartKind      string  `json:"chartKind,omitempty"`
	ChartName      string  `json:"chartName,omitempty"`
	ChartViews     *int    `json:"chartViews,omitempty"`
	Dashboard      string  `json:"dashboardUuid,omitempty"`
	DashboardViews *int    `json:"dashboardViews,omitempty"`
	Field          string  `json:"fieldName,omitempty"`
	Space          string  `json:"spaceUuid,omitempty"`
	UpdatedBy      string  `json:"lastUpdatedBy,omitempty"`
	UpdatedAt      *moment `json:"lastUpdatedAt,omitempty"`
}

func (h validationRows) list(ctx context.Context, who access.Principal, in findingsIn) ([]findingWire, error) {
	found, err := h.s.Findings(ctx, who, in.Project, textOf(in.Job))
	if err != nil {
		return nil, err
	}
	list := make([]findingWire, 0, len(found))
	for _, f := range found {
		list = append(list, findingToWire(f))
	}
	return list, nil
}

func findingToWire(f project.Finding) findingWire {
	w := findingWire{
		ID: f.ID, Project: f.Project, Source: f.Source, Created: moment(f.Created), Error: f.Error, ErrorType: f.ErrorType,
		Name: f.Name, Field: f.Field, ChartName: f.Chart,
	}
	zero := 0
	switch f.Source {
	case "chart":
		w.Chart, w.ChartViews = f.Item, &zero
		if c := f.OfChart; c != nil {
			at := moment(c.UpdatedAt)
			w.Name, w.ChartKind, w.ChartViews, w.Space, w.UpdatedBy, w.UpdatedAt = c.Name, c.Kind, &c.Views, c.Space, c.UpdatedBy, &at
		}
	case "dashboard":
		w.Dashboard, w.DashboardViews = f.Item, &zero
		if d := f.OfDashboard; d != nil {
			at := moment(d.UpdatedAt)
			w.Name, w.DashboardViews, w.Space, w.UpdatedBy, w.UpdatedAt = d.Name, &d.Views, d.Space, d.UpdatedBy, &at
		}
	}
	return w
}

type dismissIn struct {
	Project string `path:"projectUuid"`
	ID      string `path:"validationId"`
}

func (h validationRows) dismiss(ctx context.Context, who access.Principal, in dismissIn) (api.Empty, error) {
	id, err := strconv.ParseInt(in.ID, 10, 64)
	if err != nil {
		return api.Empty{}, &fault.Fault{Kind: fault.Unprocessable, Fields: map[string]fault.Field{
			"validationId": {Message: "invalid float number", Value: in.ID, Given: true}}}
	}
	return api.Empty{}, h.s.Dismiss(ctx, who, in.Project, id)
}
