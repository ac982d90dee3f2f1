package metric

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"inlay/internal/semantic"
)

// conditions turns a filter group into a condition; nil when it holds no rules.
func conditions(g *FilterGroup, rule func(*FilterRule) (Condition, error)) (Condition, error) {
	if g == nil {
		return nil, nil
	}
	if g.Rule != nil {
		return rule(g.Rule)
	}
	items, or := g.And, g.Or != nil
	if or {
		items = g.Or
	}
	group := &Group{Or: or}
	for i := range items {
		item, err := conditions(&items[i], rule)
		if err != nil {
			return nil, err
		}
		if item != nil {
			group.Items = append(group.Items, item)
		}
	}
	if len(group.Items) == 0 {
		return nil, nil
	}
	return group, nil
}

// dimensionRule makes the condition of a rule on a dimension.
func (r *resolver) dimensionRule(d *semantic.Dimension, rule *FilterRule) (Condition, error) {
	if rule.Disabled {
		return &Rule{Op: Ignored}, nil
	}
	expr, err := r.dimension(d)
	if err != nil {
		return nil, err
	}
	made, err := r.options.rule(expr, d.Type, semantic.FieldID(d.Table, d.Name), rule)
	if made != nil {
		made.IgnoreCase = d.CaseInsensitive || rule.IgnoreCase
	}
	return made, err
}

// filterType is the type by whose rules a metric is filtered.
func filterType(t semantic.MetricType) semantic.Type {
	switch t {
	case semantic.MetricString:
		return semantic.String
	case semantic.MetricDate:
		return semantic.Date
	case semantic.MetricTimestamp:
		return semantic.Timestamp
	case semantic.MetricBoolean:
		return semantic.Boolean
	}
	return semantic.Number
}

// rule makes the condition of a rule on an expression of a type; id names the field in messages.
func (o *Options) rule(of Expr, t semantic.Type, id string, rule *FilterRule) (*Rule, error) {
	made := &Rule{Of: of}
	switch rule.Operator {
	case "isNull":
		made.Op = IsNull
		return made, nil
	case "notNull":
		made.Op = NotNull
		return made, nil
	}
	var err error
	switch t {
	case semantic.Number:
		made.number(rule)
	case semantic.Boolean:
		made.boolean(rule)
	case semantic.Date, semantic.Timestamp:
		err = made.time(rule, t, o)
	default:
		t = semantic.String
		made.text(rule)
	}
	if err == nil && made.Op == Always && made.Of != nil {
		err = compileFault("No function has been implemented to render SQL for the filter operator \"%s\" on \"%s\" field of type \"%s\"", rule.Operator, id, t)
	}
	if err != nil {
		return nil, err
	}
	return made, nil
}

// ask sets what the rule asks; without values it asks nothing.
func (r *Rule) ask(op Op, values []Literal) {
	if len(values) == 0 {
		*r = Rule{Op: Always}
		return
	}
	r.Op, r.Values = op, values
}

var textOps = map[string]Op{
	"equals": In, "notEquals": NotIn, "include": Contains, "doesNotInclude": NotContains, "startsWith": Starts, "endsWith": Ends,
	"doesNotStartWith": NotStarts, "doesNotEndWith": NotEnds,
}

func (r *Rule) text(rule *FilterRule) {
	op, ok := textOps[rule.Operator]
	if !ok {
		return
	}
	values := make([]Literal, len(rule.Values))
	for i, v := range rule.Values {
		values[i] = Literal{Kind: TextLiteral, Text: asText(v)}
	}
	r.ask(op, values)
}

var numberOps = map[string]Op{
	"greaterThan": Greater, "greaterThanOrEqual": GreaterEq, "lessThan": Less, "lessThanOrEqual": LessEq,
	"inBetween": Between, "notInBetween": NotBetween,
}

func (r *Rule) number(rule *FilterRule) {
	wanted := 1
	switch rule.Operator {
	case "equals", "notEquals":
		values := make([]Literal, len(rule.Values))
		for i, v := range rule.Values {
			values[i] = numberLiteral(v)
		}
		op := In
		if rule.Operator == "notEquals" {
			op = NotIn
		}
		r.ask(op, values)
		return
	case "inBetween", "notInBetween":
		wanted = 2
	}
	op, ok := numberOps[rule.Operator]
	if !ok {
		return
	}
	r.Op = op
	for i := range wanted {
		r.Values = append(r.Values, numberLiteral(valueOrZero(rule.Values, i)))
	}
}

func valueOrZero(values []any, i int) any {
	if i >= len(values) || values[i] == nil || values[i] == "" || values[i] == false {
		return 0
	}
	return values[i]
}

func (r *Rule) boolean(rule *FilterRule) {
	switch rule.Operator {
	case "equals":
		r.Op = Equal
	case "notEquals":
		r.Op = NotEqual
	default:
		return
	}
	r.Values = []Literal{{Kind: BooleanLiteral, Text: strconv.FormatBool(len(rule.Values) > 0 && truthy(rule.Values[0]))}}
}

// truthy reads any value as clients mean it: only nothing is false, so the text "false" is true.
func truthy(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case string:
		return v != ""
	case int:
		return v != 0
	case int64:
		return v != 0
	case float64:
		return v != 0
	}
	return true
}

var numberForm = regexp.MustCompile(`^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$`)

// numberLiteral checks that a value is a number: numbers are written without quotes, so nothing else may pass.
func numberLiteral(v any) Literal {
	written := strings.TrimSpace(asText(v))
	if _, ok := v.(bool); ok || !numberForm.MatchString(written) {
		return Literal{Kind: UnreadableLiteral, Text: written}
	}
	return Literal{Kind: NumberLiteral, Text: written}
}

func asText(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case json.Number:
		return v.String()
	}
	written, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(written)
}
