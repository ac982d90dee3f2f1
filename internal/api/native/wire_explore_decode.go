package native

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/semantic"
)

// readExplores reads explores that a client compiled and deploys, broken ones with their errors. What it compiled is
// made again from the SQL that the authors wrote. Faults: Invalid.
func readExplores(data []byte) ([]*semantic.Explore, error) {
	var wire []exploreWire
	err := json.Unmarshal(data, &wire)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return nil, fault.New(fault.Invalid, "explores: the field %q can't be of type %s", wrong.Field, wrong.Value)
	}
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "The explores don't have the form of explores")
	}
	out := make([]*semantic.Explore, 0, len(wire))
	for i := range wire {
		e, err := readExplore(&wire[i])
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(out, func(other *semantic.Explore) bool { return other.Name == e.Name }) {
			return nil, fault.New(fault.Invalid, "Explore %q is there twice", e.Name)
		}
		out = append(out, e)
	}
	return out, nil
}

func readExplore(w *exploreWire) (*semantic.Explore, error) {
	e := &semantic.Explore{
		Name: w.Name, Label: w.Label, GroupLabel: w.GroupLabel, Tags: w.Tags, BaseTable: w.BaseTable,
		Database: w.TargetDatabase, Warehouse: w.Warehouse, YAMLPath: w.YMLPath, SQLPath: w.SQLPath,
		Virtual: w.Type == "virtual",
	}
	if e.Name == "" {
		return nil, fault.New(fault.Invalid, "An explore has no name")
	}
	for _, p := range w.Errors {
		e.Errors = append(e.Errors, semantic.Problem{Type: p.Type, Message: p.Message, Model: e.Name})
	}
	if len(e.Errors) > 0 {
		return e, nil
	}
	for i := range w.JoinedTables {
		e.Joins = append(e.Joins, readJoin(&w.JoinedTables[i]))
	}
	for name, p := range w.Parameters {
		read, err := readParameter(name, p)
		if err != nil {
			return nil, err
		}
		if e.Parameters == nil {
			e.Parameters = map[string]*semantic.Parameter{}
		}
		e.Parameters[name] = read
	}
	e.Tables = make(map[string]*semantic.Table, len(w.Tables))
	for alias := range w.Tables {
		t := w.Tables[alias]
		t.Name = alias
		e.Tables[alias] = readTable(&t, e.Virtual)
	}
	if base := e.Tables[e.BaseTable]; base != nil {
		e.Schema, e.Description = base.Schema, base.Description
	}
	if err := semantic.Check(e); err != nil {
		f := fault.As(err)
		e.Errors = []semantic.Problem{{Type: f.Code + "Error", Message: f.Message, Model: e.Name}}
	}
	return e, nil
}

// readParameter reads a parameter; its default is one value or a list of them. Faults: Invalid.
func readParameter(name string, w parameterWire) (*semantic.Parameter, error) {
	p := &semantic.Parameter{
		Name: name, Label: w.Label, Description: w.Description, Type: semantic.Type(cmp.Or(w.Type, "string")),
		Default: metric.Parameters{name: w.Default}.Texts(name), Multiple: w.Multiple, AllowCustom: w.AllowCustom,
		Options: w.Options, OptionsFrom: (*semantic.ParameterSource)(w.OptionsFrom),
	}
	if w.Default != nil && p.Default == nil || slices.ContainsFunc(p.Default, func(value string) bool { return !p.Holds(value) }) {
		return nil, fault.New(fault.Invalid, "The default of parameter %q isn't of type %s", name, p.Type)
	}
	return p, nil
}

func readJoin(w *joinWire) semantic.Join {
	j := semantic.Join{
		Table: w.Table, Type: semantic.Left, Declared: semantic.JoinType(w.Type), On: semantic.SQL(w.SQLOn),
		Hidden: w.Hidden, Always: w.Always, Relationship: semantic.Relationship(w.Relationship),
	}
	switch j.Declared {
	case semantic.Inner, semantic.Right, semantic.Full:
		j.Type = j.Declared
	}
	return j
}

func readTable(w *tableWire, virtual bool) *semantic.Table {
	t := &semantic.Table{
		Name: w.Name, OriginalName: w.OriginalName, Label: w.Label, Description: given(w.Description), GroupLabel: w.GroupLabel,
		Database: w.Database, Schema: w.Schema, Relation: semantic.SQL(w.SQLTable), OrderFieldsBy: w.OrderFieldsBy,
		Hidden: w.Hidden, SQLFilter: semantic.SQL(w.UncompiledSQLWhere), RequiredFilters: readFilters(w.RequiredFilters, true),
		RequiredAttributes: readAttributes(w.RequiredAttributes), AnyAttributes: readAttributes(w.AnyAttributes),
		GroupDetails: make(map[string]semantic.GroupDetails, len(w.GroupDetails)), PrimaryKey: w.PrimaryKey,
		DefaultTime: (*semantic.TimeDefault)(w.DefaultTime), Shared: w.Shared, Lineage: readLineage(w.LineageGraph),
		Dimensions: make(map[string]*semantic.Dimension, len(w.Dimensions)),
		Metrics:    make(map[string]*semantic.Metric, len(w.Metrics)),
	}
	if t.OriginalName == "" {
		t.OriginalName = t.Name
	}
	if t.SQLFilter == "" {
		t.SQLFilter = semantic.SQL(w.SQLWhere)
	}
	if query, ok := strings.CutPrefix(w.SQLTable, "("); ok && virtual {
		t.From, t.Relation = semantic.SQL(strings.TrimSuffix(query, ")")), ""
	}
	for key, g := range w.GroupDetails {
		t.GroupDetails[key] = semantic.GroupDetails(g)
	}
	for column, attribute := range w.RowFilter {
		t.RowFilters = append(t.RowFilters, semantic.RowFilter{Column: column, Attribute: attribute})
	}
	for key := range w.Dimensions {
		t.Dimensions[key] = readDimension(w, key)
	}
	for key, m := range w.Metrics {
		t.Metrics[key] = readMetric(t, &m)
	}
	return t
}

// readDimension reads a dimension. An interval comes with SQL that has the interval in it already: it takes its base's.
func readDimension(t *tableWire, key string) *semantic.Dimension {
	w := t.Dimensions[key]
	d := &semantic.Dimension{
		Table: t.Name, TableLabel: t.Label, Name: w.Name, Label: w.Label, Description: given(w.Description),
		Type: semantic.Type(w.Type), SQL: semantic.SQL(w.SQL), Index: given(w.Index), Hidden: w.Hidden, Groups: w.Groups,
		Format: w.Format, Round: w.Round, Compact: w.Compact, URLs: readURLs(w.URLs), Colors: w.Colors, Tags: w.Tags,
		RequiredAttributes: readAttributes(w.RequiredAttributes), AnyAttributes: readAttributes(w.AnyAttributes),
		CaseInsensitive: w.CaseSensitive != nil && !*w.CaseSensitive, IsAdditional: w.IsAdditional,
		IsIntervalBase: given(w.IsIntervalBase),
	}
	if w.TimeInterval == "" {
		return d
	}
	for _, base := range t.Dimensions {
		if base.Name == w.TimeIntervalBase && base.TimeInterval == "" {
			d.SQL, d.TimeInterval, d.IntervalBase = semantic.SQL(base.SQL), w.TimeInterval, w.TimeIntervalBase
			break
		}
	}
	return d
}

func readMetric(t *semantic.Table, w *metricWire) *semantic.Metric {
	return &semantic.Metric{
		Table: t.Name, TableLabel: t.Label, Name: w.Name, Label: w.Label, Description: w.Description,
		Type: semantic.MetricType(w.Type), SQL: semantic.SQL(w.SQL), Index: w.Index, Hidden: w.Hidden, Groups: w.Groups,
		Format: w.Format, Round: w.Round, Compact: w.Compact, URLs: readURLs(w.URLs), Tags: w.Tags,
		Filters: readFilters(w.Filters, false), Percentile: w.Percentile, DistinctKeys: w.DistinctKeys, DefaultTime: (*semantic.TimeDefault)(w.DefaultTime), ShowUnderlyingValues: w.ShowUnderlyingValues,
		DimensionReference: w.DimensionReference, RequiredAttributes: readAttributes(w.RequiredAttributes),
		AnyAttributes: readAttributes(w.AnyAttributes),
	}
}

func readFilters(wire []modelFilterWire, required bool) []semantic.Filter {
	var out []semantic.Filter
	for _, w := range wire {
		f := semantic.Filter{ID: w.ID, Field: w.Target.FieldRef, Operator: w.Operator, Values: w.Values, Required: required}
		if w.Settings != nil {
			f.Unit, f.Completed = w.Settings.UnitOfTime, w.Settings.Completed
		}
		out = append(out, f)
	}
	return out
}

func readAttributes(wire attributesWire) map[string][]string {
	if len(wire) == 0 {
		return nil
	}
	out := make(map[string][]string, len(wire))
	for name, values := range wire {
		out[name] = values
	}
	return out
}

func readURLs(wire []urlWire) []semantic.URL {
	var out []semantic.URL
	for _, w := range wire {
		out = append(out, semantic.URL(w))
	}
	return out
}

func readLineage(wire map[string][]lineageWire) map[string][]string {
	out := make(map[string][]string, len(wire))
	for model, nodes := range wire {
		out[model] = make([]string, 0, len(nodes))
		for _, n := range nodes {
			out[model] = append(out[model], n.Name)
		}
	}
	return out
}
