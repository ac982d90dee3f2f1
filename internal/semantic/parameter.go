package semantic

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// Parameter is a value that whoever asks a query chooses: SQL of the model refers to it as ${ld.parameters.name}, or
// as ${ld.parameters.model.name} when a model declares it.
type Parameter struct {
	Name, Label, Description string
	Type                     Type     // String, Number or Date
	Default                  []string // nil: a query must give a value
	Multiple                 bool     // takes a list
	AllowCustom              bool     // takes values that aren't among the options
	Options                  []string
	OptionsFrom              *ParameterSource // the options are the values of a dimension
}

// ParameterSource names the dimension, and the explore that it is read from, whose values a parameter may take.
type ParameterSource struct{ Model, Dimension string }

var (
	parameterKeys = []string{
		"label", "description", "type", "default", "multiple", "allow_custom_values", "options", "options_from_dimension",
	}
	parameterTypes = []string{"string", "number", "date"}
)

// parameters reads those under a mapping, by the names that references call them: behind the prefix.
func parameters(m mapping, prefix string) map[string]*Parameter {
	out := map[string]*Parameter{}
	for _, n := range m.each("parameters", parameterKeys...) {
		p := &Parameter{
			Name: prefix + n.name, Label: n.text("label"), Description: n.text("description"), Type: String,
			Default: n.texts("default"), Multiple: n.yes("multiple"), AllowCustom: n.yes("allow_custom_values"),
			Options: n.texts("options"),
		}
		if p.Label == "" {
			p.Label = Friendly(n.name)
		}
		if kind := n.oneOf("type", parameterTypes...); kind != "" {
			p.Type = Type(kind)
		}
		if from := n.child("options_from_dimension", "model", "dimension"); len(from.fields) > 0 {
			p.OptionsFrom = &ParameterSource{from.must("model"), from.must("dimension")}
		}
		p.check(n)
		out[p.Name] = p
	}
	return out
}

func (p *Parameter) check(n named) {
	if !modelName.MatchString(n.name) {
		n.wrong(n.value, n.path, "have a name of letters, digits and underscores")
	}
	if len(p.Default) > 1 && !p.Multiple {
		n.wrongKey("default", "be one value, unless the parameter is multiple")
	}
	for key, values := range map[string][]string{"default": p.Default, "options": p.Options} {
		for _, value := range values {
			if !p.Holds(value) {
				n.wrongKey(key, "hold values of type "+string(p.Type)+", not "+value)
			}
		}
	}
	for _, value := range p.Default {
		if !p.Offers(value) {
			n.wrongKey("default", "be one of "+strings.Join(p.Options, ", "))
		}
	}
}

var numberForm = regexp.MustCompile(`^-?\d+(\.\d+)?$`)

// Holds tells whether a value has the parameter's type.
func (p *Parameter) Holds(value string) bool {
	switch p.Type {
	case Number:
		return numberForm.MatchString(value)
	case Date:
		_, err := time.Parse(time.DateOnly, value)
		return err == nil
	}
	return true
}

// Offers tells whether a value may be chosen, as far as the model says: where the options are values of a dimension,
// every value may.
func (p *Parameter) Offers(value string) bool {
	return p.AllowCustom || len(p.Options) == 0 || slices.Contains(p.Options, value)
}

// offered are the parameters that SQL of an explore may refer to: the project's, and those of its models.
func (b *exploreMaker) offered() {
	b.Parameters = map[string]*Parameter{}
	for name, p := range b.project.config.parameters {
		b.Parameters[name] = p
	}
	for _, t := range b.Tables {
		for name, p := range b.tables[t.OriginalName].parameters {
			b.Parameters[name] = p
		}
	}
}

// keepUsed drops the parameters that nothing in the explore refers to.
func (e *Explore) keepUsed() {
	if len(e.Parameters) == 0 {
		e.Parameters = nil
		return
	}
	used := map[string]*Parameter{}
	note := func(sql SQL) {
		references, err := References(sql)
		if err != nil {
			return // checked before
		}
		for _, r := range references {
			if p := e.Parameters[r.Name]; r.Kind == ToParameter && p != nil {
				used[r.Name] = p
			}
		}
	}
	for _, t := range e.Tables {
		note(t.SQLFilter)
		for _, d := range t.Dimensions {
			note(d.SQL)
		}
		for _, m := range t.Metrics {
			note(m.SQL)
		}
	}
	for i := range e.Joins {
		note(e.Joins[i].On)
	}
	if e.Parameters = used; len(used) == 0 {
		e.Parameters = nil
	}
}
