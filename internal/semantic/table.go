package semantic

import (
	"cmp"
	"strings"
)

// tableMaker makes the table of one model: everything about it that doesn't depend on the explore.
type tableMaker struct {
	*reader
	source      *sourceModel
	table       *Table
	dialect     string
	insensitive bool // filters ignore case, unless a dimension says otherwise
	columns     map[string]string
}

func (s *Source) table(m *sourceModel, x catalogIndex) (*Table, []Problem) {
	t := &Table{
		Name: m.name, OriginalName: m.name, Label: cmp.Or(m.label, Friendly(m.name)),
		Description: cmp.Or(m.description, m.name+" table"), GroupLabel: m.groupLabel,
		Database: m.relation.Database, Schema: m.relation.Schema, Identifier: m.relation.Name, Relation: m.relationSQL,
		OrderFieldsBy: m.orderBy, GroupDetails: m.groupDetails, PrimaryKey: m.primaryKey,
		Columns: x.columns(m.relation), SQLFilter: m.sqlFilter, RequiredFilters: m.requiredFilters,
		RequiredAttributes: m.required, AnyAttributes: m.anyOf, RowFilters: m.rowFilters, Shared: m.shared,
		Dimensions: make(map[string]*Dimension, len(m.columns)), Metrics: map[string]*Metric{},
		Lineage: s.lineage(m.name),
	}
	maker := tableMaker{
		reader: &reader{file: m.file, model: m.name}, source: m, table: t, dialect: s.dialect, columns: t.Columns,
		insensitive: s.ignoresCase(m),
	}
	if m.relationSQL == "" {
		maker.note(parseProblem, m.line, "", "Model \"%s\" has no table relation", m.name)
	}
	for i := range m.columns {
		maker.column(i, &m.columns[i])
	}
	maker.metrics()
	t.DefaultTime = maker.defaultTime(m.defaultTime, "")
	return t, maker.problems
}

func (t *tableMaker) column(index int, c *sourceColumn) {
	base := t.dimension(index, c, &c.dimension)
	t.add(c.name, base, c.dimension.line)
	t.intervals(c.name, cmp.Or(c.dimension.name, c.name), base, &c.dimension)
	for i := range c.additional {
		extra := &c.additional[i]
		d := t.dimension(index, c, extra)
		d.Name, d.Column, d.IsAdditional = extra.key, "", true
		d.Label = cmp.Or(extra.label, Friendly(extra.key))
		t.add(extra.key, d, extra.line)
		t.intervals(extra.key, extra.key, d, extra)
	}
}

func (t *tableMaker) add(key string, d *Dimension, line int) {
	if other, taken := t.table.Dimensions[key]; taken && other.TimeInterval == "" { // a column goes before an interval
		t.note(parseProblem, line, "/dimensions/"+key, "Model \"%s\" has two dimensions named \"%s\"", t.model, key)
		return
	}
	t.table.Dimensions[key] = d
}

func (t *tableMaker) dimension(index int, c *sourceColumn, from *sourceDimension) *Dimension {
	name := cmp.Or(from.name, from.key)
	d := &Dimension{
		Table: t.table.Name, TableLabel: t.table.Label, Name: name, Label: cmp.Or(from.label, Friendly(name)),
		Description: cmp.Or(from.description, c.description), Type: t.typeOf(c, from),
		SQL: cmp.Or(from.sql, SQL("${TABLE}."+from.key)), Index: index, Hidden: from.hidden,
		Groups: from.display.groups, Format: from.display.format, Round: from.display.round,
		Compact: from.display.compact, URLs: from.display.urls, Colors: from.colors, Tags: from.display.tags,
		RequiredAttributes: from.required, AnyAttributes: from.anyOf, CaseInsensitive: t.insensitive,
		Column: from.key,
	}
	if from.caseInsensitive != nil {
		d.CaseInsensitive = *from.caseInsensitive
	}
	d.IsIntervalBase = (d.Type == Date || d.Type == Timestamp) && !from.noIntervals
	return d
}

// typeOf is the declared type, else that of the column.
func (t *tableMaker) typeOf(c *sourceColumn, from *sourceDimension) Type {
	if from.kind != "" {
		return Type(from.kind)
	}
	if engineType := columnType(t.columns, from.key); engineType != "" {
		return TypeOf(t.dialect, engineType)
	}
	if from.key == c.name && c.dataType != "" {
		return TypeOf(t.dialect, c.dataType)
	}
	return String
}

// intervals adds the children of a date or point in time. They carry the base's SQL: the interval is applied when SQL
// is made.
func (t *tableMaker) intervals(column, key string, base *Dimension, from *sourceDimension) {
	if !base.IsIntervalBase {
		return
	}
	for _, name := range intervalsOf(base.Type, from) {
		found := intervalOf(name)
		suffix := "_" + strings.ToLower(name)
		if _, taken := t.table.Dimensions[key+suffix]; taken {
			continue // a column of that name is there already, or the interval is listed twice
		}
		d := *base
		d.Name = column + suffix
		d.Label = base.Label + " " + found.label
		d.Groups = append(append(make([]string, 0, len(base.Groups)+1), base.Groups...), base.Label)
		d.Type, _ = IntervalType(name, base.Type)
		d.TimeInterval, d.IntervalBase, d.IsIntervalBase, d.IsAdditional = name, base.Name, false, false
		t.table.Dimensions[key+suffix] = &d
	}
}

func intervalsOf(base Type, from *sourceDimension) []string {
	switch {
	case from.intervals != nil:
		return from.intervals
	case base == Date:
		return dateIntervals
	}
	return timestampIntervals
}

// metrics adds the metrics: of dbt, then of the model, then of columns; a later one of the same name takes the place of
// an earlier one.
func (t *tableMaker) metrics() {
	order := map[string]int{}
	add := func(m *Metric, line int) {
		index, known := order[m.Name]
		if !known {
			index = len(order)
			order[m.Name] = index
		}
		m.Index = index
		t.table.Metrics[m.Name] = m
		if _, taken := t.table.Dimensions[m.Name]; taken {
			t.note(parseProblem, line, "/metrics/"+m.Name, "Metric \"%s\" has the name of a dimension in model \"%s\"", m.Name, t.model)
		}
	}
	for _, list := range [][]sourceMetric{t.source.dbtMetrics, t.source.metrics} {
		for i := range list {
			add(t.metric(&list[i]), list[i].line)
		}
	}
	for i := range t.source.columns {
		c := &t.source.columns[i]
		for j := range c.metrics {
			add(t.columnMetric(&c.metrics[j], t.table.Dimensions[c.name]), c.metrics[j].line)
		}
	}
}

// defaultTime is a default time whose dimension is one of the table's own. path is that of what it belongs to.
func (t *tableMaker) defaultTime(from *sourceTime, path string) *TimeDefault {
	if from == nil {
		return nil
	}
	d := t.table.Dimensions[from.Field]
	if from.Field != "" && (d == nil || d.Type != Date && d.Type != Timestamp) {
		t.note(metadataProblem, from.line, path+"/default_time_dimension", "%s: %sdefault_time_dimension names \"%s\", which is no date or timestamp of the model",
			t.model, spelt(path, "", "."), from.Field)
	}
	return &from.TimeDefault
}

func (t *tableMaker) metric(from *sourceMetric) *Metric {
	m := &Metric{
		Table: t.table.Name, TableLabel: t.table.Label, Name: from.name, Label: cmp.Or(from.label, Friendly(from.name)),
		Description: from.description, Type: from.kind, SQL: from.sql, Hidden: from.hidden, Groups: from.display.groups,
		Format: from.display.format, Round: from.display.round, Compact: from.display.compact, URLs: from.display.urls,
		Tags: from.display.tags, Filters: from.filters, Percentile: from.percentile, ShowUnderlyingValues: from.show,
		DistinctKeys: from.distinctKeys,
	}
	m.DefaultTime = t.defaultTime(from.defaultTime, "/metrics/"+m.Name)
	if p := m.Percentile; p != nil && (*p < 0 || *p > 100) {
		t.note(metadataProblem, from.line, "/metrics/"+m.Name, "%s: metrics.%s.percentile must be between 0 and 100", t.model, m.Name)
	}
	switch distinct, keys := m.Type.Distinct(), len(m.DistinctKeys) > 0; {
	case distinct && !keys:
		t.note(metadataProblem, from.line, "/metrics/"+m.Name, "%s: metrics.%s must say its distinct_keys: the dimensions of which each value counts once", t.model, m.Name)
	case keys && !distinct:
		t.note(metadataProblem, from.line, "/metrics/"+m.Name, "%s: metrics.%s has distinct_keys, which count only for the types sum_distinct and average_distinct", t.model, m.Name)
	}
	if len(m.Filters) > 0 && !m.Type.Aggregates() {
		t.note(compileProblem, from.line, "/metrics/"+m.Name,
			"Metric \"%s\" of type %s can't have filters: it doesn't aggregate rows itself", m.Name, m.Type)
	}
	return m
}

// columnMetric is a metric that hangs on a dimension, whose SQL, name and requirements it takes over.
func (t *tableMaker) columnMetric(from *sourceMetric, d *Dimension) *Metric {
	m := t.metric(from)
	m.SQL = cmp.Or(m.SQL, d.SQL)
	m.Description = cmp.Or(m.Description, Friendly(string(m.Type))+" of "+Friendly(d.Name))
	m.DimensionReference = FieldID(t.table.Name, d.Name)
	m.RequiredAttributes, m.AnyAttributes = d.RequiredAttributes, d.AnyAttributes
	return m
}
