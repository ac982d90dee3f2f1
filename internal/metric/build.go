package metric

import (
	"fmt"
	"slices"
	"strings"

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
	b := newBuilder(e, &q, p, &o)
	for _, step := range []func() error{
		b.limit, b.additionalMetrics, b.customDimensions, b.zoom, b.keys, b.values, b.filters, b.blocks,
		b.calculations, b.calculationFilters, b.sorts,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	b.finish()
	return b.plan, nil
}

// Validate lists what keeps a query from running over an explore, without a viewer: unknown fields, broken references.
func Validate(e *semantic.Explore, q Query) []error {
	b := newBuilder(e, &q, Policy{}, &Options{TrustSQL: true})
	var problems []error
	note := func(err error) {
		if err != nil {
			problems = append(problems, err)
		}
	}
	note(b.additionalMetrics())
	note(b.customDimensions())
	for _, id := range q.Dimensions {
		if b.custom[id] == nil {
			_, err := b.dimensionByID(id)
			note(err)
		}
	}
	for _, id := range q.Metrics {
		_, err := b.metricByID(id)
		note(err)
	}
	for _, rule := range q.Filters.Dimensions.Rules() {
		if b.custom[rule.Target.FieldID] == nil {
			_, err := b.dimensionByID(rule.Target.FieldID)
			note(err)
		}
	}
	for _, rule := range q.Filters.Metrics.Rules() {
		_, err := b.metricByID(rule.Target.FieldID)
		note(err)
	}
	note(b.calculations())
	return problems
}

type builder struct {
	resolver
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
	metrics   []selected
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
		resolver: resolver{explore: e, options: o, dimensions: map[*semantic.Dimension]*DimensionExpr{}},
		query:    q, policy: p,
		plan: &Plan{Fields: make(map[string]Field, len(q.Dimensions)+len(q.Metrics)), WeekStart: o.Calendar.WeekStart},
	}
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
		if limit < 0 {
			return fault.Coded(fault.Invalid, "WarehouseQuery", "LIMIT must not be negative")
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

// intervalSuffixes are what an unknown dimension id may end in to mean its base cut to that interval.
var intervalSuffixes = []string{"day", "week", "month", "quarter", "year"}

// dimensionByID finds a dimension of the explore by id, as the query sees it.
func (b *builder) dimensionByID(id string) (*semantic.Dimension, error) {
	if b.zoomed != nil && id == b.zoomedID {
		return b.zoomed, nil
	}
	if d := b.known[id]; d != nil {
		return d, nil
	}
	d := FindDimension(b.explore, id)
	if d == nil {
		d = b.synthesised(id)
	}
	if d == nil {
		return nil, fault.Coded(fault.Invalid, "FieldReference", "Tried to reference dimension with unknown field id: %s", id)
	}
	if b.known == nil {
		b.known = map[string]*semantic.Dimension{}
	}
	b.known[id] = d
	return d, nil
}

func (b *builder) synthesised(id string) *semantic.Dimension {
	for _, suffix := range intervalSuffixes {
		baseID, ok := strings.CutSuffix(id, "_"+suffix)
		if !ok {
			continue
		}
		base := FindDimension(b.explore, baseID)
		if base == nil || base.Type != semantic.Date && base.Type != semantic.Timestamp {
			return nil
		}
		made := cut(base, suffix)
		made.Name = base.Name + "_" + suffix
		return made
	}
	return nil
}

// cut is a dimension cut to an interval.
func cut(base *semantic.Dimension, interval string) *semantic.Dimension {
	made := *base
	made.Label = base.Label + " " + strings.ToLower(interval)
	made.TimeInterval, made.IntervalBase = strings.ToUpper(interval), base.Name
	made.IsIntervalBase = false
	switch made.TimeInterval {
	case "DAY", "WEEK", "MONTH", "QUARTER", "YEAR":
		made.Type = semantic.Date
	}
	return &made
}

// zoom cuts the first date of the query to the granularity asked for.
func (b *builder) zoom() error {
	granularity := strings.ToLower(b.options.Granularity)
	if granularity == "" {
		return nil
	}
	if !slices.Contains(intervalSuffixes, granularity) {
		return fault.Coded(fault.Invalid, "Parameter", "Date zoom must be Day, Week, Month, Quarter or Year, not %q.", b.options.Granularity)
	}
	for _, id := range b.query.Dimensions {
		d := FindDimension(b.explore, id)
		if d == nil || d.Type != semantic.Date && d.Type != semantic.Timestamp {
			continue
		}
		base := b.base(d)
		if base == nil {
			base = d
		}
		b.zoomed, b.zoomedID = cut(base, granularity), id
		b.zoomed.Name = d.Name
		return nil
	}
	return nil
}

// metricByID finds a metric of the explore or of the query by id. The explore's own wins.
func (b *builder) metricByID(id string) (*semantic.Metric, error) {
	if m := FindMetric(b.explore, id); m != nil {
		return m, nil
	}
	if m := b.additional[id]; m != nil {
		if base := b.sources[id].BaseDimensionName; base != "" && b.explore.Dimension(m.Table, "", base) == nil {
			_, err := b.dimensionByID(m.DimensionReference)
			return m, err
		}
		return m, nil
	}
	return nil, fault.Coded(fault.Invalid, "FieldReference", "Tried to reference metric with unknown field id: %s", id)
}

// keys resolves the selected dimensions: the model's, then bins, then those written as SQL.
func (b *builder) keys() error {
	for _, id := range b.query.Dimensions {
		if b.custom[id] != nil || b.hasKey(id) {
			continue
		}
		d, err := b.dimensionByID(id)
		if err != nil {
			return err
		}
		expr, err := b.dimension(d)
		if err != nil {
			return err
		}
		b.key(id, expr, Field{Dimension: d})
		b.nameOrder(id, d.TimeInterval)
	}
	for _, kind := range []string{"bin", "sql"} {
		for _, id := range b.query.Dimensions {
			if c := b.custom[id]; c != nil && c.Type == kind && !b.hasKey(id) {
				if err := b.customKey(c); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (b *builder) hasKey(id string) bool {
	return slices.ContainsFunc(b.keyList, func(k Output) bool { return k.ID == id })
}

func (b *builder) key(id string, expr Expr, field Field) {
	b.keyList = append(b.keyList, Output{ID: id, Expr: expr})
	b.plan.Fields[id] = field
}

func (b *builder) sorted(id string) bool {
	return slices.ContainsFunc(b.query.Sorts, func(s Sort) bool { return s.FieldID == id })
}

// values finds the metrics that are selected or filtered by.
func (b *builder) values() error {
	for _, id := range b.query.Metrics {
		m, err := b.metricByID(id)
		if err != nil {
			return err
		}
		if b.want(id, m, true) {
			b.plan.Fields[id] = Field{Metric: m, Additional: b.source(id, m)}
		}
	}
	for _, rule := range b.query.Filters.Metrics.Rules() {
		m, err := b.metricByID(rule.Target.FieldID)
		if err != nil {
			return err
		}
		b.want(rule.Target.FieldID, m, false)
	}
	return nil
}

// source is the query's own definition, when the metric was made from it.
func (b *builder) source(id string, m *semantic.Metric) *AdditionalMetric {
	if b.additional[id] == m {
		return b.sources[id]
	}
	return nil
}

func (b *builder) want(id string, m *semantic.Metric, shown bool) bool {
	for i := range b.metrics {
		if b.metrics[i].id == id {
			return false
		}
	}
	b.metrics = append(b.metrics, selected{id, m, shown})
	return true
}

func (b *builder) filters() error {
	base := b.explore.Tables[b.explore.BaseTable]
	if base == nil {
		return fault.Coded(fault.NotFound, "NotExists", "Explore \"%s\" has an error.", b.explore.Name)
	}
	if base.SQLFilter != "" {
		sql, err := b.sql(base.Name, base.SQLFilter, "sql_filter", b.dimensionLookup(base.Name))
		if err != nil {
			return err
		}
		b.sqlFilter = sql
	}
	asked, err := conditions(b.query.Filters.Dimensions, b.dimensionFilter)
	if err != nil {
		return err
	}
	if asked != nil {
		b.where = append(b.where, asked)
	}
	if err := b.required(base); err != nil {
		return err
	}
	b.plan.Filter, err = conditions(b.query.Filters.Metrics, b.metricFilter)
	return err
}

func (b *builder) dimensionFilter(rule *FilterRule) (Condition, error) {
	if c := b.custom[rule.Target.FieldID]; c != nil && c.Type == "sql" {
		if rule.Disabled {
			return &Rule{Op: Ignored}, nil
		}
		expr, err := b.customSQL(c)
		if err != nil {
			return nil, err
		}
		return asCondition(b.options.rule(expr, semantic.Type(c.DimensionType), c.ID, rule))
	}
	d, err := b.dimensionByID(rule.Target.FieldID)
	if err != nil {
		return nil, err
	}
	return b.dimensionRule(d, rule)
}

func (b *builder) metricFilter(rule *FilterRule) (Condition, error) {
	id := rule.Target.FieldID
	if rule.Disabled {
		return &Rule{Op: Ignored}, nil
	}
	m, err := b.metricByID(id)
	if err != nil {
		return nil, err
	}
	return asCondition(b.options.rule(Column{id}, filterType(m.Type), id, rule))
}

// asCondition keeps a nil rule from becoming a condition that isn't nil.
func asCondition(rule *Rule, err error) (Condition, error) {
	if err != nil {
		return nil, err
	}
	return rule, nil
}

// required adds the filters that the model requires and the query doesn't have.
func (b *builder) required(base *semantic.Table) error {
	given := b.query.Filters.Dimensions.Rules()
	for i := range base.RequiredFilters {
		f := &base.RequiredFilters[i]
		d := b.fieldOfFilter(base.Name, f.Field)
		if d == nil {
			return compileFault("Filter for field reference \"%s\" in table \"%s\" matches no dimension", f.Field, base.Name)
		}
		if slices.ContainsFunc(given, func(r *FilterRule) bool { return satisfies(r.Target.FieldID, d) }) {
			continue
		}
		rule, err := b.dimensionRule(d, modelRule(f))
		if err != nil {
			return err
		}
		b.where = append(b.where, rule)
	}
	return nil
}

// satisfies tells whether a filter on a field is one on the dimension, or on an interval of the same base.
func satisfies(id string, d *semantic.Dimension) bool {
	if id == semantic.FieldID(d.Table, d.Name) {
		return true
	}
	base := d.IntervalBase
	if base == "" && d.IsIntervalBase {
		base = d.Name
	}
	return base != "" && strings.HasPrefix(id, semantic.FieldID(d.Table, base))
}

var monthNames = []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}

var dayNames = []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

func (b *builder) nameOrder(id, interval string) {
	var names []string
	switch interval {
	case "MONTH_NAME":
		names = monthNames
	case "DAY_OF_WEEK_NAME":
		first := 6
		if start := b.options.Calendar.WeekStart; start != nil {
			first = *start
		}
		names = slices.Concat(dayNames[first:], dayNames[:first])
	default:
		return
	}
	if b.names == nil {
		b.names = map[string][]string{}
	}
	b.names[id] = names
}

func (b *builder) sorts() error {
	for _, s := range b.query.Sorts {
		order := Order{ID: s.FieldID, Descending: s.Descending, NullsFirst: s.NullsFirst}
		if !b.selects(s.FieldID) {
			return fault.Coded(fault.Invalid, "WarehouseQuery", "The query sorts by %q, but doesn't select it.", s.FieldID)
		}
		if names := b.names[s.FieldID]; names != nil {
			order.Names, b.plan.Wrapped = names, true
		}
		if id := b.orderIDs[s.FieldID]; id != "" {
			order.ID = id
		}
		b.plan.Sorts = append(b.plan.Sorts, order)
	}
	return nil
}

func (b *builder) selects(id string) bool {
	return slices.Contains(b.plan.Output, id) || slices.ContainsFunc(b.plan.Calculations, func(c Output) bool { return c.ID == id })
}

func (b *builder) finish() {
	p := b.plan
	p.Columns = slices.Clone(p.Output)
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
