package metric

import (
	"slices"
	"strings"

	"inlay/internal/fault"
	"inlay/internal/semantic"
)

// Limits of a query's references: no model needs more, a cycle never ends, and chains that fork double at each step.
const (
	maxReferenceDepth = 100
	maxResolved       = 20000
)

// resolver turns SQL with references into expressions. One serves one query.
type resolver struct {
	explore    *semantic.Explore
	options    *Options
	dimensions map[*semantic.Dimension]*DimensionExpr
	user       map[*semantic.Metric]bool // metrics whose SQL came with the query
	given      Parameters
	used       Parameters
	missing    []string // parameters without a value
	depth      int
	resolved   int
}

// lookup finds what a field reference stands for.
type lookup func(r semantic.Reference) (Part, error)

func compileFault(format string, args ...any) error {
	return fault.Coded(fault.Invalid, "Compile", format, args...)
}

// sql resolves author SQL of a table; place names it in messages about the viewer's values.
func (r *resolver) sql(table string, sql semantic.SQL, place string, field lookup) (*SQL, error) {
	references, err := semantic.References(sql)
	if err != nil {
		return nil, err
	}
	if err := r.enter(table); err != nil {
		return nil, err
	}
	defer r.leave()
	out := &SQL{Parts: make([]Part, 0, 2*len(references)+1)}
	done := 0
	for i := range references {
		ref := &references[i]
		if ref.Start > done {
			out.Parts = append(out.Parts, Part{Text: string(sql[done:ref.Start])})
		}
		done = ref.End
		part, err := r.part(table, sql, place, *ref, field)
		if err != nil {
			return nil, err
		}
		out.Substituted = out.Substituted || part.Kind == ValueList
		out.Parts = append(out.Parts, part)
	}
	if done < len(sql) {
		out.Parts = append(out.Parts, Part{Text: string(sql[done:])})
	}
	return out, nil
}

// enter counts a step into references.
func (r *resolver) enter(table string) error {
	r.depth++
	r.resolved++
	switch {
	case r.depth > maxReferenceDepth:
		r.depth--
		return compileFault("References of table \"%s\" go round in a circle.", table)
	case r.resolved > maxResolved:
		r.depth--
		return compileFault("The query refers to more than %d pieces of SQL.", maxResolved)
	}
	return nil
}

func (r *resolver) leave() { r.depth-- }

func (r *resolver) part(table string, sql semantic.SQL, place string, ref semantic.Reference, field lookup) (Part, error) {
	switch ref.Kind {
	case semantic.ToTable:
		return Part{Kind: TableName, Text: table}, nil
	case semantic.ToAttribute:
		values, err := r.attribute(ref.Name, place, readable(table, sql))
		return Part{Kind: ValueList, Values: textLiterals(values)}, err
	case semantic.ToEmail:
		if r.options.Email == "" || !r.options.EmailVerified {
			return Part{}, missingAttribute("Missing", "email", place, readable(table, sql))
		}
		return Part{Kind: ValueList, Values: textLiterals([]string{r.options.Email})}, nil
	case semantic.ToParameter:
		values, err := r.parameter(ref.Name)
		return Part{Kind: ValueList, Values: values}, err
	}
	return field(ref)
}

func (r *resolver) attribute(name, place, sql string) ([]string, error) {
	values := r.options.Attributes[name]
	switch {
	case len(values) > 0:
		return values, nil
	case r.options.Known[name]:
		return nil, missingAttribute("Invalid or missing", name, place, sql)
	}
	return nil, missingAttribute("Missing", name, place, sql)
}

func textLiterals(values []string) []Literal {
	literals := make([]Literal, len(values))
	for i, value := range values {
		literals[i] = Literal{Kind: TextLiteral, Text: value}
	}
	return literals
}

func missingAttribute(how, name, place, sql string) error {
	return fault.New(fault.Forbidden, "%s user attribute \"%s\" on %s: \"%s\"", how, name, place, sql)
}

// readable writes author SQL for messages.
func readable(table string, sql semantic.SQL) string {
	return strings.ReplaceAll(string(sql), "${TABLE}", `"`+table+`"`)
}

// dimensionLookup resolves references to dimensions, from SQL of a table.
func (r *resolver) dimensionLookup(table string) lookup {
	return func(ref semantic.Reference) (Part, error) {
		d := r.explore.Dimension(table, ref.Table, ref.Name)
		if d == nil {
			return Part{}, compileFault("Model \"%s\" has a dimension reference: %s which matches no dimension", table, ref.Text)
		}
		expr, err := r.dimension(d)
		return Part{Kind: Inner, Expr: expr}, err
	}
}

// dimension resolves a dimension, once a query.
func (r *resolver) dimension(d *semantic.Dimension) (*DimensionExpr, error) {
	if known := r.dimensions[d]; known != nil {
		return known, nil
	}
	sql, err := r.sql(d.Table, d.SQL, "dimension", r.dimensionLookup(d.Table))
	if err != nil {
		return nil, err
	}
	expr := &DimensionExpr{Table: d.Table, SQL: sql, Type: d.Type, BaseType: d.Type, Interval: d.TimeInterval}
	if base := r.base(d); base != nil {
		expr.BaseType = base.Type
	}
	r.dimensions[d] = expr
	return expr, nil
}

// base is the dimension that an interval was cut from; nil for other dimensions.
func (r *resolver) base(d *semantic.Dimension) *semantic.Dimension {
	if d.IntervalBase == "" {
		return nil
	}
	table := r.explore.Tables[d.Table]
	if table == nil {
		return nil
	}
	if base := table.Dimensions[d.IntervalBase]; base != nil {
		return base
	}
	for _, base := range table.Dimensions {
		if base.Name == d.IntervalBase {
			return base
		}
	}
	return nil
}

// metric resolves a metric. Metrics that aggregate nothing refer to other metrics; inner says what is put for those.
func (r *resolver) metric(m *semantic.Metric, inner func(*semantic.Metric) (Expr, error)) (Expr, error) {
	read := r.sql
	if r.user[m] {
		read = r.written
	}
	if !m.Type.Aggregates() {
		if len(m.Filters) > 0 {
			return nil, compileFault("Error: metric \"%s\" of type \"%s\" can't have filters, because it doesn't aggregate rows itself.", m.Name, m.Type)
		}
		return read(m.Table, m.SQL, "metric", func(ref semantic.Reference) (Part, error) {
			other := r.explore.Metric(m.Table, ref.Table, ref.Name)
			if other == nil {
				return Part{}, compileFault("Model \"%s\" has a metric reference: %s which matches no metric", m.Table, ref.Text)
			}
			if other == m {
				return Part{}, compileFault("Metric \"%s\" in table \"%s\" refers to itself.", m.Name, m.Table)
			}
			expr, err := inner(other)
			return Part{Kind: Inner, Expr: expr}, err
		})
	}
	of, err := read(m.Table, m.SQL, "metric", r.dimensionLookup(m.Table))
	if err != nil {
		return nil, err
	}
	filters, err := r.metricFilters(m.Table, m.Filters)
	if err != nil {
		return nil, err
	}
	percentile := 50.0
	if m.Percentile != nil {
		percentile = *m.Percentile
	}
	keys, err := r.distinctKeys(m)
	return &Aggregate{Type: m.Type, Of: of, Filters: filters, Percentile: percentile, Distinct: keys}, err
}

// distinctKeys resolves the dimensions of which a metric takes one value each.
func (r *resolver) distinctKeys(m *semantic.Metric) ([]*DimensionExpr, error) {
	if !m.Type.Distinct() {
		return nil, nil
	}
	if len(m.DistinctKeys) == 0 {
		return nil, compileFault("Metric \"%s\" of type \"%s\" needs distinct keys: the dimensions of which each value counts once.", m.Name, m.Type)
	}
	keys := make([]*DimensionExpr, len(m.DistinctKeys))
	for i, field := range m.DistinctKeys {
		d := r.fieldOfFilter(m.Table, field)
		if d == nil {
			return nil, compileFault("Distinct key \"%s\" of metric \"%s\" matches no dimension", field, m.Name)
		}
		key, err := r.dimension(d)
		if err != nil {
			return nil, err
		}
		keys[i] = key
	}
	return keys, nil
}

// inline resolves a metric with all metrics that it refers to put in place.
func (r *resolver) inline(m *semantic.Metric) (Expr, error) {
	return r.metric(m, func(inner *semantic.Metric) (Expr, error) {
		if inner.Type.Distinct() {
			return nil, compileFault("Metric \"%s\" takes one value of each distinct key, so it can't be computed beside columns. Let \"%s\" refer to metrics only.", inner.Name, m.Name)
		}
		return r.inline(inner)
	})
}

func (r *resolver) metricFilters(table string, filters []semantic.Filter) ([]Condition, error) {
	var rules []Condition
	for i := range filters {
		d := r.fieldOfFilter(table, filters[i].Field)
		if d == nil {
			return nil, compileFault("Filter for field reference \"%s\" in table \"%s\" matches no dimension", filters[i].Field, table)
		}
		rule, err := r.dimensionRule(d, modelRule(&filters[i]))
		if err != nil {
			return nil, err
		}
		rules = append(rules, rule)
	}
	return rules, nil
}

// fieldOfFilter finds "dimension" or "table.dimension" as written in a model's filter.
func (r *resolver) fieldOfFilter(table, field string) *semantic.Dimension {
	if owner, name, ok := strings.Cut(field, "."); ok {
		return r.explore.Dimension(table, owner, name)
	}
	return r.explore.Dimension(table, "", field)
}

func modelRule(f *semantic.Filter) *FilterRule {
	rule := &FilterRule{ID: f.ID, Operator: f.Operator, Values: f.Values}
	if f.Unit != "" || f.Completed {
		rule.Settings = &FilterSettings{UnitOfTime: f.Unit, Completed: f.Completed}
	}
	return rule
}

// aliases lists the tables of an explore, base first, then in the order of joins.
func aliases(e *semantic.Explore) []string {
	list := make([]string, 0, len(e.Joins)+1)
	list = append(list, e.BaseTable)
	for i := range e.Joins {
		list = append(list, e.Joins[i].Table)
	}
	return list
}

// FindDimension finds a dimension by its field id.
func FindDimension(e *semantic.Explore, id string) *semantic.Dimension {
	return find(e, id, func(t *semantic.Table, name string) *semantic.Dimension {
		if d := t.Dimensions[name]; d != nil && semantic.FieldID(t.Name, d.Name) == id {
			return d
		}
		for _, d := range t.Dimensions { // a dimension's key may differ from its name
			if d.Name == name || semantic.FieldID(t.Name, d.Name) == id {
				return d
			}
		}
		return nil
	})
}

// FindMetric finds a metric by its field id.
func FindMetric(e *semantic.Explore, id string) *semantic.Metric {
	return find(e, id, func(t *semantic.Table, name string) *semantic.Metric {
		if m := t.Metrics[name]; m != nil {
			return m
		}
		for _, m := range t.Metrics {
			if semantic.FieldID(t.Name, m.Name) == id {
				return m
			}
		}
		return nil
	})
}

// find tries every table whose alias starts the id: ids can't be taken apart uniquely.
func find[F any](e *semantic.Explore, id string, in func(*semantic.Table, string) *F) *F {
	try := func(alias string) *F {
		name, ok := strings.CutPrefix(id, alias+"_")
		if !ok || e.Tables[alias] == nil {
			return nil
		}
		return in(e.Tables[alias], name)
	}
	if found := try(e.BaseTable); found != nil {
		return found
	}
	for i := range e.Joins {
		if found := try(e.Joins[i].Table); found != nil {
			return found
		}
	}
	return nil
}

// tablesOf lists the tables that expressions read, each once.
func tablesOf(exprs ...interface{ tables(func(string)) }) []string {
	var list []string
	for _, e := range exprs {
		if e == nil {
			continue
		}
		e.tables(func(alias string) {
			if !slices.Contains(list, alias) {
				list = append(list, alias)
			}
		})
	}
	return list
}

// ResolveFields resolves every dimension and metric of an explore, by field id. Fields whose SQL is broken are left
// out, and so are those that hold values of a viewer.
func ResolveFields(e *semantic.Explore) map[string]Expr {
	r := &resolver{explore: e, options: &Options{}, dimensions: map[*semantic.Dimension]*DimensionExpr{}}
	fields := map[string]Expr{}
	for _, alias := range aliases(e) {
		t := e.Tables[alias]
		if t == nil {
			continue
		}
		for _, d := range t.Dimensions {
			if expr, err := r.dimension(d); err == nil {
				fields[semantic.FieldID(d.Table, d.Name)] = expr
			}
		}
		for _, m := range t.Metrics {
			if expr, err := r.inline(m); err == nil {
				fields[semantic.FieldID(m.Table, m.Name)] = expr
			}
		}
	}
	return fields
}
