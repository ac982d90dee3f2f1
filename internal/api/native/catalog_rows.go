package native

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/project"
	"inlay/internal/semantic"
)

// CatalogRows are the operations on the catalogue of tables and fields.
func CatalogRows(s *project.Service) []api.Operation {
	h := catalogRows{s}
	return []api.Operation{
		op("getCatalog", api.Handle(h.list)),
		op("getMetadata", api.Handle(h.metadata)),
		op("getAnalytics", api.Handle(h.charts)),
		op("getAnalyticsField", api.Handle(h.charts)),
		op("getMetricsCatalog", api.Handle(h.metrics)),
		op("addCategoryToCatalogItem", api.Handle(h.tag)),
		op("removeCategoryFromCatalogItem", api.Handle(h.untag)),
		op("updateCatalogItemIcon", api.Handle(h.icon)),
	}
}

type catalogRows struct{ s *project.Service }

// catalogItem is a table or a field of the catalogue on the wire.
type catalogItem struct {
	ID                 string          `json:"catalogSearchUuid"`
	Name               string          `json:"name"`
	Label              string          `json:"label"`
	Description        *string         `json:"description,omitempty"`
	Type               string          `json:"type"`
	GroupLabel         string          `json:"groupLabel,omitempty"`
	TableLabel         string          `json:"tableLabel,omitempty"`
	TableName          string          `json:"tableName,omitempty"`
	TableGroupLabel    string          `json:"tableGroupLabel,omitempty"`
	FieldType          string          `json:"fieldType,omitempty"`
	BasicType          string          `json:"basicType,omitempty"`
	RequiredAttributes *attributesWire `json:"requiredAttributes,omitempty"`
	ChartUsage         *int            `json:"chartUsage,omitempty"`
	JoinedTables       *[]joinWire     `json:"joinedTables,omitempty"`
	Errors             []exploreError  `json:"errors,omitempty"`
	Tags               []string        `json:"tags"`
	Categories         []catalogTag    `json:"categories"`
	Icon               map[string]any  `json:"icon" null:"ok"`
}

type catalogTag struct {
	Name  string `json:"name"`
	Color string `json:"color"`
	UUID  string `json:"tagUuid"`
}

// itemToWire writes an item as lists do: without what only the search knows.
func itemToWire(i project.Item) catalogItem {
	w := catalogItem{Tags: []string{}, Categories: []catalogTag{}}
	switch {
	case i.Dimension != nil:
		d := i.Dimension
		w.Name, w.Label, w.Description, w.FieldType, w.BasicType = d.Name, d.Label, &d.Description, "dimension", string(d.Type)
		w.Tags = orEmpty(d.Tags)
		w.ofTable(i, d.RequiredAttributes)
	case i.Metric != nil:
		m := i.Metric
		w.Name, w.Label, w.Description, w.FieldType, w.BasicType = m.Name, m.Label, maybe(m.Description), "metric", basicType(m.Type)
		w.Tags = orEmpty(m.Tags)
		w.ofTable(i, m.RequiredAttributes)
	default:
		w.ofExplore(i)
	}
	return w
}

func (w *catalogItem) ofTable(i project.Item, required map[string][]string) {
	w.Type, w.TableLabel, w.TableName, w.TableGroupLabel = "field", i.Table.Label, i.Table.Name, i.Table.GroupLabel
	if required == nil {
		required = i.Table.RequiredAttributes
	}
	w.RequiredAttributes = attributesToWire(required)
}

func (w *catalogItem) ofExplore(i project.Item) {
	e := i.Explore
	w.Type, w.Name, w.Label, w.GroupLabel, w.Tags = "table", e.Name, e.Label, e.GroupLabel, orEmpty(e.Tags)
	w.Errors = wireSummary(e).Errors
	if i.Table == nil {
		return
	}
	w.Description, w.RequiredAttributes = &i.Table.Description, attributesToWire(i.Table.RequiredAttributes)
	bare := *e
	bare.Tables = nil // only the joins are wanted
	w.JoinedTables = new(wireExplore(&bare, nil).JoinedTables)
}

// foundToWire writes an item as the search does.
func foundToWire(i project.Item) catalogItem {
	w := itemToWire(i)
	w.ID, w.Icon, w.JoinedTables = i.ID, i.Icon, nil
	if w.RequiredAttributes == nil {
		w.RequiredAttributes = &attributesWire{}
	}
	if w.Type == "field" {
		w.ChartUsage = &i.Charts
	}
	for _, t := range i.Tags {
		w.Categories = append(w.Categories, catalogTag{t.Name, t.Color, t.UUID})
	}
	return w
}

// attributesToWire is nil for nothing required: then the list leaves it out.
func attributesToWire(required map[string][]string) *attributesWire {
	if w := wireAttributes(required); w != nil {
		return &w
	}
	return nil
}

// basicType is the type of a metric's values.
func basicType(t semantic.MetricType) string {
	switch t {
	case semantic.MetricString, semantic.MetricDate, semantic.MetricTimestamp, semantic.MetricBoolean:
		return string(t)
	}
	return "number"
}

func catalogToWire(items []project.Item, write func(project.Item) catalogItem) []catalogItem {
	list := make([]catalogItem, 0, len(items))
	for _, i := range items {
		list = append(list, write(i))
	}
	return list
}

type catalogIn struct {
	Project string  `path:"projectUuid"`
	Search  *string `query:"search"`
	Type    *string `query:"type" enum:"table,field"`
	Filter  *string `query:"filter" enum:"tables,dimensions,metrics"`
}

func (h catalogRows) list(ctx context.Context, who access.Principal, in catalogIn) ([]catalogItem, error) {
	kind, filter := textOf(in.Type), textOf(in.Filter)
	if search := textOf(in.Search); search != "" {
		found, err := h.s.SearchCatalog(ctx, who, in.Project, project.CatalogQuery{
			Text:       search,
			Tables:     kind != "field" && (filter == "" || filter == "tables"),
			Dimensions: kind != "table" && (filter == "" || filter == "dimensions"),
			Metrics:    kind != "table" && (filter == "" || filter == "metrics"),
		})
		return catalogToWire(found, foundToWire), err
	}
	if kind == "field" {
		items, err := h.s.CatalogFields(ctx, who, in.Project)
		return catalogToWire(items, itemToWire), err
	}
	items, err := h.s.CatalogTables(ctx, who, in.Project)
	return catalogToWire(items, itemToWire), err
}

type catalogMetadata struct {
	Name         string        `json:"name"`
	Label        string        `json:"label"`
	Description  string        `json:"description"`
	ModelName    string        `json:"modelName"`
	Source       string        `json:"source,omitempty"`
	Fields       []catalogItem `json:"fields"`
	JoinedTables []string      `json:"joinedTables"`
}

type catalogTableIn struct {
	Project string `path:"projectUuid"`
	Table   string `path:"table"`
}

func (h catalogRows) metadata(ctx context.Context, who access.Principal, in catalogTableIn) (catalogMetadata, error) {
	item, fields, err := h.s.CatalogTable(ctx, who, in.Project, in.Table)
	if err != nil {
		return catalogMetadata{}, err
	}
	e := item.Explore
	w := catalogMetadata{
		Name: e.Name, Label: e.Label, Description: item.Table.Description, ModelName: e.Name, Source: e.YAMLPath,
		Fields: catalogToWire(fields, itemToWire), JoinedTables: []string{},
	}
	for _, j := range e.Joins {
		w.JoinedTables = append(w.JoinedTables, j.Table)
	}
	return w, nil
}

type catalogFieldIn struct {
	Project string `path:"projectUuid"`
	Table   string `path:"table"`
	Field   string `path:"field"`
}

type chartsUsing struct {
	Charts []chartUse `json:"charts"`
}

type chartUse struct {
	UUID          string  `json:"uuid"`
	Name          string  `json:"name"`
	Space         string  `json:"spaceUuid"`
	SpaceName     string  `json:"spaceName"`
	Dashboard     *string `json:"dashboardUuid"`
	DashboardName *string `json:"dashboardName"`
	ChartKind     string  `json:"chartKind"`
}

func (h catalogRows) charts(ctx context.Context, who access.Principal, in catalogFieldIn) (chartsUsing, error) {
	charts, err := h.s.ChartsUsing(ctx, who, in.Project, in.Table, in.Field)
	if err != nil {
		return chartsUsing{}, err
	}
	w := chartsUsing{Charts: []chartUse{}}
	for _, c := range charts {
		w.Charts = append(w.Charts, chartUse{c.UUID, c.Name, c.Space, c.SpaceName, maybe(c.Dashboard), maybe(c.DashboardName), c.Kind})
	}
	return w, nil
}

type metricsIn struct {
	Project    string   `path:"projectUuid"`
	Search     *string  `query:"search"`
	Page       *int     `query:"page"`
	PageSize   *int     `query:"pageSize"`
	Sort       *string  `query:"sort"`
	Order      *string  `query:"order" enum:"asc,desc"`
	Categories []string `query:"categories"`
}

type metricsPage struct {
	Pagination *paginationWire `json:"pagination,omitempty"`
	Data       []catalogItem   `json:"data"`
}

func (h catalogRows) metrics(ctx context.Context, who access.Principal, in metricsIn) (metricsPage, error) {
	if in.Page != nil && *in.Page < 1 || in.PageSize != nil && *in.PageSize < 1 {
		return metricsPage{}, fault.Coded(fault.Unprocessable, "KnexPagination", "page and pageSize must be at least 1")
	}
	found, err := h.s.SearchCatalog(ctx, who, in.Project, project.CatalogQuery{
		Text: textOf(in.Search), Metrics: true, Tags: in.Categories,
	})
	if err != nil {
		return metricsPage{}, err
	}
	if err := sortMetrics(found, textOf(in.Sort), textOf(in.Order) == "desc"); err != nil {
		return metricsPage{}, err
	}
	if in.Page == nil || in.PageSize == nil {
		return metricsPage{Data: catalogToWire(found, foundToWire)}, nil
	}
	page, size := *in.Page, *in.PageSize
	p := &paginationWire{page, size, (len(found) + size - 1) / size, len(found)}
	from := min((page-1)*size, len(found))
	return metricsPage{p, catalogToWire(found[from:min(from+size, len(found))], foundToWire)}, nil
}

func sortMetrics(found []project.Item, by string, descending bool) error {
	order := func(a, b project.Item) int { return 0 }
	switch by {
	case "":
		return nil
	case "name", "label":
		order = func(a, b project.Item) int { return strings.Compare(a.Name(), b.Name()) }
	case "chartUsage":
		order = func(a, b project.Item) int { return cmp.Compare(a.Charts, b.Charts) }
	case "tableLabel", "tableName", "table":
		order = func(a, b project.Item) int { return strings.Compare(a.Table.Label, b.Table.Label) }
	case "category", "categories":
		order = func(a, b project.Item) int { return cmp.Compare(len(a.Tags), len(b.Tags)) }
	default:
		return fault.New(fault.Invalid, "sort can't be %q; use name, tableLabel, category or chartUsage", by)
	}
	slices.SortStableFunc(found, func(a, b project.Item) int {
		if descending {
			a, b = b, a
		}
		return order(a, b)
	})
	return nil
}

type tagItemIn struct {
	Project string `path:"projectUuid"`
	Item    string `path:"catalogSearchUuid"`
	Body    struct {
		Tag string `json:"tagUuid"`
	} `body:"body"`
}

func (h catalogRows) tag(ctx context.Context, who access.Principal, in tagItemIn) (api.Empty, error) {
	return api.Empty{}, h.s.TagItem(ctx, who, in.Project, in.Item, in.Body.Tag)
}

type untagItemIn struct {
	Project string `path:"projectUuid"`
	Item    string `path:"catalogSearchUuid"`
	Tag     string `path:"tagUuid"`
}

func (h catalogRows) untag(ctx context.Context, who access.Principal, in untagItemIn) (api.Empty, error) {
	return api.Empty{}, h.s.UntagItem(ctx, who, in.Project, in.Item, in.Tag)
}

type iconIn struct {
	Project string `path:"projectUuid"`
	Item    string `path:"catalogSearchUuid"`
	Body    struct {
		Icon *iconWire `json:"icon" null:"ok"`
	} `body:"body"`
}

// iconWire is an emoji by its code point, or a picture by its address.
type iconWire struct {
	Unicode string `json:"unicode,omitempty"`
	URL     string `json:"url,omitempty"`
}

func (h catalogRows) icon(ctx context.Context, who access.Principal, in iconIn) (api.Empty, error) {
	var icon map[string]any
	if in.Body.Icon != nil {
		icon = map[string]any{}
		if in.Body.Icon.Unicode != "" {
			icon["unicode"] = in.Body.Icon.Unicode
		}
		if in.Body.Icon.URL != "" {
			icon["url"] = in.Body.Icon.URL
		}
	}
	return api.Empty{}, h.s.SetIcon(ctx, who, in.Project, in.Item, icon)
}
