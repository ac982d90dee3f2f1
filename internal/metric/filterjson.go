package metric

import (
	"bytes"
	"encoding/json"

	"inlay/internal/fault"
)

// Limits of one filter group, so that a hostile document ends in a sentence and not in an exhausted process.
const (
	maxFilterDepth  = 50
	maxFilterRules  = 2000
	maxFilterValues = 20000
)

// UnmarshalJSON reads the forms that clients send: a rule, an and- or or-list, or an empty object. Unknown keys are
// ignored. A document that is too deep or too large is an Invalid fault.
func (g *FilterGroup) UnmarshalJSON(text []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var document any
	if err := decoder.Decode(&document); err != nil {
		return err
	}
	reader := filterReader{}
	read, err := reader.group(document, 0)
	if err != nil {
		return err
	}
	*g = read
	return nil
}

// MarshalJSON writes the document form.
func (g FilterGroup) MarshalJSON() ([]byte, error) {
	switch {
	case g.Rule != nil:
		return json.Marshal(g.Rule)
	case g.Or != nil:
		return json.Marshal(struct {
			ID string        `json:"id"`
			Or []FilterGroup `json:"or"`
		}{g.ID, g.Or})
	case g.And != nil:
		return json.Marshal(struct {
			ID  string        `json:"id"`
			And []FilterGroup `json:"and"`
		}{g.ID, g.And})
	}
	return []byte("{}"), nil
}

// Empty tells whether no rule stands anywhere in the group.
func (g *FilterGroup) Empty() bool { return g == nil || len(g.Rules()) == 0 }

// Rules lists the rules of the group and all groups inside, in order.
func (g *FilterGroup) Rules() []*FilterRule {
	if g == nil {
		return nil
	}
	if g.Rule != nil {
		return []*FilterRule{g.Rule}
	}
	var found []*FilterRule
	for _, list := range [][]FilterGroup{g.And, g.Or} {
		for i := range list {
			found = append(found, list[i].Rules()...)
		}
	}
	return found
}

type filterReader struct{ rules, values int }

func (r *filterReader) group(document any, depth int) (FilterGroup, error) {
	object, ok := document.(map[string]any)
	if !ok {
		return FilterGroup{}, fault.New(fault.Invalid, "A filter must be an object with a target, or a list under \"and\" or \"or\".")
	}
	if depth > maxFilterDepth {
		return FilterGroup{}, fault.New(fault.Invalid, "Filters may be nested at most %d levels deep.", maxFilterDepth)
	}
	group := FilterGroup{ID: text(object["id"])}
	if list, ok := object["and"].([]any); ok {
		read, err := r.list(list, depth)
		group.And = read
		return group, err
	}
	if list, ok := object["or"].([]any); ok {
		read, err := r.list(list, depth)
		group.Or = read
		return group, err
	}
	if _, ok := object["target"]; !ok {
		return group, nil
	}
	rule, err := r.rule(object)
	group.Rule = rule
	return group, err
}

func (r *filterReader) list(list []any, depth int) ([]FilterGroup, error) {
	if len(list) > maxFilterRules {
		return nil, tooManyRules()
	}
	read := make([]FilterGroup, 0, len(list))
	for _, each := range list {
		group, err := r.group(each, depth+1)
		if err != nil {
			return nil, err
		}
		read = append(read, group)
	}
	return read, nil
}

func (r *filterReader) rule(object map[string]any) (*FilterRule, error) {
	if r.rules++; r.rules > maxFilterRules {
		return nil, tooManyRules()
	}
	rule := &FilterRule{ID: text(object["id"]), Operator: text(object["operator"])}
	if target, ok := object["target"].(map[string]any); ok {
		rule.Target.FieldID = text(target["fieldId"])
	}
	rule.Disabled, _ = object["disabled"].(bool)
	rule.Required, _ = object["required"].(bool)
	if settings, ok := object["settings"].(map[string]any); ok {
		completed, _ := settings["completed"].(bool)
		rule.Settings = &FilterSettings{UnitOfTime: text(settings["unitOfTime"]), Completed: completed}
	}
	values, _ := object["values"].([]any)
	if r.values += len(values); r.values > maxFilterValues {
		return nil, fault.New(fault.Invalid, "Filters may hold at most %d values.", maxFilterValues)
	}
	if values != nil {
		rule.Values = make([]any, len(values))
		for i, v := range values {
			rule.Values[i] = plainNumber(v)
		}
	}
	return rule, nil
}

func tooManyRules() error {
	return fault.New(fault.Invalid, "Filters may hold at most %d rules.", maxFilterRules)
}

func text(v any) string { s, _ := v.(string); return s }

// plainNumber keeps whole numbers whole, so that large keys don't lose their last digits.
func plainNumber(v any) any {
	number, ok := v.(json.Number)
	if !ok {
		return v
	}
	if whole, err := number.Int64(); err == nil {
		return whole
	}
	float, err := number.Float64()
	if err != nil {
		return number.String()
	}
	return float
}
