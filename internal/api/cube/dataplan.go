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
	if len(q.Segments) > 0 {
		cube, name, _ := strings.Cut(q.Segments[0], ".")
		return p, fault.Coded(fault.Invalid, userError, "'%s' not found for path '%s.%s'", name, cube, name)
	}
	for _, step := range []func() error{
		func() error { return p.measures(c, &m) },
		func() error { return p.dimensions(c, &m) },
		func() error { return p.timeDimensions(c, &m) },
		func() error { return p.filters(c, &m) },
		func() error { return p.sorts(c, &m) },
	} {
		if err := step(); err != nil {
			return p, err
		}
	}
	explore, err := c.explore(p.tables())
	if err != nil {
		return p, err
	}
	m.ExploreName, m.Limit = explore, q.Limit+q.Offset
	limit := m.Limit
	p.request = query.Request{
		Project: who.Project, Explore: explore, Query: m, Purpose: query.Explore, CSVLimit: &limit,
		Refresh: q.CacheMode == "no-cache" || q.CacheMode == "must-revalidate",
	}
	return p, nil
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

// timeDimensions selects grains and filters by ranges. A grain has two names in rows, unless the plain dimension or
// another grain has the second.
func (p *dataPlan) timeDimensions(c catalog, q *metric.Query) error {
	for _, t := range p.query.TimeDimensions {
		m, err := c.member(t.Dimension)
		if err != nil {
			return err
		}
		if !m.isTime() {
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
		grain, err := m.grain(t.Granularity)
		if err != nil {
			return err
		}
		id := semantic.FieldID(m.table.Name, grain.Name)
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
	if m.measure != nil {
		group, err = f.rules(m.id(), measureType(m.measure.Type), p.query.zone)
		return group, true, false, err
	}
	group, err = f.rules(m.id(), m.dimension.Type, p.query.zone)
	return group, false, true, err
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

// sorts orders by selected members only: rows can't be ordered by what isn't grouped.
func (p *dataPlan) sorts(c catalog, q *metric.Query) error {
	for _, o := range p.query.Order {
		if _, err := c.member(o.ID); err != nil {
			return err
		}
		id := p.column(o.ID)
		if id == "" {
			return fault.Coded(fault.Invalid, userError, "'%s' is ordered by, but not selected", o.ID)
		}
		q.Sorts = append(q.Sorts, metric.Sort{FieldID: id, Descending: o.Desc})
	}
	return nil
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
