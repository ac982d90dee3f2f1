package native

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/query"
	"inlay/internal/schedule"
)

type asyncIn struct {
	Project string `path:"projectUuid"`
	Query   string `path:"queryUuid"`
}

// own loads a query of who, who must still be let into its project.
func (h asyncRows) own(ctx context.Context, who access.Principal, in asyncIn) (schedule.Query, error) {
	if err := h.may(ctx, who, in.Project, access.View, access.Project); err != nil {
		return schedule.Query{}, err
	}
	return h.tasks.Query(ctx, who, in.Project, in.Query)
}

// ready is own for what needs the rows.
func (h asyncRows) ready(ctx context.Context, who access.Principal, in asyncIn) (schedule.Query, error) {
	q, err := h.own(ctx, who, in)
	if err == nil && q.Status != schedule.QueryReady {
		err = fault.New(fault.Invalid, "The query is not ready: its status is %s", q.Status)
	}
	return q, err
}

type asyncPageIn struct {
	Project string `path:"projectUuid"`
	Query   string `path:"queryUuid"`
	Page    *int   `query:"page"`
	Size    *int   `query:"pageSize"`
}

// Sizes of pages of rows.
const (
	defaultPage = 500
	maxPage     = 5000
)

// wantedPage checks which page is wanted.
func wantedPage(page, size *int) (int, int, error) {
	n, rows := 1, defaultPage
	if page != nil {
		n = *page
	}
	if size != nil {
		rows = *size
	}
	if n < 1 || n > 1e6 {
		return 0, 0, fault.Coded(fault.Invalid, "Parameter", "page must be at least 1")
	}
	if rows < 1 || rows > maxPage {
		return 0, 0, fault.Coded(fault.Invalid, "Parameter", "pageSize must be between 1 and %d", maxPage)
	}
	return n, rows, nil
}

type asyncState struct {
	Query     string               `json:"queryUuid"`
	Status    schedule.QueryStatus `json:"status"`
	Error     *string              `json:"error,omitempty"`
	ErroredAt *moment              `json:"erroredAt,omitempty"`
}

type asyncColumn struct {
	Reference string `json:"reference"`
	Type      string `json:"type"`
}

type asyncPage struct {
	asyncState
	Rows         []json.RawMessage      `json:"rows"`
	Columns      map[string]asyncColumn `json:"columns"`
	Page         int                    `json:"page"`
	PageSize     int                    `json:"pageSize"`
	TotalResults int                    `json:"totalResults"`
	TotalPages   int                    `json:"totalPageCount"`
	Next         *int                   `json:"nextPage,omitempty"`
	Previous     *int                   `json:"previousPage,omitempty"`
	Metadata     asyncMetadata          `json:"metadata"`
	Pivot        *pivotDetails          `json:"pivotDetails"`
	Cache        asyncCache             `json:"cacheMetadata"`
}

type asyncMetadata struct {
	Performance struct {
		Query int64 `json:"initialQueryExecutionMs"`
		Page  int64 `json:"resultsPageExecutionMs"`
		Queue int64 `json:"queueTimeMs"`
	} `json:"performance"`
}

func (h asyncRows) page(ctx context.Context, who access.Principal, in asyncPageIn) (any, error) {
	began := time.Now()
	page, size, err := wantedPage(in.Page, in.Size)
	if err != nil {
		return nil, err
	}
	q, err := h.own(ctx, who, asyncIn{in.Project, in.Query})
	if err != nil {
		return nil, err
	}
	state := asyncState{Query: q.ID, Status: q.Status}
	if q.Status == schedule.QueryFailed {
		state.Error, state.ErroredAt = &q.Error, maybeMoment(q.Ended)
	}
	if q.Status != schedule.QueryReady {
		return state, nil
	}
	rows, err := h.tasks.Page(ctx, q, (page-1)*size, size)
	if err != nil {
		return nil, err
	}
	out := asyncPage{asyncState: state, Rows: rows, Columns: map[string]asyncColumn{}, Page: page, PageSize: size,
		TotalResults: q.Rows, TotalPages: (q.Rows + size - 1) / size, Cache: cacheToWire(q.Cache), Pivot: pivotToWire(q.Pivot, q.Ask.Sorts())}
	for _, column := range q.Columns {
		out.Columns[column.Reference] = asyncColumn(column)
	}
	if next := page + 1; next <= out.TotalPages {
		out.Next = &next
	}
	if previous := page - 1; previous > 0 {
		out.Previous = &previous
	}
	took := &out.Metadata.Performance
	if q.Started != nil && q.Ended != nil {
		queued := q.Started.Sub(q.Created) + q.Timing.Queued
		took.Query, took.Queue = (q.Ended.Sub(q.Created) - queued).Milliseconds(), queued.Milliseconds()
	}
	took.Page = time.Since(began).Milliseconds()
	return out, nil
}

type asyncStreamIn struct {
	Project string        `path:"projectUuid"`
	Query   string        `path:"queryUuid"`
	Form    *string       `query:"format" enum:"csv,xlsx,jsonl,arrow,columns,parquet"`
	HTTP    *http.Request `http:""`
}

// stream gives the kept rows as lines; in another form, by format or by Accept, the query is asked again.
func (h asyncRows) stream(ctx context.Context, who access.Principal, in asyncStreamIn) (api.Raw, error) {
	q, err := h.ready(ctx, who, asyncIn{in.Project, in.Query})
	if err != nil {
		return nil, err
	}
	form, asked := askedForm(in.Form, in.HTTP)
	if asked && form.Name != "jsonl" {
		return h.again(ctx, who, q, form)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/x-ndjson")
		w.Header().Set("Cache-Control", "private, no-store")
		if err := h.tasks.WriteRaw(r.Context(), q, w); err != nil {
			panic(http.ErrAbortHandler) // the status is sent: a broken connection is the only way left to say it
		}
	}, nil
}

// again asks a query again, and gives its rows in a form. Files need the right to export.
func (h asyncRows) again(ctx context.Context, who access.Principal, q schedule.Query, form frame.Form) (api.Raw, error) {
	if form.Name != "arrow" {
		if err := h.may(ctx, who, q.Project, access.Manage, access.ExportCsv); err != nil {
			return nil, err
		}
	}
	result, err := q.Ask.Run(ctx, who, h.door)
	if err != nil {
		return nil, err
	}
	return formAnswer(result, form), nil
}

func (h asyncRows) cancel(ctx context.Context, who access.Principal, in asyncIn) (api.Empty, error) {
	if _, err := h.own(ctx, who, in); err != nil {
		return api.Empty{}, err
	}
	return api.Empty{}, h.tasks.CancelQuery(ctx, who, in.Project, in.Query)
}

type asyncTotalIn struct {
	Project string `path:"projectUuid"`
	Query   string `path:"queryUuid"`
	Body    struct {
		Kind            query.TotalKind `json:"kind" enum:"grandTotal,columnTotal,rowTotal,columnSubtotal,rowSubtotal"`
		Within          []string        `json:"subtotalDimensions,omitempty"`
		InvalidateCache bool            `json:"invalidateCache,omitempty"`
	} `body:"body"`
}

// total starts another query, for the totals of an earlier one. Whoever could ask for the rows can have their totals.
func (h asyncRows) total(ctx context.Context, who access.Principal, in asyncTotalIn) (startedQuery, error) {
	q, err := h.own(ctx, who, asyncIn{in.Project, in.Query})
	if err != nil {
		return startedQuery{}, err
	}
	if err := overFields(q); err != nil {
		return startedQuery{}, err
	}
	request, err := q.Ask.Request.Total(in.Body.Kind, in.Body.Within)
	if err != nil {
		return startedQuery{}, err
	}
	return h.start(ctx, who, request, asyncCommon{Context: "calculateTotal", InvalidateCache: in.Body.InvalidateCache})
}

type asyncDownloadIn struct {
	Project string `path:"projectUuid"`
	Query   string `path:"queryUuid"`
	Body    struct {
		Type       string            `json:"type,omitempty" enum:"csv,xlsx,jsonl,arrow,columns,parquet"`
		OnlyRaw    bool              `json:"onlyRaw,omitempty"`
		TableNames bool              `json:"showTableNames,omitempty"`
		Labels     map[string]string `json:"customLabels,omitempty"`
		Order      []string          `json:"columnOrder,omitempty"`
		Hidden     []string          `json:"hiddenFields,omitempty"`
	} `body:"body"`
}

// download makes a file in the background: of the rows that are kept, or of the query asked again.
func (h asyncRows) download(ctx context.Context, who access.Principal, in asyncDownloadIn) (wireJobID, error) {
	if err := h.may(ctx, who, in.Project, access.Manage, access.ExportCsv); err != nil {
		return wireJobID{}, err
	}
	q, err := h.ready(ctx, who, asyncIn{in.Project, in.Query})
	if err != nil {
		return wireJobID{}, err
	}
	b := in.Body
	var id string
	switch {
	case b.Type == "jsonl":
		id, err = h.tasks.ExportLines(ctx, who, q)
	case q.Ask.SQL != "":
		id, err = h.tasks.ExportSQL(ctx, who, h.door, schedule.SQLExport{Statement: q.Ask.Statement(),
			Labels: b.Labels, Form: b.Type})
	default:
		id, err = h.tasks.ExportCSV(ctx, who, h.door, schedule.CSV{Request: q.Ask.Request, Raw: b.OnlyRaw, TableNames: b.TableNames,
			Labels: b.Labels, Order: b.Order, Hidden: b.Hidden, Name: q.Ask.Request.Explore, Form: b.Type})
	}
	return wireJobID{id}, err
}

type historyIn struct {
	Project string `path:"projectUuid"`
	Page    *int   `query:"page"`
	Size    *int   `query:"pageSize"`
}

type historyPage struct {
	Pagination pagination     `json:"pagination"`
	Data       []historyQuery `json:"data"`
}

type historyQuery struct {
	asyncState
	Context   string  `json:"context"`
	Explore   string  `json:"exploreName,omitempty"`
	Language  string  `json:"language"`
	Rows      *int    `json:"totalRowCount"`
	CreatedAt moment  `json:"createdAt"`
	ReadyAt   *moment `json:"resultsCreatedAt"`
}

func (h asyncRows) history(ctx context.Context, who access.Principal, in historyIn) (historyPage, error) {
	page, size, err := wantedPage(in.Page, in.Size)
	if err != nil {
		return historyPage{}, err
	}
	if err := h.may(ctx, who, in.Project, access.View, access.Project); err != nil {
		return historyPage{}, err
	}
	queries, total, err := h.tasks.Queries(ctx, who, in.Project, int64(page), int64(size))
	if err != nil {
		return historyPage{}, err
	}
	out := historyPage{pagination{page, size, (int(total) + size - 1) / size, int(total)}, make([]historyQuery, len(queries))}
	for i, q := range queries {
		out.Data[i] = pastQuery(q)
	}
	return out, nil
}

func pastQuery(q schedule.Query) historyQuery {
	past := historyQuery{asyncState: asyncState{Query: q.ID, Status: q.Status}, Context: q.Context, Explore: q.Ask.Request.Explore,
		Language: "metricQuery", CreatedAt: moment(q.Created), ReadyAt: maybeMoment(q.Ended)}
	if q.Ask.SQL != "" {
		past.Language = "sql"
	}
	switch q.Status {
	case schedule.QueryFailed:
		past.Error, past.ErroredAt = &q.Error, maybeMoment(q.Ended)
	case schedule.QueryReady:
		past.Rows = &q.Rows
	}
	return past
}
