package native

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/metric"
	"inlay/internal/query"
	"inlay/internal/semantic"
)

// QueryRows are the operations that answer with rows of an explore.
func QueryRows(door query.Door, projects query.Projects) []api.Operation {
	h := newQueryRows(door, projects)
	return []api.Operation{
		open("RunMetricQuery", api.Handle(h.run)),
		op("CompileQuery", api.Handle(h.compile)),
		open("postRunUnderlyingDataQuery", api.Handle(h.underlying)),
		open("CalculateTotalFromQuery", api.Handle(h.total)),
		{ID: "CalculateSubtotalsFromQuery", Method: "POST", Path: "/api/v1/projects/{projectUuid}/calculate-subtotals", Auth: api.SessionOrKey,
			Embed: true, Tag: "Exploring", Endpoint: api.Handle(h.subtotals)},
		op("RunSqlQuery", api.Handle(h.sql)),
		{ID: "SearchFieldValues", Method: "POST", Path: "/api/v1/projects/{projectUuid}/field/{fieldId}/search", Auth: api.SessionOrKey,
			Embed: true, Tag: "Exploring", Endpoint: api.Handle(h.values)},
	}
}

type queryRows struct {
	door     query.Door
	projects query.Projects
}

func newQueryRows(door query.Door, projects query.Projects) queryRows {
	return queryRows{door, projects}
}

// may refuses unless who may do something in a project.
func (h queryRows) may(ctx context.Context, who access.Principal, project string, action access.Action, subjects ...access.Subject) error {
	found, err := h.projects.Project(ctx, project)
	if err != nil {
		return err
	}
	for _, subject := range subjects {
		if !access.Can(who, action, access.Thing{Subject: subject, Organization: found.Organization, Project: found.UUID}) {
			return fault.New(fault.Forbidden, "You don't have access to this resource or action")
		}
	}
	return nil
}

// mayAsk refuses unless who may do something in a project that they may view, with a query whose text they may write.
func (h queryRows) mayAsk(ctx context.Context, who access.Principal, project string, q metric.Query, action access.Action, subject access.Subject) error {
	if err := h.may(ctx, who, project, action, subject); err != nil {
		return err
	}
	if err := h.may(ctx, who, project, access.View, access.Project); err != nil {
		return err
	}
	if err := checkQuery(q); err != nil {
		return err
	}
	return h.needs(ctx, who, project, q)
}

// needs are the abilities for a query's own text, beside those of the operation.
func (h queryRows) needs(ctx context.Context, who access.Principal, project string, q metric.Query) error {
	if !slices.ContainsFunc(q.CustomDimensions, func(d metric.CustomDimension) bool { return d.Type == "sql" }) {
		return nil
	}
	return h.may(ctx, who, project, access.Manage, access.CustomSQL)
}

type runQueryBody struct {
	metric.Query
	CSVLimit    *float64 `json:"csvLimit,omitempty"`
	Granularity string   `json:"granularity,omitempty" enum:"Day,Week,Month,Quarter,Year"`
}

type runQueryIn struct {
	Project string       `path:"projectUuid"`
	Explore string       `path:"exploreId"`
	Body    runQueryBody `body:"body"`
}

func (in runQueryIn) request(purpose query.Purpose) query.Request {
	r := query.Request{Project: in.Project, Explore: in.Explore, Query: in.Body.Query, Purpose: purpose, Granularity: in.Body.Granularity}
	if in.Body.CSVLimit != nil {
		limit := int(*in.Body.CSVLimit)
		r.CSVLimit = &limit
	}
	return r
}

// run is of the recorded server, which knows no calculations over calculations; the asynchronous operations do.
func (h queryRows) run(ctx context.Context, who access.Principal, in runQueryIn) (api.Raw, error) {
	if err := in.Body.Apart(); err != nil {
		return nil, err
	}
	return h.answer(ctx, who, in, access.Manage, access.Explore, query.Explore)
}

func (h queryRows) underlying(ctx context.Context, who access.Principal, in runQueryIn) (api.Raw, error) {
	return h.answer(ctx, who, in, access.View, access.UnderlyingData, query.Underlying)
}

func (h queryRows) answer(ctx context.Context, who access.Principal, in runQueryIn, action access.Action, subject access.Subject, purpose query.Purpose) (api.Raw, error) {
	if err := h.mayAsk(ctx, who, in.Project, in.Body.Query, action, subject); err != nil {
		return nil, err
	}
	result, err := h.door.Run(ctx, who, in.request(purpose))
	if err != nil {
		return nil, err
	}
	return resultsAnswer(who, result, in.Body.Query), nil
}

func (h queryRows) compile(ctx context.Context, who access.Principal, in runQueryIn) (string, error) {
	if err := h.may(ctx, who, in.Project, access.View, access.Project); err != nil {
		return "", err
	}
	if err := checkQuery(in.Body.Query); err != nil {
		return "", err
	}
	if err := h.needs(ctx, who, in.Project, in.Body.Query); err != nil {
		return "", err
	}
	if err := in.Body.Apart(); err != nil {
		return "", err
	}
	compiled, err := h.door.Compile(ctx, who, in.request(query.Explore))
	if err != nil {
		return "", err
	}
	return compiled.SQL, nil
}

// metricTypes are the types that a custom metric may have, as refusals list them; those of distinct keys came later.
const metricTypes = "percentile,average,count,count_distinct,sum,min,max,number,median,string,date,timestamp,boolean"

// checkQuery refuses what the declared form of a query doesn't show: the words of its parts.
func checkQuery(q metric.Query) error {
	wrong := map[string]fault.Field{}
	for i, m := range q.AdditionalMetrics {
		if !slices.Contains(splitWords(metricTypes), m.Type) && m.GenerationType == "" && !semantic.MetricType(m.Type).Distinct() {
			path := "body.additionalMetrics.$" + itoa(i) + ".type"
			wrong[path] = fault.Field{Message: "should be one of the following; ['" + joinWords(metricTypes) + "']", Value: m.Type, Given: true}
		}
	}
	if len(wrong) > 0 {
		return &fault.Fault{Kind: fault.Unprocessable, Fields: wrong}
	}
	return nil
}

type sqlQueryIn struct {
	Project string `path:"projectUuid"`
	Body    struct {
		SQL string `json:"sql"`
	} `body:"body"`
}

// sqlQueryLimit is the number of rows that the old, synchronous runner gives.
const sqlQueryLimit = 5000

type sqlResult struct {
	Fields map[string]typed `json:"fields"`
	Rows   json.RawMessage  `json:"rows"`
}

type typed struct {
	Type string `json:"type"`
}

func (h queryRows) sql(ctx context.Context, who access.Principal, in sqlQueryIn) (sqlResult, error) {
	if err := h.may(ctx, who, in.Project, access.Manage, access.SQLRunner); err != nil {
		return sqlResult{}, err
	}
	result, err := h.door.RunSQL(ctx, who, query.Statement{Project: in.Project, SQL: in.Body.SQL, Limit: sqlQueryLimit, Purpose: query.SQLRunner})
	if err != nil {
		return sqlResult{}, err
	}
	defer result.Rows.Close()
	out := sqlResult{Fields: map[string]typed{}}
	for _, field := range result.Rows.Fields() {
		out.Fields[field.Name] = typed{query.TypeOf(field)}
	}
	var rows bytes.Buffer
	rows.WriteByte('[')
	err = frame.WriteObjects(ctx, &rows, result.Rows, ",")
	rows.WriteByte(']')
	out.Rows = rows.Bytes()
	return out, err
}

type valuesIn struct {
	Project string `path:"projectUuid"`
	Field   string `path:"fieldId"`
	Body    struct {
		Table   string              `json:"table"`
		Search  *string             `json:"search"`
		Limit   *int                `json:"limit"`
		Filters *metric.FilterGroup `json:"filters"`
	} `body:"body,loose"`
}

type valuesOut struct {
	Search  string            `json:"search"`
	Results []json.RawMessage `json:"results"`
}

// defaultValues is how many values are given when the request doesn't say.
const defaultValues = 50

func (h queryRows) values(ctx context.Context, who access.Principal, in valuesIn) (valuesOut, error) {
	request, err := h.valuesRequest(ctx, who, in.Project, in.Field, wantedValues{in.Body.Table, in.Body.Search, in.Body.Limit, in.Body.Filters})
	if err != nil {
		return valuesOut{}, err
	}
	result, err := h.door.Run(ctx, who, request)
	if err != nil {
		return valuesOut{}, err
	}
	found, err := query.FirstColumn(ctx, result)
	out := valuesOut{Search: *in.Body.Search, Results: make([]json.RawMessage, len(found))}
	for i, value := range found {
		out.Results[i] = value
	}
	return out, err
}

// wantedValues are the values of a field that are searched for.
type wantedValues struct {
	Table   string
	Search  *string
	Limit   *int
	Filters *metric.FilterGroup
}

func (h queryRows) valuesRequest(ctx context.Context, who access.Principal, project, field string, w wantedValues) (query.Request, error) {
	if err := h.may(ctx, who, project, access.View, access.Project); err != nil {
		return query.Request{}, err
	}
	explore, err := h.holding(ctx, project, w.Table)
	if err != nil {
		return query.Request{}, err
	}
	if err := searchable(explore, field); err != nil {
		return query.Request{}, err
	}
	if w.Search == nil {
		return query.Request{}, fault.Coded(fault.Invalid, "Parameter", "Missing field: search")
	}
	limit := defaultValues
	if w.Limit != nil {
		limit = *w.Limit
	}
	return query.Request{Project: project, Explore: explore.Name, Purpose: query.Values,
		Query: valuesQuery(explore.Name, field, *w.Search, limit, w.Filters)}, nil
}

// holding finds the explore for a table: the one based on it, or else one that joins it.
func (h queryRows) holding(ctx context.Context, project, table string) (*semantic.Explore, error) {
	found, err := h.projects.Explore(ctx, project, table)
	if err == nil && len(found.Errors) == 0 {
		return found, nil
	}
	if finder, ok := h.projects.(interface {
		ExploreWith(ctx context.Context, project, table string) (*semantic.Explore, error)
	}); ok && table != "" {
		if found, err := finder.ExploreWith(ctx, project, table); err == nil {
			return found, nil
		}
	}
	return nil, fault.Coded(fault.NotFound, "NotExists", "Explore does not exist or has errors")
}

// searchable refuses fields whose values can't be searched.
func searchable(e *semantic.Explore, id string) error {
	for alias, table := range e.Tables {
		for name := range table.Dimensions {
			if semantic.FieldID(alias, name) == id {
				return nil
			}
		}
		for name, m := range table.Metrics {
			if semantic.FieldID(alias, name) == id {
				return fault.Coded(fault.Invalid, "Parameter", "Searching by field is only available for dimensions, but %s is a %s", id, m.Type)
			}
		}
	}
	return fault.Coded(fault.NotFound, "NotExists", "Can't dimension with id: %s", id)
}

func valuesQuery(explore, field, search string, limit int, filters *metric.FilterGroup) metric.Query {
	rules := []metric.FilterGroup{{Rule: &metric.FilterRule{ID: "search", Target: metric.FilterTarget{FieldID: field}, Operator: "include", Values: []any{search}}}}
	if filters != nil {
		rules = append(rules, *filters)
	}
	return metric.Query{
		ExploreName: explore, Dimensions: []string{field}, Metrics: []string{}, Limit: limit,
		Filters: metric.Filters{Dimensions: &metric.FilterGroup{ID: "values", And: rules}},
		Sorts:   []metric.Sort{{FieldID: field}}, TableCalculations: []metric.TableCalculation{},
	}
}
