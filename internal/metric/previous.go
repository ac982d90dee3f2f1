package metric

import (
	"fmt"
	"slices"
	"strings"

	"inlay/internal/fault"
	"inlay/internal/semantic"
)

// Previous reads metrics for an earlier period than the rows of a plan: the same query, whose conditions on the time are
// asked of it moved forward. Its rows meet those of the plan by their keys, and by the time moved back.
type Previous struct {
	Name   string // of the common table
	Plan   *Plan
	Values []PreviousValue
	Keys   []string // ids that both have in common, nulls included
	Time   *Shifted // of the plan's key; nil when the rows hold no time
	TimeID string   // the key of both that this is
}

// CurrentTable is the common table of a plan's own rows, where earlier ones are read beside them.
const CurrentTable = "cte_current"

// Compares tells whether a column comes from an earlier period.
func (p *Plan) Compares(id string) bool {
	return slices.Contains(p.Absent, id) || slices.ContainsFunc(p.Previous, func(each Previous) bool {
		return slices.ContainsFunc(each.Values, func(v PreviousValue) bool { return v.ID == id })
	})
}

// PreviousValue is a column of the plan that is another one of the earlier period.
type PreviousValue struct{ ID, Of string }

// Shift moves a time by the calendar: a day that the month doesn't have becomes its last.
type Shift struct{ Months, Days int }

func (s Shift) back() Shift { return Shift{-s.Months, -s.Days} }

// shiftOf is what moves the base of a time dimension; the zero value moves nothing.
type shiftOf struct {
	base *semantic.Dimension
	by   Shift
	unit int // rank of the interval by which it moves
}

// comparison is a metric of the query whose value is that of another, earlier.
type comparison struct {
	id     string
	source *AdditionalMetric
}

// intervalRanks orders intervals by their length.
var intervalRanks = []string{"RAW", "MILLISECOND", "SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR"}

const dayRank, weekRank = 5, 6

// rank is the place of an interval, or of what a part such as MONTH_NUM or DAY_OF_WEEK_NAME tells, among the lengths.
func rank(interval string) int {
	unit, _, _ := strings.Cut(interval, "_")
	return max(slices.Index(intervalRanks, unit), 0)
}

// cuts tells whether an interval gives the start of a period, and not a part or a name of it.
func cuts(interval string) bool { return interval == "" || slices.Contains(intervalRanks, interval) }

var shifts = map[string]Shift{"DAY": {Days: 1}, "WEEK": {Days: 7}, "MONTH": {Months: 1}, "QUARTER": {Months: 3}, "YEAR": {Months: 12}}

// Limits of comparisons: each distance reads the tables once more.
const (
	maxComparisons  = 10
	maxPeriodOffset = 1000
)

// Compares tells whether the metric is another one of an earlier period.
func (a *AdditionalMetric) Compares() bool { return a.GenerationType != "" }

// comparedMetric makes a metric that is another one of an earlier period: it looks like that one.
func (b *builder) comparedMetric(a *AdditionalMetric) (*semantic.Metric, error) {
	if a.GenerationType != "periodOverPeriod" {
		return nil, fault.New(fault.Invalid, "Custom metric %q has the unknown generationType %q.", a.Name, a.GenerationType)
	}
	if a.PeriodOffset != nil && (*a.PeriodOffset < 1 || *a.PeriodOffset > maxPeriodOffset) {
		return nil, fault.New(fault.Invalid, "The periodOffset of custom metric %q must be between 1 and %d.", a.Name, maxPeriodOffset)
	}
	if _, ok := shifts[strings.ToUpper(a.Granularity)]; !ok {
		return nil, fault.New(fault.Invalid, "The granularity of custom metric %q must be DAY, WEEK, MONTH, QUARTER or YEAR, not %q.", a.Name, a.Granularity)
	}
	if other := b.sources[a.BaseMetricID]; other != nil && other.Compares() {
		return nil, compileFault("Custom metric \"%s\" compares \"%s\", which is a comparison itself.", a.Name, other.Name)
	}
	base, err := b.metricByID(a.BaseMetricID)
	if err != nil {
		return nil, err
	}
	m := *base
	m.Table, m.Name, m.Description = a.Table, a.Name, a.Description
	m.Label = a.Label
	if m.Label == "" {
		m.Label = fmt.Sprintf("%s (previous %s)", label(base), strings.ToLower(a.Granularity))
	}
	return &m, nil
}

// previous plans the earlier periods: one read for each distance in time.
func (b *builder) previous() error {
	groups := map[shiftOf][]comparison{}
	var order []shiftOf
	for _, c := range b.compared {
		move, err := b.move(c.source)
		if err != nil {
			return err
		}
		if move.base == nil {
			b.plan.Absent = append(b.plan.Absent, c.id)
			b.plan.Warnings = append(b.plan.Warnings, fmt.Sprintf(
				"\"%s\" has no period to go back from: the query neither groups nor filters by \"%s\".", c.source.Name, c.source.TimeDimensionID))
			continue
		}
		if groups[move] == nil {
			order = append(order, move)
		}
		groups[move] = append(groups[move], c)
	}
	if len(order) > maxComparisons {
		return compileFault("The query compares %d periods; at most %d can be read.", len(order), maxComparisons)
	}
	for _, move := range order {
		if err := b.earlier(move, groups[move]); err != nil {
			return err
		}
	}
	b.plan.Wrapped = b.plan.Wrapped || len(b.compared) > 0
	return nil
}

// move is how far a comparison goes back; its base is nil when the query doesn't place the time.
func (b *builder) move(a *AdditionalMetric) (shiftOf, error) {
	d, err := b.dimensionByID(a.TimeDimensionID)
	if err != nil {
		return shiftOf{}, err
	}
	base := b.base(d)
	if base == nil {
		base = d
	}
	if base.Type != semantic.Date && base.Type != semantic.Timestamp {
		return shiftOf{}, compileFault("Custom metric \"%s\" goes back along \"%s\", which is no time.", a.Name, a.TimeDimensionID)
	}
	unit := rank(strings.ToUpper(a.Granularity))
	key := b.timeKey(base)
	if key != nil {
		unit = max(unit, rank(key.TimeInterval)) // rows of years can't go back by months
	} else if !b.filtersBy(base) {
		return shiftOf{}, nil
	}
	n := 1
	if a.PeriodOffset != nil {
		n = *a.PeriodOffset
	}
	by := shifts[intervalRanks[unit]]
	return shiftOf{base: base, by: Shift{by.Months * n, by.Days * n}, unit: unit}, nil
}

// timeKey is the finest key that gives starts of periods of the base; nil when there is none.
func (b *builder) timeKey(base *semantic.Dimension) *semantic.Dimension {
	var finest *semantic.Dimension
	for _, k := range b.keyList {
		d := b.plan.Fields[k.ID].Dimension
		if d != nil && ofBase(d, base) && cuts(d.TimeInterval) && (finest == nil || rank(d.TimeInterval) < rank(finest.TimeInterval)) {
			finest = d
		}
	}
	return finest
}

func ofBase(d, base *semantic.Dimension) bool {
	return d.Table == base.Table && (d.Name == base.Name || d.IntervalBase == base.Name)
}

// filtersBy tells whether a rule of the query, or one that the model adds, is about the time.
func (b *builder) filtersBy(base *semantic.Dimension) bool {
	for _, rule := range b.query.Filters.Dimensions.Rules() {
		if d, err := b.dimensionByID(rule.Target.FieldID); err == nil && !rule.Disabled && ofBase(d, base) {
			return true
		}
	}
	table := b.explore.Tables[b.explore.BaseTable]
	return slices.ContainsFunc(table.RequiredFilters, func(f semantic.Filter) bool {
		d := b.fieldOfFilter(table.Name, f.Field)
		return d != nil && ofBase(d, base)
	})
}

// earlier plans the read of one earlier period.
func (b *builder) earlier(move shiftOf, comparisons []comparison) error {
	name := fmt.Sprintf("cte_pop_%d", len(b.plan.Previous)+1)
	previous := Previous{Name: name}
	q := *b.query
	q.Dimensions, q.Metrics, q.Filters.Metrics = nil, nil, nil
	key := b.timeKey(move.base)
	for _, k := range b.keyList {
		d := b.plan.Fields[k.ID].Dimension
		switch {
		case b.isOrder(k.ID), d != nil && key != nil && d != key && ofBase(d, move.base) && follows(d.TimeInterval, key.TimeInterval):
			continue
		case d != nil && d == key:
			own := &SQL{Parts: []Part{{Kind: TableName, Text: CurrentTable}, {Text: "."}, {Kind: ColumnName, Text: k.ID}}}
			previous.Time = &Shifted{Of: own, By: move.by.back(), Interval: d.TimeInterval, Type: move.base.Type}
			previous.TimeID = k.ID
		case d != nil && ofBase(d, move.base) && cuts(d.TimeInterval):
			return compileFault("Periods can't be compared in rows of \"%s\" and \"%s\": one doesn't tell the other.", key.Label, d.Label)
		default:
			previous.Keys = append(previous.Keys, k.ID)
		}
		q.Dimensions = append(q.Dimensions, k.ID)
	}
	for _, c := range comparisons {
		previous.Values = append(previous.Values, PreviousValue{c.id, c.source.BaseMetricID})
		q.Metrics = append(q.Metrics, c.source.BaseMetricID)
	}
	sub := b.within(&q, move)
	for _, step := range []func() error{sub.keys, sub.values, sub.filters, sub.blocks} {
		if err := step(); err != nil {
			return err
		}
	}
	for _, alias := range sub.plan.Tables {
		if !slices.Contains(b.plan.Tables, alias) {
			b.plan.Tables = append(b.plan.Tables, alias)
		}
	}
	b.plan.Warnings = append(b.plan.Warnings, sub.plan.Warnings...)
	previous.Plan = sub.plan
	b.plan.Previous = append(b.plan.Previous, previous)
	return nil
}

// within is a builder of a query inside this one: of the same explore, policy and viewer.
func (b *builder) within(q *Query, move shiftOf) *builder {
	return &builder{
		resolver: b.resolver, query: q, policy: b.policy, additional: b.additional, sources: b.sources, custom: b.custom,
		zoomed: b.zoomed, zoomedID: b.zoomedID, known: b.known, joined: b.joined, shift: move,
		plan: &Plan{Fields: map[string]Field{}, WeekStart: b.plan.WeekStart, GrainZone: b.plan.GrainZone},
	}
}

// follows tells whether a part of the time, or a longer period, is known from the start of a shorter period.
func follows(interval, from string) bool {
	if rank(from) == weekRank {
		return rank(interval) == weekRank
	}
	return rank(interval) >= rank(from)
}

func (b *builder) isOrder(id string) bool {
	for _, order := range b.orderIDs {
		if order == id {
			return true
		}
	}
	return false
}

// moved is the expression of a key or condition as rows of an earlier period have it: periods as long as the distance,
// and longer ones, are those that its rows are compared with.
func (b *builder) moved(d *semantic.Dimension, expr *DimensionExpr, key bool) *DimensionExpr {
	move := b.shift
	if move.base == nil || !ofBase(d, move.base) || key && (cuts(d.TimeInterval) || rank(d.TimeInterval) < move.unit) {
		return expr
	}
	out := *expr
	out.Shift = move.by
	return &out
}
