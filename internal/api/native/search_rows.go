package native

import (
	"context"
	"time"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/project"
)

// SearchRows are the operations that look through a project: the search, and how people use it.
func SearchRows(s *project.Service) []api.Operation {
	h := searchRows{s}
	return []api.Operation{
		{ID: "SearchProject", Method: "GET", Path: "/api/v1/projects/{projectUuid}/search/{query}", Auth: api.SessionOrKey,
			Tag: "Projects", Endpoint: api.Handle(h.search)},
		{ID: "GetUserActivity", Method: "GET", Path: "/api/v1/analytics/user-activity/{projectUuid}", Auth: api.SessionOrKey,
			Tag: "Projects", Endpoint: api.Handle(h.activity)},
	}
}

type searchRows struct{ s *project.Service }

type searchIn struct {
	Project   string  `path:"projectUuid"`
	Text      string  `path:"query"`
	Type      *string `query:"type" enum:"dashboard,saved_chart,sql_chart,semantic_viewer_chart,space,table,field,page"`
	From      *string `query:"fromDate"`
	To        *string `query:"toDate"`
	CreatedBy *string `query:"createdByUuid"`
}

type searchResults struct {
	Spaces               []contentHit `json:"spaces"`
	Dashboards           []contentHit `json:"dashboards"`
	SavedCharts          []contentHit `json:"savedCharts"`
	SQLCharts            []contentHit `json:"sqlCharts"`
	SemanticViewerCharts []contentHit `json:"semanticViewerCharts"`
	Tables               []modelHit   `json:"tables"`
	Fields               []modelHit   `json:"fields"`
	Pages                []pageHit    `json:"pages"`
}

type contentHit struct {
	UUID        string        `json:"uuid"`
	Name        string        `json:"name"`
	Description *string       `json:"description,omitempty"`
	Slug        string        `json:"slug,omitempty"`
	ChartType   string        `json:"chartType,omitempty"`
	Space       string        `json:"spaceUuid,omitempty"`
	Rank        float64       `json:"search_rank"`
	Errors      *[]hitProblem `json:"validationErrors,omitempty"`
}

type hitProblem struct {
	ID      int64  `json:"validationId"`
	Error   string `json:"error"`
	Created moment `json:"createdAt"`
}

type modelHit struct {
	Name               string          `json:"name"`
	Label              string          `json:"label"`
	Description        *string         `json:"description,omitempty"`
	Type               string          `json:"type,omitempty"`
	FieldType          string          `json:"fieldType,omitempty"`
	Table              string          `json:"table,omitempty"`
	TableLabel         string          `json:"tableLabel,omitempty"`
	RequiredAttributes *attributesWire `json:"requiredAttributes,omitempty"`
	Explore            string          `json:"explore"`
	ExploreLabel       string          `json:"exploreLabel"`
	Count              int             `json:"regexMatchCount"`
}

type pageHit struct {
	UUID string `json:"uuid"`
	Name string `json:"name"`
	URL  string `json:"url"`
}

func (h searchRows) search(ctx context.Context, who access.Principal, in searchIn) (searchResults, error) {
	q := project.Search{Text: in.Text, Type: textOf(in.Type), CreatedBy: textOf(in.CreatedBy)}
	var err error
	if q.From, err = day("fromDate", in.From); err != nil {
		return searchResults{}, err
	}
	if q.To, err = day("toDate", in.To); err != nil {
		return searchResults{}, err
	}
	if !q.To.IsZero() && q.To.Before(q.From) {
		return searchResults{}, fault.New(fault.Invalid, "fromDate can't be after toDate")
	}
	found, err := h.s.Search(ctx, who, in.Project, q)
	if err != nil {
		return searchResults{}, err
	}
	w := searchResults{
		Spaces: contentToWire(found.Spaces, false), Dashboards: contentToWire(found.Dashboards, true),
		SavedCharts: contentToWire(found.Charts, true), SQLCharts: contentToWire(found.SQLCharts, false),
		SemanticViewerCharts: []contentHit{}, Tables: []modelHit{}, Fields: []modelHit{}, Pages: []pageHit{},
	}
	for _, t := range found.Tables {
		w.Tables = append(w.Tables, modelHit{
			Name: t.Table.Name, Label: t.Table.Label, Description: &t.Table.Description, Explore: t.Explore.Name,
			ExploreLabel: t.Explore.Label, RequiredAttributes: attributesToWire(t.Table.RequiredAttributes), Count: t.Count,
		})
	}
	for _, f := range found.Fields {
		w.Fields = append(w.Fields, fieldHitToWire(f))
	}
	for _, p := range found.Pages {
		w.Pages = append(w.Pages, pageHit{p.ID, p.Name, p.Address})
	}
	return w, nil
}

func day(name string, text *string) (time.Time, error) {
	if text == nil {
		return time.Time{}, nil
	}
	for _, form := range []string{time.DateOnly, time.RFC3339Nano} {
		if t, err := time.Parse(form, *text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fault.New(fault.Invalid, "%s %q isn't a date", name, *text)
}

func contentToWire(hits []project.Hit, validated bool) []contentHit {
	list := make([]contentHit, 0, len(hits))
	for _, h := range hits {
		w := contentHit{UUID: h.UUID, Name: h.Name, ChartType: h.ChartType, Space: h.Space, Rank: h.Rank}
		if h.Space != "" {
			w.Description = &h.Description
		}
		if !validated && h.Space != "" { // a chart written in SQL
			w.Slug = h.Slug
		}
		if validated {
			problems := make([]hitProblem, 0, len(h.Errors))
			for _, e := range h.Errors {
				problems = append(problems, hitProblem{e.ID, e.Error, moment(e.Created)})
			}
			w.Errors = &problems
		}
		list = append(list, w)
	}
	return list
}

func fieldHitToWire(f project.FieldHit) modelHit {
	w := modelHit{Table: f.Table.Name, TableLabel: f.Table.Label, Explore: f.Explore.Name, ExploreLabel: f.Explore.Label, Count: f.Count}
	if d := f.Item.Dimension; d != nil {
		w.Name, w.Label, w.Description, w.Type, w.FieldType = d.Name, d.Label, &d.Description, string(d.Type), "dimension"
		w.RequiredAttributes = attributesToWire(d.RequiredAttributes)
		return w
	}
	m := f.Item.Metric
	w.Name, w.Label, w.Description, w.Type, w.FieldType = m.Name, m.Label, maybe(m.Description), string(m.Type), "metric"
	w.RequiredAttributes = attributesToWire(m.RequiredAttributes)
	return w
}

type activityWire struct {
	Users              int            `json:"numberUsers"`
	InteractiveViewers int            `json:"numberInteractiveViewers"`
	Viewers            int            `json:"numberViewers"`
	Editors            int            `json:"numberEditors"`
	Admins             int            `json:"numberAdmins"`
	QueryingThisWeek   int            `json:"numberWeeklyQueryingUsers"`
	MostQueries        []userCount    `json:"tableMostQueries"`
	MostCharts         []userCount    `json:"tableMostCreatedCharts"`
	NoQueries          []userCount    `json:"tableNoQueries"`
	QueryingUsers      []weekOfUsers  `json:"chartWeeklyQueryingUsers"`
	AverageQueries     []weekOfUse    `json:"chartWeeklyAverageQueries"`
	DashboardViews     []viewsOf      `json:"dashboardViews"`
	MostViewed         []viewingsOf   `json:"userMostViewedDashboards"`
	ChartViews         []viewsOfChart `json:"chartViews"`
}

type userCount struct {
	User  string `json:"userUuid"`
	First string `json:"firstName"`
	Last  string `json:"lastName"`
	Count int    `json:"count"`
}

type weekOfUsers struct {
	Date    string  `json:"date"`
	Active  int     `json:"num_7d_active_users"`
	Percent float64 `json:"percent_7d_active_users"`
}

type weekOfUse struct {
	Date    string  `json:"date"`
	Average float64 `json:"average_number_of_weekly_queries_per_user"`
}

type viewsOf struct {
	Dashboard string `json:"dashboardUuid"`
	Name      string `json:"dashboardName"`
	Count     int    `json:"count"`
}

type viewsOfChart struct {
	UUID  string `json:"uuid"`
	Name  string `json:"name"`
	Count int    `json:"count"`
}

type viewingsOf struct {
	userCount
	Dashboard string `json:"dashboardUuid"`
	Name      string `json:"dashboardName"`
}

func (h searchRows) activity(ctx context.Context, who access.Principal, in projectIn) (activityWire, error) {
	a, err := h.s.UserActivity(ctx, who, in.Project)
	if err != nil {
		return activityWire{}, err
	}
	w := activityWire{
		Users: a.Users, InteractiveViewers: a.InteractiveViewers, Viewers: a.Viewers, Editors: a.Editors, Admins: a.Admins,
		QueryingThisWeek: a.QueryingThisWeek, MostQueries: countsToWire(a.MostQueries), MostCharts: countsToWire(a.MostCharts),
		NoQueries: []userCount{}, QueryingUsers: []weekOfUsers{}, AverageQueries: []weekOfUse{}, DashboardViews: []viewsOf{},
		MostViewed: []viewingsOf{}, ChartViews: []viewsOfChart{},
	}
	for _, week := range a.Use.Weeks {
		date := week.Start.Format(time.DateOnly)
		w.QueryingUsers = append(w.QueryingUsers, weekOfUsers{date, week.Users, 100 * ratio(week.Users, a.Users)})
		w.AverageQueries = append(w.AverageQueries, weekOfUse{date, ratio(week.Queries, week.Users)})
	}
	for _, v := range a.Dashboards {
		w.DashboardViews = append(w.DashboardViews, viewsOf{v.UUID, v.Name, v.Count})
	}
	for _, v := range a.Charts {
		w.ChartViews = append(w.ChartViews, viewsOfChart{v.UUID, v.Name, v.Count})
	}
	for _, v := range a.MostViewed {
		w.MostViewed = append(w.MostViewed, viewingsOf{userCount{v.User, v.First, v.Last, v.Count}, v.Dashboard, v.Name})
	}
	return w, nil
}

func countsToWire(counts []project.UserCount) []userCount {
	list := make([]userCount, 0, len(counts))
	for _, c := range counts {
		list = append(list, userCount{c.User, c.First, c.Last, c.Count})
	}
	return list
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
