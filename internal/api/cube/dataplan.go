package cube

import (
	"slices"
	"strings"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/query"
	"inlay/internal/semantic"
)

// dataPlan is a query that is ready to run, with what its columns are called.
type dataPlan struct {
	request query.Request
	names   map[string][]string // names of a column in rows, by field id
	shown   []shownMember
	within  []member // the segments
	query   dataQuery
}

// shownMember is a selected member.
type shownMember struct {
	member
	granularity string
}

// plan turns a query into a request for rows.
func (d data) plan(c catalog, who access.Principal, q dataQuery) (dataPlan, error) {
	p := dataPlan{query: q, names: map[string][]string{}}
	m := metric.Query{Dimensions: []string{}, Metrics: []string{}, Sorts: []metric.Sort{}, TableCalculations: []metric.TableCalculation{}}
	for _, step := range []func(catalog, *metric.Query) error{p.measures, p.dimensions, p.segments, p.timeDimensions, p.filters} {
		if err := step(c, &m); err != nil {
			return p, err
		}
	}
	p.sorts(&m)
	explore, err := c.explore(p.tables())
	if err != nil {
		return p, err
	}
	if q.Ungrouped {
		if err := p.rowKeys(explore, &m); err != nil {
			return p, err
		}
	}
	m.ExploreName, m.Limit = explore.Name, q.Limit+q.Offset
	p.request = query.Request{
		Project: who.Project, Explore: explore.Name, Query: m, Purpose: query.Explore, MaxLimit: 2 * maxRows,
		Refresh: q.CacheMode == "no-cache" || q.CacheMode == "must-revalidate",
	}
	if q.Timezone != "UTC" {
		p.request.Zone = q.Timezone
	}
	return p, nil
}

// rowKeys groups by the primary keys of all tables, so that every row is a group of its own. Keys aren't shown.
func (p *dataPlan) rowKeys(e *semantic.Explore, q *metric.Query) error {
	for _, name := range p.tables() {
		table := e.Tables[name]
		if len(table.PrimaryKey) == 0 {
			return fault.Coded(fault.Invalid, userError, "Ungrouped queries need a primary key, and '%s' declares none", name)
		}
		for _, column := range table.PrimaryKey {
			id := keyField(table, column)
			if id == "" {
				return fault.Coded(fault.Invalid, userError, "Ungrouped queries need the primary key of '%s' among its dimensions", name)
			}
			if !slices.Contains(q.Dimensions, id) {
				q.Dimensions = append(q.Dimensions, id)
			}
		}
	}
	return nil
}

func keyField(t *semantic.Table, column string) string {
	for _, d := range t.Dimensions {
		if d.Column == column && d.IntervalBase == "" {
			return semantic.FieldID(t.Name, d.Name)
		}
	}
	return ""
}

func (p *dataPlan) show(m member, id, granularity string, names ...string) {
	p.shown = append(p.shown, shownMember{m, granularity})
	p.names[id] = append(p.names[id], names...)
}

func (p *dataPlan) measures(c catalog, q *metric.Query) error {
	for _, path := range p.query.Measures {
		m, err := c.member(path)
		if err != nil {
			return err
		}
		if m.measure == nil {
			return fault.Coded(fault.Invalid, userError, "'%s' is a dimension, not a measure", path)
		}
		q.Metrics = append(q.Metrics, m.id())
		p.show(m, m.id(), "", path)
	}
	return nil
}

func (p *dataPlan) dimensions(c catalog, q *metric.Query) error {
	for _, path := range p.query.Dimensions {
		m, err := c.member(path)
		if err != nil {
			return err
		}
		if m.dimension == nil {
			return fault.Coded(fault.Invalid, userError, "'%s' is a measure, not a dimension", path)
		}
		q.Dimensions = append(q.Dimensions, m.id())
		p.show(m, m.id(), "", path)
	}
	return nil
}

// segments keeps the rows for which boolean dimensions are true; those are the segments of a cube.
func (p *dataPlan) segments(c catalog, q *metric.Query) error {
	for _, path := range p.query.Segments {
		m, err := c.member(path)
		if err != nil {
			return err
		}
		if m.dimension == nil || m.dimension.Type != semantic.Boolean {
			return fault.Coded(fault.Invalid, userError, "'%s' is not a segment", path)
		}
		group, err := dataFilter{Member: path, Operator: "equals", Values: []any{"true"}}.rules(m.id(), semantic.Boolean, p.query.zone)
		if err != nil {
			return err
		}
		filterBy(&q.Filters.Dimensions, group)
		p.within = append(p.within, m)
	}
	return nil
}

// timeDimensions selects grains and filters by ranges. A grain has two names in rows, unless the plain dimension or
// another grain has the second.
func (p *dataPlan) timeDimensions(c catalog, q *metric.Query) error {
	for _, t := range p.query.TimeDimensions {
		m, err := c.member(t.Dimension)
		if err != nil {
			return err
		}
		if !isTime(m.dimension) {
			return fault.Coded(fault.Invalid, userError, "'%s' is not a time dimension", t.Dimension)
		}
		if t.span != nil {
			group, err := dataFilter{Member: t.Dimension, Operator: "inDateRange", span: t.span}.rules(m.id(), m.dimension.Type, p.query.zone)
			if err != nil {
				return err
			}
			filterBy(&q.Filters.Dimensions, group)
		}
		if t.Granularity == "" {
			continue
		}
		id, err := m.grain(t.Granularity)
		if err != nil {
			return err
		}
		names := []string{t.Dimension + "." + t.Granularity}
		if !slices.Contains(p.query.Dimensions, t.Dimension) && p.column(t.Dimension) == "" {
			names = append(names, t.Dimension)
		}
		if !slices.Contains(q.Dimensions, id) {
			q.Dimensions = append(q.Dimensions, id)
		}
		p.show(m, id, t.Granularity, names...)
	}
	return nil
}

// filterBy adds a group to those that must hold.
func filterBy(to **metric.FilterGroup, group metric.FilterGroup) {
	if *to == nil {
		*to = &metric.FilterGroup{ID: "cube", And: []metric.FilterGroup{}}
	}
	(*to).And = append((*to).And, group)
}

func (p *dataPlan) filters(c catalog, q *metric.Query) error {
	for _, f := range p.query.Filters {
		group, measures, dimensions, err := p.filter(c, f)
		if err != nil {
			return err
		}
		switch {
		case measures && dimensions:
			return invalid("You cannot use dimension and measure in same condition")
		case measures:
			filterBy(&q.Filters.Metrics, group)
		default:
			filterBy(&q.Filters.Dimensions, group)
		}
	}
	return nil
}

func (p *dataPlan) filter(c catalog, f dataFilter) (group metric.FilterGroup, measures, dimensions bool, err error) {
	if f.Member == "" {
		inner := make([]metric.FilterGroup, 0, len(f.Or)+len(f.And))
		for _, item := range append(slices.Clone(f.Or), f.And...) {
			one, m, d, err := p.filter(c, item)
			if err != nil {
				return group, false, false, err
			}
			inner, measures, dimensions = append(inner, one), measures || m, dimensions || d
		}
		if f.Or != nil {
			return metric.FilterGroup{ID: "cube", Or: inner}, measures, dimensions, nil
		}
		return metric.FilterGroup{ID: "cube", And: inner}, measures, dimensions, nil
	}
	m, err := c.member(f.Member)
	if err != nil {
		return group, false, false, err
	}
	if f.Operator == "measureFilter" {
		group, err = ownFilters(m)
		return group, false, true, err
	}
	if m.measure != nil {
		group, err = f.rules(m.id(), measureType(m.measure.Type), p.query.zone)
		return group, true, false, err
	}
	group, err = f.rules(m.id(), m.dimension.Type, p.query.zone)
	return group, false, true, err
}

// ownFilters are those of a measure itself, on the rows that it counts.
func ownFilters(m member) (metric.FilterGroup, error) {
	group := metric.FilterGroup{And: []metric.FilterGroup{}}
	if m.measure == nil {
		return group, invalid("The filter measureFilter needs a measure, and %s is none", m.path)
	}
	for _, f := range m.measure.Filters {
		table, name, ok := strings.Cut(f.Field, ".")
		if !ok {
			table, name = m.measure.Table, f.Field
		}
		rule := &metric.FilterRule{ID: "cube", Target: metric.FilterTarget{FieldID: semantic.FieldID(table, name)}, Operator: f.Operator, Values: f.Values}
		if f.Unit != "" || f.Completed {
			rule.Settings = &metric.FilterSettings{UnitOfTime: f.Unit, Completed: f.Completed}
		}
		group.And = append(group.And, metric.FilterGroup{Rule: rule})
	}
	return group, nil
}

// measureType is the type by whose rules a measure is filtered.
func measureType(t semantic.MetricType) semantic.Type {
	switch t {
	case semantic.MetricString:
		return semantic.String
	case semantic.MetricDate:
		return semantic.Date
	case semantic.MetricTimestamp:
		return semantic.Timestamp
	case semantic.MetricBoolean:
		return semantic.Boolean
	}
	return semantic.Number
}

// sorts orders by members that are selected; others are passed over, as in the original.
func (p *dataPlan) sorts(q *metric.Query) {
	for _, o := range p.query.sorted() {
		if id := p.column(o.ID); id != "" {
			q.Sorts = append(q.Sorts, metric.Sort{FieldID: id, Descending: o.Desc})
		}
	}
}

// column finds the field whose values have a name in rows; nothing when there is none.
func (p *dataPlan) column(name string) string {
	for id, names := range p.names {
		if slices.Contains(names, name) {
			return id // names are unique
		}
	}
	return ""
}

// tables are the cubes that a plan touches, those of measures first.
func (p *dataPlan) tables() []string {
	var tables []string
	add := func(path string) {
		if cube, _, _ := strings.Cut(path, "."); !slices.Contains(tables, cube) {
			tables = append(tables, cube)
		}
	}
	for _, m := range p.shown {
		add(m.path)
	}
	for _, m := range p.within {
		add(m.path)
	}
	for _, t := range p.query.TimeDimensions {
		add(t.Dimension)
	}
	var filters func([]dataFilter)
	filters = func(list []dataFilter) {
		for _, f := range list {
			if f.Member != "" {
				add(f.Member)
			}
			filters(f.Or)
			filters(f.And)
		}
	}
	filters(p.query.Filters)
	return tables
}
