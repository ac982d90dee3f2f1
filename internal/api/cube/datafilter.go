package cube

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"inlay/internal/metric"
	"inlay/internal/semantic"
)

// maxDepth bounds how deep filters nest.
const maxDepth = 20

type rawFilter struct {
	Member    string      `json:"member"`
	Dimension string      `json:"dimension"`
	Operator  string      `json:"operator"`
	Values    []any       `json:"values"`
	Or        []rawFilter `json:"or"`
	And       []rawFilter `json:"and"`
}

// dataFilter is a filter in its normal form.
type dataFilter struct {
	Member   string       `json:"member,omitempty"`
	Operator string       `json:"operator,omitempty"`
	Values   []any        `json:"values,omitempty"`
	Or       []dataFilter `json:"or,omitempty"`
	And      []dataFilter `json:"and,omitempty"`

	span *span
}

var operators = []string{
	"equals", "notEquals", "in", "notIn", "contains", "notContains", "startsWith", "notStartsWith", "endsWith", "notEndsWith",
	"gt", "gte", "lt", "lte", "set", "notSet", "inDateRange", "notInDateRange", "onTheDate", "beforeDate", "beforeOrOnDate",
	"afterDate", "afterOrOnDate", "measureFilter",
}

var dateOperators = []string{
	"inDateRange", "notInDateRange", "onTheDate", "beforeDate", "beforeOrOnDate", "afterDate", "afterOrOnDate",
}

// weigh counts filters and their values at every depth.
func weigh(filters []rawFilter) (rules, values int) {
	for _, f := range filters {
		rules, values = rules+1, values+len(f.Values)
		for _, inner := range [][]rawFilter{f.Or, f.And} {
			r, v := weigh(inner)
			rules, values = rules+r, values+v
		}
	}
	return rules, values
}

func readFilters(raw []rawFilter, path string, zone *time.Location, now time.Time) ([]dataFilter, error) {
	filters := []dataFilter{}
	for i := range raw {
		f, err := raw[i].read(fmt.Sprintf("%s[%d]", path, i), 0, zone, now)
		if err != nil {
			return nil, err
		}
		filters = append(filters, f)
	}
	return filters, nil
}

func (raw rawFilter) read(path string, depth int, zone *time.Location, now time.Time) (dataFilter, error) {
	wrong := invalid("Invalid query format: \"%s\" does not match any of the allowed types", path)
	f := dataFilter{Member: raw.Member, Operator: raw.Operator}
	if depth > maxDepth {
		return f, invalid("Invalid query format: \"%s\" is nested too deeply", path)
	}
	if raw.Or != nil || raw.And != nil {
		for _, item := range append(slices.Clone(raw.Or), raw.And...) {
			inner, err := item.read(path, depth+1, zone, now)
			if err != nil {
				return f, err
			}
			if raw.Or != nil {
				f.Or = append(f.Or, inner)
			} else {
				f.And = append(f.And, inner)
			}
		}
		if raw.Or != nil && raw.And != nil || raw.Member+raw.Dimension+raw.Operator != "" {
			return f, wrong
		}
		return f, nil
	}
	if f.Member == "" {
		f.Member = raw.Dimension
	}
	if raw.Member != "" && raw.Dimension != "" || !memberName.MatchString(f.Member) || !slices.Contains(operators, f.Operator) {
		return f, wrong
	}
	return f, f.readValues(raw.Values, zone, now)
}

// readValues turns values into texts, as the API does, and relative dates into what they mean now.
func (f *dataFilter) readValues(values []any, zone *time.Location, now time.Time) error {
	if len(values) == 0 {
		if f.Operator == "set" || f.Operator == "notSet" || f.Operator == "measureFilter" {
			return nil
		}
		return invalid("Values required for filter: {\"member\":%q,\"operator\":%q}", f.Member, f.Operator)
	}
	var texts []string
	for _, value := range values {
		switch value := value.(type) {
		case nil:
			f.Values = append(f.Values, nil)
		case string, bool, json.Number:
			f.Values = append(f.Values, fmt.Sprint(value))
			texts = append(texts, fmt.Sprint(value))
		default:
			return invalid("Invalid query format: a value of the filter on %s is neither text, number, boolean nor null", f.Member)
		}
	}
	if !slices.Contains(dateOperators, f.Operator) {
		return nil
	}
	if len(texts) == 0 || len(texts) > 2 {
		return invalid("Invalid query format: %s takes one or two dates", f.Operator)
	}
	var found span
	var err error
	if len(texts) == 1 {
		found, err = phraseSpan(texts[0], zone, now)
	} else {
		found, err = between(texts[0], texts[1])
	}
	f.span = &found
	return err
}

// rules turns a filter on one field into rules of a metric query.
func (f dataFilter) rules(field string, kind semantic.Type, zone *time.Location) (metric.FilterGroup, error) {
	rule := func(operator string, values ...any) metric.FilterGroup {
		return metric.FilterGroup{Rule: &metric.FilterRule{
			ID: "cube", Target: metric.FilterTarget{FieldID: field}, Operator: operator, Values: values,
		}}
	}
	if f.span != nil {
		return f.dateRules(rule, kind, zone)
	}
	values := slices.DeleteFunc(slices.Clone(f.Values), func(v any) bool { return v == nil })
	null := len(values) < len(f.Values)
	switch f.Operator {
	case "set":
		return rule("notNull"), nil
	case "notSet":
		return rule("isNull"), nil
	case "equals", "in":
		group, err := compared(rule, "equals", values, kind, zone)
		return either(null, rule("isNull"), len(values) > 0, group), err
	case "notEquals", "notIn":
		group, err := compared(rule, "notEquals", values, kind, zone)
		return unless(null, rule, group, len(values) > 0), err
	case "gt", "gte", "lt", "lte":
		operator := map[string]string{
			"gt": "greaterThan", "gte": "greaterThanOrEqual", "lt": "lessThan", "lte": "lessThanOrEqual",
		}[f.Operator]
		if len(values) == 0 || kind != semantic.Number {
			return metric.FilterGroup{}, invalid("The filter %s on %s needs a number", f.Operator, f.Member)
		}
		return rule(operator, values[0]), nil
	}
	operator := likes[f.Operator]
	if operator == "" || kind != semantic.String {
		return metric.FilterGroup{}, invalid("The filter %s is not supported on %s", f.Operator, f.Member)
	}
	like := rule(operator, values...)
	like.Rule.IgnoreCase = true
	if strings.HasPrefix(operator, "doesNot") {
		return unless(null, rule, like, len(values) > 0), nil
	}
	return like, nil
}

// likes are the filters that look for a part of a text.
var likes = map[string]string{
	"contains": "include", "startsWith": "startsWith", "endsWith": "endsWith",
	"notContains": "doesNotInclude", "notStartsWith": "doesNotStartWith", "notEndsWith": "doesNotEndWith",
}

// compared makes rules that compare a field with values. Metric queries take lists of texts and of numbers only, so that
// times and booleans are compared one by one.
func compared(rule func(string, ...any) metric.FilterGroup, operator string, values []any, kind semantic.Type, zone *time.Location) (metric.FilterGroup, error) {
	if kind != semantic.Boolean && kind != semantic.Date && kind != semantic.Timestamp {
		return rule(operator, values...), nil
	}
	var each []metric.FilterGroup
	for _, value := range values {
		if kind == semantic.Boolean {
			each = append(each, rule(operator, value == "true"))
			continue
		}
		at, _, err := wall(fmt.Sprint(value))
		if err != nil {
			return metric.FilterGroup{}, err
		}
		each = append(each, rule(operator, moment(at, kind, zone)))
	}
	if operator == "equals" {
		return metric.FilterGroup{Or: each}, nil
	}
	return metric.FilterGroup{And: each}, nil
}

func either(a bool, first metric.FilterGroup, b bool, second metric.FilterGroup) metric.FilterGroup {
	switch {
	case a && b:
		return metric.FilterGroup{Or: []metric.FilterGroup{first, second}}
	case a:
		return first
	}
	return second
}

// unless keeps nulls of a negated filter, unless null is among its values.
func unless(null bool, rule func(string, ...any) metric.FilterGroup, negated metric.FilterGroup, given bool) metric.FilterGroup {
	switch {
	case !given:
		return rule("notNull")
	case null:
		return metric.FilterGroup{And: []metric.FilterGroup{negated, rule("notNull")}}
	}
	return metric.FilterGroup{Or: []metric.FilterGroup{negated, rule("isNull")}}
}

func (f dataFilter) dateRules(rule func(string, ...any) metric.FilterGroup, kind semantic.Type, zone *time.Location) (metric.FilterGroup, error) {
	if kind != semantic.Date && kind != semantic.Timestamp {
		return metric.FilterGroup{}, invalid("The filter %s needs a time dimension, and %s is none", f.Operator, f.Member)
	}
	from, after := moment(f.span.from, kind, zone), moment(f.span.after(), kind, zone)
	switch f.Operator {
	case "notInDateRange":
		return metric.FilterGroup{Or: []metric.FilterGroup{rule("lessThan", from), rule("greaterThanOrEqual", after), rule("isNull")}}, nil
	case "beforeDate":
		return rule("lessThan", from), nil
	case "beforeOrOnDate":
		return rule("lessThan", after), nil
	case "afterDate":
		return rule("greaterThanOrEqual", after), nil
	case "afterOrOnDate":
		return rule("greaterThanOrEqual", from), nil
	}
	return metric.FilterGroup{And: []metric.FilterGroup{rule("greaterThanOrEqual", from), rule("lessThan", after)}}, nil
}

// moment is a time on the wall as a field of its kind is compared: dates know no zone.
func moment(at time.Time, kind semantic.Type, zone *time.Location) time.Time {
	if kind == semantic.Date {
		return at
	}
	return instant(at, zone)
}
