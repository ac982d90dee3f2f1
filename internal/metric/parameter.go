package metric

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"inlay/internal/fault"
	"inlay/internal/semantic"
)

// Parameters are values for the parameters of the model, by name: a text, a number, or a list of them.
type Parameters map[string]any

// maxParameterValues bounds the list of one parameter.
const maxParameterValues = 1000

// UnmarshalJSON reads {name: value}. The fault names the parameter whose value is nothing that SQL could hold.
func (p *Parameters) UnmarshalJSON(text []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var read map[string]any
	if err := decoder.Decode(&read); err != nil {
		return fault.New(fault.Invalid, "parameters must be an object of values by name.")
	}
	*p = read
	return p.Check()
}

// Check refuses values that are no text, no number and no list of them.
func (p Parameters) Check() error {
	for _, name := range slices.Sorted(maps.Keys(p)) {
		if _, err := parameterTexts(name, p[name]); err != nil {
			return err
		}
	}
	return nil
}

// Texts gives the values of one parameter; nil when it has none.
func (p Parameters) Texts(name string) []string {
	if p[name] == nil {
		return nil
	}
	texts, _ := parameterTexts(name, p[name]) // what can't be read was refused before
	return texts
}

func parameterTexts(name string, value any) ([]string, error) {
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	texts := make([]string, len(list))
	for i, each := range list {
		switch each := each.(type) {
		case string:
			texts[i] = each
		case json.Number:
			texts[i] = each.String()
		case float64:
			texts[i] = plainFloat(each)
		default:
			return nil, parameterFault("Parameter \"%s\" must be a text, a number, or a list of them.", name)
		}
	}
	if len(texts) == 0 || len(texts) > maxParameterValues {
		return nil, parameterFault("Parameter \"%s\" must have between 1 and %d values.", name, maxParameterValues)
	}
	return texts, nil
}

func parameterFault(format string, args ...any) error {
	return fault.Coded(fault.Invalid, "Parameter", format, args...)
}

// With is the values with others in their place.
func (p Parameters) With(others Parameters) Parameters {
	if len(others) == 0 {
		return p
	}
	out := maps.Clone(others)
	for name, value := range p {
		if _, ok := out[name]; !ok {
			out[name] = value
		}
	}
	return out
}

// Of keeps the values of parameters that the explore has: a dashboard sets those of all its charts.
func (p Parameters) Of(e *semantic.Explore) Parameters {
	out := maps.Clone(p)
	maps.DeleteFunc(out, func(name string, _ any) bool { return e.Parameters[name] == nil })
	return out
}

// parameters checks the values that the query gives.
func (b *builder) parameters() error {
	for _, name := range slices.Sorted(maps.Keys(b.query.Parameters)) {
		p := b.explore.Parameters[name]
		if p == nil {
			return parameterFault("Explore \"%s\" has no parameter \"%s\".", b.explore.Name, name)
		}
		values, err := parameterTexts(name, b.query.Parameters[name])
		if err != nil {
			return err
		}
		if len(values) > 1 && !p.Multiple {
			return parameterFault("Parameter \"%s\" takes one value.", name)
		}
		for _, value := range values {
			if !p.Holds(value) {
				return parameterFault("Parameter \"%s\" takes values of type %s, not %q.", name, p.Type, value)
			}
			if !p.Offers(value) {
				return parameterFault("Parameter \"%s\" must be one of %s.", name, strings.Join(p.Options, ", "))
			}
		}
	}
	return nil
}

// parameter gives the literals of a parameter that SQL refers to: of the value given, or else of the default.
func (r *resolver) parameter(name string) ([]Literal, error) {
	p := r.explore.Parameters[name]
	if p == nil {
		return nil, compileFault("Explore \"%s\" has no parameter \"%s\".", r.explore.Name, name)
	}
	values := p.Default
	if given := r.given.Texts(name); given != nil {
		values = given
	}
	if len(values) == 0 {
		if !slices.Contains(r.missing, name) {
			r.missing = append(r.missing, name)
		}
		return []Literal{{Kind: NullLiteral}}, nil
	}
	if r.used == nil {
		r.used = Parameters{}
	}
	r.used[name] = shown(p, values)
	kind := TextLiteral
	if p.Type == semantic.Number {
		kind = NumberLiteral
	}
	literals := make([]Literal, len(values))
	for i, value := range values {
		literals[i] = Literal{Kind: kind, Text: value}
	}
	return literals, nil
}

// shown is the value of a parameter as clients know it.
func shown(p *semantic.Parameter, values []string) any {
	list := make([]any, len(values))
	for i, value := range values {
		list[i] = value
		if p.Type == semantic.Number {
			list[i] = json.Number(value)
		}
	}
	if p.Multiple {
		return list
	}
	return list[0]
}

// complete refuses a query whose SQL asks for values that nobody gave.
func (b *builder) complete() error {
	if len(b.missing) > 0 {
		return parameterFault("Missing parameters: %s", strings.Join(b.missing, ", "))
	}
	b.plan.Parameters = b.used
	return nil
}
