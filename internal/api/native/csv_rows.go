package native

import (
	"context"
	"mime"
	"net/http"
	"strings"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/query"
	"inlay/internal/schedule"
)

// ExportRows are the operations that make files and fetch them, and the state of background tasks.
func ExportRows(door query.Door, projects query.Projects, tasks *schedule.Service) []api.Operation {
	h := exportRows{newQueryRows(door, projects), tasks}
	return []api.Operation{
		open("DownloadCsvFromExplore", api.Handle(h.export)),
		open("getCsvUrl", api.Handle(h.url)),
		open("getSchedulerJobStatus", api.Handle(h.status)),
		op("uploadGsheet", api.Handle(h.sheet)),
		{ID: "GetCsvFile", Method: "GET", Path: "/api/v1/projects/{projectUuid}/csv/{nanoId}", Auth: api.Public, Tag: "Exports", Endpoint: api.Handle(h.file)},
		{ID: "GetExport", Method: "GET", Path: "/api/v1/projects/{projectUuid}/exports/{nanoId}", Auth: api.SessionOrKey, Tag: "Exports", Endpoint: api.Handle(h.archive)},
	}
}

type exportRows struct {
	queryRows
	tasks *schedule.Service
}

type exportIn struct {
	Project string `path:"projectUuid"`
	Explore string `path:"exploreId"`
	Body    struct {
		metric.Query
		OnlyRaw     bool              `json:"onlyRaw"`
		CSVLimit    *float64          `json:"csvLimit" null:"ok"`
		TableNames  bool              `json:"showTableNames"`
		Labels      map[string]string `json:"customLabels,omitempty"`
		Order       []string          `json:"columnOrder"`
		Hidden      []string          `json:"hiddenFields,omitempty"`
		Pivot       []string          `json:"pivotColumns,omitempty"`
		Granularity string            `json:"granularity,omitempty" enum:"Day,Week,Month,Quarter,Year"`
	} `body:"body,whole"`
}

type wireJobID struct {
	Job string `json:"jobId"`
}

func (h exportRows) export(ctx context.Context, who access.Principal, in exportIn) (wireJobID, error) {
	if err := h.may(ctx, who, in.Project, access.Manage, access.ExportCsv); err != nil {
		return wireJobID{}, err
	}
	if err := h.needs(ctx, who, in.Project, in.Body.Query); err != nil {
		return wireJobID{}, err
	}
	id, err := h.tasks.ExportCSV(ctx, who, h.door, schedule.CSV{
		Request: query.Request{Project: in.Project, Explore: in.Explore, Query: in.Body.Query, Granularity: in.Body.Granularity},
		Raw:     in.Body.OnlyRaw, Limit: h.exportLimit(ctx, who, in.Project, in.Body.CSVLimit), TableNames: in.Body.TableNames,
		Labels: in.Body.Labels, Order: in.Body.Order, Hidden: in.Body.Hidden, Name: in.Explore,
	})
	return wireJobID{id}, err
}

// exportLimit is the asked number of rows (null is all), for those who may choose it; the query's own for others.
func (h queryRows) exportLimit(ctx context.Context, who access.Principal, project string, asked *float64) *int {
	if h.may(ctx, who, project, access.Manage, access.ChangeCsvResults) != nil {
		return nil
	}
	limit := -1
	if asked != nil {
		limit = max(int(min(*asked, 1e9)), 0)
	}
	return &limit
}

type taskIn struct {
	Job string `path:"jobId"`
}

type wireCSVURL struct {
	URL       string          `json:"url,omitempty"`
	Status    schedule.Status `json:"status"`
	Truncated bool            `json:"truncated"`
}

func (h exportRows) url(ctx context.Context, who access.Principal, in taskIn) (wireCSVURL, error) {
	task, err := h.tasks.Task(ctx, who, in.Job)
	if fault.Is(err, fault.NotFound) || (err == nil && task.Kind != "downloadCsv") {
		return wireCSVURL{}, fault.New(fault.NotFound, "Download CSV job not found")
	}
	if err != nil {
		return wireCSVURL{}, err
	}
	out := wireCSVURL{Status: task.Status}
	out.URL, _ = task.Details["fileUrl"].(string)
	out.Truncated, _ = task.Details["truncated"].(bool)
	return out, nil
}

type wireTask struct {
	Status  schedule.Status `json:"status"`
	Details map[string]any  `json:"details"`
}

func (h exportRows) status(ctx context.Context, who access.Principal, in taskIn) (wireTask, error) {
	task, err := h.tasks.Task(ctx, who, in.Job)
	return wireTask{task.Status, task.Details}, err
}

type sheetIn struct {
	Body struct {
		Project string `json:"projectUuid"`
	} `body:"body"`
}

func (h exportRows) sheet(ctx context.Context, who access.Principal, in sheetIn) (wireJobID, error) {
	if err := h.may(ctx, who, in.Body.Project, access.Manage, access.ExportCsv); err != nil {
		return wireJobID{}, err
	}
	id, err := h.tasks.Start(ctx, who, in.Body.Project, "uploadGsheetFromQuery", func(context.Context, string) (map[string]any, error) {
		return nil, fault.New(fault.Invalid, "Google Sheets is not set up on this server")
	})
	return wireJobID{id}, err
}

type fileIn struct {
	Project string `path:"projectUuid"`
	Token   string `path:"nanoId"`
}

// file needs no credential, as recorded: the token is the credential. It is random, names one file and expires.
func (h exportRows) file(ctx context.Context, _ access.Principal, in fileIn) (api.Raw, error) {
	found, err := h.tasks.Open(ctx, in.Project, in.Token)
	if err != nil {
		return nil, err
	}
	return serveFile(found, true), nil
}

// archive gives several tables at once, so it asks who it is: only the one who had them exported.
func (h exportRows) archive(ctx context.Context, who access.Principal, in fileIn) (api.Raw, error) {
	found, err := h.tasks.OpenOwn(ctx, who, in.Project, in.Token)
	if err != nil {
		return nil, err
	}
	return serveFile(found, true), nil
}

// serveFile sends a kept file, as a download or to be read by a script.
func serveFile(f *schedule.File, download bool) api.Raw {
	return func(w http.ResponseWriter, r *http.Request) {
		defer f.Close()
		contentType := f.ContentType
		if strings.HasPrefix(contentType, "text/") {
			contentType += "; charset=utf-8"
		}
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Cache-Control", "private, no-store")
		if download {
			w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
		}
		http.ServeContent(w, r, "", f.Created, f)
	}
}
