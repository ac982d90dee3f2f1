package semantic

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"inlay/internal/fault"
)

// LoadManifest reads a dbt manifest and compiles it. Read the relations first with ParseManifest when the catalogue
// isn't known yet.
func LoadManifest(data []byte, c Catalog, o Options) (*Model, error) {
	s, err := ParseManifest(data, o)
	if err != nil {
		return nil, err
	}
	return s.Compile(c), nil
}

// LoadYAML reads a folder of native models and compiles it; see ParseYAML.
func LoadYAML(fsys fs.FS, c Catalog, o Options) (*Model, error) {
	s, err := ParseYAML(fsys, o)
	if err != nil {
		return nil, err
	}
	return s.Compile(c), nil
}

// Compile makes the explores: each model's table with the tables it joins, every reference looked up. A model or an
// explore that is wrong takes no other down, except those that join it.
func (s *Source) Compile(c Catalog) *Model {
	tables := s.tables(newCatalogIndex(c))
	model := &Model{Problems: slices.Clone(s.problems)}
	var invalid []*Explore
	taken := map[string]bool{}
	for _, m := range s.models {
		taken[m.name] = true
	}
	for _, m := range s.models {
		for _, from := range m.allExplores(tables[m.name].invalid) {
			e := s.explore(m, from, tables)
			if from.name != m.name && taken[e.Name] {
				model.Problems = append(model.Problems, Problem{
					Type: parseProblem, File: m.file, Line: from.line, Model: m.name,
					Message: "Explore \"" + e.Name + "\" has the name of another explore",
				})
				continue
			}
			taken[e.Name] = true
			model.Problems = append(model.Problems, e.Errors...)
			if tables[m.name].invalid {
				invalid = append(invalid, e) // the reference lists them last
			} else {
				model.Explores = append(model.Explores, e)
			}
		}
	}
	model.Explores = append(model.Explores, invalid...)
	return model
}

// allExplores lists the model's own explore and the further ones it declares. The own one of a hidden model is left out,
// unless it is needed to tell what is wrong.
func (s *sourceModel) allExplores(invalid bool) []sourceExplore {
	own := sourceExplore{
		name: s.name, label: s.label, groupLabel: s.groupLabel, joins: s.joins, sqlFilter: s.sqlFilter, line: s.line,
		requiredFilters: s.requiredFilters, required: s.required, anyOf: s.anyOf,
	}
	if s.hidden && !invalid {
		return s.explores
	}
	return append([]sourceExplore{own}, s.explores...)
}

// modelTable is a model's table and what is wrong with it.
type modelTable struct {
	*Table
	problems   []Problem
	sets       map[string][]string
	parameters map[string]*Parameter
	invalid    bool // can't be read as a model at all
	closed     bool // refers to nothing but itself: explores may share it
	checked    bool // every reference of it has been looked up
}

func (s *Source) tables(x catalogIndex) map[string]*modelTable {
	tables := make(map[string]*modelTable, len(s.models))
	for _, m := range s.models {
		t := &modelTable{problems: m.problems, sets: m.sets, parameters: m.parameters}
		if len(m.columns) == 0 && len(m.problems) == 0 {
			t.problems = []Problem{{
				Type: noDimensionsProblem, Message: "No dimensions available", File: m.file, Line: m.line, Model: m.name,
			}}
		}
		t.invalid = len(t.problems) > 0
		if len(t.problems) == 0 {
			t.Table, t.problems = s.table(m, x)
			t.closed = closed(t.Table)
		}
		tables[m.name] = t
	}
	return tables
}

// closed tells whether no reference of the table names another one.
func closed(t *Table) bool {
	own := func(sql SQL) bool {
		references, err := References(sql)
		return err == nil && !slices.ContainsFunc(references, func(r Reference) bool {
			return r.Kind == ToField && r.Table != "" && r.Table != t.Name
		})
	}
	for _, d := range t.Dimensions {
		if !own(d.SQL) {
			return false
		}
	}
	for _, m := range t.Metrics {
		if !own(m.SQL) || slices.ContainsFunc(m.fields(), func(field string) bool { return strings.Contains(field, ".") }) {
			return false
		}
	}
	return own(t.SQLFilter)
}

func (s *Source) explore(m *sourceModel, from sourceExplore, tables map[string]*modelTable) *Explore {
	e := &Explore{
		Name: from.name, Label: cmp.Or(from.label, Friendly(from.name)), GroupLabel: from.groupLabel,
		Description: cmp.Or(from.description, m.description), Tags: m.tags, BaseTable: m.name,
		Database: s.target, Schema: m.relation.Schema, Warehouse: m.warehouse, YAMLPath: m.yamlPath, SQLPath: m.sqlPath,
		Tables: make(map[string]*Table, len(from.joins)+1),
	}
	base := tables[m.name]
	if len(base.problems) > 0 {
		e.Errors, e.Tables = base.problems, nil
		return e
	}
	b := &exploreMaker{Explore: e, source: m, from: from, tables: tables, project: s, fresh: map[*Table]bool{}}
	if err := b.make(); err != nil {
		e.Errors = append(e.Errors, problemOf(err, m, from.line))
		e.Tables, e.Joins = nil, nil
	}
	return e
}

func problemOf(err error, m *sourceModel, line int) Problem {
	kind, message := compileProblem, err.Error()
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Code != "" {
		kind, message = f.Code+"Error", f.Message
	}
	p := Problem{Type: kind, Message: message, File: m.file, Line: line, Model: m.name}
	if at, ok := errors.AsType[*placed](err); ok {
		p.Message, p.Field, p.Line = at.Error(), at.field, m.lineOf(at.table, at.field, line)
	}
	return p
}

// lineOf is the line where the field of the model stands, if that is known.
func (s *sourceModel) lineOf(table, field string, otherwise int) int {
	if table != s.name {
		return otherwise
	}
	lines := map[string]int{}
	for i := range s.columns {
		c := &s.columns[i]
		lines[c.name] = c.dimension.line
		for j := range c.additional {
			lines[c.additional[j].key] = c.additional[j].line
		}
		for j := range c.metrics {
			lines[c.metrics[j].name] = c.metrics[j].line
		}
	}
	for i := range s.metrics {
		lines[s.metrics[i].name] = s.metrics[i].line
	}
	return cmp.Or(lines[field], otherwise)
}

// exploreMaker puts one explore together.
type exploreMaker struct {
	*Explore
	source  *sourceModel
	from    sourceExplore
	tables  map[string]*modelTable
	project *Source
	fresh   map[*Table]bool // made for this explore alone
}

func (b *exploreMaker) make() error {
	if err := b.base(); err != nil {
		return err
	}
	for i := range b.from.joins {
		if err := b.join(&b.from.joins[i]); err != nil {
			return err
		}
	}
	b.offered()
	if err := b.check(); err != nil {
		return err
	}
	b.keepUsed()
	return nil
}

// base is the model's table, with what an explore of its own name changes.
func (b *exploreMaker) base() error {
	t := b.tables[b.source.name]
	if b.from.name == b.source.name {
		b.place(t, t.Table)
		return nil
	}
	own := *t.Table
	own.SQLFilter = cmp.Or(b.from.sqlFilter, t.SQLFilter)
	if len(b.from.requiredFilters) > 0 {
		own.RequiredFilters = b.from.requiredFilters
	}
	own.RequiredAttributes = both(t.RequiredAttributes, b.from.required)
	if b.from.anyOf != nil {
		own.AnyAttributes = b.from.anyOf
	}
	own.Dimensions = maps.Clone(t.Dimensions)
	maker := tableMaker{reader: &reader{file: b.source.file, model: b.source.name}, source: b.source, table: &own, insensitive: b.project.ignoresCase(b.source)}
	for i := range b.from.additional {
		extra := &b.from.additional[i]
		d := maker.dimension(len(b.source.columns), &sourceColumn{}, extra)
		d.Column, d.IsAdditional = "", true
		maker.add(extra.key, d, extra.line)
		maker.intervals(extra.key, extra.key, d, extra)
	}
	if len(maker.problems) > 0 {
		return parseFault("%s", maker.problems[0].Message)
	}
	b.placeFresh(clone(&own))
	return nil
}

// both holds what either demands; where both name an attribute, the explore's list counts.
func both(model, explore map[string][]string) map[string][]string {
	if len(explore) == 0 {
		return model
	}
	out := maps.Clone(explore)
	for name, values := range model {
		if _, ok := out[name]; !ok {
			out[name] = values
		}
	}
	return out
}

// place shares the model's table when it means the same in every explore, else copies it.
func (b *exploreMaker) place(model *modelTable, t *Table) {
	if model.closed {
		b.Tables[t.Name] = t
		if !model.checked {
			b.fresh[t] = true // the first explore to use it looks its references up
		}
		return
	}
	b.placeFresh(clone(t))
}

func (b *exploreMaker) placeFresh(t *Table) {
	b.Tables[t.Name] = t
	b.fresh[t] = true
}

// clone copies a table with its fields, so that they can be changed.
func clone(t *Table) *Table {
	out := *t
	out.Dimensions = make(map[string]*Dimension, len(t.Dimensions))
	dimensions := make([]Dimension, 0, len(t.Dimensions))
	for key, d := range t.Dimensions {
		dimensions = append(dimensions, *d)
		out.Dimensions[key] = &dimensions[len(dimensions)-1]
	}
	out.Metrics = make(map[string]*Metric, len(t.Metrics))
	metrics := make([]Metric, 0, len(t.Metrics))
	for key, m := range t.Metrics {
		metrics = append(metrics, *m)
		out.Metrics[key] = &metrics[len(metrics)-1]
	}
	return &out
}
