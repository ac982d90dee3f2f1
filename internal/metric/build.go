package metric

import (
	"fmt"
	"slices"

	"inlay/internal/fault"
	"inlay/internal/semantic"
)

// Build makes the plan of a query over an explore. Every table that the query reads needs a decision of the policy.
// Faults: Invalid with code FieldReference, Compile, Parameter or WarehouseQuery; Forbidden when rows or a value of
// the viewer are missing; NotFound with code NotExists for an explore with errors.
func Build(e *semantic.Explore, q Query, p Policy, o Options) (*Plan, error) {
	if len(e.Errors) > 0 {
		return nil, fault.Coded(fault.NotFound, "NotExists", "Explore \"%s\" has an error.", e.Name)
	}
	if o.Pivot != nil {
		var err error
		if q, err = o.Pivot.narrow(q); err != nil {
			return nil, err
		}
	}
	b := newBuilder(e, &q, p, &o)
	for _, step := range []func() error{
		b.sizes, b.limit, b.parameters, b.additionalMetrics, b.customDimensions, b.zoom, b.keys, b.values, b.filters, b.blocks,
		b.previous, b.calculations, b.calculationFilters, b.sorts, b.fold, b.complete,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	b.finish()
	return b.plan, nil
}

type builder struct {
	*resolver
	query  *Query
	policy Policy
	plan   *Plan

	additional map[string]*semantic.Metric  // by field id
	sources    map[string]*AdditionalMetric // by field id
	custom     map[string]*CustomDimension  // by id
	zoomed     *semantic.Dimension
	zoomedID   string
	known      map[string]*semantic.Dimension

	keyList   []Output
	names     map[string][]string // keys that hold names of months or days, in their order
	orderIDs  map[string]string   // sort keys of bins, by id of the bin
	cross     []string
	metrics   []selected   // computed of rows
	compared  []comparison // taken from earlier periods
	shift     shiftOf      // how far this query's own rows lie before those that they are compared with
	columns   []string     // ids of both kinds of metric, in order
	where     []Condition
	sqlFilter *SQL
	joined    map[string]*edgeOfJoin
}

// selected is a metric that the query needs; Shown when it was selected and not only filtered by.
type selected struct {
	id     string
	metric *semantic.Metric
	shown  bool
}

func newBuilder(e *semantic.Explore, q *Query, p Policy, o *Options) *builder {
	return &builder{
		resolver: &resolver{explore: e, options: o, given: q.Parameters, dimensions: map[*semantic.Dimension]*DimensionExpr{}},
		query:    q, policy: p,
		plan: &Plan{Fields: make(map[string]Field, len(q.Dimensions)+len(q.Metrics)), WeekStart: o.Calendar.WeekStart, GrainZone: o.GrainZone},
	}
}

// maxFields bounds each list of a query. No page shows more, and the planner compares lists field by field.
const maxFields = 2000

func (b *builder) sizes() error {
	q := b.query
	for name, size := range map[string]int{
		"dimensions": len(q.Dimensions), "metrics": len(q.Metrics), "sorts": len(q.Sorts), "tableCalculations": len(q.TableCalculations),
		"additionalMetrics": len(q.AdditionalMetrics), "customDimensions": len(q.CustomDimensions),
	} {
		if size > maxFields {
			return fault.Coded(fault.Invalid, "Parameter", "The query's %s are %d; at most %d can be planned.", name, size, maxFields)
		}
	}
	return nil
}

// defaultCellLimit bounds exports where nothing is configured.
const defaultCellLimit = 100000

func (b *builder) limit() error {
	q, o := b.query, b.options
	limit := q.Limit
	if o.CSVLimit == nil {
		if o.MaxLimit > 0 && limit > o.MaxLimit {
			return fault.Coded(fault.Invalid, "Parameter", "Query limit can not exceed %d", o.MaxLimit)
		}
		b.plan.Limit = &limit
		return nil
	}
	columns := len(q.Dimensions) + len(q.Metrics) + len(q.TableCalculations)
	if columns == 0 {
		return fault.Coded(fault.Invalid, "Parameter", "Query must have at least one dimension or metric")
	}
	cells := o.CellLimit
	if cells == 0 {
		cells = defaultCellLimit
	}
	limit = cells / columns
	if *o.CSVLimit >= 0 {
		limit = min(limit, *o.CSVLimit)
	}
	b.plan.Limit = &limit
	return nil
}

func (b *builder) finish() {
	p := b.plan
	p.Columns = append([]string{}, p.Output...)
	for _, c := range p.Calculations {
		p.Columns = append(p.Columns, c.ID)
	}
	p.Wrapped = p.Wrapped || p.Filter != nil || len(p.Calculations) > 0
}

// table is a table of the explore as this viewer may read it.
func (b *builder) table(alias string) (Table, error) {
	source := b.explore.Tables[alias]
	if source == nil {
		return Table{}, compileFault("Table %q doesn't exist in explore %q", alias, b.explore.Name)
	}
	rows, err := b.policy.decide(alias)
	if err != nil {
		return Table{}, err
	}
	if b.options.Schema != "" && source.From != "" {
		return Table{}, fault.New(fault.Forbidden, "Table %q is a query over fixed tables, which can't be read from your schema.", alias)
	}
	if !slices.Contains(b.plan.Tables, alias) {
		b.plan.Tables = append(b.plan.Tables, alias)
	}
	return Table{Alias: alias, Source: source, Conditions: rows, Schema: b.options.Schema}, nil
}

// label names a metric in sentences.
func label(m *semantic.Metric) string {
	if m.Label != "" {
		return m.Label
	}
	return fmt.Sprintf("%s.%s", m.Table, m.Name)
}
