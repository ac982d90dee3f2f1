package native

import (
	"cmp"

	"inlay/internal/semantic"
)

// wireExplore tells an explore as the reference does. Compiled holds the SQL of fields by their ids; a field it lacks
// shows its own SQL.
func wireExplore(e *semantic.Explore, compiled map[string]string) exploreWire {
	out := exploreWire{
		Name: e.Name, Label: e.Label, Tags: listed(e.Tags), GroupLabel: e.GroupLabel, BaseTable: e.BaseTable,
		JoinedTables: make([]joinWire, 0, len(e.Joins)), Tables: make(map[string]tableWire, len(e.Tables)),
		TargetDatabase: e.Database, Warehouse: e.Warehouse, YMLPath: e.YAMLPath, SQLPath: e.SQLPath,
	}
	if e.Virtual {
		out.Type = "virtual"
	}
	for name, p := range e.Parameters {
		if out.Parameters == nil {
			out.Parameters = map[string]parameterWire{}
		}
		out.Parameters[name] = wireParameter(p)
	}
	for i := range e.Joins {
		j := &e.Joins[i]
		out.JoinedTables = append(out.JoinedTables, joinWire{
			Table: j.Table, Type: string(j.Declared), SQLOn: string(j.On),
			CompiledSQLOn: compiledText(e, j.Table, j.On, compiled), Hidden: j.Hidden, Always: j.Always, Relationship: string(j.Relationship),
		})
	}
	for alias, t := range e.Tables {
		out.Tables[alias] = wireTable(e, t, compiled)
	}
	return out
}

func wireParameter(p *semantic.Parameter) parameterWire {
	out := parameterWire{
		Label: p.Label, Description: p.Description, Type: string(p.Type), Multiple: p.Multiple, AllowCustom: p.AllowCustom,
		Options: p.Options, OptionsFrom: (*parameterSource)(p.OptionsFrom),
	}
	switch {
	case p.Multiple && len(p.Default) > 0:
		out.Default = p.Default
	case len(p.Default) > 0:
		out.Default = p.Default[0]
	}
	return out
}

func wireTable(e *semantic.Explore, t *semantic.Table, compiled map[string]string) tableWire {
	out := tableWire{
		Name: t.Name, Label: t.Label, Description: &t.Description, GroupLabel: t.GroupLabel, Database: t.Database,
		Schema: t.Schema, SQLTable: string(t.Relation), OrderFieldsBy: t.OrderFieldsBy, Hidden: t.Hidden,
		SQLWhere: compiledText(e, t.Name, t.SQLFilter, compiled), UncompiledSQLWhere: string(t.SQLFilter),
		RequiredFilters: wireFilters(t.RequiredFilters), RequiredAttributes: wireAttributes(t.RequiredAttributes),
		AnyAttributes: wireAttributes(t.AnyAttributes), GroupDetails: make(map[string]fieldGroupWire, len(t.GroupDetails)),
		LineageGraph: wireLineage(t.Lineage), PrimaryKey: t.PrimaryKey, Shared: t.Shared,
		DefaultTime: (*defaultTimeWire)(t.DefaultTime),
		Dimensions:  make(map[string]dimensionWire, len(t.Dimensions)), Metrics: make(map[string]metricWire, len(t.Metrics)),
	}
	if t.From != "" {
		out.SQLTable = "(" + string(t.From) + ")"
	}
	if t.Name != e.BaseTable {
		out.OriginalName = t.OriginalName
	}
	if e.Virtual {
		out.Description, out.RequiredFilters, out.GroupDetails = nil, nil, nil
	}
	for key, g := range t.GroupDetails {
		out.GroupDetails[key] = fieldGroupWire(g)
	}
	for _, f := range t.RowFilters {
		if out.RowFilter == nil {
			out.RowFilter = map[string]string{}
		}
		out.RowFilter[f.Column] = f.Attribute
	}
	for key, d := range t.Dimensions {
		out.Dimensions[key] = wireDimension(e, d, compiled)
	}
	for key, m := range t.Metrics {
		out.Metrics[key] = wireMetric(e, m, compiled)
	}
	return out
}

// wireDimension tells a dimension, also among the fields of a result.
func wireDimension(e *semantic.Explore, d *semantic.Dimension, compiled map[string]string) dimensionWire {
	text := cmp.Or(compiled[semantic.FieldID(d.Table, d.Name)], string(d.SQL))
	out := dimensionWire{
		FieldType: "dimension", Type: string(d.Type), Name: d.Name, Label: d.Label, Table: d.Table,
		TableLabel: d.TableLabel, Description: &d.Description, SQL: string(d.SQL), CompiledSQL: text, Hidden: d.Hidden,
		Index: &d.Index, Groups: listed(d.Groups), Format: d.Format, Round: d.Round, Compact: d.Compact,
		URLs: wireURLs(d.URLs), Colors: d.Colors, Tags: d.Tags, TimeInterval: d.TimeInterval,
		TimeIntervalBase: d.IntervalBase, IsIntervalBase: &d.IsIntervalBase, IsAdditional: d.IsAdditional,
		RequiredAttributes: wireAttributes(d.RequiredAttributes), AnyAttributes: wireAttributes(d.AnyAttributes),
		TablesReferences: touched(d.Tables, d.Table), TablesRequiredAttributes: demanded(e, d.Tables),
	}
	if d.TimeInterval != "" {
		out.SQL = text // the reference writes the interval into the SQL
	}
	if d.CaseInsensitive {
		out.CaseSensitive = new(bool)
	}
	if e.Virtual { // columns of somebody's SQL, which nobody described
		out.Description, out.Index, out.Groups, out.IsIntervalBase = nil, nil, nil, nil
	}
	return out
}

// wireMetric tells a metric, also among the fields of a result.
func wireMetric(e *semantic.Explore, m *semantic.Metric, compiled map[string]string) metricWire {
	return metricWire{
		FieldType: "metric", Type: string(m.Type), Name: m.Name, Label: m.Label, Table: m.Table,
		TableLabel: m.TableLabel, Description: m.Description, SQL: string(m.SQL),
		CompiledSQL: cmp.Or(compiled[semantic.FieldID(m.Table, m.Name)], string(m.SQL)), Hidden: m.Hidden,
		Index: m.Index, Groups: listed(m.Groups), Format: m.Format, Round: m.Round, Compact: m.Compact,
		URLs: wireURLs(m.URLs), Tags: m.Tags, Filters: wireFilters(m.Filters), Percentile: m.Percentile,
		DistinctKeys: m.DistinctKeys, DefaultTime: (*defaultTimeWire)(m.DefaultTime), ShowUnderlyingValues: m.ShowUnderlyingValues, DimensionReference: m.DimensionReference,
		RequiredAttributes: wireAttributes(m.RequiredAttributes), AnyAttributes: wireAttributes(m.AnyAttributes),
		TablesReferences: touched(m.Tables, m.Table), TablesRequiredAttributes: demanded(e, m.Tables),
	}
}

// wireSummary tells an explore in a list: a broken one with its errors.
func wireSummary(e *semantic.Explore) exploreSummary {
	if len(e.Errors) > 0 {
		out := exploreSummary{Name: e.Name, Label: e.Label, GroupLabel: e.GroupLabel}
		for _, p := range e.Errors {
			out.Errors = append(out.Errors, exploreError{Type: p.Type, Message: p.Message})
		}
		return out
	}
	tags := listed(e.Tags)
	out := exploreSummary{Name: e.Name, Label: e.Label, GroupLabel: e.GroupLabel, Tags: &tags, Type: "default"}
	if e.Virtual {
		out.Type = "virtual"
	}
	if base := e.Tables[e.BaseTable]; base != nil {
		out.DatabaseName, out.SchemaName, out.Description = &base.Database, &base.Schema, base.Description
	}
	return out
}

// compiledText puts the compiled SQL of dimensions in place of references to them, for people to read.
func compiledText(e *semantic.Explore, table string, sql semantic.SQL, compiled map[string]string) string {
	text, err := semantic.Substitute(sql, func(r semantic.Reference) (string, error) {
		if r.Kind != semantic.ToField {
			return r.Text, nil
		}
		d := e.Dimension(table, r.Table, r.Name)
		if d == nil || compiled[semantic.FieldID(d.Table, d.Name)] == "" {
			return r.Text, nil
		}
		return "(" + compiled[semantic.FieldID(d.Table, d.Name)] + ")", nil
	})
	if err != nil {
		return string(sql) // references that don't compile are told with the explore's errors
	}
	return text
}

// touched is the tables of a field; one that nobody looked up touches its own.
func touched(tables []string, own string) []string {
	if tables == nil {
		return []string{own}
	}
	return tables
}

// demanded collects what the touched tables demand.
func demanded(e *semantic.Explore, tables []string) map[string]attributesWire {
	var out map[string]attributesWire
	for _, alias := range tables {
		if t := e.Tables[alias]; t != nil && len(t.RequiredAttributes) > 0 {
			if out == nil {
				out = map[string]attributesWire{}
			}
			out[alias] = wireAttributes(t.RequiredAttributes)
		}
	}
	return out
}

func wireAttributes(attributes map[string][]string) attributesWire {
	if len(attributes) == 0 {
		return nil
	}
	out := make(attributesWire, len(attributes))
	for name, values := range attributes {
		out[name] = values
	}
	return out
}

func wireFilters(filters []semantic.Filter) []modelFilterWire {
	out := make([]modelFilterWire, 0, len(filters))
	for _, f := range filters {
		made := modelFilterWire{ID: f.ID, Operator: f.Operator, Values: f.Values}
		made.Target.FieldRef = f.Field
		if f.Unit != "" {
			made.Settings = &filterSettingsWire{UnitOfTime: f.Unit, Completed: f.Completed}
		}
		out = append(out, made)
	}
	return out
}

func wireURLs(urls []semantic.URL) []urlWire {
	var out []urlWire
	for _, u := range urls {
		out = append(out, urlWire(u))
	}
	return out
}

func wireLineage(lineage map[string][]string) map[string][]lineageWire {
	out := make(map[string][]lineageWire, len(lineage))
	for model, parents := range lineage {
		nodes := make([]lineageWire, 0, len(parents))
		for _, parent := range parents {
			nodes = append(nodes, lineageWire{Name: parent, Type: "model"})
		}
		out[model] = nodes
	}
	return out
}

// listed is the list itself, never null.
func listed(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
