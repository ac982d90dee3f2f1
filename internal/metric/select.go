package metric

import (
	"slices"
	"strings"

	"inlay/internal/fault"
	"inlay/internal/semantic"
)

// intervalSuffixes are what an unknown dimension id may end in to mean its base cut to that interval.
var intervalSuffixes = []string{"day", "week", "month", "quarter", "year"}

// timeSuffixes are more of them, to which a date isn't zoomed.
var timeSuffixes = []string{"hour", "minute", "second"}

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
	for _, suffix := range slices.Concat(intervalSuffixes, timeSuffixes) {
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
		b.key(id, b.moved(d, expr, true), Field{Dimension: d})
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
	if slices.Contains(b.columns, id) {
		return false
	}
	b.columns = append(b.columns, id)
	if source := b.source(id, m); source != nil && source.Compares() {
		b.compared = append(b.compared, comparison{id, source})
		return true
	}
	b.metrics = append(b.metrics, selected{id, m, shown})
	return true
}
