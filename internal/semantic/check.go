package semantic

import (
	"fmt"
	"slices"
	"strings"

	"inlay/internal/fault"
)

// maxReferences bounds how deep fields may build on each other.
const maxReferences = 100

// checker looks every reference of an explore up and notes which tables each field touches.
type checker struct {
	explore    *Explore
	dimensions map[*Dimension]*touch
	metrics    map[*Metric]*touch
	path       []string // the fields that are being followed
}

// touch is what following a field found.
type touch struct {
	tables []string
	err    error
	open   bool // still being followed: to meet it again is a circle
}

// placed is a fault of one field.
type placed struct {
	*fault.Fault
	table, field string
}

// Unwrap keeps the fault's kind and code in sight.
func (p *placed) Unwrap() error { return p.Fault }

func fieldFault(table, field, format string, args ...any) error {
	return &placed{fault.Coded(fault.Invalid, "Compile", "%s", fmt.Sprintf(format, args...)), table, field}
}

// check looks up what isn't known to be right from another explore.
func (b *exploreMaker) check() error {
	c := &checker{explore: b.Explore, dimensions: map[*Dimension]*touch{}, metrics: map[*Metric]*touch{}}
	for _, alias := range b.aliases() {
		t := b.Tables[alias]
		if !b.fresh[t] {
			continue
		}
		if err := c.table(t); err != nil {
			return err
		}
		if model := b.tables[t.OriginalName]; model.Table == t {
			model.checked = true
		}
	}
	return c.joins()
}

// Check looks up every reference of an explore that was made elsewhere and notes the tables that its fields touch. The
// fault for a reference to nothing and for references in a circle is Invalid, code "Compile".
func Check(e *Explore) error {
	c := &checker{explore: e, dimensions: map[*Dimension]*touch{}, metrics: map[*Metric]*touch{}}
	for _, alias := range e.aliases() {
		t := e.Tables[alias]
		if t == nil {
			return compileFault("Explore \"%s\" holds no table \"%s\"", e.Name, alias)
		}
		if err := c.table(t); err != nil {
			return err
		}
	}
	return c.joins()
}

// joins checks what holds an explore's tables together.
func (c *checker) joins() error {
	for i := range c.explore.Joins {
		j := &c.explore.Joins[i]
		if _, err := c.sql(j.Table, "", j.On); err != nil {
			return err
		}
	}
	return c.required()
}

func (e *Explore) aliases() []string {
	out := make([]string, 0, len(e.Joins)+1)
	out = append(out, e.BaseTable)
	for i := range e.Joins {
		out = append(out, e.Joins[i].Table)
	}
	return out
}

func (c *checker) table(t *Table) error {
	for _, key := range sortedKeys(t.Dimensions) {
		d := t.Dimensions[key]
		found := c.dimension(d)
		if found.err != nil {
			return found.err
		}
		d.Tables = found.tables
	}
	for _, key := range sortedKeys(t.Metrics) {
		m := t.Metrics[key]
		found := c.metric(m)
		if found.err != nil {
			return found.err
		}
		m.Tables = found.tables
		if err := c.underlying(m); err != nil {
			return err
		}
	}
	if _, err := c.sql(t.Name, "", t.SQLFilter); err != nil {
		return err
	}
	return c.columns(t)
}

// columns checks what names columns and filters: a rule that names nothing would silently not hold.
func (c *checker) columns(t *Table) error {
	known := func(column string) bool {
		return len(t.Columns) == 0 || columnType(t.Columns, column) != "" || t.Dimensions[column] != nil
	}
	for _, f := range t.RowFilters {
		if !known(f.Column) {
			return fieldFault(t.OriginalName, f.Column, "row_filter of model \"%s\" names \"%s\", which is no column of its relation", t.OriginalName, f.Column)
		}
	}
	for _, column := range t.PrimaryKey {
		if !known(column) {
			return fieldFault(t.OriginalName, column, "primary_key of model \"%s\" names \"%s\", which is no column of its relation", t.OriginalName, column)
		}
	}
	return nil
}

// required checks the filters that the base demands of every query; those of joined tables don't count.
func (c *checker) required() error {
	t := c.explore.Tables[c.explore.BaseTable]
	for _, f := range t.RequiredFilters {
		if c.explore.FilterDimension(t.Name, f.Field) == nil {
			return fieldFault(t.OriginalName, f.Field, "required_filters of model \"%s\" names \"%s\", which matches no dimension", t.OriginalName, f.Field)
		}
	}
	return nil
}

func (c *checker) dimension(d *Dimension) *touch {
	if known := c.dimensions[d]; known != nil {
		if known.open {
			return &touch{err: c.circle("Dimension", d.Table, d.Name)}
		}
		return known
	}
	found := &touch{open: true}
	c.dimensions[d] = found
	c.path = append(c.path, d.Table+"."+d.Name)
	found.tables, found.err = c.sql(d.Table, d.Name, d.SQL)
	c.path = c.path[:len(c.path)-1]
	found.open = false
	return found
}

func (c *checker) metric(m *Metric) *touch {
	if known := c.metrics[m]; known != nil {
		if known.open {
			return &touch{err: c.circle("Metric", m.Table, m.Name)}
		}
		return known
	}
	found := &touch{open: true}
	c.metrics[m] = found
	c.path = append(c.path, m.Table+"."+m.Name)
	if m.Type.Aggregates() {
		found.tables, found.err = c.sql(m.Table, m.Name, m.SQL)
	} else {
		found.tables, found.err = c.follow(m.Table, m.Name, m.SQL, c.toMetric)
	}
	for i, field := range m.fields() {
		if found.err != nil {
			break
		}
		d := c.explore.FilterDimension(m.Table, field)
		if d == nil {
			place := "Filter for"
			if i >= len(m.Filters) {
				place = "distinct_keys of"
			}
			found.err = fieldFault(m.Table, m.Name, "%s metric \"%s\" has a reference to an unknown dimension: %s", place, m.Name, field)
			break
		}
		through := c.dimension(d)
		found.tables, found.err = join(found.tables, through.tables), through.err
	}
	c.path = c.path[:len(c.path)-1]
	found.open = false
	return found
}

func (c *checker) circle(kind, table, name string) error {
	return fieldFault(table, name, "%s \"%s\" in table \"%s\" refers to itself: %s", kind, name, table,
		strings.Join(append(slices.Clone(c.path), table+"."+name), " -> "))
}

// sql follows SQL whose references are dimensions.
func (c *checker) sql(table, name string, sql SQL) ([]string, error) {
	return c.follow(table, name, sql, c.toDimension)
}

func (c *checker) follow(table, name string, sql SQL, to func(table, name string, r Reference) *touch) ([]string, error) {
	if len(c.path) > maxReferences {
		return nil, fieldFault(table, name, "Fields of table \"%s\" build on each other more than %d levels deep", table, maxReferences)
	}
	references, err := References(sql)
	if err != nil {
		return nil, fieldFault(table, name, "%s", err)
	}
	tables := []string{table}
	for _, r := range references {
		if r.Kind == ToParameter && c.explore.Parameters[r.Name] == nil {
			return nil, fieldFault(table, name, "%s refers to parameter \"%s\", which neither the project nor a model of the explore declares", r.Text, r.Name)
		}
		if r.Kind != ToField {
			continue
		}
		found := to(table, name, r)
		if found.err != nil {
			return nil, found.err
		}
		tables = join(tables, found.tables)
	}
	return tables, nil
}

func (c *checker) toDimension(table, name string, r Reference) *touch {
	d := c.explore.Dimension(table, r.Table, r.Name)
	if d == nil {
		return &touch{err: fieldFault(table, name, "Model \"%s\" has a dimension reference: %s which matches no dimension", table, r.Text)}
	}
	return c.dimension(d)
}

func (c *checker) toMetric(table, name string, r Reference) *touch {
	m := c.explore.Metric(table, r.Table, r.Name)
	if m == nil {
		return &touch{err: fieldFault(table, name, "Model \"%s\" has a metric reference: %s which matches no metric", table, r.Text)}
	}
	return c.metric(m)
}

// underlying checks the dimensions that a metric shows of its rows.
func (c *checker) underlying(m *Metric) error {
	for _, field := range m.ShowUnderlyingValues {
		if c.explore.FilterDimension(m.Table, field) == nil && !c.isMetric(m.Table, field) {
			return fieldFault(m.Table, m.Name, "show_underlying_values of metric \"%s\" names \"%s\", which matches no dimension", m.Name, field)
		}
	}
	return nil
}

func (c *checker) isMetric(table, field string) bool {
	owner, name, err := splitReference(field)
	return err == nil && c.explore.Metric(table, owner, name) != nil
}

// join adds the tables that aren't listed yet.
func join(tables, more []string) []string {
	for _, t := range more {
		if !slices.Contains(tables, t) {
			tables = append(tables, t)
		}
	}
	return tables
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
