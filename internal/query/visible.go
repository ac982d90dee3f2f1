package query

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/maypok86/otter/v2"

	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/semantic"
	"inlay/internal/sqlgen"
)

// views remembers explores as viewers see them, so that the same attributes don't filter the same explore twice.
type views struct {
	demands *otter.Cache[*semantic.Explore, []string]
	known   *otter.Cache[viewKey, *semantic.Explore]
	texts   *otter.Cache[textKey, map[string]string]
}

type viewKey struct {
	explore    *semantic.Explore // a compiled explore never changes; a new compile makes new ones
	attributes string            // the values of those that the explore demands
}

type textKey struct {
	explore *semantic.Explore
	dialect string
}

func newViews() *views {
	return &views{otter.Must(&otter.Options[*semantic.Explore, []string]{MaximumSize: 2000}),
		otter.Must(&otter.Options[viewKey, *semantic.Explore]{MaximumSize: 2000}),
		otter.Must(&otter.Options[textKey, map[string]string]{MaximumSize: 1000})}
}

// compiled gives the SQL of an explore's fields by id.
func (v *views) compiled(dialect string, e *semantic.Explore) map[string]string {
	if e == nil {
		return nil
	}
	k := textKey{e, dialect}
	if found, ok := v.texts.GetIfPresent(k); ok {
		return found
	}
	made := sqlgen.Fields(dialect, e)
	v.texts.Set(k, made)
	return made
}

func (v *views) of(e *semantic.Explore, attributes map[string][]string) (*semantic.Explore, error) {
	demands, ok := v.demands.GetIfPresent(e)
	if !ok {
		demands = semantic.Demands(e)
		v.demands.Set(e, demands)
	}
	if len(demands) == 0 {
		return e, nil
	}
	// Only what the key spells decides, so that two who differ elsewhere share a view and two who differ here never do.
	relevant := make(map[string][]string, len(demands))
	for _, name := range demands {
		relevant[name] = attributes[name]
	}
	k := viewKey{e, spell(demands, relevant)}
	if found, ok := v.known.GetIfPresent(k); ok {
		return found, nil
	}
	made, err := semantic.Visible(e, relevant)
	if err != nil {
		return nil, err
	}
	v.known.Set(k, made)
	return made, nil
}

// spell writes the values of attributes so that different ones never look the same.
func spell(names []string, attributes map[string][]string) string {
	var out []byte
	for _, name := range names {
		for _, value := range attributes[name] {
			out = strconv.AppendQuote(out, value)
		}
		out = append(out, ';')
	}
	return string(out)
}

// hiddenValue says which attribute is missing when values are asked of a dimension that attributes hide: whoever
// searches values named the field, so its existence is no secret.
func (s *Service) hiddenValue(modelled, visible *semantic.Explore, q metric.Query) error {
	for _, id := range q.Dimensions {
		d := dimension(modelled, id)
		if d == nil || dimension(visible, id) != nil {
			continue
		}
		var wanted []string
		for _, name := range slices.Sorted(maps.Keys(d.RequiredAttributes)) {
			wanted = append(wanted, name+","+strings.Join(d.RequiredAttributes[name], ","))
		}
		return fault.New(fault.Forbidden, "Invalid or missing user attribute \"%s\" on dimension: \"%s\"", strings.Join(wanted, ","), id)
	}
	return nil
}

// dimension finds a dimension by its id.
func dimension(e *semantic.Explore, id string) *semantic.Dimension {
	for alias, t := range e.Tables {
		if !strings.HasPrefix(id, alias+"_") {
			continue
		}
		for name, d := range t.Dimensions {
			if semantic.FieldID(alias, name) == id {
				return d
			}
		}
	}
	return nil
}
