package semantic

import (
	"cmp"
	"slices"
	"strings"
)

// join adds a table under the join's alias.
func (b *exploreMaker) join(j *sourceJoin) error {
	model := b.tables[j.model]
	if model == nil || model.Table == nil || len(model.problems) > 0 {
		return compileFault("Failed to compile explore \"%s\". Tried to join table \"%s\" to \"%s\" but cannot find table with name \"%s\"",
			b.Name, j.model, b.BaseTable, j.model)
	}
	alias := cmp.Or(j.alias, j.model)
	if b.Tables[alias] != nil {
		return compileFault("Failed to compile explore \"%s\". Cannot join to the same table multiple times: \"%s\" is there already. "+
			"Use an 'alias' for each of them", b.Name, alias)
	}
	b.Joins = append(b.Joins, Join{
		Table: alias, Type: cmp.Or(j.kind, Left), Declared: j.kind, On: j.on, Hidden: j.hidden, Always: j.always,
		Relationship: j.relationship,
	})
	hidden := j.hidden != nil && *j.hidden
	if alias == j.model && j.label == "" && j.fields == nil && !hidden {
		b.place(model, model.Table)
		return nil
	}
	t := clone(model.Table)
	t.Name, t.Hidden = alias, hidden
	t.Label = cmp.Or(j.label, labelOf(j.alias), t.Label)
	if j.fields != nil {
		fields, err := b.whitelist(j)
		if err != nil {
			return err
		}
		if err := keep(t, fields, j.on, alias); err != nil {
			return err
		}
	}
	rename(t, hidden)
	b.placeFresh(t)
	return nil
}

func labelOf(alias string) string {
	if alias == "" {
		return ""
	}
	return Friendly(alias)
}

// whitelist is the set of fields that a join lets in: "name*" stands for the fields of that set of the joined model.
func (b *exploreMaker) whitelist(j *sourceJoin) (map[string]bool, error) {
	out := make(map[string]bool, len(j.fields))
	for _, field := range j.fields {
		name, isSet := strings.CutSuffix(field, "*")
		if !isSet {
			out[field] = true
			continue
		}
		set, ok := b.tables[j.model].sets[name]
		if !ok {
			return nil, compileFault("Failed to compile explore \"%s\". Model \"%s\" has no set \"%s\"", b.Name, j.model, name)
		}
		for _, member := range set {
			out[member] = true
		}
	}
	return out, nil
}

// keep drops the fields that aren't listed. A base dimension's name lets its intervals in; dimensions that the join's
// own condition reads stay, hidden.
func keep(t *Table, fields map[string]bool, on SQL, alias string) error {
	references, err := References(on)
	if err != nil {
		return err
	}
	needed := func(key string) bool {
		return slices.ContainsFunc(references, func(r Reference) bool {
			return r.Kind == ToField && r.Table == alias && r.Name == key
		})
	}
	for key, d := range t.Dimensions {
		switch {
		case fields[key] || fields[d.IntervalBase]: // an empty base is no field
		case needed(key):
			d.Hidden = true
		default:
			delete(t.Dimensions, key)
		}
	}
	for key := range t.Metrics {
		if !fields[key] {
			delete(t.Metrics, key)
		}
	}
	t.dropLostTimes()
	return nil
}

// rename gives the fields the table's alias and label.
func rename(t *Table, hidden bool) {
	for _, d := range t.Dimensions {
		d.Table, d.TableLabel, d.Hidden = t.Name, t.Label, d.Hidden || hidden
	}
	for _, m := range t.Metrics {
		m.Table, m.TableLabel, m.Hidden = t.Name, t.Label, m.Hidden || hidden
	}
}
