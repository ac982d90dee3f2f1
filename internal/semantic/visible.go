package semantic

import (
	"maps"
	"slices"

	"inlay/internal/fault"
)

// Visible is the explore as somebody with these values of user attributes may see it: without the tables, joins and
// fields whose attributes they lack, and without everything that builds on those. The explore itself, which everybody
// shares, isn't changed; it is returned as it is when nothing in it demands attributes. The fault for a base table that
// they may not see is Unauthenticated, code "Authorization".
func Visible(e *Explore, attributes map[string][]string) (*Explore, error) {
	if len(Demands(e)) == 0 {
		return e, nil
	}
	v := &viewer{
		explore: e, attributes: attributes, tables: map[string]bool{}, dimensions: map[*Dimension]bool{},
		metrics: map[*Metric]bool{},
	}
	if v.hideTables(); !v.tables[e.BaseTable] {
		return nil, fault.Coded(fault.Unauthenticated, "Authorization", "You don't have authorization to access this explore")
	}
	return v.remaining(), nil
}

// Demands names the attributes that anything in the explore demands, in order: those that Visible asks for.
func Demands(e *Explore) []string {
	names := map[string]bool{}
	note := func(required, anyOf map[string][]string) {
		for name := range required {
			names[name] = true
		}
		for name := range anyOf {
			names[name] = true
		}
	}
	for _, t := range e.Tables {
		note(t.RequiredAttributes, t.AnyAttributes)
		for _, d := range t.Dimensions {
			note(d.RequiredAttributes, d.AnyAttributes)
		}
		for _, m := range t.Metrics {
			note(m.RequiredAttributes, m.AnyAttributes)
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// viewer decides what one set of attributes opens.
type viewer struct {
	explore    *Explore
	attributes map[string][]string
	tables     map[string]bool // aliases that are left
	dimensions map[*Dimension]bool
	metrics    map[*Metric]bool
}

// meets tells whether the values hold one value of every required attribute, and one of any of the others.
func (v *viewer) meets(required, anyOf map[string][]string) bool {
	for name, wanted := range required {
		if !v.has(name, wanted) {
			return false
		}
	}
	for name, wanted := range anyOf {
		if v.has(name, wanted) {
			return true
		}
	}
	return len(anyOf) == 0
}

func (v *viewer) has(name string, wanted []string) bool {
	return slices.ContainsFunc(v.attributes[name], func(value string) bool { return slices.Contains(wanted, value) })
}

// hideTables finds the tables that are left. A join whose condition builds on something hidden goes, too, and may take
// others along: so again until nothing changes.
func (v *viewer) hideTables() {
	for alias, t := range v.explore.Tables {
		if v.meets(t.RequiredAttributes, t.AnyAttributes) {
			v.tables[alias] = true
		}
	}
	for changed := true; changed; {
		changed = false
		clear(v.dimensions)
		for _, j := range v.explore.Joins {
			if v.tables[j.Table] && !v.sql(j.Table, j.On) {
				delete(v.tables, j.Table)
				changed = true
			}
		}
	}
	if base := v.explore.Tables[v.explore.BaseTable]; v.tables[v.explore.BaseTable] && !v.sql(base.Name, base.SQLFilter) {
		delete(v.tables, base.Name)
	}
}

// sql tells whether everything that SQL refers to as a dimension is left.
func (v *viewer) sql(table string, sql SQL) bool {
	return v.all(sql, func(r Reference) bool {
		d := v.explore.Dimension(table, r.Table, r.Name)
		return d != nil && v.dimension(d)
	})
}

func (v *viewer) all(sql SQL, left func(Reference) bool) bool {
	references, err := References(sql)
	if err != nil {
		return false
	}
	for _, r := range references {
		if r.Kind == ToField && !left(r) {
			return false
		}
	}
	return true
}

func (v *viewer) dimension(d *Dimension) bool {
	if left, known := v.dimensions[d]; known {
		return left
	}
	v.dimensions[d] = false // what refers to itself is never left
	left := v.tables[d.Table] && v.meets(d.RequiredAttributes, d.AnyAttributes) && v.sql(d.Table, d.SQL)
	v.dimensions[d] = left
	return left
}

func (v *viewer) metric(m *Metric) bool {
	if left, known := v.metrics[m]; known {
		return left
	}
	v.metrics[m] = false
	left := v.tables[m.Table] && v.meets(m.RequiredAttributes, m.AnyAttributes) && v.metricSQL(m)
	for _, field := range m.fields() {
		d := v.explore.FilterDimension(m.Table, field)
		left = left && d != nil && v.dimension(d)
	}
	v.metrics[m] = left
	return left
}

func (v *viewer) metricSQL(m *Metric) bool {
	if m.Type.Aggregates() {
		return v.sql(m.Table, m.SQL)
	}
	return v.all(m.SQL, func(r Reference) bool {
		other := v.explore.Metric(m.Table, r.Table, r.Name)
		return other != nil && v.metric(other)
	})
}

// remaining copies what is left.
func (v *viewer) remaining() *Explore {
	out := *v.explore
	out.Tables = make(map[string]*Table, len(v.tables))
	out.Joins = slices.DeleteFunc(slices.Clone(v.explore.Joins), func(j Join) bool { return !v.tables[j.Table] })
	for alias := range v.tables {
		t := *v.explore.Tables[alias]
		t.Dimensions = maps.Clone(t.Dimensions)
		maps.DeleteFunc(t.Dimensions, func(_ string, d *Dimension) bool { return !v.dimension(d) })
		t.Metrics = maps.Clone(t.Metrics)
		maps.DeleteFunc(t.Metrics, func(_ string, m *Metric) bool { return !v.metric(m) })
		t.dropLostTimes()
		out.Tables[alias] = &t
	}
	return &out
}
