package metric

import (
	"slices"
	"strings"

	"inlay/internal/fault"
	"inlay/internal/semantic"
)

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
	return b.rowRule(d, rule)
}

// rowRule is the condition of a rule on the query's rows.
func (b *builder) rowRule(d *semantic.Dimension, rule *FilterRule) (Condition, error) {
	condition, err := b.dimensionRule(d, rule)
	if made, ok := condition.(*Rule); ok && err == nil {
		if of, ok := made.Of.(*DimensionExpr); ok {
			made.Of = b.moved(d, of, false)
		}
	}
	return condition, err
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
		if slices.ContainsFunc(given, func(r *FilterRule) bool { return !r.Disabled && satisfies(r.Target.FieldID, d) }) {
			continue
		}
		rule, err := b.rowRule(d, modelRule(f))
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
