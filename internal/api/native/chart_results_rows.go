package native

import (
	"context"
	"encoding/json"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/content"
	"inlay/internal/metric"
	"inlay/internal/query"
	"inlay/internal/semantic"
)

// ChartResultRows are the operations that give rows of saved charts.
func ChartResultRows(s *content.Service, door query.Door) []api.Operation {
	a := chartResults{s, door}
	row := func(id, method, path string, endpoint api.Endpoint) api.Operation {
		return api.Operation{ID: id, Method: method, Path: path, Auth: api.SessionOrKey, Tag: "Charts", Endpoint: endpoint}
	}
	return []api.Operation{
		open("PostChartResults", api.Handle(a.results)),
		open("PostDashboardTile", api.Handle(a.tile)),
		op("getChartVersionResults", api.Handle(a.version)),
		open("CalculateTotalFromSavedChart", api.Handle(a.total)),
		row("GetSavedChartFilters", "GET", "/api/v1/saved/{chartUuid}/availableFilters", api.Handle(a.filters)),
		embedded(row("GetDashboardFilters", "POST", "/api/v1/dashboards/availableFilters", api.Handle(a.dashboardFilters))),
	}
}

type chartResults struct {
	content *content.Service
	door    query.Door
}

type chartResultsIn struct {
	Chart string `path:"chartUuid"`
	Body  struct {
		InvalidateCache bool `json:"invalidateCache,omitempty"`
	} `body:"body"`
}

func (a chartResults) results(ctx context.Context, who access.Principal, in chartResultsIn) (api.Raw, error) {
	return a.rows(ctx, who, content.Run{Chart: in.Chart, Refresh: in.Body.InvalidateCache, Purpose: query.Chart})
}

func (a chartResults) rows(ctx context.Context, who access.Principal, run content.Run) (api.Raw, error) {
	rows, err := a.content.ChartRows(ctx, who, run)
	if err != nil {
		return nil, err
	}
	return resultsAnswer(who, rows.Result, queryToWire(rows.Query)), nil
}

type versionResultsIn struct {
	Chart   string `path:"chartUuid"`
	Version string `path:"versionUuid"`
}

func (a chartResults) version(ctx context.Context, who access.Principal, in versionResultsIn) (api.Raw, error) {
	return a.rows(ctx, who, content.Run{Chart: in.Chart, Version: in.Version, Purpose: query.Chart})
}

type tileIn struct {
	Chart string `path:"chartUuid"`
	Body  struct {
		DashboardUUID    string            `json:"dashboardUuid"`
		DashboardSorts   []metric.Sort     `json:"dashboardSorts"`
		DashboardFilters looseFilters      `json:"dashboardFilters"`
		Granularity      string            `json:"granularity,omitempty" enum:"Day,Week,Month,Quarter,Year"`
		InvalidateCache  bool              `json:"invalidateCache,omitempty"`
		Parameters       metric.Parameters `json:"parameters,omitempty"`
		AutoRefresh      bool              `json:"autoRefresh,omitempty"`
	} `body:"body"`
}

// looseFilters are filters whose form isn't declared, as on the reference: lists that are missing are empty.
type looseFilters struct{ filtersWire }

func (f *looseFilters) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, &f.filtersWire) }

func (a chartResults) tile(ctx context.Context, who access.Principal, in tileIn) (api.Raw, error) {
	b := in.Body
	rows, err := a.content.ChartRows(ctx, who, content.Run{Chart: in.Chart, Dashboard: b.DashboardUUID, Filters: b.DashboardFilters.filters(),
		Parameters: b.Parameters, Sorts: b.DashboardSorts, Granularity: b.Granularity, Refresh: b.InvalidateCache, Purpose: query.Tile})
	if err != nil {
		return nil, err
	}
	return resultsAnswer(who, rows.Result, queryToWire(rows.Query),
		member{"chart", chartToWire(rows.Chart)}, member{"explore", exploreFor(who, rows.Result.Explore)},
		member{"appliedDashboardFilters", filtersToWire(rows.Applied)}), nil
}

type chartTotalIn struct {
	Chart string `path:"chartUuid"`
	Body  struct {
		DashboardFilters *looseFilters `json:"dashboardFilters,omitempty"`
		InvalidateCache  bool          `json:"invalidateCache,omitempty"`
	} `body:"body"`
}

func (a chartResults) total(ctx context.Context, who access.Principal, in chartTotalIn) (map[string]json.RawMessage, error) {
	run := content.Run{Chart: in.Chart, Refresh: in.Body.InvalidateCache, Purpose: query.Total}
	if in.Body.DashboardFilters != nil {
		run.Filters = in.Body.DashboardFilters.filters()
	}
	asked, err := a.content.ChartQuery(ctx, who, run)
	if err != nil {
		return nil, err
	}
	return totals(ctx, a.door, who, asked.Request)
}

func (a chartResults) filters(ctx context.Context, who access.Principal, in chartIn) ([]any, error) {
	explore, err := a.content.ChartExplore(ctx, who, in.Chart)
	if err != nil {
		return nil, err
	}
	return filterable(explore), nil
}

type dashboardFiltersIn struct {
	Body []struct {
		TileUUID       string `json:"tileUuid"`
		SavedChartUUID string `json:"savedChartUuid"`
	} `body:"body,loose"`
}

type dashboardFiltersWire struct {
	SavedQueryFilters   map[string][]int `json:"savedQueryFilters"`
	AllFilterableFields []any            `json:"allFilterableFields"`
}

// dashboardFilters gives the filterable fields of all charts once, and by tile which of them it has.
func (a chartResults) dashboardFilters(ctx context.Context, who access.Principal, in dashboardFiltersIn) (any, error) {
	ids := []string{}
	for _, tile := range in.Body {
		ids = append(ids, tile.SavedChartUUID)
	}
	explores, err := a.content.ChartExplores(ctx, who, ids)
	if err != nil {
		return nil, err
	}
	out := dashboardFiltersWire{SavedQueryFilters: map[string][]int{}, AllFilterableFields: []any{}}
	at := map[string]int{}
	for _, tile := range in.Body {
		explore := explores[tile.SavedChartUUID]
		if explore == nil {
			continue
		}
		places := []int{}
		for _, d := range query.Filterable(explore) {
			id := semantic.FieldID(d.Table, d.Name)
			if _, ok := at[id]; !ok {
				at[id] = len(out.AllFilterableFields)
				out.AllFilterableFields = append(out.AllFilterableFields, dimensionFor(who, explore, d))
			}
			places = append(places, at[id])
		}
		out.SavedQueryFilters[tile.TileUUID] = places
	}
	return out, nil
}

func filterable(e *semantic.Explore) []any {
	fields := []any{}
	for _, d := range query.Filterable(e) {
		fields = append(fields, wireDimension(e, d, nil))
	}
	return fields
}

// exploreFor is an explore with a chart's rows. Whoever is embedded gets what names and shows the columns, and nothing
// of the SQL, tables and attributes behind them.
func exploreFor(who access.Principal, e *semantic.Explore) exploreWire {
	w := wireExplore(e, nil)
	if !who.Embedded() {
		return w
	}
	w.TargetDatabase, w.Warehouse, w.YMLPath, w.SQLPath, w.JoinedTables = "", "", "", "", []joinWire{}
	for alias, table := range w.Tables {
		plain := tableWire{Name: table.Name, OriginalName: table.OriginalName, Label: table.Label, Description: table.Description,
			GroupLabel: table.GroupLabel, OrderFieldsBy: table.OrderFieldsBy, Hidden: table.Hidden, RequiredFilters: []modelFilterWire{},
			GroupDetails: table.GroupDetails, LineageGraph: map[string][]lineageWire{},
			Dimensions: map[string]dimensionWire{}, Metrics: map[string]metricWire{}}
		for name, d := range table.Dimensions {
			if !d.Hidden {
				plain.Dimensions[name] = plainDimension(d)
			}
		}
		for name, m := range table.Metrics {
			if m.Hidden {
				continue
			}
			plain.Metrics[name] = plainMetric(m)
		}
		w.Tables[alias] = plain
	}
	return w
}

func dimensionFor(who access.Principal, e *semantic.Explore, d *semantic.Dimension) dimensionWire {
	w := wireDimension(e, d, nil)
	if who.Embedded() {
		return plainDimension(w)
	}
	return w
}

func plainDimension(d dimensionWire) dimensionWire {
	d.SQL, d.CompiledSQL = "", ""
	d.RequiredAttributes, d.AnyAttributes, d.TablesRequiredAttributes = nil, nil, nil
	return d
}

func plainMetric(m metricWire) metricWire {
	m.SQL, m.CompiledSQL, m.Filters = "", "", []modelFilterWire{}
	m.RequiredAttributes, m.AnyAttributes, m.TablesRequiredAttributes = nil, nil, nil
	return m
}
